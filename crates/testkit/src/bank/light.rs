//! What goes wrong with lamp, lens and sensor: exposure, light from a side, colour cast, blur, hard compression, a screen.
use super::canvas::{Colour, changed, mix, times};
use super::rng::Rng;
use super::sitter::Sitter;
use domain::SizePx;
use photo::Picture;

/// Too little light: stops off in linear light, approximated on coded values.
pub fn under(s: &Sitter, rng: &mut Rng) -> Picture {
    let (by, power) = (rng.between(0.16, 0.3), rng.between(1.0, 1.25));
    changed(&s.picture, |_, c| c.map(|v| 255.0 * (v / 255.0).powf(power) * by))
}

/// Too much light.
pub fn over(s: &Sitter, rng: &mut Rng) -> Picture {
    let by = rng.between(2.0, 3.0);
    changed(&s.picture, |_, c| times(c, by))
}

/// Light from one side only.
pub fn one_sided(s: &Sitter, rng: &mut Rng) -> Picture {
    let (side, darkest, soft) = (rng.sign(), rng.between(0.12, 0.3), rng.between(0.25, 0.6));
    changed(&s.picture, |p, c| {
        let (u, _) = s.uv(p);
        let shade = 1.0 / (1.0 + (-side * u / soft * 6.0).exp());
        let person = s.person(p);
        mix(c, times(c, 1.0 - (1.0 - darkest) * shade), person)
    })
}

/// A colour cast of the whole picture.
pub fn cast(s: &Sitter, rng: &mut Rng) -> Picture {
    let gain: Colour = rng.pick(&[
        [0.6, 0.85, 1.25],
        [0.7, 1.12, 0.8],
        [0.62, 1.0, 1.0],
        [1.05, 0.72, 1.25],
        [1.0, 1.0, 0.3],
    ]);
    changed(&s.picture, |_, c| std::array::from_fn(|i| c[i] * gain[i]))
}

/// Out of focus.
pub fn defocus(s: &Sitter, rng: &mut Rng) -> Picture {
    let px = (s.width() * rng.between(0.02, 0.035)).max(3.0);
    disc(&s.picture, px)
}

/// Moved while the shutter was open.
pub fn motion(s: &Sitter, rng: &mut Rng) -> Picture {
    let (length, angle) = (
        s.width() * rng.between(0.06, 0.11),
        rng.between(-0.5, 0.5) + if rng.holds(0.3) { 1.57 } else { 0.0 },
    );
    let (sin, cos) = angle.sin_cos();
    let steps = 15;
    changed(&s.picture, |p, _| {
        let mut sum = [0.0; 3];
        for i in 0..steps {
            let d = (i as f32 / (steps - 1) as f32 - 0.5) * length;
            let c = s.picture.sample(p.x + cos * d, p.y + sin * d);
            sum = std::array::from_fn(|k| sum[k] + c[k] / steps as f32);
        }
        sum
    })
}

fn disc(picture: &Picture, radius: f32) -> Picture {
    let ring: Vec<(f32, f32)> = (0..24)
        .map(|i| {
            let (sin, cos) = (i as f32 * 2.399_963).sin_cos();
            let r = radius * ((i as f32 + 0.5) / 24.0).sqrt();
            (cos * r, sin * r)
        })
        .collect();
    changed(picture, |p, _| {
        let mut sum = [0.0; 3];
        for (dx, dy) in &ring {
            let c = picture.sample(p.x + dx, p.y + dy);
            sum = std::array::from_fn(|k| sum[k] + c[k] / 24.0);
        }
        sum
    })
}

/// A picture of a screen: the grids of screen and sensor beat.
pub fn moire(s: &Sitter, rng: &mut Rng) -> Picture {
    let scale = s.crop.width as f32 / 480.0;
    let wave = |rng: &mut Rng| {
        let period = rng.between(3.5, 14.0) * scale;
        let (sin, cos) = rng.between(0.0, std::f32::consts::PI).sin_cos();
        (
            cos / period * std::f32::consts::TAU,
            sin / period * std::f32::consts::TAU,
        )
    };
    let (one, two) = (wave(rng), wave(rng));
    let (strength, bend) = (rng.between(0.06, 0.16), rng.between(0.0, 0.002) / scale);
    let kind = rng.pick(&[0, 1, 2]);
    let second = if rng.holds(0.5) { rng.between(0.3, 0.8) } else { 0.0 };
    changed(&s.picture, |p, c| {
        let phase = one.0 * p.x + one.1 * p.y + bend * (p.x - 300.0) * (p.y - 300.0);
        let other = second * (two.0 * p.x + two.1 * p.y).sin();
        std::array::from_fn(|i| {
            // Grey beats, beats of each colour of its own, or a grid that only darkens.
            let wave = match kind {
                0 => phase.sin(),
                1 => (phase + i as f32 * 2.1).sin(),
                _ => (phase.sin() * 2.0).clamp(-1.0, 1.0),
            };
            c[i] * (1.0 + strength * (wave + other)) + strength * 30.0 * (wave + other)
        })
    })
}

/// Saved small: the quality a picture is encoded at afterwards.
pub fn small_file(rng: &mut Rng) -> u8 {
    rng.between(4.0, 13.0) as u8
}

/// A person far away, or the same picture smaller: fewer pixels for the face.
pub fn shrunk(picture: &Picture, by: f32) -> Picture {
    let size = picture.size();
    let side = |px: u32| ((px as f32 * by) as u32).max(1);
    picture.resize(SizePx {
        width: side(size.width),
        height: side(size.height),
    })
}
