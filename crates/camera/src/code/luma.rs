//! What do code readers look at? Brightness alone, in the sizes and treatments they need.
use domain::SizePx;
use photo::Picture;

/// Brightness of each pixel, row by row from the top left, 0 black to 255 white.
#[derive(Clone, PartialEq, Eq)]
pub struct Luma {
    size: SizePx,
    pixels: Vec<u8>,
}

impl Luma {
    /// Builds it from row-major bytes; absent when a side is zero or the count does not fit.
    pub fn new(size: SizePx, pixels: Vec<u8>) -> Option<Self> {
        let count = u64::from(size.width) * u64::from(size.height);
        (count > 0 && count == pixels.len() as u64).then_some(Self { size, pixels })
    }

    /// The brightness of a picture by the weights of BT.601.
    pub fn of(picture: &Picture) -> Self {
        let weigh = |p: &[u8]| (77 * u32::from(p[0]) + 150 * u32::from(p[1]) + 29 * u32::from(p[2])) >> 8;
        let pixels = picture.rgb().chunks_exact(3).map(|p| weigh(p) as u8).collect();
        Self {
            size: picture.size(),
            pixels,
        }
    }

    /// Width and height in pixels.
    pub fn size(&self) -> SizePx {
        self.size
    }

    /// The brightness values.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Width in pixels.
    pub(super) fn width(&self) -> usize {
        self.size.width as usize
    }

    /// Height in pixels.
    pub(super) fn height(&self) -> usize {
        self.size.height as usize
    }

    /// Half the size by the mean of 2 × 2 pixels; absent when a side would vanish.
    pub(super) fn half(&self) -> Option<Self> {
        let (width, height) = (self.width() / 2, self.height() / 2);
        if width == 0 || height == 0 {
            return None;
        }
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            let upper = &self.pixels[2 * y * self.width()..][..2 * width];
            let lower = &self.pixels[(2 * y + 1) * self.width()..][..2 * width];
            pixels.extend(upper.chunks_exact(2).zip(lower.chunks_exact(2)).map(|(u, l)| {
                let sum = u16::from(u[0]) + u16::from(u[1]) + u16::from(l[0]) + u16::from(l[1]);
                ((sum + 2) / 4) as u8
            }));
        }
        let size = SizePx {
            width: width as u32,
            height: height as u32,
        };
        Some(Self { size, pixels })
    }

    /// The mean of the window of `radius` around each pixel; the picture goes on beyond its edges with its outermost pixels.
    fn local_mean(&self, radius: usize) -> Vec<u8> {
        let (width, height) = (self.width(), self.height());
        let row = |y: isize| {
            let y = y.clamp(0, height as isize - 1) as usize;
            &self.pixels[y * width..(y + 1) * width]
        };
        let reach = radius as isize;
        let mut columns = vec![0_u32; width];
        for y in -reach..=reach {
            columns
                .iter_mut()
                .zip(row(y))
                .for_each(|(sum, v)| *sum += u32::from(*v));
        }
        // Division by a constant, as a multiplication in units of 2⁻²⁴ (a window has at most 2¹⁴ pixels).
        let area = ((2 * radius + 1) * (2 * radius + 1)) as u64;
        let share = (1_u64 << 24) / area;
        let mut means = Vec::with_capacity(self.pixels.len());
        let span = 2 * radius + 1;
        let mut padded = vec![0_u32; width + 2 * radius];
        for y in 0..height as isize {
            padded[..radius].fill(columns[0]);
            padded[radius..radius + width].copy_from_slice(&columns);
            padded[radius + width..].fill(columns[width - 1]);
            let mut sum: u64 = padded[..span].iter().map(|v| u64::from(*v)).sum();
            means.push(((sum * share) >> 24).min(255) as u8);
            for (new, old) in padded[span..].iter().zip(&padded) {
                sum = sum + u64::from(*new) - u64::from(*old);
                means.push(((sum * share) >> 24).min(255) as u8);
            }
            let (enters, leaves) = (row(y + reach + 1), row(y - reach));
            for ((sum, new), old) in columns.iter_mut().zip(enters).zip(leaves) {
                *sum = *sum + u32::from(*new) - u32::from(*old);
            }
        }
        means
    }

    /// Doubles the difference to the mean of 5 × 5 pixels: undoes a soft focus.
    pub(super) fn sharpened(&self) -> Self {
        let means = self.local_mean(2);
        let sharpen = |(value, mean): (&u8, &u8)| {
            let (value, mean) = (i32::from(*value), i32::from(*mean));
            (value + 2 * (value - mean)).clamp(0, 255) as u8
        };
        self.with(self.pixels.iter().zip(&means).map(sharpen).collect())
    }

    /// The mean of 3 × 3 pixels.
    pub(super) fn softened(&self) -> Self {
        self.with(self.local_mean(1))
    }

    /// Each pixel's difference to its surroundings, in units of how much these vary: glare and shade go, the code stays.
    pub(super) fn levelled(&self) -> Self {
        let radius = (self.width() / 24).clamp(6, 60);
        let means = self.local_mean(radius);
        let away = |(value, mean): (&u8, &u8)| value.abs_diff(*mean);
        let spread = self
            .with(self.pixels.iter().zip(&means).map(away).collect())
            .local_mean(radius);
        let level = |((value, mean), spread): ((&u8, &u8), &u8)| {
            let away = i32::from(*value) - i32::from(*mean);
            (128 + away * 60 / i32::from(*spread).max(3)).clamp(0, 255) as u8
        };
        self.with(self.pixels.iter().zip(&means).zip(&spread).map(level).collect())
    }

    fn with(&self, pixels: Vec<u8>) -> Self {
        Self {
            size: self.size,
            pixels,
        }
    }
}

impl std::fmt::Debug for Luma {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Luma({}x{})", self.size.width, self.size.height)
    }
}
