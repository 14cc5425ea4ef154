//! Somebody's signature on places of a file that they chose themselves: of a PDF, or of a photo, which becomes a PDF of one page.

use std::fs;
use std::path::Path;

use lopdf::{Document, Object, Stream, dictionary};
use serde::{Deserialize, Serialize};

use crate::format::{Magic, sniff};
use crate::pages::{self, PageSize};
use crate::stamp::{Stamp, stamp};
use crate::{FileKind, FileRefusal, PdfRefusal, Spot, picture};

/// The longest edge of a photo in a PDF, in pixels: A4 at 300 dpi.
const EDGE: u32 = 3508;
/// The sheet that a photo is put on, in points: A4, short and long edge.
const SHEET: (f64, f64) = (595.0, 842.0);
/// Hundredths of a point in a point.
const HUNDRED: f64 = 100.0;

/// Where a signature goes: a box on a page as a person sees it, from its top left corner, in hundredths of a point, so that two programs write
/// the same place alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// From 1.
    pub page: u32,
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// The size in points of the page that a photo of this size becomes: as large as fits on A4, upright or lying as the photo is.
#[must_use]
pub fn sheet(photo: PageSize) -> PageSize {
    let (width, height) = (f64::from(photo.width.max(1)), f64::from(photo.height.max(1)));
    let (across, down) = if height >= width { SHEET } else { (SHEET.1, SHEET.0) };
    let scale = (across / width).min(down / height);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 842")]
    let points = |edge: f64| (edge * scale).round().max(1.0) as u32;
    PageSize { width: points(width), height: points(height) }
}

/// The file at `path` with the picture at these places. A PDF is only added to.
pub(crate) fn marked(path: &Path, png: &[u8], marks: &[Mark]) -> Result<Vec<u8>, FileRefusal> {
    let pdf = match sniff(&mut fs::File::open(path)?)? {
        Some(Magic::Pdf) => {
            FileKind::Document.check_size(fs::metadata(path)?.len())?;
            fs::read(path)?
        }
        _ => of_photo(path)?,
    };
    let points = |hundredths: u32| f64::from(hundredths) / HUNDRED;
    let stamps: Vec<_> = marks
        .iter()
        .map(|mark| {
            let (x, y, width, height) = (points(mark.x), points(mark.y), points(mark.width), points(mark.height));
            Stamp { spot: Spot { page: mark.page, x, y, width, height }, png: png.to_vec() }
        })
        .collect();
    stamp(&pdf, &stamps).map_err(|refusal| match refusal {
        PdfRefusal::Signed => FileRefusal::SignedDocument,
        PdfRefusal::Locked => FileRefusal::Encrypted,
        PdfRefusal::NoSuchPage(_) => FileRefusal::NoSuchPage,
        _ => FileRefusal::NothingCanBeAdded,
    })
}

/// A PDF of one page that is the photo.
fn of_photo(path: &Path) -> Result<Vec<u8>, FileRefusal> {
    let (width, height) = picture::size(path)?;
    let page = sheet(PageSize { width, height });
    let jpeg = picture::scaled(path, EDGE, EDGE)?;
    let (across, down) = picture::size_of_jpeg(&jpeg)?;

    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let about = dictionary! {
        "Type" => "XObject", "Subtype" => "Image", "Width" => i64::from(across), "Height" => i64::from(down),
        "ColorSpace" => "DeviceRGB", "BitsPerComponent" => 8, "Filter" => "DCTDecode",
    };
    let photo = document.add_object(Stream::new(about, jpeg).with_compression(false));
    let drawing = format!("q {} 0 0 {} 0 0 cm /Photo Do Q\n", page.width, page.height);
    let drawing = document.add_object(Stream::new(dictionary! {}, drawing.into_bytes()));
    let leaf = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => drawing,
        "MediaBox" => vec![0.into(), 0.into(), i64::from(page.width).into(), i64::from(page.height).into()],
        "Resources" => dictionary! { "XObject" => dictionary! { "Photo" => photo } },
    });
    let tree = dictionary! { "Type" => "Pages", "Kids" => vec![leaf.into()], "Count" => 1 };
    document.objects.insert(pages, Object::Dictionary(tree));
    let catalogue = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalogue);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).map_err(|_| FileRefusal::NothingCanBeAdded)?;
    Ok(bytes)
}

/// The sizes of the pages that places are chosen on, in points.
pub(crate) fn places(path: &Path) -> Result<pages::Sizes, FileRefusal> {
    let is_pdf = matches!(sniff(&mut fs::File::open(path)?)?, Some(Magic::Pdf));
    let sizes = pages::sizes(path)?;
    Ok(if is_pdf { sizes } else { pages::Sizes { pages: sizes.pages.into_iter().map(sheet).collect() } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_becomes_a_page_of_its_own_proportions_within_a4() {
        let sheet = |width, height| {
            let PageSize { width, height } = sheet(PageSize { width, height });
            (width, height)
        };
        assert_eq!(sheet(3000, 4000), (595, 793));
        assert_eq!(sheet(4000, 3000), (793, 595));
        assert_eq!(sheet(100, 100), (595, 595));
        assert_eq!(sheet(1, 10_000), (1, 842));
        assert_eq!(sheet(0, 0), (595, 595));
    }
}
