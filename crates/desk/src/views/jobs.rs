//! What is made before somebody asks: the job after a file was shown only makes the first look quicker.

use court::{File, FileKind};
use papers::work::{OfficeForm, Task};
use record::Hash;
use serde::Deserialize;
use serde_json::json;
use store::CopyKey;
use time::Duration;

use super::derive::{self, Unavailable};
use super::{PDF, POSTER, POSTER_EDGE, THUMB};
use crate::Desk;
use crate::jobs::Outcome;

/// What the jobs carry.
#[derive(Deserialize)]
struct Wanted {
    /// Of the original.
    sha256: Hash,
    #[serde(default)]
    media_type: String,
}

/// The payload of a job that makes something of this file.
pub(crate) fn payload(file: &File) -> String {
    match file.kind {
        FileKind::Document => json!({ "sha256": file.sha256, "media_type": file.media_type }).to_string(),
        _ => json!({ "sha256": file.sha256 }).to_string(),
    }
}

/// The handler of the job `photo.thumbnail`.
pub async fn thumbnail_job(desk: Desk, payload: String) -> Outcome {
    let task = Task::Thumbnail { edge: papers::THUMBNAIL_EDGE };
    make(&desk, &payload, |wanted| Some((derive::key(wanted.sha256, THUMB, 0), task))).await
}

/// The handler of the job `video.poster`.
pub async fn poster_job(desk: Desk, payload: String) -> Outcome {
    let task = Task::Poster { edge: POSTER_EDGE };
    make(&desk, &payload, |wanted| Some((derive::key(wanted.sha256, POSTER, 0), task))).await
}

/// The handler of the job `document.pdf`.
pub async fn pdf_job(desk: Desk, payload: String) -> Outcome {
    let task = |wanted: &Wanted| {
        let form = OfficeForm::of_media_type(&wanted.media_type)?;
        Some((derive::key(wanted.sha256, PDF, 0), Task::OfficeToPdf { form }))
    };
    make(&desk, &payload, task).await
}

async fn make(desk: &Desk, payload: &str, task: impl FnOnce(&Wanted) -> Option<(CopyKey, Task)>) -> Outcome {
    let Some((key, task)) = serde_json::from_str(payload).ok().and_then(|wanted| task(&wanted)) else {
        return Outcome::Fail("the payload names nothing that can be made".to_owned());
    };
    if desk.worker.can(&task).is_err() {
        // The operator was told at the start; whoever looks is told then.
        return Outcome::Done;
    }
    match desk.derive(key, &task, None).await {
        Ok(_) => Outcome::Done,
        // The file is what it is, and whoever looks is told so: no job failed.
        Err(Unavailable::Ever(failure)) if failure.class == "bad_input" => Outcome::Done,
        Err(Unavailable::Ever(failure)) => Outcome::Fail(format!("no copy can be made: {}", failure.class)),
        Err(Unavailable::Now(problem)) if problem.code() == "not_found" => {
            Outcome::Fail("there is no such file".to_owned())
        }
        Err(Unavailable::Now(problem)) => Outcome::Retry(Duration::ZERO, problem.code().to_owned()),
    }
}
