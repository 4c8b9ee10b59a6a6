//! What must never matter: skin, hair, beard, plain glasses, allowed backdrops, a little more or less light, a little shift.
use super::canvas::{Canvas, changed, mix, times};
use super::rng::{Rng, noise};
use super::sitter::Sitter;
use domain::Point;
use photo::Picture;

/// A little brighter or darker, a little noise.
pub fn exposure(s: &Sitter, rng: &mut Rng) -> Picture {
    let (by, seed) = (rng.between(0.86, 1.12), rng.between(0.0, 1e6) as u32);
    changed(&s.picture, |p, c| {
        times(c, by).map(|v| v + 5.0 * (noise(p.x * 1.3, p.y * 1.3, seed) - 0.5))
    })
}

/// A few pixels to the side and a little smaller.
pub fn shifted(s: &Sitter, rng: &mut Rng) -> Picture {
    let (dx, dy, by) = (
        rng.between(-18.0, 18.0),
        rng.between(-12.0, 12.0),
        rng.between(0.94, 1.06),
    );
    let middle = s.at(0.0, 0.2);
    changed(&s.picture, |p, _| {
        s.picture.sample(
            middle.x + (p.x - middle.x) * by + dx,
            middle.y + (p.y - middle.y) * by + dy,
        )
    })
}

/// Darker or lighter skin.
pub fn skin(s: &Sitter, rng: &mut Rng) -> Picture {
    let own = s.skin();
    let target = rng.pick(&[
        [92.0, 60.0, 46.0],
        [128.0, 86.0, 66.0],
        [172.0, 124.0, 98.0],
        [214.0, 168.0, 142.0],
        [232.0, 196.0, 176.0],
    ]);
    let gain: [f32; 3] = std::array::from_fn(|c| (target[c] / own[c].max(1.0)).clamp(0.4, 1.6));
    changed(&s.picture, |p, c| {
        // Skin is what has the proportions of the sitter's own colours.
        let (r, o) = (c[0].max(1.0), own[0].max(1.0));
        let off = (c[1] / r - own[1] / o).abs() + (c[2] / r - own[2] / o).abs();
        let like = (1.6 - off * 5.0).clamp(0.0, 1.0) * s.person(p);
        let (u, v) = s.uv(p);
        let near = (1.6 - (u / 0.62).hypot((v - 0.15) / 0.95)).clamp(0.0, 0.4) / 0.4;
        mix(c, std::array::from_fn(|i| (c[i] * gain[i]).min(250.0)), like * near)
    })
}

/// Hair of another colour.
pub fn hair(s: &Sitter, rng: &mut Rng) -> Picture {
    let tint: [f32; 3] = rng.pick(&[
        [0.35, 0.32, 0.34],
        [0.6, 0.48, 0.4],
        [1.0, 0.82, 0.6],
        [0.95, 0.95, 1.0],
        [0.75, 0.45, 0.32],
    ]);
    let own = s.skin();
    changed(&s.picture, |p, c| {
        let (u, v) = s.uv(p);
        // Above the brows and beside the face, but not skin.
        let outside = ((u / 0.5).hypot((v - 0.1) / 0.72) - 0.9).clamp(0.0, 0.2) / 0.2;
        let head = f32::from(v < 0.35) * ((1.25 - (u / 0.75).hypot((v + 0.3) / 0.95)) * 6.0).clamp(0.0, 1.0);
        let off = (c[1] / c[0].max(1.0) - own[1] / own[0].max(1.0)).abs() + (c[0] - own[0]).abs() / 255.0;
        let not_skin = ((off - 0.08) * 8.0).clamp(0.0, 1.0);
        mix(
            c,
            std::array::from_fn(|i| c[i] * tint[i]),
            outside * head * not_skin * s.person(p),
        )
    })
}

/// Black hair combed down to above the brows, in strands.
pub fn fringe(s: &Sitter, rng: &mut Rng) -> Picture {
    let mut canvas = Canvas::new(&s.picture);
    let w = s.width();
    let colour = rng.pick(&[[24.0, 21.0, 22.0], [48.0, 36.0, 30.0], [84.0, 60.0, 42.0]]);
    for i in 0..420u16 {
        let t = f32::from(i) / 420.0 * 2.0 - 1.0;
        let u = 0.56 * t;
        let top = -0.72 - 0.13 * (1.0 - t * t) + rng.between(-0.02, 0.02);
        let end = -0.36 + 0.34 * t.abs().powi(3) + rng.between(-0.05, 0.03);
        let lean = rng.between(-0.05, 0.05);
        let light = rng.between(0.6, 1.5) * (0.85 + 0.4 * (-((u - 0.12) * 5.0).powi(2)).exp());
        let line = [
            s.at(u * 0.8 + lean, top),
            s.at(u * 1.02 + lean * 0.6, (top + end) / 2.0),
            s.at(u, end),
        ];
        canvas.stroke(&line, rng.between(0.006, 0.013) * w, times(colour, light), 0.92);
    }
    canvas.done()
}

/// A beard, full or stubble.
pub fn beard(s: &Sitter, rng: &mut Rng) -> Picture {
    let (colour, full) = (
        rng.pick(&[[30.0, 25.0, 23.0], [88.0, 62.0, 44.0], [150.0, 145.0, 140.0]]),
        rng.between(0.35, 0.85),
    );
    let (seed, lips) = (
        rng.between(0.0, 1e6) as u32,
        s.through(&[61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91]),
    );
    let middle = s.face.point(13).midpoint(s.face.point(14));
    let wide = lips[0].distance(lips[6]);
    changed(&s.picture, |p, c| {
        let (u, v) = s.uv(p);
        let jaw = ((v - 0.34 - 0.1 * (1.0 - (u / 0.45).powi(2)).max(0.0)) * 8.0).clamp(0.0, 1.0);
        let face = ((1.0 - (u / 0.5).hypot((v - 0.1) / 0.82)) * 8.0).clamp(0.0, 1.0);
        let mouth = (p.x - middle.x) / (0.55 * wide);
        let free = (mouth.hypot((p.y - middle.y) / (0.3 * wide)) - 1.0).clamp(0.0, 0.25) / 0.25;
        let hair = 0.55 + 0.9 * noise(p.x / 1.8, p.y / 3.2, seed);
        mix(
            c,
            times(colour, hair),
            jaw * face * free * full * (0.6 + 0.4 * noise(p.x / 1.5, p.y / 2.5, seed ^ 5)),
        )
    })
}

/// One of the other allowed backdrops.
pub fn backdrop(s: &Sitter, rng: &mut Rng) -> Picture {
    let colour = rng.pick(&[[250.0, 250.0, 250.0], [240.0, 240.0, 240.0], super::backdrop::BLUE]);
    super::backdrop::behind(s, |p: Point, _| {
        times(colour, 0.985 + 0.02 * noise(p.x / 80.0, p.y / 80.0, 3))
    })
}
