//! Where in the picture does a module lie? The projection of the code's plane, and brightness between pixels.
use super::super::Luma;

/// A place in pixels from the top left corner of the picture, or in modules from that of the code.
pub(super) type Spot = (f32, f32);

type Matrix = [[f32; 3]; 3];

/// From modules to pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Projection(Matrix);

impl Projection {
    /// The one that takes four places to four others; absent when three of either lie on a line.
    pub(super) fn between(from: [Spot; 4], to: [Spot; 4]) -> Option<Self> {
        let back = inverse(from_unit_square(from)?)?;
        Some(Self(times(from_unit_square(to)?, back)))
    }

    /// Where a place of the code lies in the picture.
    pub(super) fn at(&self, (u, v): Spot) -> Spot {
        let row = |r: &[f32; 3]| r[0] * u + r[1] * v + r[2];
        let depth = row(&self.0[2]);
        (row(&self.0[0]) / depth, row(&self.0[1]) / depth)
    }

    /// Pixels a module around a place, the shorter and the longer way.
    pub(super) fn module_px(&self, (u, v): Spot) -> (f32, f32) {
        let middle = self.at((u, v));
        let (right, down) = (self.at((u + 1.0, v)), self.at((u, v + 1.0)));
        let (a, b) = (far(middle, right), far(middle, down));
        (a.min(b), a.max(b))
    }
}

/// The distance between two places.
pub(super) fn far(a: Spot, b: Spot) -> f32 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// The projection of the unit square's corners (0,0), (1,0), (1,1), (0,1) (Heckbert 1989, section 2.2.3).
fn from_unit_square([p0, p1, p2, p3]: [Spot; 4]) -> Option<Matrix> {
    let (dx1, dy1) = (p1.0 - p2.0, p1.1 - p2.1);
    let (dx2, dy2) = (p3.0 - p2.0, p3.1 - p2.1);
    let (sx, sy) = (p0.0 - p1.0 + p2.0 - p3.0, p0.1 - p1.1 + p2.1 - p3.1);
    let area = dx1 * dy2 - dx2 * dy1;
    if area.abs() < 1e-6 {
        return None;
    }
    let (g, h) = ((sx * dy2 - dx2 * sy) / area, (dx1 * sy - sx * dy1) / area);
    Some([
        [p1.0 - p0.0 + g * p1.0, p3.0 - p0.0 + h * p3.0, p0.0],
        [p1.1 - p0.1 + g * p1.1, p3.1 - p0.1 + h * p3.1, p0.1],
        [g, h, 1.0],
    ])
}

fn times(a: Matrix, b: Matrix) -> Matrix {
    [0, 1, 2].map(|i| [0, 1, 2].map(|j| (0..3).map(|k| a[i][k] * b[k][j]).sum()))
}

fn inverse(m: Matrix) -> Option<Matrix> {
    let minor = |a: usize, b: usize, c: usize, d: usize| m[a][c] * m[b][d] - m[a][d] * m[b][c];
    let adjoint = [
        [minor(1, 2, 1, 2), -minor(0, 2, 1, 2), minor(0, 1, 1, 2)],
        [-minor(1, 2, 0, 2), minor(0, 2, 0, 2), -minor(0, 1, 0, 2)],
        [minor(1, 2, 0, 1), -minor(0, 2, 0, 1), minor(0, 1, 0, 1)],
    ];
    let size: f32 = (0..3).map(|k| m[0][k] * adjoint[k][0]).sum();
    (size.abs() > 1e-12).then(|| adjoint.map(|row| row.map(|v| v / size)))
}

/// A picture in half sizes, to look at each code where its modules have a few pixels.
pub(super) struct Pyramid<'a> {
    /// The picture and its halves, largest first.
    levels: Vec<std::borrow::Cow<'a, Luma>>,
}

impl<'a> Pyramid<'a> {
    /// From the picture, its half where there is one already, and a quarter made of that.
    pub(super) fn of(full: &'a Luma, half: Option<&'a Luma>) -> Self {
        let mut levels = vec![std::borrow::Cow::Borrowed(full)];
        let half = half.map(std::borrow::Cow::Borrowed);
        if let Some(half) = half.or_else(|| full.half().map(std::borrow::Cow::Owned)) {
            let quarter = half.half();
            levels.push(half);
            levels.extend(quarter.map(std::borrow::Cow::Owned));
        }
        Self { levels }
    }

    /// The levels, largest first; each has half the width of the one before.
    pub(super) fn levels(&self) -> impl Iterator<Item = &Luma> {
        self.levels.iter().map(AsRef::as_ref)
    }

    /// The smallest level on which a module of so many pixels of the largest still has `least`.
    pub(super) fn level_for(&self, module_px: f32, least: f32) -> View<'_> {
        let nth = (module_px / least).max(1.0).log2().floor() as usize;
        let nth = nth.min(self.levels.len() - 1);
        View {
            luma: &self.levels[nth],
            scale: 0.5_f32.powi(nth as i32),
        }
    }
}

/// One level, asked in pixels of the largest.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    luma: &'a Luma,
    scale: f32,
}

impl View<'_> {
    /// Brightness at a place, between the four pixels around it; the picture goes on beyond its edges with its outermost pixels.
    pub(super) fn at(&self, (x, y): Spot) -> f32 {
        let (width, height) = (self.luma.width(), self.luma.height());
        let pixels = self.luma.pixels();
        let (x, y) = (x * self.scale - 0.5, y * self.scale - 0.5);
        let x = x.clamp(0.0, width as f32 - 1.001).max(0.0);
        let y = y.clamp(0.0, height as f32 - 1.001).max(0.0);
        let (column, row) = (x as usize, y as usize);
        let (fx, fy) = (x - column as f32, y - row as f32);
        let (right, below) = ((column + 1).min(width - 1), (row + 1).min(height - 1));
        let pixel = |x: usize, y: usize| f32::from(pixels[y * width + x]);
        let upper = pixel(column, row) * (1.0 - fx) + pixel(right, row) * fx;
        let lower = pixel(column, below) * (1.0 - fx) + pixel(right, below) * fx;
        upper * (1.0 - fy) + lower * fy
    }
}
