use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use connect::sms::{SmsMessage, SmsTemplate};
use record::Hash;
use serde::{Deserialize, Serialize};
use store::{NewCode, SendLimit, SendScope};
use tracing::{info, warn};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Memory;
use super::human_check::Proof;
use super::phone::{Phone, TypedPhone};
use crate::asking::Visitor;
use crate::logs::Redacted;
use crate::rim::Json;
use crate::{Chance, Desk, Problem, ProblemDocument};

/// What a code is for; a code for one purpose is none for another (SR-03).
pub(super) const PURPOSE: &str = "login";
/// How long a code is good, in seconds (SR-03: five minutes at most).
pub(super) const LIFE: u64 = 300;
/// How long until another may be asked for, in seconds.
const RESEND: u64 = 60;

const MINUTE: i64 = 60 * 1_000_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How often a number gets an SMS, and how many the court sends (SR-04).
const LIMITS: [SendLimit; 4] = [
    SendLimit { scope: SendScope::Phone, window: MINUTE, max: 1 },
    SendLimit { scope: SendScope::Phone, window: HOUR, max: 5 },
    SendLimit { scope: SendScope::Phone, window: DAY, max: 10 },
    SendLimit { scope: SendScope::Court, window: HOUR, max: 2_000 },
];
/// After so many within an hour from one address, or to one number, the human check comes first.
const UNCHECKED_BY_ADDRESS: u64 = 3;
const UNCHECKED_BY_NUMBER: u64 = 2;

/// Where the code shall go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskCode {
    phone: TypedPhone,
    /// The human check, when it was asked for.
    #[serde(default)]
    proof: Option<Proof>,
}

/// A code is on its way, if the number belongs to somebody here.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeSent {
    /// Names this request when logging in.
    request: Uuid,
    /// Seconds.
    expires_in: u64,
    /// Seconds.
    resend_after: u64,
}

/// Get a code by SMS.
///
/// The answer is the same whether the number belongs to somebody or not (SR-05).
#[utoipa::path(
    post, path = "/api/login/code", operation_id = "login_code", tag = "login",
    request_body = AskCode,
    responses(
        (status = 202, description = "A code is on its way", body = CodeSent),
        (status = 422, description = "`phone_invalid`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 428, description = "`human_check_required` with `challenge` and `bits`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`sms_too_often`, with Retry-After", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "Try again", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn login_code(
    State(desk): State<Desk>,
    Extension(memory): Extension<Arc<Memory>>,
    visitor: Visitor,
    Json(ask): Json<AskCode>,
) -> Result<(StatusCode, Json<CodeSent>), Problem> {
    let phone = ask.phone.number()?;
    let network = visitor.network();
    if needs_check(&desk, &phone, &network).await? {
        let about = format!("{network} {}", phone.digits());
        memory.proofs.take(&desk, &about, ask.proof.as_ref()).await?;
    }
    reserve(&desk, phone.digits(), Some(&network)).await?;
    let now = court::beijing::micros(desk.now());
    let code = Redacted::new(six_digits(&*desk.chance));
    let salt = desk.chance.bytes();
    let request = desk.chance.id();
    // Stored for every number, so that trying a code takes the same way whether somebody will ever receive it or not.
    let row = NewCode {
        request,
        phone: phone.digits().to_owned(),
        purpose: PURPOSE.to_owned(),
        code_hash: hash(&salt, PURPOSE, phone.digits(), code.expose()),
        salt,
        created_at: now,
        expires_at: now + LIFE as i64 * 1_000_000,
    };
    desk.store.put_code(&row).await?;
    // Whose number it is, is looked up after the answer: neither its content nor its time tells.
    tokio::spawn(send(desk, phone, code));
    Ok((StatusCode::ACCEPTED, Json(CodeSent::of(request))))
}

/// Counts a code as sent to this number (SR-04), and against the network of somebody who has not shown who they are. Whoever
/// is logged in writes to themselves alone, and a whole sitting may sign behind the one address of a court house.
///
/// # Errors
/// 429 `sms_too_often` when it may not be sent yet.
pub(super) async fn reserve(desk: &Desk, phone: &str, stranger: Option<&str>) -> Result<(), Problem> {
    let now = court::beijing::micros(desk.now());
    let mut limits = LIMITS.to_vec();
    if stranger.is_some() {
        limits.push(SendLimit { scope: SendScope::Ip, window: HOUR, max: desk.config.codes_per_address });
    }
    let network = stranger.unwrap_or_default();
    let Err(wait) = desk.store.reserve_send(phone, network, now, &limits).await? else { return Ok(()) };
    let seconds = u64::try_from(wait.0).unwrap_or(0).div_ceil(1_000_000).max(1);
    let detail = "获取验证码过于频繁，请稍后再试。";
    Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "sms_too_often", detail).retry_after(seconds))
}

