//! 电子签名: one's own signature on places of one's own file.
//!
//! It puts the picture and nothing else: it is no act, is no signature of a court, and confirms no document of a case. The picture leaves the vault
//! for this one file and these places only, after its person has shown again who they are (SR-09, 40, 42); each use is noted for its person.

pub(crate) mod file;
pub(crate) mod pages;
pub(crate) mod place;

pub use pages::{SignPage, SignPages};
pub use place::{PlacedSignature, SignWanted, SignedFile};

use axum::http::StatusCode;
use desk::Problem;
use desk::worker::NotDone;

/// What people are told when the worker has not done what they wanted.
fn problem(not_done: &NotDone) -> Problem {
    match not_done {
        NotDone::Refused(refusal) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, refusal.code(), refusal.detail()),
        NotDone::Resource(_) | NotDone::Bug(_) => {
            let detail = "这个文件没有处理成功，请另存为新的 PDF，或者拍照后再试。";
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "sign_unreadable", detail)
        }
        NotDone::Missing(missing) => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "tool_switched_off", missing.sentence())
        }
        NotDone::Unavailable => {
            let detail = "使用的人较多，请稍候，系统会自动重试。";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).retry_after(3)
        }
    }
}
