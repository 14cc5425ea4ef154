//! 诉讼事项: who may be asked, who may answer, until when, and who sees what of it.

use std::collections::BTreeMap;

use court::matter::{Answer, Close, Extend, Field, FieldKind, Issue, Status, Withdraw};
use court::sitting::Close as CloseSitting;
use court::{ActId, Capacity, Kind, MemberId, Phase, Proposal, Refusal, member};
use proptest::prelude::*;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::kit::{CLOSES, OPENS, Trial, id};

const JUDGE: Capacity = Capacity::PresidingJudge;
const A: Capacity = Capacity::Plaintiff;
const B: Capacity = Capacity::Defendant;
/// An hour after everything begins.
const DEADLINE: OffsetDateTime = OPENS.saturating_add(Duration::hours(1));

fn issue(targets: &[Capacity]) -> Issue {
    Issue {
        title: "提交证据清单".into(),
        text: "请逐项填写。".into(),
        targets: targets.iter().copied().map(id).collect(),
        deadline: DEADLINE,
        attachments: Vec::new(),
        fields: Vec::new(),
        remind: false,
    }
}

fn issued(trial: &mut Trial, asked: Issue) -> ActId {
    trial.does(JUDGE, Proposal::MatterIssue(asked)).unwrap().id
}

fn answer(matter: ActId, text: &str) -> Proposal {
    let (text, values, attachments) = (text.to_owned(), BTreeMap::new(), Vec::new());
    Proposal::MatterAnswer(Answer { matter, text, values, attachments })
}

fn extend(matter: ActId, deadline: OffsetDateTime) -> Proposal {
    Proposal::MatterExtend(Extend { matter, deadline, reason: "原告申请".into() })
}

fn withdraw(matter: ActId) -> Proposal {
    Proposal::MatterWithdraw(Withdraw { matter, reason: "已当面提交".into() })
}

fn close(matter: ActId) -> Proposal {
    Proposal::MatterClose(Close { matter })
}

fn refused(change: impl FnOnce(&mut Issue)) -> Refusal {
    let mut asked = issue(&[A]);
    change(&mut asked);
    Trial::open().decides(JUDGE, Proposal::MatterIssue(asked)).unwrap_err()
}

#[test]
fn a_matter_is_no_private_message() {
    let mut trial = Trial::open();
    issued(&mut trial, issue(&[A]));
    assert_eq!(trial.room.letters(id(A), 0), []);
    trial.says(JUDGE, "请单独说明。", court::speech::To::Members(vec![id(A)])).unwrap();
    assert_eq!(trial.room.letters(id(A), 0).len(), 1);
}

#[test]
fn a_matter_has_a_title_a_text_somebody_who_is_asked_and_a_deadline_that_can_be_kept() {
    assert_eq!(refused(|asked| asked.title = "　 ".into()), Refusal::TitleMissing);
    assert_eq!(refused(|asked| asked.title = "题".repeat(101)), Refusal::TitleTooLong);
    assert_eq!(refused(|asked| asked.text = " \n".into()), Refusal::TextEmpty);
    assert_eq!(refused(|asked| asked.text = "字".repeat(10_001)), Refusal::TextTooLong { chars: 10_001 });
    assert_eq!(refused(|asked| asked.targets.clear()), Refusal::TargetsMissing);
    assert_eq!(refused(|asked| asked.targets = vec![MemberId(Uuid::nil())]), Refusal::MemberUnknown);
    assert_eq!(refused(|asked| asked.deadline = OPENS), Refusal::DeadlinePassed);
    let after_end = refused(|asked| asked.deadline = CLOSES + Duration::microseconds(1));
    assert_eq!(after_end, Refusal::DeadlineAfterEnd { closes_at: CLOSES });
    assert_eq!(refused(|asked| asked.attachments = vec![Uuid::nil().into()]), Refusal::FileMissing);
    assert_eq!(refused(|asked| asked.attachments = vec![Uuid::nil().into(); 10]), Refusal::FilesTooMany { limit: 9 });
    assert_eq!(refused(|asked| asked.attachments = vec![Uuid::nil().into(); 2]), Refusal::FileTwice);
    let mut whole = issue(&[A, B, A]);
    whole.deadline = CLOSES;
    whole.title = "题".repeat(100);
    whole.text = "字".repeat(10_000);
    let mut trial = Trial::open();
    let matter = issued(&mut trial, whole);
    assert_eq!(trial.room.matter(matter).unwrap().targets, [id(A), id(B)], "each is asked once");
}

