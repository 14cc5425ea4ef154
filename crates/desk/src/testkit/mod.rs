//! What the tests of every crate stand on: a fresh desk on an empty database, a clock that moves when told, chance that repeats
//! itself, an inbox for SMS, and a caller that speaks HTTP to a router without a network.
//!
//! Behind the cargo feature `testkit`; a program never has it.

mod caller;
mod doubles;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use court::{Capacity, CaseId, MemberId, PersonId, Policy, Role};
use store::{CaseRow, Participant, Person, Store, StoreOptions};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

pub use caller::{Answer, Caller};
pub use doubles::{FaceDouble, FixedChance, MovableClock, PhoneDouble, PushDouble, SmsInbox};

use crate::asking::{self, SessionKind};
use crate::files::Files;
use crate::live::Tickets;
use crate::uploads::Uploads;
use crate::views::Views;
use crate::worker::Worker;
use crate::{Clock, Config, Court, Desk, Hub, IdentityRules, KeyFile, Parts, Vault};

/// A desk of its own for one test, on an empty SQLite database in a folder that goes away with the kit.
pub struct Kit {
    pub desk: Desk,
    pub clock: Arc<MovableClock>,
    pub sms: Arc<SmsInbox>,
    pub phone: Arc<PhoneDouble>,
    pub push: Arc<PushDouble>,
    pub faces: Arc<FaceDouble>,
    folder: TempDir,
}

impl Kit {
    /// The origin under which the court of the tests is reached.
    pub const ORIGIN: &'static str = "https://court.example";
    /// The origin of its files.
    pub const FILES: &'static str = "https://files.court.example";

    /// A fresh desk.
    pub async fn new() -> Kit {
        Kit::with(|_| {}).await
    }

    /// A fresh desk whose uploads are looked through by this scanner.
    pub async fn scanned_by(scanner: Arc<dyn connect::scanner::Scanner>) -> Kit {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let database = format!("sqlite://{}/weiting.db", folder.path().display());
        Kit::made(&database, folder, |_| {}, Uploads::scanned_by(scanner)).await
    }

    /// A fresh desk with other settings than [`Kit::config`].
    pub async fn with(set: impl FnOnce(&mut Config)) -> Kit {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let database = format!("sqlite://{}/weiting.db", folder.path().display());
        Kit::on(&database, folder, set).await
    }

    /// A fresh desk on this database, e.g. an empty one of PostgreSQL; `folder` takes the files.
    pub async fn on(database: &str, folder: TempDir, set: impl FnOnce(&mut Config)) -> Kit {
        Kit::made(database, folder, set, Uploads::default()).await
    }

    async fn made(database: &str, folder: TempDir, set: impl FnOnce(&mut Config), uploads: Uploads) -> Kit {
        let mut config = Kit::config();
        set(&mut config);
        let policy = Arc::new(Policy::builtin());
        let hub = Hub::new(policy.clone());
        let store = open(database, folder.path(), &hub).await;
        let clock = Arc::new(MovableClock::default());
        let chance = Arc::new(FixedChance::default());
        let vault = Vault::open(&store, &config.court.code, &Kit::key_file(), chance.clone(), clock.now()).await;
        let vault = vault.expect("an empty store has no other key");
        let sms = Arc::new(SmsInbox::default());
        let phone = Arc::new(PhoneDouble::default());
        let push = Arc::new(PushDouble::default());
        let faces = Arc::new(FaceDouble::default());
        let desk = Desk::new(Parts {
            config,
            policy,
            store,
            hub,
            tickets: Tickets::default(),
            uploads,
            files: Files::default(),
            worker: Worker::here(folder.path().join("worker")),
            views: Views::default(),
            sms: sms.clone(),
            phone: Some(phone.clone()),
            identity: Some(faces.clone()),
            push: Some(push.clone()),
            vault,
            clock: clock.clone(),
            chance,
            shutdown: CancellationToken::new(),
        });
        Kit { desk, clock, sms, phone, push, faces, folder }
    }

