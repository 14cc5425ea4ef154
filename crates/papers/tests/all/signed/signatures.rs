//! Signatures in PDFs: made, checked by ourselves, by poppler and by pyHanko.

use certs::{Anchors, FileKey, Purpose, Signer};
use papers::signature::{prepare, verify};
use papers::stamp::{Stamp, stamp};
use papers::{PdfRefusal, Spot};
use time::Duration;

use super::kit::{NOW, court, drawn, mark, on_disk, output, page, seal, transcript};

const PLACE: Spot = Spot { page: 3, x: 330.0, y: 560.0, width: 119.0, height: 119.0 };

fn rsa() -> FileKey {
    FileKey::from_pkcs12(&crate::made::fixture("court-rsa.p12"), "weiting").expect("a key")
}

#[test]
fn sr40_a_signature_says_who_when_and_that_nothing_was_changed() {
    let court = court();
    let signers: [&dyn Signer; 2] = [&court.key, &rsa()];
    for signer in signers {
        let signed = court.sealed(&transcript(), &seal("court").seen_at(PLACE, mark()), signer);
        let found = verify(&signed, &court.anchors, NOW).expect("read");
        let [signature] = &found[..] else { panic!("{found:?}") };
        assert_eq!((signature.field.as_str(), signature.signer.as_str()), ("court", "某某区人民法院（测试）"));
        assert!(signature.intact && signature.covers_whole_file, "{signature:?}");
        let stamped = signature.time_stamp.as_ref().expect("a time stamp");
        assert_eq!((stamped.at, stamped.authority.as_str()), (NOW, "测试时间戳"));
        assert!(stamped.intact && stamped.trusted, "{stamped:?}");
        // The RSA key is of another authority, which this court does not believe.
        assert_eq!(signature.trusted, signer.chain()[0] == court.key.chain()[0], "{signature:?}");
        assert_eq!(signature.problem.is_none(), signature.trusted);
    }
}

#[test]
fn a_time_stamp_keeps_a_signature_good_after_its_certificate_has_ended() {
    let court = court();
    let later = NOW + Duration::days(365 * 20);
    let with = court.sealed(&transcript(), &seal("court"), &court.key);
    let without = prepare(&transcript(), &seal("court"), &court.key).expect("prepared").finish(None).expect("signed");
    assert!(verify(&without, &court.anchors, NOW).expect("read")[0].trusted);
    assert!(verify(&with, &court.anchors, later).expect("read")[0].trusted);
    assert!(!verify(&without, &court.anchors, later).expect("read")[0].trusted);
    assert!(!verify(&with, &Anchors::default(), NOW).expect("read")[0].trusted);
}

#[test]
fn sr41_any_byte_that_is_changed_is_found() {
    let court = court();
    let signed = court.sealed(&transcript(), &seal("court"), &court.key);
    for at in (20..signed.len()).step_by(signed.len() / 60) {
        let mut changed = signed.clone();
        changed[at] ^= 1;
        let holds = verify(&changed, &court.anchors, NOW).is_ok_and(|found| {
            found.iter().any(|s| {
                s.intact && s.covers_whole_file && s.trusted && s.time_stamp.as_ref().is_some_and(|t| t.intact)
            })
        });
        // Room that was left over behind the message is no content; it must stay empty all the same.
        assert!(!holds, "byte {at} of {}", signed.len());
    }
}

#[test]
fn what_is_added_later_is_not_covered() {
    let court = court();
    let signed = court.sealed(&transcript(), &seal("court"), &court.key);
    let mut longer = signed.clone();
    longer.extend(b"\n% an afterthought\n");
    assert!(verify(&longer, &court.anchors, NOW).map_or(true, |found| found.iter().all(|s| !s.covers_whole_file)));
    let twice = court.sealed(&signed, &seal("clerk"), &rsa());
    let found = verify(&twice, &court.anchors, NOW).expect("read");
    let told: Vec<_> = found.iter().map(|s| (s.field.as_str(), s.intact, s.covers_whole_file)).collect();
    assert_eq!(told, [("court", true, false), ("clerk", true, true)]);
    assert_eq!(prepare(&signed, &seal("court"), &court.key).err(), Some(PdfRefusal::FieldTaken("court".into())));
}

#[test]
fn a_token_of_another_signature_is_not_put_in() {
    let court = court();
    let prepared = prepare(&transcript(), &seal("court"), &court.key).expect("prepared");
    let other = court.token([7; 32]);
    assert!(matches!(prepared.clone().finish(Some(&other)), Err(PdfRefusal::SelfCheck(_))));
    assert!(matches!(prepared.clone().finish(Some(b"rubbish")), Err(PdfRefusal::SelfCheck(_))));
    assert!(matches!(prepared.finish(Some(&[0; 100_000])), Err(PdfRefusal::SelfCheck(_) | PdfRefusal::NoRoom)));
}

