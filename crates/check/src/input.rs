//! What does a check look at?
use domain::{Faces, RectPx, SizePx};
use photo::{JpegHeader, Picture};

/// One picture to be judged, with what the face models found in it.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The upright frame.
    pub picture: &'a Picture,
    /// Pixels of this frame per pixel of the original: less than 1 when it was decoded smaller than it is.
    pub scale: f32,
    /// What was found, in pixels of this frame.
    pub faces: &'a Faces,
    /// The part that is delivered, in pixels of this frame; `None` when no crop was possible.
    pub crop: Option<RectPx>,
    /// JPEG quality 1–100 of the file the frame came from, where it came from one.
    pub source_quality: Option<u8>,
    /// The delivered file, where there is one. Its measures are left out otherwise.
    pub file: Option<&'a FileFacts>,
}

/// What is measured on the delivered file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FileFacts {
    /// Width and height after orientation.
    pub size: SizePx,
    /// Bytes of the file.
    pub bytes: u64,
    /// Pixels per inch across; `None` when the file does not say.
    pub dpi: Option<f32>,
    /// Bits a pixel.
    pub bits: u32,
    /// JPEG quality 1–100; `None` when it cannot be estimated.
    pub quality: Option<u8>,
}

impl From<&JpegHeader> for FileFacts {
    fn from(header: &JpegHeader) -> Self {
        Self {
            size: header.upright_size(),
            bytes: header.length as u64,
            dpi: header.dpi().map(|(across, _)| across),
            bits: u32::from(header.components) * u32::from(header.bits),
            quality: header.quality,
        }
    }
}
