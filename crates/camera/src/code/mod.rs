//! Which QR codes are in a picture?
//!
//! zxing-cpp looks at the picture in several treatments, the cheap ones first; rqrr, which shares no code with it, gives the last
//! opinion on picture files and on thorough looks. `cargo xtask bench codes` compares them. A payload is bytes, not text: a
//! campaign decides what it means, and a code of random bytes is a code too.
mod luma;
mod reader;
mod rescue;

pub use luma::Luma;
pub use reader::{CodeReader, Pace, Sighting};

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};
use zxingcpp::{BarcodeFormat, BarcodeReader, Binarizer, ImageFormat, ImageView};

/// Most codes taken from one picture.
pub const MAX_CODES: usize = 16;
/// Larger pictures are halved until they have no more pixels than this: a code that needs more is too small to be meant.
const MAX_PIXELS: usize = 12_000_000;
/// Halving a picture smaller than this may leave less than two pixels a module; it costs little at full size.
const MIN_HALVED: usize = 400_000;
/// After this long no further look at the same picture begins: the next frame comes, or a person is waiting.
const BUDGET: Duration = Duration::from_millis(40);

/// After this long the rescue takes up no further place.
const RESCUE: Duration = Duration::from_millis(30);

/// In which treatment a code was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Look {
    /// Half the size: noise and beats of the screen average out.
    Half,
    /// One threshold for the whole picture: screens that glow.
    Global,
    /// As it came.
    Full,
    /// Half the size, sharpened: soft focus, at little cost.
    HalfSharpened,
    /// Softened at full size: strong noise.
    Softened,
    /// Half the size, each place against its surroundings and then sharpened: glare and shade.
    Levelled,
    /// Sharpened at full size: soft focus and small codes.
    Sharpened,
    /// Half the size, by another decoder (rqrr).
    Other,
    /// Module by module, the mixing of neighbours undone: what the decoders do not read.
    Rescued,
}

impl Look {
    // The order is that of trials: what reads most for its time comes first.
    const QUICK: [Self; 4] = [Self::Half, Self::Global, Self::HalfSharpened, Self::Full];
    const THOROUGH: [Self; 9] = [
        Self::Half,
        Self::Global,
        Self::HalfSharpened,
        Self::Full,
        Self::Rescued,
        Self::Softened,
        Self::Levelled,
        Self::Sharpened,
        Self::Other,
    ];
}

/// One code.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    /// The bytes in it, whatever they are.
    pub payload: Vec<u8>,
    /// In which treatment it was read.
    pub look: Look,
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A payload may name a person.
        write!(f, "Code({} bytes, {:?})", self.payload.len(), self.look)
    }
}

/// How hard to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// The first four looks: for live frames, of which another comes soon.
    Quick,
    /// All of them, as far as the time allows: for picture files, and now and then for live frames.
    Thorough,
}

/// Reads the codes of a picture; empty when there is none. Different codes only, at most [`MAX_CODES`].
pub fn read(luma: &Luma, effort: Effort) -> Vec<Code> {
    let began = Instant::now();
    let mut shrunk;
    let mut full = luma;
    while full.pixels().len() > MAX_PIXELS
        && let Some(half) = full.half()
    {
        shrunk = half;
        full = &shrunk;
    }
    let half = full.half().filter(|_| full.pixels().len() >= MIN_HALVED);
    let looks: &[Look] = match effort {
        Effort::Quick => &Look::QUICK,
        Effort::Thorough => &Look::THOROUGH,
    };
    for look in looks {
        // The quick looks are always taken; the rest as long as there is time.
        if !Look::QUICK.contains(look) && began.elapsed() > BUDGET {
            break;
        }
        let codes = look_at(full, half.as_ref(), *look);
        if !codes.is_empty() {
            return codes;
        }
    }
    Vec::new()
}

