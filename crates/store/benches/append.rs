//! What group commit is worth, as ratios taken in one run on one disk.
//!
//! 1. 64 writers over 32 records, each waiting for its acknowledgement, against the bare insertion of the same rows (acts and their
//!    answers) in transactions of as many rows as the writers can have under way: at least 60 %.
//! 2. One writer's median acknowledgement against the median of one synced append of 4 KiB to a file in the same folder: at most twice.
//!
//! `scripts/with-postgres cargo bench -p store` measures both databases; without a server, SQLite alone.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use court::{ActId, MemberId, PersonId};
use record::{Hash, Head, Leaf, commit};
use sqlx::{Connection, PgConnection, Postgres, QueryBuilder, Sqlite, SqliteConnection};
use store::{Answer, Append, Datum, NewAct, Person, Place, Seals, Store, StoreError, StoreOptions};
use tokio::sync::Mutex;
use uuid::Uuid;

const WRITERS: usize = 64;
const RECORDS: usize = 32;
const ROUNDS: usize = 5;
const PHASE: Duration = Duration::from_millis(1500);
/// As many as SQLite and the store take in one statement of this width.
const WIDE: usize = 500;

/// Seals nothing: what is measured has nothing to do with it.
struct Open;

impl Seals for Open {
    fn seal(&self, _: Place, plain: &[u8]) -> Vec<u8> {
        plain.to_vec()
    }

    fn open(&self, _: Place, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        Ok(sealed.to_vec())
    }

    fn is_current(&self, _: &[u8]) -> bool {
        true
    }

    fn blind(&self, _: Datum, value: &str) -> [u8; 32] {
        Hash::of(value.as_bytes()).0
    }
}

static NEXT: AtomicU64 = AtomicU64::new(1);

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a temporary folder");
    runtime.block_on(async {
        let sqlite = format!("sqlite://{}/weiting.db", folder.path().display());
        measure("SQLite", &sqlite, folder.path()).await;
        match std::env::var("WEITING_TEST_POSTGRES") {
            Err(_) => println!("PostgreSQL: not measured; run under scripts/with-postgres"),
            Ok(server) => {
                let mut admin = PgConnection::connect(&server).await.expect("the server");
                sqlx::query("DROP DATABASE IF EXISTS weiting_bench")
                    .execute(&mut admin)
                    .await
                    .expect("no old database");
                sqlx::query("CREATE DATABASE weiting_bench TEMPLATE template0")
                    .execute(&mut admin)
                    .await
                    .expect("a database");
                let (base, _) = server.rsplit_once('/').expect("an address with a database");
                measure("PostgreSQL", &format!("{base}/weiting_bench"), folder.path()).await;
                sqlx::query("DROP DATABASE weiting_bench WITH (FORCE)").execute(&mut admin).await.expect("cleaned up");
            }
        }
    });
}

async fn measure(name: &str, database: &str, folder: &Path) {
    let options = StoreOptions {
        database: database.to_owned(),
        blobs: format!("file://{}/blobs", folder.display()),
        staging: folder.join("staging"),
        max_readers: 4,
    };
    let store = Store::open(options, |_| {}).await.expect("a store");
    store.unlock(Arc::new(Open)).await.expect("nothing is there yet");
    let person = Person {
        id: PersonId(id()),
        pseudonym: "p1".to_owned(),
        name: "顾清和".to_owned(),
        phone: "13900000001".to_owned(),
        verified: true,
        created_at: 0,
    };
    store.put_person(&person).await.expect("a person");
    let mut bare = Bare::connect(database).await;
    println!("{name}");
    println!(
        "  round   sync p50   ack p50   ratio │ bare {WRITERS}    bare {WIDE}   {WRITERS} writers   of bare {WRITERS}   of bare {WIDE}"
    );
    let (mut latency, mut rate) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let sync = synced_appends(folder);
        let ack = one_writer(&store, person.id).await;
        let narrow = bare.insert(person.id, WRITERS).await;
        let writers = many_writers(&store, person.id).await;
        let wide = bare.insert(person.id, WIDE).await;
        // The first round warms caches and statements.
        if round == 0 {
            continue;
        }
        latency.push(ack / sync);
        rate.push(writers / narrow);
        println!(
            "  {round:5} {:7.2} ms {:6.2} ms {:7.2} │ {narrow:7.0}/s {wide:8.0}/s {writers:9.0}/s {:10.0} % {:12.0} %",
            sync * 1e3,
            ack * 1e3,
            ack / sync,
            100.0 * writers / narrow,
            100.0 * writers / wide
        );
    }
    let (latency, rate) = (median(latency), median(rate));
    println!(
        "  median: acknowledgement {latency:.2} × one synced append (wanted: at most 2.00) · {WRITERS} writers {:.0} % of bare \
         (wanted: at least 60 %){}\n",
        100.0 * rate,
        if latency <= 2.0 && rate >= 0.6 { "" } else { " · NOT MET" }
    );
    store.close().await;
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The median time of one append of 4 KiB with its fsync, in seconds.
fn synced_appends(folder: &Path) -> f64 {
    let path = folder.join("appended");
    let mut file = std::fs::File::create(&path).expect("a file");
    let block = [7; 4096];
    let mut times = Vec::new();
    let end = Instant::now() + PHASE;
    while Instant::now() < end {
        let begun = Instant::now();
        file.write_all(&block).expect("written");
        file.sync_all().expect("synced");
        times.push(begun.elapsed().as_secs_f64());
    }
    std::fs::remove_file(path).expect("removed");
    median(times)
}

