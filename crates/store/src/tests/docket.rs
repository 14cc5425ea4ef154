//! Importing, finding cases, missing cases, and the tokens of programs.

use std::collections::HashSet;

use court::{IntegrationId, MemberId, PersonId, ReportId, folded};
use record::Hash;

use super::sample::{self, NOON, SECOND, Speaker, id};
use crate::{
    CaseFilter, Clash, Clerk, Effect, Import, ImportCase, ImportOutcome, ImportPart, ImportRun, Imported,
    IntegrationRow, MissingReport, NewJob, Participant, Store, Tally, on_both_databases,
};

fn case(number: &str) -> ImportCase {
    ImportCase {
        number: number.to_owned(),
        title: Some("甲公司 诉 乙公司".to_owned()),
        cause: Some("买卖合同纠纷".to_owned()),
        filed_on: Some("2026-11-02".to_owned()),
        ..ImportCase::default()
    }
}

fn part(case: usize, name: &str, phone: &str, capacity: &str, role: &str) -> ImportPart {
    ImportPart {
        case,
        phone: phone.to_owned(),
        person: name.to_owned(),
        name: name.to_owned(),
        acting: None,
        capacity: capacity.to_owned(),
        role: role.to_owned(),
        ended: None,
        row: 7,
    }
}

fn run() -> ImportRun {
    ImportRun {
        id: id(),
        at: NOON,
        source: "审判管理系统".to_owned(),
        form: "csv".to_owned(),
        sha256: Hash::of(b"file"),
        bytes: 4,
        rows: 1,
    }
}

async fn import(store: &Store, file: &Import) -> ImportOutcome {
    store.import(file, &run(), "示范区人民法院", false, &id).await.unwrap()
}

fn done(outcome: ImportOutcome) -> Imported {
    match outcome {
        ImportOutcome::Done(done) => done,
        ImportOutcome::Refused(clashes) => panic!("{clashes:?}"),
    }
}

fn number() -> String {
    format!("(2026)沪0113民初{}号", id().as_u128() >> 8)
}

fn phone() -> String {
    format!("137{:08}", id().as_u128() >> 8)
}

/// The job that follows a report.
fn then() -> NewJob {
    NewJob { kind: "report.notice".to_owned(), payload: "{}".to_owned(), run_at: NOON }
}

