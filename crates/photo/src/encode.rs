//! How does a picture become JPEG bytes?
use crate::picture::Picture;
use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};

/// How finely the colour differences are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chroma {
    /// 4:4:4, for each pixel.
    Full,
    /// 4:2:2, halved across: what a YUYV camera delivers.
    HalfAcross,
    /// 4:2:0, halved both ways: a third fewer bytes, softer edges between colours.
    HalfBoth,
}

/// Which entropy tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Huffman {
    /// The standard's tables: fastest.
    Standard,
    /// Tables made for this picture: some 5 % smaller, twice the time.
    Optimised,
}

/// How a JPEG is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding {
    /// 1–100 on libjpeg's scale.
    pub quality: u8,
    /// Chroma sampling.
    pub chroma: Chroma,
    /// Entropy tables.
    pub huffman: Huffman,
    /// Pixels per inch for the JFIF header.
    pub dpi: u16,
}

/// Why a picture could not be encoded.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum EncodeError {
    /// The quality is not 1–100.
    #[error("encoding a JPEG at quality {quality}: 1 to 100 are possible")]
    Quality {
        /// The wanted quality.
        quality: u8,
    },
    /// The encoder failed.
    #[error("encoding a {width}x{height} JPEG: {message}")]
    Encoder {
        /// Width of the picture.
        width: u32,
        /// Height of the picture.
        height: u32,
        /// The encoder's words.
        message: String,
    },
}

/// Encodes a picture the quick way for camera stills: 4:2:2 and standard tables.
///
/// # Errors
/// See [`encode`].
pub fn encode_jpeg(picture: &Picture, quality: u8, dpi: u16) -> Result<Vec<u8>, EncodeError> {
    encode(
        picture,
        Encoding {
            quality,
            chroma: Chroma::HalfAcross,
            huffman: Huffman::Standard,
            dpi,
        },
    )
}

/// Encodes a picture as a baseline JFIF file with no other metadata. The same picture gives the same bytes.
///
/// # Errors
/// `Quality` outside 1–100; `Encoder` when the picture is larger than 65,500 pixels on a side or memory ran out.
pub fn encode(picture: &Picture, encoding: Encoding) -> Result<Vec<u8>, EncodeError> {
    if !(1..=100).contains(&encoding.quality) {
        return Err(EncodeError::Quality {
            quality: encoding.quality,
        });
    }
    let size = picture.size();
    let failed = |message: String| EncodeError::Encoder {
        width: size.width,
        height: size.height,
        message,
    };
    let failure = |e: turbojpeg::Error| failed(e.to_string());
    let mut compressor = Compressor::new().map_err(failure)?;
    compressor.set_quality(encoding.quality.into()).map_err(failure)?;
    compressor
        .set_optimize(encoding.huffman == Huffman::Optimised)
        .map_err(failure)?;
    let subsampling = match encoding.chroma {
        Chroma::Full => Subsamp::None,
        Chroma::HalfAcross => Subsamp::Sub2x1,
        Chroma::HalfBoth => Subsamp::Sub2x2,
    };
    compressor.set_subsamp(subsampling).map_err(failure)?;
    let width = size.width as usize;
    let image = Image {
        pixels: picture.rgb(),
        width,
        pitch: width * 3,
        height: size.height as usize,
        format: PixelFormat::RGB,
    };
    let mut bytes = compressor.compress_to_vec(image).map_err(failure)?;
    set_density(&mut bytes, encoding.dpi).ok_or_else(|| failed("no JFIF header was written".to_owned()))?;
    Ok(bytes)
}

/// Writes pixels per inch into the JFIF segment, which libjpeg always puts right after SOI.
fn set_density(bytes: &mut [u8], dpi: u16) -> Option<()> {
    const JFIF: &[u8] = b"\xFF\xD8\xFF\xE0\x00\x10JFIF\0";
    /// Unit, x and y density follow the two version bytes.
    const UNIT_AT: usize = JFIF.len() + 2;
    if !bytes.starts_with(JFIF) {
        return None;
    }
    let [high, low] = dpi.to_be_bytes();
    bytes
        .get_mut(UNIT_AT..UNIT_AT + 5)?
        .copy_from_slice(&[1, high, low, high, low]);
    Some(())
}
