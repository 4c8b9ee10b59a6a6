//! Does the header walk tell what a file says about itself?
use crate::support::*;
use expect_test::expect;
use photo::jpeg::{Coding, Sampling};
use photo::{Chroma, Encoding, Huffman, encode, encode_jpeg, inspect};

#[test]
fn the_header_of_a_picture_we_wrote() {
    let picture = fields(64, 48);
    for quality in [1, 10, 40, 60, 75, 90, 100] {
        let bytes = encode_jpeg(&picture, quality, 300).unwrap();
        let header = inspect(&bytes).unwrap();
        assert_eq!(header.quality, Some(quality));
        assert_eq!(header.dpi(), Some((300.0, 300.0)));
        assert_eq!((header.size, header.components, header.bits), (size(64, 48), 3, 8));
        assert_eq!((header.coding, header.sampling), (Coding::Sequential, Sampling::S422));
        assert!(header.ends_with_eoi() && header.scans_complete && header.exif.is_none() && header.icc.is_none());
        assert_eq!(header.metadata().count(), 0);
    }
    for (chroma, sampling) in [(Chroma::Full, Sampling::S444), (Chroma::HalfBoth, Sampling::S420)] {
        let encoding = Encoding {
            quality: 80,
            chroma,
            huffman: Huffman::Optimised,
            dpi: 350,
        };
        let header = inspect(&encode(&picture, encoding).unwrap()).unwrap();
        assert_eq!((header.sampling, header.dpi()), (sampling, Some((350.0, 350.0))));
    }
    assert!(encode_jpeg(&picture, 0, 300).is_err() && encode_jpeg(&picture, 101, 300).is_err());
}

#[test]
fn metadata_and_trailing_bytes_are_seen() {
    let plain = jpeg(&fields(16, 16), 80);
    let tagged = with_segment(&with_segment(&plain, 0xFE, b"made by hand"), 0xE1, &exif(3));
    let padded = [tagged.as_slice(), &[0; 7]].concat();
    let header = inspect(&padded).unwrap();
    let markers: Vec<String> = header
        .metadata()
        .map(|s| format!("{:02X}:{}", s.marker, s.length))
        .collect();
    expect!["E1:32 FE:12"].assert_eq(&markers.join(" "));
    assert_eq!((header.trailing_bytes(), header.ends_with_eoi()), (Some(7), false));
    assert!(header.exif.is_some_and(|e| !e.has_position && e.taken.is_none()));
}

#[test]
fn a_cut_file_is_described_as_far_as_it_goes() {
    let whole = portrait();
    let header = inspect(&whole[..whole.len() / 2]).unwrap();
    assert_eq!(
        (header.size, header.eoi, header.trailing_bytes()),
        (size(1920, 1080), None, None)
    );
    assert!(!header.ends_with_eoi());
}

#[test]
fn a_profile_in_chunks_is_put_together() {
    let plain = jpeg(&fields(16, 16), 80);
    let second = with_segment(&plain, 0xE2, b"ICC_PROFILE\0\x02\x02second");
    let both = with_segment(&second, 0xE2, b"ICC_PROFILE\0\x01\x02first ");
    assert_eq!(inspect(&both).unwrap().icc.as_deref(), Some(b"first second".as_slice()));
    assert_eq!(inspect(&second).unwrap().icc, None, "a chunk is missing");
}

fn stamp(taken: &str, fraction: &str) -> Option<(i64, i64)> {
    let jpeg = with_segment(&jpeg(&fields(16, 16), 80), 0xE1, &exif_taken(taken, fraction));
    let exif = photo::inspect(&jpeg).unwrap().exif.unwrap();
    exif.stamp.map(|s| (s.at_ms, s.within_ms))
}

#[test]
fn a_cameras_time_is_read_to_the_fraction_it_writes() {
    assert_eq!(stamp("1970:01:01 00:00:00", ""), Some((0, 1000)));
    assert_eq!(stamp("2027:06:01 08:30:05", ""), Some((1_811_838_605_000, 1000)));
    assert_eq!(stamp("2027:06:01 08:30:05", "7"), Some((1_811_838_605_700, 100)));
    assert_eq!(stamp("2027:06:01 08:30:05", "07"), Some((1_811_838_605_070, 10)));
    assert_eq!(stamp("2027:06:01 08:30:05", "123"), Some((1_811_838_605_123, 1)));
    assert_eq!(stamp("2028:02:29 00:00:00", "x"), Some((1_835_395_200_000, 1000)));
    assert_eq!(stamp("2028:03:01 00:00:00", "-1"), Some((1_835_481_600_000, 1000)));
}

#[test]
fn what_is_no_time_of_a_camera_is_none() {
    let wrong = [
        "",
        "0000:00:00 00:00:00",
        "2027:13:01 00:00:00",
        "2027:06:01",
        "2027:06:01 24:00:00",
        "    :  :     :  :  ",
        "+027:06:01 08:30:05",
    ];
    for text in wrong {
        assert_eq!(stamp(text, "12"), None, "{text}");
    }
}
