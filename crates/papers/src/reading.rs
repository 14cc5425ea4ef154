//! From a photo of a paper to a picture that a machine can read, and from what the machine says to lines of text.
//!
//! What helps Tesseract, in this order: upright; the sheet alone, as seen from above, at about 200 dpi; light that is the same everywhere;
//! print that lies level. It makes black and white itself.

mod lines;
mod map;
mod tidy;

use std::path::Path;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageEncoder};
use serde::{Deserialize, Serialize};

use crate::photo::{Page, Point, find, shrink, skew};
use crate::{FileRefusal, picture, rim};

pub use lines::Word;

use map::Map;

/// The edge of the square of the area that a sheet gets: A4 is then 1654 × 2339, 200 dpi.
const EDGE: f64 = 1967.0;
/// No picture is blown up further than this: there is no more to be seen.
const BLOW_UP: f64 = 2.0;
/// Nor is an edge longer than this, however long and narrow the strip.
const LONGEST: f64 = 4000.0;
/// The edge of the copy on which the sheet is looked for.
const SMALL: u32 = 500;
/// The edge of the copy on which the turn of the print is looked for.
const LEVEL: u32 = 800;

/// What was read on a photo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    pub lines: Vec<Line>,
}

/// A line of text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// One after the other they are the line.
    pub words: Vec<Word>,
    /// Which paragraph it belongs to, counted over the whole picture.
    pub paragraph: u32,
    /// Where it stands: four corners, as shares of the upright photo's width and height.
    pub corners: [(f64, f64); 4],
}

/// A picture to be read, and where its places are on the photo.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Grey, without any word about where it was made.
    pub png: Vec<u8>,
    /// From its pixels to shares of the upright photo's width and height.
    map: Map,
}

/// By how many quarters the person says that the photo must be turned clockwise, beyond what the photo says itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Turn {
    #[default]
    None,
    Right,
    Over,
    Left,
}

impl TryFrom<u8> for Turn {
    type Error = &'static str;

    fn try_from(quarters: u8) -> Result<Turn, &'static str> {
        Ok(match quarters {
            0 => Turn::None,
            1 => Turn::Right,
            2 => Turn::Over,
            3 => Turn::Left,
            _ => return Err("a turn is 0 to 3 quarters"),
        })
    }
}

impl From<Turn> for u8 {
    fn from(turn: Turn) -> u8 {
        turn as u8
    }
}

/// Makes the photo at `path` ready to be read. Blocking; 12 megapixels take about half a second of one core and 100 MB.
///
/// # Errors
/// As [`crate::thumbnail`].
pub fn prepare(path: &Path, turn: Turn) -> Result<Prepared, FileRefusal> {
    rim::guarded(|| {
        let (picture, orientation) = picture::decode(path)?;
        let mut photo = DynamicImage::from(picture::on_white(picture));
        photo.apply_orientation(orientation);
        photo.apply_orientation(match turn {
            Turn::None => Orientation::NoTransforms,
            Turn::Right => Orientation::Rotate90,
            Turn::Over => Orientation::Rotate180,
            Turn::Left => Orientation::Rotate270,
        });
        let photo = photo.into_rgb8();
        let small = shrink::colour(&photo, SMALL);
        let (width, height) = (f64::from(photo.width()), f64::from(photo.height()));
        let page =
            find(&small).map(|page| page.scaled(width / f64::from(small.width()), height / f64::from(small.height())));
        let grey = shrink::grey(&photo, 1.0);
        drop(photo);
        let (read, map) = straightened(&grey, page.as_ref());
        let mut png = Vec::new();
        PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Sub)
            .write_image(read.as_raw(), read.width(), read.height(), image::ExtendedColorType::L8)
            .map_err(|_| FileRefusal::Broken("the picture cannot be prepared".into()))?;
        Ok(Prepared { png, map: map.then(&Map::scale(1.0 / width, 1.0 / height)).unturned(turn) })
    })
}

/// The sheet (or all of the picture) as seen from above, evenly lit and level; and the way back.
fn straightened(grey: &GrayImage, page: Option<&Page>) -> (GrayImage, Map) {
    let (width, height) = (f64::from(grey.width()), f64::from(grey.height()));
    let corners = page.map_or(
        [Point::new(0.0, 0.0), Point::new(width, 0.0), Point::new(width, height), Point::new(0.0, height)],
        |page| page.corners,
    );
    let whole = Page { corners, share: 1.0, solidity: 1.0 };
    let scale = (EDGE / (whole.width() * whole.height()).sqrt().max(1.0))
        .min(BLOW_UP)
        .min(LONGEST / whole.width().max(whole.height()).max(1.0));
    let sides = [whole.width(), whole.height()].map(|side| (side * scale).round().max(16.0));
    let flat =
        Map::from_rectangle(sides[0], sides[1], &corners).unwrap_or_else(|| Map::scale(1.0 / scale, 1.0 / scale));
    let first = tidy::evened(&flat.seen(grey, sides));
    match skew::of(&shrink::halved_to(&first, LEVEL), 0.05).filter(|turn| turn.abs() >= 0.1) {
        None => (first, flat),
        Some(turn) => {
            // Turned about the middle, and drawn anew from the photo: drawn twice, print would be blurred twice.
            let level = Map::turned(turn, sides[0] / 2.0, sides[1] / 2.0).then(&flat);
            (tidy::evened(&level.seen(grey, sides)), level)
        }
    }
}

impl Prepared {
    /// What Tesseract has read on this picture (its TSV), with the places on the photo.
    #[must_use]
    pub fn reading(&self, tsv: &str) -> Reading {
        let placed = |line: lines::Read| {
            let [left, top, right, bottom] = line.bounds.map(f64::from);
            let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
            let corners = corners.map(|(x, y)| self.map.at(x, y));
            Line { words: line.words, paragraph: line.paragraph, corners }
        };
        Reading { lines: lines::lines(tsv).into_iter().map(placed).collect() }
    }
}

impl Line {
    /// The line as it reads.
    #[must_use]
    pub fn text(&self) -> String {
        self.words.iter().map(|word| word.text.as_str()).collect()
    }
}
