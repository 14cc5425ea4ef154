//! 问题反馈: what people write about the program, with pictures, and what the court answers. Nothing of it belongs to a case.

mod answer;
mod give;
mod list;
mod picture;

pub use answer::FeedbackReply;
pub use give::{FeedbackTaken, FeedbackWish};
pub use list::{FeedbackAnswerView, FeedbackInQueue, FeedbackView};

use court::File;
use desk::Desk;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How many are listed.
const LISTED: u64 = 200;

pub(super) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list::my_feedback, give::give_feedback))
        .routes(routes!(list::feedback_queue))
        .routes(routes!(answer::answer_feedback))
        .routes(routes!(picture::feedback_picture))
}

/// The pictures of something that was written.
fn files(row: &store::FeedbackRow) -> Vec<File> {
    serde_json::from_str(&row.files).unwrap_or_default()
}
