//! What reviewers do: the queue, a look that leaves its trace, and the decision.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use court::Topic;
use court::beijing::from_micros;
use desk::logs::mask_phone;
use desk::rim::{Json, Path, Query};
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::{Deserialize, Serialize};
use store::{Decision, Person, SensitiveRead, Stage, VerificationRow};
use time::{Duration, OffsetDateTime};
use tracing::info;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::attempt::{line, over, unprocessable};
use crate::document::{Kind, masked};
use crate::files;

/// How many attempts a list shows.
const LISTED: u64 = 200;
/// How long a reason may be, in characters.
const REASON: usize = 200;
/// How long somebody who has said why may look.
const OPEN_FOR: Duration = Duration::minutes(30);
/// What the trace calls it.
const WHAT: &str = "verification";

/// Which attempts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// Those that were decided, the latest first, instead of those that wait, the oldest first.
    #[serde(default)]
    decided: bool,
}

/// An attempt in the queue. Masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewRow {
    pub id: Uuid,
    pub name: String,
    /// 居民身份证 ….
    pub document: String,
    /// Masked: 3101**********1234.
    pub number: String,
    /// Masked: 139****0001.
    pub phone: String,
    #[schema(required)]
    pub court: Option<String>,
    /// `review`, `passed` or `rejected`.
    pub stage: String,
    #[serde(with = "time::serde::rfc3339")]
    pub begun_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub decided_at: Option<OffsetDateTime>,
    #[schema(required)]
    pub reason: Option<String>,
}

/// An attempt in full, for half an hour.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewDetail {
    #[serde(flatten)]
    pub row: ReviewRow,
    /// The whole number.
    pub full_number: String,
    /// The name under which the court knows the account until now.
    pub account_name: String,
    /// Whether the account was verified before.
    pub verified_before: bool,
    /// Whether another verified account has this document.
    pub taken: bool,
    /// `front`, `back`, `video`; what was forgotten is missing.
    pub files: Vec<String>,
}

/// Why somebody looks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenReview {
    /// 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// What comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReviewOutcome)]
pub enum Outcome {
    Approve,
    Reject,
}

/// A reviewer's decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideReview {
    outcome: Outcome,
    /// Told to the person; needed to reject.
    #[serde(default)]
    #[schema(max_length = 200)]
    reason: String,
}

