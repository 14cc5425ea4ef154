//! Bytes to bytes: what a file that somebody hands to a court really is, and small pictures of it.
//!
//! [`stamp`] puts pictures onto the pages of a PDF, [`attach`] files into it, and [`signature`] signs it and checks signatures; all of them only ever
//! add to a file.
//!
//! Nothing here knows cases, people or HTTP, and nothing is read but the file that is named. Every function is blocking; a server calls them
//! on a thread that may block, and not for many large pictures at once.
//!
//! A file is taken when three witnesses agree (SR-32): its name's ending, the bytes it begins with, and a parser that walks its structure.
//! Each parser reads through a budget and under the limits of SR-33, so that a hostile file costs milliseconds and megabytes, never more.
//! The original is never written to (SR-35): thumbnails are made of pixels alone, so that a place of recording stays in the original only.

pub mod attach;
mod budget;
mod facts;
mod format;
mod mark;
mod names;
mod office;
mod ole;
mod open;
mod pages;
mod pdf;
pub mod photo;
mod picture;
pub mod reading;
mod recording;
mod refusal;
mod rim;
pub mod signature;
pub mod stamp;
mod table;
mod tail;
pub mod work;

pub use facts::{FileFacts, FileKind, MAX_PAGES, Warning};
pub use mark::{Mark, sheet};
pub use names::display_name;
pub use open::{PdfRefusal, Spot};
pub use refusal::FileRefusal;
pub use table::{Row, Sheet, TABLE_BYTES, TABLE_CELL, TABLE_COLUMNS, TABLE_ROWS, TableKind, TableRefusal, table};

use std::fs::File;
use std::path::Path;

use format::Format;

/// Says what the file at `path` is, or why a court does not take it. `name` is the name its owner gave it: only its ending counts.
///
/// Blocking. Reads at most the whole file once, holds at most a photo's pixels or an embedded workbook (64 MB) in memory, never panics.
///
/// # Errors
/// The first [`FileRefusal`] in the order: ending, size, agreement of ending and content, structure.
pub fn identify(path: &Path, name: &str) -> Result<FileFacts, FileRefusal> {
    rim::guarded(|| {
        let ending = names::ending(name);
        let promised = Format::of_ending(&ending)?;
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        if size == 0 {
            return Err(FileRefusal::Empty);
        }
        promised.kind().check_size(size)?;
        let found = format::sniff(&mut file)?;
        format::agree(promised, found, &ending)?;
        if promised.may_hide_an_archive() && tail::ends_as_zip(&mut file, size)? {
            return Err(FileRefusal::Disguised);
        }
        match promised {
            Format::Jpeg | Format::Png | Format::Webp => {
                let facts = picture::examine(path, promised)?;
                Ok(FileFacts { warnings: photo::warnings(path, &facts), ..facts })
            }
            Format::IsoMedia | Format::M4a | Format::Webm | Format::Ogg | Format::Mp3 | Format::Wav => {
                recording::examine(&file, size, promised)
            }
            Format::Pdf => {
                let facts = pdf::examine(&file, size)?;
                Ok(FileFacts { pages: pages::count(path)?, ..facts })
            }
            Format::Docx | Format::Xlsx => office::examine(&file, promised),
            Format::Doc | Format::Xls => ole::examine(&file, promised),
        }
    })
}

/// A JPEG of the photo at `path`, turned upright, at most `max_edge` pixels long on its longer side and never larger than the original.
///
/// It is made of pixels alone: no EXIF, so no place and no camera (SR-35). Transparent parts become white.
/// Blocking; a photo of 64 megapixels takes some seconds and about 300 MB of memory, a progressive one more. Make one at a time.
///
/// # Errors
/// [`FileRefusal::TypeUnknown`] if the file is not a photo, [`FileRefusal::PictureTooLarge`] past 64 megapixels, otherwise
/// [`FileRefusal::Broken`].
pub fn thumbnail(path: &Path, max_edge: u32) -> Result<Vec<u8>, FileRefusal> {
    rim::guarded(|| picture::thumbnail(path, max_edge))
}

/// A drawing that somebody made on a screen (a signature): a PNG of pixels alone, made of the one that is given.
///
/// Blocking, but short: at most 96 KB and 1,600 pixels on each edge.
///
/// # Errors
/// [`FileRefusal::Empty`] when there is nothing on it, [`FileRefusal::PictureTooLarge`] past the limits, otherwise [`FileRefusal::Broken`] or
/// [`FileRefusal::Disguised`].
pub fn drawing(png: &[u8]) -> Result<Vec<u8>, FileRefusal> {
    rim::guarded(|| picture::drawing(png))
}

/// The edge of the thumbnails that rooms and lists show, in pixels.
pub const THUMBNAIL_EDGE: u32 = 640;
