//! 笔录: its life from draft to seal, who may do what to it, what it says and to whom.

use court::act::Body;
use court::location::{CoordinateType, Send};
use court::matter::{Answer, Issue};
use court::signature::{Check, Confirm, Refuse};
use court::speech::To;
use court::transcript::{
    self, Annotate, Circulate, Conclude, Content, Draft, Finalise, Point, RecordPoints, RequestCorrection, Seal,
    SettleCorrection, Stage, Words,
};
use court::{ActId, Capacity, File, FileKind, Kind, Phase, Proposal, Refusal, Report, sitting};
use proptest::prelude::*;
use record::Hash;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::kit::{CLOSES, OPENS, Trial, drawn, id, typed};

const JUDGE: Capacity = Capacity::PresidingJudge;
const CLERK: Capacity = Capacity::CourtClerk;
const A: Capacity = Capacity::Plaintiff;
const B: Capacity = Capacity::Defendant;

fn ended() -> Trial {
    let mut trial = Trial::open();
    trial.does(JUDGE, Proposal::SittingEnd(Default::default())).unwrap();
    trial.now += Duration::minutes(1);
    trial
}

fn draft() -> Proposal {
    Proposal::TranscriptDraft(Draft::default())
}

fn again(reason: &str) -> Proposal {
    Proposal::TranscriptDraft(Draft { matters: Vec::new(), reason: Some(reason.into()) })
}

fn circulate(until: OffsetDateTime) -> Proposal {
    Proposal::TranscriptCirculate(Circulate { until })
}

fn correct(text: &str) -> Proposal {
    Proposal::TranscriptRequestCorrection(RequestCorrection { text: text.into(), place: None })
}

fn settle(request: ActId, accepted: bool, reason: Option<&str>) -> Proposal {
    let reason = reason.map(str::to_owned);
    Proposal::TranscriptSettleCorrection(SettleCorrection { request, accepted, reason })
}

fn conclude(sign_until: OffsetDateTime) -> Proposal {
    Proposal::TranscriptConclude(Conclude { sign_until })
}

fn file(of: &[u8]) -> File {
    File {
        warnings: Vec::new(),
        kind: FileKind::Document,
        name: "笔录.pdf".into(),
        size: 9,
        media_type: "application/pdf".into(),
        sha256: Hash::of(of),
        width: None,
        height: None,
        seconds: None,
    }
}

fn finalised(version: u32) -> Report {
    let content = Hash::of(b"content");
    Report::TranscriptFinalise(Finalise { version, file: file(&version.to_be_bytes()), pages: 3, content })
}

fn sealed(version: u32) -> Report {
    Report::TranscriptSeal(Seal { version, file: file(b"sealed"), pages: 3, stamped_by: None })
}

fn confirm(version: u32) -> Proposal {
    Proposal::SignatureConfirm(Confirm { document: Hash::of(&version.to_be_bytes()), pages: 3 })
}

fn refuse(version: u32, reason: &str) -> Proposal {
    Proposal::SignatureRefuse(Refuse { document: Hash::of(&version.to_be_bytes()), reason: reason.into() })
}

/// Typeset and waiting for signatures until in two hours.
fn signing() -> Trial {
    let mut trial = ended();
    trial.does(CLERK, draft()).unwrap();
    trial.does(CLERK, circulate(trial.now + Duration::minutes(5))).unwrap();
    trial.now += Duration::minutes(5);
    trial.does(JUDGE, conclude(trial.now + Duration::hours(2))).unwrap();
    trial.reports(finalised(1)).unwrap();
    trial
}

fn content(trial: &Trial, version: u32) -> Content {
    transcript::content(&trial.acts, version).unwrap()
}

fn stage(trial: &Trial) -> Stage {
    trial.room.transcript().unwrap().stage
}

