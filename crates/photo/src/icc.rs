//! How are the pixels of another colour space brought to sRGB?
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// What a colour profile did to the pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Conversion {
    /// The profile is sRGB within one step of 255; the pixels are as they were.
    AlreadySrgb,
    /// The pixels were converted.
    Converted,
    /// The profile cannot be read or is not for RGB; the pixels are as they were.
    Unusable,
}

/// Largest difference from sRGB, in steps of 255, that is left alone.
const SAME: u8 = 1;

/// Converts RGB pixels in place.
pub(crate) fn to_srgb(rgb: &mut [u8], profile: &[u8]) -> Conversion {
    let Ok(source) = ColorProfile::new_from_slice(profile) else {
        return Conversion::Unusable;
    };
    if source.color_space != DataColorSpace::Rgb {
        return Conversion::Unusable;
    }
    let target = ColorProfile::new_srgb();
    let Ok(transform) = source.create_transform_8bit(Layout::Rgb, &target, Layout::Rgb, TransformOptions::default())
    else {
        return Conversion::Unusable;
    };
    let probe = probe();
    let mut through = vec![0; probe.len()];
    if transform.transform(&probe, &mut through).is_err() {
        return Conversion::Unusable;
    }
    if probe.iter().zip(&through).all(|(a, b)| a.abs_diff(*b) <= SAME) {
        return Conversion::AlreadySrgb;
    }
    // In bands, so that the copy the transform needs stays small.
    const BAND: usize = 3 * 16 * 1024;
    let mut copy = vec![0; BAND.min(rgb.len())];
    for band in rgb.chunks_mut(BAND) {
        let source = &mut copy[..band.len()];
        source.copy_from_slice(band);
        if transform.transform(source, band).is_err() {
            return Conversion::Unusable;
        }
    }
    Conversion::Converted
}

/// A 6 × 6 × 6 grid over the colour cube.
fn probe() -> Vec<u8> {
    let steps = || (0..6_u8).map(|i| i * 51);
    steps()
        .flat_map(|r| steps().flat_map(move |g| steps().flat_map(move |b| [r, g, b])))
        .collect()
}
