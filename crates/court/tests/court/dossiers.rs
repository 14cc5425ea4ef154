//! 电子卷宗: who files, who moves, who shares, who opens, and who sees what of it.

use court::dossier::{FileIn, Folder, Inspect, OPEN_FOR, Open, Paper, Refile, ShareIn, Unshare, Withdraw};
use court::matter::Issue;
use court::speech::{Show, To};
use court::{ActId, Audience, Capacity, EntryId, FileKind, MemberId, Phase, Proposal, Refusal, Viewer, member};
use time::Duration;
use uuid::Uuid;

use crate::kit::{CLOSES, OPENS, Trial, id, only};

const JUDGE: Capacity = Capacity::PresidingJudge;
const CLERK: Capacity = Capacity::CourtClerk;
const ASSESSOR: Capacity = Capacity::LayAssessor;
const A: Capacity = Capacity::Plaintiff;
const B: Capacity = Capacity::Defendant;

fn put(trial: &mut Trial, folder: Folder, title: &str, paper: Option<Paper>) -> Proposal {
    let blob = trial.upload(FileKind::Document, "scan.pdf");
    Proposal::DossierFile(FileIn { blob, folder, title: title.into(), paper })
}

/// The entry that the clerk files.
fn filed(trial: &mut Trial, folder: Folder, title: &str) -> EntryId {
    let asked = put(trial, folder, title, None);
    let act = trial.does(CLERK, asked).unwrap().id;
    EntryId::of(act, 0)
}

fn share(entry: EntryId, with: Option<&[Capacity]>) -> Proposal {
    Proposal::DossierShare(ShareIn { entry, with: with.map(|with| with.iter().copied().map(id).collect()) })
}

fn shared(trial: &mut Trial, entry: EntryId, with: Option<&[Capacity]>) -> ActId {
    trial.does(JUDGE, share(entry, with)).unwrap().id
}

fn refile(entry: EntryId, folder: Option<Folder>, title: Option<&str>) -> Proposal {
    Proposal::DossierRefile(Refile { entry, folder, title: title.map(Into::into), reason: "归错".into() })
}

fn withdraw(entry: EntryId) -> Proposal {
    Proposal::DossierWithdraw(Withdraw { entry, reason: "误传".into() })
}

fn unshare(share: ActId) -> Proposal {
    Proposal::DossierUnshare(Unshare { share })
}

fn open(share: ActId) -> Proposal {
    Proposal::DossierOpen(Open { share })
}

fn inspect(entry: EntryId) -> Proposal {
    Proposal::DossierInspect(Inspect { entry })
}

/// The titles that this capacity finds in the dossier.
fn listed(trial: &Trial, capacity: Capacity) -> Vec<&str> {
    let viewer = Viewer { member: id(capacity), capacity };
    let entries = trial.dossier.values().filter(|entry| entry.is_seen_by(viewer, &trial.policy));
    let mut titles: Vec<_> = entries.map(|entry| entry.title.as_str()).collect();
    titles.sort_unstable();
    titles
}

#[test]
fn f50_what_is_shown_in_a_room_is_filed_by_itself_with_speaker_time_room_and_hash() {
    let mut trial = Trial::open();
    let blob = trial.upload(FileKind::Photo, "收货.jpg");
    let act = trial.does(A, Proposal::SpeechPhoto(Show { remind: false, blob, to: To::Everyone })).unwrap().clone();
    let entry = trial.dossier[&EntryId::of(act.id, 0)].clone();
    assert_eq!((entry.folder, entry.title.as_str(), entry.actor), (Folder::Main, "收货.jpg", id(A)));
    assert_eq!((entry.room, entry.seq, entry.at), (trial.room.id, act.seq, OPENS));
    assert_eq!((entry.case, entry.file.sha256), (trial.case.title.id, trial.files[&blob].sha256));
    assert!(!entry.is_filed());
    let attachments = vec![trial.upload(FileKind::Document, "一.pdf"), trial.upload(FileKind::Document, "二.pdf")];
    let issue = Issue {
        remind: false,
        title: "题".into(),
        text: "文".into(),
        targets: vec![id(A)],
        deadline: CLOSES,
        attachments,
        fields: Vec::new(),
    };
    trial.does(JUDGE, Proposal::MatterIssue(issue)).unwrap();
    assert_eq!(listed(&trial, CLERK), ["一.pdf", "二.pdf", "收货.jpg"]);
    trial.says(A, "没有文件", To::Everyone).unwrap();
    assert_eq!(trial.dossier.len(), 3);
}

