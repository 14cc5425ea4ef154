//! What is signed: people's signatures, the transcript of a sitting (笔录) as a member sees it, how it is typeset and sealed, and one's documents
//! (我的文书).
//!
//! What a transcript says is `court::transcript`; who may do what to it are acts. Here is what needs more than acts.

mod documents;
mod lay_out;
mod press;
#[cfg(feature = "print")]
mod printing;
mod sealing;
mod signature;
mod transcript;
#[cfg(feature = "print")]
mod typesetter;
mod typesetting;
mod uses;

pub use documents::{DocumentView, DocumentsView};
pub use press::{Pictures, Place, Press, PressFailure, ReceiptOf, Receipts, SealedFile, Sealing, Sheet, Typeset};
#[cfg(feature = "print")]
pub use printing::Printing;
pub use sealing::seal;
pub use signature::{GiveSignature, OwnSignature, OwnSignatureView};
pub use transcript::{FilePart, MatterChoice, SignatoryView, SigningStatus, TranscriptView, VersionView};
#[cfg(feature = "print")]
pub use typesetter::{Child, Here, LaidOut, Typesetter, typeset_here};
pub use typesetting::typeset;
pub use uses::{SignatureUseView, SignatureUses};

use desk::Desk;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The wing's routes.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(signature::my_signature, signature::give_signature))
        .routes(routes!(signature::my_signature_picture))
        .routes(routes!(uses::signature_uses))
        .routes(routes!(transcript::transcript))
        .routes(routes!(documents::documents))
}
