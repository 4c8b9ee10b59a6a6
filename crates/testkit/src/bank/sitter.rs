//! Who sits for a drawing: a clean picture with what was found in it, and coordinates that move with the head.
use super::canvas::{Colour, floats};
use domain::{Face, PersonMask, Point, RectPx};
use photo::Picture;

/// A clean picture and what is known of it.
#[derive(Debug, Clone)]
pub struct Sitter {
    /// Tells one person from another.
    pub name: String,
    /// The picture.
    pub picture: Picture,
    /// The face in it.
    pub face: Face,
    /// The person in it.
    pub mask: PersonMask,
    /// What would be delivered.
    pub crop: RectPx,
}

/// Cheek points of the mesh, left and right in the picture.
const CHEEKS: (usize, usize) = (234, 454);

impl Sitter {
    /// Cheek to cheek in pixels: the unit of [`Sitter::at`].
    pub fn width(&self) -> f32 {
        self.face.point(CHEEKS.0).distance(self.face.point(CHEEKS.1))
    }

    /// The point `u` face widths to the right of the middle of the eyes and `v` below it, turned with the head.
    pub fn at(&self, u: f32, v: f32) -> Point {
        let (left, right) = self.face.eyes();
        let middle = left.midpoint(right);
        let (sin, cos) = (right.y - left.y).atan2(right.x - left.x).sin_cos();
        let w = self.width();
        Point::new(middle.x + (u * cos - v * sin) * w, middle.y + (u * sin + v * cos) * w)
    }

    /// Where a pixel lies in the coordinates of [`Sitter::at`].
    pub fn uv(&self, p: Point) -> (f32, f32) {
        let (left, right) = self.face.eyes();
        let middle = left.midpoint(right);
        let (sin, cos) = (right.y - left.y).atan2(right.x - left.x).sin_cos();
        let (x, y) = ((p.x - middle.x) / self.width(), (p.y - middle.y) / self.width());
        (x * cos + y * sin, y * cos - x * sin)
    }

    /// The picture's angle of the eye line in radians.
    pub fn angle(&self) -> f32 {
        let (left, right) = self.face.eyes();
        (right.y - left.y).atan2(right.x - left.x)
    }

    /// A polygon given in face widths.
    pub fn shape(&self, corners: &[(f32, f32)]) -> Vec<Point> {
        corners.iter().map(|&(u, v)| self.at(u, v)).collect()
    }

    /// A polygon through landmarks.
    pub fn through(&self, landmarks: &[usize]) -> Vec<Point> {
        landmarks.iter().map(|&i| self.face.point(i)).collect()
    }

    /// Mean colour around a point of the picture, `radius` in face widths.
    pub fn colour(&self, p: Point, radius: f32) -> Colour {
        let r = (radius * self.width()).max(1.0) as i32;
        let mut sum = [0.0; 3];
        let mut count = 0.0;
        for y in -r..=r {
            for x in -r..=r {
                let at = |v: f32, d: i32| (v as i32 + d).max(0) as u32;
                let c = floats(self.picture.pixel(at(p.x, x), at(p.y, y)));
                sum = std::array::from_fn(|i| sum[i] + c[i]);
                count += 1.0;
            }
        }
        sum.map(|s| s / count)
    }

    /// Colour of the skin: the cheeks.
    pub fn skin(&self) -> Colour {
        let (a, b) = (
            self.colour(self.face.point(50), 0.04),
            self.colour(self.face.point(280), 0.04),
        );
        std::array::from_fn(|c| (a[c] + b[c]) / 2.0)
    }

    /// Colour of the top of the head: hair, or skin of a bald one.
    pub fn hair(&self) -> Colour {
        self.colour(self.at(0.0, -0.78), 0.05)
    }

    /// The row of the topmost hair above the face.
    pub fn crown(&self) -> f32 {
        let above = self.at(0.0, -0.3).y;
        let columns = [-0.2, -0.1, 0.0, 0.1, 0.2].map(|u| self.at(u, 0.0).x);
        let hair = |y: f32| columns.iter().any(|&x| self.person(Point::new(x, y)) > 0.5);
        // Row by row upwards; hair that reaches the edge ends there.
        let rows = (0..above.max(0.0) as u32).rev().map(|y| y as f32 + 0.5);
        rows.take_while(|&y| hair(y)).last().unwrap_or(above)
    }

    /// How much of a pixel is person, 0–1, smooth between the cells of the mask.
    pub fn person(&self, p: Point) -> f32 {
        let region = self.mask.region;
        let cell = |v: f32, from: u32, side: u32, cells: u32| {
            ((v - from as f32) / side.max(1) as f32 * cells as f32 - 0.5).clamp(0.0, cells as f32 - 1.001)
        };
        let x = cell(p.x, region.x, region.width, self.mask.width);
        let y = cell(p.y, region.y, region.height, self.mask.height);
        let at = |i: usize, j: usize| f32::from(self.mask.values[j * self.mask.width as usize + i]) / 255.0;
        let (i, j, a, b) = (x as usize, y as usize, x.fract(), y.fract());
        let top = at(i, j) + (at(i + 1, j) - at(i, j)) * a;
        let bottom = at(i, j + 1) + (at(i + 1, j + 1) - at(i, j + 1)) * a;
        top + (bottom - top) * b
    }
}
