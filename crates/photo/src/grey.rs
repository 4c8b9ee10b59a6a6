//! How do untrusted bytes become brightness alone? For code readers, which need no colour and no more time than that takes.
use crate::decode::{self, DecodeError, Limits};
use crate::jpeg::FileKind;
use domain::SizePx;
use turbojpeg::{Decompressor, Image, PixelFormat};

/// Brightness of each pixel, row by row from the top left as stored (a code reads the same whichever way up), with its size.
///
/// Takes JPEG, PNG and BMP and refuses what [`crate::decode`] and [`crate::decode_any`] refuse; transparent parts show white. A
/// JPEG's colours are not even decoded: half the time of a full decode.
///
/// # Errors
/// As [`crate::decode_any`].
pub fn decode_grey(bytes: &[u8], limits: &Limits) -> Result<(SizePx, Vec<u8>), DecodeError> {
    if FileKind::of(bytes) == FileKind::Jpeg {
        return jpeg(bytes, limits);
    }
    let decoded = decode::picture_file(bytes, limits)?;
    let size = SizePx {
        width: decoded.width(),
        height: decoded.height(),
    };
    let grey = if decoded.color().has_alpha() {
        let over_white = |p: &image::LumaA<u8>| {
            let alpha = u32::from(p.0[1]);
            ((u32::from(p.0[0]) * alpha + 255 * (255 - alpha)) / 255) as u8
        };
        decoded.into_luma_alpha8().pixels().map(over_white).collect()
    } else {
        decoded.into_luma8().into_raw()
    };
    Ok((size, grey))
}

fn jpeg(bytes: &[u8], limits: &Limits) -> Result<(SizePx, Vec<u8>), DecodeError> {
    let header = decode::checked(bytes, limits)?;
    let damaged = |e: turbojpeg::Error| DecodeError::Damaged { message: e.to_string() };
    let mut decoder = Decompressor::new().map_err(damaged)?;
    decoder.set_scan_limit(limits.max_scans).map_err(damaged)?;
    let read = decoder.read_header(bytes).map_err(damaged)?;
    let (width, height) = (header.size.width as usize, header.size.height as usize);
    if (read.width, read.height) != (width, height) {
        return Err(DecodeError::Malformed {
            at: 0,
            what: "two readings of the picture's size",
        });
    }
    let mut grey = vec![0; width * height];
    let image = Image {
        pixels: grey.as_mut_slice(),
        width,
        pitch: width,
        height,
        format: PixelFormat::GRAY,
    };
    decoder.decompress(bytes, image).map_err(damaged)?;
    Ok((header.size, grey))
}
