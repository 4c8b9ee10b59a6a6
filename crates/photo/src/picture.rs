//! What is a decoded picture, and how is it cut, scaled and read between pixels?
use domain::{RectPx, Rgb, SizePx};
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

/// An 8-bit sRGB picture of at least one pixel.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    size: SizePx,
    rgb: Vec<u8>,
}

/// Why a picture could not be built or cut.
#[derive(Debug, thiserror::Error, Clone, Copy, PartialEq, Eq)]
pub enum PictureError {
    /// The bytes are not `width * height * 3`, or a side is zero.
    #[error("building a {}x{} picture from {bytes} bytes: the count does not fit or a side is zero", size.width, size.height)]
    Shape {
        /// The wanted size.
        size: SizePx,
        /// Bytes given.
        bytes: usize,
    },
    /// The rectangle is empty or reaches beyond the picture.
    #[error("cutting {rect:?} out of a {}x{} picture: empty or beyond the edge", size.width, size.height)]
    Outside {
        /// The wanted rectangle.
        rect: RectPx,
        /// The size of the picture.
        size: SizePx,
    },
}

impl Picture {
    /// Builds a picture from row-major RGB bytes.
    ///
    /// # Errors
    /// `Shape` when a side is zero or the byte count is not `width * height * 3`.
    pub fn new(size: SizePx, rgb: Vec<u8>) -> Result<Self, PictureError> {
        // Two 32-bit sides and the channels may need 66 bits.
        let wanted = u128::from(size.width) * u128::from(size.height) * 3;
        if wanted == 0 || wanted != rgb.len() as u128 {
            return Err(PictureError::Shape { size, bytes: rgb.len() });
        }
        Ok(Self { size, rgb })
    }

    /// Builds a picture by asking for the colour of each pixel.
    ///
    /// # Errors
    /// `Shape` when a side is zero.
    pub fn from_fn(size: SizePx, mut colour: impl FnMut(u32, u32) -> Rgb) -> Result<Self, PictureError> {
        let mut rgb = Vec::new();
        for y in 0..size.height {
            for x in 0..size.width {
                let c = colour(x, y);
                rgb.extend_from_slice(&[c.r, c.g, c.b]);
            }
        }
        Self::new(size, rgb)
    }

    /// Width and height in pixels.
    pub fn size(&self) -> SizePx {
        self.size
    }

    /// The pixels: row-major R, G, B.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// Gives the pixels away.
    pub fn into_rgb(self) -> Vec<u8> {
        self.rgb
    }

    /// The R, G, B bytes of one row; `y` is clamped to the picture.
    pub fn row(&self, y: u32) -> &[u8] {
        let stride = self.size.width as usize * 3;
        let start = y.min(self.size.height - 1) as usize * stride;
        &self.rgb[start..start + stride]
    }

    /// The colour of one pixel; coordinates are clamped to the picture.
    pub fn pixel(&self, x: u32, y: u32) -> Rgb {
        let at = x.min(self.size.width - 1) as usize * 3;
        let row = self.row(y);
        Rgb {
            r: row[at],
            g: row[at + 1],
            b: row[at + 2],
        }
    }

    /// Reads between pixels (bilinear, each channel 0–255); beyond the edge the nearest pixel is repeated.
    pub fn sample(&self, x: f32, y: f32) -> [f32; 3] {
        let (w, h) = (self.size.width as usize, self.size.height as usize);
        // Pixel centres lie at i + 0.5. A NaN coordinate ends up at zero through the saturating cast.
        let fx = (x - 0.5).clamp(0.0, (w - 1) as f32);
        let fy = (y - 0.5).clamp(0.0, (h - 1) as f32);
        let (x0, y0) = ((fx as usize).min(w - 1), (fy as usize).min(h - 1));
        let (x1, y1) = ((x0 + 1).min(w - 1), (y0 + 1).min(h - 1));
        let (ax, ay) = (fx - x0 as f32, fy - y0 as f32);
        let (top, bottom) = (y0 * w, y1 * w);
        let mut out = [0.0; 3];
        for (c, value) in out.iter_mut().enumerate() {
            let at = |base: usize, x: usize| f32::from(self.rgb[(base + x) * 3 + c]);
            let upper = at(top, x0) + (at(top, x1) - at(top, x0)) * ax;
            let lower = at(bottom, x0) + (at(bottom, x1) - at(bottom, x0)) * ax;
            *value = upper + (lower - upper) * ay;
        }
        out
    }

