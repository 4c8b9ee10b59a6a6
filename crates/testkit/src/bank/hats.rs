//! What is worn on a head: caps, beanies, brims, scarves and hoods of any colour.
use super::canvas::{Canvas, Colour, mix, times};
use super::rng::{Rng, noise};
use super::sitter::Sitter;
use domain::Point;
use photo::Picture;

/// A cap with a visor.
pub fn cap(s: &Sitter, rng: &mut Rng) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    let cloth = Cloth::any(s, rng);
    let (rim, top) = (rng.between(-0.46, -0.34), rng.between(-1.2, -0.95));
    dome(&mut canvas, s, &cloth, rim, top, rng.between(0.56, 0.66));
    let drop = rng.between(0.08, 0.18);
    let visor: Vec<(f32, f32)> = (0..=16)
        .map(|i| f32::from(i as u8) / 16.0 * 2.0 - 1.0)
        .map(|t| (0.56 * t, rim + drop * (1.0 - t * t).sqrt()))
        .chain(
            (0..=16)
                .map(|i| 1.0 - f32::from(i as u8) / 8.0)
                .map(|t| (0.58 * t, rim - 0.10 * (1.0 - t * t).max(0.0))),
        )
        .collect();
    let dark = rng.between(0.6, 0.95);
    canvas.fill(&s.shape(&visor), 2.0, |p, _| (times(cloth.at(s, p), dark), 1.0));
    canvas.done()
}

/// A knitted cap with a folded band.
pub fn beanie(s: &Sitter, rng: &mut Rng) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    let cloth = Cloth {
        knit: rng.between(0.1, 0.3),
        ..Cloth::any(s, rng)
    };
    let (rim, top) = (rng.between(-0.44, -0.30), rng.between(-1.25, -0.97));
    dome(&mut canvas, s, &cloth, rim, top, rng.between(0.60, 0.70));
    if rng.holds(0.6) {
        let wide = rng.between(0.62, 0.70);
        let band = arc(rim, 0.05, wide)
            .into_iter()
            .chain(arc(rim - 0.22, 0.05, wide).into_iter().rev())
            .collect::<Vec<_>>();
        canvas.fill(&s.shape(&band), 2.0, |p, _| (times(cloth.at(s, p), 0.88), 1.0));
    }
    canvas.done()
}

/// A hat with a brim all around.
pub fn brim(s: &Sitter, rng: &mut Rng) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    let cloth = Cloth::any(s, rng);
    let rim = rng.between(-0.48, -0.36);
    dome(
        &mut canvas,
        s,
        &cloth,
        rim,
        rng.between(-1.25, -0.97),
        rng.between(0.54, 0.64),
    );
    let band = arc(rim - 0.03, 0.04, 0.62)
        .into_iter()
        .chain(arc(rim - 0.16, 0.04, 0.61).into_iter().rev())
        .collect::<Vec<_>>();
    canvas.fill(&s.shape(&band), 2.0, |p, _| (times(cloth.at(s, p), 0.6), 1.0));
    let (wide, high) = (rng.between(0.85, 1.15), rng.between(0.07, 0.14));
    let ring = super::canvas::ellipse(s.at(0.0, rim), wide * s.width(), high * s.width(), s.angle());
    canvas.fill(&ring, 2.0, |p, _| (times(cloth.at(s, p), 0.92), 1.0));
    canvas.done()
}

/// A scarf around head and neck that leaves the face free.
pub fn headscarf(s: &Sitter, rng: &mut Rng) -> Picture {
    ring(s, rng, (0.62, 0.74), 1.0)
}

/// A hood: wider, dark inside.
pub fn hood(s: &Sitter, rng: &mut Rng) -> Picture {
    ring(s, rng, (0.74, 0.9), rng.clone().between(0.3, 0.6))
}

