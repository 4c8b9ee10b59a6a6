//! How do untrusted bytes become pixels without ever showing a damaged picture as a good one?
use crate::icc::{self, Conversion};
use crate::jpeg::{Coding, FileKind, JpegHeader, inspect};
use crate::orientation;
use crate::picture::{Picture, PictureError};
use domain::SizePx;
use turbojpeg::{Decompressor, Image, PixelFormat, ScalingFactor};

/// How large a picture may be before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of the file.
    pub max_bytes: u64,
    /// Most pixels of the picture.
    pub max_pixels: u64,
    /// Most scans of a progressive file (libjpeg writes 10; a hostile file may ask for thousands).
    pub max_scans: u32,
}

impl Default for Limits {
    /// 64 MiB and 60 megapixels: above every current full-frame camera, below what makes a station swap.
    fn default() -> Self {
        Self {
            max_bytes: 64 << 20,
            max_pixels: 60_000_000,
            max_scans: 64,
        }
    }
}

/// How many pixels are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// All of them.
    Full,
    /// The smallest of 1/1, 1/2, 1/4, 1/8 that is not smaller than this upright size on either side. The decoder skips the
    /// fine coefficients, which costs half the time of a full decode; the integrity checks are the same.
    AtLeast(SizePx),
}

/// Where the colours of a decoded picture come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColourSource {
    /// No profile: taken as sRGB.
    Assumed,
    /// An sRGB profile.
    Srgb,
    /// Converted to sRGB from another profile.
    Converted,
    /// A profile that could not be used; taken as sRGB.
    Unusable,
}

/// A decoded still.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// Upright sRGB pixels.
    pub picture: Picture,
    /// What the markers say.
    pub header: JpegHeader,
    /// Decoded pixels per original pixel, after orientation: 1, 1/2, 1/4 or 1/8.
    pub scale: f32,
    /// Upright size of the original.
    pub original: SizePx,
    /// Where the colours come from.
    pub colour: ColourSource,
}

/// Why bytes were not accepted as a picture.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum DecodeError {
    /// There are no bytes.
    #[error("reading a picture: the file is empty")]
    Empty,
    /// It is some other kind of file.
    #[error("reading a JPEG: the bytes are {found:?}")]
    NotJpeg {
        /// What the first bytes announce.
        found: FileKind,
    },
    /// The file is larger than allowed.
    #[error("reading a picture of {bytes} bytes: the limit is {limit}")]
    TooManyBytes {
        /// Bytes of the file.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The picture has more pixels than allowed.
    #[error("reading a picture of {}x{} pixels: the limit is {limit}", size.width, size.height)]
    TooManyPixels {
        /// Announced size.
        size: SizePx,
        /// The limit.
        limit: u64,
    },
    /// A side is zero.
    #[error("reading a picture of {}x{} pixels: there is nothing to see", size.width, size.height)]
    NoPixels {
        /// Announced size.
        size: SizePx,
    },
    /// The file has more segments than any camera writes.
    #[error("reading a JPEG: more than {limit} segments")]
    TooManySegments {
        /// The limit.
        limit: usize,
    },
    /// The file ends before the picture does.
    #[error("reading a JPEG: it ends after {at} bytes, before the end of the picture")]
    Truncated {
        /// Bytes there are.
        at: usize,
    },
    /// The markers contradict the format.
    #[error("reading a JPEG: {what} at byte {at}")]
    Malformed {
        /// Byte offset.
        at: usize,
        /// What is wrong there.
        what: &'static str,
    },
    /// A valid JPEG of a kind that cameras do not write.
    #[error("reading a JPEG: {what} is not supported")]
    Unsupported {
        /// The kind.
        what: &'static str,
    },
    /// The coded picture is damaged, torn or incomplete.
    #[error("decoding the picture data of a JPEG: {message}")]
    Damaged {
        /// The decoder's words.
        message: String,
    },
    /// A PNG or BMP could not be decoded.
    #[error("decoding a picture file of kind {kind:?}: {message}")]
    PictureFile {
        /// Kind of the file.
        kind: FileKind,
        /// The decoder's words.
        message: String,
    },
}

