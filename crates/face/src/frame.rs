//! How is a region of a frame, turned and scaled, handed to a model?
use domain::{Point, SizePx};
use photo::Picture;
use std::borrow::Cow;

/// Levels of halving at most: 2^7 brings the longest side of any accepted picture near a model's 128 pixels.
const MAX_LEVELS: usize = 7;
/// A level is not halved below this many pixels on its shorter side.
const MIN_SIDE_PX: u32 = 64;

/// A frame with its halvings, so that reading it at a small scale neither costs every pixel nor aliases.
pub(crate) struct Frame<'a> {
    levels: Vec<Cow<'a, Picture>>,
    /// The finest level that is read.
    finest: usize,
}

/// A rectangle of the frame that may be turned: the part a model looks at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Region {
    /// Centre in pixels of the frame.
    pub center: Point,
    /// Width in pixels of the frame.
    pub width: f32,
    /// Height in pixels of the frame.
    pub height: f32,
    /// Turn in radians, clockwise as seen in the picture.
    pub angle: f32,
}

/// What a model sees beyond the edge of the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beyond {
    /// Black, as MediaPipe's detector was trained.
    Black,
    /// The nearest pixel of the frame.
    Nearest,
}

impl Region {
    /// A square that stands upright.
    pub(crate) fn square(center: Point, side: f32) -> Self {
        Self {
            center,
            width: side,
            height: side,
            angle: 0.0,
        }
    }

    /// The point of the frame at (u, v), both 0–1 across and down the region.
    pub(crate) fn at(&self, u: f32, v: f32) -> Point {
        let (dx, dy) = ((u - 0.5) * self.width, (v - 0.5) * self.height);
        let (sin, cos) = self.angle.sin_cos();
        Point::new(self.center.x + dx * cos - dy * sin, self.center.y + dx * sin + dy * cos)
    }
}

impl<'a> Frame<'a> {
    /// Halves the picture as often as the models need.
    pub(crate) fn new(picture: &'a Picture) -> Self {
        let mut levels = vec![Cow::Borrowed(picture)];
        while let Some(last) = levels.last().filter(|_| levels.len() < MAX_LEVELS) {
            let size = last.size();
            if size.width.min(size.height) < MIN_SIDE_PX * 2 {
                break;
            }
            let next = last.half();
            levels.push(Cow::Owned(next));
        }
        Self { levels, finest: 0 }
    }

    /// The same frame without the detail that does not fit into so many pixels along its longer side: a blurred look, in which
    /// fine patterns are gone.
    pub(crate) fn without_finer(&self, longest: u32) -> Frame<'_> {
        let fits = |p: &Cow<Picture>| p.size().width.max(p.size().height) <= longest;
        let last = self.levels.len() - 1;
        Frame {
            levels: self.levels.iter().map(|p| Cow::Borrowed(p.as_ref())).collect(),
            finest: self.levels.iter().position(fits).unwrap_or(last),
        }
    }

    /// Size of the full frame.
    pub(crate) fn size(&self) -> SizePx {
        self.levels[0].size()
    }

    /// Reads a region as a dense `[side, side, 3]` tensor; 0 becomes `low` and 255 `high`.
    pub(crate) fn tensor(&self, region: &Region, side: usize, (low, high): (f32, f32), beyond: Beyond) -> Vec<f32> {
        let step = 1.0 / side as f32;
        // Frame pixels for each tensor pixel; the level leaves between one and two of its own.
        let ratio = region.width.max(region.height) * step;
        let level = (ratio.max(1.0).log2() as usize).clamp(self.finest, self.levels.len() - 1);
        let shrink = 1.0 / (1_u32 << level) as f32;
        let size = self.size();
        let (frame_w, frame_h) = (size.width as f32, size.height as f32);
        let sampler = Sampler::new(&self.levels[level]);
        let gain = (high - low) / 255.0;
        let mut out = vec![low; side * side * 3];
        for (row, out) in out.chunks_exact_mut(side * 3).enumerate() {
            let v = (row as f32 + 0.5) * step;
            let (start, end) = (region.at(0.0, v), region.at(1.0, v));
            for (column, out) in out.as_chunks_mut::<3>().0.iter_mut().enumerate() {
                let u = (column as f32 + 0.5) * step;
                let (x, y) = (start.x + (end.x - start.x) * u, start.y + (end.y - start.y) * u);
                let inside = (0.0..frame_w).contains(&x) && (0.0..frame_h).contains(&y);
                if inside || beyond == Beyond::Nearest {
                    *out = sampler.at(x * shrink, y * shrink).map(|c| low + c * gain);
                }
            }
        }
        out
    }
}

/// Reads a picture between its pixels as `Picture::sample` does, with what is the same for all pixels worked out once.
struct Sampler<'a> {
    pixels: &'a [[u8; 3]],
    width: usize,
    last: (usize, usize),
    furthest: (f32, f32),
}

impl<'a> Sampler<'a> {
    fn new(picture: &'a Picture) -> Self {
        let size = picture.size();
        let last = (size.width as usize - 1, size.height as usize - 1);
        Self {
            pixels: picture.rgb().as_chunks::<3>().0,
            width: size.width as usize,
            last,
            furthest: (last.0 as f32, last.1 as f32),
        }
    }

    fn at(&self, x: f32, y: f32) -> [f32; 3] {
        let fx = (x - 0.5).clamp(0.0, self.furthest.0);
        let fy = (y - 0.5).clamp(0.0, self.furthest.1);
        let (x0, y0) = (fx as usize, fy as usize);
        let (x1, y1) = ((x0 + 1).min(self.last.0), (y0 + 1).min(self.last.1));
        let (ax, ay) = (fx - x0 as f32, fy - y0 as f32);
        let (upper, lower) = (&self.pixels[y0 * self.width..], &self.pixels[y1 * self.width..]);
        let corners = [upper[x0], upper[x1], lower[x0], lower[x1]];
        std::array::from_fn(|c| {
            let [a, b, d, e] = corners.map(|pixel| f32::from(pixel[c]));
            let (above, below) = (a + (b - a) * ax, d + (e - d) * ax);
            above + (below - above) * ay
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Rgb;

    #[test]
    fn the_sampler_reads_what_the_picture_does() {
        let size = SizePx { width: 7, height: 5 };
        let colour = |x: u32, y: u32| Rgb {
            r: (x * 36) as u8,
            g: (y * 51) as u8,
            b: ((x * y * 13) % 256) as u8,
        };
        let picture = Picture::from_fn(size, colour).expect("it has pixels");
        let sampler = Sampler::new(&picture);
        for i in -4..40 {
            let (x, y) = (i as f32 * 0.23, i as f32 * 0.17 - 0.4);
            assert_eq!(sampler.at(x, y), picture.sample(x, y), "{x} {y}");
        }
    }
}
