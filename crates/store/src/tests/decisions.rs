//! What a batch comes to, for any batch.

use court::{PersonId, UploadId};
use proptest::prelude::*;
use record::{Hash, Head};
use uuid::Uuid;

use super::sample::{Speaker, id};
use crate::ledger::decide::{Held, decide};
use crate::{Append, AppendError, Effect};

/// One append of a batch: whose record it is of, under which key, and what is wrong with it.
#[derive(Clone, Debug)]
struct Asked {
    record: usize,
    key: Option<usize>,
    wrong: Wrong,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Wrong {
    Nothing,
    /// Decided on an act that was never handed in.
    Gap,
    /// Decided again on what was there before, like a second node would.
    Stale,
    /// Uses an upload that is not there.
    Upload,
    /// Not even a chain in itself.
    Chain,
}

fn asked() -> impl Strategy<Value = Asked> {
    let wrong = prop_oneof![
        6 => Just(Wrong::Nothing),
        1 => Just(Wrong::Gap),
        1 => Just(Wrong::Stale),
        1 => Just(Wrong::Upload),
        1 => Just(Wrong::Chain),
    ];
    (0..3usize, prop::option::of(0..4usize), wrong).prop_map(|(record, key, wrong)| Asked { record, key, wrong })
}

fn made(asked: &[Asked], speakers: &mut [Speaker]) -> Vec<Append> {
    asked
        .iter()
        .map(|asked| {
            let speaker = &mut speakers[asked.record];
            if asked.wrong == Wrong::Gap {
                speaker.act("未交付");
            }
            let before = speaker.head;
            let mut append = match asked.key {
                Some(key) => speaker.says_under(&format!("key {key}"), "在"),
                None => speaker.says("在"),
            };
            match asked.wrong {
                Wrong::Stale => speaker.head = before,
                Wrong::Upload => append.effects.push(Effect::BlobUsed { upload: UploadId(id()) }),
                Wrong::Chain => append.acts[0].prev = Hash::of(b"another"),
                Wrong::Nothing | Wrong::Gap => {}
            }
            append
        })
        .collect()
}

proptest! {
    #[test]
    fn a_batch_comes_to_what_its_appends_would_come_to_one_after_the_other(asked in prop::collection::vec(asked(), 0..25)) {
        let person = PersonId(Uuid::nil());
        let mut speakers: Vec<Speaker> =
            (0..3).map(|_| Speaker { record: id(), person, head: Head::EMPTY }).collect();
        let appends = made(&asked, &mut speakers);
        let verdicts = decide(&appends.iter().collect::<Vec<_>>(), Held::default());
        prop_assert_eq!(verdicts.len(), appends.len());
        for (place, append) in appends.iter().enumerate() {
            let before = || appends[..place].iter().zip(&verdicts);
            let same_key = |other: &Append| {
                append.answer.is_some()
                    && other.answer.as_ref().map(|answer| &answer.key) == append.answer.as_ref().map(|answer| &answer.key)
            };
            let earlier = before().find(|(other, verdict)| verdict.is_ok() && same_key(other));
            let mine = || before().filter(|(other, _)| other.record == append.record);
            let head = mine().rfind(|(_, verdict)| verdict.is_ok()).map_or(Head::EMPTY, |(last, _)| {
                Head { seq: last.acts[0].seq, leaf: last.acts[0].leaf }
            });
            let expected = if let Some((earlier, _)) = earlier {
                Err(AppendError::Duplicate(earlier.answer.clone().unwrap()))
            } else if asked[place].wrong == Wrong::Chain {
                prop_assert!(matches!(verdicts[place], Err(AppendError::Invalid(_))));
                continue;
            } else if mine().any(|(_, verdict)| verdict.is_err())
                || head != append.expected
                || asked[place].wrong == Wrong::Upload
            {
                Err(AppendError::Conflict)
            } else {
                Ok(())
            };
            prop_assert_eq!(&verdicts[place], &expected, "append {}", place);
        }
    }
}
