//! Codes that somebody who has logged in has sent to their own number, for a purpose of a wing's.

use axum::http::StatusCode;
use connect::sms::{SmsMessage, SmsTemplate};
use store::{NewCode, Verdict};
use tracing::{info, warn};

use super::code::{self, CodeSent};
use super::enter;
use crate::logs::Redacted;
use crate::{Account, Desk, Problem, metrics};

/// Sends a code to the caller's own number, good for this purpose alone (SR-03, SR-04).
///
/// # Errors
/// 429 `sms_too_often`; 503 `sms_unavailable`.
pub async fn send_own_code(
    desk: &Desk,
    account: &Account,
    purpose: &str,
    template: SmsTemplate,
) -> Result<CodeSent, Problem> {
    let person = desk.store.person(account.person).await?.ok_or_else(Problem::not_logged_in)?;
    // No human check: whoever asks has logged in, and can have themselves written to alone.
    code::reserve(desk, &person.phone, None).await?;
    let now = court::beijing::micros(desk.now());
    let typed = Redacted::new(code::six_digits(&*desk.chance));
    let (salt, request) = (desk.chance.bytes(), desk.chance.id());
    let row = NewCode {
        request,
        code_hash: code::hash(&salt, purpose, &person.phone, typed.expose()),
        phone: person.phone.clone(),
        purpose: purpose.to_owned(),
        salt,
        created_at: now,
        expires_at: now + code::LIFE as i64 * 1_000_000,
    };
    desk.store.put_code(&row).await?;
    let params = [("code".to_owned(), typed.expose().clone())].into();
    if let Err(error) = desk.sms.send(SmsMessage { to: person.phone, template, params }).await {
        warn!(person.id = %person.id, %error, "Code not sent");
        let detail = "验证短信没有发出，请稍后再试。";
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "sms_unavailable", detail).retry_after(60));
    }
    info!(person.id = %person.id, "Code sent");
    Ok(CodeSent::of(request))
}

/// Whether this is the code that came to the caller's own number for this purpose. It is used up.
///
/// # Errors
/// 401 `code_wrong`.
pub async fn check_own_code(desk: &Desk, account: &Account, purpose: &str, typed: &str) -> Result<(), Problem> {
    let person = desk.store.person(account.person).await?.ok_or_else(Problem::not_logged_in)?;
    let check = |salt: &record::Salt| code::hash(salt, purpose, &person.phone, typed.trim());
    let now = court::beijing::micros(desk.now());
    match desk.store.try_code(&person.phone, purpose, None, check, enter::TRIES, now).await? {
        Verdict::Right => Ok(()),
        Verdict::Wrong | Verdict::Dead => {
            metrics::denied("code_wrong");
            Err(enter::code_wrong())
        }
    }
}
