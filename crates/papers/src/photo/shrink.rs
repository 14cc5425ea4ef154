//! Smaller copies of a picture: each pixel is the mean of those that it stands for.

use image::{GrayImage, RgbImage};

/// A copy whose longer edge has at most `edge` pixels.
pub(crate) fn colour(picture: &RgbImage, edge: u32) -> RgbImage {
    let longer = picture.width().max(picture.height());
    let (width, height) = sides(picture.dimensions(), f64::from(edge) / f64::from(longer));
    let mut copy = RgbImage::new(width, height);
    boxes(picture, width, height, |x, y, [r, g, b], count| {
        copy.put_pixel(x, y, image::Rgb([r, g, b].map(|sum| mean(sum, count))));
    });
    copy
}

/// A grey copy, `scale` times as large (at most as large).
pub(crate) fn grey(picture: &RgbImage, scale: f64) -> GrayImage {
    let (width, height) = sides(picture.dimensions(), scale);
    let mut copy = GrayImage::new(width, height);
    boxes(picture, width, height, |x, y, [r, g, b], count| {
        copy.put_pixel(x, y, image::Luma([luma(mean(r, count), mean(g, count), mean(b, count))]));
    });
    copy
}

/// Half as large as often as it takes for the longer edge to have fewer than twice `edge` pixels.
pub(crate) fn halved_to(picture: &GrayImage, edge: u32) -> GrayImage {
    let mut copy = picture.clone();
    while copy.width().max(copy.height()) >= 2 * edge {
        copy = GrayImage::from_fn(copy.width() / 2, copy.height() / 2, |x, y| {
            let at = |dx, dy| u32::from(copy.get_pixel(2 * x + dx, 2 * y + dy).0[0]);
            image::Luma([mean(at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1), 4)])
        });
    }
    copy
}

/// How light a colour looks.
pub(crate) fn luma(r: u8, g: u8, b: u8) -> u8 {
    ((77 * u32::from(r) + 150 * u32::from(g) + 29 * u32::from(b)) >> 8) as u8
}

fn sides((width, height): (u32, u32), scale: f64) -> (u32, u32) {
    let side = |length: u32| ((f64::from(length) * scale.min(1.0)).round() as u32).clamp(1, length);
    (side(width), side(height))
}

fn mean(sum: u32, count: u32) -> u8 {
    ((sum + count / 2) / count) as u8
}

/// Gives for each pixel of a copy of these sides the sums of the pixels that it stands for, and how many they are.
fn boxes(picture: &RgbImage, width: u32, height: u32, mut put: impl FnMut(u32, u32, [u32; 3], u32)) {
    let (from_width, from_height) = picture.dimensions();
    let edge = |at: u32, to: u32, from: u32| (u64::from(at) * u64::from(from) / u64::from(to)) as usize;
    let columns: Vec<usize> = (0..=width).map(|x| edge(x, width, from_width)).collect();
    let stride = from_width as usize * 3;
    let bytes = picture.as_raw();
    let mut sums = vec![[0_u32; 3]; width as usize];
    for y in 0..height {
        let rows = edge(y, height, from_height)..edge(y + 1, height, from_height).max(edge(y, height, from_height) + 1);
        let count = rows.len();
        sums.fill([0; 3]);
        for row in rows {
            let line = &bytes[row * stride..(row + 1) * stride];
            for (sum, ends) in sums.iter_mut().zip(columns.windows(2)) {
                for pixel in line[ends[0] * 3..ends[1] * 3].chunks_exact(3) {
                    sum[0] += u32::from(pixel[0]);
                    sum[1] += u32::from(pixel[1]);
                    sum[2] += u32::from(pixel[2]);
                }
            }
        }
        for (x, (sum, ends)) in sums.iter().zip(columns.windows(2)).enumerate() {
            put(x as u32, y, *sum, ((ends[1] - ends[0]) * count) as u32);
        }
    }
}
