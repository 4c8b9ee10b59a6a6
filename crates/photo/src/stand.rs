//! How is it written into a JPEG how the camera stood, without touching the picture? As cameras do: an EXIF orientation before all else.
use crate::orientation::Orientation;

/// Bytes the mark adds, right behind the two that begin a JPEG.
pub const MARK_BYTES: usize = 36;
/// Where the picture's own bytes go on.
const START: usize = 2;

/// The same JPEG with an EXIF segment that holds nothing but the orientation; every other byte is kept as it is. What came first
/// counts, so it stands above an orientation the file may have. Bytes that do not begin a JPEG are given back.
pub fn marked(jpeg: &[u8], orientation: Orientation) -> Vec<u8> {
    let Some((begin, rest)) = jpeg.split_at_checked(START).filter(|(begin, _)| *begin == [0xFF, 0xD8]) else {
        return jpeg.to_vec();
    };
    let mut out = Vec::with_capacity(jpeg.len() + MARK_BYTES);
    out.extend_from_slice(begin);
    // APP1, 34 bytes with this length; TIFF, little-endian; one directory of one entry: tag 0x0112, one SHORT; no further directory.
    out.extend_from_slice(&[0xFF, 0xE1, 0x00, 0x22]);
    out.extend_from_slice(b"Exif\0\0II\x2A\0\x08\0\0\0");
    out.extend_from_slice(&[1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation.exif(), 0, 0, 0]);
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(rest);
    out
}