fn ring(s: &Sitter, rng: &mut Rng, outer: (f32, f32), inside: f32) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    let cloth = Cloth::any(s, rng);
    let (out, forehead) = (rng.between(outer.0, outer.1), rng.between(0.46, 0.58));
    let rise = rng.between(0.3, 0.5);
    let (side, chin) = (rng.between(0.47, 0.54), rng.between(0.90, 1.0));
    canvas.everywhere(|p, _| {
        let (u, v) = s.uv(p);
        // The face is an egg: wider above, narrow at the chin.
        let hole = if v < 0.0 {
            (u / side).hypot(v / forehead)
        } else {
            (u / side).hypot(v / chin)
        };
        let head = if v < 0.0 {
            (u / out).hypot(v / (out + rise))
        } else {
            u.abs() / (out + 0.35 * v * v)
        };
        let cloth_share = ((hole - 1.0) * 30.0).clamp(0.0, 1.0) * ((1.0 - head) * 40.0).clamp(0.0, 1.0);
        let end = ((1.55 - v) * 20.0).clamp(0.0, 1.0);
        let depth = ((hole - 1.0) * 4.0).clamp(0.0, 1.0);
        (
            times(cloth.at(s, p), inside + (1.0 - inside) * depth),
            cloth_share * end.min(1.0),
        )
    });
    canvas.done()
}

/// The crown of a hat, from a rim over the brows to a top.
fn dome(canvas: &mut Canvas, s: &Sitter, cloth: &Cloth, rim: f32, top: f32, wide: f32) {
    let mut outline = arc(rim, 0.06, wide);
    outline.extend((0..=24).map(|i| {
        let t = 1.0 - f32::from(i as u8) / 12.0;
        (
            wide * t.signum() * t.abs().powf(0.8),
            rim + (top - rim) * (1.0 - t * t).sqrt(),
        )
    }));
    canvas.fill(&s.shape(&outline), 2.5, |p, _| (cloth.at(s, p), 1.0));
}

/// A rim seen from the front: lower in the middle when `sag` is positive.
fn arc(v: f32, sag: f32, wide: f32) -> Vec<(f32, f32)> {
    (0..=16)
        .map(|i| f32::from(i as u8) / 8.0 - 1.0)
        .map(|t| (wide * t, v + sag * (1.0 - t * t) - sag / 2.0))
        .collect()
}

/// What a hat is made of.
struct Cloth {
    colour: Colour,
    second: Colour,
    /// Stripes of the second colour across, in face widths; zero for none.
    stripes: f32,
    knit: f32,
    shade: f32,
    seed: u32,
}

impl Cloth {
    fn any(s: &Sitter, rng: &mut Rng) -> Self {
        let hair = times(s.hair(), rng.between(0.8, 1.2));
        let skin = times(s.skin(), rng.between(0.7, 1.0));
        let kind = rng.between(0.0, 1.0);
        let colour = if kind < 0.15 {
            hair
        } else if kind < 0.25 {
            skin
        } else if kind < 0.5 {
            rng.colour((0.0, 0.4), (0.05, 0.3))
        } else if kind < 0.65 {
            rng.colour((0.0, 0.1), (0.7, 0.95))
        } else {
            rng.colour((0.4, 0.95), (0.3, 0.9))
        };
        Self {
            colour,
            second: rng.colour((0.0, 0.8), (0.1, 0.95)),
            stripes: if rng.holds(0.15) { rng.between(0.06, 0.16) } else { 0.0 },
            knit: rng.between(0.0, 0.08),
            shade: rng.between(0.1, 0.5),
            seed: rng.between(0.0, 1e6) as u32,
        }
    }

    /// The cloth at a pixel: darker to the sides, folds, threads.
    fn at(&self, s: &Sitter, p: Point) -> Colour {
        let (u, v) = s.uv(p);
        let round = 1.0 - self.shade * (u * u * 1.6).min(1.0) - self.shade * 0.3 * (v + 0.8).abs();
        let threads = 1.0 + self.knit * ((u * 90.0).sin() * 0.6 + (v * 60.0).sin() * 0.4);
        let folds = 0.92 + 0.16 * noise(u * 5.0, v * 4.0, self.seed);
        let fine = 0.97 + 0.06 * noise(p.x / 1.7, p.y / 1.7, self.seed);
        let base = if self.stripes > 0.0 && ((v + u * 0.3) / self.stripes).rem_euclid(2.0) < 1.0 {
            self.second
        } else {
            self.colour
        };
        mix(base, times(base, round * threads * folds * fine), 1.0)
    }
}