#[test]
fn only_who_may_answer_can_be_asked_and_only_the_judge_asks() {
    for capacity in Capacity::ALL {
        let mut trial = Trial::open();
        let asked = trial.does(JUDGE, Proposal::MatterIssue(issue(&[capacity])));
        let may = may_answer(capacity);
        assert_eq!(asked.is_ok(), may, "{capacity:?}");
        let judge = trial.policy.is_judge(capacity);
        assert_eq!(trial.does(capacity, Proposal::MatterIssue(issue(&[A]))).is_ok(), judge, "{capacity:?}");
    }
}

fn may_answer(capacity: Capacity) -> bool {
    !matches!(
        capacity,
        Capacity::PresidingJudge
            | Capacity::SoleJudge
            | Capacity::PanelMember
            | Capacity::LayAssessor
            | Capacity::JudgeAssistant
            | Capacity::CourtClerk
            | Capacity::Witness
    )
}

#[test]
fn a_matter_for_one_is_nothing_to_the_others() {
    let mut trial = Trial::open();
    let matter = issued(&mut trial, issue(&[A, B]));
    let seq = trial.room.seq;
    let answered = trial.does(A, answer(matter, "已整理")).unwrap().seq;
    for capacity in Capacity::ALL {
        let bench = trial.policy.is_bench(capacity);
        let seen = trial.read_by(capacity);
        assert_eq!(seen.contains(&seq), bench || [A, B].contains(&capacity), "{capacity:?} and the matter");
        assert_eq!(seen.contains(&answered), bench || capacity == A, "{capacity:?} and the answer");
        let listed = trial.room.matters_of(id(capacity)).count();
        assert_eq!(listed == 1, bench || [A, B].contains(&capacity), "{capacity:?} and the list");
    }
    // What is not theirs looks like what is not there, to those who may answer in general.
    let agent = Capacity::PlaintiffAgent;
    let missing = trial.decides(agent, answer(ActId(Uuid::nil()), "在")).unwrap_err();
    assert_eq!(trial.decides(agent, answer(matter, "在")).unwrap_err(), missing);
}

#[test]
fn a_matter_is_answered_once_and_before_its_deadline() {
    let mut trial = Trial::open();
    let matter = issued(&mut trial, issue(&[A, B]));
    assert_eq!(trial.does(A, answer(matter, " ")).unwrap_err(), Refusal::AnswerEmpty);
    trial.now = DEADLINE - Duration::microseconds(1);
    trial.does(A, answer(matter, "清单")).unwrap();
    assert_eq!(trial.does(A, answer(matter, "补充")).unwrap_err(), Refusal::MatterAnswered);
    trial.now = DEADLINE;
    let late = trial.does(B, answer(matter, "清单")).unwrap_err();
    assert_eq!(late, Refusal::MatterLate { deadline: DEADLINE });
    assert_eq!(late.code(), "matter_late");
    assert_eq!(
        late.detail(),
        "本事项已于 2026 年 11 月 23 日 15:00:00 截止，未能提交。如需补交，请在微法庭中向法官或书记员发送“申请延期”并说明理由，\
         法官延长期限后即可提交。"
    );
    let found = trial.room.matter(matter).unwrap();
    assert_eq!(found.status_of(id(A), trial.now), Status::Answered);
    assert_eq!(found.status_of(id(B), trial.now), Status::Overdue);
    assert_eq!(found.status(&trial.room, trial.now), Status::Overdue);
}

