//! Is every damaged, torn or hostile file refused with its own error, and does none make the decoder panic?
use crate::support::*;
use expect_test::{Expect, expect};
use photo::{DecodeError, Limits, Scale, decode, decode_any, inspect};

fn refused(bytes: &[u8], expected: Expect) {
    let error = decode(bytes, Scale::Full, &Limits::default()).expect_err("must be refused");
    expected.assert_eq(&error.to_string());
}

#[test]
fn what_is_no_jpeg_is_named() {
    refused(b"", expect!["reading a picture: the file is empty"]);
    refused(
        b"\x89PNG\r\n\x1a\n and more",
        expect!["reading a JPEG: the bytes are Png"],
    );
    refused(
        b"MZ\x90\0 a program renamed to photo.jpg",
        expect!["reading a JPEG: the bytes are Program"],
    );
    refused(b"PK\x03\x04", expect!["reading a JPEG: the bytes are Zip"]);
    refused(&[0; 4096], expect!["reading a JPEG: the bytes are Unknown"]);
    refused(
        &[0xFF, 0xD8, 0xFF],
        expect!["reading a JPEG: it ends after 3 bytes, before the end of the picture"],
    );
}

#[test]
fn a_picture_without_pixels_or_with_far_too_many_is_refused_before_decoding() {
    let small = jpeg(&fields(16, 16), 80);
    refused(
        &with_size(&small, 0, 16),
        expect!["reading a picture of 0x16 pixels: there is nothing to see"],
    );
    refused(
        &with_size(&small, 16, 0),
        expect!["reading a picture of 16x0 pixels: there is nothing to see"],
    );
    refused(
        &with_size(&small, 10_000, 10_000),
        expect!["reading a picture of 10000x10000 pixels: the limit is 60000000"],
    );
    let tight = Limits {
        max_bytes: 100,
        ..Limits::default()
    };
    let error = decode(&small, Scale::Full, &tight).unwrap_err();
    assert!(matches!(error, DecodeError::TooManyBytes { limit: 100, .. }));
    let bomb = format!("BM{}", "\0".repeat(52));
    assert!(decode_any(bomb.as_bytes(), &Limits::default()).is_err());
}

#[test]
fn a_file_cut_short_anywhere_is_refused() {
    let whole = portrait();
    for percent in [1, 5, 20, 50, 80, 99] {
        let cut = &whole[..whole.len() * percent / 100];
        let error = decode(cut, Scale::Full, &Limits::default()).unwrap_err();
        assert!(matches!(error, DecodeError::Truncated { .. }), "{percent} %: {error}");
    }
    for bytes_less in 1..=2 {
        let error = decode(&whole[..whole.len() - bytes_less], Scale::Full, &Limits::default()).unwrap_err();
        assert!(matches!(error, DecodeError::Truncated { .. }), "{error}");
    }
    // A writer that allocates the file first: the rest is zeros.
    let half = whole.len() / 2;
    let allocated = [&whole[..half], &vec![0; half]].concat();
    assert!(decode(&allocated, Scale::Full, &Limits::default()).is_err());
}

#[test]
fn a_torn_picture_is_refused_at_every_scale() {
    let whole = portrait();
    let cut = whole.len() / 2;
    // The end marker is there, half of the picture is not.
    let torn = [&whole[..cut], &[0xFF, 0xD9]].concat();
    // The rest of the buffer holds an older frame, as a camera driver leaves it.
    let other = jpeg(&fields(1920, 1080), 90);
    let chimera = [&whole[..cut], &other[other.len() / 2..]].concat();
    for scale in [Scale::Full, Scale::AtLeast(size(200, 100))] {
        for bytes in [&torn, &chimera] {
            let error = decode(bytes, scale, &Limits::default()).unwrap_err();
            assert!(matches!(error, DecodeError::Damaged { .. }), "{error}");
        }
    }
}

#[test]
fn a_progressive_picture_without_its_last_pass_is_refused() {
    let mut compressor = turbojpeg::Compressor::new().unwrap();
    compressor.set_progressive(true).unwrap();
    let picture = fields(64, 64);
    let image = turbojpeg::Image {
        pixels: picture.rgb(),
        width: 64,
        pitch: 64 * 3,
        height: 64,
        format: turbojpeg::PixelFormat::RGB,
    };
    let whole = compressor.compress_to_vec(image).unwrap();
    assert!(inspect(&whole).unwrap().scans_complete);
    assert_eq!(read(&whole).picture.size(), size(64, 64));
    let last_scan = inspect(&whole)
        .unwrap()
        .segments
        .iter()
        .rfind(|s| s.marker == 0xDA)
        .unwrap()
        .offset;
    let without = [&whole[..last_scan], &[0xFF, 0xD9]].concat();
    refused(
        &without,
        expect!["decoding the picture data of a JPEG: scans are missing"],
    );
}

#[test]
fn jpegs_of_other_trades_are_refused_by_kind() {
    let whole = jpeg(&fields(16, 16), 80);
    let sof = sof_size_at(&whole) - 5;
    let mut lossless = whole.clone();
    lossless[sof + 1] = 0xC3;
    refused(
        &lossless,
        expect!["reading a JPEG: lossless, arithmetic or hierarchical coding is not supported"],
    );
    let mut deep = whole.clone();
    deep[sof + 4] = 12;
    refused(
        &deep,
        expect!["reading a JPEG: a sample depth other than 8 bits is not supported"],
    );
    let cmyk = {
        let image = turbojpeg::Image {
            pixels: vec![100_u8; 16 * 16 * 4],
            width: 16,
            pitch: 64,
            height: 16,
            format: turbojpeg::PixelFormat::CMYK,
        };
        turbojpeg::compress(image.as_deref(), 80, turbojpeg::Subsamp::None)
            .unwrap()
            .to_vec()
    };
    refused(
        &cmyk,
        expect!["reading a JPEG: a colour space other than grey and RGB (CMYK, for print) is not supported"],
    );
}

#[test]
fn endless_segments_are_refused() {
    let whole = jpeg(&fields(16, 16), 80);
    let many = [&whole[..2], &[0xFF, 0xFE, 0, 2].repeat(5000), &whole[2..]].concat();
    refused(&many, expect!["reading a JPEG: more than 4096 segments"]);
}

#[test]
fn thousands_of_changed_bytes_never_panic() {
    let plain = with_segment(&jpeg(&fields(48, 40), 75), 0xE1, &exif(6));
    let icc = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let seeds = [
        plain.clone(),
        with_segment(&plain, 0xE2, &[b"ICC_PROFILE\0\x01\x01".as_slice(), &icc].concat()),
    ];
    let mut random = Lcg(20_170_099);
    let (mut accepted, mut rejected) = (0, 0);
    for round in 0..6000 {
        let mut bytes = seeds[round % seeds.len()].clone();
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => bytes[at] = random.below(256) as u8,
                1 => bytes[at] ^= 1 << random.below(8),
                2 => bytes.truncate(at.max(1)),
                _ => bytes.insert(at, random.below(256) as u8),
            }
        }
        let limits = Limits {
            max_pixels: 1_000_000,
            ..Limits::default()
        };
        match decode(&bytes, Scale::Full, &limits) {
            Ok(_) => accepted += 1,
            Err(_) => rejected += 1,
        }
        let _ = inspect(&bytes);
    }
    assert!(
        accepted > 100 && rejected > 1000,
        "the loop must reach both ways: {accepted} {rejected}"
    );
}

/// Knuth's MMIX generator: the same numbers in every run.
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}