#[test]
fn the_judge_alone_ends_a_sitting_and_from_then_on_it_is_over() {
    for capacity in Capacity::ALL {
        let mut trial = Trial::open();
        let ends = trial.does(capacity, Proposal::SittingEnd(Default::default())).is_ok();
        assert_eq!(ends, trial.policy.is_judge(capacity), "{capacity:?}");
        assert_eq!(trial.room.phase(trial.now), if ends { Phase::Ended } else { Phase::Open });
    }
    let mut trial = ended();
    assert!(trial.room.closes_at < CLOSES);
    assert_eq!(trial.says(A, "晚了", To::Everyone).unwrap_err().code(), "ended");
    let later = sitting::Reschedule { opens_at: OPENS, closes_at: CLOSES, reason: "再开".into() };
    assert_eq!(trial.does(JUDGE, Proposal::SittingReschedule(later)).unwrap_err().code(), "not_in_this_phase");
}

#[test]
fn a_transcript_goes_its_way_and_skips_no_step() {
    let mut open = Trial::open();
    assert_eq!(open.does(CLERK, draft()).unwrap_err().code(), "not_in_this_phase");
    let mut trial = ended();
    let in_an_hour = trial.now + Duration::hours(1);
    assert_eq!(trial.does(CLERK, circulate(in_an_hour)).unwrap_err(), Refusal::TranscriptMissing);
    trial.does(CLERK, draft()).unwrap();
    assert_eq!(stage(&trial), Stage::Drafted);
    assert_eq!(trial.does(A, correct("漏记")).unwrap_err(), Refusal::TranscriptNotCirculated);
    assert_eq!(trial.does(JUDGE, conclude(in_an_hour)).unwrap_err(), Refusal::TranscriptNotCirculated);
    assert_eq!(trial.does(CLERK, circulate(trial.now)).unwrap_err(), Refusal::DeadlinePassed);
    let too_long = trial.now + Duration::days(61);
    assert_eq!(trial.does(CLERK, circulate(too_long)).unwrap_err().code(), "term_too_long");
    trial.does(CLERK, circulate(in_an_hour)).unwrap();
    assert_eq!(
        trial.does(CLERK, circulate(in_an_hour)).unwrap_err(),
        Refusal::DeadlineNotLater { deadline: in_an_hour }
    );
    assert_eq!(
        trial.does(JUDGE, conclude(in_an_hour + Duration::hours(1))).unwrap_err(),
        Refusal::CirculationRunning { until: in_an_hour }
    );
    assert_eq!(trial.reports(finalised(1)).unwrap_err(), Refusal::TranscriptOutdated);
    trial.now = in_an_hour;
    assert_eq!(trial.does(A, correct("晚了")).unwrap_err(), Refusal::CorrectionLate);
    assert_eq!(trial.does(A, confirm(1)).unwrap_err(), Refusal::NothingToSign);
    trial.does(JUDGE, conclude(in_an_hour + Duration::hours(1))).unwrap();
    assert_eq!(
        trial.does(CLERK, Proposal::TranscriptAnnotate(Annotate { text: "注".into(), place: None })).unwrap_err(),
        Refusal::TranscriptConcluded
    );
    assert_eq!(trial.does(A, confirm(1)).unwrap_err(), Refusal::NothingToSign);
    assert_eq!(trial.reports(sealed(1)).unwrap_err(), Refusal::TranscriptOutdated);
    assert_eq!(trial.reports(finalised(2)).unwrap_err(), Refusal::TranscriptOutdated);
    trial.reports(finalised(1)).unwrap();
    assert_eq!(trial.reports(finalised(1)).unwrap_err(), Refusal::TranscriptOutdated, "told twice it is one act");
    assert_eq!(trial.reports(sealed(1)).unwrap_err(), Refusal::SigningRunning);
}

