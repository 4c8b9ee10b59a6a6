//! How do a camera's bare pixels become a JPEG, once?
use crate::mode::Coding;
use domain::SizePx;
use std::sync::Arc;
use yuv::{YuvBiPlanarImage, YuvConversionMode, YuvPackedImage, YuvRange, YuvStandardMatrix};

/// Quality of the encoded frame on libjpeg's scale: these bytes are the original of a shot.
const QUALITY: u8 = 95;
/// Pixels per inch written into the header; a camera has none.
const DPI: u16 = 72;

/// Whether luma spans 16–235 or 0–255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Range {
    /// 16–235: what V4L2, UVC and Media Foundation mean when nothing is said.
    Limited,
    /// 0–255.
    #[cfg_attr(not(target_os = "linux"), allow(dead_code))]
    Full,
}

/// How the pixels lie in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    /// How they are coded.
    pub(crate) coding: Coding,
    /// Picture size.
    pub(crate) size: SizePx,
    /// Bytes a row; 0 where the driver does not say and rows follow each other.
    pub(crate) stride: u32,
    /// Range of the values.
    pub(crate) range: Range,
}

/// The frame as a JPEG: as it came, or encoded from YUYV or NV12 (BT.601). Absent when the bytes are fewer than the size needs or the
/// encoder fails.
pub(crate) fn to_jpeg(sent: &[u8], layout: &Layout) -> Option<Arc<[u8]>> {
    if layout.coding == Coding::Mjpeg {
        return Some(Arc::from(sent));
    }
    let SizePx { width, height } = layout.size;
    let row = width.checked_mul(3)?;
    let mut rgb = vec![0; row as usize * height as usize];
    let matrix = YuvStandardMatrix::Bt601;
    let range = match layout.range {
        Range::Limited => YuvRange::Limited,
        Range::Full => YuvRange::Full,
    };
    let tight = if layout.coding == Coding::Yuyv {
        width.next_multiple_of(2) * 2
    } else {
        width
    };
    let stride = if layout.stride == 0 { tight } else { layout.stride };
    let plane = stride as usize * height as usize;
    if layout.coding == Coding::Yuyv {
        let packed = YuvPackedImage {
            yuy: sent.get(..plane)?,
            yuy_stride: stride,
            width,
            height,
        };
        yuv::yuyv422_to_rgb(&packed, &mut rgb, row, range, matrix).ok()?;
    } else {
        let planes = YuvBiPlanarImage {
            y_plane: sent.get(..plane)?,
            y_stride: stride,
            uv_plane: sent.get(plane..plane + stride as usize * height.div_ceil(2) as usize)?,
            uv_stride: stride,
            width,
            height,
        };
        yuv::yuv_nv12_to_rgb(&planes, &mut rgb, row, range, matrix, YuvConversionMode::Balanced).ok()?;
    }
    let picture = photo::Picture::new(layout.size, rgb).ok()?;
    photo::encode_jpeg(&picture, QUALITY, DPI).ok().map(Arc::from)
}
