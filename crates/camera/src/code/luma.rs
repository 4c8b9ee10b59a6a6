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

    fn width(&self) -> usize {
        self.size.width as usize
    }

    fn height(&self) -> usize {
        self.size.height as usize
    }

    pub(super) fn at(&self, x: usize, y: usize) -> u8 {
        self.pixels[y * self.width() + x]
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

    /// Sums over rectangles: `integral[y][x]` is the sum of all pixels above and left of (x, y).
    fn integral(&self) -> Vec<u32> {
        let stride = self.width() + 1;
        let mut sums = vec![0_u32; stride * (self.height() + 1)];
        for y in 0..self.height() {
            let mut row = 0_u32;
            for x in 0..self.width() {
                row += u32::from(self.at(x, y));
                sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1].wrapping_add(row);
            }
        }
        sums
    }

    /// Calls back with each pixel and the mean of the window of `radius` around it, as far as it is inside.
    fn with_local_mean(&self, radius: usize, mut each: impl FnMut(u8, u32)) {
        let (width, height, stride) = (self.width(), self.height(), self.width() + 1);
        let sums = self.integral();
        for y in 0..height {
            let (top, bottom) = (y.saturating_sub(radius), (y + radius + 1).min(height));
            for x in 0..width {
                let (left, right) = (x.saturating_sub(radius), (x + radius + 1).min(width));
                // Wrapping: the sums of a large picture may pass 2³², their differences never do.
                let sum = sums[bottom * stride + right]
                    .wrapping_sub(sums[top * stride + right])
                    .wrapping_sub(sums[bottom * stride + left])
                    .wrapping_add(sums[top * stride + left]);
                each(self.at(x, y), sum / ((bottom - top) * (right - left)) as u32);
            }
        }
    }

    /// Which pixels are dark by Bradley's rule: 15 % below the mean of a window an eighth of the width wide.
    pub(super) fn dark_by_bradley(&self) -> Vec<bool> {
        let mut dark = Vec::with_capacity(self.pixels.len());
        self.with_local_mean((self.width() / 16).max(4), |value, mean| {
            dark.push(u32::from(value) * 100 < mean * 85)
        });
        dark
    }

    /// Doubles the difference to the mean of 5 × 5 pixels: undoes a soft focus.
    pub(super) fn sharpened(&self) -> Self {
        let mut pixels = Vec::with_capacity(self.pixels.len());
        self.with_local_mean(2, |value, mean| {
            let value = i32::from(value);
            pixels.push((value + 2 * (value - mean as i32)).clamp(0, 255) as u8);
        });
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