#[test]
fn more_time_opens_a_late_matter_again() {
    let mut trial = Trial::open();
    let matter = issued(&mut trial, issue(&[A]));
    trial.now = DEADLINE + Duration::minutes(5);
    assert_eq!(trial.does(A, answer(matter, "迟")).unwrap_err(), Refusal::MatterLate { deadline: DEADLINE });
    assert_eq!(trial.does(JUDGE, extend(matter, DEADLINE)).unwrap_err(), Refusal::DeadlinePassed);
    let until = DEADLINE + Duration::hours(1);
    let act = trial.does(JUDGE, extend(matter, until)).unwrap();
    assert!(act.sentence.ends_with("延长至 11月23日 16:00，理由：原告申请"), "{}", act.sentence);
    assert_eq!(trial.does(JUDGE, extend(matter, until)).unwrap_err(), Refusal::DeadlineNotLater { deadline: until });
    let after_end = extend(matter, CLOSES + Duration::seconds(1));
    assert_eq!(trial.does(JUDGE, after_end).unwrap_err(), Refusal::DeadlineAfterEnd { closes_at: CLOSES });
    trial.does(A, answer(matter, "迟")).unwrap();
    assert_eq!(trial.room.matter(matter).unwrap().status(&trial.room, trial.now), Status::Answered);
}

#[test]
fn what_is_withdrawn_or_closed_is_over() {
    for (end, status) in [(withdraw as fn(ActId) -> Proposal, Status::Withdrawn), (close, Status::Closed)] {
        let mut trial = Trial::open();
        let matter = issued(&mut trial, issue(&[A, B]));
        trial.does(A, answer(matter, "清单")).unwrap();
        assert_eq!(trial.does(Capacity::CourtClerk, end(matter)).unwrap_err().code(), "not_for_capacity");
        trial.does(JUDGE, end(matter)).unwrap();
        let over = Refusal::MatterEnded { label: status.label() };
        assert_eq!(trial.does(B, answer(matter, "清单")).unwrap_err(), over);
        for again in [withdraw(matter), close(matter), extend(matter, CLOSES)] {
            assert_eq!(trial.does(JUDGE, again).unwrap_err(), over);
        }
        let found = trial.room.matter(matter).unwrap();
        assert_eq!(found.status_of(id(B), trial.now), status);
        assert_eq!(found.status(&trial.room, trial.now), status);
        let first = if status == Status::Closed { Status::Answered } else { status };
        assert_eq!(found.status_of(id(A), trial.now), first, "an answer to a closed matter stands");
    }
}

#[test]
fn answering_goes_on_while_the_proceeding_is_closed_but_not_after_the_end() {
    let mut trial = Trial::open();
    let mut long = issue(&[A]);
    long.deadline = CLOSES;
    let matter = issued(&mut trial, long);
    trial.does(JUDGE, Proposal::SittingClose(CloseSitting {})).unwrap();
    assert_eq!(trial.room.phase(trial.now), Phase::Closed);
    trial.decides(A, answer(matter, "清单")).unwrap();
    trial.now = CLOSES;
    let ended = trial.decides(A, answer(matter, "清单")).unwrap_err();
    assert_eq!(ended, Refusal::AnswerAfterEnd { closes_at: CLOSES });
    assert!(ended.detail().contains("2026 年 11 月 23 日 17:00:00") && ended.detail().contains("申请延期"));
}

#[test]
fn who_has_left_is_not_waited_for() {
    let mut trial = Trial::open();
    let matter = issued(&mut trial, issue(&[A, Capacity::DefendantAgent]));
    trial.does(A, answer(matter, "清单")).unwrap();
    let status = |trial: &Trial| trial.room.matter(matter).unwrap().status(&trial.room, trial.now);
    assert_eq!(status(&trial), Status::Open);
    let end = member::End { member: id(Capacity::DefendantAgent), reason: "解除委托".into() };
    trial.does(Capacity::CourtClerk, Proposal::MemberEnd(end)).unwrap();
    assert_eq!(status(&trial), Status::Answered);
    let gone = Proposal::MatterIssue(issue(&[Capacity::DefendantAgent]));
    assert_eq!(trial.decides(JUDGE, gone).unwrap_err(), Refusal::MemberUnknown, "nor asked again");
}

