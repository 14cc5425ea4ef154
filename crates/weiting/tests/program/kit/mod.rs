//! What these tests stand on: the whole program on a fresh database, and a case with people in it who speak HTTP.

pub(crate) mod exchange;
mod eyes;
pub(crate) mod ink;
pub(crate) mod logs;
mod node;
pub(crate) mod socket;
mod trial;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use attestation::{CourtLog, Kept};
use axum::Router;
use court::{CaseId, FileKind, MemberId, PersonId, Policy, RoomId, SittingKind, UploadId};
use desk::testkit::{Answer, Caller, Kit};
use desk::{Desk, Parts};
use record::note::SigningKey;
use serde_json::{Value, json};
use store::kit::{TestDatabase, Which};
use store::{FinishedUpload, UploadRow};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

pub(crate) use eyes::{Eyes, Sight};
pub(crate) use node::Node;
pub(crate) use socket::{Served, Socket};
pub(crate) use trial::{Seat, Trial};

/// The whole program in this process.
pub(crate) struct House {
    pub(crate) kit: Kit,
    pub(crate) app: Router,
    pub(crate) keys: Keys,
    /// Last, so that it outlives the desk.
    pub(crate) database: TestDatabase,
}

/// Idempotency keys, each given out once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys(Arc<AtomicU64>);

impl Keys {
    pub(crate) fn next(&self) -> String {
        format!("key-{}", self.0.fetch_add(1, Ordering::Relaxed))
    }
}

impl House {
    /// The program on this database.
    pub(crate) async fn on(database: TestDatabase) -> House {
        House::with(database, |_| {}).await
    }

    /// The program on this database with other settings than the kit's.
    pub(crate) async fn with(database: TestDatabase, set: impl FnOnce(&mut desk::Config)) -> House {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let kit = Kit::on(&database.options().database, folder, set).await;
        let app = weiting::router(&kit.desk).expect("policy and API fit together");
        House { kit, app, keys: Keys::default(), database }
    }

