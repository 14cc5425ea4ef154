//! Programs of the court: a token that is nobody's login, may do one thing, ends, and can be taken back.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use court::IntegrationId;
use record::Hash;
use store::{IntegrationRow, Store, StoreError};
use time::Duration;
use tracing::{info, warn};

use super::{SessionKind, shown};
use crate::{Chance, Clock, Desk, Problem, metrics};

/// The one thing that a program of the court may do today.
const IMPORT: &str = "import";
/// The longest life of a token, in days: a court looks once a year whether the program is still wanted.
pub const INTEGRATION_DAYS: u16 = 366;
/// How exactly it is kept when a token was last used.
const NOTED_EVERY: Duration = Duration::minutes(5);

/// A program of the court that may import.
#[derive(Clone, Debug)]
pub struct Integration {
    pub id: IntegrationId,
    /// Which system, as the operator calls it.
    pub name: String,
}

/// Makes a token for a program of the court (`weiting token --integration`). It is given once, in clear; only its hash is kept.
///
/// # Errors
/// When it cannot be stored.
pub async fn integration_token(
    store: &Store,
    clock: &dyn Clock,
    chance: &dyn Chance,
    name: &str,
    days: u16,
) -> Result<String, StoreError> {
    let now = clock.now();
    let token = URL_SAFE_NO_PAD.encode(chance.bytes::<32>());
    let row = IntegrationRow {
        id: IntegrationId(chance.id()),
        name: name.to_owned(),
        scope: IMPORT.to_owned(),
        token_hash: Hash::of(token.as_bytes()),
        created_at: court::beijing::micros(now),
        expires_at: court::beijing::micros(now + Duration::days(days.clamp(1, INTEGRATION_DAYS).into())),
        last_used_at: None,
        revoked_at: None,
    };
    store.put_integration(&row).await?;
    info!(integration.id = %row.id, "Integration token made");
    Ok(token)
}

impl FromRequestParts<Desk> for Integration {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Integration, Problem> {
        let now = court::beijing::micros(desk.now());
        let found = match shown(&parts.headers, desk.config.secure()) {
            Some((token, SessionKind::Program)) => {
                desk.store.integration_by_token(Hash::of(token.as_bytes()), now).await?
            }
            // No browser is a program of the court.
            Some((_, SessionKind::Browser)) | None => None,
        };
        let Some(row) = found.filter(|row| row.scope == IMPORT) else {
            metrics::denied("integration_required");
            return Err(Problem::new(
                StatusCode::UNAUTHORIZED,
                "integration_required",
                "此接口供法院业务系统使用，请出示有效的接口令牌（weiting token --integration）。",
            ));
        };
        note_use(desk, &row, now);
        Ok(Integration { id: row.id, name: row.name })
    }
}

/// Notes that the token is in use, now and then, and without making the request wait for a disk.
fn note_use(desk: &Desk, row: &IntegrationRow, now: i64) {
    let noted = NOTED_EVERY.whole_seconds() * 1_000_000;
    if row.last_used_at.is_some_and(|last| now - last < noted) {
        return;
    }
    let (store, id) = (desk.store.clone(), row.id);
    tokio::spawn(async move {
        if let Err(error) = store.integration_used(id, now).await {
            warn!(integration.id = %id, %error, "Use of an integration token not noted");
        }
    });
}
