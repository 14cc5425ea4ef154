use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use court::{MemberId, Proposal, RoomId, contact};
use desk::rim::{IdempotencyKey, Json, Path};
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::Serialize;
use utoipa::ToSchema;

/// What the court knows of a member, in full.
#[derive(Serialize, ToSchema)]
pub struct Contact {
    pub member: MemberId,
    pub phone: String,
    /// Which kind of document, e.g. `resident_id`; null when none is known.
    #[schema(required)]
    pub document: Option<String>,
    #[schema(required)]
    pub number: Option<String>,
}

/// Look at a member's telephone number and document in full, with a reason. That is an act in the room's record, which the bench sees; what was seen
/// is not in it.
#[utoipa::path(
    post, path = "/api/rooms/{room}/contacts", operation_id = "view_contact", tag = "rooms",
    params(
        ("room" = String, Path, description = "Room id"),
        ("Idempotency-Key" = String, Header, description = "Names this request: repeated, it has one effect and the same answer"),
    ),
    request_body = contact::View,
    responses(
        (status = 201, description = "Recorded; this is it", body = Contact),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "Refused: `code` says why, `detail` what to do", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such room for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`reason_missing`, `reason_too_long`, `member_unknown`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn view_contact(
    State(desk): State<Desk>,
    acting: Acting,
    Path(room): Path<RoomId>,
    key: IdempotencyKey,
    Json(asked): Json<contact::View>,
) -> Result<(StatusCode, Reply<Contact>), Problem> {
    let member = asked.member;
    desk.perform(&acting, room, &key, Proposal::ContactView(asked)).await?;
    let inside = desk.enter(&acting, room).await?;
    let person = inside.room.ever().find(|one| one.id == member).and_then(|one| one.person);
    let person = person.ok_or_else(Problem::not_found)?;
    let known = desk.store.person(person).await?.ok_or_else(Problem::not_found)?;
    let document = desk.store.document_of(person).await?;
    let (document, number) = document.map_or((None, None), |of| (Some(of.kind), Some(of.number)));
    Ok((StatusCode::CREATED, Reply(Contact { member, phone: known.phone, document, number })))
}
