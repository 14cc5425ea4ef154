//! The dossier of a case is a list that acts write, that is searched, paged and asked for row by row; what was sent before there were
//! dossiers stands there too.

use court::act::{AudienceDocument, Body, BodyDocument};
use court::dossier::{Entry, Folder};
use court::speech::Shown;
use court::{ActId, Audience, Capacity, CaseId, EntryId, File, FileKind, Kind, MemberId, folded};
use record::Hash;
use sea_orm::sea_query::Query;
use sea_orm::{ConnectionTrait, Database};
use sea_orm_migration::MigratorTrait;

use super::sample::{NOON, SECOND, Speaker, case, id, person};
use crate::migrations::Migrator;
use crate::{DossierFilter, Effect, Store, on_both_databases};

fn file(kind: FileKind, name: &str) -> File {
    File {
        warnings: Vec::new(),
        kind,
        name: name.to_owned(),
        size: 9,
        media_type: "application/pdf".to_owned(),
        sha256: Hash::of(name.as_bytes()),
        width: None,
        height: None,
        seconds: None,
    }
}

fn entry(case: CaseId, from: Kind, folder: Folder, title: &str, seconds: i64) -> Entry {
    let act = ActId(id());
    Entry {
        id: EntryId::of(act, 0),
        case,
        room: id().into(),
        seq: 3,
        act,
        place: 0,
        from,
        folder,
        title: title.to_owned(),
        paper: None,
        file: file(if from == Kind::SpeechPhoto { FileKind::Photo } else { FileKind::Document }, "scan_1.pdf"),
        actor: MemberId(id()),
        capacity: Capacity::CourtClerk,
        name: "孙悦".to_owned(),
        at: court::beijing::from_micros(NOON + seconds * SECOND),
        audience: Audience::Bench,
    }
}

/// Writes as acts do: beside an act of a room of the case.
async fn write(store: &Store, speaker: &mut Speaker, effects: Vec<Effect>) {
    let mut append = speaker.says("卷");
    append.effects = effects;
    store.append(append).await.unwrap();
}

async fn titles(store: &Store, case: CaseId, filter: &DossierFilter) -> Vec<String> {
    let found = store.dossier(case, filter, None, 100, |_| true).await.unwrap();
    found.into_iter().map(|entry| entry.title).collect()
}

fn words(text: &str) -> DossierFilter {
    DossierFilter { words: text.split_whitespace().map(folded).collect(), ..DossierFilter::default() }
}

