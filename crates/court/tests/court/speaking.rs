use court::speech::{Show, To};
use court::{Capacity, Facts, File, FileKind, Proposal, Refusal, Scene, UploadId, act};
use uuid::Uuid;

use crate::kit::Trial;

#[test]
fn a_text_has_one_to_ten_thousand_characters() {
    let mut trial = Trial::open();
    for empty in ["", "   ", "\n\u{3000}\t"] {
        assert_eq!(trial.says(Capacity::Plaintiff, empty, To::Everyone).unwrap_err(), Refusal::TextEmpty);
    }
    trial.says(Capacity::Plaintiff, &"法".repeat(10_000), To::Everyone).unwrap();
    let long = trial.says(Capacity::Plaintiff, &"法".repeat(10_001), To::Everyone).unwrap_err();
    assert_eq!(long, Refusal::TextTooLong { chars: 10_001 });
}

#[test]
fn an_act_carries_its_own_sentence() {
    let mut trial = Trial::open();
    let act = trial.says(Capacity::Plaintiff, "货已\n收到", To::Everyone).unwrap();
    assert_eq!(act.sentence, "原告原告甲：货已 收到");
    let act = trial.says(Capacity::Plaintiff, &"长".repeat(101), To::Everyone).unwrap();
    assert_eq!(act.sentence, format!("原告原告甲：{}……", "长".repeat(100)));
}

fn shows(kind: FileKind, proposal: Proposal) -> Result<String, Refusal> {
    let trial = Trial::open();
    let file = File {
        kind,
        name: "借条.jpg".into(),
        size: 12,
        media_type: "image/jpeg".into(),
        sha256: record::Hash::of(b"x"),
        width: None,
        height: None,
        seconds: None,
        warnings: Vec::new(),
    };
    let facts = Facts { files: [(UploadId(Uuid::nil()), file)].into(), ..Facts::default() };
    let actor = trial.actor(Capacity::Plaintiff);
    let scene = Scene { room: &trial.room, actor: &actor, facts: &facts, policy: &trial.policy, now: trial.now };
    act::decide(&scene, proposal).map(|decided| decided.sentence)
}

#[test]
fn a_file_is_shown_as_what_it_is() {
    let show = Show { blob: UploadId(Uuid::nil()), to: To::Everyone, remind: false };
    assert_eq!(shows(FileKind::Photo, Proposal::SpeechPhoto(show.clone())).unwrap(), "原告原告甲发送图片《借条.jpg》");
    let wrong = shows(FileKind::Document, Proposal::SpeechPhoto(show.clone())).unwrap_err();
    assert_eq!(wrong, Refusal::FileOfOtherKind { is: "文档" });
    let trial = Trial::open();
    assert_eq!(trial.decides(Capacity::Plaintiff, Proposal::SpeechVoice(show)).unwrap_err(), Refusal::FileMissing);
}

#[test]
fn sr21_unknown_fields_and_kinds_are_no_proposal() {
    let read = serde_json::from_str::<Proposal>;
    assert!(read(r#"{"kind":"speech.text","text":"好"}"#).is_ok());
    for wrong in [
        r#"{"kind":"speech.text","text":"好","extra":1}"#,
        r#"{"kind":"speech.text"}"#,
        r#"{"kind":"speech.shout","text":"好"}"#,
        r#"{"kind":"sitting.open","force":true}"#,
        r#"{"text":"好"}"#,
    ] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}