#[test]
fn every_member_is_asked_to_sign_the_bench_too_and_the_seal_waits_for_all_of_them() {
    let mut trial = signing();
    for capacity in Capacity::ALL {
        let note = trial.room.transcript().unwrap().note(id(capacity), trial.now);
        assert!(note.asks_me, "{capacity:?}");
        if capacity == B {
            let act = trial.does(capacity, refuse(1, "记录有误")).unwrap();
            assert!(act.sentence.ends_with("拒绝签名，理由：记录有误"), "{}", act.sentence);
        } else {
            trial.does(capacity, confirm(1)).unwrap();
        }
        assert_eq!(trial.does(capacity, confirm(1)).unwrap_err(), Refusal::SigningAnswered);
        assert_eq!(trial.does(capacity, refuse(1, "改主意")).unwrap_err(), Refusal::SigningAnswered);
    }
    let act = trial.reports(sealed(1)).unwrap();
    let Body::TranscriptSeal(told) = &act.body else { panic!("{act:?}") };
    assert_eq!(
        (told.confirmed.len(), &told.refused[..], told.silent.len()),
        (Capacity::ALL.len() - 1, &[id(B)][..], 0)
    );
    assert_eq!(told.document, Hash::of(&1u32.to_be_bytes()), "the refusal leaves the transcript standing");
    assert_eq!(stage(&trial), Stage::Sealed);
    assert_eq!(trial.reports(sealed(1)).unwrap_err(), Refusal::TranscriptOutdated, "told twice it is one act");
}

#[test]
fn who_has_not_answered_when_the_term_ends_is_silent_and_who_has_left_is_not_waited_for() {
    let mut trial = signing();
    trial.does(A, confirm(1)).unwrap();
    trial.now += Duration::hours(2);
    assert_eq!(trial.does(B, confirm(1)).unwrap_err(), Refusal::SigningOver);
    let act = trial.reports(sealed(1)).unwrap();
    let Body::TranscriptSeal(told) = &act.body else { panic!("{act:?}") };
    assert_eq!((told.confirmed.len(), told.refused.len()), (1, 0));
    assert_eq!(told.silent.len(), Capacity::ALL.len() - 1);

    let mut trial = signing();
    for capacity in Capacity::ALL.into_iter().filter(|capacity| *capacity != Capacity::Witness) {
        trial.does(capacity, confirm(1)).unwrap();
    }
    assert_eq!(trial.reports(sealed(1)).unwrap_err(), Refusal::SigningRunning);
    let end = court::member::End { member: id(Capacity::Witness), reason: "误加".into() };
    trial.does(JUDGE, Proposal::MemberEnd(end)).unwrap();
    trial.reports(sealed(1)).unwrap();
}

#[test]
fn sr40_a_consent_is_for_one_document_with_its_pages_after_a_fresh_step_up() {
    let mut trial = signing();
    let other = Proposal::SignatureConfirm(Confirm { document: Hash::of(b"another"), pages: 3 });
    let refusal = trial.does(A, other).unwrap_err();
    assert_eq!((&refusal, refusal.why()), (&Refusal::DocumentOther, court::Why::Forbidden));
    let pages = Proposal::SignatureConfirm(Confirm { document: Hash::of(&1u32.to_be_bytes()), pages: 2 });
    assert_eq!(trial.does(A, pages).unwrap_err(), Refusal::DocumentOther);
    let other = Proposal::SignatureRefuse(Refuse { document: Hash::of(b"another"), reason: "不同意".into() });
    assert_eq!(trial.does(A, other).unwrap_err(), Refusal::DocumentOther);
    trial.step_up = None;
    let refusal = trial.does(A, confirm(1)).unwrap_err();
    assert_eq!((&refusal, refusal.why()), (&Refusal::StepUpRequired, court::Why::Forbidden));
    trial.does(B, refuse(1, "须先核实")).unwrap();
    trial.step_up = Some(court::signature::StepUp::Sms);
    trial.specimen = None;
    assert_eq!(trial.does(A, confirm(1)).unwrap_err(), Refusal::SignatureMissing);
    trial.specimen = Some(drawn(4));
    let act = trial.does(A, confirm(1)).unwrap();
    let Body::SignatureConfirm(confirmed) = &act.body else { panic!("{act:?}") };
    assert_eq!((confirmed.document, confirmed.pages), (Hash::of(&1u32.to_be_bytes()), 3));
    assert_eq!(confirmed.commitment, drawn(4).commitment, "the act names which signature was used");
}

