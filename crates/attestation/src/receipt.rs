use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use court::RoomId;
use desk::rim::Path;
use desk::{Acting, Desk, Problem, ProblemDocument};
use record::{Written, receipt as paper};
use store::StoredAct;
use tracing::error;

use crate::log::leaf_text;
use crate::prove::{Proving, prove};

/// Download the receipt of an act that I see: a text that proves it to anybody, without this server.
///
/// It has the act's words where nothing of them is kept from me, and otherwise what the act commits to.
#[utoipa::path(
    get, path = "/api/rooms/{room}/acts/{seq}/receipt", operation_id = "act_receipt", tag = "proof",
    params(("room" = String, Path, description = "Room id"), ("seq" = u64, Path, description = "The act (own number)")),
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The window has not begun, or the notice is not accepted", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such act for the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "The log has not come to it yet: again in a few seconds", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn receipt(
    State(desk): State<Desk>,
    acting: Acting,
    Path((room, dense)): Path<(RoomId, u64)>,
) -> Result<impl IntoResponse, Problem> {
    let inside = desk.enter(&acting, room).await?;
    court::view::may_read(&inside.room, &inside.actor, &desk.policy, desk.now())?;
    let seq = inside.room.record_seq(inside.actor.member, dense).ok_or_else(Problem::not_found)?;
    let original = desk.as_stored(&inside, seq).await?.ok_or_else(Problem::not_found)?;
    let proving = prove(&desk.store, room.0, seq).await?.ok_or_else(not_yet)?;
    let text = text(&desk, &original.row, original.whole, &proving)?;
    let name = format!("attachment; filename=\"receipt-{}-{dense}.txt\"", room.0.simple());
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)], text))
}

/// The receipt of an act with its words, for whoever may see all of it; none while the log has not come to it.
///
/// # Errors
/// 404 when there is no such act; 503 when the store cannot be read.
pub async fn receipt_of(desk: &Desk, room: RoomId, seq: u64) -> Result<Option<String>, Problem> {
    let Some(proving) = prove(&desk.store, room.0, seq).await? else { return Ok(None) };
    let rows = desk.store.acts_numbered(room.0, &[seq]).await?;
    let row = rows.first().ok_or_else(Problem::not_found)?;
    text(desk, row, true, &proving).map(Some)
}

/// What proves an act, `whole` with its words.
fn text(desk: &Desk, row: &StoredAct, whole: bool, proving: &Proving) -> Result<String, Problem> {
    let act = Written {
        leaf: row.leaf,
        text: &leaf_text(&desk.config.court.code, row, row.prev),
        body: whole.then_some((row.body_salt, row.body.as_str())),
        audience: Some((row.audience_salt, row.audience.as_str())),
        proof: Some(&proving.inclusion),
    };
    let key = proving.epoch.key.parse().map_err(|_| Problem::internal())?;
    let text = paper::write(&key, &act, &proving.checkpoint.note).ok_or_else(Problem::internal)?;
    // What does not verify is not given out: it would be held against the court, or against whoever shows it.
    let (_, findings) = paper::verify(&text, Some(&key));
    if let Some(finding) = findings.first() {
        error!(record.id = %row.record, act.seq = row.seq, %finding, "A receipt does not verify");
        return Err(Problem::internal());
    }
    Ok(text)
}

fn not_yet() -> Problem {
    let detail = "这一行为刚刚完成，存证凭证通常在几秒内生成，请稍后再下载。";
    Problem::new(StatusCode::CONFLICT, "receipt_pending", detail).retry_after(3)
}
