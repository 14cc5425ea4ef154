//! Where on a small copy of a photo the sheet of paper is.
//!
//! Paper is light and has little colour, what is around it is darker or more coloured: the lightest colour component less the
//! difference between the components parts the two (Otsu's threshold). The largest part that hangs together, with what it encloses, is
//! the sheet, if it is solid, has four corners, and something is written on it.

use image::RgbImage;

use super::quad::{self, Point};
use super::rules::rules;
use super::shrink::luma;

/// A sheet, in pixels of the copy it was found on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Page {
    /// Top left, top right, bottom right, bottom left.
    pub(crate) corners: [Point; 4],
    /// Its share of the picture.
    pub(crate) share: f64,
    /// How much of the shape between the corners is paper.
    pub(crate) solidity: f64,
}

impl Page {
    /// The same on another copy of the picture.
    pub(crate) fn scaled(&self, x: f64, y: f64) -> Page {
        Page { corners: self.corners.map(|corner| Point::new(corner.x * x, corner.y * y)), ..self.clone() }
    }

    /// The mean of the upper and the lower edge.
    pub(crate) fn width(&self) -> f64 {
        let [tl, tr, br, bl] = self.corners;
        (tl.to(tr) + bl.to(br)) / 2.0
    }

    /// The mean of the left and the right edge.
    pub(crate) fn height(&self) -> f64 {
        let [tl, tr, br, bl] = self.corners;
        (tl.to(bl) + tr.to(br)) / 2.0
    }

    /// By how many degrees it is turned clockwise, at most 45 either way.
    pub(crate) fn tilt(&self) -> f64 {
        tilt(&self.corners)
    }

    /// By how much the longer of two opposite edges is longer, as a share of it.
    pub(crate) fn slant(&self) -> f64 {
        let [tl, tr, br, bl] = self.corners;
        let differ = |one: f64, other: f64| (one - other).abs() / one.max(other).max(1.0);
        differ(tl.to(tr), bl.to(br)).max(differ(tl.to(bl), tr.to(br)))
    }

    /// How many corners are at the border of a picture of these sides, or beyond it.
    pub(crate) fn outside(&self, (width, height): (u32, u32)) -> u8 {
        let (width, height) = (f64::from(width), f64::from(height));
        let near = rules().sheet.margin * width.max(height);
        let out = |p: &&Point| p.x < near || p.y < near || p.x > width - near || p.y > height - near;
        self.corners.iter().filter(out).count() as u8
    }

    /// Whether a pixel is on the sheet, away from its edges.
    pub(crate) fn holds(&self, x: f64, y: f64) -> bool {
        let inset = 0.015 * self.width().min(self.height());
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().zip(next).all(|(a, b)| {
            let length = a.to(*b).max(1e-9);
            ((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x)) / length > inset
        })
    }
}

/// The sheet on this copy, if there is one.
///
/// Where the ground is light too, the first threshold parts print from everything else, and the sheet seems to fill the picture; then the
/// light pixels alone are parted once more.
pub(crate) fn find(small: &RgbImage) -> Option<Page> {
    let scores = Scores { of: small.pixels().map(|pixel| paper(pixel.0)).collect(), width: small.width() as usize };
    let light = parted(&scores.of, 0)?;
    let first = scores.sheet(small, light);
    if first.as_ref().is_some_and(|page| page.outside(small.dimensions()) < 4) {
        return first;
    }
    let second = parted(&scores.of, light).and_then(|lighter| scores.sheet(small, lighter));
    second.filter(|page| page.outside(small.dimensions()) < 4).or(first)
}

/// How much each pixel looks like paper.
struct Scores {
    of: Vec<u8>,
    width: usize,
}

impl Scores {
    /// The sheet among the pixels above this threshold.
    fn sheet(&self, small: &RgbImage, threshold: u8) -> Option<Page> {
        let (width, height) = (self.width, self.of.len() / self.width);
        let mask: Vec<bool> = self.of.iter().map(|score| *score > threshold).collect();
        let sheet = filled(&largest(&opened(&mask, width, height), width, height)?, width, height);
        let count = sheet.iter().filter(|on| **on).count() as f64;
        let share = count / (width * height) as f64;
        if share < rules().sheet.least {
            return None;
        }
        let corners = ordered(quad::four(quad::hull(outline(&sheet, width)))?);
        let solidity = count / inside(&corners, width, height).max(1) as f64;
        let page = Page { corners, share, solidity: solidity.min(1.0) };
        let is_sheet =
            page.solidity >= rules().sheet.solid && self.has_edges(&page) && ink(small, &page) >= rules().sheet.ink;
        is_sheet.then_some(page)
    }

