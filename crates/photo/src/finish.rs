//! How does a crop of the original become the delivered file?
//!
//! Crop (axis-aligned, nothing is turned or mirrored) → one Lanczos3 resample → JPEG whose quality is searched so that the
//! file fits the standard's window. The same original, rectangle and standard give the same bytes, so a finished picture can
//! be made again at any time from the untouched original.
use crate::encode::{Chroma, EncodeError, Encoding, Huffman, encode};
use crate::picture::{Picture, PictureError};
use domain::{PhotoSpec, RectPx, SizePx};
use std::ops::RangeInclusive;

/// What is to be made.
#[derive(Debug, Clone, Copy)]
pub struct Finish<'a> {
    /// The standard to meet.
    pub spec: &'a PhotoSpec,
    /// Pixels of the upright original.
    pub crop: RectPx,
}

/// A finished picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Finished {
    /// The file.
    pub jpeg: Vec<u8>,
    /// libjpeg quality it was written at, 1–100.
    pub quality: u8,
    /// Chroma sampling it was written at.
    pub chroma: Chroma,
    /// Width and height in pixels.
    pub size: SizePx,
}

impl std::fmt::Debug for Finished {
    // The bytes show a face, so only their number is printed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            jpeg,
            quality,
            chroma,
            size,
        } = self;
        write!(
            f,
            "Finished({}x{}, quality {quality}, {chroma:?}, {} bytes)",
            size.width,
            size.height,
            jpeg.len()
        )
    }
}

/// Why no finished picture could be made.
#[derive(Debug, thiserror::Error)]
pub enum FinishError {
    /// The rectangle is not inside the original.
    #[error("cutting the finished picture: {0}")]
    Crop(#[from] PictureError),
    /// The rectangle has another shape than the standard's picture, so the face would be stretched.
    #[error("cutting {crop:?} for a {}x{} picture would stretch it by {percent:.1} %", size.width, size.height)]
    Stretched {
        /// The rectangle.
        crop: RectPx,
        /// Size of the standard's picture.
        size: SizePx,
        /// By how much, in percent.
        percent: f32,
    },
    /// The encoder failed.
    #[error("encoding the finished picture: {0}")]
    Encode(#[from] EncodeError),
    /// No quality at or above the floor gives a size inside the window.
    #[error("fitting {}–{} bytes at quality ≥ {floor}: the closest is {closest:?}", window.start(), window.end())]
    WindowUnreachable {
        /// Accepted file size in bytes.
        window: RangeInclusive<usize>,
        /// Lowest quality allowed.
        floor: u8,
        /// The picture that comes closest, at or above the floor.
        closest: Box<Finished>,
    },
}

/// Largest stretch of a crop, in percent: rounding a rectangle to whole pixels costs up to 0.5 % on a small frame.
const MAX_STRETCH_PERCENT: f32 = 1.0;
/// With full chroma at this quality or more, colours at hair and collar stay sharper than half chroma can show; below it the
/// bytes are better spent on luma. Chosen by eye on the studio portraits.
const FULL_CHROMA_FROM: u8 = 85;
/// Highest quality that is tried: all quantisers are one.
const BEST: u8 = 100;

/// Makes the finished picture from the decoded full-size original.
///
/// # Errors
/// See [`FinishError`]; `WindowUnreachable` carries the closest picture so that the caller can warn and go on.
pub fn finish(original: &Picture, finish: &Finish) -> Result<Finished, FinishError> {
    let (spec, crop) = (finish.spec, finish.crop);
    let size = spec.size.value;
    let cut = original.crop(crop)?;
    let stretch = (crop.width as f32 * size.height as f32) / (crop.height as f32 * size.width as f32);
    let percent = (stretch.max(stretch.recip()) - 1.0) * 100.0;
    if percent.is_nan() || percent > MAX_STRETCH_PERCENT {
        return Err(FinishError::Stretched { crop, size, percent });
    }
    let search = Search {
        picture: cut.resize(size),
        floor: spec.quality_floor.value.clamp(1, BEST),
        dpi: spec.dpi.value,
    };
    let kb = spec.file_kb.value;
    let bytes = |kb: Option<f32>, unit: f32, open: usize| kb.map_or(open, |kb| (kb * unit) as usize);
    let least = bytes(kb.min, 1024.0, 0);
    let most = bytes(kb.max, 1024.0, usize::MAX);
    // Receivers disagree whether a KB is 1000 or 1024 bytes; a size that fits both readings is tried first.
    for end in [bytes(kb.max, 1000.0, usize::MAX), most] {
        if let Some(finished) = search.within(&(least..=end))? {
            return Ok(finished);
        }
    }
    let window = least..=most;
    let closest = Box::new(search.closest(&window)?);
    Err(FinishError::WindowUnreachable {
        window,
        floor: search.floor,
        closest,
    })
}

/// The scaled picture on its way to a quality.
struct Search {
    picture: Picture,
    floor: u8,
    dpi: u16,
}

impl Search {
    fn at(&self, quality: u8, chroma: Chroma) -> Result<Finished, EncodeError> {
        let jpeg = encode(
            &self.picture,
            Encoding {
                quality,
                chroma,
                huffman: Huffman::Optimised,
                dpi: self.dpi,
            },
        )?;
        Ok(Finished {
            jpeg,
            quality,
            chroma,
            size: self.picture.size(),
        })
    }

    /// The best picture inside the window: full chroma if its quality is high, else half chroma, else full chroma again.
    fn within(&self, window: &RangeInclusive<usize>) -> Result<Option<Finished>, EncodeError> {
        let fits = |f: &Finished| window.contains(&f.jpeg.len());
        let full = self.highest(Chroma::Full, *window.end())?.filter(fits);
        if full.as_ref().is_some_and(|f| f.quality >= FULL_CHROMA_FROM) {
            return Ok(full);
        }
        let half = self.highest(Chroma::HalfBoth, *window.end())?.filter(fits);
        Ok(half.or(full))
    }

    /// The highest quality of at most so many bytes, by bisection: seven encodes at most. Size grows with quality but for a
    /// few bytes here and there, and the picture that is returned has been measured, not predicted.
    fn highest(&self, chroma: Chroma, most: usize) -> Result<Option<Finished>, EncodeError> {
        let (mut low, mut high) = (self.floor, BEST);
        let mut best = None;
        while low <= high {
            let middle = low + (high - low) / 2;
            let tried = self.at(middle, chroma)?;
            if tried.jpeg.len() <= most {
                best = Some(tried);
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        Ok(best)
    }

    /// The picture nearest to a window that cannot be met: the smallest when all are too large, else the largest that is
    /// still too small.
    fn closest(&self, window: &RangeInclusive<usize>) -> Result<Finished, EncodeError> {
        for chroma in [Chroma::Full, Chroma::HalfBoth] {
            if let Some(below) = self.highest(chroma, *window.end())? {
                return Ok(below);
            }
        }
        self.at(self.floor, Chroma::HalfBoth)
    }
}
