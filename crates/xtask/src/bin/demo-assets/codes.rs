//! How does a demo collection code become a picture?
use fast_qr::{ECL, QRBuilder};
use image::{GrayImage, ImageFormat, Luma};
use std::io::Cursor;

/// Side of a module in px: large enough for a scanner gun on a laptop screen.
const MODULE_PX: u32 = 10;
/// Blank modules around the code (ISO/IEC 18004 asks for 4).
const QUIET: u32 = 4;

/// A PNG of the QR code that holds `text`.
pub fn png(text: &str) -> Result<Vec<u8>, String> {
    let code = QRBuilder::new(text)
        .ecl(ECL::M)
        .build()
        .map_err(|e| format!("drawing a code: {e:?}"))?;
    let side = (code.size as u32 + 2 * QUIET) * MODULE_PX;
    let picture = GrayImage::from_fn(side, side, |x, y| {
        let module = |at: u32| {
            (at / MODULE_PX)
                .checked_sub(QUIET)
                .map(|m| m as usize)
                .filter(|m| *m < code.size)
        };
        let dark = match (module(x), module(y)) {
            (Some(column), Some(row)) => code[row][column].value(),
            _ => false,
        };
        Luma([if dark { 0 } else { 255 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, ImageFormat::Png)
        .map_err(|e| format!("writing a code: {e}"))?;
    Ok(bytes.into_inner())
}