#[test]
fn a_range_that_hides_something_is_no_signature() {
    let court = court();
    let signed = court.sealed(&transcript(), &seal("court"), &court.key);
    let text = String::from_utf8_lossy(&signed);
    let at = signed.windows(11).rposition(|part| part == b"/ByteRange[" || part == b"/ByteRange ").expect("a range");
    assert!(text.contains("/ByteRange"));
    let from = at + signed[at..].iter().position(|byte| *byte == b'[').expect("a list");
    let to = from + signed[from..].iter().position(|byte| *byte == b']').expect("its end");
    let mut wider = signed.clone();
    // The first part ends one byte earlier: that byte would be nobody's.
    let numbers: Vec<usize> = std::str::from_utf8(&signed[from + 1..to])
        .expect("numbers")
        .split_whitespace()
        .map(|n| n.parse().expect("a number"))
        .collect();
    let list = format!("0 {} {} {}", numbers[1] - 1, numbers[2], numbers[3]);
    wider[from + 1..to].copy_from_slice(format!("{list:<width$}", width = to - from - 1).as_bytes());
    let found = verify(&wider, &court.anchors, NOW).expect("read");
    assert!(!found[0].intact && found[0].problem.is_some(), "{found:?}");
}

#[test]
fn a_seal_is_seen_where_it_was_put_on_pages_of_every_turn() {
    let court = court();
    let spot = Spot { page: 1, x: 40.0, y: 60.0, width: 120.0, height: 60.0 };
    for turn in [0, 90, 180, 270] {
        let picture = drawn(&court.sealed(&page(turn, None), &seal("court").seen_at(spot, mark()), &court.key));
        let [r, g, b] = picture.get_pixel(70, 75).0;
        assert!(r > 200 && g < 60 && b < 60, "turned by {turn}: {r} {g} {b}");
        let [r, g, b] = picture.get_pixel(70, 105).0;
        assert!(r < 60 && g < 60 && b > 200, "turned by {turn}: {r} {g} {b}");
    }
}

#[test]
fn a_file_without_signatures_has_none_and_rubbish_is_refused() {
    assert!(verify(&transcript(), &Anchors::default(), NOW).expect("read").is_empty());
    assert_eq!(verify(b"rubbish", &Anchors::default(), NOW).err(), Some(PdfRefusal::Broken));
}

/// The transcript with two handwritten signatures and the court's seal, as a court files it.
fn filed() -> (super::kit::Court, Vec<u8>) {
    let court = court();
    let stamps =
        [90.0, 330.0].map(|x| Stamp { spot: Spot { page: 3, x, y: 330.0, width: 150.0, height: 50.0 }, png: mark() });
    let stamped = stamp(&transcript(), &stamps).expect("stamped");
    let sealed = court.sealed(&stamped, &seal("court").seen_at(PLACE, mark()), &court.key);
    (court, sealed)
}

#[test]
fn poppler_finds_the_signature_valid() {
    let (_court, sealed) = filed();
    let (_dir, path) = on_disk(&sealed);
    let path = path.to_str().expect("a path");
    let (_, told) = output("pdfsig", &["-nocert", path]);
    for words in [
        "Signature Validation: Signature is Valid.",
        "Total document signed",
        "ETSI.CAdES.detached",
        "某某区人民法院（测试）",
        "Signing Hash Algorithm: SHA-256",
    ] {
        assert!(told.contains(words), "{words} is not in {told}");
    }
    let (well, words) = output("qpdf", &["--check", path]);
    assert!(well && words.contains("No syntax or stream encoding errors found"), "{words}");
}

/// pyHanko knows PAdES and RFC 3161 and shares no code with us. scripts/setup test installs it, outside of the checkout.
#[test]
fn pyhanko_finds_signature_and_time_stamp_valid() {
    let home = std::env::var("XDG_CACHE_HOME")
        .unwrap_or_else(|_| format!("{}/.cache", std::env::var("HOME").unwrap_or_default()));
    let python = std::env::var("WEITING_PYHANKO").unwrap_or_else(|_| format!("{home}/weiting/pyhanko/bin/python"));
    if !std::path::Path::new(&python).exists() {
        println!("pyHanko is not asked: {python} is not there; scripts/setup test installs it.");
        assert!(std::env::var_os("CI").is_none(), "in CI it must be there");
        return;
    }
    let (court, sealed) = filed();
    let (dir, path) = on_disk(&sealed);
    let root = dir.path().join("root.pem");
    std::fs::write(&root, court.authority.root().to_pem()).expect("a file");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/by_pyhanko.py");
    let ask = |file: &std::path::Path| {
        output(
            &python,
            &[script, file.to_str().expect("a path"), root.to_str().expect("a path"), "2026-11-28T02:00:00+00:00"],
        )
        .1
    };
    let told = ask(&path);
    for words in [
        "signature intact True",
        "signature valid True",
        "signature trusted True",
        "coverage ENTIRE_FILE",
        "stamp intact True",
        "stamp trusted True",
    ] {
        assert!(told.contains(words), "{words} is not in {told}");
    }
    let mut changed = sealed;
    changed[2000] ^= 1;
    let (_dir, path) = on_disk(&changed);
    assert!(!ask(&path).contains("signature intact True"), "a changed file");
}

#[test]
fn a_certificate_for_time_stamps_does_not_seal_documents_unseen() {
    // It can sign; whoever verifies sees whose certificate it was.
    let court = court();
    let signed = court.sealed(&transcript(), &seal("court"), &court.stamps);
    let found = verify(&signed, &court.anchors, NOW).expect("read");
    assert_eq!(found[0].signer, "测试时间戳");
    assert!(court.anchors.check(&court.stamps.chain()[0], &[], NOW, Purpose::TimeStamps).is_ok());
}