fn field(label: &str, kind: FieldKind, required: bool) -> Field {
    let choices =
        if kind == FieldKind::Choice { vec!["同意".to_owned(), "不同意".to_owned()] } else { Vec::new() };
    Field { label: label.into(), kind, choices, required }
}

#[test]
fn the_values_of_an_answer_fit_the_fields_of_the_matter() {
    let mut trial = Trial::open();
    let mut asked = issue(&[A]);
    asked.fields = vec![
        field("姓名", FieldKind::Text, true),
        field("金额", FieldKind::Number, false),
        field("日期", FieldKind::Date, false),
        field("意见", FieldKind::Choice, false),
    ];
    let matter = issued(&mut trial, asked);
    let with = |values: &[(&str, &str)]| {
        let mut all = BTreeMap::from([("姓名".to_owned(), "张某".to_owned())]);
        all.extend(values.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())));
        let asked = Answer { matter, text: String::new(), values: all, attachments: Vec::new() };
        trial.decides(A, Proposal::MatterAnswer(asked)).map_err(|refusal| refusal.code())
    };
    for good in [
        ("金额", "86400"),
        ("金额", "-0.50"),
        ("金额", " 12 "),
        ("日期", "2026-02-28"),
        ("意见", "不同意"),
        ("金额", ""),
    ] {
        assert!(with(&[good]).is_ok(), "{good:?}");
    }
    for wrong in [
        ("金额", "1e5"),
        ("金额", "12,5"),
        ("金额", "."),
        ("金额", "-"),
        ("金额", "１２"),
        ("日期", "2026-02-29"),
        ("日期", "明天"),
        ("意见", "也许"),
    ] {
        assert_eq!(with(&[wrong]).unwrap_err(), "field_wrong", "{wrong:?}");
    }
    assert_eq!(with(&[("姓名", " ")]).unwrap_err(), "field_missing");
    assert_eq!(with(&[("住址", "某处")]).unwrap_err(), "field_unknown");
    let number = "9".repeat(31);
    assert_eq!(with(&[("金额", &number)]).unwrap_err(), "field_wrong");
}

#[test]
fn fields_that_cannot_be_filled_in_are_refused() {
    let wrong = |fields: Vec<Field>| refused(|asked| asked.fields = fields).code().to_owned();
    let choice = |choices: &[&str]| Field {
        choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
        ..field("意见", FieldKind::Choice, true)
    };
    let text = || field("姓名", FieldKind::Text, true);
    for fields in [
        vec![field(" ", FieldKind::Text, true)],
        vec![field(&"名".repeat(51), FieldKind::Text, true)],
        vec![text(), text()],
        (0..21).map(|n| field(&format!("第{n}项"), FieldKind::Text, false)).collect(),
        vec![choice(&["同意"])],
        vec![choice(&["同意", "同意"])],
        vec![choice(&["同意", ""])],
        vec![Field { choices: vec!["甲".into()], ..text() }],
    ] {
        assert_eq!(wrong(fields.clone()), "fields_wrong", "{fields:?}");
    }
}

