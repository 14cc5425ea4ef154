//! A court of very many people: how soon somebody is found by the number of a document, and by a telephone number, though neither stands anywhere in
//! clear.
//!
//! `WEITING_BENCH_PEOPLE` says how many (10,000,000 for the promise); by default 300,000, which fill in a minute.

use std::time::Instant;

use anyhow::{Context, ensure};
use court::PersonId;
use record::Hash;
use sqlx::{Connection, PgConnection, Postgres, QueryBuilder, Sqlite, SqliteConnection};
use store::kit::{TestDatabase, Which};
use store::{Document, Person};
use uuid::Uuid;

use crate::court::House;
use crate::table::{Row, median, ms};

const PEOPLE: u64 = 300_000;
/// People who are looked for, among all others.
const KNOWN: u32 = 200;
/// Rows of one statement.
const AT_ONCE: u64 = 500;
/// Statements of one transaction.
const STATEMENTS: u64 = 40;
const TARGET: f64 = 0.005;

pub(crate) async fn measure(database: &TestDatabase) -> anyhow::Result<Vec<Row>> {
    let people = std::env::var("WEITING_BENCH_PEOPLE").ok().and_then(|text| text.parse().ok()).unwrap_or(PEOPLE);
    let house = House::open(database).await?;
    let store = &house.desk.store;
    let begun = Instant::now();
    fill(database, people).await?;
    eprintln!("  {people} people in {:.0} s", begun.elapsed().as_secs_f64());
    for n in 0..KNOWN {
        let id = PersonId(house.desk.chance.id());
        let (name, phone) = (format!("顾{n}"), format!("1980000{n:04}"));
        let pseudonym = id.0.simple().to_string();
        store.put_person(&Person { id, pseudonym, name, phone, verified: true, created_at: 0 }).await?;
        let document = Document { kind: "passport".to_owned(), number: format!("X{n:08}") };
        store.put_document(id, &document).await?;
    }
    let (mut by_document, mut by_phone) = (Vec::new(), Vec::new());
    for n in 0..KNOWN {
        let begun = Instant::now();
        let found = store.people_by_document(&format!("x {n:08}")).await?;
        by_document.push(begun.elapsed().as_secs_f64());
        ensure!(found.len() == 1 && found[0].0.name == format!("顾{n}"), "somebody else was found");
        let begun = Instant::now();
        let found = store.person_by_phone(&format!("1980000{n:04}")).await?;
        by_phone.push(begun.elapsed().as_secs_f64());
        ensure!(found.is_some(), "nobody was found");
    }
    house.close().await?;
    let row = |what, mut times: Vec<f64>| {
        let half = median(&mut times);
        let slowest = times.iter().copied().fold(0.0, f64::max);
        Row {
            what,
            measured: format!("{} (slowest of {KNOWN}: {})", ms(half), ms(slowest)),
            reference: format!("{people} people"),
            value: ms(half),
            target: "≤ 5 ms",
            met: Some(half <= TARGET),
        }
    };
    Ok(vec![row("a person by the number of a document", by_document), row("a person by a telephone number", by_phone)])
}

/// The same statement for both kinds of database.
macro_rules! insert_people {
    ($kind:ty, $connection:expr, $people:expr) => {{
        let mut at = 0;
        while at < $people {
            let mut transaction = $connection.begin().await?;
            for _ in 0..STATEMENTS {
                let to = ($people).min(at + AT_ONCE);
                if at >= to {
                    break;
                }
                let mut rows = QueryBuilder::<$kind>::new(
                    "INSERT INTO person (id, pseudonym, name, phone, phone_sealed, phone_index, document_kind, \
                     document_sealed, document_index, verified, created_at) ",
                );
                rows.push_values(at..to, |mut row, n| {
                    // As random as what a seal and a keyed hash give.
                    let (id, sealed) = (Hash::of(format!("id {n}").as_bytes()), Hash::of(format!("s {n}").as_bytes()));
                    let index = |of: &str| Hash::of(format!("{of} {n}").as_bytes()).0.to_vec();
                    row.push_bind(Uuid::from_slice(&id.0[..16]).unwrap_or_default())
                        .push_bind(id.to_string())
                        .push_bind("某人")
                        .push_bind("")
                        .push_bind([&sealed.0[..], &id.0[..23]].concat())
                        .push_bind(index("p"))
                        .push_bind("resident_id")
                        .push_bind([&sealed.0[..], &id.0[..30]].concat())
                        .push_bind(index("d"))
                        .push_bind(true)
                        .push_bind(0_i64);
                });
                rows.build().execute(&mut *transaction).await?;
                at = to;
            }
            transaction.commit().await?;
        }
    }};
}

async fn fill(database: &TestDatabase, people: u64) -> anyhow::Result<()> {
    let url = database.options().database;
    match database.which {
        Which::Sqlite => {
            let mut bare = SqliteConnection::connect(&url).await.context("the database")?;
            insert_people!(Sqlite, bare, people);
            bare.close().await?;
        }
        Which::Postgres => {
            let mut bare = PgConnection::connect(&url).await.context("the database")?;
            insert_people!(Postgres, bare, people);
            sqlx::query("ANALYZE person").execute(&mut bare).await?;
            bare.close().await?;
        }
    }
    Ok(())
}
