//! Which pixels of the view belong to the face, and which are certainly backdrop?
use domain::{PersonMask, Point, SizePx};
use std::ops::Range;

/// A convex region: for each row the columns inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    top: u32,
    rows: Vec<Range<usize>>,
}

impl Region {
    /// The convex hull of points, cut to the picture. Pixels whose centre lies inside belong to it.
    pub fn hull(points: &[Point], size: SizePx) -> Self {
        let hull = convex_hull(points);
        let lowest = hull.iter().map(|p| p.y).fold(f32::INFINITY, f32::min);
        let highest = hull.iter().map(|p| p.y).fold(f32::NEG_INFINITY, f32::max);
        let top = lowest.max(0.0).ceil() as u32;
        let bottom = highest.min(size.height as f32).max(0.0) as u32;
        let rows = (top..bottom).map(|y| row(&hull, y as f32 + 0.5, size.width)).collect();
        Self { top, rows }
    }

    /// Row number and columns of each row that is not empty.
    pub fn spans(&self) -> impl Iterator<Item = (usize, Range<usize>)> + '_ {
        let rows = self.rows.iter().enumerate();
        rows.filter(|(_, xs)| !xs.is_empty())
            .map(|(i, xs)| (self.top as usize + i, xs.clone()))
    }

    /// The smallest columns × rows that hold the region; empty ranges for an empty region.
    pub fn bounds(&self) -> (Range<usize>, Range<usize>) {
        let left = self.spans().map(|(_, xs)| xs.start).min().unwrap_or(0);
        let right = self.spans().map(|(_, xs)| xs.end).max().unwrap_or(0);
        let top = self.spans().map(|(y, _)| y).min().unwrap_or(0);
        let bottom = self.spans().map(|(y, _)| y + 1).max().unwrap_or(0);
        (left..right, top..bottom)
    }
}

/// Columns whose centres lie inside a convex polygon on the line at height `y`.
fn row(hull: &[Point], y: f32, width: u32) -> Range<usize> {
    let (mut left, mut right) = (f32::INFINITY, f32::NEG_INFINITY);
    for (a, b) in hull.iter().zip(hull.iter().cycle().skip(1)) {
        if (a.y <= y) != (b.y <= y) {
            let x = a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y);
            left = left.min(x);
            right = right.max(x);
        }
    }
    let start = (left - 0.5).ceil().clamp(0.0, width as f32) as usize;
    let end = (right + 0.5).floor().clamp(0.0, width as f32) as usize;
    start..end.max(start)
}

/// Andrew's monotone chain.
fn convex_hull(points: &[Point]) -> Vec<Point> {
    let mut sorted: Vec<Point> = points
        .iter()
        .copied()
        .filter(|p| p.x.is_finite() && p.y.is_finite())
        .collect();
    sorted.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    let turn = |o: Point, a: Point, b: Point| (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
    let half = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for p in points {
            while let [.., o, a] = chain[..]
                && turn(o, a, p) <= 0.0
            {
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut hull = half(&mut sorted.iter().copied());
    hull.extend(half(&mut sorted.iter().rev().copied()));
    hull
}

/// Pixels of the view that are certainly backdrop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backdrop {
    width: usize,
    certain: Vec<bool>,
}

/// Highest mask value that still counts as backdrop (of 255).
const CLEAR: u8 = 8;
/// Cells of the mask (256 across 3.6 face widths) that are kept free around the person: about 3 % of a face width. The
/// mask's edge is softer than hair.
const FREE: usize = 3;

impl Backdrop {
    /// Reads the mask for each pixel; `to_frame` turns the centre of a pixel of the view into pixels of the frame. Pixels the
    /// mask does not cover are not backdrop.
    pub fn new(mask: &PersonMask, size: SizePx, to_frame: impl Fn(Point) -> Point) -> Self {
        let clear = clear_cells(mask);
        let (columns, rows) = (mask.width as f32, mask.height as f32);
        let (width, height) = (size.width as usize, size.height as usize);
        let mut certain = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let p = to_frame(Point::new(x as f32 + 0.5, y as f32 + 0.5));
                let column = (p.x - mask.region.x as f32) / mask.region.width.max(1) as f32 * columns;
                let row = (p.y - mask.region.y as f32) / mask.region.height.max(1) as f32 * rows;
                let covered = (0.0..columns).contains(&column) && (0.0..rows).contains(&row);
                certain.push(covered && clear[row as usize * mask.width as usize + column as usize]);
            }
        }
        Self { width, certain }
    }

    /// Whether a pixel of the view is certainly backdrop.
    pub fn holds(&self, x: usize, y: usize) -> bool {
        self.certain[y * self.width + x]
    }
}

/// Cells with nothing of the person within [`FREE`] cells; a separable minimum.
fn clear_cells(mask: &PersonMask) -> Vec<bool> {
    let (w, h) = (mask.width as usize, mask.height as usize);
    let clear: Vec<bool> = mask.values.iter().map(|&v| v <= CLEAR).collect();
    let around = |i: usize, n: usize| i.saturating_sub(FREE)..(i + FREE + 1).min(n);
    let mut across = vec![false; w * h];
    for y in 0..h {
        for x in 0..w {
            across[y * w + x] = clear[y * w..][around(x, w)].iter().all(|c| *c);
        }
    }
    let mut both = vec![false; w * h];
    for y in 0..h {
        for x in 0..w {
            both[y * w + x] = around(y, h).all(|r| across[r * w + x]);
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::RectPx;

    fn area(region: &Region) -> usize {
        region.spans().map(|(_, xs)| xs.len()).sum()
    }

    #[test]
    fn a_hull_fills_the_pixels_whose_centres_it_holds() {
        let square = [(1.0, 1.0), (5.0, 1.0), (5.0, 4.0), (1.0, 4.0), (3.0, 2.0)].map(|(x, y)| Point::new(x, y));
        let region = Region::hull(&square, SizePx { width: 10, height: 10 });
        assert_eq!(area(&region), 12);
        assert_eq!(region.bounds(), (1..5, 1..4));
        let cut = Region::hull(&square, SizePx { width: 3, height: 2 });
        assert_eq!(area(&cut), 2);
        assert_eq!(area(&Region::hull(&[], SizePx { width: 3, height: 2 })), 0);
    }

    #[test]
    fn backdrop_keeps_away_from_the_person_and_from_what_the_mask_does_not_cover() {
        let mut values = vec![0; 100];
        values[55] = 255;
        let mask = PersonMask {
            width: 10,
            height: 10,
            values,
            region: RectPx {
                x: 0,
                y: 0,
                width: 10,
                height: 10,
            },
        };
        let backdrop = Backdrop::new(&mask, SizePx { width: 12, height: 10 }, |p| p);
        let free = |x, y| backdrop.holds(x, y);
        assert_eq!(
            [free(0, 0), free(5, 5), free(2, 5), free(1, 5), free(11, 0)],
            [true, false, false, true, false]
        );
    }
}
