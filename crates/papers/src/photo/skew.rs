//! By how many degrees lines of print are turned, from the picture of the print alone.
//!
//! Seen along the lines, print is either line or gap; seen from any other direction, they mix. So the direction is looked for in which
//! the sums along parallels differ most from their neighbours.

use image::GrayImage;

/// The greatest turn that is looked for, in degrees.
const MOST: f64 = 15.0;
/// How much clearer than the usual direction the right one must be.
const CLEAR: f64 = 1.6;

/// The turn of the print, clockwise, to `fine` degrees; none when there are no lines.
pub(crate) fn of(grey: &GrayImage, fine: f64) -> Option<f64> {
    let ink = ink(grey);
    let all = f64::from(grey.width() * grey.height());
    if (ink.len() as f64) < 0.003 * all || (ink.len() as f64) > 0.3 * all {
        return None;
    }
    let coarse: Vec<(f64, f64)> = steps(-MOST, MOST, 0.5).map(|angle| (angle, contrast(&ink, grey, angle))).collect();
    let mut usual: Vec<f64> = coarse.iter().map(|(_, contrast)| *contrast).collect();
    usual.sort_by(f64::total_cmp);
    let near = best(coarse)?;
    if near.1 < CLEAR * usual[usual.len() / 2] {
        return None;
    }
    let found =
        best(steps(near.0 - 0.5, near.0 + 0.5, fine).map(|angle| (angle, contrast(&ink, grey, angle))).collect())?;
    Some(found.0)
}

fn steps(from: f64, to: f64, step: f64) -> impl Iterator<Item = f64> {
    let count = ((to - from) / step).round() as u32;
    (0..=count).map(move |i| from + f64::from(i) * step)
}

fn best(angles: Vec<(f64, f64)>) -> Option<(f64, f64)> {
    angles.into_iter().max_by(|(_, one), (_, other)| one.total_cmp(other))
}

/// The pixels that are clearly darker than what is around them.
fn ink(grey: &GrayImage) -> Vec<(f64, f64)> {
    const REACH: usize = 12;
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let sums = sums(grey);
    let bytes = grey.as_raw();
    let mut ink = Vec::new();
    for y in 0..height {
        let (top, bottom) = (y.saturating_sub(REACH), (y + REACH + 1).min(height));
        for x in 0..width {
            let (left, right) = (x.saturating_sub(REACH), (x + REACH + 1).min(width));
            let at = |x: usize, y: usize| sums[y * (width + 1) + x];
            let sum = at(right, bottom) + at(left, top) - at(left, bottom) - at(right, top);
            let count = ((right - left) * (bottom - top)) as u64;
            // Darker than 85 % of the mean.
            if u64::from(bytes[y * width + x]) * count * 100 < sum * 85 {
                ink.push((x as f64, y as f64));
            }
        }
    }
    ink
}

/// At (x, y) the sum of all pixels above and to the left.
fn sums(grey: &GrayImage) -> Vec<u64> {
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let mut sums = vec![0_u64; (width + 1) * (height + 1)];
    for y in 0..height {
        let mut row = 0;
        for x in 0..width {
            row += u64::from(grey.as_raw()[y * width + x]);
            sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
        }
    }
    sums
}

/// How much the sums along parallels at this angle differ from their neighbours.
fn contrast(ink: &[(f64, f64)], grey: &GrayImage, angle: f64) -> f64 {
    let slope = angle.to_radians().tan();
    let reach = (f64::from(grey.width()) * slope.abs()).ceil();
    let mut parallels = vec![0.0_f64; f64::from(grey.height()) as usize + 2 * reach as usize + 3];
    for (x, y) in ink {
        parallels[(y - x * slope + reach) as usize] += 1.0;
    }
    parallels.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum()
}
