//! What do lens, sensor and light make of it? Blur, motion, glare, beat, gain and noise, and at last a picture.
use super::plane::Plane;
use super::{Chance, FRAME, Spoilt};
use domain::{Rgb, SizePx};
use photo::Picture;

/// The faults of one frame. Zero or one means none.
pub(super) struct Lens {
    /// Brightness of the screen against the room's white.
    pub(super) screen_light: f32,
    /// Gaussian blur in pixels.
    blur: f32,
    /// Length of motion in pixels, and its direction.
    motion: (f32, f32),
    /// Reflections: place, radius in pixels, strength.
    glare: Vec<[f32; 4]>,
    /// Beats: period in pixels, direction, strength.
    beats: Vec<[f32; 3]>,
    /// Exposure.
    gain: f32,
    /// Deviation of the noise in steps of 255.
    noise: f32,
    /// Light scattered over everything.
    haze: f32,
}

impl Lens {
    /// Faults of a kind. Blur and motion are drawn in modules: what matters is how much of a module they cover.
    pub(super) fn draw(chance: &mut Chance, spoilt: Spoilt, module_px: f32, at: (f32, f32)) -> Self {
        let mut lens = Self {
            screen_light: chance.between(0.75, 1.15),
            blur: chance.between(0.5, 0.9),
            motion: (0.0, 0.0),
            glare: Vec::new(),
            beats: Vec::new(),
            gain: chance.between(0.8, 1.05),
            noise: chance.between(1.0, 4.0),
            haze: chance.between(0.0, 0.04),
        };
        match spoilt {
            Spoilt::Easy | Spoilt::Small | Spoilt::Perspective | Spoilt::Inverted => {}
            Spoilt::Blur => lens.blur = (module_px * chance.between(0.3, 0.95)).max(0.8),
            Spoilt::Motion => lens.motion = (module_px * chance.between(0.6, 2.2), chance.between(0.0, 180.0)),
            Spoilt::Glare => lens.shine(chance, at, 1.0),
            Spoilt::Noise => lens.noise = chance.between(20.0, 75.0),
            Spoilt::Dark => lens.dim(chance),
            Spoilt::Moire => lens.beat(chance, 0.75),
            Spoilt::Glow => {
                lens.screen_light = chance.between(1.3, 3.4);
                lens.blur = chance.between(0.8, 2.4);
                lens.haze = chance.between(0.03, 0.4);
            }
            Spoilt::Mixed => lens.mix(chance, module_px, at),
        }
        lens
    }

    fn mix(&mut self, chance: &mut Chance, module_px: f32, at: (f32, f32)) {
        for _ in 0..chance.below(2) + 2 {
            match chance.below(6) {
                0 => self.blur = (module_px * chance.between(0.25, 0.6)).max(0.8),
                1 => self.motion = (module_px * chance.between(0.3, 1.3), chance.between(0.0, 180.0)),
                2 => self.shine(chance, at, 0.7),
                3 => self.noise = chance.between(10.0, 40.0),
                4 => self.beat(chance, 0.45),
                _ => self.gain = chance.between(0.1, 0.5),
            }
        }
    }

    /// Reflections on and beside the code.
    fn shine(&mut self, chance: &mut Chance, at: (f32, f32), strength: f32) {
        for _ in 0..chance.below(3) + 1 {
            let (x, y) = (at.0 + chance.normal() * 160.0, at.1 + chance.normal() * 160.0);
            let strength = chance.between(0.4, 1.8) * strength;
            self.glare.push([x, y, chance.between(40.0, 420.0), strength]);
        }
    }

    fn dim(&mut self, chance: &mut Chance) {
        self.screen_light = chance.between(0.4, 1.0);
        self.gain = chance.between(0.02, 0.2);
        self.noise = chance.between(2.0, 5.0);
    }

    fn beat(&mut self, chance: &mut Chance, most: f32) {
        for _ in 0..chance.below(2) + 1 {
            let period = chance.between(2.6, 26.0);
            self.beats
                .push([period, chance.between(0.0, 180.0), chance.between(0.08, most)]);
        }
    }

    /// Makes the picture.
    pub(super) fn expose(&self, plane: &Plane, chance: &mut Chance) -> Picture {
        let mut plane = plane.blurred(self.blur);
        if self.motion.0 > 0.0 {
            plane = plane.moved(self.motion.0, self.motion.1);
        }
        let lit = plane.map(|x, y, light| self.lit(x as f32, y as f32, light));
        let (warm, cold) = (chance.between(0.9, 1.05), chance.between(0.9, 1.05));
        let (width, height) = (FRAME.0 as u32, FRAME.1 as u32);
        let drawn = Picture::from_fn(SizePx { width, height }, |x, y| {
            let light = lit.at(x as usize, y as usize) * self.gain;
            // More light, more shot noise; and a floor of read-out noise.
            let spread = self.noise * (0.6 + 0.4 * light.clamp(0.0, 1.0).sqrt());
            let mut value = |tint: f32| {
                let curve = light.max(0.0).powf(0.8) * tint * 255.0;
                (curve + chance.normal() * spread).clamp(0.0, 255.0) as u8
            };
            Rgb {
                r: value(warm),
                g: value(1.0),
                b: value(cold),
            }
        });
        // Of a fixed size above zero, so it is always there.
        drawn.unwrap_or_else(|_| unreachable!("a frame has pixels"))
    }

    fn lit(&self, x: f32, y: f32, light: f32) -> f32 {
        let mut light = light;
        for [period, degrees, strength] in &self.beats {
            let (sin, cos) = degrees.to_radians().sin_cos();
            // Bent a little, as the beat of a tilted screen is.
            let along = x * cos + y * sin + 12.0 * (y / 160.0).sin();
            light *= 1.0 - strength * (0.5 + 0.5 * (along * std::f32::consts::TAU / period).sin());
        }
        for [gx, gy, radius, strength] in &self.glare {
            let far = ((x - gx).powi(2) + (y - gy).powi(2)) / (radius * radius);
            light += strength * (-far).exp();
        }
        light + self.haze
    }
}
