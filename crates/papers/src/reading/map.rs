//! Projective maps between pictures.

use image::{GrayImage, Luma};
use serde::{Deserialize, Serialize};

use super::Turn;
use crate::photo::Point;

/// A map of the plane that keeps lines straight, by rows of three.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Map([f64; 9]);

impl Map {
    pub(super) fn scale(x: f64, y: f64) -> Map {
        Map([x, 0.0, 0.0, 0.0, y, 0.0, 0.0, 0.0, 1.0])
    }

    /// Turns by so many degrees clockwise about a place.
    pub(super) fn turned(degrees: f64, x: f64, y: f64) -> Map {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        Map([cosine, -sine, x - cosine * x + sine * y, sine, cosine, y - sine * x - cosine * y, 0.0, 0.0, 1.0])
    }

    /// Takes the corners of a rectangle of these sides at the origin to these corners; none when three of them lie on a line.
    pub(super) fn from_rectangle(width: f64, height: f64, corners: &[Point; 4]) -> Option<Map> {
        let from = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
        let mut rows = [[0.0; 9]; 8];
        for (at, ((x, y), to)) in from.into_iter().zip(corners).enumerate() {
            rows[2 * at] = [x, y, 1.0, 0.0, 0.0, 0.0, -to.x * x, -to.x * y, to.x];
            rows[2 * at + 1] = [0.0, 0.0, 0.0, x, y, 1.0, -to.y * x, -to.y * y, to.y];
        }
        for column in 0..8 {
            let pivot = (column..8).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
            rows.swap(column, pivot);
            let pivot = rows[column];
            if pivot[column].abs() < 1e-12 {
                return None;
            }
            for (_, row) in rows.iter_mut().enumerate().filter(|(at, _)| *at != column) {
                let factor = row[column] / pivot[column];
                row.iter_mut().zip(pivot).for_each(|(value, pivot)| *value -= factor * pivot);
            }
        }
        let mut map = [1.0; 9];
        for (at, value) in map.iter_mut().take(8).enumerate() {
            *value = rows[at][8] / rows[at][at];
        }
        Some(Map(map))
    }

    /// This map, and then the other.
    pub(super) fn then(&self, other: &Map) -> Map {
        let mut product = [0.0; 9];
        for (at, value) in product.iter_mut().enumerate() {
            *value = (0..3).map(|k| other.0[at / 3 * 3 + k] * self.0[k * 3 + at % 3]).sum();
        }
        Map(product)
    }

    /// Whose target are shares of a photo that was turned: the same with shares of the photo as it was before.
    pub(super) fn unturned(&self, turn: Turn) -> Map {
        let back = match turn {
            Turn::None => return *self,
            Turn::Right => [0.0, 1.0, 0.0, -1.0, 0.0, 1.0, 0.0, 0.0, 1.0],
            Turn::Over => [-1.0, 0.0, 1.0, 0.0, -1.0, 1.0, 0.0, 0.0, 1.0],
            Turn::Left => [0.0, -1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0],
        };
        self.then(&Map(back))
    }

    pub(super) fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let m = &self.0;
        let w = m[6] * x + m[7] * y + m[8];
        ((m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w)
    }

    /// What a picture of these sides shows if each of its places is taken from where this map says. Outside is white.
    pub(super) fn seen(&self, from: &GrayImage, [width, height]: [f64; 2]) -> GrayImage {
        let (last_x, last_y) = (from.width() as usize - 1, from.height() as usize - 1);
        let (stride, bytes) = (from.width() as usize, from.as_raw());
        GrayImage::from_fn(width as u32, height as u32, |x, y| {
            let (x, y) = self.at(f64::from(x) + 0.5, f64::from(y) + 0.5);
            let (x, y) = (x - 0.5, y - 0.5);
            if x < -1.0 || y < -1.0 || x > last_x as f64 + 1.0 || y > last_y as f64 + 1.0 {
                return Luma([255]);
            }
            let (left, top) = ((x.max(0.0) as usize).min(last_x), (y.max(0.0) as usize).min(last_y));
            let (right, bottom) = ((left + 1).min(last_x), (top + 1).min(last_y));
            let (across, down) = ((x - left as f64).clamp(0.0, 1.0), (y - top as f64).clamp(0.0, 1.0));
            let at = |x: usize, y: usize| f64::from(bytes[y * stride + x]);
            let upper = at(left, top) * (1.0 - across) + at(right, top) * across;
            let lower = at(left, bottom) * (1.0 - across) + at(right, bottom) * across;
            Luma([(upper * (1.0 - down) + lower * down).round() as u8])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_takes_the_corners_where_it_was_told() {
        let corners = [(30.0, 20.0), (410.0, 55.0), (380.0, 600.0), (10.0, 570.0)].map(|(x, y)| Point::new(x, y));
        let map = Map::from_rectangle(200.0, 300.0, &corners).unwrap();
        for ((x, y), corner) in [(0.0, 0.0), (200.0, 0.0), (200.0, 300.0), (0.0, 300.0)].into_iter().zip(corners) {
            let (u, v) = map.at(x, y);
            assert!((u - corner.x).abs() < 1e-6 && (v - corner.y).abs() < 1e-6, "{u} {v} {corner:?}");
        }
        let line = [0.0, 1.0, 2.0, 3.0].map(|x| Point::new(x, x));
        assert!(Map::from_rectangle(10.0, 10.0, &line).is_none());
    }

    #[test]
    fn a_turn_of_the_whole_photo_is_turned_back() {
        // The place a quarter from the left and three quarters down, seen in the photo as it lies after each turn.
        for (turn, seen) in [
            (Turn::None, (0.25, 0.75)),
            (Turn::Right, (0.25, 0.25)),
            (Turn::Over, (0.75, 0.25)),
            (Turn::Left, (0.75, 0.75)),
        ] {
            let (x, y) = Map::scale(1.0, 1.0).unturned(turn).at(seen.0, seen.1);
            assert!((x - 0.25).abs() < 1e-9 && (y - 0.75).abs() < 1e-9, "{turn:?} {x} {y}");
        }
    }
}