#[test]
fn sr17_the_dossier_is_the_benchs_and_of_what_was_private_only_those_to_whom_it_was_said_see_it() {
    let mut trial = Trial::open();
    filed(&mut trial, Folder::Main, "正卷材料");
    filed(&mut trial, Folder::Auxiliary, "副卷材料");
    let mut show = |from, name: &str, to| {
        let blob = trial.upload(FileKind::Photo, name);
        trial.does(from, Proposal::SpeechPhoto(Show { remind: false, blob, to })).unwrap();
    };
    show(A, "给审判长", To::Members(vec![id(JUDGE)]));
    show(A, "给代理人", To::Members(vec![id(Capacity::PlaintiffAgent)]));
    show(JUDGE, "审判组织内部", To::Bench);
    let inside = trial.dossier.values().find(|entry| entry.title == "审判组织内部").unwrap();
    assert_eq!(inside.folder, Folder::Auxiliary, "what the bench shows itself is its own paper");
    for capacity in Capacity::ALL {
        let mut expected = Vec::new();
        if trial.policy.is_bench(capacity) {
            expected.extend(["副卷材料", "审判组织内部", "正卷材料"]);
            // To a judge: the clerks see it too (architecture 5, no. 86).
            if [JUDGE, CLERK, Capacity::JudgeAssistant].contains(&capacity) {
                expected.push("给审判长");
            }
        }
        expected.sort_unstable();
        assert_eq!(listed(&trial, capacity), expected, "{capacity:?}");
    }
    // The acts of filing are for the bench as well.
    let filing: Vec<u64> =
        trial.acts.iter().filter(|act| act.body.kind().is_about_dossier()).map(|act| act.seq).collect();
    assert_eq!(filing.len(), 2);
    for capacity in Capacity::ALL {
        let sees = filing.iter().all(|seq| trial.read_by(capacity).contains(seq));
        assert_eq!(sees, trial.policy.is_bench(capacity), "{capacity:?}");
    }
}

#[test]
fn the_clerk_files_moves_and_withdraws_at_any_time_and_parties_never() {
    for (now, phase) in [(OPENS - Duration::days(1), Phase::Scheduled), (OPENS, Phase::Open), (CLOSES, Phase::Ended)] {
        for capacity in Capacity::ALL {
            let mut trial = Trial::open();
            let entry = filed(&mut trial, Folder::Main, "材料");
            trial.now = now;
            let asked = put(&mut trial, Folder::Main, "", None);
            let clerk = trial.policy.is_clerk(capacity);
            let files = clerk || trial.policy.is_judge(capacity);
            assert_eq!(trial.decides(capacity, asked).is_ok(), files, "{capacity:?} {phase:?}");
            let moves = refile(entry, Some(Folder::Auxiliary), None);
            assert_eq!(trial.decides(capacity, moves).is_ok(), clerk, "{capacity:?} {phase:?}");
            assert_eq!(trial.decides(capacity, withdraw(entry)).is_ok(), clerk, "{capacity:?} {phase:?}");
        }
    }
}

#[test]
fn papers_of_the_bench_stay_in_the_auxiliary_folder() {
    let mut trial = Trial::open();
    for paper in [Paper::Deliberation, Paper::Report] {
        let asked = put(&mut trial, Folder::Main, "合议", Some(paper));
        let refused = trial.decides(CLERK, asked).unwrap_err();
        assert_eq!(refused, Refusal::DossierAuxiliaryOnly { label: paper.label() });
        let asked = put(&mut trial, Folder::Auxiliary, "合议", Some(paper));
        let entry = EntryId::of(trial.does(CLERK, asked).unwrap().id, 0);
        let moved = trial.decides(CLERK, refile(entry, Some(Folder::Main), None)).unwrap_err();
        assert_eq!(moved, Refusal::DossierAuxiliaryOnly { label: paper.label() });
        assert_eq!(trial.decides(JUDGE, share(entry, None)).unwrap_err(), Refusal::DossierAuxiliary);
    }
}

