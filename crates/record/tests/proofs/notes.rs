//! Notes, keys and checkpoints: what is written is read, what is changed is refused, and other people's programs agree.

use proptest::prelude::*;
use record::note::{Note, Signer, SigningKey, VerifyingKey};
use record::{Checkpoint, Fault, Hash, Leaf};
use uuid::Uuid;

const ORIGIN: &str = "weiting/沪0113";

fn key(seed: u8) -> SigningKey {
    SigningKey::log(ORIGIN, &[seed; 32]).expect("a name that fits")
}

fn checkpoint(size: u64) -> Checkpoint {
    Checkpoint { origin: ORIGIN.to_owned(), size, root: Hash::of(&size.to_be_bytes()) }
}

#[test]
fn a_checkpoint_opens_with_its_key_and_with_no_other() {
    let note = checkpoint(42).sign(0, &[&key(1)]);
    assert_eq!(Checkpoint::open(&note, &key(1).verifying()), Ok(checkpoint(42)));
    assert_eq!(Checkpoint::open(&note, &key(2).verifying()), Err(Fault::Signature));
    let renamed = SigningKey::log("weiting/other", &[1; 32]).expect("a name that fits");
    assert_eq!(Checkpoint::open(&note, &renamed.verifying()), Err(Fault::Signature));
}

#[test]
fn one_byte_changed_in_a_checkpoint_is_noticed_wherever_it_is() {
    let note = checkpoint(42).sign(0, &[&key(1)]);
    for at in 0..note.len() {
        for bit in 0..8 {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let opened = String::from_utf8(bytes).ok().map(|note| Checkpoint::open(&note, &key(1).verifying()));
            assert!(opened.is_none_or(|opened| opened.is_err()), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn a_witness_signs_the_time_too_and_strange_lines_are_left_aside() {
    let witness = SigningKey::witness("witness.example/w1", &[7; 32]).expect("a name that fits");
    let mut note = checkpoint(42).sign(0, &[&key(1)]);
    note.push_str(&witness.line(&checkpoint(42).text(), 1_795_000_000));
    // An algorithm that nobody here knows, as SM2 would be.
    note.push_str("— weiting/sm2 AAAAAAECAwQFBgcICQ==\n");
    assert_eq!(Checkpoint::open(&note, &key(1).verifying()), Ok(checkpoint(42)));
    let read = Note::read(&note).expect("a note");
    assert_eq!(witness.verifying().verify(&read), Some(true));
    let other = SigningKey::witness("witness.example/w1", &[8; 32]).expect("a name that fits");
    assert_eq!(other.verifying().verify(&read), None);
}

#[test]
fn another_program_opens_our_checkpoints() {
    use signed_note::{StandardVerifier, VerifierList};
    let note = checkpoint(42).sign(0, &[&key(1)]);
    let theirs = StandardVerifier::new(&key(1).verifying().to_string()).expect("our key is a key to them");
    let opened = signed_note::Note::from_bytes(note.as_bytes()).expect("our note is a note to them");
    let (verified, _) = opened.verify(&VerifierList::new(vec![Box::new(theirs)])).expect("our signature holds");
    assert_eq!(verified.len(), 1);
    let read = tlog_tiles::Checkpoint::from_bytes(opened.text()).expect("a checkpoint");
    assert_eq!((read.origin(), read.size(), read.hash().0), (ORIGIN, 42, Hash::of(&42_u64.to_be_bytes()).0));
}

proptest! {
    #[test]
    fn p09_a_key_is_read_as_it_was_written_and_has_one_spelling(seed in any::<[u8; 32]>(), at in any::<prop::sample::Index>()) {
        let written = SigningKey::log(ORIGIN, &seed).expect("a name that fits").verifying().to_string();
        prop_assert_eq!(written.parse::<VerifyingKey>().expect("a key").to_string(), written.clone());
        let mut other = written.into_bytes();
        let at = at.index(other.len());
        other[at] ^= 1;
        prop_assert!(String::from_utf8(other).map_or(true, |other| other.parse::<VerifyingKey>().is_err()));
    }

    #[test]
    fn p09_a_checkpoint_is_read_as_it_was_written(size in any::<u64>(), root in any::<[u8; 32]>()) {
        let written = Checkpoint { origin: ORIGIN.to_owned(), size, root: Hash(root) };
        let note = written.sign(0, &[&key(1)]);
        prop_assert_eq!(Checkpoint::open(&note, &key(1).verifying()), Ok(written));
    }

    /// P-09: one act, one text. Two leaves with the same text are the same act, whatever stands in their values.
    #[test]
    fn p09_leaves_that_differ_have_texts_that_differ(
        one in ("[a-z.]{1,12}", "[a-z0-9]{1,12}", any::<u32>(), 0..4_102_444_800_000_000_i64),
        two in ("[a-z.]{1,12}", "[a-z0-9]{1,12}", any::<u32>(), 0..4_102_444_800_000_000_i64),
    ) {
        let text = |(kind, actor, seq, at): &(String, String, u32, i64)| Leaf {
            court: "沪0113",
            record: Uuid::nil(),
            seq: (*seq).into(),
            kind,
            at: *at,
            actor,
            prev: Hash::ZERO,
            body: Hash::ZERO,
            audience: Hash::ZERO,
        }
        .text();
        prop_assert_eq!(one == two, text(&one) == text(&two));
        prop_assert_eq!(text(&one).lines().count(), 10);
    }
}
