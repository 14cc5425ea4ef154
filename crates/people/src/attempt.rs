//! The caller's own attempt that an address names.

use axum::http::StatusCode;
use desk::{Account, Desk, Problem};
use store::{Stage, VerificationRow};
use uuid::Uuid;

/// The attempt, if it is the caller's own.
///
/// # Errors
/// 404 for everybody else's and when there is none.
pub(crate) async fn own(desk: &Desk, account: &Account, id: Uuid) -> Result<VerificationRow, Problem> {
    desk.store.verification(account.person, id).await?.ok_or_else(Problem::not_found)
}

/// The attempt, if it can go on: name, document and phone code are there, and nobody has decided it.
///
/// # Errors
/// 404; 409 `verification_over`, `phone_unverified`.
pub(crate) async fn going_on(desk: &Desk, account: &Account, id: Uuid) -> Result<VerificationRow, Problem> {
    let row = own(desk, account, id).await?;
    if !matches!(row.stage, Stage::Begun | Stage::Facing) {
        return Err(over());
    }
    if row.phone_at.is_none() {
        return Err(conflict("phone_unverified", "请先验证手机短信验证码。"));
    }
    Ok(row)
}

pub(crate) fn over() -> Problem {
    conflict("verification_over", "这次认证已经结束或者已提交，请刷新页面查看结果。")
}

pub(crate) fn conflict(code: &'static str, detail: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT, code, detail)
}

pub(crate) fn unprocessable(code: &'static str, detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
}

/// What somebody typed on one line, without spaces around it, if its length in characters fits. What changes the direction of writing or cannot be
/// seen is no part of a name (SR-31).
pub(crate) fn line(typed: &str, least: usize, most: usize) -> Option<String> {
    let text = typed.trim();
    let hidden = |char: char| {
        char.is_control()
            || matches!(char, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    ((least..=most).contains(&text.chars().count()) && !text.chars().any(hidden)).then(|| text.to_owned())
}