#[test]
fn titles_and_reasons_are_checked_and_what_does_not_change_is_no_change() {
    let mut trial = Trial::open();
    let asked = put(&mut trial, Folder::Main, " 　 ", None);
    let act = trial.does(CLERK, asked).unwrap();
    assert_eq!(act.sentence, "书记员书记员甲将《scan.pdf》归入正卷", "without a title it has the file's name");
    let asked = put(&mut trial, Folder::Main, &"题".repeat(101), None);
    assert_eq!(trial.decides(CLERK, asked).unwrap_err(), Refusal::TitleTooLong);
    let entry = filed(&mut trial, Folder::Main, "起诉状");
    for (asked, refusal) in [
        (refile(entry, None, None), Refusal::DossierUnchanged),
        (refile(entry, Some(Folder::Main), Some(" 起诉状 ")), Refusal::DossierUnchanged),
        (refile(entry, None, Some("　")), Refusal::TitleMissing),
        (refile(EntryId(Uuid::nil()), Some(Folder::Main), None), Refusal::DossierEntryUnknown),
        (
            Proposal::DossierRefile(Refile { entry, folder: Some(Folder::Auxiliary), title: None, reason: " ".into() }),
            Refusal::ReasonMissing,
        ),
        (Proposal::DossierWithdraw(Withdraw { entry, reason: "".into() }), Refusal::ReasonMissing),
    ] {
        assert_eq!(trial.decides(CLERK, asked).unwrap_err(), refusal);
    }
    let act = trial.does(CLERK, refile(entry, Some(Folder::Auxiliary), Some("起诉状副本"))).unwrap();
    assert_eq!(act.sentence, "书记员书记员甲将卷宗材料《起诉状》由正卷移入副卷并改名为《起诉状副本》，理由：归错");
    assert_eq!(act.audience, Audience::Bench);
    trial.does(CLERK, withdraw(entry)).unwrap();
    assert_eq!(trial.decides(CLERK, withdraw(entry)).unwrap_err(), Refusal::DossierEntryUnknown, "once");
}

#[test]
fn what_was_sent_in_a_room_is_not_withdrawn_and_what_is_private_is_not_shared() {
    let mut trial = Trial::open();
    let mut show = |to| {
        let blob = trial.upload(FileKind::Photo, "照片.jpg");
        EntryId::of(trial.does(A, Proposal::SpeechPhoto(Show { remind: false, blob, to })).unwrap().id, 0)
    };
    let (open_to_all, private) = (show(To::Everyone), show(To::Members(vec![id(JUDGE)])));
    assert_eq!(trial.decides(CLERK, withdraw(open_to_all)).unwrap_err(), Refusal::DossierOfRoom);
    assert_eq!(trial.decides(JUDGE, share(private, None)).unwrap_err(), Refusal::DossierPrivate);
    trial.does(JUDGE, share(open_to_all, None)).unwrap();
    // For a judge who may not see it, there is no such entry.
    let sole = trial.decides(Capacity::SoleJudge, share(private, None)).unwrap_err();
    assert_eq!(sole, Refusal::DossierEntryUnknown);
    // What happens to it is told to those who see it.
    let moved = trial.does(CLERK, refile(private, Some(Folder::Auxiliary), None)).unwrap();
    assert_eq!(moved.audience, only(&[A, JUDGE, CLERK, Capacity::JudgeAssistant]));
    let blob = trial.upload(FileKind::Voice, "录音.mp3");
    let spoken = trial.does(A, Proposal::SpeechVoice(Show { remind: false, blob, to: To::Everyone })).unwrap().id;
    let refused = trial.decides(JUDGE, share(EntryId::of(spoken, 0), None)).unwrap_err();
    assert_eq!(refused, Refusal::DossierNotPages);
}

