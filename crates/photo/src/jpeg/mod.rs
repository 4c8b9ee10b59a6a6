//! What does a JPEG say about itself before a pixel is decoded? Nothing here can panic, whatever the bytes are.
mod exif;
mod kind;
mod scans;
mod tables;
mod walk;

pub use exif::{Exif, Stamp};
pub use kind::FileKind;
pub use walk::inspect;

use crate::orientation::Orientation;
use domain::SizePx;

/// Most segments a file may have; cameras write under 100, and each costs us an entry.
pub const MAX_SEGMENTS: usize = 4096;
/// Largest colour profile that is put together, in bytes.
pub const MAX_ICC_BYTES: usize = 4 << 20;

/// How the picture is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// SOF0 or SOF1: one pass, Huffman.
    Sequential,
    /// SOF2: several passes, Huffman.
    Progressive,
    /// Lossless, arithmetic or hierarchical; the value is the low nibble of the SOF marker. Not decoded.
    Other(u8),
}

/// Chroma sampling of a three-component picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sampling {
    /// One component.
    Grey,
    /// 4:4:4, a chroma sample for each pixel.
    S444,
    /// 4:2:2, halved across.
    S422,
    /// 4:2:0, halved both ways.
    S420,
    /// Anything else.
    Other,
}

/// Unit of the JFIF density.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DensityUnit {
    /// Only the aspect ratio of a pixel is given.
    AspectOnly,
    /// Pixels per inch.
    PerInch,
    /// Pixels per centimetre.
    PerCentimetre,
}

/// Density as the JFIF segment gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Density {
    /// Unit.
    pub unit: DensityUnit,
    /// Across.
    pub x: u16,
    /// Down.
    pub y: u16,
}

/// One marker segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Second byte of the marker, for example 0xE1 for APP1.
    pub marker: u8,
    /// Where the marker's 0xFF stands, from the start of the file.
    pub offset: usize,
    /// Bytes of the segment after its length field; zero for markers without one.
    pub length: usize,
}

/// Everything read from the markers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JpegHeader {
    /// Size of the stored pixels, before EXIF orientation.
    pub size: SizePx,
    /// Number of colour components: 1 grey, 3 colour, 4 CMYK.
    pub components: u8,
    /// Bits a sample; only 8 is decoded.
    pub bits: u8,
    /// How the picture is coded.
    pub coding: Coding,
    /// Chroma sampling.
    pub sampling: Sampling,
    /// JFIF density; absent without a JFIF segment.
    pub density: Option<Density>,
    /// Quality 1–100 on libjpeg's scale, estimated from the luma quantisation table.
    pub quality: Option<u8>,
    /// EXIF orientation, upright when there is none.
    pub orientation: Orientation,
    /// What EXIF holds; absent without a readable EXIF segment.
    pub exif: Option<Exif>,
    /// Colour profile put together from its chunks; absent when there is none or chunks are missing.
    pub icc: Option<Vec<u8>>,
    /// Every segment in file order, entropy-coded data left out.
    pub segments: Vec<Segment>,
    /// Where the end-of-image marker stands; absent in a truncated file.
    pub eoi: Option<usize>,
    /// Whether every component has its scans, to the last bit plane of a progressive file.
    pub scans_complete: bool,
    /// Bytes of the file.
    pub length: usize,
}

impl JpegHeader {
    /// Pixels per inch (across, down) when the density has a unit.
    pub fn dpi(&self) -> Option<(f32, f32)> {
        let density = self.density?;
        let factor = match density.unit {
            DensityUnit::AspectOnly => return None,
            DensityUnit::PerInch => 1.0,
            DensityUnit::PerCentimetre => 2.54,
        };
        Some((f32::from(density.x) * factor, f32::from(density.y) * factor))
    }
    /// Whether the end-of-image marker is the last thing in the file.
    pub fn ends_with_eoi(&self) -> bool {
        self.trailing_bytes() == Some(0)
    }
    /// Bytes after the end-of-image marker; absent when there is no such marker.
    pub fn trailing_bytes(&self) -> Option<usize> {
        self.eoi.map(|at| self.length - at - 2)
    }
    /// Size after EXIF orientation.
    pub fn upright_size(&self) -> SizePx {
        self.orientation.upright_size(self.size)
    }
    /// Segments that carry something else than the picture: EXIF, XMP, IPTC, comments, maker data. JFIF (APP0), the colour
    /// profile (APP2) and the Adobe marker (APP14) are part of the picture.
    pub fn metadata(&self) -> impl Iterator<Item = &Segment> {
        self.segments.iter().filter(|s| {
            s.marker == 0xFE || ((0xE0..=0xEF).contains(&s.marker) && ![0xE0, 0xE2, 0xEE].contains(&s.marker))
        })
    }
}