/// List the attempts that wait for a reviewer.
#[utoipa::path(
    get, path = "/api/identity/reviews", operation_id = "identity_reviews", tag = "identity",
    params(Which),
    responses(
        (status = 200, body = Vec<ReviewRow>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "The caller does not act as a reviewer", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn identity_reviews(
    State(desk): State<Desk>,
    acting: Acting,
    Query(which): Query<Which>,
) -> Result<Reply<Vec<ReviewRow>>, Problem> {
    reviewer(&desk, &acting)?;
    let found = desk.store.verifications_for_review(which.decided, LISTED).await?;
    Ok(Reply(found.iter().filter_map(|(row, person)| listed(row, person)).collect()))
}

/// Look at an attempt in full, with a reason. It is kept who looked, when and why; the pictures can be fetched for half an hour.
#[utoipa::path(
    post, path = "/api/identity/reviews/{verification}/open", operation_id = "open_review", tag = "identity",
    params(("verification" = String, Path, description = "Id of the attempt")),
    request_body = OpenReview,
    responses(
        (status = 200, body = ReviewDetail),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such attempt for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`reason_invalid`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn open_review(
    State(desk): State<Desk>,
    acting: Acting,
    Path(id): Path<Uuid>,
    Json(asked): Json<OpenReview>,
) -> Result<Reply<ReviewDetail>, Problem> {
    let (row, person) = found(&desk, &acting, id).await?;
    let reason = line(&asked.reason, 1, REASON)
        .ok_or_else(|| unprocessable("reason_invalid", "请填写查看的理由，1 至 200 个字。"))?;
    let trace = SensitiveRead {
        id: desk.chance.id(),
        at: court::beijing::micros(desk.now()),
        reader: acting.person,
        role: acting.role.code().to_owned(),
        what: WHAT.to_owned(),
        object: id,
        person: row.person,
        reason,
    };
    desk.store.put_sensitive_read(&trace).await?;
    info!(verification.id = %id, person.id = %acting.person, "Verification looked at in full");
    let others = desk.store.people_by_document(&row.document.number).await?;
    let taken = others.iter().any(|(other, _)| other.id != row.person && other.verified);
    let files = desk.store.verification_files(id).await?;
    let detail = ReviewDetail {
        full_number: row.document.number.clone(),
        account_name: person.name.clone(),
        verified_before: person.verified,
        taken,
        files: files.into_iter().map(|file| file.part).collect(),
        row: listed(&row, &person).ok_or_else(Problem::internal)?,
    };
    Ok(Reply(detail))
}

/// A picture or the video of an attempt that the caller has opened within half an hour.
#[utoipa::path(
    get, path = "/api/identity/reviews/{verification}/files/{part}", operation_id = "review_file", tag = "identity",
    params(
        ("verification" = String, Path, description = "Id of the attempt"),
        ("part" = String, Path, description = "`front`, `back` or `video`"),
    ),
    responses(
        (status = 200, description = "The file", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such file for the caller, or not opened", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn review_file(
    State(desk): State<Desk>,
    acting: Acting,
    Path((id, part)): Path<(Uuid, String)>,
) -> Result<Response, Problem> {
    found(&desk, &acting, id).await?;
    let since = court::beijing::micros(desk.now() - OPEN_FOR);
    if !desk.store.has_read(acting.person, WHAT, id, since).await? {
        return Err(Problem::not_found());
    }
    let files = desk.store.verification_files(id).await?;
    let file = files.into_iter().find(|file| file.part == part).ok_or_else(Problem::not_found)?;
    let bytes = files::open(&desk, &file).await?;
    // Bytes that the worker has found to be a picture or a video, given as nothing that a browser would run (SR-24): the app draws them itself.
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, bytes).into_response())
}

/// Decide an attempt. The first decision stands; the person is told.
#[utoipa::path(
    post, path = "/api/identity/reviews/{verification}/decision", operation_id = "decide_review", tag = "identity",
    params(("verification" = String, Path, description = "Id of the attempt")),
    request_body = DecideReview,
    responses(
        (status = 204, description = "Decided"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "No role chosen", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such attempt for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`verification_over`: decided, or handed in anew; `review_unopened`: look at it first", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`reason_invalid`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn decide_review(
    State(desk): State<Desk>,
    acting: Acting,
    Path(id): Path<Uuid>,
    Json(asked): Json<DecideReview>,
) -> Result<StatusCode, Problem> {
    let (row, _) = found(&desk, &acting, id).await?;
    if row.stage != Stage::Review {
        return Err(over());
    }
    let least = if asked.outcome == Outcome::Reject { 1 } else { 0 };
    let reason = line(&asked.reason, least, REASON)
        .ok_or_else(|| unprocessable("reason_invalid", "不予通过须说明理由，1 至 200 个字。"))?;
    let since = court::beijing::micros(desk.now() - OPEN_FOR);
    if !desk.store.has_read(acting.person, WHAT, id, since).await? {
        return Err(crate::attempt::conflict("review_unopened", "请先查看证件和视频，再作出决定。"));
    }
    let decision = Decision {
        passed: asked.outcome == Outcome::Approve,
        by: Some(acting.person),
        reason: (!reason.is_empty()).then_some(reason),
        expires_at: court::beijing::micros(desk.now() + desk.config.identity.valid_for()),
    };
    if !desk.store.decide_verification(&row, &decision, court::beijing::micros(desk.now())).await? {
        return Err(over());
    }
    info!(verification.id = %id, person.id = %acting.person, passed = decision.passed, "Verification decided");
    desk.notify(Topic::IdentityAnswered, (id, 0), vec![(row.person, String::new())]).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The attempt, for a reviewer whose own it is not.
async fn found(desk: &Desk, acting: &Acting, id: Uuid) -> Result<(VerificationRow, Person), Problem> {
    reviewer(desk, acting)?;
    let found = desk.store.verification_for_review(id).await?;
    found.filter(|(row, _)| row.person != acting.person).ok_or_else(Problem::not_found)
}

/// Whether the caller acts as a reviewer: in which roles, the policy says.
fn reviewer(desk: &Desk, acting: &Acting) -> Result<(), Problem> {
    if desk.policy.reviews_identity(acting.role) { Ok(()) } else { Err(Problem::not_found()) }
}

fn listed(row: &VerificationRow, person: &Person) -> Option<ReviewRow> {
    Some(ReviewRow {
        id: row.id,
        name: row.name.clone(),
        document: Kind::of_code(&row.document.kind)?.label().to_owned(),
        number: masked(&row.document.number),
        phone: mask_phone(&person.phone),
        court: row.court.clone(),
        stage: row.stage.code().to_owned(),
        begun_at: from_micros(row.begun_at),
        decided_at: row.decided_at.map(from_micros),
        reason: row.reason.clone(),
    })
}
