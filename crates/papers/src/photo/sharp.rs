//! How far edges are spread.
//!
//! Across an edge that was spread by a Gaussian of width s, the energy of the first derivative is 2 s² times that of the second. Their
//! quotient therefore tells s, whatever the contrast and however much is written; the variance of the Laplacian alone would tell both.
//! Only the strongest edges are asked, so that noise and the grain of paper say little.

use image::GrayImage;

use super::Page;

/// Edges weaker than this (levels per pixel) are taken for grain.
const GRAIN: f64 = 5.0;
/// The share of the strongest edge from which an edge is asked.
const STRONG: f64 = 0.4;
/// Fewer pixels than this on edges say nothing.
const ENOUGH: u32 = 200;

/// The spread of the edges on the sheet (or on all of the picture), in pixels.
pub(crate) fn spread(grey: &GrayImage, page: Option<&Page>) -> Option<f64> {
    let width = grey.width() as usize;
    let rows = row_ranges(grey, page);
    let bytes = grey.as_raw();
    // Squared steps (of two pixels) in 512 classes up to the greatest, which only saturation reaches.
    let mut classes = [0_u32; 512];
    visit(bytes, width, &rows, |step, _| classes[class(step)] += 1);
    let all: u32 = classes.iter().sum();
    let mut above = 0;
    let top = (0..classes.len()).rev().find(|at| {
        above += classes[*at];
        f64::from(above) >= 0.002 * f64::from(all) && above > 0
    })?;
    let least = (STRONG * top as f64 / 2.0).max(GRAIN) * 2.0;
    let floor = (least * least) as i64;
    let (mut edges, mut grain) = (Energy::default(), Energy::default());
    visit(bytes, width, &rows, |step, bend| {
        let group = if step >= floor {
            &mut edges
        } else if step < floor / 16 {
            &mut grain
        } else {
            return;
        };
        group.first += step;
        group.second += bend * bend;
        group.count += 1;
    });
    if edges.count < ENOUGH {
        return None;
    }
    let (edge, flat) = (edges.mean(), if grain.count < ENOUGH { (0.0, 0.0) } else { grain.mean() });
    // A step spans two pixels, so its square is four times too large.
    Some(((edge.0 - flat.0) / 4.0 / (2.0 * (edge.1 - flat.1).max(0.05 * edge.1))).sqrt())
}

/// Sums of squares of the first and the second derivative.
#[derive(Default)]
struct Energy {
    first: i64,
    second: i64,
    count: u32,
}

impl Energy {
    fn mean(&self) -> (f64, f64) {
        let count = f64::from(self.count.max(1));
        (self.first as f64 / count, self.second as f64 / count)
    }
}

fn class(step: i64) -> usize {
    ((step as f64).sqrt() as usize).min(511)
}

/// Calls with the squared step and the Laplacian of each pixel in these ranges.
fn visit(bytes: &[u8], width: usize, rows: &[(usize, usize, usize)], mut each: impl FnMut(i64, i64)) {
    for (y, from, to) in rows {
        for x in *from..*to {
            let at = y * width + x;
            let (left, right) = (i64::from(bytes[at - 1]), i64::from(bytes[at + 1]));
            let (up, down) = (i64::from(bytes[at - width]), i64::from(bytes[at + width]));
            let (dx, dy) = (right - left, down - up);
            each(dx * dx + dy * dy, left + right + up + down - 4 * i64::from(bytes[at]));
        }
    }
}

/// For each row the first and the last pixel (exclusive) on the sheet, away from the picture's border.
fn row_ranges(grey: &GrayImage, page: Option<&Page>) -> Vec<(usize, usize, usize)> {
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let mut rows = Vec::with_capacity(height);
    for y in 1..height.saturating_sub(1) {
        let on = |x: &usize| page.is_none_or(|page| page.holds(*x as f64 + 0.5, y as f64 + 0.5));
        // The sheet is convex: what lies between its first and its last pixel is on it.
        let inner = 1..width.saturating_sub(1);
        if let (Some(first), Some(last)) = (inner.clone().find(on), inner.rev().find(on)) {
            rows.push((y, first, last + 1));
        }
    }
    rows
}