/// The median time from asking to acknowledgement with nobody else about, in seconds.
async fn one_writer(store: &Store, person: PersonId) -> f64 {
    let mut speaker = Speaker { record: id(), person, head: Head::EMPTY };
    let mut times = Vec::new();
    let end = Instant::now() + PHASE;
    while Instant::now() < end {
        let append = speaker.says();
        let begun = Instant::now();
        store.append(append).await.expect("stored");
        times.push(begun.elapsed().as_secs_f64());
    }
    median(times)
}

/// Acts acknowledged per second to writers who each wait for their own. Two share a record: the second decides on the first's act while
/// that is still on its way, as the engine does.
async fn many_writers(store: &Store, person: PersonId) -> f64 {
    let records: Vec<_> =
        (0..RECORDS).map(|_| Arc::new(Mutex::new(Speaker { record: id(), person, head: Head::EMPTY }))).collect();
    let begun = Instant::now();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (store, speaker) = (store.clone(), records[writer % RECORDS].clone());
            tokio::spawn(async move {
                let mut acknowledged = 0u64;
                while begun.elapsed() < PHASE {
                    let pending = {
                        let mut speaker = speaker.lock().await;
                        let append = speaker.says();
                        store.append(append)
                    };
                    pending.await.expect("stored");
                    acknowledged += 1;
                }
                acknowledged
            })
        })
        .collect();
    let mut acknowledged = 0;
    for writer in writers {
        acknowledged += writer.await.expect("a writer");
    }
    acknowledged as f64 / begun.elapsed().as_secs_f64()
}

/// A connection that only inserts.
enum Bare {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// The same statements for both kinds of database.
macro_rules! insert_rows {
    ($kind:ty, $connection:expr, $batch:expr) => {{
        let mut transaction = $connection.begin().await.expect("a transaction");
        let mut acts = QueryBuilder::<$kind>::new(
            "INSERT INTO act (record, seq, id, at, person, pseudonym, member, capacity, kind, body, body_salt, audience, \
             audience_salt, leaf, prev) ",
        );
        acts.push_values($batch, |mut row, append: &Append| {
            let act = &append.acts[0];
            row.push_bind(append.record)
                .push_bind(act.seq as i64)
                .push_bind(act.id.0)
                .push_bind(act.at)
                .push_bind(act.person.map(|id| id.0))
                .push_bind(&act.pseudonym)
                .push_bind(act.member.map(|id| id.0))
                .push_bind(&act.capacity)
                .push_bind(&act.kind)
                .push_bind(&act.body)
                .push_bind(&act.body_salt[..])
                .push_bind(&act.audience)
                .push_bind(&act.audience_salt[..])
                .push_bind(&act.leaf.0[..])
                .push_bind(&act.prev.0[..]);
        });
        acts.build().execute(&mut *transaction).await.expect("acts");
        let mut answers = QueryBuilder::<$kind>::new("INSERT INTO answer (slot, person, key, request, response, at) ");
        answers.push_values($batch, |mut row, append: &Append| {
            let answer = append.answer.as_ref().expect("an answer");
            row.push_bind(Hash::of(answer.key.as_bytes()).0.to_vec())
                .push_bind(answer.person.0)
                .push_bind(&answer.key)
                .push_bind(&answer.request.0[..])
                .push_bind(&answer.response)
                .push_bind(answer.at);
        });
        answers.build().execute(&mut *transaction).await.expect("answers");
        transaction.commit().await.expect("committed");
    }};
}

impl Bare {
    async fn connect(database: &str) -> Bare {
        if database.starts_with("sqlite:") {
            let options: sqlx::sqlite::SqliteConnectOptions = database.parse().expect("an address");
            let options = options
                .synchronous(sqlx::sqlite::SqliteSynchronous::Full)
                .pragma("wal_autocheckpoint", "0")
                .pragma("cache_size", "-65536");
            Bare::Sqlite(SqliteConnection::connect_with(&options).await.expect("a connection"))
        } else {
            Bare::Postgres(PgConnection::connect(database).await.expect("a connection"))
        }
    }

