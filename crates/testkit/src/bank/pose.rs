//! How is a head turned, nodded, tilted, or its eyes closed and mouth opened, by moving the pixels of a frontal one?
use super::canvas::{changed, mix, times};
use super::rng::Rng;
use super::sitter::Sitter;
use domain::{Point, Point3};
use photo::Picture;

/// Turned to a side.
pub fn turned(s: &Sitter, rng: &mut Rng) -> Picture {
    let angle = rng.between(22.0, 30.0) * away(s.face.pose.yaw, rng);
    rotated(s, angle, 0.0)
}

/// Chin up or down.
pub fn nodded(s: &Sitter, rng: &mut Rng) -> Picture {
    let angle = rng.between(24.0, 32.0) * away(s.face.pose.pitch, rng);
    rotated(s, 0.0, angle)
}

/// Tilted to a shoulder: the whole picture about the face.
pub fn tilted(s: &Sitter, rng: &mut Rng) -> Picture {
    let angle = rng.between(10.0, 20.0) * away(s.face.pose.roll, rng);
    let about = s.at(0.0, 0.3);
    let (sin, cos) = angle.to_radians().sin_cos();
    changed(&s.picture, |p, _| {
        let (dx, dy) = (p.x - about.x, p.y - about.y);
        s.picture
            .sample(about.x + dx * cos + dy * sin, about.y - dx * sin + dy * cos)
    })
}

/// In the direction the head already leans to, so that the sum is past the bound; either way from the middle.
fn away(already: f32, rng: &mut Rng) -> f32 {
    if already.abs() < 2.0 {
        rng.sign()
    } else {
        already.signum()
    }
}

/// Every fifth landmark is enough to carry the picture along.
const STEP: usize = 5;

/// Moves the pixels as the mesh moves when it is turned in three dimensions; what lies around follows the nearest points and
/// comes to rest further out.
fn rotated(s: &Sitter, yaw: f32, pitch: f32) -> Picture {
    let w = s.width();
    let centre = s.at(0.0, 0.3);
    let axis = s.face.point_depth(&[234, 454]);
    let turn = |p: Point3| {
        let (x, y, z) = (p.x - centre.x, p.y - centre.y, p.z - axis);
        let (sin, cos) = yaw.to_radians().sin_cos();
        let (x, z) = (x * cos + z * sin, z * cos - x * sin);
        let (sin, cos) = pitch.to_radians().sin_cos();
        let y = y * cos + z * sin;
        Point::new(x + centre.x, y + centre.y)
    };
    let moves: Vec<(Point, Point)> = s
        .face
        .landmarks
        .iter()
        .take(468)
        .step_by(STEP)
        .map(|p| (turn(*p), p.xy()))
        .collect();
    changed(&s.picture, |p, _| {
        let (u, v) = s.uv(p);
        let rest = (1.6 - (u / 0.75).hypot((v - 0.1) / 1.05)).clamp(0.0, 0.6) / 0.6;
        if rest <= 0.0 {
            return s.picture.sample(p.x, p.y);
        }
        let (mut sum, mut dx, mut dy) = (0.0, 0.0, 0.0);
        for (to, from) in &moves {
            let d = ((p.x - to.x).powi(2) + (p.y - to.y).powi(2)) / (w * w) + 2e-4;
            let weight = 1.0 / (d * d);
            sum += weight;
            dx += weight * (from.x - to.x);
            dy += weight * (from.y - to.y);
        }
        s.picture.sample(p.x + dx / sum * rest, p.y + dy / sum * rest)
    })
}

trait Depth {
    /// Mean depth of landmarks.
    fn point_depth(&self, of: &[usize]) -> f32;
}

impl Depth for domain::Face {
    fn point_depth(&self, of: &[usize]) -> f32 {
        of.iter().map(|&i| self.landmarks[i].z).sum::<f32>() / of.len() as f32
    }
}

/// Outer corner, inner corner, middle of upper and lower lid, lower edge of the brow, for both eyes.
const EYES: [[usize; 5]; 2] = [[33, 133, 159, 145, 52], [263, 362, 386, 374, 282]];

