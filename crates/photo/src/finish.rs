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
/// Where the search with half chroma begins: the middle of what portraits need for 40 KB.
const HALF_CHROMA_FIRST: u8 = 84;
/// Tries whose quality is predicted from the size of the one before.
const PREDICTIONS: u32 = 5;
/// How the size of a portrait follows the scale of its quantisers: as this power of its inverse. Measured on the studio
/// portraits between qualities 60 and 95.
const SIZE_POWER: f32 = 0.62;

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
        let most = *window.end();
        // One look tells whether full chroma is worth a search.
        let first = self.at(FULL_CHROMA_FROM.max(self.floor), Chroma::Full)?;
        if first.jpeg.len() <= most {
            let full = self.highest(first, most)?.filter(fits);
            if full.is_some() {
                return Ok(full);
            }
            let half = self.at(FULL_CHROMA_FROM.max(self.floor), Chroma::HalfBoth)?;
            return Ok(self.highest(half, most)?.filter(fits));
        }
        let half = self.highest(self.at(HALF_CHROMA_FIRST.max(self.floor), Chroma::HalfBoth)?, most)?;
        match half.filter(fits) {
            Some(half) => Ok(Some(half)),
            None => Ok(self.highest(first, most)?.filter(fits)),
        }
    }

    /// The highest quality of at most so many bytes, from a first try on. Size grows with quality but for a few bytes here and
    /// there, and the picture that is returned has been measured, not predicted: it fits and the next quality does not.
    ///
    /// The next quality to try is read off the size of the last, three or four encodes in most cases; after
    /// [`PREDICTIONS`] the interval is halved, so it takes eleven at most.
    fn highest(&self, first: Finished, most: usize) -> Result<Option<Finished>, EncodeError> {
        let chroma = first.chroma;
        // Everything up to `low` fits, everything from `high` on does not.
        let (mut low, mut high) = (self.floor - 1, BEST + 1);
        let (mut best, mut tried, mut tries) = (None, first, 1);
        loop {
            let (quality, bytes) = (tried.quality, tried.jpeg.len());
            if bytes <= most {
                low = quality;
                best = Some(tried);
            } else {
                high = quality;
            }
            if high - low <= 1 {
                return Ok(best);
            }
            let next = if tries < PREDICTIONS {
                predicted(quality, bytes, most)
            } else {
                low + (high - low) / 2
            };
            tried = self.at(next.clamp(low + 1, high - 1), chroma)?;
            tries += 1;
        }
    }

    /// The picture nearest to a window that cannot be met: the smallest when all are too large, else the largest that is
    /// still too small.
    fn closest(&self, window: &RangeInclusive<usize>) -> Result<Finished, EncodeError> {
        for chroma in [Chroma::Full, Chroma::HalfBoth] {
            let first = self.at(self.floor, chroma)?;
            if let Some(below) = self.highest(first, *window.end())? {
                return Ok(below);
            }
        }
        self.at(self.floor, Chroma::HalfBoth)
    }
}

/// The quality at which so many bytes would be `wanted`, by libjpeg's scale of the quantisers.
fn predicted(quality: u8, bytes: usize, wanted: usize) -> u8 {
    let quality = f32::from(quality);
    let scale = if quality < 50.0 {
        5000.0 / quality
    } else {
        (200.0 - 2.0 * quality).max(1.0)
    };
    let target = scale * (bytes as f32 / wanted.max(1) as f32).powf(1.0 / SIZE_POWER);
    let quality = if target > 100.0 {
        5000.0 / target
    } else {
        (200.0 - target) / 2.0
    };
    quality.clamp(1.0, f32::from(BEST)) as u8
}