fn look_at(full: &Luma, half: Option<&Luma>, look: Look) -> Vec<Code> {
    let small = half.unwrap_or(full);
    let payloads = match look {
        Look::Half => zxing(small, Binarizer::LocalAverage, Sizes::Falling),
        Look::Global => zxing(full, Binarizer::GlobalHistogram, Sizes::Falling),
        Look::Full => zxing(full, Binarizer::LocalAverage, Sizes::This),
        Look::HalfSharpened => zxing(&small.sharpened(), Binarizer::LocalAverage, Sizes::This),
        Look::Levelled => zxing(&small.levelled().sharpened(), Binarizer::LocalAverage, Sizes::This),
        Look::Sharpened => zxing(&full.sharpened(), Binarizer::LocalAverage, Sizes::This),
        Look::Softened => zxing(&full.softened(), Binarizer::LocalAverage, Sizes::This),
        Look::Other => rqrr_grey(small),
        Look::Rescued => rescued(full, half),
    };
    let mut codes: Vec<Code> = Vec::new();
    for payload in payloads {
        if codes.len() < MAX_CODES && !payload.is_empty() && codes.iter().all(|c| c.payload != payload) {
            codes.push(Code { payload, look });
        }
    }
    codes
}

/// Which sizes of the picture the decoder tries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sizes {
    /// The one it is given.
    This,
    /// Smaller ones too.
    Falling,
}

fn zxing(luma: &Luma, binarizer: Binarizer, sizes: Sizes) -> Vec<Vec<u8>> {
    let size = luma.size();
    // A decoder that panics over a picture has not read it.
    catch_unwind(AssertUnwindSafe(|| {
        let Ok(view) = ImageView::from_slice(luma.pixels(), size.width, size.height, ImageFormat::Lum) else {
            return Vec::new();
        };
        let reader = BarcodeReader::new()
            // Not its small kinds: with two check bytes they are found in the noise of a blurred code, and give a wrong text.
            .formats([BarcodeFormat::QRCodeModel2])
            .binarizer(binarizer)
            .try_harder(true)
            .try_rotate(true)
            .try_invert(true)
            .try_downscale(sizes == Sizes::Falling)
            .max_number_of_symbols(MAX_CODES as i32);
        let found = reader.from(&view).unwrap_or_default();
        let valid = found.iter().filter(|barcode| barcode.is_valid());
        valid.map(|barcode| barcode.bytes()).collect()
    }))
    .unwrap_or_default()
}

/// The decoder's own reading of the code that was found, drawn clean: the same bytes as from a good picture.
fn rescued(full: &Luma, half: Option<&Luma>) -> Vec<Vec<u8>> {
    let until = Instant::now() + RESCUE;
    let clean = catch_unwind(AssertUnwindSafe(|| rescue::rescue(full, half, until)));
    let clean = clean.unwrap_or_default();
    clean.map_or_else(Vec::new, |clean| zxing(&clean, Binarizer::GlobalHistogram, Sizes::This))
}

fn rqrr_grey(luma: &Luma) -> Vec<Vec<u8>> {
    let (width, height) = (luma.size().width as usize, luma.size().height as usize);
    catch_unwind(AssertUnwindSafe(|| {
        let mut picture =
            rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| luma.pixels()[y * width + x]);
        let decode = |grid: &rqrr::Grid<_>| {
            let mut payload = Vec::new();
            grid.decode_to(&mut payload).is_ok().then_some(payload)
        };
        picture.detect_grids().iter().filter_map(decode).collect()
    }))
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::SizePx;

    /// The last look is a decoder of its own: it reads a plain code without any of the looks before it.
    #[test]
    fn the_other_decoder_reads_too() {
        let code = fast_qr::QRBuilder::new("XY-1")
            .build()
            .unwrap_or_else(|e| unreachable!("{e}"));
        let (scale, quiet) = (16, 4);
        let side = (code.size + 2 * quiet) * scale;
        let dark = |at: usize| {
            let module = (at / scale).checked_sub(quiet).filter(|m| *m < code.size);
            move |other: usize| {
                let other = (other / scale).checked_sub(quiet).filter(|m| *m < code.size);
                module.zip(other)
            }
        };
        let pixels = (0..side * side)
            .map(|i| match dark(i / side)(i % side) {
                Some((y, x)) if code[y][x].value() => 0,
                _ => 255,
            })
            .collect();
        let side = side as u32;
        let luma = Luma::new(
            SizePx {
                width: side,
                height: side,
            },
            pixels,
        )
        .unwrap_or_else(|| unreachable!());
        let read: Vec<_> = look_at(&luma, luma.half().as_ref(), Look::Other)
            .into_iter()
            .map(|c| c.payload)
            .collect();
        assert_eq!(read, [b"XY-1".to_vec()]);
    }
}
