//! Where does the chance in the bank come from? A seed, so that the same bank is drawn each time.

/// SplitMix64: small, fast and good enough to vary drawings.
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// Starts from a seed and words that tell one drawing from another.
    pub fn new(seed: u64, words: &[&str]) -> Self {
        let mut state = seed ^ 0x9E37_79B9_7F4A_7C15;
        for byte in words.iter().flat_map(|w| w.bytes().chain([0xFF])) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
        let mut rng = Self(state);
        rng.next();
        rng
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Evenly between two ends.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        let unit = (self.next() >> 40) as f32 / (1u64 << 24) as f32;
        low + (high - low) * unit
    }

    /// One of some.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[(self.next() % of.len() as u64) as usize]
    }

    /// True with a probability.
    pub fn holds(&mut self, probability: f32) -> bool {
        self.between(0.0, 1.0) < probability
    }

    /// Minus one or plus one.
    pub fn sign(&mut self) -> f32 {
        if self.holds(0.5) { 1.0 } else { -1.0 }
    }

    /// A colour of any hue; `strong` is its saturation, `light` its value, both 0–1. Channels 0–255.
    pub fn colour(&mut self, strong: (f32, f32), light: (f32, f32)) -> [f32; 3] {
        let (hue, s, v) = (
            self.between(0.0, 6.0),
            self.between(strong.0, strong.1),
            self.between(light.0, light.1),
        );
        let channel = |n: f32| {
            let k = (n + hue) % 6.0;
            255.0 * (v - v * s * k.min(4.0 - k).clamp(0.0, 1.0))
        };
        [channel(5.0), channel(3.0), channel(1.0)]
    }
}

/// Smooth noise in 0–1 for textures: values on a lattice, interpolated.
pub fn noise(x: f32, y: f32, seed: u32) -> f32 {
    let lattice = |i: i32, j: i32| {
        let mut h = (i as u32).wrapping_mul(0x8DA6_B343)
            ^ (j as u32).wrapping_mul(0xD816_3841)
            ^ seed.wrapping_mul(0xCB1A_B31F);
        h = (h ^ (h >> 13)).wrapping_mul(0x5BD1_E995);
        ((h ^ (h >> 15)) & 0xFFFF) as f32 / 65535.0
    };
    let (i, j) = (x.floor(), y.floor());
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (a, b) = (ease(x - i), ease(y - j));
    let (i, j) = (i as i32, j as i32);
    let top = lattice(i, j) + (lattice(i + 1, j) - lattice(i, j)) * a;
    let bottom = lattice(i, j + 1) + (lattice(i + 1, j + 1) - lattice(i, j + 1)) * a;
    top + (bottom - top) * b
}
