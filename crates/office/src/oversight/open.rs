use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use court::{CaseTitle, MemberId, Refusal, Role, RoomId, Topic, beijing, oversight};
use desk::rim::{IdempotencyKey, Json};
use desk::{Acting, Desk, Problem, ProblemDocument};
use record::Hash;
use serde::{Deserialize, Serialize};
use store::OversightRow;
use time::OffsetDateTime;
use tracing::info;
use utoipa::ToSchema;

use crate::once;

/// How many rooms of a case are opened.
const ROOMS: usize = 200;
/// How long a case number may be, in characters.
const NUMBER: usize = 60;

/// Which case to read, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OversightWish {
    /// 案号, however its brackets are written.
    #[schema(min_length = 1, max_length = 60)]
    pub number: String,
    /// Shown to everybody in the case.
    #[schema(min_length = 1)]
    pub reason: String,
}

/// The rooms that may be read now.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OversightOpened {
    pub id: MemberId,
    pub case: CaseTitle,
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
    pub rooms: Vec<RoomId>,
}

/// Read the rooms of a case in which I take no part, for a written reason and 60 minutes (SR-23).
///
/// Every room of the case has an act that says so, for everybody in it; the president of the court is told. Nothing can be written, and what
/// was said to some only, or to the bench, stays theirs. The reading ends by itself.
#[utoipa::path(
    post, path = "/api/oversight", operation_id = "oversee", tag = "office",
    params(("Idempotency-Key" = String, Header, description = "Names this request: repeated, it has one effect and the same answer")),
    request_body = OversightWish,
    responses(
        (status = 201, description = "The rooms may be read", body = OversightOpened),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "Not for the caller; `case_unknown`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`oversight_running`, `oversight_of_own_case`, `case_without_rooms`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`reason_missing`, `reason_too_long`, `number_invalid`, `idempotency_key_reused`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "Try again with the same key", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn oversee(
    State(desk): State<Desk>,
    acting: Acting,
    key: IdempotencyKey,
    Json(asked): Json<OversightWish>,
) -> Result<(StatusCode, Reply<OversightOpened>), Problem> {
    super::may_oversee(&desk, &acting).await?;
    let reason = oversight::reason(&asked.reason)?;
    let number = once::text(&asked.number, 1, NUMBER).filter(|number| !court::folded(number).is_empty());
    let number = number
        .ok_or_else(|| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "number_invalid", "请填写案号，60 字以内。"))?;
    let request = Hash::of(format!("oversight\n{number}\n{reason}").as_bytes());
    let _turn = desk.turn(acting.person, key.as_str()).await;
    if let Some(opened) = once::earlier(&desk, acting.person, &key, request).await? {
        return Ok((StatusCode::CREATED, Reply(opened)));
    }
    // No key has a space in it: of one person's readings one is begun after the other.
    let _own = desk.turn(acting.person, "oversight of cases").await;
    let opened = open(&desk, &acting, &key, &number, reason).await?;
    let opened = once::keep(&desk, acting.person, &key, request, &opened).await?;
    Ok((StatusCode::CREATED, Reply(opened)))
}

async fn open(
    desk: &Desk,
    acting: &Acting,
    key: &IdempotencyKey,
    number: &str,
    reason: String,
) -> Result<OversightOpened, Problem> {
    let unknown = || Problem::new(StatusCode::NOT_FOUND, "case_unknown", "本院没有这个案号的案件，请核对后再试。");
    let case = desk.store.case_by_number(number).await?.ok_or_else(unknown)?;
    let participants = desk.store.participants(case.id).await?;
    if participants.iter().any(|one| one.person == acting.person && one.ended_at.is_none()) {
        return Err(Refusal::OversightOfOwnCase.into());
    }
    let mut rooms: Vec<RoomId> = desk.store.rooms_of_case(case.id).await?.iter().map(|room| room.id).collect();
    rooms.truncate(ROOMS);
    if rooms.is_empty() {
        let detail = "本案还没有微法庭，没有可以查阅的内容。";
        return Err(Problem::new(StatusCode::CONFLICT, "case_without_rooms", detail));
    }
    let now = desk.now();
    let id = MemberId(once::id(acting.person, key, "oversight"));
    let running = |row: &OversightRow| row.case == case.id && row.id != id.0 && row.until > beijing::micros(now);
    if desk.store.oversights(Some(acting.person), 50).await?.iter().any(running) {
        let detail = "您对本案的监督查阅尚未到时，可以继续查阅。";
        return Err(Problem::new(StatusCode::CONFLICT, "oversight_running", detail));
    }
    let row = OversightRow {
        id: id.0,
        case: case.id,
        person: acting.person,
        role: acting.role.code().to_owned(),
        reason,
        began_at: beijing::micros(now),
        until: beijing::micros(now + oversight::LASTS),
    };
    // What was noted first holds: a request that is repeated does not prolong the hour.
    let noted = desk.store.put_oversight(&row).await?;
    let until = beijing::from_micros(noted.until);
    // The president is told before anything can be read.
    tell(desk, acting, &noted).await?;
    for room in &rooms {
        let opening = oversight::Opening { office: acting.role, reason: noted.reason.clone(), until };
        desk.oversee(acting, *room, id, opening).await?;
    }
    info!(oversight.id = %id, person.id = %acting.person, case.id = %case.id, "A case is read from outside");
    let case = CaseTitle { id: case.id, number: case.number, title: case.title, cause: case.cause };
    Ok(OversightOpened { id, case, until, rooms })
}

/// Tells those whom the policy names, but not who reads.
async fn tell(desk: &Desk, acting: &Acting, row: &OversightRow) -> Result<(), Problem> {
    let roles: Vec<&str> = desk.policy.told_of_oversight().iter().copied().map(Role::code).collect();
    let mut people = desk.store.holders(&roles).await?;
    people.retain(|(person, _)| *person != acting.person);
    desk.notify(Topic::OversightOpened, (row.id, 0), people).await
}