#[test]
fn a_refusal_has_a_reason() {
    let mut trial = signing();
    assert_eq!(trial.does(A, refuse(1, " ")).unwrap_err(), Refusal::ReasonMissing);
    assert_eq!(trial.does(A, refuse(1, &"由".repeat(501))).unwrap_err(), Refusal::ReasonTooLong);
}

#[test]
fn a_typed_name_signs_after_the_clerk_has_checked_this_very_one() {
    let mut trial = signing();
    trial.specimen = Some(typed(7));
    assert_eq!(trial.does(A, confirm(1)).unwrap_err(), Refusal::SignatureUnchecked);
    let check = |commitment| Proposal::SignatureCheck(Check { member: id(A), commitment });
    let (seventh, eighth) = (typed(7).commitment, typed(8).commitment);
    assert_eq!(trial.does(CLERK, check(seventh)).unwrap_err(), Refusal::NothingToCheck);
    trial.does(A, Proposal::SignatureReserve(Default::default())).unwrap();
    assert_eq!(trial.does(A, Proposal::SignatureReserve(Default::default())).unwrap_err(), Refusal::SignatureReserved);
    assert_eq!(trial.does(CLERK, check(eighth)).unwrap_err(), Refusal::NothingToCheck);
    for capacity in Capacity::ALL {
        let checks = trial.decides(capacity, check(seventh)).is_ok();
        assert_eq!(checks, trial.policy.is_clerk(capacity), "{capacity:?}");
    }
    trial.does(CLERK, check(seventh)).unwrap();
    assert_eq!(trial.does(CLERK, check(seventh)).unwrap_err(), Refusal::NothingToCheck);
    trial.specimen = Some(typed(8));
    assert_eq!(trial.does(A, confirm(1)).unwrap_err(), Refusal::SignatureUnchecked, "another one is not checked");
    trial.specimen = Some(typed(7));
    trial.does(A, confirm(1)).unwrap();
}

#[test]
fn who_has_something_to_do_with_a_transcript_is_told_of_it() {
    let told = |trial: &Trial| court::inbox::after(trial.acts.last().unwrap(), &trial.room, &trial.policy);
    let mut trial = Trial::open();
    trial.specimen = Some(typed(7));
    trial.does(A, Proposal::SignatureReserve(Default::default())).unwrap();
    let (topic, clerks) = told(&trial).unwrap();
    assert_eq!(topic, court::Topic::SignatureToCheck);
    assert!(
        !clerks.is_empty()
            && clerks.iter().all(|one| [Capacity::CourtClerk, Capacity::JudgeAssistant].map(id).contains(one))
    );
    let trial = signing();
    let (topic, asked) = told(&trial).unwrap();
    assert_eq!(topic, court::Topic::TranscriptToSign);
    assert!(asked.contains(&id(A)) && asked.contains(&id(B)));
}

