//! What is wrong behind the person: colour, stripes, a gradient, a shadow, folds, clutter.
use super::canvas::{Colour, changed, mix, times};
use super::rng::{Rng, noise};
use super::sitter::Sitter;
use domain::Point;
use photo::Picture;

/// The blue of the graduates' standard.
pub const BLUE: Colour = [100.0, 197.0, 255.0];

/// Another backdrop behind the person.
pub fn behind(s: &Sitter, colour: impl Fn(Point, Colour) -> Colour) -> Picture {
    changed(&s.picture, |p, c| {
        // The mask is softer than the edge; a steeper one leaves less of the old backdrop in the hair.
        let person = ((s.person(p) - 0.3) * 2.5).clamp(0.0, 1.0);
        mix(colour(p, c), c, person)
    })
}

/// A colour no standard allows.
pub fn wrong(s: &Sitter, rng: &mut Rng) -> Picture {
    let colour = match rng.between(0.0, 3.0) as u8 {
        0 => rng.colour((0.0, 0.1), (0.1, 0.65)),
        1 => [200.0, 30.0, 40.0],
        _ => {
            let mut c = rng.colour((0.4, 0.9), (0.3, 0.9));
            // Not the allowed sky blue by chance.
            c[2] = c[2].min(c[0] + 60.0).min(c[1] + 40.0);
            c
        }
    };
    behind(s, |p, _| times(colour, 0.98 + 0.04 * noise(p.x / 60.0, p.y / 60.0, 3)))
}

/// Stripes or checks.
pub fn striped(s: &Sitter, rng: &mut Rng) -> Picture {
    let period = s.width() * rng.between(0.05, 0.16);
    let (sin, cos) = rng.between(0.0, std::f32::consts::PI).sin_cos();
    let (dark, check) = (rng.between(0.72, 0.86), rng.holds(0.4));
    behind(s, |p, _| {
        let on = |v: f32| (v / period).rem_euclid(2.0) < 1.0;
        let first = on(p.x * cos + p.y * sin);
        let on = if check {
            first != on(p.y * cos - p.x * sin)
        } else {
            first
        };
        if on { times(BLUE, dark) } else { BLUE }
    })
}

/// Brighter on one side than on the other.
pub fn graded(s: &Sitter, rng: &mut Rng) -> Picture {
    let size = s.crop;
    let (sin, cos) = rng.between(0.0, std::f32::consts::TAU).sin_cos();
    let end = rng.between(0.45, 0.65);
    let radial = rng.holds(0.3);
    behind(s, |p, _| {
        let (x, y) = (
            (p.x - size.x as f32) / size.width as f32 - 0.5,
            (p.y - size.y as f32) / size.height as f32 - 0.5,
        );
        let t = if radial {
            (x * x + y * y).sqrt() * 1.5
        } else {
            x * cos + y * sin + 0.5
        };
        times(BLUE, 1.0 - (1.0 - end) * t.clamp(0.0, 1.0))
    })
}

/// The person's shadow on the backdrop.
pub fn shadowed(s: &Sitter, rng: &mut Rng) -> Picture {
    let w = s.width();
    let (dx, dy) = (rng.between(0.15, 0.3) * rng.sign() * w, rng.between(0.0, 0.1) * w);
    let (dark, soft) = (rng.between(0.45, 0.68), rng.between(0.02, 0.07) * w);
    behind(s, |p, _| {
        let mut shade = 0.0;
        for i in 0..9u8 {
            let (ox, oy) = (f32::from(i % 3) - 1.0, f32::from(i / 3) - 1.0);
            shade += s.person(Point::new(p.x - dx + ox * soft, p.y - dy + oy * soft)) / 9.0;
        }
        times(BLUE, 1.0 - (1.0 - dark) * shade)
    })
}

/// The folds of a curtain.
pub fn folds(s: &Sitter, rng: &mut Rng) -> Picture {
    let (period, deep, seed) = (
        s.width() * rng.between(0.12, 0.3),
        rng.between(0.12, 0.25),
        rng.between(0.0, 1e6) as u32,
    );
    behind(s, |p, _| {
        let wave = ((p.x + 20.0 * noise(p.y / 90.0, 0.0, seed)) / period * std::f32::consts::TAU).sin();
        times(BLUE, 1.0 - deep * (0.5 + 0.5 * wave))
    })
}

/// Things on the wall.
pub fn clutter(s: &Sitter, rng: &mut Rng) -> Picture {
    let w = s.width();
    let things: Vec<(f32, f32, f32, f32, Colour)> = (0..14)
        .map(|_| {
            let (x, y) = (
                rng.between(0.0, s.picture.size().width as f32),
                rng.between(0.0, s.picture.size().height as f32),
            );
            (
                x,
                y,
                rng.between(0.1, 0.5) * w,
                rng.between(0.1, 0.5) * w,
                rng.colour((0.0, 0.9), (0.1, 1.0)),
            )
        })
        .collect();
    behind(s, |p, _| {
        let inside = |t: &&(f32, f32, f32, f32, Colour)| (p.x - t.0).abs() < t.2 && (p.y - t.1).abs() < t.3;
        things.iter().rev().find(inside).map_or([225.0, 222.0, 214.0], |t| t.4)
    })
}
