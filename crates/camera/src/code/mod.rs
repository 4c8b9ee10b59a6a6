//! Which QR codes are in a picture?
//!
//! Three steps, the cheap ones first: rqrr at half size, zxing-cpp at full size, then rqrr on treated pictures (Bradley's threshold, sharpened,
//! full size). Measured on 200 degraded frames (design "Cameras"): 60 %, 89 % and 90 % found. A payload is bytes, not text: a campaign decides what
//! it means, and a code of random bytes is a code too.
mod luma;
mod reader;

pub use luma::Luma;
pub use reader::{CodeReader, Pace, Sighting};

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use zxingcpp::{BarcodeFormat, BarcodeReader, ImageFormat, ImageView};

/// Most codes taken from one picture.
pub const MAX_CODES: usize = 16;
/// Larger pictures are halved until they have no more pixels than this: a code that needs more is too small to be meant.
const MAX_PIXELS: usize = 12_000_000;
/// The ladder's full-size rungs are left out above this; they would take seconds.
const MAX_LADDER_PIXELS: usize = 4_200_000;

/// Who read a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decoder {
    /// rqrr on the plain picture.
    Rqrr,
    /// zxing-cpp.
    Zxing,
    /// rqrr on a treated picture.
    Ladder,
}

/// One code.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    /// The bytes in it, whatever they are.
    pub payload: Vec<u8>,
    /// Who read it.
    pub decoder: Decoder,
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A payload may name a person.
        write!(f, "Code({} bytes, {:?})", self.payload.len(), self.decoder)
    }
}

/// How hard to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// rqrr and zxing-cpp: for live frames, of which another comes soon.
    Quick,
    /// The ladder too: for picture files, and now and then for live frames.
    Thorough,
}

/// Reads the codes of a picture; empty when there is none. Different codes only, at most [`MAX_CODES`].
pub fn read(luma: &Luma, effort: Effort) -> Vec<Code> {
    let mut full = luma.clone();
    while full.pixels().len() > MAX_PIXELS
        && let Some(half) = full.half()
    {
        full = half;
    }
    let half = full.half();
    // Halving a small picture may leave less than two pixels a module; it costs little at full size.
    let first = half
        .as_ref()
        .filter(|half| half.pixels().len() >= 100_000)
        .unwrap_or(&full);
    let steps: [&dyn Fn() -> Vec<Code>; 3] = [
        &|| rqrr_grey(first, Decoder::Rqrr),
        &|| zxing(&full),
        &|| match effort {
            Effort::Quick => Vec::new(),
            Effort::Thorough => ladder(&full, half.as_ref()),
        },
    ];
    steps
        .iter()
        .map(|step| distinct(step()))
        .find(|codes| !codes.is_empty())
        .unwrap_or_default()
}

fn distinct(codes: Vec<Code>) -> Vec<Code> {
    let mut out: Vec<Code> = Vec::new();
    for code in codes {
        if out.len() < MAX_CODES && !code.payload.is_empty() && out.iter().all(|o| o.payload != code.payload) {
            out.push(code);
        }
    }
    out
}

fn ladder(full: &Luma, half: Option<&Luma>) -> Vec<Code> {
    let rungs = |luma: &Luma| {
        let dark = rqrr_dark(luma);
        if dark.is_empty() {
            rqrr_grey(&luma.sharpened(), Decoder::Ladder)
        } else {
            dark
        }
    };
    let mut codes = half.map(rungs).unwrap_or_default();
    if codes.is_empty() && full.pixels().len() <= MAX_LADDER_PIXELS {
        codes = rqrr_grey(full, Decoder::Ladder);
        if codes.is_empty() {
            codes = rungs(full);
        }
    }
    codes
}

fn rqrr_grey(luma: &Luma, decoder: Decoder) -> Vec<Code> {
    let size = luma.size();
    guarded(|| {
        let (width, height) = (size.width as usize, size.height as usize);
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| luma.at(x, y));
        decoded(&prepared.detect_grids(), decoder)
    })
}

fn rqrr_dark(luma: &Luma) -> Vec<Code> {
    let (width, height) = (luma.size().width as usize, luma.size().height as usize);
    let dark = luma.dark_by_bradley();
    guarded(|| {
        let mut prepared = rqrr::PreparedImage::prepare_from_bitmap(width, height, |x, y| dark[y * width + x]);
        decoded(&prepared.detect_grids(), Decoder::Ladder)
    })
}

fn decoded<G: rqrr::BitGrid>(grids: &[rqrr::Grid<G>], decoder: Decoder) -> Vec<Code> {
    let mut codes = Vec::new();
    for grid in grids.iter().take(MAX_CODES) {
        let mut payload = Vec::new();
        // What is written before an error is half a payload and is dropped.
        if grid.decode_to(&mut payload).is_ok() {
            codes.push(Code { payload, decoder });
        }
    }
    codes
}

fn zxing(luma: &Luma) -> Vec<Code> {
    let size = luma.size();
    let found = guarded(|| {
        let Ok(view) = ImageView::from_slice(luma.pixels(), size.width, size.height, ImageFormat::Lum) else {
            return Vec::new();
        };
        let reader = BarcodeReader::new()
            .formats([BarcodeFormat::QRCode])
            .try_harder(true)
            .try_rotate(true)
            .try_invert(true)
            .max_number_of_symbols(MAX_CODES as i32);
        let found = reader.from(&view).unwrap_or_default();
        let valid = found.iter().filter(|barcode| barcode.is_valid());
        valid.map(|barcode| barcode.bytes()).collect()
    });
    let code = |payload| Code {
        payload,
        decoder: Decoder::Zxing,
    };
    found.into_iter().map(code).collect()
}

/// A decoder that panics over a picture has not read it.
fn guarded<T>(read: impl FnOnce() -> Vec<T>) -> Vec<T> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_default()
}
