//! Codes sent by SMS, and how often they may be sent (SR-03, SR-04). Numbers are only compared here: their blind index is all that is kept (SR-50).

use record::{Hash, Salt};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::convert::{hash, salt};
use crate::db::retrying;
use crate::error::StoreError;
use crate::schema::{login_code, meta, sms_send};
use crate::seals::Datum;
use crate::store::Store;

/// The row on which everybody waits who wants to send; the first migration puts it there.
const GATE: &str = "sms.gate";

/// A code on its way to a phone. The code itself is not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCode {
    pub request: Uuid,
    pub phone: String,
    /// What the code is good for, e.g. `login`.
    pub purpose: String,
    pub code_hash: Hash,
    pub salt: Salt,
    /// Microseconds since 1970-01-01 UTC.
    pub created_at: i64,
    pub expires_at: i64,
}

/// What a try comes to. `Wrong` may be tried again, `Dead` may not: expired, used, superseded, tried too often, or never sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Right,
    Wrong,
    Dead,
}

/// Whose messages are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendScope {
    /// To this phone number.
    Phone,
    /// Asked for from this address.
    Ip,
    /// Of this court.
    Court,
}

/// At most `max` messages within any `window` microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendLimit {
    pub scope: SendScope,
    pub window: i64,
    pub max: u64,
}

/// How many microseconds until a message may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryAfter(pub i64);

