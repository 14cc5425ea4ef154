//! Four corners around a shape.

/// A place in a picture, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl Point {
    pub(crate) fn new(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    pub(crate) fn to(self, other: Point) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// Twice the area of the triangle, positive when it turns clockwise (y grows downwards).
fn cross(a: Point, b: Point, c: Point) -> f64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// The convex hull, clockwise.
pub(crate) fn hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let half = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for point in points {
            while chain.len() >= 2 && cross(chain[chain.len() - 2], chain[chain.len() - 1], point) <= 0.0 {
                chain.pop();
            }
            chain.push(point);
        }
        chain.pop();
        chain
    };
    let mut ring = half(&mut points.iter().copied());
    ring.extend(half(&mut points.iter().rev().copied()));
    ring
}

/// Four corners that enclose the hull: its least edge is taken away again and again, and its neighbours made longer until they meet,
/// whichever edge that makes the shape grow least.
pub(crate) fn four(mut ring: Vec<Point>) -> Option<[Point; 4]> {
    while ring.len() > 4 {
        let count = ring.len();
        let cost = |at: usize| {
            let (before, a, b, after) =
                (ring[(at + count - 1) % count], ring[at], ring[(at + 1) % count], ring[(at + 2) % count]);
            let corner = meet(before, a, after, b)?;
            Some((cross(a, corner, b).abs(), corner))
        };
        let (at, (_, corner)) = (0..count)
            .filter_map(|at| Some((at, cost(at)?)))
            .min_by(|(_, (one, _)), (_, (other, _))| one.total_cmp(other))?;
        ring[at] = corner;
        ring.remove((at + 1) % count);
    }
    ring.try_into().ok()
}

/// Where the line from `a` over `b` and that from `c` over `d` meet, beyond `b` and beyond `d`.
fn meet(a: Point, b: Point, c: Point, d: Point) -> Option<Point> {
    let (one, other) = (Point::new(b.x - a.x, b.y - a.y), Point::new(d.x - c.x, d.y - c.y));
    let turn = one.x * other.y - one.y * other.x;
    if turn.abs() < 1e-9 {
        return None;
    }
    let gap = Point::new(c.x - a.x, c.y - a.y);
    let along = (gap.x * other.y - gap.y * other.x) / turn;
    let across = (gap.x * one.y - gap.y * one.x) / turn;
    (along >= 1.0 && across >= 1.0).then(|| Point::new(a.x + along * one.x, a.y + along * one.y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_with_cut_corners_gets_its_four_corners_back() {
        let ring = [(10, 0), (90, 0), (100, 10), (100, 90), (90, 100), (10, 100), (0, 90), (0, 10)];
        let points = ring.map(|(x, y)| Point::new(f64::from(x), f64::from(y))).to_vec();
        let corners = four(hull(points)).unwrap();
        for (x, y) in [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)] {
            assert!(corners.iter().any(|corner| corner.to(Point::new(x, y)) < 1e-6), "{corners:?}");
        }
    }

    #[test]
    fn points_on_a_line_and_few_points_have_no_four_corners() {
        let line = (0..9).map(|i| Point::new(f64::from(i), f64::from(i))).collect();
        assert!(four(hull(line)).is_none());
        assert!(four(hull(vec![Point::new(1.0, 1.0)])).is_none());
        assert!(four(hull(Vec::new())).is_none());
    }
}