    /// Cuts a rectangle out.
    ///
    /// # Errors
    /// `Outside` when the rectangle is empty or reaches beyond the picture.
    pub fn crop(&self, rect: RectPx) -> Result<Self, PictureError> {
        let outside = PictureError::Outside { rect, size: self.size };
        let right = rect.x.checked_add(rect.width).ok_or(outside)?;
        let bottom = rect.y.checked_add(rect.height).ok_or(outside)?;
        if rect.width == 0 || rect.height == 0 || right > self.size.width || bottom > self.size.height {
            return Err(outside);
        }
        let (from, to) = (rect.x as usize * 3, right as usize * 3);
        let mut rgb = Vec::with_capacity(rect.width as usize * rect.height as usize * 3);
        for y in rect.y..bottom {
            rgb.extend_from_slice(&self.row(y)[from..to]);
        }
        Self::new(
            SizePx {
                width: rect.width,
                height: rect.height,
            },
            rgb,
        )
    }

    /// Scales with one Lanczos3 pass on the sRGB-coded values.
    ///
    /// Coded values, not linear light: that is what the picture editors of the receivers do, and Lanczos overshoot at a dark
    /// head before a bright backdrop stays smaller. Integer arithmetic, so every CPU gives the same bytes.
    /// A zero side of the target counts as one pixel.
    pub fn resize(&self, target: SizePx) -> Self {
        let target = SizePx {
            width: target.width.max(1),
            height: target.height.max(1),
        };
        if target == self.size {
            return self.clone();
        }
        let agrees = "a picture holds width * height * 3 bytes and both formats are U8x3";
        let source = ImageRef::new(self.size.width, self.size.height, &self.rgb, PixelType::U8x3).expect(agrees);
        let mut out = Image::new(target.width, target.height, PixelType::U8x3);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
        Resizer::new().resize(&source, &mut out, &options).expect(agrees);
        Self {
            size: target,
            rgb: out.into_vec(),
        }
    }

    /// The picture at half size (2 × 2 box mean); an odd last row or column is dropped, a side of one pixel stays.
    pub fn half(&self) -> Self {
        let (w, h) = (self.size.width as usize, self.size.height as usize);
        let (out_w, out_h) = ((w / 2).max(1), (h / 2).max(1));
        let mut rgb = vec![0; out_w * out_h * 3];
        let mut sums = vec![0_u16; w * 3];
        for (y, out) in rgb.chunks_exact_mut(out_w * 3).enumerate() {
            let upper = &self.rgb[y * 2 * w * 3..][..w * 3];
            let lower = &self.rgb[(y * 2 + 1).min(h - 1) * w * 3..][..w * 3];
            for ((sum, a), b) in sums.iter_mut().zip(upper).zip(lower) {
                *sum = u16::from(*a) + u16::from(*b);
            }
            if w == 1 {
                // A single column is its own neighbour.
                for (out, sum) in out.iter_mut().zip(&sums) {
                    *out = sum.div_ceil(2) as u8;
                }
                continue;
            }
            for (out, sum) in out.as_chunks_mut::<3>().0.iter_mut().zip(sums.as_chunks::<6>().0) {
                *out = std::array::from_fn(|c| ((sum[c] + sum[c + 3] + 2) / 4) as u8);
            }
        }
        let size = SizePx {
            width: out_w as u32,
            height: out_h as u32,
        };
        Self { size, rgb }
    }
}

impl std::fmt::Debug for Picture {
    // A face must not end up in a log, so the pixels are left out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}x{})", self.size.width, self.size.height)
    }
}
