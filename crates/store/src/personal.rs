//! Personal data at rest (SR-50): telephone numbers, numbers of documents, and whatever else is somebody's own.
//!
//! A personal datum is never written in clear. It is **sealed** for the one place where it stands (column and row), so that what is moved to
//! another row or column does not open; and where it must be found again, a **blind index** stands beside it: a keyed hash of the value as
//! [`Datum`] normalises it. Keys are not the store's: whoever opens a court hands in what seals and opens ([`Store::unlock`]). Until then
//! what is personal can be neither read nor written, and everything else can.
//!
//! To keep another personal datum: a BLOB column for what is sealed, one more for its index if it is looked up, and a line in [`SEALED`], so
//! that it gets new keys with the rest.

use std::sync::Arc;

use sea_orm::sea_query::{Expr, ExprTrait, Func, Order, Query};
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use crate::error::StoreError;
use crate::ledger::NewJob;
use crate::outbox::enqueue;
use crate::schema::{meta, vault_key};
use crate::seals::PLAIN;
pub(crate) use crate::seals::{Datum, Place, Seals};
use crate::signatures::VaultKeyRow;
use crate::store::Store;

/// A column of sealed data.
struct SealedColumn {
    table: &'static str,
    column: &'static str,
    /// The name in [`Place::column`].
    place: &'static str,
}

/// Every sealed column, in the order in which they get new keys. The key of each table is its `id`.
const SEALED: &[SealedColumn] = &[
    SealedColumn { table: "person", column: "phone_sealed", place: PHONE },
    SealedColumn { table: "person", column: "document_sealed", place: DOCUMENT },
    SealedColumn { table: "verification", column: "document_sealed", place: VERIFIED_DOCUMENT },
    SealedColumn { table: "verification_file", column: "key_sealed", place: FILE_KEY },
];

pub(crate) const PHONE: &str = "person.phone";
pub(crate) const DOCUMENT: &str = "person.document";
pub(crate) const VERIFIED_DOCUMENT: &str = "verification.document";
pub(crate) const FILE_KEY: &str = "verification_file.key";

/// Rows of one transaction.
const ROWS: u64 = 200;

/// How far the giving of new keys has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// Which of the sealed columns.
    pub column: usize,
    /// The last row that was looked at.
    pub row: Uuid,
}

