//! How does a head look laid flat: colours, edges and person on a grid that moves, grows and tilts with the face?
//!
//! The grid's unit is the face's width (cheek to cheek); `u` runs to the right of the middle of the eyes and `v` down from it,
//! along the line of the eyes. Measures of what covers a head read it instead of pixels, so they mean the same on every
//! picture and cost the same.
use crate::landmark::{BROWS, CHEEKS, EYES, FACE_OVAL, LIPS, MOUTH};
use crate::scene::decode;
use domain::{Face, PersonMask, Point, SizePx};
use photo::Picture;

/// Cells for each face width.
const DENSITY: f32 = 64.0;
/// Left and right end of the grid.
const ACROSS: f32 = 0.78;
/// Upper and lower end of the grid.
const DOWN: (f32, f32) = (-1.4, 1.25);
/// Columns and rows.
pub(crate) const SIZE: (usize, usize) = (
    (2.0 * ACROSS * DENSITY) as usize,
    ((DOWN.1 - DOWN.0) * DENSITY) as usize,
);
/// Added to linear light before ratios are taken, so that black has no colour.
const FLOOR: f32 = 0.01;

/// Which part of a face a cell belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Not in the oval of the face.
    Outside,
    /// Forehead, nose, cheeks, chin.
    Skin,
    /// Brow, with a margin.
    Brow,
    /// Opening of an eye and its lashes.
    Eye,
    /// Upper and lower lip.
    Lip,
    /// Between the lips.
    Mouth,
}

/// One cell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    /// Luma of the coded values, 0–1.
    pub light: f32,
    /// ln(red / green) in linear light: 0 for grey, some 0.5–0.9 for skin.
    pub red: f32,
    /// ln(blue / green) in linear light: 0 for grey, negative for skin.
    pub blue: f32,
    /// Person 0–1; 1 without a mask.
    pub person: f32,
    /// Part of the face.
    pub part: Part,
}

/// The grid.
pub(crate) struct Chart {
    cells: Vec<Cell>,
    points: Vec<(f32, f32)>,
}

/// Where the grid lies on a picture.
struct Frame {
    eyes: Point,
    sin: f32,
    cos: f32,
    unit: f32,
}

impl Frame {
    fn of(face: &Face) -> Self {
        let (left, right) = face.eyes();
        let (sin, cos) = (right.y - left.y).atan2(right.x - left.x).sin_cos();
        let unit = face.point(CHEEKS.0).distance(face.point(CHEEKS.1)).max(1.0);
        Self {
            eyes: left.midpoint(right),
            sin,
            cos,
            unit,
        }
    }

    fn point(&self, (u, v): (f32, f32)) -> Point {
        let (x, y) = (
            (u * self.cos - v * self.sin) * self.unit,
            (u * self.sin + v * self.cos) * self.unit,
        );
        Point::new(self.eyes.x + x, self.eyes.y + y)
    }

    fn uv(&self, p: Point) -> (f32, f32) {
        let (x, y) = ((p.x - self.eyes.x) / self.unit, (p.y - self.eyes.y) / self.unit);
        (x * self.cos + y * self.sin, y * self.cos - x * self.sin)
    }
}

impl Chart {
    /// Reads a view; `to_view` turns pixels of the frame (of face and mask) into pixels of the view. Cells beyond the view
    /// repeat its edge and are no person.
    pub(crate) fn new(
        face: &Face,
        mask: Option<&PersonMask>,
        view: &Picture,
        to_view: impl Fn(Point) -> Point,
    ) -> Self {
        let frame = Frame::of(face);
        let half = view.half();
        let SizePx { width, height } = view.size();
        let mut cells = Vec::with_capacity(SIZE.0 * SIZE.1);
        for row in 0..SIZE.1 {
            for column in 0..SIZE.0 {
                let at = frame.point(place(column, row));
                let on_view = to_view(at);
                let inside = (0.0..width as f32).contains(&on_view.x) && (0.0..height as f32).contains(&on_view.y);
                let person = if inside {
                    mask.map_or(1.0, |m| f32::from(m.at(at)) / 255.0)
                } else {
                    0.0
                };
                cells.push(cell(half.sample(on_view.x / 2.0, on_view.y / 2.0), person));
            }
        }
        let points = face.landmarks.iter().map(|p| frame.uv(p.xy())).collect();
        let mut chart = Self { cells, points };
        chart.label();
        chart
    }

    /// Where a landmark lies.
    pub(crate) fn landmark(&self, index: usize) -> (f32, f32) {
        self.points[index]
    }

    /// The middle of some landmarks.
    pub(crate) fn middle(&self, of: &[usize]) -> (f32, f32) {
        let count = of.len().max(1) as f32;
        let sum = of
            .iter()
            .fold((0.0, 0.0), |s, &i| (s.0 + self.points[i].0, s.1 + self.points[i].1));
        (sum.0 / count, sum.1 / count)
    }

