//! Whether a paper on a photo can be read (manual 2.5): straight, seen from above, little background, sharp, large enough, light enough.
//!
//! What is measured is told apart from what is told: [`Look`] has the numbers, `catalog/photo.json` says from which number on a person
//! is given a hint, and with which words. Nothing is refused here. The web app measures the same before an upload
//! (`web/src/uploads/look.ts`), on a copy that its own canvas made small; a test compares both on the same pictures.
//!
//! A picture on which no sheet of paper can be told from what is around it (a car, a screenshot, white paper on a white desk) is
//! measured for size, sharpness and light only: that nothing was found says nothing against the photo.

mod page;
mod quad;
mod rules;
mod sharp;
pub(crate) mod shrink;
pub(crate) mod skew;

use std::path::Path;

use image::{DynamicImage, GrayImage, RgbImage};
use serde::{Deserialize, Serialize};

use crate::{FileFacts, FileRefusal, Warning, picture, rim};

pub(crate) use page::{Page, find};
pub(crate) use quad::Point;
pub use rules::Grade;

use rules::rules;

/// The longer edge of the copy on which the sheet is looked for, in pixels.
const SMALL: u32 = 500;

/// How wide a sheet is when its sharpness is measured, in pixels: 75 dpi on A4. Anything finer is more grain than print.
const WIDE: f64 = 620.0;

/// What was measured on a photo, and what its owner should be told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// Pixels across, upright.
    pub width: u32,
    /// Pixels down, upright.
    pub height: u32,
    /// The sheet of paper, if one can be told from its ground.
    pub sheet: Option<Sheet>,
    /// By how many degrees sheet or print is turned, clockwise; none where neither can be seen.
    pub tilt: Option<f64>,
    /// The spread of edges in pixels of a sheet that is 620 pixels wide; none where there are no edges.
    pub blur: Option<f64>,
    /// How light the sheet is (its median), or the lightest part of a picture without one; 0 to 255.
    pub light: f64,
    /// The worst first.
    pub findings: Vec<Finding>,
}

/// A sheet of paper on a photo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Top left, top right, bottom right, bottom left, as shares of width and height; a corner may lie outside of the picture.
    pub corners: [(f64, f64); 4],
    /// Its share of the picture.
    pub share: f64,
    /// How much of the shape between its corners is paper: less than all where it is folded, torn or covered.
    pub flat: f64,
    /// By how much the longer of two opposite edges is longer, as a share of it.
    pub slant: f64,
    /// How many corners are at or beyond the border of the picture.
    pub outside: u8,
}

/// One thing that could be better.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    pub what: Warning,
    pub grade: Grade,
}

/// Looks at the photo at `path`. Blocking; 12 megapixels take about half a second of one core and 50 MB.
///
/// # Errors
/// As [`crate::thumbnail`].
pub fn look(path: &Path) -> Result<Look, FileRefusal> {
    rim::guarded(|| {
        let (picture, orientation) = picture::decode(path)?;
        let picture = picture::on_white(picture);
        let upright = |copy: DynamicImage| {
            let mut copy = copy;
            copy.apply_orientation(orientation);
            copy
        };
        let small = upright(shrink::colour(&picture, SMALL).into()).into_rgb8();
        let sides = if picture::turns_sideways(orientation) {
            (picture.height(), picture.width())
        } else {
            picture.dimensions()
        };
        let page = find(&small);
        let scale = mid_scale(sides, &small, page.as_ref());
        let mid = upright(shrink::grey(&picture, scale).into()).into_luma8();
        Ok(judge(measure(sides, &small, &mid, page.as_ref())))
    })
}

/// What the owner of a photo should be told; of one that cannot be decoded only whether it is small.
pub(crate) fn warnings(path: &Path, facts: &FileFacts) -> Vec<Warning> {
    match look(path) {
        Ok(look) => look.findings.iter().map(|finding| finding.what).collect(),
        Err(_) => {
            let small = rules().is_small(facts.width.unwrap_or_default(), facts.height.unwrap_or_default());
            if small { vec![Warning::SmallPhoto] } else { Vec::new() }
        }
    }
}

/// How much smaller than the photo the copy is on which sharpness is measured: so that the sheet is [`WIDE`], and never larger.
fn mid_scale(sides: (u32, u32), small: &RgbImage, page: Option<&Page>) -> f64 {
    let shorter = f64::from(sides.0.min(sides.1));
    let width = page.map_or(shorter, |page| page.width() * f64::from(sides.0) / f64::from(small.width()));
    (WIDE / width.max(1.0)).min(1.0)
}

/// The numbers, from the two copies of an upright picture of these sides.
fn measure(sides: (u32, u32), small: &RgbImage, mid: &GrayImage, page: Option<&Page>) -> Look {
    let (width, height) = (f64::from(small.width()), f64::from(small.height()));
    let shown = page.map(|page| page.scaled(f64::from(mid.width()) / width, f64::from(mid.height()) / height));
    let wide = shown.as_ref().map_or(f64::from(mid.width().min(mid.height())), Page::width);
    let blur = sharp::spread(mid, shown.as_ref()).map(|spread| spread * WIDE / wide.max(1.0));
    // Where the sheet's edges are the picture's, they say nothing of how the print lies.
    let tilt = if page.is_some_and(|page| page.outside(small.dimensions()) < 4) {
        page.map(Page::tilt)
    } else {
        skew::of(&shrink::halved_to(mid, 700), 0.1)
    };
    let sheet = page.map(|page| Sheet {
        corners: page.corners.map(|corner| (corner.x / width, corner.y / height)),
        share: page.share,
        flat: page.solidity,
        slant: page.slant(),
        outside: page.outside(small.dimensions()),
    });
    let light = page::light(small, page);
    Look { width: sides.0, height: sides.1, sheet, tilt, blur, light, findings: Vec::new() }
}

/// What should be told, by the table.
fn judge(mut look: Look) -> Look {
    look.findings = rules().findings(&look);
    look
}