impl Store {
    /// Keeps a code; earlier ones of this phone and purpose are dead from now on.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_code(&self, code: &NewCode) -> Result<(), StoreError> {
        // Two codes at one moment: the later one supersedes the earlier, and of a pair only one can be alive (there is an index for it).
        let phone = self.blind_text(Datum::Phone, &code.phone)?;
        retrying(async || {
            let tx = self.db().begin().await?;
            login_code::Entity::update_many()
                .set(dead(code.created_at))
                .filter(alive(&phone, &code.purpose))
                .exec(&*tx)
                .await?;
            let row = login_code::ActiveModel {
                request: Set(code.request),
                phone: Set(phone.clone()),
                purpose: Set(code.purpose.clone()),
                code_hash: Set(code.code_hash.0.to_vec()),
                salt: Set(code.salt.to_vec()),
                created_at: Set(code.created_at),
                expires_at: Set(code.expires_at),
                tries: Set(0),
                dead_at: Set(None),
            };
            login_code::Entity::insert(row).exec_without_returning(&*tx).await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    /// Tries a code. The try is counted before it is looked at, in the same transaction, so that no number of tries at once gets more
    /// than `max_tries` (normally 5). `check` computes the hash of what was typed from the salt.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn try_code(
        &self,
        phone: &str,
        purpose: &str,
        request: Option<Uuid>,
        check: impl Fn(&Salt) -> Hash + Send + Sync,
        max_tries: u32,
        now: i64,
    ) -> Result<Verdict, StoreError> {
        let phone = &self.blind_text(Datum::Phone, phone)?;
        let mut asked = alive(phone, purpose)
            .add(login_code::Column::ExpiresAt.gt(now))
            .add(login_code::Column::Tries.lt(i32::try_from(max_tries).unwrap_or(i32::MAX)));
        if let Some(request) = request {
            asked = asked.add(login_code::Column::Request.eq(request));
        }
        let tx = self.db().begin().await?;
        // Counting takes the row's lock, so that what is counted is looked at by one at a time.
        let counted = login_code::Entity::update_many()
            .col_expr(login_code::Column::Tries, Expr::col(login_code::Column::Tries).add(1))
            .filter(asked)
            .exec(&*tx)
            .await?;
        if counted.rows_affected == 0 {
            return Ok(Verdict::Dead);
        }
        let Some(row) = login_code::Entity::find().filter(alive(phone, purpose)).one(&*tx).await? else {
            return Ok(Verdict::Dead);
        };
        // In constant time: how long a wrong code takes tells nothing about the right one.
        let right = bool::from(check(&salt(row.salt)?).0.ct_eq(&hash(row.code_hash)?.0));
        if right {
            login_code::Entity::update_many()
                .set(dead(now))
                .filter(login_code::Column::Request.eq(row.request))
                .exec(&*tx)
                .await?;
        }
        tx.commit().await?;
        Ok(if right { Verdict::Right } else { Verdict::Wrong })
    }

    /// Counts a message as sent, if no limit forbids it. However many ask at once, no limit is exceeded.
    ///
    /// # Errors
    /// When the database cannot be written. The inner result says how long to wait.
    pub async fn reserve_send(
        &self,
        phone: &str,
        ip: &str,
        now: i64,
        limits: &[SendLimit],
    ) -> Result<Result<(), RetryAfter>, StoreError> {
        let phone = &self.blind_text(Datum::Phone, phone)?;
        let tx = self.db().begin().await?;
        // Everybody who wants to send waits for this one row, so that nobody counts while another is about to be counted.
        meta::Entity::find_by_id(GATE).lock_exclusive().one(&*tx).await?;
        let mut wait = 0;
        for limit in limits {
            let value = match limit.scope {
                SendScope::Phone => phone,
                SendScope::Ip => ip,
                SendScope::Court => "",
            };
            let Some(before) = limit.max.checked_sub(1) else { return Ok(Err(RetryAfter(limit.window))) };
            // If there are `max` within the window, the oldest of the newest `max` must leave it first.
            let blocking = sms_send::Entity::find()
                .filter(sent(limit.scope, value))
                .filter(sms_send::Column::At.gt(now - limit.window))
                .order_by_desc(sms_send::Column::At)
                .offset(before)
                .limit(1)
                .one(&*tx)
                .await?;
            if let Some(blocking) = blocking {
                wait = Ord::max(wait, blocking.at + limit.window - now);
            }
        }
        if wait > 0 {
            return Ok(Err(RetryAfter(wait)));
        }
        let row = sms_send::ActiveModel {
            phone: Set(phone.to_owned()),
            ip: Set(ip.to_owned()),
            at: Set(now),
            ..Default::default()
        };
        sms_send::Entity::insert(row).exec_without_returning(&*tx).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// How many messages were sent since then; `value` is the phone number or the address and is not looked at for the whole court.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sends_since(&self, scope: SendScope, value: &str, since: i64) -> Result<u64, StoreError> {
        let value = match scope {
            SendScope::Phone => &self.blind_text(Datum::Phone, value)?,
            SendScope::Ip | SendScope::Court => value,
        };
        let count = sms_send::Entity::find()
            .filter(sent(scope, value))
            .filter(sms_send::Column::At.gte(since))
            .count(&self.db().read)
            .await?;
        Ok(count)
    }

    /// Forgets codes and counts from before `before`. Returns how many rows that was.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_codes(&self, before: i64) -> Result<u64, StoreError> {
        let tx = self.db().begin().await?;
        let codes =
            login_code::Entity::delete_many().filter(login_code::Column::CreatedAt.lt(before)).exec(&*tx).await?;
        let sends = sms_send::Entity::delete_many().filter(sms_send::Column::At.lt(before)).exec(&*tx).await?;
        tx.commit().await?;
        Ok(codes.rows_affected + sends.rows_affected)
    }
}

fn alive(phone: &str, purpose: &str) -> Condition {
    Condition::all()
        .add(login_code::Column::Phone.eq(phone))
        .add(login_code::Column::Purpose.eq(purpose))
        .add(login_code::Column::DeadAt.is_null())
}

fn dead(at: i64) -> login_code::ActiveModel {
    login_code::ActiveModel { dead_at: Set(Some(at)), ..Default::default() }
}

fn sent(scope: SendScope, value: &str) -> Condition {
    match scope {
        SendScope::Phone => Condition::all().add(sms_send::Column::Phone.eq(value)),
        SendScope::Ip => Condition::all().add(sms_send::Column::Ip.eq(value)),
        SendScope::Court => Condition::all(),
    }
}
