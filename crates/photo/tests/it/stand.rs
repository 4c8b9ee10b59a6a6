//! Is it written into a JPEG how the camera stood, and nothing else?
use crate::support::{exif, fields, jpeg, read, with_segment};
use domain::Rect;
use photo::{MARK_BYTES, Orientation, inspect, marked};

#[test]
fn every_orientation_is_read_back_and_the_picture_is_untouched() {
    let plain = jpeg(&fields(48, 32), 90);
    for orientation in Orientation::ALL {
        let marked = marked(&plain, orientation);
        assert_eq!(marked.len(), plain.len() + MARK_BYTES);
        assert_eq!(marked[..2], plain[..2]);
        assert_eq!(marked[2 + MARK_BYTES..], plain[2..]);
        assert_eq!(inspect(&marked).unwrap().orientation, orientation);
        // As a camera's own entry would have it.
        let theirs = read(&with_segment(&plain, 0xE1, &exif(orientation.exif())));
        assert_eq!(read(&marked).picture, theirs.picture);
    }
}

#[test]
fn it_stands_above_an_orientation_the_file_has() {
    let plain = jpeg(&fields(48, 32), 90);
    let twice = marked(&marked(&plain, Orientation::Turn90), Orientation::Turned180);
    assert_eq!(inspect(&twice).unwrap().orientation, Orientation::Turned180);
}

#[test]
fn what_is_no_jpeg_is_left_alone() {
    for bytes in [&b""[..], b"\xFF", b"PNG and more"] {
        assert_eq!(marked(bytes, Orientation::Turn90), bytes);
    }
}

#[test]
fn a_place_of_the_upright_picture_is_found_among_the_stored_pixels() {
    let plain = jpeg(&fields(48, 32), 95);
    let stored = read(&plain).picture;
    for orientation in Orientation::ALL {
        let upright = read(&marked(&plain, orientation)).picture;
        for (x, y) in [(2, 3), (20, 4), (5, 28), (30, 17)] {
            let place = Rect {
                x: x as f32,
                y: y as f32,
                width: 1.0,
                height: 1.0,
            };
            let there = orientation.stored_place(place, stored.size());
            assert_eq!((there.width, there.height), (1.0, 1.0));
            let same = stored.pixel(there.x as u32, there.y as u32);
            assert_eq!(upright.pixel(x, y), same, "{orientation:?} {x} {y}");
        }
    }
}
