//! Light that is the same everywhere: each pixel is told relative to the paper around it.

use image::GrayImage;

/// The paper is looked for in fields of so many pixels.
const FIELD: u32 = 8;
/// So many fields around one are asked for their lightest, and then for the mean.
const REACH: usize = 3;

/// The picture with its paper white.
pub(super) fn evened(grey: &GrayImage) -> GrayImage {
    let (width, height) = (grey.width().div_ceil(FIELD) as usize, grey.height().div_ceil(FIELD) as usize);
    let mut fields = vec![0.0_f32; width * height];
    for (x, y, pixel) in grey.enumerate_pixels() {
        let field = &mut fields[(y / FIELD) as usize * width + (x / FIELD) as usize];
        *field = field.max(f32::from(pixel.0[0]));
    }
    let lightest = around(&fields, width, height, |part| part.iter().copied().fold(0.0, f32::max));
    let paper = around(&lightest, width, height, |part| part.iter().sum::<f32>() / part.len() as f32);
    let mut even = grey.clone();
    for (x, y, pixel) in even.enumerate_pixels_mut() {
        let white = between(&paper, width, height, x, y).max(1.0);
        pixel.0[0] = (f32::from(pixel.0[0]) * 255.0 / white).min(255.0) as u8;
    }
    even
}

/// For each field what `tell` says of the fields around it, first in its row, then of that in its column.
fn around(fields: &[f32], width: usize, height: usize, tell: impl Fn(&[f32]) -> f32) -> Vec<f32> {
    let range = |at: usize, end: usize| at.saturating_sub(REACH)..(at + REACH + 1).min(end);
    let mut rows = fields.to_vec();
    for y in 0..height {
        for x in 0..width {
            let part = range(x, width);
            rows[y * width + x] = tell(&fields[y * width + part.start..y * width + part.end]);
        }
    }
    let mut told = rows.clone();
    let mut column = Vec::with_capacity(2 * REACH + 1);
    for y in 0..height {
        for x in 0..width {
            column.clear();
            column.extend(range(y, height).map(|row| rows[row * width + x]));
            told[y * width + x] = tell(&column);
        }
    }
    told
}

/// The value of the fields at a pixel, between the middles of the four nearest.
fn between(fields: &[f32], width: usize, height: usize, x: u32, y: u32) -> f32 {
    let place = |at: u32, end: usize| {
        let at = ((at as f32 + 0.5) / FIELD as f32 - 0.5).clamp(0.0, (end - 1) as f32);
        (at as usize, (at as usize + 1).min(end - 1), at.fract())
    };
    let ((left, right, across), (top, bottom, down)) = (place(x, width), place(y, height));
    let at = |x: usize, y: usize| fields[y * width + x];
    let upper = at(left, top) * (1.0 - across) + at(right, top) * across;
    let lower = at(left, bottom) * (1.0 - across) + at(right, bottom) * across;
    upper * (1.0 - down) + lower * down
}
