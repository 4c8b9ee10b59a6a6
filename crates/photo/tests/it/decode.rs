//! Do good bytes come out as the right pixels?
use crate::support::*;
use domain::Rgb;
use photo::{ColourSource, DecodeError, FileKind, Limits, Orientation, Picture, Scale, decode, decode_any};

#[test]
fn a_portrait_decodes_at_full_and_at_half_size() {
    let bytes = portrait();
    let full = read(&bytes);
    assert_eq!(
        (full.picture.size(), full.scale, full.original),
        (size(1920, 1080), 1.0, size(1920, 1080))
    );
    let half = decode(&bytes, Scale::AtLeast(size(480, 500)), &Limits::default()).unwrap();
    assert_eq!(
        (half.picture.size(), half.scale, half.original),
        (size(960, 540), 0.5, size(1920, 1080))
    );
    let eighth = decode(&bytes, Scale::AtLeast(size(1, 1)), &Limits::default()).unwrap();
    assert_eq!((eighth.picture.size(), eighth.scale), (size(240, 135), 0.125));
    let all = decode(&bytes, Scale::AtLeast(size(1921, 10)), &Limits::default()).unwrap();
    assert_eq!(all.scale, 1.0);
}

#[test]
fn all_eight_orientations_come_out_upright() {
    let upright = fields(64, 48);
    let corners = |p: &Picture| {
        let s = p.size();
        [(4, 4), (s.width - 5, 4), (4, s.height - 5), (s.width - 5, s.height - 5)].map(|(x, y)| p.pixel(x, y))
    };
    let near = |a: Rgb, b: Rgb| a.r.abs_diff(b.r).max(a.g.abs_diff(b.g)).max(a.b.abs_diff(b.b)) < 8;
    for (index, orientation) in Orientation::ALL.into_iter().enumerate() {
        let stored = stored_as(&upright, orientation);
        let bytes = with_segment(&jpeg(&stored, 95), 0xE1, &exif(index as u8 + 1));
        let decoded = read(&bytes);
        assert_eq!(decoded.header.orientation, orientation);
        assert_eq!(
            (decoded.picture.size(), decoded.original),
            (size(64, 48), size(64, 48)),
            "{orientation:?}"
        );
        let same = corners(&decoded.picture)
            .into_iter()
            .zip(corners(&upright))
            .all(|(a, b)| near(a, b));
        assert!(same, "{orientation:?}: {:?}", corners(&decoded.picture));
    }
}

/// The picture as a camera would store it for this orientation. EXIF 6 ("turn 90° clockwise to see it") stores the upright
/// picture turned anticlockwise, and so on.
fn stored_as(upright: &Picture, orientation: Orientation) -> Picture {
    let (w, h) = (upright.size().width, upright.size().height);
    let stored = orientation.upright_size(upright.size());
    Picture::from_fn(stored, |x, y| {
        let (ux, uy) = match orientation {
            Orientation::Upright => (x, y),
            Orientation::MirroredX => (w - 1 - x, y),
            Orientation::Turned180 => (w - 1 - x, h - 1 - y),
            Orientation::MirroredY => (x, h - 1 - y),
            Orientation::Transposed => (y, x),
            Orientation::Turn90 => (w - 1 - y, x),
            Orientation::Transversed => (w - 1 - y, h - 1 - x),
            Orientation::Turn270 => (y, h - 1 - x),
        };
        upright.pixel(ux, uy)
    })
    .unwrap()
}

#[test]
fn an_unknown_orientation_counts_as_upright() {
    let bytes = with_segment(&jpeg(&fields(32, 16), 90), 0xE1, &exif(9));
    assert_eq!(read(&bytes).picture.size(), size(32, 16));
}

#[test]
fn another_colour_space_becomes_srgb() {
    let picture = Picture::from_fn(size(32, 32), |_, _| Rgb { r: 200, g: 60, b: 40 }).unwrap();
    let plain = jpeg(&picture, 98);
    let with_profile = |profile: moxcms::ColorProfile| {
        let icc = profile.encode().unwrap();
        with_segment(&plain, 0xE2, &[b"ICC_PROFILE\0\x01\x01".as_slice(), &icc].concat())
    };
    let p3 = read(&with_profile(moxcms::ColorProfile::new_display_p3()));
    let srgb = read(&with_profile(moxcms::ColorProfile::new_srgb()));
    assert_eq!(read(&plain).colour, ColourSource::Assumed);
    assert_eq!((p3.colour, srgb.colour), (ColourSource::Converted, ColourSource::Srgb));
    // Display P3 (200, 60, 40) lies at about sRGB (216, 48, 30): more saturated than the same numbers in sRGB.
    let (converted, kept) = (p3.picture.pixel(16, 16), srgb.picture.pixel(16, 16));
    assert!(kept.r.abs_diff(200) < 4 && kept.g.abs_diff(60) < 4, "{kept:?}");
    assert!(converted.r > kept.r + 8 && converted.g < kept.g - 6, "{converted:?}");
}

#[test]
fn a_broken_profile_is_named_and_the_pixels_kept() {
    let picture = fields(32, 32);
    let bytes = with_segment(&jpeg(&picture, 95), 0xE2, b"ICC_PROFILE\0\x01\x01not a profile");
    let decoded = read(&bytes);
    assert_eq!(decoded.colour, ColourSource::Unusable);
    assert_eq!(decoded.picture, read(&jpeg(&picture, 95)).picture);
}

#[test]
fn a_grey_jpeg_becomes_rgb() {
    let grey = image::GrayImage::from_fn(40, 30, |x, _| image::Luma([(x * 6) as u8]));
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new(&mut bytes)
        .encode_image(&grey)
        .unwrap();
    let decoded = read(&bytes);
    assert_eq!((decoded.header.components, decoded.picture.size()), (1, size(40, 30)));
    let c = decoded.picture.pixel(20, 10);
    assert!(c.r == c.g && c.g == c.b);
}

#[test]
fn picture_files_of_other_kinds_are_for_decode_any_only() {
    let mut png = Vec::new();
    let half_clear = image::RgbaImage::from_fn(8, 8, |x, _| image::Rgba([0, 0, 0, if x < 4 { 0 } else { 255 }]));
    half_clear
        .write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
        .unwrap();
    let shown = decode_any(&png, &Limits::default()).unwrap();
    assert_eq!(
        shown.pixel(0, 0),
        Rgb { r: 255, g: 255, b: 255 },
        "what is transparent shows white"
    );
    assert_eq!(shown.pixel(7, 0), Rgb { r: 0, g: 0, b: 0 });
    let refused = decode(&png, Scale::Full, &Limits::default());
    assert_eq!(refused, Err(DecodeError::NotJpeg { found: FileKind::Png }));

    let mut bmp = Vec::new();
    half_clear
        .write_to(&mut std::io::Cursor::new(&mut bmp), image::ImageFormat::Bmp)
        .unwrap();
    assert_eq!(decode_any(&bmp, &Limits::default()).unwrap().size(), size(8, 8));
    assert!(decode_any(&jpeg(&fields(16, 16), 90), &Limits::default()).is_ok());
}
