//! Which marker segments does a JPEG consist of, from SOI to EOI?
use super::exif::Exif;
use super::scans::{MAX_COMPONENTS, Scans};
use super::tables::Tables;
use super::{Coding, Density, DensityUnit, FileKind, JpegHeader, MAX_ICC_BYTES, MAX_SEGMENTS, Sampling, Segment};
use crate::decode::DecodeError;
use domain::SizePx;

/// Reads all markers of a JPEG without decoding it. A file that ends early is described (`eoi` absent), not refused.
///
/// # Errors
/// `Empty`, `NotJpeg`, `Malformed` (also when the file ends before the frame header), `TooManySegments`, `NoPixels`.
pub fn inspect(bytes: &[u8]) -> Result<JpegHeader, DecodeError> {
    if bytes.is_empty() {
        return Err(DecodeError::Empty);
    }
    match FileKind::of(bytes) {
        FileKind::Jpeg => {}
        found => return Err(DecodeError::NotJpeg { found }),
    }
    let mut walk = Walk {
        bytes,
        at: 2,
        ..Walk::default()
    };
    walk.run()?;
    walk.finish()
}

/// The frame header.
#[derive(Debug, Clone)]
struct Frame {
    size: SizePx,
    bits: u8,
    coding: Coding,
    components: u8,
    sampling: Sampling,
    luma_table: usize,
    scans: Scans,
}

/// State of the walk; `at` is the next byte to read.
#[derive(Debug, Default)]
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    segments: Vec<Segment>,
    tables: Tables,
    frame: Option<Frame>,
    density: Option<Density>,
    exif: Option<Exif>,
    /// Chunks of the colour profile: number (from 1), count, bytes.
    icc: Vec<(u8, u8, &'a [u8])>,
    eoi: Option<usize>,
}

impl<'a> Walk<'a> {
    fn run(&mut self) -> Result<(), DecodeError> {
        // Each turn moves `at` forward, and MAX_SEGMENTS bounds the turns.
        while let Some(&first) = self.bytes.get(self.at) {
            let offset = self.at;
            if first != 0xFF {
                return Err(malformed(offset, "bytes between two segments"));
            }
            while self.bytes.get(self.at) == Some(&0xFF) {
                self.at += 1;
            }
            let Some(&marker) = self.bytes.get(self.at) else { break };
            self.at += 1;
            if self.segments.len() == MAX_SEGMENTS {
                return Err(DecodeError::TooManySegments { limit: MAX_SEGMENTS });
            }
            match marker {
                0xD9 => {
                    self.eoi = Some(self.at - 2);
                    self.segments.push(Segment {
                        marker,
                        offset,
                        length: 0,
                    });
                    return Ok(());
                }
                0x00 | 0x01 | 0xD0..=0xD8 => return Err(malformed(offset, "a marker that cannot stand here")),
                _ => {
                    let Some(payload) = self.payload(offset)? else { break };
                    self.segments.push(Segment {
                        marker,
                        offset,
                        length: payload.len(),
                    });
                    self.note(marker, offset, payload)?;
                }
            }
        }
        Ok(())
    }

    /// Takes a segment's length and payload; `None` when the file ends inside.
    fn payload(&mut self, offset: usize) -> Result<Option<&'a [u8]>, DecodeError> {
        let Some(&[high, low]) = self.bytes.get(self.at..self.at + 2) else {
            return Ok(None);
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if length < 2 {
            return Err(malformed(offset, "a segment shorter than its length field"));
        }
        let payload = self.bytes.get(self.at + 2..self.at + length);
        self.at += length;
        Ok(payload)
    }