#[test]
fn f54_the_judge_shares_with_everybody_or_with_some_and_nobody_else_shares() {
    let mut trial = Trial::open();
    let (all, some) = (filed(&mut trial, Folder::Main, "合同"), filed(&mut trial, Folder::Main, "验收单"));
    let secret = filed(&mut trial, Folder::Auxiliary, "合议笔录");
    for capacity in Capacity::ALL {
        let judge = trial.policy.is_judge(capacity);
        assert_eq!(trial.decides(capacity, share(all, None)).is_ok(), judge, "{capacity:?}");
    }
    assert_eq!(trial.decides(JUDGE, share(secret, None)).unwrap_err(), Refusal::DossierAuxiliary);
    let to_all = trial.does(JUDGE, share(all, None)).unwrap().clone();
    assert_eq!(to_all.audience, Audience::Everyone);
    let to_some = trial.does(JUDGE, share(some, Some(&[A, A]))).unwrap().clone();
    assert_eq!(to_some.sentence, "审判长审判长甲分享卷宗材料《验收单》，供原告原告甲查阅");
    for capacity in Capacity::ALL {
        let viewer = Viewer { member: id(capacity), capacity };
        let sees: Vec<_> = trial.room.shares_of(viewer, &trial.policy).into_iter().map(|(share, _)| share).collect();
        let few = trial.policy.is_bench(capacity) || capacity == A;
        assert_eq!(sees, if few { vec![to_all.id, to_some.id] } else { vec![to_all.id] }, "{capacity:?}");
        assert_eq!(trial.read_by(capacity).contains(&to_some.seq), few, "{capacity:?}");
    }
    // Once is enough; others may be added.
    assert_eq!(trial.decides(JUDGE, share(all, Some(&[B]))).unwrap_err(), Refusal::DossierShared);
    assert_eq!(trial.decides(JUDGE, share(some, Some(&[A]))).unwrap_err(), Refusal::DossierShared);
    trial.does(JUDGE, share(some, Some(&[A, B]))).unwrap();
    let label = Capacity::Witness.label();
    for (with, refusal) in [
        (&[][..], Refusal::TargetsMissing),
        (&[id(Capacity::Witness)], Refusal::DossierNotForMember { label }),
        (&[MemberId(Uuid::nil())], Refusal::MemberUnknown),
    ] {
        let asked = Proposal::DossierShare(ShareIn { entry: some, with: Some(with.to_vec()) });
        assert_eq!(trial.decides(JUDGE, asked).unwrap_err(), refusal);
    }
}

#[test]
fn who_gets_a_share_is_told_of_it_and_nobody_else() {
    let mut trial = Trial::open();
    let entry = filed(&mut trial, Folder::Main, "起诉状");
    shared(&mut trial, entry, Some(&[A]));
    let told = court::inbox::after(trial.acts.last().unwrap(), &trial.room, &trial.policy);
    assert_eq!(told, Some((court::Topic::DossierShared, vec![id(A)])));
}

#[test]
fn f54_whoever_has_a_share_opens_it_and_the_bench_and_they_know_of_it() {
    let mut trial = Trial::open();
    let entry = filed(&mut trial, Folder::Main, "合同");
    let share = shared(&mut trial, entry, Some(&[A]));
    for capacity in Capacity::ALL {
        let told = trial.decides(capacity, open(share));
        let may = trial.policy.is_bench(capacity) || capacity == A;
        assert_eq!(told.is_ok(), may, "{capacity:?}");
        let witness = matches!(told, Err(Refusal::NotForCapacity { .. })) && capacity == Capacity::Witness;
        assert!(may || witness || told == Err(Refusal::DossierShareUnknown), "{capacity:?}");
    }
    let act = trial.does(A, open(share)).unwrap().clone();
    assert_eq!(act.sentence, "原告原告甲查阅卷宗材料《合同》");
    for capacity in Capacity::ALL {
        let knows = trial.policy.is_bench(capacity) || capacity == A;
        assert_eq!(trial.read_by(capacity).contains(&act.seq), knows, "{capacity:?}");
    }
    assert_eq!(trial.room.share(share).unwrap().openings[&id(A)].first, OPENS);
}

#[test]
fn an_opening_lasts_half_an_hour_and_the_next_one_is_an_act_again() {
    let mut trial = Trial::open();
    let entry = filed(&mut trial, Folder::Main, "合同");
    let share = shared(&mut trial, entry, None);
    trial.does(B, open(share)).unwrap();
    trial.does(JUDGE, inspect(entry)).unwrap();
    trial.now = OPENS + OPEN_FOR - Duration::seconds(1);
    assert_eq!(trial.decides(B, open(share)).unwrap_err(), Refusal::DossierOpened);
    assert_eq!(trial.decides(JUDGE, inspect(entry)).unwrap_err(), Refusal::DossierOpened);
    assert!(trial.room.inspection(id(JUDGE), entry, trial.now).is_some());
    assert!(trial.room.inspection(id(CLERK), entry, trial.now).is_none(), "another's opening opens nothing");
    trial.now = OPENS + OPEN_FOR;
    assert!(!trial.room.share(share).unwrap().openings[&id(B)].lasts(trial.now));
    assert!(trial.room.inspection(id(JUDGE), entry, trial.now).is_none());
    let again = trial.does(B, open(share)).unwrap().seq;
    let opening = trial.room.share(share).unwrap().openings[&id(B)];
    assert_eq!((opening.first, opening.seq), (OPENS, again));
    trial.does(JUDGE, inspect(entry)).unwrap();
}