/// Decodes a JPEG strictly: what is torn, cut short or inconsistent is refused, not guessed.
///
/// Steps: limits → marker walk to EOI with all scans → entropy decode in which every warning of the decoder is an error →
/// colour profile to sRGB → upright by the EXIF orientation. Grey pictures come out as RGB. The bytes are not changed.
///
/// # Errors
/// Each way to be unreadable has its own variant of [`DecodeError`].
pub fn decode(bytes: &[u8], scale: Scale, limits: &Limits) -> Result<Decoded, DecodeError> {
    let header = checked(bytes, limits)?;
    let original = header.upright_size();
    let factor = match scale {
        Scale::Full => ScalingFactor::ONE,
        Scale::AtLeast(wanted) => smallest_factor(original, wanted),
    };
    let (stored, mut rgb) = pixels(bytes, &header, factor, limits)?;
    let colour = match &header.icc {
        None => ColourSource::Assumed,
        Some(profile) => match icc::to_srgb(&mut rgb, profile) {
            Conversion::AlreadySrgb => ColourSource::Srgb,
            Conversion::Converted => ColourSource::Converted,
            Conversion::Unusable => ColourSource::Unusable,
        },
    };
    let rgb = orientation::upright(rgb, stored, header.orientation);
    let picture = picture(header.orientation.upright_size(stored), rgb)?;
    let scale = factor.num() as f32 / factor.denom() as f32;
    Ok(Decoded {
        picture,
        header,
        scale,
        original,
        colour,
    })
}

/// What the markers of a JPEG say, once they hold what a decode needs.
pub(crate) fn checked(bytes: &[u8], limits: &Limits) -> Result<JpegHeader, DecodeError> {
    check_bytes(bytes, limits)?;
    let header = inspect(bytes)?;
    check_pixels(header.size, limits)?;
    if header.eoi.is_none() {
        return Err(DecodeError::Truncated { at: bytes.len() });
    }
    if matches!(header.coding, Coding::Other(_)) {
        return Err(DecodeError::Unsupported {
            what: "lossless, arithmetic or hierarchical coding",
        });
    }
    if header.bits != 8 {
        return Err(DecodeError::Unsupported {
            what: "a sample depth other than 8 bits",
        });
    }
    if header.components != 1 && header.components != 3 {
        return Err(DecodeError::Unsupported {
            what: "a colour space other than grey and RGB (CMYK, for print)",
        });
    }
    if !header.scans_complete {
        return Err(DecodeError::Damaged {
            message: "scans are missing".to_owned(),
        });
    }
    Ok(header)
}

/// Decodes a JPEG (as [`decode`] does), PNG or BMP at full size; transparent parts show white.
///
/// For picture files a person picks, such as a screenshot of a code. Stills go through [`decode`].
///
/// # Errors
/// As [`decode`]; `PictureFile` for a PNG or BMP that cannot be decoded.
pub fn decode_any(bytes: &[u8], limits: &Limits) -> Result<Picture, DecodeError> {
    if FileKind::of(bytes) == FileKind::Jpeg {
        return decode(bytes, Scale::Full, limits).map(|d| d.picture);
    }
    let decoded = picture_file(bytes, limits)?.into_rgba8();
    let size = SizePx {
        width: decoded.width(),
        height: decoded.height(),
    };
    let over_white =
        |c: u8, alpha: u8| (u32::from(c) * u32::from(alpha) + 255 * (255 - u32::from(alpha))).div_ceil(255);
    let rgb = decoded
        .pixels()
        .flat_map(|p| [0, 1, 2].map(|c| over_white(p.0[c], p.0[3]).min(255) as u8))
        .collect();
    picture(size, rgb)
}