on_both_databases! {
    async fn a_file_that_is_imported_twice_changes_nothing_and_one_that_changed_changes_what_changed(db) {
        let store = db.open().await;
        let (first, second) = (number(), number());
        let (wang, li, judge) = (phone(), phone(), phone());
        let mut file = Import {
            cases: vec![case(&first), case(&second)],
            parts: vec![
                part(0, "王一方", &wang, "plaintiff", "party"),
                part(0, "李代理", &li, "plaintiff_agent", "agent"),
                part(0, "周明远", &judge, "sole_judge", "judge"),
                part(1, "周明远", &judge, "sole_judge", "judge"),
            ],
        };
        let came = done(import(&store, &file).await);
        assert_eq!(came.cases, Tally { new: 2, ..Tally::default() });
        assert_eq!(came.people, Tally { new: 3, ..Tally::default() });
        assert_eq!(came.participants, Tally { new: 4, ..Tally::default() });

        let person = store.person_by_phone(&wang).await.unwrap().unwrap();
        assert!(!person.verified, "nobody has checked a document");
        let (row, _) = store.cases_of(person.id, "party").await.unwrap().pop().unwrap();
        let before = store.participants(row.id).await.unwrap();
        let again = done(import(&store, &file).await);
        let same = |same| Tally { same, ..Tally::default() };
        assert_eq!((again.cases, again.people, again.participants), (same(2), same(3), same(4)));
        assert_eq!(store.participants(row.id).await.unwrap(), before);

        // A new party, an agent who ended, another title; who is no longer named stays.
        let zhao = phone();
        file.cases[0].title = Some("王一方 诉 赵二川".to_owned());
        file.cases[0].status = Some("closed".to_owned());
        file.parts[1].ended = Some(true);
        file.parts.remove(0);
        file.parts.push(part(0, "赵二川", &zhao, "defendant", "party"));
        let third = done(import(&store, &file).await);
        assert_eq!(third.cases, Tally { changed: 1, same: 1, new: 0 });
        assert_eq!(third.participants, Tally { new: 1, changed: 1, same: 2 });
        assert_eq!(third.ended, 1);
        let row = store.case(row.id).await.unwrap().unwrap();
        assert_eq!((row.title.as_str(), row.status.as_str()), ("王一方 诉 赵二川", "closed"));
        let people = store.participants(row.id).await.unwrap();
        let stand: Vec<_> = people.iter().map(|part| (part.name.as_str(), part.ended_at.is_some())).collect();
        assert_eq!(stand, [("王一方", false), ("李代理", true), ("周明远", false), ("赵二川", false)]);

        // An older file does not bring back who has ended; only a plain word does.
        file.parts[0].ended = None;
        assert_eq!(done(import(&store, &file).await).participants, same(4));
        file.parts[0].ended = Some(false);
        assert_eq!(done(import(&store, &file).await).participants, Tally { changed: 1, same: 3, new: 0 });
        assert_eq!(store.import_runs(9).await.unwrap().len(), 5, "each left its line");
    }

    async fn an_import_is_whole_or_not_at_all(db) {
        let store = db.open().await;
        let somebody = sample::person(&store).await;
        let (good, bad, new) = (number(), number(), phone());
        let mut lacking = case(&bad);
        lacking.title = None;
        lacking.row = 3;
        let file = Import {
            cases: vec![case(&good), lacking],
            parts: vec![
                part(0, "新来人", &new, "plaintiff", "party"),
                part(0, "冒名人", &somebody.phone, "defendant", "party"),
            ],
        };
        let ImportOutcome::Refused(clashes) = import(&store, &file).await else { panic!("taken") };
        let found: HashSet<_> = clashes.into_iter().map(|(row, clash)| (row, format!("{clash:?}"))).collect();
        let expected = [(3, Clash::CaseLacks("title")), (7, Clash::AnotherPerson)];
        assert_eq!(found, expected.map(|(row, clash)| (row, format!("{clash:?}"))).into());
        assert_eq!(store.person_by_phone(&new).await.unwrap(), None);
        assert_eq!(store.import_runs(9).await.unwrap(), []);

        let file = Import { cases: vec![case(&good)], parts: vec![part(0, "新来人", &new, "plaintiff", "party")] };
        let checked = store.import(&file, &run(), "示范区人民法院", true, &id).await.unwrap();
        assert_eq!(done(checked).cases.new, 1, "a check says what would be done");
        assert_eq!(store.person_by_phone(&new).await.unwrap(), None, "and does nothing");
        assert_eq!(store.import_runs(9).await.unwrap(), []);
    }

    async fn a_case_that_was_entered_with_other_brackets_is_the_same_case(db) {
        let store = db.open().await;
        let known = sample::case(&store).await;
        let mut row = store.case(known).await.unwrap().unwrap();
        let number = row.number.clone();
        row.number = number.replace('(', "（").replace(')', "）");
        store.put_case(&row).await.unwrap();
        let mut asked = case(&number);
        asked.status = Some("closed".to_owned());
        let came = done(import(&store, &Import { cases: vec![asked], parts: Vec::new() }).await);
        assert_eq!((came.cases.new, came.cases.changed), (0, 1));
        let after = store.case(known).await.unwrap().unwrap();
        assert_eq!((after.number, after.status.as_str()), (row.number, "closed"), "it keeps the number that it has");
    }

    async fn two_imports_of_one_file_at_once_are_one(db) {
        let nodes = [db.open().await, db.open().await];
        let file = Import {
            cases: vec![case(&number())],
            parts: vec![part(0, "王一方", &phone(), "plaintiff", "party")],
        };
        let both = nodes.clone().map(|store| {
            let file = file.clone();
            tokio::spawn(async move { done(import(&store, &file).await) })
        });
        let mut new = 0;
        for one in both {
            new += one.await.unwrap().participants.new;
        }
        assert_eq!(new, 1);
        let person = nodes[0].person_by_phone(&file.parts[0].phone).await.unwrap().unwrap();
        assert_eq!(nodes[1].cases_of(person.id, "party").await.unwrap().len(), 1);
    }

    async fn a_large_file_fits_into_statements(db) {
        let store = db.open().await;
        let judge = phone();
        let cases: Vec<_> = (0..450).map(|_| case(&number())).collect();
        let parts = (0..cases.len())
            .flat_map(|of| [part(of, "周明远", &judge, "sole_judge", "judge"), part(of, "当事人", &phone(), "plaintiff", "party")])
            .collect();
        let file = Import { cases, parts };
        let came = done(import(&store, &file).await);
        assert_eq!((came.cases.new, came.people.new, came.participants.new), (450, 451, 900));
        let person = store.person_by_phone(&judge).await.unwrap().unwrap().id;
        let listed = store.list_cases(person, "judge", &CaseFilter::default(), NOON).await.unwrap();
        assert_eq!(listed.len(), 450);
    }

    async fn cases_are_found_by_number_cause_and_party_and_only_ones_own(db) {
        let store = db.open().await;
        let (mine, other) = (sample::case(&store).await, sample::case(&store).await);
        let judge = sample::person(&store).await;
        let mut row = store.case(mine).await.unwrap().unwrap();
        row.cause = "民间借贷 100%_纠纷".to_owned();
        row.status = "closed".to_owned();
        store.put_case(&row).await.unwrap();
        let take_part = async |case, name: &str, capacity: &str, role: &str, person| {
            let part = Participant {
                id: MemberId(id()),
                case,
                person,
                name: name.to_owned(),
                acting: None,
                capacity: capacity.to_owned(),
                role: role.to_owned(),
                ended_at: None,
            };
            store.put_participant(&part).await.unwrap();
            part.id
        };
        take_part(mine, "周明远", "sole_judge", "judge", judge.id).await;
        take_part(mine, "Alpha 贸易公司", "plaintiff", "party", sample::person(&store).await.id).await;
        let gone = take_part(mine, "离场代理", "plaintiff_agent", "agent", sample::person(&store).await.id).await;
        take_part(other, "Beta 贸易公司", "plaintiff", "party", sample::person(&store).await.id).await;
        store.end_participant(gone, NOON).await.unwrap();
        let find = async |words: &[&str], status: Option<&str>, capacity: Option<&str>| {
            let filter = CaseFilter {
                words: words.iter().map(|word| folded(word)).collect(),
                status: status.map(str::to_owned),
                capacity: capacity.map(str::to_owned),
            };
            store.list_cases(judge.id, "judge", &filter, NOON).await.unwrap().len()
        };
        for words in [&[][..], &["（２０２６）沪"], &["民初"], &["借贷"], &["100%_"], &["ＡＬＰＨＡ"], &["alpha", "借贷"]] {
            assert_eq!(find(words, None, None).await, 1, "{words:?}");
        }
        for words in [&["beta"][..], &["周明远"], &["离场"], &["1%0"], &["100__"], &["\\"], &["alpha", "继承"]] {
            assert_eq!(find(words, None, None).await, 0, "{words:?}");
        }
        assert_eq!(find(&[], Some("closed"), None).await, 1);
        assert_eq!(find(&[], Some("open"), None).await, 0);
        assert_eq!(find(&[], None, Some("sole_judge")).await, 1);
        assert_eq!(find(&[], None, Some("presiding_judge")).await, 0);
        assert_eq!(store.list_cases(judge.id, "party", &CaseFilter::default(), NOON).await.unwrap(), []);
        let listed = store.list_cases(judge.id, "judge", &CaseFilter::default(), NOON).await.unwrap();
        assert_eq!(listed[0].next, None);

        // The next sitting is that of a room of which one is a member, until its window is over.
        let mut speaker = Speaker::new(&judge);
        let mut append = speaker.founds(mine);
        append.effects.push(Effect::MembershipStarted {
            member: MemberId(judge.id.0),
            person: judge.id,
            role: "judge".to_owned(),
            seq: 1,
            at: NOON,
        });
        store.append(append).await.unwrap();
        let room = store.rooms_of_case(mine).await.unwrap().pop().unwrap();
        let next = async |now| store.list_cases(judge.id, "judge", &CaseFilter::default(), now).await.unwrap()[0].next;
        assert_eq!(next(NOON).await, Some(room.opens_at));
        assert_eq!(next(room.closes_at).await, None);
        let found = store.cases_by_id(&[other, mine], judge.id, "judge").await.unwrap();
        assert_eq!(found.len(), 1, "another's case is not given by its id");
        assert_eq!(found[0].0.id, mine);
    }

    async fn a_report_comes_to_the_clerk_of_its_case_and_one_of_no_case_to_every_clerk(db) {
        let store = db.open().await;
        let (known, reporter) = (sample::case(&store).await, sample::person(&store).await);
        let (clerk, other, judge) =
            (sample::person(&store).await.id, sample::person(&store).await.id, sample::person(&store).await.id);
        let elsewhere = sample::case(&store).await;
        for (case, person, capacity, role) in [
            (known, clerk, "court_clerk", "clerk"),
            (elsewhere, other, "judge_assistant", "clerk"),
            (known, judge, "sole_judge", "judge"),
        ] {
            let part = Participant {
                id: MemberId(id()),
                case,
                person,
                name: "某".to_owned(),
                acting: None,
                capacity: capacity.to_owned(),
                role: role.to_owned(),
                ended_at: None,
            };
            store.put_participant(&part).await.unwrap();
        }
        let number = store.case(known).await.unwrap().unwrap().number;
        let report = async |number: &str, at| {
            let report = MissingReport {
                id: ReportId(id()),
                person: reporter.id,
                number: number.to_owned(),
                number_key: folded(number),
                court: String::new(),
                remark: "备注".to_owned(),
                created_at: at,
                handled_at: None,
                handled_by: None,
                reply: None,
            };
            store.put_missing_report(&report, &then()).await.unwrap();
            report
        };
        let typed = number.replace('(', "（").replace(')', "） ");
        let (of_case, of_none) = (report(&typed, NOON).await, report("(2026)沪0113民初000号", NOON + 1).await);
        let capacities = ["court_clerk", "judge_assistant"];
        let inbox = async |person: PersonId, handled| {
            let clerk = Clerk { person, capacities: &capacities };
            let found = store.missing_reports_for(clerk, handled, 50).await.unwrap();
            found.into_iter().map(|(report, from)| (report.id, from.id)).collect::<Vec<_>>()
        };
        assert_eq!(inbox(clerk, false).await, [(of_case.id, reporter.id), (of_none.id, reporter.id)]);
        assert_eq!(inbox(other, false).await, [(of_none.id, reporter.id)]);
        assert_eq!(inbox(judge, false).await, [], "a judge is no clerk");
        assert_eq!(inbox(reporter.id, false).await, []);
        let seen_by = |person| Clerk { person, capacities: &capacities };
        assert!(store.missing_report_for(seen_by(other), of_case.id).await.unwrap().is_none());
        assert!(store.missing_report_for(seen_by(clerk), of_case.id).await.unwrap().is_some());

        assert!(store.handle_missing_report(of_case.id, clerk, "已为您关联。", NOON + SECOND, &then()).await.unwrap());
        assert!(!store.handle_missing_report(of_case.id, clerk, "再次答复", NOON + SECOND, &then()).await.unwrap());
        assert_eq!(inbox(clerk, true).await, [(of_case.id, reporter.id)]);
        let own = store.missing_reports_of(reporter.id, 50).await.unwrap();
        assert_eq!(own.iter().map(|report| report.id).collect::<Vec<_>>(), [of_none.id, of_case.id]);
        assert_eq!(own[1].reply.as_deref(), Some("已为您关联。"));
        assert_eq!(store.missing_reports_since(reporter.id, NOON + 1).await.unwrap(), 1);
    }

    async fn a_token_of_a_program_ends_when_it_is_revoked_or_its_time_is_over(db) {
        let store = db.open().await;
        let row = IntegrationRow {
            id: IntegrationId(id()),
            name: "审判管理系统".to_owned(),
            scope: "import".to_owned(),
            token_hash: Hash::of(b"token"),
            created_at: NOON,
            expires_at: NOON + 10 * SECOND,
            last_used_at: None,
            revoked_at: None,
        };
        store.put_integration(&row).await.unwrap();
        let at = async |now| store.integration_by_token(row.token_hash, now).await.unwrap().is_some();
        assert!(at(NOON).await);
        assert!(!at(NOON + 10 * SECOND).await, "expired");
        assert!(store.integration_by_token(Hash::of(b"other"), NOON).await.unwrap().is_none());
        assert!(store.session_by_token(row.token_hash, NOON).await.unwrap().is_none(), "it is nobody's session");
        store.integration_used(row.id, NOON + 1).await.unwrap();
        assert_eq!(store.integrations().await.unwrap()[0].last_used_at, Some(NOON + 1));
        assert!(store.revoke_integration(row.id, NOON + 2).await.unwrap());
        assert!(!store.revoke_integration(row.id, NOON + 3).await.unwrap());
        assert!(!at(NOON + 3).await, "revoked");
    }
}
