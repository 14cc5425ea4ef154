//! What people are shown of a file without opening it: small pictures, stills, pages. All of it is derived, made by the worker when it is
//! first wanted, and kept beside the original, which is never touched (SR-35).

mod derive;
mod jobs;
mod original;
mod pages;
#[cfg(test)]
mod tests;

pub use derive::{Copy, Unavailable};
pub use jobs::{pdf_job, poster_job, thumbnail_job};
pub use original::Original;
pub use pages::{PageWidth, Pages};

use court::{File, FileKind};
use papers::work::{OfficeForm, Task};

use crate::Desk;

/// The edge of a video's still, in pixels.
const POSTER_EDGE: u32 = 640;

/// What the copies of each kind are called in the store.
const THUMB: &str = "thumb";
const POSTER: &str = "poster";
const PDF: &str = "pdf";
const PAGES: &str = "pages";

/// What is remembered while views are made; [`Default`] at start. Cheap to clone.
pub type Views = derive::Making;

impl Desk {
    /// The small picture of a photo, or the still of a video.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn small_picture(&self, file: &File) -> Result<Copy, Unavailable> {
        match file.kind {
            FileKind::Photo => {
                let task = Task::Thumbnail { edge: papers::THUMBNAIL_EDGE };
                self.derive(derive::key(file.sha256, THUMB, 0), &task, None).await
            }
            FileKind::Video => {
                self.derive(derive::key(file.sha256, POSTER, 0), &Task::Poster { edge: POSTER_EDGE }, None).await
            }
            FileKind::Voice | FileKind::Document => Err(Unavailable::of(&papers::FileRefusal::NoSuchPage)),
        }
    }
}

/// The form of an office document that has to become a PDF before it has pages.
fn office_form(file: &File) -> Option<OfficeForm> {
    (file.kind == FileKind::Document).then(|| OfficeForm::of_media_type(&file.media_type)).flatten()
}
