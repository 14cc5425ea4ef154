use axum::Json as Reply;
use axum::extract::State;
use court::UploadId;
use desk::rim::{Json, Path};
use desk::{Account, Desk, Problem, ProblemDocument};
use serde::Deserialize;
use tracing::{info, warn};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::attempt::{going_on, line, over, own, unprocessable};
use crate::files::{self, Part};
use crate::mine::{AttemptView, view};

/// The longest name of a court, in characters.
const COURT: usize = 60;

/// What a reviewer shall look at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitReview {
    /// 受诉法院.
    #[schema(min_length = 1, max_length = 60)]
    court: String,
    /// An upload with the purpose `identity`: the side of the document with the picture.
    front: UploadId,
    /// The other side.
    back: UploadId,
    /// A short video of the person.
    video: UploadId,
}

/// Hand my attempt to a reviewer of the court (人工审核): both sides of the document, a short video, and at which court.
///
/// The files are encrypted, seen by reviewers alone, and forgotten after some days.
#[utoipa::path(
    post, path = "/api/identity/verifications/{verification}/review", operation_id = "submit_review", tag = "identity",
    params(("verification" = String, Path, description = "Id of my attempt")),
    request_body = SubmitReview,
    responses(
        (status = 200, description = "提交成功", body = AttemptView),
        (status = 401, description = "Not logged in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such attempt, or no such upload, of the caller", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`verification_over`, `phone_unverified`, `upload_unfinished`, `upload_not_for_identity`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 410, description = "`upload_expired`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`court_invalid`, `file_wrong_kind`, `file_twice`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 423, description = "`upload_busy`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn submit_review(
    State(desk): State<Desk>,
    account: Account,
    Path(id): Path<Uuid>,
    Json(asked): Json<SubmitReview>,
) -> Result<Reply<AttemptView>, Problem> {
    let row = going_on(&desk, &account, id).await?;
    let court = line(&asked.court, 1, COURT)
        .ok_or_else(|| unprocessable("court_invalid", "请填写受诉法院，不超过 60 个字。"))?;
    if asked.front == asked.back {
        return Err(unprocessable("file_twice", "证件正面和反面是同一张照片，请分别拍摄。"));
    }
    let front = files::brought(&desk, &account, Part::Front, asked.front).await?;
    let back = files::brought(&desk, &account, Part::Back, asked.back).await?;
    let video = files::brought(&desk, &account, Part::Video, asked.video).await?;
    let sealed = [
        files::put(&desk, Part::Front, &front).await?,
        files::put(&desk, Part::Back, &back).await?,
        files::put(&desk, Part::Video, &video).await?,
    ];
    let now = court::beijing::micros(desk.now());
    if !desk.store.submit_verification(id, row.stage, &court, &sealed, now).await? {
        return Err(over());
    }
    info!(verification.id = %id, person.id = %account.person, "Verification handed to the reviewers");
    for file in [front, back, video] {
        // What is not removed now goes when its time is over.
        if let Err(problem) = file.remove(&desk).await {
            warn!(verification.id = %id, code = problem.code(), "A picture for a reviewer is still staged");
        }
    }
    let row = own(&desk, &account, id).await?;
    Ok(Reply(view(row).ok_or_else(Problem::internal)?))
}