/// Lids drawn down: the skin under the brow is stretched over the eye down to a line of lashes.
pub fn lids_down(s: &Sitter, rng: &mut Rng) -> Picture {
    let (share, lash) = (rng.between(0.75, 0.92), rng.between(0.25, 0.6));
    changed(&s.picture, |p, _| {
        for eye in EYES {
            let [outer, inner, upper, lower, brow] = eye.map(|i| s.face.point(i));
            let (middle, wide) = (outer.midpoint(inner), outer.distance(inner));
            let t = (p.x - middle.x) / (0.56 * wide);
            if t.abs() >= 1.0 {
                continue;
            }
            // The corners' line plus the bow of each lid.
            let line = outer.y + (inner.y - outer.y) * (p.x - outer.x) / (inner.x - outer.x);
            let bow = (1.0 - t * t).sqrt();
            let top = line + (upper.y - middle.y - 0.03 * wide) * bow;
            let bottom = line + (lower.y - middle.y + 0.03 * wide) * bow;
            let start = brow.y + 0.05 * wide;
            let closed = top + (bottom - top) * share;
            if p.y > start && p.y < closed {
                let stretched = start + (p.y - start) * (top - 0.04 * wide - start) / (closed - start);
                let c = s.picture.sample(p.x, stretched);
                let near = 1.0 - ((closed - p.y) / (0.05 * wide)).clamp(0.0, 1.0);
                return times(c, 1.0 - (1.0 - lash) * near * bow);
            }
            if p.y >= closed && p.y < bottom {
                let skin = s.picture.sample(p.x, bottom + 0.04 * wide);
                let near = 1.0 - ((p.y - closed) / (0.06 * wide)).clamp(0.0, 1.0);
                return times(skin, 1.0 - (1.0 - lash) * near * bow);
            }
        }
        s.picture.sample(p.x, p.y)
    })
}

/// Eyes painted over with the skin below them and a line of lashes.
pub fn lids_painted(s: &Sitter, rng: &mut Rng) -> Picture {
    let dark = rng.between(0.35, 0.6);
    let eyes = EYES.map(|eye| {
        let [outer, inner, upper, lower, _] = eye.map(|i| s.face.point(i));
        let wide = outer.distance(inner);
        let skin = s.colour(Point::new(lower.x, lower.y + 0.4 * wide), 0.02);
        (outer.midpoint(inner), wide, upper, lower, skin)
    });
    changed(&s.picture, |p, c| {
        for (middle, wide, upper, lower, skin) in eyes {
            let dx = (p.x - middle.x) / (0.62 * wide);
            let (top, bottom) = (upper.y - 0.14 * wide, lower.y + 0.03 * wide);
            let dy = (p.y - (top + bottom) / 2.0) / ((bottom - top) / 2.0 + 0.05 * wide);
            let radius = dx * dx + dy * dy;
            if radius < 1.0 {
                let line = bottom - 0.12 * wide * dx * dx;
                let lashes = 1.0 - dark * (1.0 - ((p.y - line).abs() / (0.03 * wide)).min(1.0));
                return mix(c, times(skin, lashes), ((1.0 - radius) * 5.0).min(1.0));
            }
        }
        c
    })
}

/// The jaw dropped: what is below the lips moves down and leaves a dark mouth.
pub fn mouth_open(s: &Sitter, rng: &mut Rng) -> Picture {
    let (upper, lower) = (s.face.point(13), s.face.point(14));
    let (left, right) = (s.face.point(78), s.face.point(308));
    let (middle, wide) = (upper.midpoint(lower), left.distance(right));
    let gap = s.width() * rng.between(0.08, 0.16);
    changed(&s.picture, |p, c| {
        let t = (p.x - middle.x) / (0.5 * wide);
        let bow = (1.0 - t * t).max(0.0).sqrt();
        let line = left.y + (right.y - left.y) * (p.x - left.x) / (right.x - left.x);
        let line = line + (middle.y - (left.y + right.y) / 2.0) * bow;
        let below = p.y - line;
        let fade = (1.0 - (t.abs() - 1.0).max(0.0)).clamp(0.0, 1.0);
        let open = gap * bow * fade;
        if below > 0.0 && below < open {
            return [45.0, 18.0, 18.0];
        }
        let settle = (1.0 - (below - open) / (1.2 * s.width())).clamp(0.0, 1.0);
        if below > 0.0 {
            s.picture.sample(p.x, p.y - open * settle)
        } else {
            c
        }
    })
}