    /// The cell at a place of the grid; the nearest one beyond its edge.
    pub(crate) fn at(&self, (u, v): (f32, f32)) -> &Cell {
        let column = (((u + ACROSS) * DENSITY) as usize).min(SIZE.0 - 1);
        let row = (((v - DOWN.0) * DENSITY) as usize).min(SIZE.1 - 1);
        &self.cells[row * SIZE.0 + column]
    }

    /// The cells of a rectangle, left, top, right, bottom, with their places.
    pub(crate) fn within(&self, rect: (f32, f32, f32, f32)) -> impl Iterator<Item = ((f32, f32), &Cell)> {
        let column = |u: f32| ((u + ACROSS) * DENSITY).clamp(0.0, SIZE.0 as f32) as usize;
        let row = |v: f32| ((v - DOWN.0) * DENSITY).clamp(0.0, SIZE.1 as f32) as usize;
        let columns = column(rect.0)..column(rect.2);
        (row(rect.1)..row(rect.3))
            .flat_map(move |r| columns.clone().map(move |c| (c, r)))
            .map(|(c, r)| (place(c, r), &self.cells[r * SIZE.0 + c]))
    }

    /// All cells with their places.
    pub(crate) fn all(&self) -> impl Iterator<Item = ((f32, f32), &Cell)> {
        self.cells
            .iter()
            .enumerate()
            .map(|(i, c)| (place(i % SIZE.0, i / SIZE.0), c))
    }

    /// How much the light changes at a place, per cell.
    pub(crate) fn edge(&self, (u, v): (f32, f32)) -> f32 {
        let d = 1.0 / DENSITY;
        let light = |du: f32, dv: f32| self.at((u + du, v + dv)).light;
        (light(d, 0.0) - light(-d, 0.0)).hypot(light(0.0, d) - light(0.0, -d)) / 2.0
    }

    fn label(&mut self) {
        self.mark(&FACE_OVAL, 1.0, Part::Skin);
        for brow in BROWS {
            self.mark(&brow, 1.25, Part::Brow);
        }
        self.mark(&LIPS, 1.08, Part::Lip);
        self.mark(&MOUTH, 1.0, Part::Mouth);
        for eye in EYES {
            self.mark(&eye, 1.25, Part::Eye);
        }
    }

    /// Labels a polygon through landmarks, grown about its middle; line by line, even and odd.
    fn mark(&mut self, polygon: &[usize], grown: f32, part: Part) {
        let (mu, mv) = self.middle(polygon);
        let corners: Vec<(f32, f32)> = polygon
            .iter()
            .map(|&i| self.points[i])
            .map(|(u, v)| (mu + (u - mu) * grown, mv + (v - mv) * grown))
            .collect();
        for row in 0..SIZE.1 {
            let v = place(0, row).1;
            let mut crossings: Vec<f32> = corners
                .iter()
                .zip(corners.iter().cycle().skip(1))
                .filter(|(a, b)| (a.1 <= v) != (b.1 <= v))
                .map(|(a, b)| a.0 + (b.0 - a.0) * (v - a.1) / (b.1 - a.1))
                .collect();
            crossings.sort_by(f32::total_cmp);
            for pair in crossings.chunks_exact(2) {
                let column = |u: f32| ((u + ACROSS) * DENSITY - 0.5).ceil().clamp(0.0, SIZE.0 as f32) as usize;
                for c in column(pair[0])..column(pair[1]) {
                    self.cells[row * SIZE.0 + c].part = part;
                }
            }
        }
    }
}

/// The middle of a cell.
fn place(column: usize, row: usize) -> (f32, f32) {
    (
        (column as f32 + 0.5) / DENSITY - ACROSS,
        (row as f32 + 0.5) / DENSITY + DOWN.0,
    )
}

fn cell(rgb: [f32; 3], person: f32) -> Cell {
    let [r, g, b] = rgb.map(|v| decode(v / 255.0) + FLOOR);
    Cell {
        light: (0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]) / 255.0,
        red: (r / g).ln(),
        blue: (b / g).ln(),
        person,
        part: Part::Outside,
    }
}

/// The middle value of some.
pub(crate) fn median(mut values: Vec<f32>) -> Option<f32> {
    at_share(&mut values, 0.5)
}

/// The value below which a share of some lies.
pub(crate) fn at_share(values: &mut [f32], share: f32) -> Option<f32> {
    let last = values.len().checked_sub(1)?;
    let at = (share * last as f32) as usize;
    Some(*values.select_nth_unstable_by(at, f32::total_cmp).1)
}

/// 0 up to `low`, 1 from `high` on, straight between; falls when `high` is below `low`.
pub(crate) fn ramp(value: f32, low: f32, high: f32) -> f32 {
    ((value - low) / (high - low)).clamp(0.0, 1.0)
}
