//! How far apart are two colours to the eye, and how bright is one?
use domain::Rgb;
use std::sync::LazyLock;

/// CIELAB under D65 (2° observer, white point X 0.95047, Y 1, Z 1.08883 from IEC 61966-2-1).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Lab {
    /// Lightness 0–100.
    pub l: f32,
    /// Green (negative) to red.
    pub a: f32,
    /// Blue (negative) to yellow.
    pub b: f32,
}

/// sRGB decoding (IEC 61966-2-1) for each 8-bit value.
static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|i| {
        let c = i as f64 / 255.0;
        let linear = if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        };
        linear as f32
    })
});

/// Decodes an 8-bit sRGB value to linear light 0–1.
pub fn linear(value: u8) -> f32 {
    LINEAR[value as usize]
}

/// Encodes linear light 0–1 as an 8-bit sRGB value; values outside are clamped.
pub fn coded(linear: f32) -> u8 {
    let l = linear.clamp(0.0, 1.0);
    let c = if l <= 0.003_130_8 {
        l * 12.92
    } else {
        1.055 * l.powf(1.0 / 2.4) - 0.055
    };
    (c * 255.0).round() as u8
}

/// Relative luminance 0–1 of linear light (BT.709 weights).
pub fn luminance(c: Rgb) -> f32 {
    0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b)
}

/// Luma 0–255 of the coded values (BT.601 weights, what OpenCV calls grey).
pub fn luma(c: Rgb) -> f32 {
    0.299 * f32::from(c.r) + 0.587 * f32::from(c.g) + 0.114 * f32::from(c.b)
}

impl Lab {
    /// Converts from sRGB.
    pub fn from_srgb(c: Rgb) -> Self {
        Self::from_linear([linear(c.r), linear(c.g), linear(c.b)])
    }

    /// Converts from linear-light sRGB, each channel 0–1 (so that means can be taken in linear light).
    pub fn from_linear([r, g, b]: [f32; 3]) -> Self {
        let x = (0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b) / 0.950_47;
        let y = 0.212_672_9 * r + 0.715_152_2 * g + 0.072_175 * b;
        let z = (0.019_333_9 * r + 0.119_192 * g + 0.950_304_1 * b) / 1.088_83;
        let f = |t: f32| {
            if t > 216.0 / 24389.0 {
                t.cbrt()
            } else {
                (24389.0 / 27.0 * t + 16.0) / 116.0
            }
        };
        let (fx, fy, fz) = (f(x), f(y), f(z));
        Self {
            l: 116.0 * fy - 16.0,
            a: 500.0 * (fx - fy),
            b: 200.0 * (fy - fz),
        }
    }

    /// Distance from grey.
    pub fn chroma(self) -> f32 {
        self.a.hypot(self.b)
    }
}

/// CIEDE2000 colour difference (CIE 142-2001, kL = kC = kH = 1); 1 is about what an eye just sees.
///
/// Follows Sharma, Wu, Dalal: "The CIEDE2000 color-difference formula" (2005) and is tested against its published pairs.
pub fn delta_e_2000(one: Lab, two: Lab) -> f32 {
    let (l1, a1, b1) = (f64::from(one.l), f64::from(one.a), f64::from(one.b));
    let (l2, a2, b2) = (f64::from(two.l), f64::from(two.a), f64::from(two.b));
    let pow7 = |c: f64| c.powi(7);
    let mean_c = (a1.hypot(b1) + a2.hypot(b2)) / 2.0;
    let g = 0.5 * (1.0 - (pow7(mean_c) / (pow7(mean_c) + pow7(25.0))).sqrt());
    let (a1, a2) = (a1 * (1.0 + g), a2 * (1.0 + g));
    let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
    let (h1, h2) = (hue(a1, b1), hue(a2, b2));
    let grey = c1 * c2 == 0.0;

    let turn = match h2 - h1 {
        _ if grey => 0.0,
        d if d > 180.0 => d - 360.0,
        d if d < -180.0 => d + 360.0,
        d => d,
    };
    let (dl, dc) = (l2 - l1, c2 - c1);
    let dh = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin();

    let (ml, mc) = ((l1 + l2) / 2.0, (c1 + c2) / 2.0);
    let mh = match h1 + h2 {
        sum if grey => sum,
        sum if (h1 - h2).abs() <= 180.0 => sum / 2.0,
        sum if sum < 360.0 => (sum + 360.0) / 2.0,
        sum => (sum - 360.0) / 2.0,
    };
    let cos = |deg: f64| deg.to_radians().cos();
    let t =
        1.0 - 0.17 * cos(mh - 30.0) + 0.24 * cos(2.0 * mh) + 0.32 * cos(3.0 * mh + 6.0) - 0.20 * cos(4.0 * mh - 63.0);
    let twist = 30.0 * (-((mh - 275.0) / 25.0).powi(2)).exp();
    let rc = 2.0 * (pow7(mc) / (pow7(mc) + pow7(25.0))).sqrt();
    let sl = 1.0 + 0.015 * (ml - 50.0).powi(2) / (20.0 + (ml - 50.0).powi(2)).sqrt();
    let (sc, sh) = (1.0 + 0.045 * mc, 1.0 + 0.015 * mc * t);
    let rt = -(2.0 * twist).to_radians().sin() * rc;
    let (l, c, h) = (dl / sl, dc / sc, dh / sh);
    (l * l + c * c + h * h + rt * c * h).max(0.0).sqrt() as f32
}

/// Hue angle in degrees 0–360.
fn hue(a: f64, b: f64) -> f64 {
    if a == 0.0 && b == 0.0 {
        0.0
    } else {
        b.atan2(a).to_degrees().rem_euclid(360.0)
    }
}