    /// Rows per second, in transactions of `rows` acts that are made beforehand.
    async fn insert(&mut self, person: PersonId, rows: usize) -> f64 {
        let begun = Instant::now();
        let (mut inserted, mut making) = (0, Duration::ZERO);
        let mut speakers: Vec<_> = (0..RECORDS).map(|_| Speaker { record: id(), person, head: Head::EMPTY }).collect();
        while begun.elapsed() - making < PHASE {
            let at = Instant::now();
            let batch: Vec<Append> = (0..rows).map(|row| speakers[row % RECORDS].says()).collect();
            making += at.elapsed();
            match self {
                Bare::Sqlite(connection) => insert_rows!(Sqlite, connection, &batch),
                Bare::Postgres(connection) => insert_rows!(Postgres, connection, &batch),
            }
            inserted += rows;
        }
        inserted as f64 / (begun.elapsed() - making).as_secs_f64()
    }
}

fn id() -> Uuid {
    // Ordered like the identifiers of acts, which begin with the time.
    Uuid::from_u128(u128::from(NEXT.fetch_add(1, Ordering::Relaxed)) << 64 | 0x7000_8000_0000_0000)
}

struct Speaker {
    record: Uuid,
    person: PersonId,
    head: Head,
}

impl Speaker {
    /// A message of about 400 bytes under an idempotency key.
    fn says(&mut self) -> Append {
        let (id, expected, seq) = (id(), self.head, self.head.seq + 1);
        let text = "我方已按合同约定交付全部货物，对方至今未付余款。".repeat(5);
        let body = format!("{{\"capacity\":\"plaintiff\",\"text\":\"{text}\"}}");
        let audience = "{\"audience\":\"everyone\",\"hint\":\"原告发言\"}".to_owned();
        let salt = [7; 32];
        let leaf = Leaf {
            court: "沪0113",
            record: self.record,
            seq,
            kind: "speech.text",
            at: seq as i64,
            actor: "p1",
            prev: expected.leaf,
            body: commit(&salt, body.as_bytes()),
            audience: commit(&salt, audience.as_bytes()),
        }
        .hash();
        self.head = Head { seq, leaf };
        let act = NewAct {
            id: ActId(id),
            seq,
            at: seq as i64,
            person: Some(self.person),
            pseudonym: "p1".to_owned(),
            member: Some(MemberId(self.person.0)),
            capacity: "plaintiff".to_owned(),
            kind: "speech.text".to_owned(),
            body,
            body_salt: salt,
            audience,
            audience_salt: salt,
            leaf,
            prev: expected.leaf,
        };
        let answer = Answer {
            person: self.person,
            key: id.to_string(),
            request: Hash::of(id.as_bytes()),
            response: format!(
                "{{\"seq\":{seq},\"id\":\"{id}\",\"at\":\"2026-11-20T06:00:00.000000Z\",\"leaf\":\"{leaf}\"}}"
            ),
            at: seq as i64,
        };
        Append {
            record: self.record,
            founding: None,
            expected,
            acts: vec![act],
            jobs: Vec::new(),
            effects: Vec::new(),
            answer: Some(answer),
        }
    }
}