    /// Writes the key file of this house where the command line of a demonstration looks for one.
    pub(crate) fn keep_key_file(&self) {
        let file = self.kit.folder().join("vault.key");
        std::fs::write(&file, "07".repeat(32)).expect("a key file");
        let owner = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&file, owner).expect("a key file for its owner");
    }

    /// The program on SQLite.
    pub(crate) async fn sqlite() -> House {
        House::on(TestDatabase::fresh(Which::Sqlite).await).await
    }

    /// The same program, but deciding by another policy.
    pub(crate) fn under(mut self, policy: Policy) -> House {
        let desk = &self.kit.desk;
        let parts = Parts {
            config: desk.config.clone(),
            policy: Arc::new(policy),
            store: desk.store.clone(),
            hub: desk.hub.clone(),
            tickets: Default::default(),
            uploads: Default::default(),
            files: Default::default(),
            worker: desk.worker.clone(),
            views: Default::default(),
            sms: self.kit.sms.clone(),
            phone: desk.phone.clone(),
            identity: desk.identity.clone(),
            push: desk.push.clone(),
            vault: desk.vault.clone(),
            clock: self.kit.clock.clone(),
            chance: desk.chance.clone(),
            shutdown: desk.shutdown.clone(),
        };
        self.kit.desk = Desk::new(parts);
        self.app = weiting::router(&self.kit.desk).expect("policy and API fit together");
        self
    }

    /// The court's log on this house's database, with a key of the tests and the last checkpoint kept beside the database.
    pub(crate) fn log(&self) -> CourtLog {
        let folder = self.kit.folder();
        let file = folder.join("log.key");
        if !file.exists() {
            std::fs::write(&file, format!("{}\n", "07".repeat(32))).expect("a key file");
        }
        let key = SigningKey::log(&CourtLog::origin("沪0113", 1), &[7; 32]).expect("a key");
        CourtLog::new("沪0113", key, Kept::at(&folder.join("log.checkpoint")))
    }

    /// Puts everything that was done up to now into the log.
    pub(crate) async fn signs(&self) {
        let came = self.log().catch_up(self.desk()).await.expect("the log can be grown");
        assert!(came.damaged.is_empty(), "{:?}", came.damaged);
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.kit.desk
    }

    pub(crate) fn stranger(&self) -> Caller {
        self.kit.stranger(&self.app)
    }

    /// A file of this person that has arrived and was taken, without the way over tus.
    pub(crate) async fn upload(&self, person: PersonId, kind: FileKind, name: &str) -> UploadId {
        self.upload_of(person, kind, name, bytes::Bytes::from_static(b"123456789")).await
    }

    /// The same with these bytes.
    pub(crate) async fn upload_of(
        &self,
        person: PersonId,
        kind: FileKind,
        name: &str,
        content: bytes::Bytes,
    ) -> UploadId {
        let length = content.len() as u64;
        let id = UploadId(self.desk().chance.id());
        let now = self.kit.micros();
        let row = UploadRow {
            id,
            person,
            name: name.to_owned(),
            length,
            offset: 0,
            created_at: now,
            expires_at: now + 24 * 3_600_000_000,
            finished: None,
            used: false,
            purpose: store::Purpose::Record,
        };
        let store = &self.desk().store;
        store.create_upload(&row).await.expect("an upload can be begun");
        let part = futures_util::stream::iter([Ok::<_, std::io::Error>(content.clone())]);
        store.receive(person, id, 0, part).await.expect("bytes can be stored");
        let sha256 = store.blobs().put_bytes(content).await.expect("bytes can be kept");
        let (kind, media_type) = match kind {
            FileKind::Photo => ("photo", "image/jpeg"),
            FileKind::Video => ("video", "video/mp4"),
            FileKind::Voice => ("voice", "audio/mpeg"),
            FileKind::Document => ("document", "application/pdf"),
        };
        let found = FinishedUpload {
            sha256,
            size: length,
            media_type: media_type.to_owned(),
            kind: kind.to_owned(),
            width: None,
            height: None,
            seconds: None,
            // As if it had been looked at: what was found is shown to whoever sees the file.
            warnings: if kind == "photo" { r#"["far_photo"]"# } else { "[]" }.to_owned(),
        };
        store.finish_upload(id, &found, now).await.expect("an upload can be finished");
        id
    }

    /// Notes that this person has put their signature on a file of this name, as the tool does.
    pub(crate) async fn signs_own_file(&self, person: PersonId, name: &str) {
        let (id, now) = (self.desk().chance.id(), self.kit.micros());
        let hash = record::Hash::of(name.as_bytes());
        let used = store::SignatureUse {
            id,
            person,
            at: now,
            signature: hash,
            name: name.to_owned(),
            document: hash,
            result: hash,
            places: json!([{"page": 2, "x": 1.0, "y": 1.0, "width": 40.0, "height": 16.0}]).to_string(),
            method: "sms".to_owned(),
        };
        let proof = store::StepUpRow {
            id,
            session: court::SessionId(id),
            purpose: "signature.place".to_owned(),
            object: name.to_owned(),
            method: used.method.clone(),
            granted_at: now,
            expires_at: now + 1,
        };
        let found = FinishedUpload {
            sha256: hash,
            size: 1,
            media_type: "application/pdf".to_owned(),
            kind: "document".to_owned(),
            width: None,
            height: None,
            seconds: None,
            warnings: "[]".to_owned(),
        };
        let result = UploadRow {
            id: UploadId(id),
            person,
            name: name.to_owned(),
            length: 1,
            offset: 1,
            created_at: now,
            expires_at: now + 1,
            finished: Some(found),
            used: false,
            purpose: store::Purpose::Tool,
        };
        let answer = store::Answer { person, key: id.to_string(), request: hash, response: String::new(), at: now };
        let store = &self.desk().store;
        store.put_step_up(&proof).await.expect("a store");
        store.note_signature_use(&used, id, &result, &answer).await.expect("a store");
    }

    /// Schedules a mediation; fails the test if that is refused.
    pub(crate) async fn schedule(
        &self,
        caller: &mut Caller,
        case: CaseId,
        (opens, closes): (Duration, Duration),
        members: &[MemberId],
    ) -> RoomId {
        let now = self.desk().now();
        let body = json!({
            "kind": SittingKind::Mediation,
            "opens_at": rfc3339(now + opens),
            "closes_at": rfc3339(now + closes),
            "members": members,
        });
        let answer = caller.post_once(&format!("/api/cases/{case}/sittings"), &self.keys.next(), body).await;
        assert_eq!(answer.status, 201, "{}", said(&answer));
        id_of(&answer.json()["room"])
    }
}

/// Asks to send a location, described by these words, with consent.
pub(crate) fn here(address: &str) -> Value {
    json!({
        "kind": "location.send", "latitude": 31.400_321, "longitude": 121.489_612, "accuracy_m": 12.5,
        "coordinate": "wgs84", "address": address, "consent": true,
    })
}

/// The body of an answer, for a test that fails.
pub(crate) fn said(answer: &Answer) -> String {
    format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body))
}

/// A problem without what names this one request.
pub(crate) fn without_instance(answer: &Answer) -> Value {
    let mut body = answer.json();
    if let Some(body) = body.as_object_mut() {
        body.remove("instance");
    }
    body
}

pub(crate) fn id_of<T: std::str::FromStr>(value: &Value) -> T {
    value.as_str().and_then(|text| text.parse().ok()).expect("an id")
}

pub(crate) fn rfc3339(instant: OffsetDateTime) -> String {
    instant.format(&Rfc3339).expect("an instant can be written")
}
