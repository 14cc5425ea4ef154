//! Pages: of a PDF, of a photo, and of an office document once it has become a PDF.

use court::{File, FileKind};
use papers::work::{PageSize as Measured, Sizes, Task};
use record::Hash;
use serde::Serialize;
use store::{CopyRow, CopyState, NewJob};
use utoipa::ToSchema;

use super::derive::{self, Copy, Unavailable};
use super::{PAGES, PDF, office_form};
use crate::worker::NotDone;
use crate::{Desk, Problem};

/// What can be said of the pages of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Pages {
    /// They can be shown.
    Ready {
        /// At most 2,000.
        count: u32,
        /// In their order.
        sizes: Vec<PageSize>,
    },
    /// The document is becoming a PDF; ask again in two seconds.
    Preparing,
    /// They cannot be shown.
    Failed {
        /// For programs.
        code: String,
        /// For people.
        detail: String,
    },
}

/// The size of a page: in points, of a photo in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PageSize {
    pub width: u32,
    pub height: u32,
}

/// How wide a page is drawn: a few widths, so that what is drawn once serves all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PageWidth {
    /// For a strip of small pages.
    Strip,
    /// For reading.
    Read,
    /// For looking closely.
    Close,
}

/// Where the pages of a file come from.
enum Source {
    /// This file: the original, or the PDF that it became.
    File(Hash),
    Preparing,
}

impl Desk {
    /// What can be said of the pages of a file. For an office document, the first question sets its conversion going.
    ///
    /// The caller has made sure that whoever asks may see the file.
    ///
    /// # Errors
    /// 503 when it cannot be told now.
    pub async fn pages(&self, file: &File) -> Result<Pages, Problem> {
        if let (FileKind::Photo, Some(width), Some(height)) = (file.kind, file.width, file.height) {
            return Ok(Pages::Ready { count: 1, sizes: vec![PageSize { width, height }] });
        }
        match self.measured(file).await {
            Ok(Some(sizes)) => {
                let count = sizes.pages.len() as u32;
                let size = |page: &Measured| PageSize { width: page.width, height: page.height };
                Ok(Pages::Ready { count, sizes: sizes.pages.iter().map(size).collect() })
            }
            Ok(None) => Ok(Pages::Preparing),
            Err(Unavailable::Ever(failure)) => Ok(Pages::Failed { code: failure.code, detail: failure.detail }),
            Err(Unavailable::Now(problem)) if problem.code() == "view_switched_off" => {
                Ok(Pages::Failed { code: problem.code().to_owned(), detail: problem.detail().to_owned() })
            }
            Err(Unavailable::Now(problem)) => Err(problem),
        }
    }

    /// Page `n` (from 1) as a JPEG; none while the document is becoming a PDF.
    ///
    /// The caller has made sure that whoever asks may see the file.
    ///
    /// # Errors
    /// Why the page cannot be shown, e.g. that there is no such page.
    pub async fn page(&self, file: &File, n: u32, width: PageWidth) -> Result<Option<Copy>, Unavailable> {
        let source = match self.source(file).await? {
            Source::File(source) => source,
            Source::Preparing => return Ok(None),
        };
        // Before anything is written down: a page that there cannot be leaves no row.
        let count = match file.kind {
            FileKind::Photo => 1,
            _ => self.measured(file).await?.map_or(0, |sizes| sizes.pages.len()),
        };
        if n == 0 || n as usize > count {
            return Err(Unavailable::of(&papers::FileRefusal::NoSuchPage));
        }
        let key = derive::key(file.sha256, width.kind(), n);
        self.derive(key, &Task::Page { n, width: width.pixels() }, Some(source)).await.map(Some)
    }

    /// The sizes of all pages; none while the document is becoming a PDF.
    async fn measured(&self, file: &File) -> Result<Option<Sizes>, Unavailable> {
        let Source::File(source) = self.source(file).await? else { return Ok(None) };
        let key = derive::key(file.sha256, PAGES, 0);
        match self.store.copy(&key).await? {
            Some(CopyState::Ready(row)) => {
                if let Ok(sizes) = serde_json::from_str(&row.answer) {
                    return Ok(Some(sizes));
                }
            }
            Some(CopyState::Failed(failure)) => return Err(Unavailable::Ever(failure)),
            Some(CopyState::Preparing | CopyState::Failing { .. }) | None => {}
        }
        let original = self.original(source).await?;
        match self.worker.run::<Sizes>(&Task::Pages, &[original.path()]).await {
            Ok(done) if (1..=papers::MAX_PAGES as usize).contains(&done.answer.pages.len()) => {
                let answer = serde_json::to_string(&done.answer).map_err(|_| Problem::internal())?;
                let now = court::beijing::micros(self.now());
                self.store.put_copy(&key, &CopyRow { file: None, answer }, now).await?;
                Ok(Some(done.answer))
            }
            Ok(_) => Err(self.not_made(&key, NotDone::Bug("no document has so many pages".to_owned())).await?),
            Err(not_done) => Err(self.not_made(&key, not_done).await?),
        }
    }

    async fn source(&self, file: &File) -> Result<Source, Unavailable> {
        let Some(form) = office_form(file) else {
            return match file.kind {
                FileKind::Photo | FileKind::Document => Ok(Source::File(file.sha256)),
                FileKind::Video | FileKind::Voice => Err(Unavailable::of(&papers::FileRefusal::NoSuchPage)),
            };
        };
        let key = derive::key(file.sha256, PDF, 0);
        if let Some(known) = self.known(&key).await? {
            return known.map(|pdf| Source::File(pdf.sha256));
        }
        self.worker.can(&Task::OfficeToPdf { form }).map_err(NotDone::Missing)?;
        let now = court::beijing::micros(self.now());
        let job = NewJob { kind: "document.pdf".to_owned(), payload: super::jobs::payload(file), run_at: now };
        self.store.prepare_copy(&key, &job, now).await?;
        Ok(Source::Preparing)
    }
}

impl PageWidth {
    /// The narrowest that has at least these pixels; the widest past all of them.
    pub fn at_least(pixels: u32) -> PageWidth {
        let fits = |width: &&PageWidth| width.pixels() >= pixels;
        Self::ALL.iter().find(fits).copied().unwrap_or(PageWidth::Close)
    }

    const ALL: [PageWidth; 3] = [PageWidth::Strip, PageWidth::Read, PageWidth::Close];

    /// How many pixels that is.
    pub fn pixels(self) -> u32 {
        match self {
            PageWidth::Strip => 240,
            PageWidth::Read => 1240,
            PageWidth::Close => 2000,
        }
    }

    fn kind(self) -> &'static str {
        match self {
            PageWidth::Strip => "page-240",
            PageWidth::Read => "page-1240",
            PageWidth::Close => "page-2000",
        }
    }
}
