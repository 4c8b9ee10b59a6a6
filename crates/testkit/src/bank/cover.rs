//! What covers mouth and face: masks, scarves, hands, things.
use super::canvas::{Canvas, Colour, ellipse, mix, times};
use super::rng::{Rng, noise};
use super::sitter::Sitter;
use domain::Point;
use photo::Picture;

/// Jaw from ear to ear.
const JAW: [usize; 17] = [
    234, 93, 132, 58, 172, 136, 150, 149, 152, 378, 379, 365, 397, 288, 361, 323, 454,
];

/// A mask from the bridge of the nose to under the chin.
pub fn mask(s: &Sitter, rng: &mut Rng) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    let colour = any_colour(s, rng);
    let top = rng.pick(&[195, 197, 5, 4]);
    let mut outline = s.through(&JAW[1..16]);
    for (i, p) in outline.iter_mut().enumerate() {
        let (u, v) = s.uv(*p);
        let down = if (4..11).contains(&i) { 0.05 } else { 0.0 };
        *p = s.at(u * rng.between(0.94, 1.02), v + down);
    }
    outline.extend([s.at(0.34, 0.18), s.face.point(top), s.at(-0.34, 0.18)]);
    let (pleats, seed, shade) = (
        rng.between(0.0, 0.12),
        rng.between(0.0, 1e6) as u32,
        rng.between(0.1, 0.4),
    );
    canvas.fill(&outline, 2.0, |p, _| {
        let (u, v) = s.uv(p);
        let light = 1.0 - shade * u * u * 3.0 + pleats * (v * 40.0).sin() - 0.06 * noise(p.x / 2.0, p.y / 2.0, seed);
        (times(colour, light), 1.0)
    });
    let loops = times(colour, 0.9);
    canvas.stroke(&[s.at(-0.42, 0.22), s.face.point(234)], 0.015 * s.width(), loops, 1.0);
    canvas.stroke(&[s.at(0.42, 0.22), s.face.point(454)], 0.015 * s.width(), loops, 1.0);
    canvas.done()
}

/// A scarf wound over mouth and chin.
pub fn scarf(s: &Sitter, rng: &mut Rng) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    let colour = any_colour(s, rng);
    let (top, seed) = (rng.between(0.25, 0.36), rng.between(0.0, 1e6) as u32);
    let outline = s.shape(&[
        (-0.62, top - 0.03),
        (0.0, top + 0.04),
        (0.62, top - 0.03),
        (0.72, 1.25),
        (-0.72, 1.25),
    ]);
    canvas.fill(&outline, 3.0, |p, _| {
        let (u, v) = s.uv(p);
        let folds = 0.8 + 0.35 * noise(u * 2.0, v * 12.0 + u * 3.0, seed);
        (times(colour, folds * (0.97 + 0.06 * noise(p.x, p.y, seed))), 1.0)
    });
    canvas.done()
}

/// A card or phone held before the mouth.
pub fn card(s: &Sitter, rng: &mut Rng) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    let colour = any_colour(s, rng);
    let (u, v, lean) = (
        rng.between(-0.08, 0.08),
        rng.between(0.5, 0.58),
        rng.between(-0.25, 0.25),
    );
    let (a, b) = (rng.between(0.26, 0.42), rng.between(0.16, 0.24));
    let corner = |x: f32, y: f32| (u + x * a - y * b * lean, v + y * b + x * a * lean);
    let outline = s.shape(&[
        corner(-1.0, -1.0),
        corner(1.0, -1.0),
        corner(1.0, 1.0),
        corner(-1.0, 1.0),
    ]);
    canvas.fill(&outline, 1.5, |p, _| (times(colour, 1.0 - 0.1 * s.uv(p).0), 1.0));
    canvas.done()
}

/// A hand laid on the face: palm and four fingers in the sitter's own skin, a little lighter or darker.
pub fn hand(s: &Sitter, rng: &mut Rng) -> Picture {
    let tone = mix(
        s.skin(),
        rng.pick(&[[225.0, 180.0, 150.0], [150.0, 100.0, 75.0]]),
        rng.between(0.0, 0.4),
    );
    drawn_hand(s, rng, move |_, p, seed| {
        times(tone, 0.93 + 0.1 * noise(p.x / 3.0, p.y / 3.0, seed))
    })
}

/// The same, with the real pixels of a cheek for skin.
pub fn hand_of_skin(s: &Sitter, rng: &mut Rng) -> Picture {
    let (light, away) = (rng.between(0.8, 1.1), s.face.point(280));
    drawn_hand(s, rng, move |s, p, _| {
        let w = s.width() * 0.1;
        let fold = |v: f32| (v / w).rem_euclid(2.0) - 1.0;
        let at = Point::new(
            away.x + fold(p.x).abs() * w - w / 2.0,
            away.y + fold(p.y).abs() * w - w / 2.0,
        );
        times(s.picture.sample(at.x, at.y), light)
    })
}

fn drawn_hand(s: &Sitter, rng: &mut Rng, skin: impl Fn(&Sitter, Point, u32) -> Colour) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    let (w, seed) = (s.width(), rng.between(0.0, 1e6) as u32);
    let side = rng.sign();
    // On the cheek, before the mouth, under the chin onto the lips, on the brow.
    let (u, v, turn) = rng.pick(&[
        (0.34, 0.35, -0.3),
        (0.12, 0.55, -0.9),
        (0.2, 0.6, 0.1),
        (0.3, -0.15, -0.5),
    ]);
    let palm = s.at(side * (u + 0.12), v + 0.22);
    let scale = rng.between(0.85, 1.15) * w;
    let angle = side * (turn + rng.between(-0.2, 0.2));
    let shaded = |canvas: &mut Canvas, shape: &[Point], dim: f32| {
        canvas.fill(shape, 2.0, |p, _| (times(skin(s, p, seed), dim), 1.0));
    };
    shaded(&mut canvas, &ellipse(palm, 0.24 * scale, 0.27 * scale, angle), 0.95);
    for finger in 0..4 {
        let spread = (f32::from(finger as u8) - 1.5) * 0.12;
        let (sin, cos) = (angle + spread * 0.8).sin_cos();
        let (length, base) = (rng.between(0.26, 0.32) * scale, 0.24 * scale);
        let along = |d: f32| {
            Point::new(
                palm.x + sin * d + cos * spread * scale,
                palm.y - cos * d + sin * spread * scale,
            )
        };
        let middle = along(base + length / 2.0);
        let shape = ellipse(middle, 0.062 * scale, length * 0.62, angle + spread * 0.8);
        let edge: Vec<Point> = shape.iter().copied().chain([shape[0]]).collect();
        shaded(&mut canvas, &shape, 1.0);
        canvas.stroke(&edge, 0.014 * w, times(skin(s, middle, seed), 0.6), 0.55);
    }
    canvas.done()
}

/// White, black, surgical blue, the sitter's skin, or anything.
fn any_colour(s: &Sitter, rng: &mut Rng) -> Colour {
    match (rng.between(0.0, 5.0)) as u8 {
        0 => [235.0, 238.0, 240.0],
        1 => [28.0, 28.0, 32.0],
        2 => [150.0, 195.0, 220.0],
        3 => times(s.skin(), rng.between(0.75, 0.95)),
        _ => rng.colour((0.1, 0.8), (0.3, 0.9)),
    }
}
