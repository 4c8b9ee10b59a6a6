//! Are there letters on the person: small marks of one height in an even row?
//!
//! Light and colour are compared with their neighbourhood; connected pixels that stand out are marks. Nature seldom puts five of
//! one height at one distance in one line; writing does. Teeth do too, so the mouth is left out.
use crate::scene::Scene;
use domain::Point;
use photo::Picture;

/// Half the side of the neighbourhood in pixels of the half view.
const AROUND: usize = 11;
/// Levels of 255 by which a mark stands out.
const STEP: f32 = 13.0;
/// Heights of letters in pixels of the half view.
const HEIGHT: std::ops::RangeInclusive<usize> = 6..=64;
/// Fewest marks in a row that are writing.
const ROW: usize = 5;
/// Most marks that are compared; a picture with more is texture.
const MOST: usize = 600;

/// A mark's middle and height.
#[derive(Debug, Clone, Copy)]
struct Mark {
    at: Point,
    height: f32,
}

/// A hundredth for each mark of the longest row of writing; 0 without one.
pub(crate) fn on_person(scene: &Scene, half: &Picture) -> f32 {
    let size = half.size();
    let (w, h) = (size.width as usize, size.height as usize);
    let mut light = Vec::with_capacity(w * h);
    let mut colour = Vec::with_capacity(w * h);
    for p in half.rgb().chunks_exact(3) {
        let [r, g, b] = [p[0], p[1], p[2]].map(f32::from);
        light.push(0.299 * r + 0.587 * g + 0.114 * b);
        colour.push((r - b) / 2.0);
    }
    let mouth = scene.head_on_view().map(|head| {
        let middle = head.eyes().midpoint(head.chin);
        (
            Point::new(middle.x / 2.0, (middle.y + 0.15 * head.face_width()) / 2.0),
            0.15 * head.face_width(),
        )
    });
    let mut longest = 0;
    for plane in [&light, &colour] {
        let off = against_around(plane, w, h);
        for sign in [1.0, -1.0] {
            let mut found = marks(&off, sign, w, h);
            found.retain(|m| mouth.is_none_or(|(at, far)| m.at.distance(at) > far));
            if found.len() <= MOST {
                longest = longest.max(longest_row(&found));
            }
        }
    }
    if longest < ROW { 0.0 } else { longest as f32 / 100.0 }
}

/// How much each pixel differs from the mean around it.
fn against_around(plane: &[f32], w: usize, h: usize) -> Vec<f32> {
    let mut sums = vec![0.0f64; (w + 1) * (h + 1)];
    for y in 0..h {
        let mut row = 0.0;
        for x in 0..w {
            row += f64::from(plane[y * w + x]);
            sums[(y + 1) * (w + 1) + x + 1] = sums[y * (w + 1) + x + 1] + row;
        }
    }
    let mut off = Vec::with_capacity(w * h);
    for y in 0..h {
        let (y0, y1) = (y.saturating_sub(AROUND), (y + AROUND + 1).min(h));
        for x in 0..w {
            let (x0, x1) = (x.saturating_sub(AROUND), (x + AROUND + 1).min(w));
            let at = |x: usize, y: usize| sums[y * (w + 1) + x];
            let sum = at(x1, y1) - at(x0, y1) - at(x1, y0) + at(x0, y0);
            off.push(plane[y * w + x] - (sum / ((x1 - x0) * (y1 - y0)) as f64) as f32);
        }
    }
    off
}

/// Connected pixels that stand out in one direction and have the shape of a letter.
fn marks(off: &[f32], sign: f32, w: usize, h: usize) -> Vec<Mark> {
    let mut open: Vec<bool> = off.iter().map(|v| v * sign > STEP).collect();
    let mut found = Vec::new();
    let mut stack = Vec::new();
    for start in 0..w * h {
        if !open[start] {
            continue;
        }
        open[start] = false;
        stack.push(start);
        let (mut left, mut right, mut top, mut bottom, mut area) = (w, 0, h, 0, 0usize);
        while let Some(i) = stack.pop() {
            let (x, y) = (i % w, i / w);
            (left, right, top, bottom, area) = (left.min(x), right.max(x), top.min(y), bottom.max(y), area + 1);
            for (nx, ny) in [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)] {
                if nx < w && ny < h && open[ny * w + nx] {
                    open[ny * w + nx] = false;
                    stack.push(ny * w + nx);
                }
            }
        }
        let (wide, high) = (right + 1 - left, bottom + 1 - top);
        let fill = area as f32 / (wide * high) as f32;
        let ratio = wide as f32 / high as f32;
        if HEIGHT.contains(&high) && (0.3..1.5).contains(&ratio) && (0.2..0.75).contains(&fill) {
            found.push(Mark {
                at: Point::new((left + right + 1) as f32 / 2.0, (top + bottom + 1) as f32 / 2.0),
                height: high as f32,
            });
        }
    }
    found
}

/// Marks in the longest even row.
fn longest_row(marks: &[Mark]) -> usize {
    let alike = |a: &Mark, b: &Mark| (a.height / b.height).ln().abs() < 0.25;
    let mut longest = 0;
    for (i, a) in marks.iter().enumerate() {
        for b in marks.iter().skip(i + 1).filter(|b| alike(a, b)) {
            let step = Point::new(b.at.x - a.at.x, b.at.y - a.at.y);
            let length = step.x.hypot(step.y);
            if !(0.55 * a.height..1.8 * a.height).contains(&length) {
                continue;
            }
            let mut count = 2;
            for way in [1.0, -1.0] {
                let mut last = if way > 0.0 { *b } else { *a };
                // A row is no longer than the picture has marks; one gap at a time is a space or a hyphen.
                let next = |last: Mark, steps: f32| {
                    let (dx, dy) = (way * steps * step.x, way * steps * step.y);
                    let wanted = Point::new(last.at.x + dx, last.at.y + dy);
                    let near = |m: &&Mark| alike(a, m) && m.at.distance(wanted) < 0.22 * a.height;
                    marks.iter().find(near).copied()
                };
                while let Some(found) = next(last, 1.0).or_else(|| next(last, 2.0)) {
                    last = found;
                    count += 1;
                    if count > marks.len() {
                        break;
                    }
                }
            }
            longest = longest.max(count);
        }
    }
    longest
}
