//! What is found in scenes made from portraits: none, two, tilted, mirrored, moved?
use crate::support::*;
use domain::{Rgb, SizePx};
use face::Speed;
use photo::Picture;

#[test]
fn an_empty_backdrop_has_no_face_at_any_speed() {
    for (w, h) in [(1920, 1080), (480, 640), (7, 5), (1, 1), (4000, 40)] {
        for speed in [Speed::Full, Speed::Live] {
            let found = find(&backdrop(w, h), speed);
            assert!(found.faces.is_empty() && found.mask.is_none(), "{w}x{h} {speed:?}");
        }
    }
}

#[test]
fn noise_has_no_face() {
    let mut state = 7_u32;
    let noise = Picture::from_fn(
        SizePx {
            width: 640,
            height: 480,
        },
        |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [r, g, b, _] = state.to_be_bytes();
            Rgb { r, g, b }
        },
    );
    assert!(find(&noise.unwrap(), Speed::Full).faces.is_empty());
}

#[test]
fn a_second_face_is_found_side_by_side_and_small_behind() {
    let sitter = studio("rand-paul");
    let other = picture(&folder("raw").join("cory-booker.jpg"));
    let face_px = find(&other, Speed::Full).main().unwrap().bounds.width;
    // Face widths in pixels of a 1920 × 1080 frame.
    for width in [360.0, 200.0, 130.0] {
        let side = (other.size().width as f32 * width / face_px) as u32;
        let scene = paste(
            &sitter,
            &other.resize(SizePx {
                width: side,
                height: side,
            }),
            20,
            200,
        );
        let found = find(&scene, Speed::Full);
        assert_eq!(found.faces.len(), 2, "{width} px");
        assert!(
            found.faces[0].bounds.area() >= found.faces[1].bounds.area(),
            "largest first"
        );
    }
}

#[test]
fn a_tilted_head_reads_as_tilted_to_its_side() {
    let level = studio("rand-paul");
    let before = find(&level, Speed::Full).main().unwrap().pose.roll;
    for degrees in [-12.0, -5.0, 5.0, 12.0] {
        let found = find(&turned(&level, degrees), Speed::Full);
        let roll = found.main().unwrap().pose.roll - before;
        assert!((roll - degrees).abs() < 1.0, "turned by {degrees}, read {roll}");
    }
}

#[test]
fn a_mirror_image_has_the_opposite_yaw() {
    // The sitter's nose points to the left edge of the picture.
    let source = picture(&folder("raw").join("josh-hawley.jpg"));
    let w = source.size().width;
    let mirrored = Picture::from_fn(source.size(), |x, y| source.pixel(w - 1 - x, y)).unwrap();
    let yaw = |p: &Picture| find(p, Speed::Full).main().unwrap().pose.yaw;
    let (one, two) = (yaw(&source), yaw(&mirrored));
    assert!(one > 30.0 && (one + two).abs() < 5.0, "{one} {two}");
}

#[test]
fn the_live_speed_agrees_with_the_still_and_tracking_with_both() {
    let still = studio("cory-booker");
    let full = find(&still, Speed::Full);
    let live = find(&still, Speed::Live);
    let (a, b) = (full.main().unwrap(), live.main().unwrap());
    assert_eq!((b.landmarks.len(), b.blendshapes, &live.mask), (468, None, &None));
    let eye = a.inter_eye_px();
    assert!(a.point(4).distance(b.point(4)) < eye * 0.06);
    assert!(
        (a.pose.yaw - b.pose.yaw).abs() < 5.0 && (a.pose.pitch - b.pose.pitch).abs() < 6.0,
        "{:?} {:?}",
        a.pose,
        b.pose
    );

    // The sitter moves by a quarter of the eye distance between two frames.
    let moved = paste(&still, &still, (eye / 4.0) as u32, 0);
    let (tracked, _) = MODELS.track(&moved, b).unwrap();
    let c = tracked.main().unwrap();
    assert!((c.point(4).x - b.point(4).x - (eye / 4.0).floor()).abs() < eye * 0.06);
    assert!((c.bounds.width / b.bounds.width - 1.0).abs() < 0.2);

    let (lost, _) = MODELS.track(&backdrop(1920, 1080), b).unwrap();
    assert!(lost.faces.is_empty());
}

#[test]
fn a_face_at_the_edge_of_the_frame_is_no_trouble() {
    let sitter = studio("rand-paul");
    let b = find(&sitter, Speed::Full).main().unwrap().bounds;
    // Cut so that the frame ends in the middle of the face, then below the eyes.
    for (width, height) in [(b.center().x as u32, 1080), (1920, b.center().y as u32)] {
        let cut = sitter
            .crop(domain::RectPx {
                x: 0,
                y: 0,
                width,
                height,
            })
            .unwrap();
        let found = find(&cut, Speed::Full);
        if let Some(mask) = &found.mask {
            assert!(mask.region.x + mask.region.width <= width && mask.region.y + mask.region.height <= height);
        }
    }
}

#[test]
fn the_same_picture_gives_the_same_answer() {
    let picture = studio("ted-cruz");
    assert_eq!(find(&picture, Speed::Full), find(&picture, Speed::Full));
}

#[test]
fn palms_are_looked_for_where_they_are_asked_for() {
    let plain = backdrop(640, 480);
    let whole = domain::Rect {
        x: 0.0,
        y: 0.0,
        width: 640.0,
        height: 480.0,
    };
    assert_eq!(MODELS.palms(&plain, whole).unwrap(), []);
    // No hand in it, but a mottled backdrop the model half takes for one: a score below 0.8 says little. The network alone, run
    // by onnxruntime on the same picture, puts its best anchor 138 px wide at (160, 253) with 0.67.
    let portrait = picture(&folder("raw").join("ami-bera.jpg"));
    let whole = domain::Rect {
        width: 1024.0,
        height: 1024.0,
        ..whole
    };
    let found = MODELS.palms(&portrait, whole).unwrap();
    let center = found[0].bounds.center();
    assert!((found[0].score - 0.67).abs() < 0.02, "{found:?}");
    assert!(
        (center.x - 160.0).abs() < 10.0 && (center.y - 253.0).abs() < 10.0,
        "{found:?}"
    );
}