#[test]
fn sr41_a_new_version_needs_a_reason_and_leaves_no_signature_standing() {
    let mut trial = signing();
    trial.does(A, confirm(1)).unwrap();
    assert_eq!(trial.does(CLERK, draft()).unwrap_err(), Refusal::ReasonMissing);
    let act = trial.does(CLERK, again("漏记一节")).unwrap();
    assert!(act.sentence.contains("此前版本的签名不再适用"), "{}", act.sentence);
    let transcript = trial.room.transcript().unwrap();
    assert_eq!((transcript.version, transcript.answers.len()), (2, 0));
    assert_eq!(trial.does(B, confirm(1)).unwrap_err(), Refusal::NothingToSign);
    assert_eq!(trial.reports(sealed(1)).unwrap_err(), Refusal::TranscriptOutdated);
    trial.does(CLERK, circulate(trial.now + Duration::minutes(1))).unwrap();
    trial.now += Duration::minutes(1);
    trial.does(JUDGE, conclude(trial.now + Duration::hours(1))).unwrap();
    trial.reports(finalised(2)).unwrap();
    assert_eq!(trial.does(A, confirm(1)).unwrap_err(), Refusal::DocumentOther, "what was signed before is not this");
    trial.does(A, confirm(2)).unwrap();
    assert_eq!(trial.room.transcripts()[0].answers.len(), 1, "the record keeps what was signed of the first");
}

#[test]
fn a_correction_is_answered_before_the_words_are_settled_and_stays_visible_also_when_refused() {
    let mut trial = ended();
    trial.does(CLERK, draft()).unwrap();
    trial.does(CLERK, circulate(trial.now + Duration::minutes(5))).unwrap();
    let said = trial.acts.iter().find(|act| matches!(act.body, Body::SittingOpen(_))).unwrap().id;
    let place = Some(said);
    let asked = RequestCorrection { text: "应为上午开庭".into(), place };
    let first = trial.does(A, Proposal::TranscriptRequestCorrection(asked)).unwrap().id;
    let second = trial.does(B, correct("遗漏答辩意见")).unwrap().id;
    for capacity in [JUDGE, CLERK] {
        assert!(trial.decides(capacity, correct("自己改")).is_err(), "the bench corrects nothing by asking itself");
    }
    trial.now += Duration::minutes(5);
    assert_eq!(trial.does(JUDGE, conclude(trial.now + Duration::hours(1))).unwrap_err(), Refusal::CorrectionsOpen);
    assert_eq!(trial.does(CLERK, settle(first, false, None)).unwrap_err(), Refusal::ReasonMissing);
    assert_eq!(trial.does(A, settle(first, true, None)).unwrap_err().code(), "not_for_capacity");
    trial.does(CLERK, settle(first, false, Some("记录无误"))).unwrap();
    assert_eq!(trial.does(CLERK, settle(first, true, None)).unwrap_err(), Refusal::CorrectionSettled);
    let unknown = ActId(Uuid::nil());
    assert_eq!(trial.does(CLERK, settle(unknown, true, None)).unwrap_err(), Refusal::CorrectionUnknown);
    trial.does(CLERK, settle(second, true, Some("补记于后"))).unwrap();
    trial.does(JUDGE, conclude(trial.now + Duration::hours(1))).unwrap();
    let content = content(&trial, 1);
    let told: Vec<_> =
        content.corrections.iter().map(|one| (one.text.as_str(), one.accepted, one.reason.as_deref())).collect();
    assert_eq!(
        told,
        [("应为上午开庭", Some(false), Some("记录无误")), ("遗漏答辩意见", Some(true), Some("补记于后")),]
    );
    let opened = content.entries.iter().find(|entry| entry.act == place).unwrap().no;
    assert_eq!(content.corrections[0].entry, Some(opened));
}

