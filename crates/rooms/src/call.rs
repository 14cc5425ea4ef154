use axum::Json;
use axum::extract::State;
use court::{ActId, MemberId, RoomId, view};
use desk::rim::Path;
use desk::{Acting, Desk, Problem, ProblemDocument};
use serde::Serialize;
use utoipa::ToSchema;

/// How far the call that is on has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallState {
    /// A number is being asked for.
    Preparing,
    /// There is a number; the caller can dial it.
    Ready,
    Ringing,
    Talking,
}

/// The virtual call that is on in a room.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CallView {
    /// The act that began it.
    pub call: ActId,
    pub caller: MemberId,
    pub callee: MemberId,
    /// What the caller must say first.
    pub proof: String,
    pub state: CallState,
    /// The number that leads to the callee, for the caller alone: `021` and eight digits. Nobody's own number.
    pub dial: Option<String>,
}

/// Show the virtual call that is on: to the caller, the callee and the bench. Null when there is none for the caller of this operation.
#[utoipa::path(
    get, path = "/api/rooms/{room}/call", operation_id = "call", tag = "rooms",
    params(("room" = String, Path, description = "Room id")),
    responses(
        (status = 200, body = Option<CallView>),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such room for the caller", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn call(
    State(desk): State<Desk>,
    acting: Acting,
    Path(room): Path<RoomId>,
) -> Result<Json<Option<CallView>>, Problem> {
    let inside = desk.enter(&acting, room).await?;
    view::may_read(&inside.room, &inside.actor, &desk.policy, desk.now())?;
    let seen = |on: &&court::OnCall| on.is_seen_by(inside.viewer(), &desk.policy);
    let Some(on) = inside.room.on_call().filter(seen) else { return Ok(Json(None)) };
    let known = desk.store.call(on.call).await?;
    let number = known.as_ref().and_then(|call| call.number.clone());
    let state = match &known {
        Some(call) if call.answered_at.is_some() => CallState::Talking,
        Some(call) if call.rang_at.is_some() => CallState::Ringing,
        _ if number.is_some() => CallState::Ready,
        _ => CallState::Preparing,
    };
    let dial = number.filter(|_| inside.actor.member == on.caller && state == CallState::Ready);
    let (caller, callee, proof) = (on.caller, on.callee, on.proof.clone());
    Ok(Json(Some(CallView { call: on.call, caller, callee, proof, state, dial })))
}