    /// Whether each edge within the picture is an edge: lighter on the sheet than beside it. Where light falls off over a sheet, a
    /// threshold parts it too, but nothing is seen there.
    fn has_edges(&self, page: &Page) -> bool {
        const BESIDE: f64 = 4.0;
        let next = page.corners.iter().cycle().skip(1);
        page.corners.iter().zip(next).all(|(a, b)| {
            let length = a.to(*b).max(1e-9);
            let inward = Point::new(-(b.y - a.y) / length * BESIDE, (b.x - a.x) / length * BESIDE);
            let mut steps: Vec<i32> = (2..=18)
                .filter_map(|at| {
                    let along = f64::from(at) / 20.0;
                    let on = Point::new(a.x + (b.x - a.x) * along, a.y + (b.y - a.y) * along);
                    Some(self.at(on.x + inward.x, on.y + inward.y)? - self.at(on.x - inward.x, on.y - inward.y)?)
                })
                .collect();
            steps.sort_unstable();
            steps.len() < 5 || f64::from(steps[steps.len() / 2]) >= rules().sheet.step
        })
    }

    fn at(&self, x: f64, y: f64) -> Option<i32> {
        let within = x >= 0.0 && y >= 0.0 && x < self.width as f64;
        let at = within.then(|| y as usize * self.width + x as usize)?;
        self.of.get(at).map(|score| i32::from(*score))
    }
}

/// How light the sheet is: its median; without one the lightness that a twentieth of the picture passes.
pub(crate) fn light(small: &RgbImage, page: Option<&Page>) -> f64 {
    let histogram = histogram(small, page);
    f64::from(percentile(&histogram, if page.is_some() { 0.5 } else { 0.95 }))
}

fn paper([r, g, b]: [u8; 3]) -> u8 {
    let (least, most) = (r.min(g).min(b), r.max(g).max(b));
    least.saturating_sub(most - least)
}

/// The threshold that parts those above `least` in two groups best; none when they hardly differ.
fn parted(scores: &[u8], least: u8) -> Option<u8> {
    let mut histogram = [0_u32; 256];
    for score in scores.iter().filter(|score| least == 0 || **score > least) {
        histogram[usize::from(*score)] += 1;
    }
    let total: f64 = histogram.iter().map(|count| f64::from(*count)).sum();
    let all: f64 = histogram.iter().enumerate().map(|(value, count)| value as f64 * f64::from(*count)).sum();
    let (mut below, mut sum) = (0.0, 0.0);
    let mut best = (0.0, 0_u8, 0.0);
    for (value, count) in histogram.iter().enumerate() {
        below += f64::from(*count);
        sum += value as f64 * f64::from(*count);
        let above = total - below;
        if below == 0.0 || above == 0.0 {
            continue;
        }
        let apart = (all - sum) / above - sum / below;
        let between = below * above * apart * apart;
        if between > best.0 {
            best = (between, value as u8, apart);
        }
    }
    (best.2 >= rules().sheet.contrast).then_some(best.1)
}

/// Without what is thinner than three pixels: threads between the sheet and other light things.
fn opened(mask: &[bool], width: usize, height: usize) -> Vec<bool> {
    let spread = |mask: &[bool], keep: bool| {
        let mut out = mask.to_vec();
        for y in 0..height {
            for x in 0..width {
                let rows = y.saturating_sub(1)..(y + 2).min(height);
                let hit = rows.into_iter().any(|row| {
                    mask[row * width + x.saturating_sub(1)..row * width + (x + 2).min(width)].contains(&keep)
                });
                out[y * width + x] = hit == keep;
            }
        }
        out
    };
    spread(&spread(mask, false), true)
}

/// The largest group of pixels that hang together.
fn largest(mask: &[bool], width: usize, height: usize) -> Option<Vec<bool>> {
    let mut seen = vec![0_u32; mask.len()];
    let (mut label, mut best) = (0, (0_usize, 0_u32));
    for start in 0..mask.len() {
        if !mask[start] || seen[start] != 0 {
            continue;
        }
        label += 1;
        let count = flood(start, width, height, |at| {
            let fresh = mask[at] && seen[at] == 0;
            if fresh {
                seen[at] = label;
            }
            fresh
        });
        best = best.max((count, label));
    }
    (best.0 > 0).then(|| seen.iter().map(|label| *label == best.1).collect())
}

/// With the holes that it encloses: print, pictures, stamps.
fn filled(mask: &[bool], width: usize, height: usize) -> Vec<bool> {
    let mut around = vec![false; mask.len()];
    let border = (0..width).flat_map(|x| [x, (height - 1) * width + x]);
    let border = border.chain((0..height).flat_map(|y| [y * width, y * width + width - 1]));
    for start in border {
        flood(start, width, height, |at| {
            let fresh = !mask[at] && !around[at];
            around[at] |= fresh;
            fresh
        });
    }
    around.iter().map(|around| !around).collect()
}

