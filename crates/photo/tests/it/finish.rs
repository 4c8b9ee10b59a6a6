//! Is the finished picture what the standard asks for, and always the same?
use crate::support::*;
use domain::photo_spec::{Confidence, Geometry, Limits, Sourced};
use domain::{PhotoSpec, RectPx, Rgb, SpecId, finding::Bound};
use photo::{Finish, FinishError, Picture, finish, inspect};

fn spec(min_kb: f32, max_kb: f32, floor: u8) -> PhotoSpec {
    fn sourced<T>(value: T) -> Sourced<T> {
        Sourced {
            value,
            source: "test".to_owned(),
            confidence: Confidence::Guess,
        }
    }
    PhotoSpec {
        id: SpecId("test".to_owned()),
        version: "2026-01-01".to_owned(),
        title_zh: String::new(),
        title_en: String::new(),
        size: sourced(size(480, 640)),
        dpi: sourced(300),
        quality_floor: sourced(floor),
        file_kb: sourced(Bound {
            min: Some(min_kb),
            max: Some(max_kb),
        }),
        backgrounds: sourced(vec![Rgb { r: 100, g: 197, b: 255 }]),
        geometry: Geometry::default(),
        limits: Limits::default(),
    }
}

const CROP: RectPx = RectPx {
    x: 660,
    y: 240,
    width: 600,
    height: 800,
};

#[test]
fn a_portrait_fits_the_window_and_has_the_standards_header() {
    let original = read(&portrait()).picture;
    let spec = spec(20.0, 40.0, 60);
    let finished = finish(
        &original,
        &Finish {
            spec: &spec,
            crop: CROP,
        },
    )
    .unwrap();
    let header = inspect(&finished.jpeg).unwrap();
    assert!((20 * 1024..=40_000).contains(&finished.jpeg.len()), "{finished:?}");
    assert!(finished.quality >= 60);
    assert_eq!((header.size, header.dpi()), (size(480, 640), Some((300.0, 300.0))));
    assert_eq!(header.quality, Some(finished.quality));
    assert_eq!(header.metadata().count(), 0, "no EXIF, no position, no comment");
    assert_eq!(read(&finished.jpeg).picture.size(), size(480, 640));
}

#[test]
fn the_same_original_gives_the_same_bytes() {
    let original = read(&portrait()).picture;
    let spec = spec(20.0, 40.0, 60);
    let make = || {
        finish(
            &original,
            &Finish {
                spec: &spec,
                crop: CROP,
            },
        )
        .unwrap()
        .jpeg
    };
    assert_eq!(make(), make());
}

#[test]
fn every_window_of_the_trade_is_met() {
    let original = read(&portrait()).picture;
    let id_card = (
        size(358, 441),
        RectPx {
            x: 660,
            y: 240,
            width: 609,
            height: 750,
        },
    );
    let graduate = (size(480, 640), CROP);
    let windows = [
        (id_card, 14.0, 20.0),
        (graduate, 20.0, 40.0),
        (graduate, 30.0, 60.0),
        (graduate, 50.0, 100.0),
    ];
    for ((wanted, crop), min, max) in windows {
        let mut spec = spec(min, max, 60);
        spec.size.value = wanted;
        let finished = finish(&original, &Finish { spec: &spec, crop }).unwrap();
        let kb = finished.jpeg.len() as f32 / 1024.0;
        assert!(kb >= min && kb <= max, "{min}–{max}: {finished:?}");
    }
}

#[test]
fn the_quality_is_the_highest_that_fits() {
    let cut = read(&portrait()).picture.crop(CROP).unwrap().resize(size(480, 640));
    let original = read(&portrait()).picture;
    for (min, max) in [(15.0, 30.0), (20.0, 40.0), (30.0, 60.0), (50.0, 100.0)] {
        let spec = spec(min, max, 60);
        let finished = finish(
            &original,
            &Finish {
                spec: &spec,
                crop: CROP,
            },
        )
        .unwrap();
        let bytes = |quality| {
            let encoding = photo::Encoding {
                quality,
                chroma: finished.chroma,
                huffman: photo::Huffman::Optimised,
                dpi: 300,
            };
            photo::encode(&cut, encoding).unwrap().len()
        };
        assert_eq!(bytes(finished.quality), finished.jpeg.len());
        let most = (max * 1000.0) as usize;
        assert!(finished.jpeg.len() <= most && (finished.quality == 100 || bytes(finished.quality + 1) > most));
    }
}

#[test]
fn an_unreachable_window_brings_the_closest_picture_and_keeps_the_floor() {
    let original = read(&portrait()).picture;
    let tiny = spec(1.0, 2.0, 60);
    let error = finish(
        &original,
        &Finish {
            spec: &tiny,
            crop: CROP,
        },
    )
    .unwrap_err();
    let FinishError::WindowUnreachable { closest, floor: 60, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(closest.quality, 60);
    assert!(read(&closest.jpeg).picture.size() == size(480, 640));

    let plain = Picture::from_fn(size(600, 800), |_, _| Rgb { r: 100, g: 197, b: 255 }).unwrap();
    let crop = RectPx {
        x: 0,
        y: 0,
        width: 600,
        height: 800,
    };
    let error = finish(
        &plain,
        &Finish {
            spec: &spec(20.0, 40.0, 60),
            crop,
        },
    )
    .unwrap_err();
    let FinishError::WindowUnreachable { closest, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(
        closest.quality, 100,
        "an empty picture is too small at the best quality"
    );
}

#[test]
fn a_crop_outside_or_of_another_shape_is_refused() {
    let original = read(&portrait()).picture;
    let spec = spec(20.0, 40.0, 60);
    let outside = RectPx { x: 1600, ..CROP };
    assert!(matches!(
        finish(
            &original,
            &Finish {
                spec: &spec,
                crop: outside
            }
        ),
        Err(FinishError::Crop(_))
    ));
    let square = RectPx { height: 600, ..CROP };
    assert!(matches!(
        finish(
            &original,
            &Finish {
                spec: &spec,
                crop: square
            }
        ),
        Err(FinishError::Stretched { .. })
    ));
    let rounded = RectPx { width: 601, ..CROP };
    assert!(
        finish(
            &original,
            &Finish {
                spec: &spec,
                crop: rounded
            }
        )
        .is_ok()
    );
}
