//! 图片转文字: what is printed on a photo, as text to copy.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use court::{FileKind, UploadId};
use desk::rim::{Json, Path};
use desk::uploads::tool_file;
use desk::worker::NotDone;
use desk::{Account, Desk, Problem};
use papers::reading::{Reading, Turn};
use papers::work::Task;
use serde::{Deserialize, Serialize};
use tracing::{info, warn};
use utoipa::ToSchema;

use crate::pace::{Cost, PersonPace};

/// How a photo is to be read.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TextWanted {
    /// By how many quarters the photo must be turned clockwise to stand upright, beyond what it says itself.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 3)]
    pub turn: u8,
}

/// What was read.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextRead {
    /// From top to bottom; none when nothing was found that looks like print.
    pub lines: Vec<TextLine>,
}

/// A line of text.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextLine {
    /// One after the other they are the line.
    pub words: Vec<TextWord>,
    /// Which paragraph it belongs to, from 0.
    pub paragraph: u32,
    /// Where it stands: four corners, as shares of the width and height of the photo as it is shown without the turn.
    #[schema(value_type = Vec<Vec<f64>>)]
    pub corners: [(f64, f64); 4],
}

/// Some characters of a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextWord {
    pub text: String,
    /// How sure the machine is, 0 to 100.
    pub sure: u8,
}

/// Read the print on a photo. The photo is deleted when it has been read, and the text is kept nowhere.
#[utoipa::path(
    post, path = "/api/tools/text/{upload}", operation_id = "read_text", tag = "tools",
    params(("upload" = String, Path, description = "Id of an upload for a tool")),
    request_body = TextWanted,
    responses(
        (status = 200, description = "What was read; the upload is gone", body = TextRead),
        (status = 401, description = "Not logged in", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such upload of this person", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "`upload_unfinished`, `upload_not_for_tool`", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 410, description = "`upload_expired`", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "`text_wants_photo`", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`turn_invalid`, `text_unreadable`, or why the photo is refused", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 423, description = "`upload_busy`: it is being read", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`tool_too_often`", body = desk::ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`, `tool_switched_off`", body = desk::ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn read_text(
    State(desk): State<Desk>,
    account: Account,
    Path(id): Path<UploadId>,
    Extension(pace): Extension<PersonPace>,
    Json(wanted): Json<TextWanted>,
) -> Result<Json<TextRead>, Problem> {
    let photo = tool_file(&desk, &account, id).await?;
    let turn = Turn::try_from(wanted.turn).map_err(|_| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "turn_invalid", "照片的旋转方向不正确，请刷新页面后重试。")
    })?;
    if photo.kind() != FileKind::Photo {
        let detail = "图片转文字只能识别照片（jpg、png、webp），请重新选择。";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "text_wants_photo", detail));
    }
    pace.step(account.person, Cost::Work, desk.now())?;
    let read = desk.worker.run::<Reading>(&Task::Recognise { turn }, &[photo.path()]).await;
    let reading = match read {
        Ok(done) => done.answer,
        Err(not_done) => {
            warn!(upload.id = %id, outcome = not_done.class(), "Photo not read");
            let problem = problem(&not_done);
            // What can never be read need not wait for its time to be over; what can be tried again stays.
            if problem.status() == StatusCode::UNPROCESSABLE_ENTITY {
                photo.remove(&desk).await?;
            }
            return Err(problem);
        }
    };
    photo.remove(&desk).await?;
    info!(upload.id = %id, lines = reading.lines.len(), "Photo read");
    Ok(Json(read_lines(reading)))
}

fn read_lines(reading: Reading) -> TextRead {
    let lines = reading.lines.into_iter().map(|line| TextLine {
        words: line.words.into_iter().map(|word| TextWord { text: word.text, sure: word.sure }).collect(),
        paragraph: line.paragraph,
        corners: line.corners,
    });
    TextRead { lines: lines.collect() }
}

fn problem(not_done: &NotDone) -> Problem {
    match not_done {
        NotDone::Refused(refusal) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, refusal.code(), refusal.detail()),
        NotDone::Resource(_) | NotDone::Bug(_) => {
            let detail = "这张照片没有识别成功，请重新拍一张清晰、摆正的照片再试。";
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "text_unreadable", detail)
        }
        NotDone::Missing(missing) => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "tool_switched_off", missing.sentence())
        }
        NotDone::Unavailable => {
            let detail = "使用的人较多，照片还没有识别，请稍候，系统会自动重试。";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).retry_after(5)
        }
    }
}