#[test]
fn what_is_taken_back_moved_or_withdrawn_is_not_opened_any_more() {
    let mut trial = Trial::open();
    let one = filed(&mut trial, Folder::Main, "甲");
    let first = shared(&mut trial, one, None);
    trial.does(A, open(first)).unwrap();
    for capacity in Capacity::ALL {
        assert_eq!(trial.decides(capacity, unshare(first)).is_ok(), trial.policy.is_judge(capacity), "{capacity:?}");
    }
    let back = trial.does(JUDGE, unshare(first)).unwrap().audience.clone();
    assert_eq!(back, Audience::Everyone, "whoever was told of the share is told of its end");
    assert_eq!(trial.decides(B, open(first)).unwrap_err(), Refusal::DossierShareOver);
    assert_eq!(trial.decides(JUDGE, unshare(first)).unwrap_err(), Refusal::DossierShareOver, "once");
    let second = shared(&mut trial, one, None);
    trial.does(CLERK, refile(one, Some(Folder::Auxiliary), None)).unwrap();
    assert_eq!(trial.decides(B, open(second)).unwrap_err(), Refusal::DossierShareOver, "moved");
    trial.does(CLERK, refile(one, Some(Folder::Main), None)).unwrap();
    assert!(trial.decides(B, open(second)).is_ok());
    trial.does(CLERK, withdraw(one)).unwrap();
    assert_eq!(trial.decides(B, open(second)).unwrap_err(), Refusal::DossierShareOver, "withdrawn");
    assert_eq!(trial.decides(JUDGE, unshare(ActId(Uuid::nil()))).unwrap_err(), Refusal::DossierShareUnknown);
}

#[test]
fn p05_after_the_end_what_is_shared_is_read_and_nothing_more_is_shared() {
    let mut trial = Trial::open();
    let entry = filed(&mut trial, Folder::Main, "合同");
    let share_id = shared(&mut trial, entry, None);
    trial.now = CLOSES;
    let refused = trial.decides(JUDGE, share(entry, Some(&[A]))).unwrap_err();
    assert_eq!(refused, Refusal::NotInThisPhase { phase: Phase::Ended });
    trial.does(A, open(share_id)).unwrap();
    trial.does(JUDGE, unshare(share_id)).unwrap();
}

#[test]
fn no_90_an_assessor_reads_the_whole_dossier_before_the_window_and_before_the_notice() {
    let mut trial = Trial::scheduled();
    let (main, auxiliary) = (filed(&mut trial, Folder::Main, "甲"), filed(&mut trial, Folder::Auxiliary, "乙"));
    assert!(trial.now < OPENS);
    assert!(matches!(trial.permits(ASSESSOR, court::Kind::SpeechText), Err(Refusal::NotStarted { .. })));
    for entry in [main, auxiliary] {
        assert_eq!(trial.does(ASSESSOR, inspect(entry)).unwrap().audience, Audience::Bench);
    }
    for capacity in Capacity::ALL {
        assert_eq!(
            trial.decides(capacity, inspect(main)).is_ok(),
            trial.policy.is_bench(capacity) && capacity != ASSESSOR
        );
    }
}

#[test]
fn sr18_who_has_left_opens_nothing_and_who_comes_back_opens_what_was_for_all() {
    let mut trial = Trial::open();
    let entry = filed(&mut trial, Folder::Main, "合同");
    let share = shared(&mut trial, entry, None);
    let agent = Capacity::PlaintiffAgent;
    let end = member::End { member: id(agent), reason: "解除委托".into() };
    trial.does(CLERK, Proposal::MemberEnd(end)).unwrap();
    assert!(trial.room.member(id(agent)).is_none(), "without a member nobody asks");
    trial.does(CLERK, Proposal::MemberAdmit(member::Admit { participant: id(agent) })).unwrap();
    assert!(trial.decides(agent, open(share)).is_ok());
}
