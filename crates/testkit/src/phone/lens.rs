//! What do lens, sensor and light make of it? Blur, motion, glare, beat, gain and noise, and at last a picture.
use super::plane::Plane;
use super::{Chance, FRAME, Spoilt, Strength};
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
    /// Faults of a kind and strength. Blur and motion are drawn in modules: what matters is how much of a module they cover.
    pub(super) fn draw(
        chance: &mut Chance,
        spoilt: Spoilt,
        strength: Strength,
        module_px: f32,
        at: (f32, f32),
    ) -> Self {
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
            Spoilt::Blur => lens.defocus(chance, strength, module_px),
            Spoilt::Motion => lens.shake(chance, strength, module_px),
            Spoilt::Glare => lens.shine(chance, strength, at),
            Spoilt::Noise => lens.amplify(chance, strength),
            Spoilt::Dark => lens.dim(chance, strength),
            Spoilt::Moire => lens.beat(chance, strength),
            Spoilt::Glow => lens.glow(chance, strength),
            Spoilt::Mixed => lens.mix(chance, strength, module_px, at),
        }
        lens
    }

    /// Two or three faults at once, each one level milder, so that together they take about as much as one of this level.
    fn mix(&mut self, chance: &mut Chance, strength: Strength, module_px: f32, at: (f32, f32)) {
        let (count, each) = match strength {
            Strength::Mild => (2, Strength::Mild),
            Strength::Medium => (chance.below(2) + 2, Strength::Mild),
            Strength::Harsh => (chance.below(2) + 2, Strength::Medium),
        };
        for _ in 0..count {
            match chance.below(6) {
                0 => self.defocus(chance, each, module_px),
                1 => self.shake(chance, each, module_px),
                2 => self.shine(chance, each, at),
                3 => self.amplify(chance, each),
                4 => self.beat(chance, each),
                _ => self.gain = strength.between(chance, [(0.3, 0.6), (0.2, 0.5), (0.1, 0.4)]),
            }
        }
    }

    /// Deviation in modules. A Gaussian of 0.6 leaves a sixth of the contrast of alternating modules, some thirty steps of 255
    /// on paper white; one of 0.95 a hundredth, which noise and JPEG drown.
    fn defocus(&mut self, chance: &mut Chance, strength: Strength, module_px: f32) {
        let modules = strength.between(chance, [(0.15, 0.35), (0.35, 0.6), (0.6, 0.95)]);
        self.blur = (module_px * modules).max(0.8);
    }

    /// Length in modules. Modules smeared over two whole ones lose every other of them altogether: alternating modules along
    /// the way are grey.
    fn shake(&mut self, chance: &mut Chance, strength: Strength, module_px: f32) {
        let modules = strength.between(chance, [(0.4, 0.9), (0.9, 1.5), (1.5, 2.2)]);
        self.motion = (module_px * modules, chance.between(0.0, 180.0));
    }

    /// Reflections on and beside the code. Up to 0.8 of paper white, dark modules do not clip: all of the code is still there.
    fn shine(&mut self, chance: &mut Chance, strength: Strength, at: (f32, f32)) {
        for _ in 0..chance.below(3) + 1 {
            let (x, y) = (at.0 + chance.normal() * 160.0, at.1 + chance.normal() * 160.0);
            let light = strength.between(chance, [(0.15, 0.45), (0.3, 0.8), (0.5, 1.8)]);
            self.glare.push([x, y, chance.between(40.0, 420.0), light]);
        }
    }

    /// Deviation of the noise in steps of 255, of a contrast of some 180 steps.
    fn amplify(&mut self, chance: &mut Chance, strength: Strength) {
        self.noise = strength.between(chance, [(8.0, 20.0), (20.0, 40.0), (40.0, 75.0)]);
    }

    /// Exposure. At 0.1 paper is some thirty steps of 255 bright; at 0.02 less than the noise.
    fn dim(&mut self, chance: &mut Chance, strength: Strength) {
        self.screen_light = chance.between(0.4, 1.0);
        self.gain = strength.between(chance, [(0.2, 0.4), (0.1, 0.2), (0.02, 0.1)]);
        self.noise = chance.between(2.0, 5.0);
    }

    /// How much of the light the beat takes. Three quarters leave paper as dark as ink under the next wave.
    fn beat(&mut self, chance: &mut Chance, strength: Strength) {
        for _ in 0..chance.below(2) + 1 {
            let period = chance.between(2.6, 26.0);
            let takes = strength.between(chance, [(0.08, 0.25), (0.25, 0.5), (0.5, 0.75)]);
            let takes = takes / (1.0 + self.beats.len() as f32);
            self.beats.push([period, chance.between(0.0, 180.0), takes]);
        }
    }

    /// Light of the screen against white, with what the lens scatters of it. Paper clips from 1 on, and what the lens spreads of
    /// it eats into dark modules: up to 1.7 none is lost; up to 2.4 single ones of small codes are, for the check bytes to replace.
    fn glow(&mut self, chance: &mut Chance, strength: Strength) {
        self.screen_light = strength.between(chance, [(1.2, 1.7), (1.7, 2.4), (2.4, 3.4)]);
        self.blur = chance.between(0.8, 1.6);
        self.haze = strength.between(chance, [(0.03, 0.15), (0.1, 0.25), (0.2, 0.4)]);
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
        // Where reflections lie on one another the brightest counts: of lamps in a glass, most are one lamp seen twice.
        let shine = |[gx, gy, radius, strength]: &[f32; 4]| {
            let far = ((x - gx).powi(2) + (y - gy).powi(2)) / (radius * radius);
            strength * (-far).exp()
        };
        light += self.glare.iter().map(shine).fold(0.0, f32::max);
        light + self.haze
    }
}
