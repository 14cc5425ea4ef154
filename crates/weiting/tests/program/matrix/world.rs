//! The world of the matrix: three cases, rooms in every phase with and without accepted notices, and everybody who might ask.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use court::{
    ActId, Capacity, CaseId, EntryId, FileKind, Kind, MandateId, MemberId, PersonId, Phase, Policy, Role, RoomId,
    UploadId,
};
use serde_json::json;
use store::MissingReport;
use store::kit::TestDatabase;
use time::Duration;

use super::canaries::{Canaries, Secret, Who};
use super::subjects::{self, Subject};
use crate::kit::{House, Seat, Trial, here, rfc3339};

/// The marks of the three cases: part of their numbers, titles and phone numbers.
const OURS: u32 = 7701;
const OTHERS: u32 = 7702;
const CLOSED: u32 = 7703;
/// The code of a law that everybody may read.
pub(super) const LAW: &str = "DEMO";
/// How many members there are to be ended by those who may, and participants to be admitted.
const SPARE: u32 = 8;
/// The number of a case without rooms and people.
pub(super) const EMPTY: &str = "(2026)沪0113民初7704号";

pub(super) struct World {
    pub(super) house: House,
    /// The policy by which results are expected, whatever the house decides by.
    pub(super) policy: Policy,
    pub(super) ours: Trial,
    pub(super) others: Trial,
    pub(super) closed: Trial,
    /// Who reads our case from outside, and as whom.
    pub(super) overseer: (PersonId, MemberId),
    /// Who did, an hour ago.
    pub(super) over: PersonId,
    /// Was invited to an office and has not accepted it.
    pub(super) invited: PersonId,
    /// Whose capacity in the case has ended.
    pub(super) ended: BTreeSet<MemberId>,
    pub(super) places: Vec<Place>,
    /// Of the dossier of each case.
    pub(super) entries: BTreeMap<CaseId, Entries>,
    /// What was filed last, for who shares it or takes it back.
    pub(super) fresh: Mutex<Option<EntryId>>,
    pub(super) subjects: Vec<Subject>,
    pub(super) canaries: Canaries,
    /// A file that the plaintiff has shown, and whose it is.
    pub(super) upload: (UploadId, PersonId),
    /// The plaintiff has begun to show who they are.
    pub(super) attempt: uuid::Uuid,
    /// Somebody else waits for a reviewer.
    pub(super) review: uuid::Uuid,
    /// The plaintiff misses our case.
    pub(super) report: MissingReport,
    /// One file of each kind for each person who asks, by its label.
    pub(super) files: BTreeMap<(PersonId, &'static str), UploadId>,
}

/// A room, with what the builder did in it.
pub(super) struct Place {
    pub(super) name: String,
    pub(super) room: RoomId,
    pub(super) case: CaseId,
    pub(super) phase: Phase,
    pub(super) window: (time::OffsetDateTime, time::OffsetDateTime),
    /// Everybody who is or was in it, and whether they still are.
    pub(super) members: BTreeMap<MemberId, bool>,
    pub(super) accepted: BTreeSet<MemberId>,
    /// The record number of a photo that everybody may see.
    pub(super) photo: Option<u64>,
    /// The matters that all who may answer are asked to answer; none before the window.
    pub(super) matters: Option<Matters>,
    /// What is shared with everybody; none before the window.
    pub(super) shares: Option<Shares>,
    /// Somebody from outside has applied to act for the plaintiff; the paper is for these.
    pub(super) mandate: MandateId,
    pub(super) concerned: BTreeSet<MemberId>,
}

/// Entries of a dossier, each for a purpose.
pub(super) struct Entries {
    /// To be opened, moved and renamed.
    pub(super) moved: EntryId,
    /// Never opened by anybody.
    pub(super) unopened: EntryId,
}

/// What of the dossier is shared into a room, each for a purpose.
pub(super) struct Shares {
    pub(super) open: ActId,
    /// Never opened by anybody.
    pub(super) unopened: ActId,
}

/// Matters of a room, each for a purpose, so that no call spoils another.
pub(super) struct Matters {
    /// To be answered, and to be given more time.
    pub(super) answer: ActId,
    /// Never answered: for drafts.
    pub(super) draft: ActId,
    /// Who is asked.
    pub(super) asked: BTreeSet<MemberId>,
}

/// People of the case beside one in each capacity.
pub(super) struct Cast {
    pub(super) ended: Seat,
    pub(super) ended_in_case: Seat,
    pub(super) returned: Seat,
    pub(super) dual: Seat,
    pub(super) outside_judge: Seat,
    pub(super) outside_party: Seat,
    pub(super) spare: Vec<Seat>,
    pub(super) pending: Vec<Seat>,
    /// Has applied to act, and is not let in.
    pub(super) applicant: PersonId,
    pub(super) recused: Seat,
    pub(super) transferred: Seat,
    pub(super) officers: Officers,
}

/// Who holds an office of the court, and takes part in no case.
pub(super) struct Officers {
    pub(super) idle: PersonId,
    pub(super) reading: PersonId,
    pub(super) over: PersonId,
    pub(super) administrator: PersonId,
    pub(super) invited: PersonId,
}

/// A law of one article.
fn law() -> store::NewLaw {
    let article = store::NewArticle {
        number: "1".to_owned(),
        heading: String::new(),
        text: "桥梁应当安全。".to_owned(),
        also: "第一条".to_owned(),
    };
    store::NewLaw {
        code: LAW.to_owned(),
        title: "示范桥梁管理办法".to_owned(),
        version: "2020".to_owned(),
        notes: String::new(),
        sha256: record::Hash::of(b"bridges"),
        articles: vec![article],
    }
}

impl World {
    /// Builds the world in a house that decides by `decided_by`.
    pub(super) async fn build(database: TestDatabase, decided_by: Policy) -> World {
        let house = House::on(database).await.under(decided_by);
        house.desk().store.put_law(&law(), 0).await.expect("a law");
        let mut ours = Trial::begin(&house, OURS).await;
        let cast = cast(&house, &mut ours).await;
        let mut others = Trial::begin(&house, OTHERS).await;
        // The agent of our case mediates in the other.
        others.seat_person(&house, cast.dual.person, &format!("双身份人{OTHERS}"), Capacity::Mediator).await;
        let closed = Trial::begin(&house, CLOSED).await;
        close_case(&house, closed.case).await;
        let mut canaries = Canaries::default();
        let mut builder = Builder {
            house: &house,
            canaries: &mut canaries,
            cast: &cast,
            places: Vec::new(),
            entries: BTreeMap::new(),
        };
        for read in [true, false] {
            builder.place(&ours, Phase::Ended, read).await;
        }
        builder.place(&closed, Phase::Ended, true).await;
        oversee(&house, cast.officers.over, Role::Supervisor).await;
        house.kit.clock.advance(Duration::hours(1));
        builder.place(&ours, Phase::Scheduled, false).await;
        for phase in [Phase::Waiting, Phase::Open, Phase::Closed] {
            for read in [true, false] {
                builder.place(&ours, phase, read).await;
            }
        }
        builder.place(&others, Phase::Open, true).await;
        let (mut places, entries) = (builder.places, builder.entries);
        leave(&house, &ours, &cast, &mut places).await;
        let reading = oversee(&house, cast.officers.reading, Role::President).await;
        for place in 0..3 {
            let (name, phone) = (format!("待入证人{OTHERS}"), format!("139{OTHERS}{:04}", 102 + place));
            others.seat_another(&house, &name, &phone, Capacity::Witness).await;
        }
        let (attempt, review) = attempts(&house, &ours, &others, &closed, &mut canaries).await;
        feedback(&house, &ours, &mut canaries).await;
        let report = reports(&house, &ours, &mut canaries).await;
        let upload = shown_upload(&house, &ours, &places).await;
        for place in &places {
            // Its case's number is for its members alone.
            house.desk().store.note_incidents(place.room.0, &["files"], house.kit.micros()).await.expect("a store");
        }
        let plaintiff = ours.seat(Capacity::Plaintiff).person;
        house.signs_own_file(plaintiff, "CNRYSigned").await;
        canaries.keep("CNRYSigned".to_owned(), Secret::Person(plaintiff));
        let now = house.kit.micros();
        house.desk().store.end_participant(cast.ended_in_case.member, now).await.expect("a store");
        for (mark, trial) in [(OURS, &ours), (OTHERS, &others), (CLOSED, &closed)] {
            canaries.keep_case(mark, trial);
        }
        let subjects = subjects::all(&house, &ours, &others, &closed, &cast).await;
        for subject in &subjects {
            canaries.keep_session(subject);
        }
        let files = files_of_all(&house, &subjects).await;
        // The court's key for file tickets is made when it is first needed; and what earlier logins left to be noted is noted.
        let place = places.iter().find(|place| place.name == "open/read").expect("an open room");
        let judge = ours.judge();
        let photo = house.desk().room(place.room).await.ok().flatten().zip(place.photo);
        let own = photo.and_then(|(room, photo)| room.dense(judge.member, photo)).expect("a photo");
        assert_eq!(judge.get(&format!("/api/rooms/{}/acts/{own}/file", place.room)).await.status, 307);
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        // What was said up to now is found by the index, what the subjects say by looking through the rest.
        house.desk().index_now().await.expect("everything can be indexed");
        house.signs().await;
        let ended = [cast.ended_in_case.member, cast.recused.member, cast.transferred.member].into();
        World {
            house,
            policy: Policy::builtin(),
            ours,
            others,
            closed,
            overseer: (cast.officers.reading, reading),
            over: cast.officers.over,
            invited: cast.officers.invited,
            ended,
            places,
            entries,
            fresh: Mutex::default(),
            subjects,
            canaries,
            upload,
            attempt,
            review,
            report,
            files,
        }
    }