impl CodeSent {
    pub(super) fn of(request: Uuid) -> CodeSent {
        CodeSent { request, expires_in: LIFE, resend_after: RESEND }
    }
}

async fn needs_check(desk: &Desk, phone: &Phone, network: &str) -> Result<bool, Problem> {
    let hour_ago = court::beijing::micros(desk.now()) - HOUR;
    Ok(desk.store.sends_since(SendScope::Ip, network, hour_ago).await? >= UNCHECKED_BY_ADDRESS
        || desk.store.sends_since(SendScope::Phone, phone.digits(), hour_ago).await? >= UNCHECKED_BY_NUMBER)
}

/// Sends the code to its number if that is somebody's.
async fn send(desk: Desk, phone: Phone, code: Redacted<String>) {
    match desk.store.person_by_phone(phone.digits()).await {
        Ok(Some(person)) => {
            let message = SmsMessage {
                to: phone.digits().to_owned(),
                template: SmsTemplate::LoginCode,
                params: [("code".to_owned(), code.expose().clone())].into(),
            };
            match desk.sms.send(message).await {
                Ok(_) => info!(person.id = %person.id, "Login code sent"),
                Err(error) => warn!(person.id = %person.id, %error, "Login code not sent"),
            }
        }
        Ok(None) => info!("A login code was asked for by a number that nobody here has"),
        Err(error) => warn!(%error, "Login code not sent"),
    }
}

/// The hash under which a code is stored: bound to purpose and number.
pub(super) fn hash(salt: &record::Salt, purpose: &str, phone: &str, code: &str) -> Hash {
    record::commit(salt, format!("{purpose}\n{phone}\n{code}").as_bytes())
}

/// Six digits, each number from 000000 to 999999 equally likely: what would favour the smaller ones is drawn again.
pub(super) fn six_digits(chance: &dyn Chance) -> String {
    const FAIR: u32 = u32::MAX - u32::MAX % 1_000_000;
    loop {
        let drawn = u32::from_be_bytes(chance.bytes());
        if drawn < FAIR {
            return format!("{:06}", drawn % 1_000_000);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Chance that draws these numbers.
    struct Drawn(Mutex<Vec<u32>>);

    impl Chance for Drawn {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.copy_from_slice(&self.0.lock().unwrap().remove(0).to_be_bytes());
        }
    }

    #[test]
    fn sr03_codes_are_six_digits_drawn_uniformly() {
        let draw = |numbers: &[u32]| six_digits(&Drawn(Mutex::new(numbers.to_vec())));
        assert_eq!(draw(&[7]), "000007");
        assert_eq!(draw(&[1_999_999]), "999999");
        assert_eq!(draw(&[4_293_999_999]), "999999", "the last fair number");
        assert_eq!(draw(&[4_294_000_000, u32::MAX, 42]), "000042", "unfair numbers are drawn again");
    }

    #[test]
    fn sr03_chance_of_the_host_gives_all_digits_in_all_places() {
        let mut seen = [[0_u32; 10]; 6];
        for _ in 0..20_000 {
            for (place, digit) in six_digits(&crate::HostChance).bytes().enumerate() {
                seen[place][usize::from(digit - b'0')] += 1;
            }
        }
        // 2,000 are expected of each; seven standard deviations are 297.
        assert!(seen.iter().flatten().all(|times| (1_703..=2_297).contains(times)), "{seen:?}");
    }
}