    fn note(&mut self, marker: u8, offset: usize, payload: &'a [u8]) -> Result<(), DecodeError> {
        match marker {
            0xDB => self
                .tables
                .note(payload)
                .ok_or_else(|| malformed(offset, "a quantisation table cut short"))?,
            0xC0..=0xCF if ![0xC4, 0xC8, 0xCC].contains(&marker) => {
                if self.frame.is_some() {
                    return Err(malformed(offset, "a second frame header"));
                }
                self.frame = Some(frame(marker, offset, payload)?);
            }
            0xDA => {
                let frame = self
                    .frame
                    .as_mut()
                    .ok_or_else(|| malformed(offset, "a scan before the frame header"))?;
                frame
                    .scans
                    .note(payload)
                    .ok_or_else(|| malformed(offset, "a scan header that contradicts the frame"))?;
                self.skip_entropy_data();
            }
            0xE0 if self.density.is_none() => self.density = density(payload),
            0xE1 if self.exif.is_none() => self.exif = payload.strip_prefix(b"Exif\0\0").and_then(Exif::read),
            0xE2 => {
                if let Some([number, count, chunk @ ..]) = payload.strip_prefix(b"ICC_PROFILE\0") {
                    self.icc.push((*number, *count, chunk));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Moves to the marker that ends the scan; stuffed zeros and restart markers belong to the data.
    fn skip_entropy_data(&mut self) {
        while let Some(step) = self.bytes[self.at..].iter().position(|byte| *byte == 0xFF) {
            self.at += step;
            match self.bytes.get(self.at + 1) {
                Some(0x00 | 0xD0..=0xD7) => self.at += 2,
                Some(0xFF) => self.at += 1,
                _ => return,
            }
        }
        self.at = self.bytes.len();
    }

    fn finish(self) -> Result<JpegHeader, DecodeError> {
        let icc = self.profile();
        let frame = self.frame.ok_or(DecodeError::Truncated { at: self.bytes.len() })?;
        Ok(JpegHeader {
            size: frame.size,
            components: frame.components,
            bits: frame.bits,
            coding: frame.coding,
            sampling: frame.sampling,
            density: self.density,
            quality: self.tables.quality(frame.luma_table),
            orientation: self.exif.as_ref().and_then(|e| e.orientation).unwrap_or_default(),
            exif: self.exif,
            icc,
            segments: self.segments,
            eoi: self.eoi,
            scans_complete: frame.scans.complete(),
            length: self.bytes.len(),
        })
    }

    /// Puts the chunks of the colour profile together (ICC.1, annex B.4).
    fn profile(&self) -> Option<Vec<u8>> {
        let &(_, count, _) = self.icc.first()?;
        let mut profile = Vec::new();
        for wanted in 1..=count {
            let (_, _, chunk) = self.icc.iter().find(|(number, _, _)| *number == wanted)?;
            if profile.len() + chunk.len() > MAX_ICC_BYTES {
                return None;
            }
            profile.extend_from_slice(chunk);
        }
        (!profile.is_empty()).then_some(profile)
    }
}

fn malformed(at: usize, what: &'static str) -> DecodeError {
    DecodeError::Malformed { at, what }
}

/// Reads a SOF segment.
fn frame(marker: u8, offset: usize, payload: &[u8]) -> Result<Frame, DecodeError> {
    let short = || malformed(offset, "a frame header cut short");
    let (&[bits, h1, h0, w1, w0, components], rest) = payload.split_first_chunk::<6>().ok_or_else(short)?;
    let size = SizePx {
        width: u16::from_be_bytes([w1, w0]).into(),
        height: u16::from_be_bytes([h1, h0]).into(),
    };
    if size.width == 0 || size.height == 0 {
        return Err(DecodeError::NoPixels { size });
    }
    let count = usize::from(components);
    if count == 0 || count > MAX_COMPONENTS {
        return Err(malformed(offset, "a number of colour components other than 1 to 4"));
    }
    let table = rest.get(..count * 3).ok_or_else(short)?;
    let ids = table.chunks_exact(3).map(|c| c[0]).collect();
    let factors: Vec<u8> = table.chunks_exact(3).map(|c| c[1]).collect();
    Ok(Frame {
        size,
        bits,
        coding: match marker & 0x0F {
            0 | 1 => Coding::Sequential,
            2 => Coding::Progressive,
            other => Coding::Other(other),
        },
        components,
        sampling: match factors.as_slice() {
            [_] => Sampling::Grey,
            [y, cb, cr] if y == cb && y == cr => Sampling::S444,
            [0x21, 0x11, 0x11] => Sampling::S422,
            [0x22, 0x11, 0x11] => Sampling::S420,
            _ => Sampling::Other,
        },
        luma_table: usize::from(table[2]),
        scans: Scans::new(ids),
    })
}

/// Reads a JFIF segment.
fn density(payload: &[u8]) -> Option<Density> {
    let &[_, _, unit, x1, x0, y1, y0] = payload.strip_prefix(b"JFIF\0")?.first_chunk::<7>()?;
    let unit = match unit {
        0 => DensityUnit::AspectOnly,
        1 => DensityUnit::PerInch,
        2 => DensityUnit::PerCentimetre,
        _ => return None,
    };
    Some(Density {
        unit,
        x: u16::from_be_bytes([x1, x0]),
        y: u16::from_be_bytes([y1, y0]),
    })
}