impl Store {
    /// Hands in what seals and opens personal data. What stands in clear, from before they were sealed, is sealed now and wiped from the
    /// database's file: nothing is served before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn unlock(&self, seals: Arc<dyn Seals>) -> Result<(), StoreError> {
        self.put_seals(seals);
        if self.get_meta(PLAIN).await?.is_none() {
            return Ok(());
        }
        let mut sealed = 0;
        loop {
            let done = self.seal_phones().await?
                + self.blind_column("login_code", "request").await?
                + self.blind_column("sms_send", "id").await?;
            if done == 0 {
                break;
            }
            sealed += done;
        }
        self.db().wipe(&["person", "login_code", "sms_send"]).await?;
        let tx = self.db().begin().await?;
        meta::Entity::delete_by_id(PLAIN).exec(&*tx).await?;
        tx.commit().await?;
        tracing::info!(rows = sealed, "Personal data that stood in clear are sealed");
        Ok(())
    }

    /// Some numbers that stand in clear. Returns how many.
    async fn seal_phones(&self) -> Result<u64, StoreError> {
        let tx = self.db().begin().await?;
        let plain = Query::select()
            .columns(["id", "phone"])
            .from("person")
            .and_where(Expr::col("phone").ne(""))
            .limit(ROWS)
            .take();
        let rows = tx.query_all(&plain).await?;
        for row in &rows {
            let (id, phone): (Uuid, String) = (row.try_get("", "id")?, row.try_get("", "phone")?);
            let change = Query::update()
                .table("person")
                .values([
                    ("phone_sealed", self.seal(Place { column: PHONE, row: id }, &phone)?.into()),
                    ("phone_index", self.blind(Datum::Phone, &phone)?.into()),
                    ("phone", "".into()),
                ])
                .and_where(Expr::col("id").eq(id))
                .take();
            tx.execute(&change).await?;
        }
        tx.commit().await?;
        Ok(rows.len() as u64)
    }

    /// Some numbers of a table in which they are only compared: the index takes their place.
    async fn blind_column(&self, table: &'static str, id: &'static str) -> Result<u64, StoreError> {
        let tx = self.db().begin().await?;
        let plain = Query::select()
            .column("phone")
            .distinct()
            .from(table)
            .and_where(Func::char_length(Expr::col("phone")).lt(BLIND_TEXT as i32))
            .limit(ROWS)
            .take();
        let rows = tx.query_all(&plain).await?;
        for row in &rows {
            let phone: String = row.try_get("", "phone")?;
            let change = Query::update()
                .table(table)
                .value("phone", self.blind_text(Datum::Phone, &phone)?)
                .and_where(Expr::col("phone").eq(phone))
                .and_where(Expr::col(id).is_not_null())
                .take();
            tx.execute(&change).await?;
        }
        tx.commit().await?;
        Ok(rows.len() as u64)
    }

    /// Gives the newest key to some of what is sealed under older ones, from where it has come to. Returns how far it came; none when
    /// everything was looked at. Reading goes on meanwhile, and so does writing: a row that was changed in between keeps its change.
    ///
    /// # Errors
    /// When the database cannot be written, or a datum does not open.
    pub async fn reseal(&self, from: Reached) -> Result<Option<Reached>, StoreError> {
        let Some(of) = SEALED.get(from.column) else { return Ok(None) };
        let seals = self.seals()?;
        let tx = self.db().begin().await?;
        let next = Query::select()
            .columns(["id", of.column])
            .from(of.table)
            .and_where(Expr::col("id").gt(from.row))
            .and_where(Expr::col(of.column).is_not_null())
            .order_by("id", Order::Asc)
            .limit(ROWS)
            .take();
        let rows = tx.query_all(&next).await?;
        let Some(last) = rows.last() else { return Ok(Some(Reached { column: from.column + 1, row: Uuid::nil() })) };
        let last: Uuid = last.try_get("", "id")?;
        for row in &rows {
            let (id, sealed): (Uuid, Vec<u8>) = (row.try_get("", "id")?, row.try_get("", of.column)?);
            if seals.is_current(&sealed) {
                continue;
            }
            let place = Place { column: of.place, row: id };
            let anew = seals.seal(place, &seals.open(place, &sealed)?);
            let change = Query::update()
                .table(of.table)
                .value(of.column, anew)
                .and_where(Expr::col("id").eq(id))
                .and_where(Expr::col(of.column).eq(sealed))
                .take();
            tx.execute(&change).await?;
        }
        tx.commit().await?;
        Ok(Some(Reached { column: from.column, row: last }))
    }

    /// Keeps a key of the vault, with the job that gives it to what is there.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_next_vault_key(&self, key: &VaultKeyRow, then: &NewJob) -> Result<(), StoreError> {
        let tx = self.db().begin().await?;
        vault_key::Entity::insert(crate::signatures::key_row(key)).exec_without_returning(&*tx).await?;
        enqueue(&tx, then).await?;
        Ok(tx.commit().await?)
    }

    pub(crate) fn seal(&self, place: Place, plain: &str) -> Result<Vec<u8>, StoreError> {
        self.seal_bytes(place, plain.as_bytes())
    }

    pub(crate) fn seal_bytes(&self, place: Place, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        Ok(self.seals()?.seal(place, plain))
    }

    pub(crate) fn unseal_bytes(&self, place: Place, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.seals()?.open(place, sealed)
    }

    pub(crate) fn unseal(&self, place: Place, sealed: &[u8]) -> Result<String, StoreError> {
        let plain = self.unseal_bytes(place, sealed)?;
        String::from_utf8(plain).map_err(|_| StoreError::Corrupt(format!("{} is no text", place.column)))
    }

    /// The blind index of a value, however it was typed.
    pub(crate) fn blind(&self, datum: Datum, value: &str) -> Result<Vec<u8>, StoreError> {
        Ok(self.seals()?.blind(datum, &datum.normalised(value)).to_vec())
    }

    /// The same as text, for columns that were made for text.
    pub(crate) fn blind_text(&self, datum: Datum, value: &str) -> Result<String, StoreError> {
        Ok(record::Hash(self.seals()?.blind(datum, &datum.normalised(value))).to_string())
    }
}

/// How long [`Store::blind_text`] is; no telephone number is.
const BLIND_TEXT: usize = 64;