#[test]
fn it_says_what_everybody_could_see_and_of_the_rest_that_it_happened() {
    let mut trial = Trial::open();
    trial.says(A, "我方已经付清货款", To::Everyone).unwrap();
    trial.says(A, "私下可以让步", To::Members(vec![id(JUDGE)])).unwrap();
    trial.says(JUDGE, "合议庭评议用语", To::Bench).unwrap();
    let issue = |title: &str, text: &str| Issue {
        remind: false,
        title: title.into(),
        text: text.into(),
        targets: vec![id(A), id(B)],
        deadline: OPENS + Duration::hours(1),
        attachments: Vec::new(),
        fields: Vec::new(),
    };
    let shown = trial.does(JUDGE, Proposal::MatterIssue(issue("提交证据清单", "请逐项填写"))).unwrap().id;
    let kept = trial.does(JUDGE, Proposal::MatterIssue(issue("调解底线", "请写明可接受的方案"))).unwrap().id;
    let answer = |matter, text: &str| {
        let (text, values, attachments) = (text.to_owned(), Default::default(), Vec::new());
        Proposal::MatterAnswer(Answer { matter, text, values, attachments })
    };
    trial.does(A, answer(shown, "合同一份")).unwrap();
    trial.does(B, answer(kept, "最多还八成")).unwrap();
    let place = Send {
        latitude: 31.4,
        longitude: 121.4,
        accuracy_m: 10.0,
        coordinate: CoordinateType::Wgs84,
        address: Some("某路某号".into()),
        consent: true,
    };
    trial.does(A, Proposal::LocationSend(place)).unwrap();
    trial.does(JUDGE, Proposal::SittingEnd(Default::default())).unwrap();
    let disclose = Draft { matters: vec![shown], reason: None };
    trial.does(CLERK, Proposal::TranscriptDraft(disclose)).unwrap();
    let points = RecordPoints {
        undisputed: vec![Point { text: "合同已签订".into(), reason: None }],
        disputed: vec![Point { text: "货款是否付清".into(), reason: Some("双方账目不一".into()) }],
    };
    trial.does(JUDGE, Proposal::PointsRecord(points)).unwrap();
    let note = Annotate { text: "原告当庭出示原件".into(), place: None };
    trial.does(CLERK, Proposal::TranscriptAnnotate(note)).unwrap();

    let content = content(&trial, 1);
    let whole = serde_json::to_string(&content).unwrap();
    for told in
        ["我方已经付清货款", "提交证据清单", "合同一份", "合同已签订", "双方账目不一", "原告当庭出示原件", "发送了位置"]
    {
        assert!(whole.contains(told), "{told}");
    }
    for hidden in ["私下可以让步", "评议用语", "调解底线", "可接受的方案", "最多还八成", "某路某号", "向审判组织"]
    {
        assert!(!whole.contains(hidden), "{hidden}");
    }
    assert_eq!(content.entries.iter().filter(|entry| entry.words == Words::Private).count(), 1);
    assert!(whole.contains("发布了一项诉讼事项"), "that there was another matter is told, not what it asked");
    assert_eq!(content.matters.len(), 1);
    assert_eq!(content.matters[0].unanswered.iter().map(|one| one.label.as_str()).collect::<Vec<_>>(), ["被告"]);
    let numbers: Vec<u32> = content.entries.iter().map(|entry| entry.no).collect();
    assert_eq!(numbers, (1..=content.entries.len() as u32).collect::<Vec<_>>());
    assert!(content.entries.iter().all(|entry| entry.act.is_some() || !matches!(entry.words, Words::Said { .. })));
    let judge = content.attendance.iter().find(|one| one.label == "审判长").unwrap();
    let clerk = content.attendance.iter().find(|one| one.member == id(CLERK)).unwrap();
    assert!(clerk.came, "who takes it down is there");
    assert!(judge.came && content.attendance.iter().any(|one| one.label == "独任审判员" && !one.came));
    assert_eq!(content.notices.len(), Capacity::ALL.into_iter().filter(|one| trial.policy.reads_notice(*one)).count());
}

#[test]
fn who_does_not_see_a_matter_cannot_disclose_it() {
    let mut trial = ended();
    let unknown = Draft { matters: vec![ActId(Uuid::nil())], reason: None };
    assert_eq!(trial.does(CLERK, Proposal::TranscriptDraft(unknown)).unwrap_err(), Refusal::MatterUnknown);
}

