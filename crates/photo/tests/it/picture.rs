//! Are pictures cut, scaled and read where they should be?
use crate::support::*;
use domain::{RectPx, Rgb};
use photo::{Picture, PictureError};

#[test]
fn a_picture_has_the_bytes_of_its_size() {
    assert!(Picture::new(size(2, 2), vec![0; 12]).is_ok());
    for (s, bytes) in [(size(2, 2), 11), (size(0, 2), 0), (size(u32::MAX, u32::MAX), 3)] {
        assert!(matches!(
            Picture::new(s, vec![0; bytes]),
            Err(PictureError::Shape { .. })
        ));
    }
}

#[test]
fn a_crop_is_exact_and_stays_inside() {
    let picture = Picture::from_fn(size(5, 4), |x, y| Rgb {
        r: x as u8,
        g: y as u8,
        b: 0,
    })
    .unwrap();
    let cut = picture
        .crop(RectPx {
            x: 1,
            y: 2,
            width: 3,
            height: 2,
        })
        .unwrap();
    assert_eq!(
        (cut.size(), cut.pixel(0, 0), cut.pixel(2, 1)),
        (size(3, 2), picture.pixel(1, 2), picture.pixel(3, 3))
    );
    let outside = [(3, 0, 3, 1), (0, 0, 0, 1), (0, 3, 1, 2), (u32::MAX, 0, 2, 1)];
    for (x, y, width, height) in outside {
        assert!(picture.crop(RectPx { x, y, width, height }).is_err());
    }
}

#[test]
fn scaling_keeps_fields_where_they_are() {
    let small = fields(400, 300).resize(size(40, 30));
    assert_eq!(small.size(), size(40, 30));
    assert_eq!(small.pixel(5, 5), fields(4, 4).pixel(0, 0));
    assert_eq!(small.pixel(35, 25), fields(4, 4).pixel(3, 3));
    assert_eq!(fields(40, 30).half().size(), size(20, 15));
    assert_eq!(fields(41, 31).half().pixel(19, 14), fields(4, 4).pixel(3, 3));
    assert_eq!(fields(1, 1).half().size(), size(1, 1));
}

#[test]
fn reading_between_pixels_blends_and_stays_inside() {
    let picture = Picture::new(size(2, 1), vec![0, 0, 0, 100, 200, 50]).unwrap();
    assert_eq!(picture.sample(0.5, 0.5), [0.0, 0.0, 0.0]);
    assert_eq!(picture.sample(1.0, 0.5), [50.0, 100.0, 25.0]);
    assert_eq!(picture.sample(99.0, -7.0), [100.0, 200.0, 50.0]);
    assert!(
        picture
            .sample(f32::NAN, f32::INFINITY)
            .iter()
            .all(|v| v.is_finite() || v.is_nan())
    );
}
