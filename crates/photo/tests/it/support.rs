//! What do several tests need: a portrait, a painted picture, a JPEG with something put into it?
use domain::{Rgb, SizePx};
use photo::{Chroma, Encoding, Huffman, Limits, Picture, Scale, decode, encode};
use std::path::Path;

pub fn portrait() -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/portraits/studio");
    std::fs::read(root.join("rand-paul.jpg")).unwrap()
}

pub fn size(width: u32, height: u32) -> SizePx {
    SizePx { width, height }
}

pub fn read(bytes: &[u8]) -> photo::Decoded {
    decode(bytes, Scale::Full, &Limits::default()).unwrap()
}

/// Four fields of different colour, so that every turn and mirror image looks different.
pub fn fields(width: u32, height: u32) -> Picture {
    Picture::from_fn(size(width, height), |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb { r: 220, g: 30, b: 30 },
        (false, true) => Rgb { r: 30, g: 200, b: 30 },
        (true, false) => Rgb { r: 30, g: 30, b: 220 },
        (false, false) => Rgb { r: 230, g: 230, b: 230 },
    })
    .unwrap()
}

pub fn jpeg(picture: &Picture, quality: u8) -> Vec<u8> {
    let encoding = Encoding {
        quality,
        chroma: Chroma::Full,
        huffman: Huffman::Standard,
        dpi: 300,
    };
    encode(picture, encoding).unwrap()
}

/// Puts a marker segment right after SOI.
pub fn with_segment(jpeg: &[u8], marker: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, payload, &jpeg[2..]].concat()
}

/// An APP1 payload with this EXIF orientation.
pub fn exif(orientation: u8) -> Vec<u8> {
    let ifd = [1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];
    [b"Exif\0\0II*\0\x08\0\0\0".as_slice(), &ifd].concat()
}

/// An APP1 payload with the time a camera wrote, at most 19 characters, and its fraction, at most three.
pub fn exif_taken(taken: &str, fraction: &str) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: usize, value: [u8; 4]| {
        let head = [tag.to_be_bytes(), kind.to_be_bytes()].concat();
        [head, (count as u32).to_be_bytes().to_vec(), value.to_vec()].concat()
    };
    let mut inline = [0; 4];
    inline[..fraction.len()].copy_from_slice(fraction.as_bytes());
    [
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01".to_vec(),
        // The EXIF directory stands at 26, behind it at 56 the time.
        entry(0x8769, 4, 1, 26_u32.to_be_bytes()),
        vec![0, 0, 0, 0, 0, 2],
        entry(0x9003, 2, 20, 56_u32.to_be_bytes()),
        entry(0x9291, 2, fraction.len() + 1, inline),
        vec![0, 0, 0, 0],
        format!("{taken:\0<20}").into_bytes(),
    ]
    .concat()
}

/// Where the frame header's height and width stand.
pub fn sof_size_at(jpeg: &[u8]) -> usize {
    jpeg.windows(2).position(|w| matches!(w, [0xFF, 0xC0 | 0xC2])).unwrap() + 5
}

/// Writes another size into the frame header.
pub fn with_size(jpeg: &[u8], width: u16, height: u16) -> Vec<u8> {
    let mut changed = jpeg.to_vec();
    let at = sof_size_at(jpeg);
    changed[at..at + 2].copy_from_slice(&height.to_be_bytes());
    changed[at + 2..at + 4].copy_from_slice(&width.to_be_bytes());
    changed
}