    pub(super) fn trials(&self) -> [&Trial; 3] {
        [&self.ours, &self.others, &self.closed]
    }

    /// The judge issues one more matter.
    pub(super) async fn asks_again(&self, place: &Place) {
        let trial = self.trials().into_iter().find(|trial| trial.case == place.case).expect("the case");
        let (target, deadline) = (trial.seat(Capacity::Plaintiff).member, rfc3339(place.window.1));
        let issue = json!({
            "kind": "matter.issue", "title": "待办", "text": "请办理", "targets": [target], "deadline": deadline,
        });
        trial.judge().must(place.room, issue).await;
    }

    /// Something is filed that nobody has shared or taken back, and shared if it must be.
    pub(super) async fn files_again(&self, place: &Place, share: bool) {
        let trial = self.trials().into_iter().find(|trial| trial.case == place.case).expect("the case");
        let entry = files(&self.house, trial, place.room, "main", "另件", "另件").await;
        // After the end nothing more is shared; the rooms of ended sittings have what was shared before.
        if share && place.phase != Phase::Ended {
            shares(trial, place.room, entry).await;
        }
        *self.fresh.lock().expect("a lock") = Some(entry);
    }

    /// A room in the same phase that nothing else needs, for an act that would take a shared one out of its phase.
    pub(super) async fn another_like(&self, like: &Place) -> RoomId {
        let house = &self.house;
        let trial = self.trials().into_iter().find(|trial| trial.case == like.case).expect("the case");
        let seats: Vec<_> = trial.seats.iter().filter(|seat| like.members.get(&seat.member) == Some(&true)).collect();
        let members: Vec<_> = seats.iter().map(|seat| seat.member).collect();
        let window = (Duration::ZERO, Duration::hours(2));
        let room = house.schedule(&mut trial.seat(Capacity::CourtClerk).caller, trial.case, window, &members).await;
        let judge = trial.judge();
        if matches!(like.phase, Phase::Open | Phase::Closed) {
            judge.must(room, json!({"kind": "sitting.open"})).await;
        }
        if like.phase == Phase::Closed {
            judge.must(room, json!({"kind": "sitting.close"})).await;
        }
        room
    }
}

async fn cast(house: &House, ours: &mut Trial) -> Cast {
    let mut place = 100;
    let mut seat = async |name: &str, capacity| {
        place += 1;
        ours.seat_another(house, &format!("{name}{OURS}"), &format!("139{OURS}{place:04}"), capacity).await
    };
    let mut cast = Cast {
        ended: seat("退出代理", Capacity::PlaintiffAgent).await,
        ended_in_case: seat("解除代理", Capacity::DefendantAgent).await,
        returned: seat("重入代理", Capacity::DefendantAgent).await,
        dual: seat("双身份人", Capacity::ThirdPartyAgent).await,
        outside_judge: seat("庭外法官", Capacity::PanelMember).await,
        outside_party: seat("庭外当事人", Capacity::ThirdParty).await,
        recused: seat("回避法官", Capacity::PanelMember).await,
        transferred: seat("移交法官", Capacity::PanelMember).await,
        officers: officers(house).await,
        spare: Vec::new(),
        pending: Vec::new(),
        applicant: house.kit.person("申请人", "13977040002").await,
    };
    for _ in 0..SPARE {
        cast.spare.push(seat("备用代理", Capacity::DefendantAgent).await);
        cast.pending.push(seat("待入代理", Capacity::PlaintiffAgent).await);
    }
    cast
}

async fn officers(house: &House) -> Officers {
    house.kit.case(EMPTY, "无人诉无人").await;
    let held = async |place: u32, role: Role, accepted: bool| {
        let person = house.kit.person(role.label(), &format!("1397704{place:04}")).await;
        let now = house.kit.micros();
        let row = store::OfficeRow {
            id: house.desk().chance.id(),
            person,
            role: role.code().to_owned(),
            invited_at: now,
            invited_by: None,
            code_hash: None,
            expires_at: now,
            accepted_at: accepted.then_some(now),
            ended_at: None,
            ended_by: None,
        };
        house.desk().store.put_office(&row).await.expect("a store");
        person
    };
    Officers {
        idle: held(11, Role::Supervisor, true).await,
        reading: held(12, Role::President, true).await,
        over: held(13, Role::Supervisor, true).await,
        administrator: held(14, Role::Administrator, true).await,
        invited: held(15, Role::Supervisor, false).await,
    }
}

/// Somebody begins to read our case from outside; as whom.
async fn oversee(house: &House, person: PersonId, role: Role) -> MemberId {
    let mut caller = house.kit.caller(&house.app, person, Some(role)).await;
    let wish = json!({"number": format!("(2026)沪0113民初{OURS}号"), "reason": "核查"});
    let opened = caller.post_once("/api/oversight", &house.keys.next(), wish).await;
    assert_eq!(opened.status, 201, "{}", crate::kit::said(&opened));
    crate::kit::id_of(&opened.json()["id"])
}

/// Two judges leave our case: one recused, one who hands it over.
async fn leave(house: &House, ours: &Trial, cast: &Cast, places: &mut [Place]) {
    let mut clerk = ours.seat(Capacity::CourtClerk).caller;
    for (ground, seat) in [("recused", &cast.recused), ("transferred", &cast.transferred)] {
        let wish = json!({"leaves": seat.member, "ground": ground, "decided_by": "president", "reason": "经审查"});
        let path = format!("/api/cases/{}/panel", ours.case);
        let done = clerk.post_once(&path, &house.keys.next(), wish).await;
        assert_eq!(done.status, 201, "{}", crate::kit::said(&done));
        for place in places.iter_mut().filter(|place| place.case == ours.case) {
            place.members.insert(seat.member, false);
        }
    }
}

/// The case is over: its people keep reading what they could read.
async fn close_case(house: &House, case: CaseId) {
    let store = &house.desk().store;
    let mut row = store.case(case).await.expect("a store").expect("the case");
    row.stage = "service".to_owned();
    store.put_case(&row).await.expect("a store");
}

/// The plaintiff writes about the program.
async fn feedback(house: &House, ours: &Trial, canaries: &mut Canaries) {
    let plaintiff = ours.seat(Capacity::Plaintiff);
    let text = "CNRYFeedback";
    canaries.keep(text.to_owned(), Secret::Feedback { by: plaintiff.person });
    let given = plaintiff.caller.clone().post_once("/api/feedback", &house.keys.next(), json!({"text": text})).await;
    assert_eq!(given.status, 201, "{}", crate::kit::said(&given));
}

/// The plaintiff misses our case, and a case that does not exist; each with a word that only a clerk may read.
/// The plaintiff begins to show who they are, and somebody else has handed in what a reviewer looks at. Every clerk has said why they look.
async fn attempts(
    house: &House,
    ours: &Trial,
    others: &Trial,
    closed: &Trial,
    canaries: &mut Canaries,
) -> (uuid::Uuid, uuid::Uuid) {
    let (store, chance) = (&house.desk().store, &house.desk().chance);
    let waiting = house.kit.person("待核实人", "13977040077").await;
    let mut ids = Vec::new();
    for (person, number) in [(ours.seat(Capacity::Plaintiff).person, "CNRYPASSPORT1"), (waiting, "CNRYPASSPORT2")] {
        let row = store::VerificationRow {
            id: chance.id(),
            person,
            stage: store::Stage::Begun,
            way: None,
            name: "待核实人".to_owned(),
            document: store::Document { kind: "passport".to_owned(), number: number.to_owned() },
            notice: "identity-before 1".to_owned(),
            begun_at: house.kit.micros(),
            phone_at: None,
            face_token: None,
            court: None,
            decided_at: None,
            decided_by: None,
            reason: None,
            expires_at: None,
            accepted_at: None,
            accepted: None,
        };
        store.begin_verification(&row).await.expect("a store");
        ids.push(row.id);
    }
    canaries.keep("CNRYPASSPORT1".to_owned(), Secret::Nobody);
    canaries.keep("CNRYPASSPORT2".to_owned(), Secret::Reviewers);
    let (key, sealed) = desk::Vault::lock_file(&**chance, b"CNRYPicture");
    let file = store::VerificationFile {
        id: chance.id(),
        part: "front".to_owned(),
        media_type: "image/png".to_owned(),
        sha256: store.blobs().put_bytes(sealed.into()).await.expect("a store"),
        size: 11,
        key,
        keep_until: i64::MAX,
    };
    canaries.keep("CNRYPicture".to_owned(), Secret::Reviewers);
    let submitted = store.submit_verification(ids[1], store::Stage::Begun, "法院", &[file], house.kit.micros()).await;
    assert!(submitted.expect("a store"));
    for trial in [ours, others, closed] {
        for seat in &trial.seats {
            let read = store::SensitiveRead {
                id: chance.id(),
                at: house.kit.micros(),
                reader: seat.person,
                role: seat.capacity.role().code().to_owned(),
                what: "verification".to_owned(),
                object: ids[1],
                person: waiting,
                reason: "审核".to_owned(),
            };
            store.put_sensitive_read(&read).await.expect("a store");
        }
    }
    (ids[0], ids[1])
}

async fn reports(house: &House, ours: &Trial, canaries: &mut Canaries) -> MissingReport {
    let plaintiff = ours.seat(Capacity::Plaintiff).person;
    let mut made = Vec::new();
    for (number, word, case) in [
        (format!("（2026）沪0113民初{OURS}号"), "CNRYMissed", Some(ours.case)),
        ("(2026)沪0113民初8号".to_owned(), "CNRYUnknown", None),
    ] {
        let report = MissingReport {
            id: house.desk().chance.id().into(),
            person: plaintiff,
            number_key: court::folded(&number),
            number,
            court: String::new(),
            remark: word.to_owned(),
            created_at: house.kit.micros(),
            handled_at: None,
            handled_by: None,
            reply: None,
        };
        let then = store::NewJob { kind: "report.notice".to_owned(), payload: "{}".to_owned(), run_at: i64::MAX };
        house.desk().store.put_missing_report(&report, &then).await.expect("a store");
        canaries.keep(word.to_owned(), Secret::Report { by: plaintiff, case });
        made.push(report);
    }
    made.swap_remove(0)
}

/// The plaintiff shows a document in our open room.
async fn shown_upload(house: &House, ours: &Trial, places: &[Place]) -> (UploadId, PersonId) {
    let plaintiff = ours.seat(Capacity::Plaintiff);
    let upload = house.upload(plaintiff.person, FileKind::Document, "合同.pdf").await;
    let open = places.iter().find(|place| place.name == "open/read").expect("an open room");
    plaintiff.must(open.room, json!({"kind": "speech.document", "blob": upload})).await;
    (upload, plaintiff.person)
}

/// Files something; the entry that it is.
async fn files(house: &House, trial: &Trial, room: RoomId, folder: &str, title: &str, name: &str) -> EntryId {
    let clerk = trial.seat(Capacity::CourtClerk);
    let blob = house.upload(clerk.person, FileKind::Document, &format!("{name}.pdf")).await;
    let filed = clerk.must(room, json!({"kind": "dossier.file", "blob": blob, "folder": folder, "title": title})).await;
    EntryId::of(crate::kit::id_of(&filed["id"]), 0)
}

/// Shares something with everybody.
async fn shares(trial: &Trial, room: RoomId, entry: EntryId) -> ActId {
    let shared = trial.judge().must(room, json!({"kind": "dossier.share", "entry": entry})).await;
    crate::kit::id_of(&shared["id"])
}

async fn files_of_all(house: &House, subjects: &[Subject]) -> BTreeMap<(PersonId, &'static str), UploadId> {
    let people: BTreeSet<PersonId> = subjects.iter().filter_map(|subject| subject.person).collect();
    let mut files = BTreeMap::new();
    for person in people {
        for kind in [FileKind::Photo, FileKind::Video, FileKind::Voice, FileKind::Document] {
            files.insert((person, kind.label()), house.upload(person, kind, "材料").await);
        }
    }
    files
}

struct Builder<'w> {
    house: &'w House,
    canaries: &'w mut Canaries,
    cast: &'w Cast,
    places: Vec<Place>,
    entries: BTreeMap<CaseId, Entries>,
}

