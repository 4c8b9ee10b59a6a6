//! How is something painted over a picture, with soft edges?
use domain::{Point, Rect, Rgb, SizePx};
use photo::Picture;

/// A colour with channels 0–255.
pub type Colour = [f32; 3];

/// A picture that is painted on.
#[derive(Debug, Clone)]
pub struct Canvas {
    size: SizePx,
    rgb: Vec<f32>,
}

impl Canvas {
    /// Begins with a picture.
    pub fn new(picture: &Picture) -> Self {
        Self {
            size: picture.size(),
            rgb: picture.rgb().iter().map(|v| f32::from(*v)).collect(),
        }
    }

    /// The picture as painted.
    pub fn done(self) -> Picture {
        let bytes = self.rgb.iter().map(|v| v.round().clamp(0.0, 255.0) as u8).collect();
        let agrees = "the canvas keeps the shape of the picture it began with";
        Picture::new(self.size, bytes).expect(agrees)
    }

    /// Paints inside a rectangle: `paint` gets the middle of a pixel with its colour and says the new colour and how much of
    /// it (0–1).
    pub fn paint(&mut self, inside: Rect, paint: impl Fn(Point, Colour) -> (Colour, f32)) {
        let span = |from: f32, to: f32, limit: u32| {
            let clamp = |v: f32| v.clamp(0.0, limit as f32) as usize;
            clamp(from.floor())..clamp(to.ceil())
        };
        for y in span(inside.y, inside.bottom(), self.size.height) {
            for x in span(inside.x, inside.right(), self.size.width) {
                let at = (y * self.size.width as usize + x) * 3;
                let here = [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]];
                let (colour, alpha) = paint(Point::new(x as f32 + 0.5, y as f32 + 0.5), here);
                if alpha > 0.0 {
                    for c in 0..3 {
                        self.rgb[at + c] += (colour[c] - here[c]) * alpha.min(1.0);
                    }
                }
            }
        }
    }

    /// Paints everywhere.
    pub fn everywhere(&mut self, paint: impl Fn(Point, Colour) -> (Colour, f32)) {
        let whole = Rect {
            x: 0.0,
            y: 0.0,
            width: self.size.width as f32,
            height: self.size.height as f32,
        };
        self.paint(whole, paint);
    }

    /// Fills a polygon; the edge is `soft` pixels wide, `shade` gives the colour at a point and how opaque it is.
    pub fn fill(&mut self, polygon: &[Point], soft: f32, shade: impl Fn(Point, Colour) -> (Colour, f32)) {
        self.paint(around(polygon, soft), |p, here| {
            let cover = 0.5 - distance(polygon, p) / soft.max(0.5);
            if cover <= 0.0 {
                return (here, 0.0);
            }
            let (colour, opaque) = shade(p, here);
            (colour, opaque * cover.min(1.0))
        });
    }

    /// Draws a line of some width through points.
    pub fn stroke(&mut self, points: &[Point], width: f32, colour: Colour, opaque: f32) {
        self.paint(around(points, width), |p, _| {
            let near = points
                .windows(2)
                .map(|w| to_segment(p, w[0], w[1]))
                .fold(f32::INFINITY, f32::min);
            (colour, (0.5 + width / 2.0 - near).clamp(0.0, 1.0) * opaque)
        });
    }
}

/// The colour of a pixel as floats.
pub fn floats(c: Rgb) -> Colour {
    [c.r, c.g, c.b].map(f32::from)
}

/// A colour made lighter or darker.
pub fn times(colour: Colour, by: f32) -> Colour {
    colour.map(|v| v * by)
}

/// Between two colours.
pub fn mix(one: Colour, other: Colour, share: f32) -> Colour {
    std::array::from_fn(|c| one[c] + (other[c] - one[c]) * share)
}

/// The picture with each pixel changed.
pub fn changed(picture: &Picture, change: impl Fn(Point, Colour) -> Colour) -> Picture {
    let mut canvas = Canvas::new(picture);
    canvas.everywhere(|p, c| (change(p, c), 1.0));
    canvas.done()
}

/// An ellipse as a polygon.
pub fn ellipse(centre: Point, across: f32, down: f32, angle: f32) -> Vec<Point> {
    let (sin, cos) = angle.sin_cos();
    let corner = |i: u8| {
        let (s, c) = (f32::from(i) * std::f32::consts::TAU / 40.0).sin_cos();
        let (x, y) = (c * across, s * down);
        Point::new(centre.x + x * cos - y * sin, centre.y + x * sin + y * cos)
    };
    (0..40).map(corner).collect()
}

fn around(points: &[Point], margin: f32) -> Rect {
    let edge = |of: fn(&Point) -> f32, pick: fn(f32, f32) -> f32, from: f32| points.iter().map(of).fold(from, pick);
    let (left, right) = (
        edge(|p| p.x, f32::min, f32::INFINITY),
        edge(|p| p.x, f32::max, f32::NEG_INFINITY),
    );
    let (top, bottom) = (
        edge(|p| p.y, f32::min, f32::INFINITY),
        edge(|p| p.y, f32::max, f32::NEG_INFINITY),
    );
    Rect {
        x: left - margin,
        y: top - margin,
        width: right - left + 2.0 * margin,
        height: bottom - top + 2.0 * margin,
    }
}

/// Distance to the edge of a polygon, negative inside.
fn distance(polygon: &[Point], p: Point) -> f32 {
    let mut near = f32::INFINITY;
    let mut inside = false;
    for (a, b) in polygon.iter().zip(polygon.iter().cycle().skip(1)) {
        near = near.min(to_segment(p, *a, *b));
        if (a.y <= p.y) != (b.y <= p.y) && p.x < a.x + (b.x - a.x) * (p.y - a.y) / (b.y - a.y) {
            inside = !inside;
        }
    }
    if inside { -near } else { near }
}

fn to_segment(p: Point, a: Point, b: Point) -> f32 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let along = ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy).max(1e-6);
    let t = along.clamp(0.0, 1.0);
    p.distance(Point::new(a.x + dx * t, a.y + dy * t))
}
