use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use court::{PersonId, Role, beijing};
use desk::login::mobile_number;
use desk::rim::{IdempotencyKey, Json};
use desk::{Acting, Chance, Desk, Problem, ProblemDocument};
use record::Hash;
use serde::{Deserialize, Serialize};
use store::{OfficeRow, Person, Store};
use time::{Duration, OffsetDateTime};
use tracing::info;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::once;

/// How long an invitation can be accepted.
const HOLDS: Duration = Duration::hours(72);
/// How long a name may be, in characters.
const NAME: usize = 40;

/// Whom to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffWish {
    #[schema(min_length = 1, max_length = 40)]
    pub name: String,
    /// The mobile number with which they log in.
    #[schema(example = "13900000001")]
    pub phone: String,
    /// An office of the court: judge, clerk, assessor, president, supervisor or administrator.
    pub role: Role,
}

/// An invitation. Its code is shown once, to be handed over; the court keeps no copy.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invited {
    pub id: Uuid,
    /// Works once, for the account with this number, until it expires.
    pub code: String,
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

/// What is kept of the answer: not the code.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    id: Uuid,
}

/// Invite somebody to an office of the court. Until they accept it with the code, they may do nothing for the court.
///
/// Repeated under its key, the invitation is the same and its code a new one: the one before is none any more.
#[utoipa::path(
    post, path = "/api/staff", operation_id = "invite_staff", tag = "office",
    params(("Idempotency-Key" = String, Header, description = "Names this request: repeated, it makes one invitation")),
    request_body = StaffWish,
    responses(
        (status = 201, description = "Invited", body = Invited),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "Not for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`office_held`, `phone_of_other`, `office_accepted`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`staff_invalid`, `phone_invalid`, `idempotency_key_reused`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn invite_staff(
    State(desk): State<Desk>,
    acting: Acting,
    key: IdempotencyKey,
    Json(asked): Json<StaffWish>,
) -> Result<(StatusCode, Reply<Invited>), Problem> {
    super::may_administer(&desk, &acting).await?;
    let request = Hash::of(format!("staff\n{}\n{}\n{}", asked.name, asked.phone, asked.role.code()).as_bytes());
    let _turn = desk.turn(acting.person, key.as_str()).await;
    if let Some(Kept { id }) = once::earlier(&desk, acting.person, &key, request).await? {
        let (code, hash) = new_code(&*desk.chance);
        let expires_at = desk.now() + HOLDS;
        if !desk.store.renew_office_code(id, hash, beijing::micros(expires_at)).await? {
            let detail = "这份邀请已被接受或者已撤回。";
            return Err(Problem::new(StatusCode::CONFLICT, "office_accepted", detail));
        }
        return Ok((StatusCode::CREATED, Reply(Invited { id, code, expires_at })));
    }
    let id = once::id(acting.person, &key, "office");
    let invited = invite(&desk.store, &*desk.chance, desk.now(), id, Some(acting.person), &asked).await?;
    once::keep(&desk, acting.person, &key, request, &Kept { id }).await?;
    info!(office.id = %id, person.id = %acting.person, role = asked.role.code(), "Invited to an office");
    Ok((StatusCode::CREATED, Reply(invited)))
}

/// Makes an invitation: from an administrator, or from whoever runs the program.
///
/// # Errors
/// 422 what is wrong with name, number or role; 409 when the number is somebody else's, or the office held or offered already.
pub async fn invite(
    store: &Store,
    chance: &dyn Chance,
    now: OffsetDateTime,
    id: Uuid,
    by: Option<PersonId>,
    asked: &StaffWish,
) -> Result<Invited, Problem> {
    let invalid = |detail: &str| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "staff_invalid", detail.to_owned());
    let name = once::text(&asked.name, 1, NAME).ok_or_else(|| invalid("请填写姓名，40 字以内。"))?;
    if !Role::OFFICES.contains(&asked.role) {
        return Err(invalid("只能邀请法院工作人员的角色。"));
    }
    let phone = mobile_number(&asked.phone).ok_or_else(|| {
        let detail = "手机号码不正确，请填写 11 位中国大陆手机号码。";
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "phone_invalid", detail)
    })?;
    let person = match store.person_by_phone(&phone).await? {
        Some(person) if person.name == name => person,
        Some(_) => {
            let detail = "这个手机号码登记在另一个姓名之下，请核对姓名和号码。";
            return Err(Problem::new(StatusCode::CONFLICT, "phone_of_other", detail));
        }
        None => {
            let person = Person {
                id: PersonId(chance.id()),
                pseudonym: hex::encode(chance.bytes::<16>()),
                name,
                phone,
                verified: false,
                created_at: beijing::micros(now),
            };
            store.put_person(&person).await?;
            person
        }
    };
    let living = |row: &OfficeRow| {
        let offered = row.accepted_at.is_none() && row.expires_at > beijing::micros(now);
        row.id != id && row.role == asked.role.code() && row.ended_at.is_none() && (row.is_held() || offered)
    };
    if store.offices_of(person.id).await?.iter().any(living) {
        let detail = "此人已有这一角色，或者邀请尚未到期。";
        return Err(Problem::new(StatusCode::CONFLICT, "office_held", detail));
    }
    let (code, hash) = new_code(chance);
    let expires_at = now + HOLDS;
    let row = OfficeRow {
        id,
        person: person.id,
        role: asked.role.code().to_owned(),
        invited_at: beijing::micros(now),
        invited_by: by,
        code_hash: Some(hash),
        expires_at: beijing::micros(expires_at),
        accepted_at: None,
        ended_at: None,
        ended_by: None,
    };
    store.put_office(&row).await?;
    Ok(Invited { id, code, expires_at })
}

/// 256 random bits, and what is kept of them.
fn new_code(chance: &dyn Chance) -> (String, Hash) {
    let code = URL_SAFE_NO_PAD.encode(chance.bytes::<32>());
    let hash = Hash::of(code.as_bytes());
    (code, hash)
}
