//! Photos that no camera took: a sheet with print on a desk, seen from anywhere, blurred, in the dark.

use std::path::PathBuf;

use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, Luma, RgbImage};
use tempfile::TempDir;

/// What is photographed and how. Lengths are shares of the picture's width unless it is said otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) sides: (u32, u32),
    /// Degrees, clockwise.
    pub(crate) tilt: f64,
    /// Width of the sheet; its height follows.
    pub(crate) sheet: f64,
    /// By how much the sheet is moved off the middle.
    pub(crate) moved: (f64, f64),
    /// How much shorter the far edge is than the near one, as a share.
    pub(crate) slant: f64,
    /// Pixels.
    pub(crate) blur: f64,
    /// What everything is multiplied with.
    pub(crate) light: f64,
    pub(crate) noise: f64,
    /// The colour of the desk.
    pub(crate) desk: [u8; 3],
    /// A corner is folded over: its size as a share of the sheet's width.
    pub(crate) folded: f64,
}

impl Default for Scene {
    fn default() -> Scene {
        Scene {
            sides: (1512, 2016),
            tilt: 0.0,
            sheet: 0.9,
            moved: (0.0, 0.0),
            slant: 0.0,
            blur: 0.7,
            light: 1.0,
            noise: 2.0,
            desk: [122, 84, 56],
            folded: 0.0,
        }
    }
}

/// A sheet of A4, 2 pixels a millimetre times `fine`, with lines of marks as dense as print.
pub(crate) fn printed(fine: f64) -> GrayImage {
    let (width, height) = ((420.0 * fine) as u32, (594.0 * fine) as u32);
    GrayImage::from_fn(width, height, |x, y| {
        let (x, y) = (f64::from(x) / fine / 2.0, f64::from(y) / fine / 2.0);
        Luma([if mark(x, y) { 35 } else { 235 }])
    })
}

/// Whether there is ink at this place, in millimetres: characters of 4.2 mm with strokes of half a millimetre.
fn mark(x: f64, y: f64) -> bool {
    let (column, line) = ((x - 25.0) / 4.4, (y - 30.0) / 8.0);
    if column < 0.0 || line < 0.0 || x > 185.0 || y > 265.0 {
        return false;
    }
    let (cell, row) = (column as u64, line as u64);
    let (within, down) = (column.fract() * 4.4, line.fract() * 8.0);
    // Every seventh line is a paragraph's last.
    if within > 4.0 || down > 4.2 || (row % 7 == 6 && cell > 11) {
        return false;
    }
    let seed = noise(cell * 977 + row * 131);
    let bar = |place: u32| f64::from((seed >> (4 * place)) & 15) / 15.0 * 3.6;
    (0..2).any(|i| (within - bar(i)).abs() < 0.28) || (2..5).any(|i| (down - bar(i)).abs() < 0.28)
}

/// A number that nobody can guess, always the same.
fn noise(seed: u64) -> u32 {
    let mut state = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    state ^= state >> 29;
    state = state.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (state >> 32) as u32
}