/// Goes from `start` to all its neighbours that `enter` lets in; how many those were.
fn flood(start: usize, width: usize, height: usize, mut enter: impl FnMut(usize) -> bool) -> usize {
    let mut waiting = Vec::new();
    let mut count = 0;
    if enter(start) {
        waiting.push(start);
    }
    while let Some(at) = waiting.pop() {
        count += 1;
        let (x, y) = (at % width, at / width);
        let neighbours = [
            (x > 0).then(|| at - 1),
            (x + 1 < width).then(|| at + 1),
            (y > 0).then(|| at - width),
            (y + 1 < height).then(|| at + width),
        ];
        for next in neighbours.into_iter().flatten() {
            if enter(next) {
                waiting.push(next);
            }
        }
    }
    count
}

/// The first and the last pixel of each row, at the pixels' outer corners.
fn outline(mask: &[bool], width: usize) -> Vec<Point> {
    let mut points = Vec::new();
    for (y, row) in mask.chunks_exact(width).enumerate() {
        let (Some(first), Some(last)) = (row.iter().position(|on| *on), row.iter().rposition(|on| *on)) else {
            continue;
        };
        for x in [first as f64, last as f64 + 1.0] {
            points.push(Point::new(x, y as f64));
            points.push(Point::new(x, y as f64 + 1.0));
        }
    }
    points
}

/// How many pixels of the picture lie between the corners.
fn inside(corners: &[Point; 4], width: usize, height: usize) -> usize {
    let within = |x: f64, y: f64| {
        let next = corners.iter().cycle().skip(1);
        corners.iter().zip(next).all(|(a, b)| (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x) >= 0.0)
    };
    (0..height).map(|y| (0..width).filter(|x| within(*x as f64 + 0.5, y as f64 + 0.5)).count()).sum()
}

/// The corners of a clockwise ring, that which is top left once the sheet is turned upright first.
fn ordered(mut corners: [Point; 4]) -> [Point; 4] {
    let (sine, cosine) = tilt(&corners).to_radians().sin_cos();
    let diagonal = |p: &Point| (p.x * cosine + p.y * sine) + (p.y * cosine - p.x * sine);
    let first = (0..4).min_by(|a, b| diagonal(&corners[*a]).total_cmp(&diagonal(&corners[*b]))).unwrap_or(0);
    corners.rotate_left(first);
    corners
}

/// The mean direction of four edges, each turned by quarter turns into (−45°, 45°]; longer edges count more.
fn tilt(corners: &[Point; 4]) -> f64 {
    let next = corners.iter().cycle().skip(1);
    let (sine, cosine) = corners.iter().zip(next).fold((0.0, 0.0), |(sine, cosine), (a, b)| {
        let angle = 4.0 * (b.y - a.y).atan2(b.x - a.x);
        let length = a.to(*b);
        (sine + length * angle.sin(), cosine + length * angle.cos())
    });
    (sine.atan2(cosine) / 4.0).to_degrees()
}

/// How much of the sheet is clearly darker than most of it.
fn ink(small: &RgbImage, page: &Page) -> f64 {
    let histogram = histogram(small, Some(page));
    let dark = 0.82 * f64::from(percentile(&histogram, 0.5));
    let (mut ink, mut all) = (0.0, 0.0);
    for (value, count) in histogram.iter().enumerate() {
        all += f64::from(*count);
        if (value as f64) < dark {
            ink += f64::from(*count);
        }
    }
    ink / f64::max(all, 1.0)
}

fn histogram(small: &RgbImage, page: Option<&Page>) -> [u32; 256] {
    let mut histogram = [0; 256];
    for (x, y, pixel) in small.enumerate_pixels() {
        if page.is_none_or(|page| page.holds(f64::from(x) + 0.5, f64::from(y) + 0.5)) {
            let [r, g, b] = pixel.0;
            histogram[usize::from(luma(r, g, b))] += 1;
        }
    }
    histogram
}

/// The least value that this share of what was counted does not pass.
fn percentile(histogram: &[u32; 256], share: f64) -> u8 {
    let all: u64 = histogram.iter().map(|count| u64::from(*count)).sum();
    let wanted = share * all as f64;
    let mut seen = 0.0;
    for (value, count) in histogram.iter().enumerate() {
        seen += f64::from(*count);
        if seen >= wanted {
            return value as u8;
        }
    }
    255
}
