//! People: who somebody is (实名认证).
//!
//! Whoever logs in has shown that a telephone number is theirs; here they show who they are. They read and accept a notice, give name and document,
//! show a code that came to their number, and then choose: a face service compares them with the register, or a reviewer of the court looks at
//! pictures and a video. A face is never the only way (architecture 5, no. 82). Nothing else of the house waits for it.
//!
//! What the browser says of a face check is not believed: the result is fetched from the service, must name this person and this attempt, and is used
//! once (SR-11). Numbers are sealed; pictures are encrypted under keys that are forgotten when their time is over.

mod accept;
mod attempt;
mod begin;
pub mod document;
mod face;
mod files;
mod mine;
mod phone;
mod reviews;
mod submit;

pub use accept::AcceptNotice;
pub use begin::{BeginVerification, Begun};
pub use document::{Doubt, Kind};
pub use face::FaceStart;
pub use files::forget;
pub use mine::{AttemptView, DocumentKind, Identity};
pub use phone::ShowCode;
pub use reviews::{DecideReview, OpenReview, Outcome, ReviewDetail, ReviewRow};
pub use submit::SubmitReview;

use std::sync::LazyLock;

use court::notice::Notice;
use desk::Desk;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The wing's routes.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(mine::my_identity))
        .routes(routes!(begin::begin_verification))
        .routes(routes!(phone::verification_code, phone::verify_phone))
        .routes(routes!(face::begin_face))
        .routes(routes!(face::face_result))
        .routes(routes!(submit::submit_review))
        .routes(routes!(accept::accept_identity_notice))
        .routes(routes!(reviews::identity_reviews))
        .routes(routes!(reviews::open_review))
        .routes(routes!(reviews::review_file))
        .routes(routes!(reviews::decide_review))
}

/// What is read before a verification begins.
pub(crate) static BEFORE: LazyLock<Notice> = LazyLock::new(|| {
    Notice::parse(include_str!("../../../catalog/identity-notice.md")).expect("the shipped notice is tested")
});

/// 《微法院告知书》, which is signed at its end.
pub(crate) static AFTER: LazyLock<Notice> = LazyLock::new(|| {
    Notice::parse(include_str!("../../../catalog/micro-court-notice.md")).expect("the shipped notice is tested")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_notices_can_be_read_and_say_that_a_face_is_not_the_only_way() {
        assert!(BEFORE.text.contains("人脸") && BEFORE.text.contains("人工审核"));
        assert_eq!(AFTER.title, "微法院告知书");
        assert_ne!(BEFORE.sha256, AFTER.sha256);
    }
}
