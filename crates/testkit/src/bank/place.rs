//! Where is the person in the frame, and how many are there?
use super::canvas::{Canvas, floats};
use super::light::shrunk;
use super::rng::{Rng, noise};
use super::sitter::Sitter;
use domain::{Point, Rgb, SizePx};
use photo::Picture;

/// The frame of a camera.
const FRAME: SizePx = SizePx {
    width: 1280,
    height: 720,
};

/// Far away.
pub fn tiny(s: &Sitter, rng: &mut Rng) -> Picture {
    // A face 45–75 px wide: some 20–35 px between the eyes.
    let small = shrunk(&s.picture, rng.between(45.0, 75.0) / s.width());
    let x = (FRAME.width - small.size().width) as i64 / 2;
    pasted(&frame(s), &small, x, i64::from(FRAME.height - small.size().height))
}

/// At the edge, so that no centred crop fits.
pub fn off_centre(s: &Sitter, rng: &mut Rng) -> Picture {
    let part = shrunk(&s.picture, 230.0 / s.width());
    let face = s.at(0.0, 0.3).x * 230.0 / s.width();
    let from_edge = rng.between(125.0, 160.0);
    let y = i64::from(FRAME.height) - i64::from(part.size().height).min(i64::from(FRAME.height));
    let left = from_edge - face;
    let right = FRAME.width as f32 - from_edge - face;
    pasted(&frame(s), &part, if rng.holds(0.5) { left } else { right } as i64, y)
}

/// Too high in the frame: nothing is left over the hair, or the frame cuts some of it.
pub fn too_high(s: &Sitter, rng: &mut Rng) -> Picture {
    let top = s.crown() + rng.between(-0.02, 0.15) * s.width();
    pasted(&s.picture, &s.picture, 0, -(top.max(0.0) as i64))
}

/// Two people side by side.
pub fn two(s: &Sitter, other: &Sitter, rng: &mut Rng) -> Picture {
    let (one, two) = (
        shrunk(&s.picture, 180.0 / s.width()),
        shrunk(&other.picture, 180.0 * rng.between(0.75, 1.1) / other.width()),
    );
    let bottom = |p: &Picture| i64::from(FRAME.height) - i64::from(p.size().height);
    let apart = rng.between(280.0, 420.0);
    let middle = FRAME.width as f32 / 2.0;
    let x = |s: &Sitter, scale: f32, at: f32| (at - s.at(0.0, 0.3).x * scale) as i64;
    let first = person_on(
        &frame(s),
        s,
        &one,
        x(s, 180.0 / s.width(), middle - apart / 2.0),
        bottom(&one),
    );
    person_on(
        &first,
        other,
        &two,
        x(other, 180.0 / other.width(), middle + apart / 2.0),
        bottom(&two),
    )
}

/// Someone small looks over the shoulder.
pub fn behind(s: &Sitter, other: &Sitter, rng: &mut Rng) -> Picture {
    let scale = rng.between(0.4, 0.55) * s.width() / other.width();
    let small = shrunk(&other.picture, scale);
    let at = s.at(rng.between(0.85, 0.95) * rng.sign(), rng.between(-0.2, 0.2));
    let face = other.at(0.0, 0.3);
    let with = person_on(
        &s.picture,
        other,
        &small,
        (at.x - face.x * scale) as i64,
        (at.y - face.y * scale) as i64,
    );
    // The sitter stays in front.
    super::canvas::changed(&with, |p, c| {
        super::canvas::mix(
            c,
            s.picture.sample(p.x, p.y),
            ((s.person(p) - 0.3) * 2.5).clamp(0.0, 1.0),
        )
    })
}

/// Nobody there.
pub fn nobody(s: &Sitter, rng: &mut Rng) -> Picture {
    let mut canvas = Canvas::new(&frame(s));
    if rng.holds(0.5) {
        // An empty chair.
        let wood = rng.colour((0.1, 0.6), (0.1, 0.6));
        let shape = [(520.0, 420.0), (760.0, 420.0), (790.0, 720.0), (490.0, 720.0)].map(|(x, y)| Point::new(x, y));
        canvas.fill(&shape, 2.0, |p, _| {
            (
                super::canvas::times(wood, 0.8 + 0.2 * noise(p.x / 9.0, p.y / 40.0, 7)),
                1.0,
            )
        });
    }
    canvas.done()
}

/// An empty frame with the sitter's backdrop.
fn frame(s: &Sitter) -> Picture {
    let c = s.picture.pixel(3, 3);
    let grain = |x: u32, y: u32| (noise(x as f32 * 0.9, y as f32 * 0.9, 11) * 4.0) as u8;
    Picture::from_fn(FRAME, |x, y| {
        let g = grain(x, y);
        Rgb {
            r: c.r.saturating_sub(g),
            g: c.g.saturating_sub(g),
            b: c.b.saturating_sub(g),
        }
    })
    .expect("the frame has a size")
}

/// Copies a picture into another; what lies outside is cut, what is uncovered stays.
fn pasted(base: &Picture, part: &Picture, x: i64, y: i64) -> Picture {
    over(base, part, x, y, |_, _| 1.0)
}

/// Copies only the person of a scaled sitter.
fn person_on(base: &Picture, s: &Sitter, part: &Picture, x: i64, y: i64) -> Picture {
    let scale = s.picture.size().width as f32 / part.size().width as f32;
    over(base, part, x, y, |u, v| {
        ((s.person(Point::new(u * scale, v * scale)) - 0.3) * 2.5).clamp(0.0, 1.0)
    })
}

fn over(base: &Picture, part: &Picture, x: i64, y: i64, alpha: impl Fn(f32, f32) -> f32) -> Picture {
    let size = part.size();
    super::canvas::changed(base, |p, c| {
        let (u, v) = (p.x - x as f32, p.y - y as f32);
        let inside = u >= 0.0 && v >= 0.0 && u < size.width as f32 && v < size.height as f32;
        if !inside {
            return c;
        }
        super::canvas::mix(c, floats(part.pixel(u as u32, v as u32)), alpha(u, v))
    })
}