/// A PNG or BMP.
pub(crate) fn picture_file(bytes: &[u8], limits: &Limits) -> Result<image::DynamicImage, DecodeError> {
    check_bytes(bytes, limits)?;
    let kind = FileKind::of(bytes);
    let format = match kind {
        FileKind::Png => image::ImageFormat::Png,
        FileKind::Bmp => image::ImageFormat::Bmp,
        _ if bytes.is_empty() => return Err(DecodeError::Empty),
        found => return Err(DecodeError::NotJpeg { found }),
    };
    let broken = |e: image::ImageError| DecodeError::PictureFile {
        kind,
        message: e.to_string(),
    };
    let reader = || image::ImageReader::with_format(std::io::Cursor::new(bytes), format);
    let (width, height) = reader().into_dimensions().map_err(broken)?;
    let size = SizePx { width, height };
    if width == 0 || height == 0 {
        return Err(DecodeError::NoPixels { size });
    }
    check_pixels(size, limits)?;
    reader().decode().map_err(broken)
}

fn check_bytes(bytes: &[u8], limits: &Limits) -> Result<(), DecodeError> {
    let count = bytes.len() as u64;
    if count > limits.max_bytes {
        return Err(DecodeError::TooManyBytes {
            bytes: count,
            limit: limits.max_bytes,
        });
    }
    Ok(())
}

fn check_pixels(size: SizePx, limits: &Limits) -> Result<(), DecodeError> {
    if u64::from(size.width) * u64::from(size.height) > limits.max_pixels {
        return Err(DecodeError::TooManyPixels {
            size,
            limit: limits.max_pixels,
        });
    }
    Ok(())
}

/// Only halvings: the decoder has vector code for those, the odd eighths are slower than a full decode.
fn smallest_factor(original: SizePx, wanted: SizePx) -> ScalingFactor {
    let halvings = [
        ScalingFactor::ONE_EIGHTH,
        ScalingFactor::ONE_QUARTER,
        ScalingFactor::ONE_HALF,
    ];
    let enough = |f: &ScalingFactor| {
        let scaled = |side: u32| f.scale(side as usize) as u64;
        scaled(original.width) >= u64::from(wanted.width) && scaled(original.height) >= u64::from(wanted.height)
    };
    halvings.into_iter().find(enough).unwrap_or(ScalingFactor::ONE)
}

/// Decodes the stored pixels; the size is that of the scaled picture before orientation.
fn pixels(
    bytes: &[u8],
    header: &JpegHeader,
    factor: ScalingFactor,
    limits: &Limits,
) -> Result<(SizePx, Vec<u8>), DecodeError> {
    let damaged = |e: turbojpeg::Error| DecodeError::Damaged { message: e.to_string() };
    let mut decoder = Decompressor::new().map_err(damaged)?;
    decoder.set_scan_limit(limits.max_scans).map_err(damaged)?;
    let read = decoder.read_header(bytes).map_err(damaged)?;
    if (read.width, read.height) != (header.size.width as usize, header.size.height as usize) {
        return Err(DecodeError::Malformed {
            at: 0,
            what: "two readings of the picture's size",
        });
    }
    decoder.set_scaling_factor(factor).map_err(damaged)?;
    let (width, height) = (factor.scale(read.width), factor.scale(read.height));
    let mut rgb = vec![0; width * height * 3];
    let image = Image {
        pixels: rgb.as_mut_slice(),
        width,
        pitch: width * 3,
        height,
        format: PixelFormat::RGB,
    };
    // TurboJPEG reports a warning (torn data, early marker, bytes left over) as an error; that is what is wanted here.
    decoder.decompress(bytes, image).map_err(damaged)?;
    Ok((
        SizePx {
            width: width as u32,
            height: height as u32,
        },
        rgb,
    ))
}

fn picture(size: SizePx, rgb: Vec<u8>) -> Result<Picture, DecodeError> {
    Picture::new(size, rgb).map_err(|e| match e {
        PictureError::Shape { size, .. } | PictureError::Outside { size, .. } => DecodeError::NoPixels { size },
    })
}