impl Scene {
    /// The corners of the sheet in pixels: top left, top right, bottom right, bottom left.
    pub(crate) fn corners(&self, page: &GrayImage) -> [(f64, f64); 4] {
        let (width, height) = (f64::from(self.sides.0), f64::from(self.sides.1));
        let half =
            (self.sheet * width / 2.0, self.sheet * width / 2.0 * f64::from(page.height()) / f64::from(page.width()));
        let (sine, cosine) = self.tilt.to_radians().sin_cos();
        let far = 1.0 - self.slant;
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(x, y): (f64, f64)| {
            let (x, y) = (x * half.0 * if y < 0.0 { far } else { 1.0 }, y * half.1);
            let (x, y) = (x * cosine - y * sine, x * sine + y * cosine);
            ((0.5 + self.moved.0) * width + x, 0.5 * height + self.moved.1 * width + y)
        })
    }

    /// The picture of this page.
    pub(crate) fn of(&self, page: &GrayImage) -> RgbImage {
        let back = homography(self.corners(page), f64::from(page.width()), f64::from(page.height()));
        let mut picture = RgbImage::from_fn(self.sides.0, self.sides.1, |x, y| {
            let mut sum = [0.0; 3];
            for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                let (u, v) = apply(&back, f64::from(x) + dx, f64::from(y) + dy);
                let seen = self.seen(page, u, v).unwrap_or_else(|| self.desk_at(x, y));
                for (sum, seen) in sum.iter_mut().zip(seen) {
                    *sum += seen / 4.0;
                }
            }
            image::Rgb(sum.map(|value| value as u8))
        });
        if self.blur > 0.0 {
            picture = image::imageops::fast_blur(&picture, self.blur as f32);
        }
        for (at, value) in picture.iter_mut().enumerate() {
            let grain = (f64::from(noise(at as u64) >> 16) / 32_768.0 - 1.0) * self.noise * 1.7;
            *value = (f64::from(*value) * self.light + grain).clamp(0.0, 255.0) as u8;
        }
        picture
    }

    /// The sheet at this place of the page, with light that falls off; none beside it.
    fn seen(&self, page: &GrayImage, u: f64, v: f64) -> Option<[f64; 3]> {
        let (width, height) = (f64::from(page.width()), f64::from(page.height()));
        let cut = self.folded * width;
        if u < 0.0 || v < 0.0 || u >= width || v >= height || (width - u) + (height - v) < cut {
            return None;
        }
        let value = f64::from(page.get_pixel(u as u32, v as u32).0[0]) * (1.0 - 0.18 * u / width - 0.08 * v / height);
        Some([value, value * 0.985, value * 0.95])
    }

    fn desk_at(&self, x: u32, y: u32) -> [f64; 3] {
        let grain = 1.0 + 0.08 * (f64::from(y) / 23.0 + (f64::from(x) / 170.0).sin() * 2.0).sin();
        self.desk.map(|value| (f64::from(value) * grain).min(255.0))
    }

    /// The photo as a file.
    pub(crate) fn file(&self, page: &GrayImage) -> Photo {
        Photo::of(&self.of(page))
    }
}

/// A photo in a folder of its own.
pub(crate) struct Photo {
    _folder: TempDir,
    pub(crate) path: PathBuf,
}

impl Photo {
    pub(crate) fn of(picture: &RgbImage) -> Photo {
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, 88).encode_image(picture).expect("a picture that can be written");
        Photo::bytes(&jpeg)
    }

    pub(crate) fn bytes(bytes: &[u8]) -> Photo {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("photo");
        std::fs::write(&path, bytes).expect("a file");
        Photo { _folder: folder, path }
    }
}

/// From the picture to the page: the projective map that takes these corners to those of a rectangle.
fn homography(corners: [(f64, f64); 4], width: f64, height: f64) -> [f64; 9] {
    let to = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
    let mut rows = Vec::new();
    for ((x, y), (u, v)) in corners.into_iter().zip(to) {
        rows.push([x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u]);
        rows.push([0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v]);
    }
    for column in 0..8 {
        let pivot = (column..8).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs())).expect("rows");
        rows.swap(column, pivot);
        for row in 0..8 {
            if row != column {
                let factor = rows[row][column] / rows[column][column];
                let taken = rows[column];
                rows[row].iter_mut().zip(taken).for_each(|(value, taken)| *value -= factor * taken);
            }
        }
    }
    let mut map = [1.0; 9];
    for (at, value) in map.iter_mut().take(8).enumerate() {
        *value = rows[at][8] / rows[at][at];
    }
    map
}

fn apply(map: &[f64; 9], x: f64, y: f64) -> (f64, f64) {
    let w = map[6] * x + map[7] * y + map[8];
    ((map[0] * x + map[1] * y + map[2]) / w, (map[3] * x + map[4] * y + map[5]) / w)
}