on_both_databases! {
    async fn entries_are_listed_newest_first_found_by_title_file_and_sender_and_filtered(db) {
        let store = db.open().await;
        let clerk = person(&store).await;
        let (ours, theirs) = (case(&store).await, case(&store).await);
        let mut room = Speaker::new(&clerk);
        store.append(room.founds(ours)).await.unwrap();
        let entries = [
            entry(ours, Kind::DossierFile, Folder::Main, "起诉状 100%", 1),
            entry(ours, Kind::SpeechPhoto, Folder::Main, "Ｉmg_01.jpg", 2),
            entry(ours, Kind::DossierFile, Folder::Auxiliary, "合议笔录", 3),
            entry(theirs, Kind::DossierFile, Folder::Main, "别案起诉状", 4),
        ];
        let filed = entries.iter().cloned().map(|entry| Effect::DossierFiled(Box::new(entry)));
        write(&store, &mut room, filed.collect()).await;
        assert_eq!(titles(&store, ours, &DossierFilter::default()).await, ["合议笔录", "Ｉmg_01.jpg", "起诉状 100%"]);
        for (question, found) in [
            ("起诉", &["起诉状 100%"][..]),
            ("img_01", &["Ｉmg_01.jpg"]),
            ("书记员孙悦 合议", &["合议笔录"]),
            ("scan_1 100%", &["起诉状 100%"]),
            ("scan-1", &[]),
            ("i%1", &[]),
            ("别案", &[]),
        ] {
            assert_eq!(titles(&store, ours, &words(question)).await, found, "{question}");
        }
        let main = DossierFilter { folder: Some(Folder::Main), ..DossierFilter::default() };
        assert_eq!(titles(&store, ours, &main).await.len(), 2);
        let photos = DossierFilter { kind: Some(FileKind::Photo), ..DossierFilter::default() };
        assert_eq!(titles(&store, ours, &photos).await, ["Ｉmg_01.jpg"]);
        let by_itself = DossierFilter { filed: Some(false), ..DossierFilter::default() };
        assert_eq!(titles(&store, ours, &by_itself).await, ["Ｉmg_01.jpg"]);
        assert_eq!(store.dossier_entry(ours, entries[0].id).await.unwrap().as_ref(), Some(&entries[0]));
        assert_eq!(store.dossier_entry(theirs, entries[0].id).await.unwrap(), None, "of another case");
        let ids = entries.each_ref().map(|entry| entry.id);
        assert_eq!(store.dossier_entries(ours, &ids).await.unwrap().len(), 3);
    }

    async fn a_page_is_full_of_what_may_be_seen_and_the_next_goes_on_after_it(db) {
        let store = db.open().await;
        let clerk = person(&store).await;
        let case = case(&store).await;
        let mut room = Speaker::new(&clerk);
        store.append(room.founds(case)).await.unwrap();
        // Two at each second, more than are read at once.
        let entries: Vec<_> =
            (0..430).map(|n| entry(case, Kind::DossierFile, Folder::Main, &format!("第{n}件"), n / 2)).collect();
        write(&store, &mut room, entries.iter().cloned().map(|entry| Effect::DossierFiled(Box::new(entry))).collect()).await;
        let may_see = |entry: &Entry| !entry.title.contains('7');
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = store.dossier(case, &DossierFilter::default(), after, 37, may_see).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            assert!(page.len() == 37 || seen.len() + page.len() == entries.iter().filter(|entry| may_see(entry)).count());
            seen.extend(page);
        }
        assert!(seen.is_sorted_by(|a, b| (a.at, a.id) > (b.at, b.id)), "each once, newest first");
        assert_eq!(seen.len(), entries.iter().filter(|entry| may_see(entry)).count());
    }

    async fn an_entry_is_moved_renamed_and_withdrawn_by_acts_of_its_case_alone(db) {
        let store = db.open().await;
        let clerk = person(&store).await;
        let (ours, theirs) = (case(&store).await, case(&store).await);
        let mut room = Speaker::new(&clerk);
        store.append(room.founds(ours)).await.unwrap();
        let one = entry(ours, Kind::DossierFile, Folder::Main, "旧题", 1);
        write(&store, &mut room, vec![Effect::DossierFiled(Box::new(one.clone()))]).await;
        let refile = |case| Effect::DossierRefiled { case, entry: one.id, folder: Folder::Auxiliary, title: "新题".to_owned() };
        write(&store, &mut room, vec![refile(theirs), Effect::DossierWithdrawn { case: theirs, entry: one.id, at: NOON }]).await;
        assert_eq!(store.dossier_entry(ours, one.id).await.unwrap(), Some(one.clone()), "another case's act changes nothing");
        write(&store, &mut room, vec![refile(ours)]).await;
        let moved = store.dossier_entry(ours, one.id).await.unwrap().unwrap();
        assert_eq!(moved, Entry { folder: Folder::Auxiliary, title: "新题".to_owned(), ..one.clone() });
        assert_eq!(titles(&store, ours, &words("旧题")).await, [""; 0]);
        assert_eq!(titles(&store, ours, &words("新题")).await, ["新题"]);
        write(&store, &mut room, vec![Effect::DossierWithdrawn { case: ours, entry: one.id, at: NOON }]).await;
        assert_eq!(store.dossier_entry(ours, one.id).await.unwrap(), None);
        assert!(titles(&store, ours, &DossierFilter::default()).await.is_empty());
    }

    async fn what_was_shown_before_there_were_dossiers_stands_there_too(db) {
        let old = Database::connect(db.options().database + if db.which == crate::kit::Which::Sqlite { "?mode=rwc" } else { "" });
        let old = old.await.unwrap();
        let before = Migrator::migrations().iter().position(|one| one.name() == "m0008_dossier").unwrap();
        Migrator::up(&old, Some(u32::try_from(before).unwrap())).await.unwrap();
        let (case, room, member) = (id(), id(), id());
        let insert = async |table: &'static str, columns: &[&'static str], values: Vec<sea_orm::sea_query::Expr>| {
            let row = Query::insert().into_table(table).columns(columns.iter().copied()).values_panic(values).take();
            old.execute(&row).await.unwrap();
        };
        insert(
            "court_case",
            &["id", "number", "title", "cause", "court", "stage", "filed_on"],
            vec![case.into(), "7号".into(), "甲诉乙".into(), "借贷".into(), "法院".into(), "trial".into(), "2025-01-02".into()],
        ).await;
        insert("record", &["id", "head_seq", "head_leaf", "last_at"], vec![room.into(), 2i64.into(), vec![0u8; 32].into(), NOON.into()]).await;
        insert(
            "room",
            &["id", "case", "kind", "opens_at", "closes_at", "marker"],
            vec![room.into(), case.into(), "micro_court".into(), NOON.into(), NOON.into(), "".into()],
        ).await;
        let shown = |name: &str| Body::SpeechPhoto(Shown { reminders: Vec::new(), file: file(FileKind::Photo, name) });
        for (seq, body, audience) in [
            (1i64, shown("收货.jpg"), Audience::Everyone),
            (2, shown("内部.jpg"), Audience::Bench),
            (3, Body::SpeechText(court::speech::Said { reminders: Vec::new(), text: "字".to_owned() }), Audience::Everyone),
        ] {
            let kind = body.kind().code();
            let body = BodyDocument { capacity: Capacity::Plaintiff, name: "甲公司".into(), sentence: "句".into(), act: body };
            let audience = AudienceDocument { audience, hint: String::new() };
            insert(
                "act",
                &["record", "seq", "id", "at", "pseudonym", "member", "capacity", "kind", "body", "body_salt", "audience",
                    "audience_salt", "leaf", "prev"],
                vec![
                    room.into(), seq.into(), id().into(), (NOON + seq * SECOND).into(), "p".into(), member.into(),
                    "plaintiff".into(), kind.into(), serde_json::to_string(&body).unwrap().into(), vec![0u8; 32].into(),
                    serde_json::to_string(&audience).unwrap().into(), vec![0u8; 32].into(),
                    vec![u8::try_from(seq).unwrap(); 32].into(), vec![0u8; 32].into(),
                ],
            ).await;
        }
        old.close().await.unwrap();

        let store = db.open().await;
        let found = store.dossier(CaseId(case), &DossierFilter::default(), None, 10, |_| true).await.unwrap();
        let found: Vec<_> = found.iter().map(|entry| (entry.title.as_str(), entry.folder, entry.seq, entry.actor.0)).collect();
        assert_eq!(found, [("内部.jpg", Folder::Auxiliary, 2, member), ("收货.jpg", Folder::Main, 1, member)]);
    }
}
