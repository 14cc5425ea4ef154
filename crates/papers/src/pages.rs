//! Pages as pictures: of a PDF each of its pages, of a photo the one that it is.

use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::{FallbackFontQuery, FontData, FontQuery};
use hayro::hayro_interpret::hayro_cmap::CidFamily;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use serde::{Deserialize, Serialize};

use crate::facts::MAX_PAGES;
use crate::format::{Magic, sniff};
use crate::picture;
use crate::{FileKind, FileRefusal};

/// The most pixels of a page: three times what the widest screen shows of an A4 page.
const MOST_PIXELS: f32 = 16.0 * 1024.0 * 1024.0;
/// The longest edge of a page, in pixels.
const LONGEST_EDGE: f32 = 8192.0;
/// The least and the most points that a page's edge is taken to have.
const POINTS: (f32, f32) = (1.0, 20_000.0);

/// Where the fonts are with which Chinese is written that brings none of its own, plain and bold; the third of each file is simplified.
const SERIF: [&str; 2] =
    ["/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"];
const SANS: [&str; 2] =
    ["/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"];
const SIMPLIFIED: u32 = 2;

/// The size of a page: in points, of a photo in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PageSize {
    pub width: u32,
    pub height: u32,
}

/// The pages of a document, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Sizes {
    pub pages: Vec<PageSize>,
}

/// How many pages the PDF at `path` has, as far as that can be told.
pub(crate) fn count(path: &Path) -> Result<Option<u32>, FileRefusal> {
    match open(path) {
        Ok(pdf) => held(pdf.pages().len()).map(Some),
        // Evidence is taken as it is, though not everybody will be able to look at it here.
        Err(FileRefusal::Encrypted | FileRefusal::Broken(_)) => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

/// The sizes of all pages.
pub(crate) fn sizes(path: &Path) -> Result<Sizes, FileRefusal> {
    if !is_pdf(path)? {
        let (width, height) = picture::size(path)?;
        return Ok(Sizes { pages: vec![PageSize { width, height }] });
    }
    let pdf = open(path)?;
    held(pdf.pages().len())?;
    let size = |(width, height): (f32, f32)| PageSize { width: points(width) as u32, height: points(height) as u32 };
    let pages: Vec<_> = pdf.pages().iter().map(|page| size(page.render_dimensions())).collect();
    if pages.is_empty() { Err(FileRefusal::Broken("document without pages".into())) } else { Ok(Sizes { pages }) }
}

/// Page `n` (from 1) as a JPEG of this width; a photo is never enlarged.
pub(crate) fn draw(path: &Path, n: u32, width: u32) -> Result<Vec<u8>, FileRefusal> {
    if !is_pdf(path)? {
        return if n == 1 { picture::scaled(path, width, u32::MAX) } else { Err(FileRefusal::NoSuchPage) };
    }
    let pdf = open(path)?;
    held(pdf.pages().len())?;
    let place = usize::try_from(n).ok().and_then(|n| n.checked_sub(1)).ok_or(FileRefusal::NoSuchPage)?;
    let page = pdf.pages().get(place).ok_or(FileRefusal::NoSuchPage)?;
    let (wide, high) = page.render_dimensions();
    let (wide, high) = (points(wide), points(high));
    let scale =
        (width.max(1) as f32 / wide).min(LONGEST_EDGE / wide.max(high)).min((MOST_PIXELS / (wide * high)).sqrt());
    let interpreter = InterpreterSettings { font_resolver: Arc::new(font), ..InterpreterSettings::default() };
    let pixmap = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let drawn = hayro::render(page, &RenderCache::new(), &interpreter, &RenderSettings::default(), &pixmap);
    picture::jpeg_of_rgba(drawn.width().into(), drawn.height().into(), drawn.data_as_u8_slice())
}

fn open(path: &Path) -> Result<Pdf, FileRefusal> {
    FileKind::Document.check_size(fs::metadata(path)?.len())?;
    Pdf::new(fs::read(path)?).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => FileRefusal::Encrypted,
        LoadPdfError::Decryption(_) | LoadPdfError::Invalid => FileRefusal::Broken("pdf cannot be opened".into()),
    })
}

fn held(pages: usize) -> Result<u32, FileRefusal> {
    match u32::try_from(pages) {
        Ok(pages) if pages <= MAX_PAGES => Ok(pages),
        _ => Err(FileRefusal::TooManyPages { pages: pages as u64 }),
    }
}

fn is_pdf(path: &Path) -> Result<bool, FileRefusal> {
    match sniff(&mut fs::File::open(path)?)? {
        Some(Magic::Pdf) => Ok(true),
        Some(Magic::Jpeg | Magic::Png | Magic::Webp) => Ok(false),
        _ => Err(FileRefusal::NoSuchPage),
    }
}

/// A PDF may claim any number, and some that are none.
fn points(edge: f32) -> f32 {
    if edge.is_finite() { edge.clamp(POINTS.0, POINTS.1) } else { POINTS.0 }
}

/// A font for text that brings none: for Chinese the system's, for the rest what the renderer carries with it.
fn font(query: &FontQuery) -> Option<(FontData, u32)> {
    match query {
        FontQuery::Standard(standard) => Some(standard.get_font_data()),
        FontQuery::Fallback(wanted) if is_chinese(wanted) => {
            chinese(wanted).or_else(|| Some(wanted.pick_standard_font().get_font_data()))
        }
        FontQuery::Fallback(wanted) => Some(wanted.pick_standard_font().get_font_data()),
    }
}

fn is_chinese(wanted: &FallbackFontQuery) -> bool {
    wanted.character_collection.as_ref().is_some_and(|collection| {
        matches!(
            collection.family,
            CidFamily::AdobeGB1 | CidFamily::AdobeCNS1 | CidFamily::AdobeJapan1 | CidFamily::AdobeKorea1
        )
    })
}

fn chinese(wanted: &FallbackFontQuery) -> Option<(FontData, u32)> {
    static FILES: [LazyLock<Option<FontData>>; 4] = [
        LazyLock::new(|| file(SANS[0])),
        LazyLock::new(|| file(SANS[1])),
        LazyLock::new(|| file(SERIF[0])),
        LazyLock::new(|| file(SERIF[1])),
    ];
    let name = wanted.post_script_name.as_deref().unwrap_or_default().to_ascii_lowercase();
    let serif = wanted.is_serif || ["song", "sun", "ming", "kai"].iter().any(|part| name.contains(part));
    let place = 2 * usize::from(serif) + usize::from(wanted.is_bold);
    FILES[place].clone().map(|data| (data, SIMPLIFIED))
}

fn file(path: &str) -> Option<FontData> {
    fs::read(path).ok().map(|bytes| Arc::new(bytes) as FontData)
}
