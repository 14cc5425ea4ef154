//! Invented people and acts, and the questions that many tests ask of a record.

use std::sync::atomic::{AtomicU64, Ordering};

use court::{ActId, CaseId, MemberId, PersonId, RoomId, UploadId};
use record::{ChainVerifier, Hash, Head, Leaf, StoredLeaf, commit};
use uuid::Uuid;

use crate::{Answer, Append, AppendError, CaseRow, FinishedUpload, NewAct, NewRoom, Person, Store, UploadRow};

pub(crate) const COURT: &str = "沪0113";
pub(crate) const NOON: i64 = 1_795_147_200_000_000;
pub(crate) const SECOND: i64 = 1_000_000;

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A new id; no two of one test process are equal.
pub(crate) fn id() -> Uuid {
    Uuid::from_u128(u128::from(NEXT.fetch_add(1, Ordering::Relaxed)) << 8 | 0x77)
}

/// A person who is in the database.
pub(crate) async fn person(store: &Store) -> Person {
    let id = id();
    let person = Person {
        id: PersonId(id),
        pseudonym: format!("p-{id}"),
        name: "顾清和".to_owned(),
        phone: format!("139{:08}", id.as_u128() >> 8),
        verified: true,
        created_at: NOON,
    };
    store.put_person(&person).await.unwrap();
    person
}

/// A case that is in the database.
pub(crate) async fn case(store: &Store) -> CaseId {
    let id = id();
    let row = CaseRow {
        id: CaseId(id),
        number: format!("(2026)沪0113民初{}号", id.as_u128() >> 8),
        title: "甲公司 诉 乙公司".to_owned(),
        cause: "买卖合同纠纷".to_owned(),
        court: COURT.to_owned(),
        stage: "first_instance".to_owned(),
        filed_on: "2026-11-02".to_owned(),
        status: "open".to_owned(),
    };
    store.put_case(&row).await.unwrap();
    row.id
}

/// Acts of one record, sealed one after the other as the engine does it.
#[derive(Clone, Debug)]
pub(crate) struct Speaker {
    pub(crate) record: Uuid,
    pub(crate) person: PersonId,
    pub(crate) head: Head,
}

impl Speaker {
    pub(crate) fn new(person: &Person) -> Speaker {
        Speaker { record: id(), person: person.id, head: Head::EMPTY }
    }

    /// The same room through the eyes of another node.
    pub(crate) fn at(record: Uuid, person: PersonId, head: Head) -> Speaker {
        Speaker { record, person, head }
    }

    /// The next act, chained onto the head, which moves.
    pub(crate) fn act(&mut self, text: &str) -> NewAct {
        let id = id();
        let body = format!("{{\"text\":\"{text}\",\"id\":\"{id}\"}}");
        let audience = "{\"audience\":\"everyone\"}".to_owned();
        let salts = ([7; 32], [9; 32]);
        let seq = self.head.seq + 1;
        let at = NOON + seq as i64;
        let leaf = Leaf {
            court: COURT,
            record: self.record,
            seq,
            kind: "speech.text",
            at,
            actor: "p1",
            prev: self.head.leaf,
            body: commit(&salts.0, body.as_bytes()),
            audience: commit(&salts.1, audience.as_bytes()),
        }
        .hash();
        let act = NewAct {
            id: ActId(id),
            seq,
            at,
            person: Some(self.person),
            pseudonym: "p1".to_owned(),
            member: Some(MemberId(self.person.0)),
            capacity: "plaintiff".to_owned(),
            kind: "speech.text".to_owned(),
            body,
            body_salt: salts.0,
            audience,
            audience_salt: salts.1,
            leaf,
            prev: self.head.leaf,
        };
        self.head = Head { seq, leaf };
        act
    }

    /// An append of one act.
    pub(crate) fn says(&mut self, text: &str) -> Append {
        let expected = self.head;
        Append {
            record: self.record,
            founding: None,
            expected,
            acts: vec![self.act(text)],
            jobs: Vec::new(),
            effects: Vec::new(),
            answer: None,
        }
    }

    /// An append of one act under an idempotency key.
    pub(crate) fn says_under(&mut self, key: &str, text: &str) -> Append {
        let mut append = self.says(text);
        append.answer = Some(Answer {
            person: self.person,
            key: key.to_owned(),
            request: Hash::of(text.as_bytes()),
            response: format!("{{\"seq\":{}}}", self.head.seq),
            at: NOON,
        });
        append
    }

    /// The append that founds this record as a room of a case.
    pub(crate) fn founds(&mut self, case: CaseId) -> Append {
        let mut append = self.says("排期");
        append.founding =
            Some(NewRoom { case, kind: "micro_court".to_owned(), opens_at: NOON, closes_at: NOON + 3600 * SECOND });
        append
    }

    pub(crate) fn room(&self) -> RoomId {
        RoomId(self.record)
    }
}

/// Appends an act, and does what the engine does after a conflict: reads where the record stands and decides again.
pub(crate) async fn say_until_stored(store: &Store, record: Uuid, person: PersonId, text: &str) -> ActId {
    loop {
        let head = store.head(record).await.unwrap().unwrap_or(Head::EMPTY);
        let append = Speaker::at(record, person, head).says(text);
        let id = append.acts[0].id;
        match store.append(append).await {
            Ok(()) => return id,
            Err(AppendError::Conflict) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

/// Reads a whole record, recomputes every leaf, and compares the end with the head that the store names. Returns the ids in order.
pub(crate) async fn verified(store: &Store, record: Uuid) -> Vec<ActId> {
    let mut verifier = ChainVerifier::new(COURT, record);
    let mut ids = Vec::new();
    loop {
        let page = store.acts(record, ids.len() as u64, u64::MAX, 500).await.unwrap();
        if page.is_empty() {
            break;
        }
        for act in page {
            verifier
                .take(&StoredLeaf {
                    seq: act.seq,
                    kind: &act.kind,
                    at: act.at,
                    actor: &act.pseudonym,
                    body: act.body.as_bytes(),
                    body_salt: &act.body_salt,
                    audience: act.audience.as_bytes(),
                    audience_salt: &act.audience_salt,
                    leaf: act.leaf,
                })
                .unwrap();
            ids.push(act.id);
        }
    }
    verifier.ends_at(store.head(record).await.unwrap().unwrap_or(Head::EMPTY)).unwrap();
    ids
}

/// An upload of `length` bytes that is in the database and has a staged file.
pub(crate) async fn upload(store: &Store, person: PersonId, length: u64) -> UploadRow {
    let row = row(person, length);
    store.create_upload(&row).await.unwrap();
    row
}

/// The row of an upload that is to begin.
pub(crate) fn row(person: PersonId, length: u64) -> UploadRow {
    UploadRow {
        id: UploadId(id()),
        person,
        name: "借条.jpg".to_owned(),
        length,
        offset: 0,
        created_at: NOON,
        expires_at: NOON + 86_400 * SECOND,
        finished: None,
        used: false,
        purpose: crate::Purpose::Record,
    }
}

/// What the checks might have found in these bytes.
pub(crate) fn found(bytes: &[u8]) -> FinishedUpload {
    FinishedUpload {
        sha256: Hash::of(bytes),
        size: bytes.len() as u64,
        media_type: "image/jpeg".to_owned(),
        kind: "photo".to_owned(),
        width: Some(1080),
        height: Some(1440),
        seconds: None,
        warnings: "[]".to_owned(),
    }
}
