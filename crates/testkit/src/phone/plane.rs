//! Light on the sensor before it is a picture: one number a pixel, 1 being white paper, more being brighter than that.
use super::{Chance, FRAME};

pub(super) struct Plane {
    light: Vec<f32>,
}

impl Plane {
    /// A room: a gradient, furniture, somebody.
    pub(super) fn room(chance: &mut Chance) -> Self {
        let (left, right) = (chance.between(0.1, 0.7), chance.between(0.1, 0.7));
        let mut plane = Self {
            light: (0..FRAME.0 * FRAME.1)
                .map(|i| left + (right - left) * (i % FRAME.0) as f32 / FRAME.0 as f32)
                .collect(),
        };
        for _ in 0..chance.below(14) + 4 {
            let (x, y) = (chance.below(FRAME.0), chance.below(FRAME.1));
            let (width, height) = (chance.below(500) + 8, chance.below(500) + 8);
            let value = chance.between(0.03, 0.9);
            let round = chance.percent(40.0);
            for row in y..(y + height).min(FRAME.1) {
                for column in x..(x + width).min(FRAME.0) {
                    let place = |v: usize, start: usize, size: usize| (v - start) as f32 / size as f32 * 2.0 - 1.0;
                    let (u, v) = (place(column, x, width), place(row, y, height));
                    if !round || u * u + v * v < 1.0 {
                        plane.put(column, row, value);
                    }
                }
            }
        }
        plane.blurred(3.0)
    }

    pub(super) fn at(&self, x: usize, y: usize) -> f32 {
        self.light[y * FRAME.0 + x]
    }

    pub(super) fn put(&mut self, x: usize, y: usize, value: f32) {
        self.light[y * FRAME.0 + x] = value;
    }

    pub(super) fn map(&self, each: impl Fn(usize, usize, f32) -> f32) -> Self {
        let light = self.light.iter().enumerate();
        Self {
            light: light.map(|(i, v)| each(i % FRAME.0, i / FRAME.0, *v)).collect(),
        }
    }

    /// Smeared over a line of so many pixels.
    pub(super) fn moved(&self, length: f32, degrees: f32) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let steps = (length.ceil() as i32).max(1);
        let offsets: Vec<(i32, i32)> = (0..=steps)
            .map(|n| {
                let along = (n as f32 / steps as f32 - 0.5) * length;
                ((along * cos).round() as i32, (along * sin).round() as i32)
            })
            .collect();
        self.map(|x, y, _| {
            let clamp = |v: usize, d: i32, most: usize| (v as i32 + d).clamp(0, most as i32 - 1) as usize;
            let sum: f32 = offsets
                .iter()
                .map(|(dx, dy)| self.at(clamp(x, *dx, FRAME.0), clamp(y, *dy, FRAME.1)))
                .sum();
            sum / offsets.len() as f32
        })
    }

    /// Out of focus by a Gaussian of this deviation in pixels.
    pub(super) fn blurred(&self, sigma: f32) -> Self {
        let reach = (sigma * 2.6).ceil() as i32;
        let raw: Vec<f32> = (-reach..=reach)
            .map(|d| (-(d * d) as f32 / (2.0 * sigma * sigma)).exp())
            .collect();
        let total: f32 = raw.iter().sum();
        let kernel: Vec<f32> = raw.iter().map(|k| k / total).collect();
        let along = |plane: &Self, dx: i32, dy: i32| {
            plane.map(|x, y, _| {
                let clamp = |v: usize, d: i32, most: usize| (v as i32 + d).clamp(0, most as i32 - 1) as usize;
                kernel
                    .iter()
                    .zip(-reach..=reach)
                    .map(|(k, d)| k * plane.at(clamp(x, d * dx, FRAME.0), clamp(y, d * dy, FRAME.1)))
                    .sum()
            })
        };
        along(&along(self, 1, 0), 0, 1)
    }
}