impl Builder<'_> {
    /// A room in this phase; `read`: all who must have accepted the notice.
    async fn place(&mut self, trial: &Trial, phase: Phase, read: bool) {
        let (house, cast) = (self.house, self.cast);
        // The first room that is built is one of our case.
        let own = self.places.first().is_none_or(|first| first.case == trial.case);
        let window = match phase {
            Phase::Scheduled => (Duration::hours(1), Duration::hours(3)),
            Phase::Ended => (Duration::ZERO, Duration::minutes(30)),
            _ => (Duration::ZERO, Duration::hours(4)),
        };
        let stays_out = |seat: &&Seat| {
            let outside = [&cast.outside_judge, &cast.outside_party].into_iter().chain(&cast.pending);
            outside.into_iter().all(|other| other.member != seat.member)
        };
        let seats: Vec<&Seat> = trial.seats.iter().filter(stays_out).collect();
        let ids: Vec<MemberId> = seats.iter().map(|seat| seat.member).collect();
        let room = house.schedule(&mut trial.seat(Capacity::CourtClerk).caller, trial.case, window, &ids).await;
        let now = house.desk().now();
        let mut place = Place {
            name: name(own, trial, phase, read),
            room,
            case: trial.case,
            phase,
            window: (now + window.0, now + window.1),
            members: ids.iter().map(|id| (*id, true)).collect(),
            accepted: BTreeSet::new(),
            photo: None,
            matters: None,
            shares: None,
            mandate: MandateId(house.desk().chance.id()),
            concerned: BTreeSet::new(),
        };
        self.file(trial, &place).await;
        self.apply(trial, &mut place).await;
        if phase != Phase::Scheduled {
            if read {
                for seat in &seats {
                    seat.accepts(house, room).await;
                    place.accepted.insert(seat.member);
                }
            }
            self.speak(trial, &mut place).await;
            self.ask(trial, &mut place).await;
            self.share(trial, &mut place).await;
            if phase == Phase::Closed {
                trial.judge().must(room, json!({"kind": "sitting.close"})).await;
            }
        }
        if own {
            self.come_and_go(trial, &mut place).await;
        }
        self.places.push(place);
    }

    /// What the judge does and says before the subjects come: something for all, something for the bench, something for one.
    async fn speak(&mut self, trial: &Trial, place: &mut Place) {
        let (judge, plaintiff) = (trial.judge(), trial.seat(Capacity::Plaintiff));
        let (room, index) = (place.room, self.places.len());
        if matches!(place.phase, Phase::Open | Phase::Closed | Phase::Ended) {
            judge.must(room, json!({"kind": "sitting.open"})).await;
        }
        let mut said = |what: &str, who: Who| {
            let word = format!("CNRY{what}{index}");
            let file = matches!(what, "File" | "Photo");
            self.canaries.keep(word.clone(), Secret::Said { place: index, who, file });
            word
        };
        let both = || Who::Members([judge.member, plaintiff.member].into());
        judge.says(room, &said("Open", Who::Everyone)).await;
        let to_bench = json!({"kind": "speech.text", "text": said("Bench", Who::Bench), "to": "bench"});
        judge.must(room, to_bench).await;
        judge.tells(room, &said("Private", both()), &[&plaintiff]).await;
        let secret = self.house.upload(judge.person, FileKind::Photo, &format!("{}.jpg", said("File", both()))).await;
        let to = json!({"members": [plaintiff.member]});
        judge.must(room, json!({"kind": "speech.photo", "blob": secret, "to": to})).await;
        let shown =
            self.house.upload(judge.person, FileKind::Photo, &format!("{}.jpg", said("Photo", Who::Everyone))).await;
        judge.must(room, json!({"kind": "speech.photo", "blob": shown})).await;
        let state = self.house.desk().room(room).await.expect("a store").expect("the room");
        place.photo = Some(state.seq);
        if place.phase == Phase::Open && !place.accepted.is_empty() {
            // To a judge: the clerks see it too (architecture 5, no. 86).
            let clerks = [trial.seat(Capacity::CourtClerk).member, trial.seat(Capacity::JudgeAssistant).member];
            let seen = [judge.member, plaintiff.member].into_iter().chain(clerks).collect();
            plaintiff.tells(room, &said("ToJudge", Who::Members(seen)), &[&judge]).await;
            plaintiff.must(room, here(&said("Place", Who::Everyone))).await;
        }
    }

    /// The judge asks: the plaintiff alone, in words of their own, and everybody who may answer, for the subjects to try.
    async fn ask(&mut self, trial: &Trial, place: &mut Place) {
        let (judge, plaintiff) = (trial.judge(), trial.seat(Capacity::Plaintiff));
        let (room, index) = (place.room, self.places.len());
        let policy = Policy::builtin();
        let present = |seat: &&Seat| place.members.contains_key(&seat.member);
        let seats: Vec<&Seat> = trial.seats.iter().filter(present).collect();
        let bench = seats.iter().filter(|seat| policy.is_bench(seat.capacity)).map(|seat| seat.member);
        let seen: BTreeSet<MemberId> = bench.chain([plaintiff.member]).collect();
        let mut said = |what: &str| {
            let word = format!("CNRY{what}{index}");
            let who = Who::Members(seen.clone());
            let file = what == "MatterFile";
            self.canaries.keep(word.clone(), Secret::Said { place: index, who, file });
            word
        };
        let deadline = rfc3339(place.window.1 - Duration::minutes(5));
        let issue = |title: &str, text: &str, targets: &[MemberId]| json!({"kind": "matter.issue", "title": title, "text": text, "targets": targets, "deadline": deadline});
        let file = self.house.upload(judge.person, FileKind::Document, &format!("{}.pdf", said("MatterFile"))).await;
        let mut secret = issue(&said("MatterTitle"), &said("Matter"), &[plaintiff.member]);
        secret["attachments"] = json!([file]);
        let secret = judge.must(room, secret).await["id"].clone();
        let drafted = judge.must(room, issue("待办", "请填写", &[plaintiff.member])).await["id"].clone();
        if place.accepted.contains(&plaintiff.member) {
            let answer = json!({"kind": "matter.answer", "matter": secret, "text": said("Answer")});
            plaintiff.must(room, answer).await;
            let word = format!("CNRYDraft{index}");
            self.canaries.keep(word.clone(), Secret::Own { place: index, member: plaintiff.member });
            let path = format!("/api/rooms/{room}/matters/{}/draft", drafted.as_str().expect("an id"));
            let saved =
                plaintiff.caller.clone().write(axum::http::Method::PUT, &path, &[], json!({"text": word})).await;
            assert_eq!(saved.status, 204, "{}", crate::kit::said(&saved));
        }
        let may_answer = |seat: &&&Seat| policy.ever_allows(Kind::MatterAnswer, seat.capacity);
        let asked: BTreeSet<MemberId> = seats.iter().filter(may_answer).map(|seat| seat.member).collect();
        let all: Vec<_> = asked.iter().copied().collect();
        let answer = crate::kit::id_of(&judge.must(room, issue("待办", "请办理", &all)).await["id"]);
        let draft = crate::kit::id_of(&judge.must(room, issue("待办", "请起草", &all)).await["id"]);
        place.matters = Some(Matters { answer, draft, asked });
    }

    /// Somebody from outside applies to act for the plaintiff: it is for the bench and for those whom it concerns.
    async fn apply(&mut self, trial: &Trial, place: &mut Place) {
        let index = self.places.len();
        let policy = Policy::builtin();
        let plaintiff = trial.seat(Capacity::Plaintiff);
        let present = |seat: &&Seat| place.members.contains_key(&seat.member);
        let bench = trial.seats.iter().filter(present).filter(|seat| policy.is_bench(seat.capacity));
        place.concerned = bench.map(|seat| seat.member).chain([plaintiff.member]).collect();
        let mut said = |what: &str, file: bool| {
            let word = format!("CNRY{what}{index}");
            let who = Who::Members(place.concerned.clone());
            self.canaries.keep(word.clone(), Secret::Said { place: index, who, file });
            word
        };
        let applicant = self.cast.applicant;
        let upload = self.house.upload(applicant, FileKind::Photo, &format!("{}.jpg", said("Paper", true))).await;
        let file = desk::uploads::finished_file(self.house.desk(), applicant, upload).await.expect("a store");
        // A photo of known size has one page, and nobody need look at it to say so.
        let file = file.map(|file| court::File { width: Some(100), height: Some(100), ..file });
        let (member, name, capacity) =
            (MemberId(self.house.desk().chance.id()), said("Applicant", true), Capacity::PlaintiffAgent);
        let by = court::agency::By { member, person: applicant, name: name.clone(), capacity };
        let apply = court::agency::Apply {
            mandate: place.mandate,
            agent: court::Member { id: member, person: Some(applicant), name, acting: None, capacity, ended: None },
            party: plaintiff.member,
            authority: court::agency::Authority { scope: court::agency::Scope::General, powers: Default::default() },
            file: file.expect("a file"),
        };
        let report = court::Report::Agency(Box::new((by, court::agency::Told::Applied(apply))));
        self.house.desk().report_using(place.room, report, vec![upload]).await.expect("it is told");
    }

    /// The clerk files something in each folder; what the first room of a case gets is for the subjects to try.
    async fn file(&mut self, trial: &Trial, place: &Place) {
        let index = self.places.len();
        let mut filed = Vec::new();
        for (folder, what) in [("main", "Dossier"), ("auxiliary", "Auxiliary")] {
            let title = format!("CNRY{what}{index}");
            let scan = format!("CNRY{what}Scan{index}");
            for word in [&title, &scan] {
                self.canaries.keep(word.clone(), Secret::Filed { case: place.case, shared: None });
            }
            filed.push(files(self.house, trial, place.room, folder, &title, &scan).await);
        }
        self.entries.entry(place.case).or_insert(Entries { moved: filed[0], unopened: filed[1] });
    }

    /// The judge shares two of the dossier with everybody.
    async fn share(&mut self, trial: &Trial, place: &mut Place) {
        let index = self.places.len();
        let mut shared = Vec::new();
        for what in ["SharedA", "SharedB"] {
            let word = format!("CNRY{what}{index}");
            self.canaries.keep(word.clone(), Secret::Filed { case: place.case, shared: Some(index) });
            let entry = files(self.house, trial, place.room, "main", &word, "材料").await;
            shared.push(shares(trial, place.room, entry).await);
        }
        // For judges to take back, since after the end nothing more is shared.
        for _ in 0..if place.phase == Phase::Ended { SPARE } else { 0 } {
            let entry = files(self.house, trial, place.room, "main", "另件", "另件").await;
            shares(trial, place.room, entry).await;
        }
        place.shares = Some(Shares { open: shared[0], unopened: shared[1] });
    }

    /// Some leave for good, one comes back.
    async fn come_and_go(&mut self, trial: &Trial, place: &mut Place) {
        let judge = trial.judge();
        for seat in [&self.cast.ended, &self.cast.ended_in_case, &self.cast.returned] {
            judge.must(place.room, json!({"kind": "member.end", "member": seat.member, "reason": "委托终止"})).await;
            place.members.insert(seat.member, false);
        }
        let back = self.cast.returned.member;
        judge.must(place.room, json!({"kind": "member.admit", "participant": back})).await;
        place.members.insert(back, true);
    }
}

fn name(own: bool, trial: &Trial, phase: Phase, read: bool) -> String {
    let read = if read { "read" } else { "unread" };
    if own { format!("{}/{read}", phase.code()) } else { format!("{}/{}/{read}", trial.case, phase.code()) }
}
