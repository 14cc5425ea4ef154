//! Typesetting: plain data in, a PDF in the form that courts use out.
//!
//! A [`Document`] is a struct of plain data and a template of the same name. [`render`] gives the same bytes for the same data, so that
//! anybody who has the data can make the file again and compare. No clock is read, no network, no file but the fonts of the directories that
//! [`Fonts::in_directories`] was given.
//!
//! What people wrote is data to the template and is never parsed as markup; [`sanitise`] takes out what could not be printed or would print
//! something else than was written. Everything here is blocking, and large documents take seconds and hundreds of megabytes: call it in a
//! worker process.

pub mod assessment;
#[cfg(feature = "render")]
mod document;
#[cfg(feature = "render")]
mod fonts;
#[cfg(feature = "render")]
mod hash;
mod moment;
#[cfg(feature = "render")]
mod pictures;
#[cfg(feature = "render")]
mod render;
#[cfg(feature = "render")]
mod sanitise;
pub mod transcript;
#[cfg(feature = "render")]
mod world;

use std::collections::BTreeMap;

#[cfg(feature = "render")]
pub use document::Document;
#[cfg(feature = "render")]
pub use fonts::{Fonts, FontsMissing};
#[cfg(feature = "render")]
pub use render::{Failure, Place, Rendered, render};
#[cfg(feature = "render")]
pub use sanitise::{Replaced, Sanitiser};

/// Pictures by their id: JPEG or PNG, told apart by their first bytes.
///
/// Give thumbnails (640 pixels are 200 dpi in print): each is decoded and held while the document is made.
pub type Pictures = BTreeMap<String, Vec<u8>>;

/// The most entries of one transcript.
pub const MAX_ENTRIES: usize = 50_000;

/// The most pictures of one document, and the most bytes of them together.
pub const MAX_PICTURES: usize = 2_000;
pub const MAX_PICTURE_BYTES: usize = 200 << 20;