#[test]
fn a_disputed_point_has_a_reason_and_the_judge_alone_records_points() {
    for capacity in Capacity::ALL {
        let trial = Trial::open();
        let points = RecordPoints { undisputed: Vec::new(), disputed: Vec::new() };
        let may = trial.decides(capacity, Proposal::PointsRecord(points)).is_ok();
        assert_eq!(may, trial.policy.is_judge(capacity), "{capacity:?}");
    }
    let mut trial = Trial::open();
    let points = RecordPoints { undisputed: Vec::new(), disputed: vec![Point { text: "数额".into(), reason: None }] };
    assert_eq!(trial.does(JUDGE, Proposal::PointsRecord(points)).unwrap_err(), Refusal::ReasonMissing);
}

#[test]
fn nobody_can_ask_for_what_the_program_reports() {
    let trial = signing();
    for capacity in Capacity::ALL {
        let Report::TranscriptFinalise(told) = finalised(1) else { unreachable!() };
        assert_eq!(trial.decides(capacity, Proposal::TranscriptFinalise(told)).unwrap_err().code(), "not_for_capacity");
        let Report::TranscriptSeal(told) = sealed(1) else { unreachable!() };
        assert_eq!(trial.decides(capacity, Proposal::TranscriptSeal(told)).unwrap_err().code(), "not_for_capacity");
    }
    assert!(Kind::TranscriptSeal.is_report() && !Kind::SignatureConfirm.is_report());
}

#[derive(Clone, Debug)]
enum Step {
    Draft,
    Circulate,
    Correct(Capacity),
    Settle(bool),
    Conclude,
    Finalise,
    Confirm(Capacity),
    Refuse(Capacity),
    Seal,
    Wait(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = || prop::sample::select(vec![A, B, CLERK]);
    let step = prop_oneof![
        1 => Just(Step::Draft),
        2 => Just(Step::Circulate),
        1 => who().prop_map(Step::Correct),
        2 => any::<bool>().prop_map(Step::Settle),
        3 => Just(Step::Conclude),
        3 => Just(Step::Finalise),
        2 => who().prop_map(Step::Confirm),
        1 => who().prop_map(Step::Refuse),
        2 => Just(Step::Seal),
        3 => (0..40i64).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 0..60)
}

/// What a transcript is to the model: where it stands, and what is open.
#[derive(Clone, Debug, Default)]
struct Model {
    version: u32,
    stage: Option<Stage>,
    until: Option<OffsetDateTime>,
    sign_until: Option<OffsetDateTime>,
    open: Vec<ActId>,
    answered: Vec<Capacity>,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// P-01 for the transcript: against a small model, no step is possible that the model forbids, none is refused that it allows, and a
    /// refusal leaves the state as it was. The words of what is being signed do not change.
    #[test]
    fn p01_the_transcript_follows_its_state_machine(steps in steps()) {
        let mut trial = ended();
        let mut model = Model::default();
        let mut words: Option<Content> = None;
        for step in steps {
            let before = trial.room.clone();
            let now = trial.now;
            let in_work = matches!(model.stage, Some(Stage::Drafted | Stage::Circulated));
            let signs = |model: &Model, who| model.stage == Some(Stage::Signing)
                && model.sign_until.is_some_and(|until| now < until) && !model.answered.contains(&who);
            let (done, allowed) = match step.clone() {
                Step::Wait(minutes) => {
                    trial.now += Duration::minutes(minutes);
                    continue;
                }
                Step::Draft => (trial.does(CLERK, again("重做")).map(|_| ()), model.version < 20),
                Step::Circulate => {
                    let until = now + Duration::minutes(30);
                    (trial.does(CLERK, circulate(until)).map(|_| ()), in_work && model.until.is_none_or(|old| until > old))
                }
                Step::Correct(who) => {
                    let open = model.stage == Some(Stage::Circulated) && model.until.is_some_and(|until| now < until);
                    (trial.does(who, correct("补正")).map(|_| ()), open && who != CLERK)
                }
                Step::Settle(accepted) => {
                    let request = model.open.last().copied().unwrap_or(ActId(Uuid::nil()));
                    let allowed = model.stage == Some(Stage::Circulated) && !model.open.is_empty();
                    (trial.does(JUDGE, settle(request, accepted, Some("如上"))).map(|_| ()), allowed)
                }
                Step::Conclude => {
                    let over = model.until.is_some_and(|until| now >= until);
                    let allowed = model.stage == Some(Stage::Circulated) && over && model.open.is_empty();
                    (trial.does(JUDGE, conclude(now + Duration::minutes(60))).map(|_| ()), allowed)
                }
                Step::Finalise => {
                    (trial.reports(finalised(model.version)).map(|_| ()), model.stage == Some(Stage::Concluded))
                }
                Step::Confirm(who) => (trial.does(who, confirm(model.version)).map(|_| ()), signs(&model, who)),
                Step::Refuse(who) => (trial.does(who, refuse(model.version, "不同意")).map(|_| ()), signs(&model, who)),
                Step::Seal => {
                    let over = model.sign_until.is_some_and(|until| now >= until);
                    (trial.reports(sealed(model.version)).map(|_| ()), model.stage == Some(Stage::Signing) && over)
                }
            };
            prop_assert_eq!(done.is_ok(), allowed, "{:?}: {:?} {:?}", step, done, model);
            if done.is_err() {
                prop_assert_eq!(&before, &trial.room);
                continue;
            }
            match step {
                Step::Draft => model = Model { version: model.version + 1, stage: Some(Stage::Drafted), ..Model::default() },
                Step::Circulate => {
                    (model.stage, model.until) = (Some(Stage::Circulated), Some(now + Duration::minutes(30)));
                }
                Step::Correct(_) => model.open.push(trial.acts.last().unwrap().id),
                Step::Settle(_) => { model.open.pop(); }
                Step::Conclude => {
                    (model.stage, model.sign_until) = (Some(Stage::Concluded), Some(now + Duration::minutes(60)));
                    words = Some(content(&trial, model.version));
                }
                Step::Finalise => model.stage = Some(Stage::Signing),
                Step::Confirm(who) | Step::Refuse(who) => model.answered.push(who),
                Step::Seal => model.stage = Some(Stage::Sealed),
                Step::Wait(_) => {}
            }
            prop_assert_eq!(trial.room.transcript().map(|one| one.stage), model.stage);
            if model.stage >= Some(Stage::Concluded) {
                prop_assert_eq!(words.as_ref(), Some(&content(&trial, model.version)), "settled words do not change");
            }
        }
    }