    /// The settings of a court behind TLS, with bounds that no ordinary test meets.
    pub fn config() -> Config {
        Config {
            court: Court { code: "沪0113".to_owned(), name: "宝山区人民法院".to_owned() },
            origin: Kit::ORIGIN.to_owned(),
            files_origin: Kit::FILES.to_owned(),
            trusted_proxies: Vec::new(),
            request_timeout: Duration::from_secs(10),
            concurrency: 256,
            connections: 1_000,
            strong_reminders: true,
            codes_per_address: 20,
            identity: IdentityRules { valid_days: 1_095, keep_days: 90 },
            case_bytes: 1 << 40,
            links: Vec::new(),
            hotline: "12368".to_owned(),
            local_fees: Default::default(),
        }
    }

    /// The key file of the tests' vault.
    pub fn key_file() -> KeyFile {
        KeyFile::of([7; 32])
    }

    /// The folder in which the kit keeps everything.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// This moment in microseconds.
    pub fn micros(&self) -> i64 {
        court::beijing::micros(self.desk.now())
    }

    /// The routes as a program serves them: with everything that the rim does.
    pub fn app(&self, routes: OpenApiRouter<Desk>) -> Router {
        let (router, _) = routes.split_for_parts();
        crate::rim::rim(&self.desk, router.with_state(self.desk.clone()))
    }

    /// Somebody who has not logged in.
    pub fn stranger(&self, app: &Router) -> Caller {
        Caller::new(app.clone())
    }

    /// Somebody who has logged in on a browser and acts in this role, without the way over SMS.
    pub async fn caller(&self, app: &Router, person: PersonId, role: Option<Role>) -> Caller {
        let entry = asking::Entry { person, role, kind: SessionKind::Browser, agent: "testkit", ip: "127.0.0.1" };
        let (token, _) = asking::sign_in(&self.desk, entry).await.expect("a session can be stored");
        let name = asking::cookie_name(self.desk.config.secure());
        Caller::new(app.clone()).with_cookie(format!("{name}={}", token.expose()))
    }

    /// A program that acts for this person with a bearer token.
    pub async fn program(&self, app: &Router, person: PersonId, role: Option<Role>) -> Caller {
        let token = asking::program_token(&self.desk.store, &*self.desk.clock, &*self.desk.chance, person, role)
            .await
            .expect("a token can be stored");
        Caller::new(app.clone()).with_bearer(token)
    }

    /// A new person whose identity has been checked.
    pub async fn person(&self, name: &str, phone: &str) -> PersonId {
        let id = PersonId(self.desk.chance.id());
        let person = Person {
            id,
            pseudonym: hex::encode(self.desk.chance.bytes::<16>()),
            name: name.to_owned(),
            phone: phone.to_owned(),
            verified: true,
            created_at: self.micros(),
        };
        self.desk.store.put_person(&person).await.expect("a person can be stored");
        id
    }

    /// A new case without participants.
    pub async fn case(&self, number: &str, title: &str) -> CaseId {
        let id = CaseId(self.desk.chance.id());
        let case = CaseRow {
            id,
            number: number.to_owned(),
            title: title.to_owned(),
            cause: "买卖合同纠纷".to_owned(),
            court: self.desk.config.court.name.clone(),
            stage: "trial".to_owned(),
            filed_on: "2026-10-12".to_owned(),
            status: "open".to_owned(),
        };
        self.desk.store.put_case(&case).await.expect("a case can be stored");
        id
    }

    /// Makes a person a participant of a case.
    pub async fn participant(&self, case: CaseId, person: PersonId, name: &str, capacity: Capacity) -> MemberId {
        let id = MemberId(self.desk.chance.id());
        let participant = Participant {
            id,
            case,
            person,
            name: name.to_owned(),
            acting: None,
            capacity: capacity.code().to_owned(),
            role: capacity.role().code().to_owned(),
            ended_at: None,
        };
        self.desk.store.put_participant(&participant).await.expect("a participant can be stored");
        id
    }
}

async fn open(database: &str, folder: &Path, hub: &Hub) -> Store {
    let options = StoreOptions {
        database: database.to_owned(),
        blobs: format!("file://{}/blobs", folder.display()),
        staging: folder.join("staging"),
        max_readers: 4,
    };
    let hub = hub.clone();
    Store::open(options, move |committed: &[store::Committed]| hub.committed(committed))
        .await
        .expect("an empty store opens")
}