#[test]
fn sr21_unknown_fields_are_no_matter() {
    let read = |text: String| serde_json::from_str::<Proposal>(&text);
    let field = r#"{"label":"金额","type":"number"}"#;
    let whole = |more: &str, field: &str| {
        format!(
            r#"{{"kind":"matter.issue","title":"题","text":"文","targets":[],"deadline":"2026-11-23T06:00:00Z",
            "fields":[{field}]{more}}}"#
        )
    };
    assert!(read(whole("", field)).is_ok());
    assert!(read(whole(r#","urgent":true"#, field)).is_err());
    assert!(read(whole("", r#"{"label":"金额","type":"number","secret":1}"#)).is_err());
    assert!(read(whole("", r#"{"label":"金额","type":"money"}"#)).is_err());
}

#[derive(Clone, Debug)]
enum Step {
    Issue(Vec<Capacity>, i64),
    Answer(Capacity),
    Extend(i64),
    Withdraw,
    Close,
    Wait(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = || prop::sample::select(Capacity::ALL.to_vec());
    prop::collection::vec(
        prop_oneof![
            3 => (prop::collection::vec(who(), 1..4), 1..170i64).prop_map(|(who, minutes)| Step::Issue(who, minutes)),
            8 => who().prop_map(Step::Answer),
            2 => (1..170i64).prop_map(Step::Extend),
            1 => Just(Step::Withdraw),
            1 => Just(Step::Close),
            3 => (0..30i64).prop_map(Step::Wait),
        ],
        0..60,
    )
}

/// What a person with pencil and paper would keep of the newest matter.
struct Paper {
    matter: ActId,
    targets: Vec<Capacity>,
    deadline: OffsetDateTime,
    answered: Vec<Capacity>,
    over: bool,
}

proptest! {
    /// P-01, P-04 for matters: against a small model, nothing is taken that it forbids and nothing refused that it allows; a refusal
    /// leaves the state as it was; and everybody sees exactly what the audiences say, under numbers without gaps.
    #[test]
    fn p01_p04_matters_follow_their_model(steps in steps()) {
        let mut trial = Trial::open();
        let mut paper: Option<Paper> = None;
        for step in steps {
            let before = trial.room.clone();
            let inside = trial.now < CLOSES;
            let at = |minutes: i64| OPENS + Duration::minutes(minutes);
            let (taken, allowed) = match (&step, &mut paper) {
                (Step::Wait(minutes), _) => {
                    trial.now += Duration::minutes(*minutes);
                    continue;
                }
                (Step::Issue(who, minutes), paper) => {
                    let mut asked = issue(who);
                    asked.deadline = at(*minutes);
                    let eligible = who.iter().all(|who| trial.policy.ever_allows(Kind::MatterAnswer, *who));
                    let allowed = inside && eligible && at(*minutes) > trial.now;
                    let taken = trial.does(JUDGE, Proposal::MatterIssue(asked)).map(|act| act.id).ok();
                    if let Some(matter) = taken {
                        let (targets, deadline) = (who.clone(), at(*minutes));
                        *paper = Some(Paper { matter, targets, deadline, answered: Vec::new(), over: false });
                    }
                    (taken.is_some(), allowed)
                }
                (_, None) => continue,
                (Step::Answer(who), Some(paper)) => {
                    let allowed = inside
                        && paper.targets.contains(who)
                        && !paper.answered.contains(who)
                        && !paper.over
                        && trial.now < paper.deadline;
                    let taken = trial.does(*who, answer(paper.matter, "办")).is_ok();
                    if taken {
                        paper.answered.push(*who);
                    }
                    (taken, allowed)
                }
                (Step::Extend(minutes), Some(paper)) => {
                    let later = at(*minutes) > paper.deadline && at(*minutes) > trial.now;
                    let allowed = inside && !paper.over && later;
                    let taken = trial.does(JUDGE, extend(paper.matter, at(*minutes))).is_ok();
                    if taken {
                        paper.deadline = at(*minutes);
                    }
                    (taken, allowed)
                }
                (end @ (Step::Withdraw | Step::Close), Some(paper)) => {
                    let allowed = inside && !paper.over;
                    let asked = if matches!(end, Step::Close) { close(paper.matter) } else { withdraw(paper.matter) };
                    let taken = trial.does(JUDGE, asked).is_ok();
                    paper.over |= taken;
                    (taken, allowed)
                }
            };
            prop_assert_eq!(taken, allowed, "{:?} at {}", step, trial.now);
            if !taken {
                prop_assert_eq!(&before, &trial.room);
            }
        }
        for capacity in Capacity::ALL {
            let seen = trial.read_by(capacity);
            prop_assert_eq!(&seen, &trial.audience_of(capacity), "{:?}", capacity);
            for (_, matter) in trial.room.matters_of(id(capacity)) {
                prop_assert!(seen.contains(&matter.seq), "{:?} is listed a matter that they do not see", capacity);
            }
        }
    }
}