    /// P-04 for the transcript: whatever was said to whom, no word stands in it that not everybody could read.
    #[test]
    fn p04_no_restricted_word_stands_in_a_transcript(
        said in prop::collection::vec((prop::sample::select(vec![A, B, JUDGE, CLERK]), 0..4u8), 1..30)
    ) {
        let mut trial = Trial::open();
        let (mut open, mut hidden) = (Vec::new(), Vec::new());
        for (place, (who, to)) in said.into_iter().enumerate() {
            let text = format!("词句{place}号");
            let to = match to {
                0 | 1 => To::Everyone,
                2 => To::Bench,
                _ => To::Members(vec![id(if who == A { B } else { A })]),
            };
            let everyone = to == To::Everyone;
            if trial.says(who, &text, to).is_ok() {
                if everyone { open.push(text) } else { hidden.push(text) }
            }
        }
        trial.does(JUDGE, Proposal::SittingEnd(Default::default())).unwrap();
        trial.does(CLERK, draft()).unwrap();
        let whole = serde_json::to_string(&content(&trial, 1)).unwrap();
        prop_assert_eq!(&whole, &serde_json::to_string(&content(&trial, 1)).unwrap());
        prop_assert!(open.iter().all(|text| whole.contains(text.as_str())));
        prop_assert!(!hidden.iter().any(|text| whole.contains(text.as_str())));
    }
}
