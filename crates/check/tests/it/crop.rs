//! Is the crop where the standard wants it, and inside the frame?
use crate::person::{Person, spec};
use check::{best_crop, crown};
use domain::{Faces, RectPx, SizePx};

const FRAME: SizePx = SizePx {
    width: 1920,
    height: 1080,
};

/// Crown, eyes, face width and off-centre in pixels of the finished picture.
fn placed(person: &Person, crop: RectPx) -> [f32; 4] {
    let scale = 480.0 / crop.width as f32;
    [
        (person.crown_y() - crop.y as f32) * scale,
        (person.eyes_y - crop.y as f32) * scale,
        person.face_width * scale,
        ((person.x - crop.x as f32) * scale - 240.0).abs(),
    ]
}

#[test]
fn a_well_placed_head_meets_every_bound_wherever_it_stands() {
    let spec = spec();
    for x in [500.0, 960.0, 1400.0] {
        for (eyes_y, face_width) in [(420.0, 300.0), (500.0, 350.0), (380.0, 220.0), (450.0, 150.0)] {
            let person = Person { x, eyes_y, face_width };
            let crop = best_crop(&person.faces(FRAME), FRAME, &spec).unwrap();
            let [crown, eyes, width, off] = placed(&person, crop);
            let note = format!("{crop:?} crown {crown} eyes {eyes} width {width} off {off}");
            assert!(
                crop.x + crop.width <= FRAME.width && crop.y + crop.height <= FRAME.height,
                "{note}"
            );
            assert!((crop.width as f32 / crop.height as f32 - 0.75).abs() < 0.005, "{note}");
            assert!(
                (50.0..=110.0).contains(&crown) && (200.0..=300.0).contains(&eyes),
                "{note}"
            );
            assert!((180.0..=300.0).contains(&width) && off <= 2.0, "{note}");
        }
    }
}

#[test]
fn the_same_input_gives_the_same_crop() {
    let person = Person {
        x: 931.0,
        eyes_y: 433.0,
        face_width: 317.0,
    };
    let crop = || best_crop(&person.faces(FRAME), FRAME, &spec());
    assert_eq!(crop(), crop());
}

#[test]
fn a_head_near_the_edge_is_cropped_inside_and_a_cut_face_is_not_cropped_at_all() {
    let near = Person {
        x: 200.0,
        eyes_y: 450.0,
        face_width: 300.0,
    };
    let crop = best_crop(&near.faces(FRAME), FRAME, &spec()).unwrap();
    assert_eq!(crop.x, 0);
    assert!(placed(&near, crop)[3] > 16.0, "off centre, for the finding to say");
    let cut = Person {
        x: 60.0,
        eyes_y: 450.0,
        face_width: 300.0,
    };
    assert_eq!(best_crop(&cut.faces(FRAME), FRAME, &spec()), None);
    let huge = Person {
        x: 960.0,
        eyes_y: 500.0,
        face_width: 1000.0,
    };
    assert_eq!(best_crop(&huge.faces(FRAME), FRAME, &spec()), None);
    assert_eq!(best_crop(&Faces::default(), FRAME, &spec()), None);
}

#[test]
fn the_crown_comes_from_the_mask_and_from_proportions_without_one() {
    let person = Person {
        x: 960.0,
        eyes_y: 450.0,
        face_width: 300.0,
    };
    let mut faces = person.faces(FRAME);
    let seen = crown(&faces).unwrap();
    assert_eq!(seen.by, check::CrownBy::Mask);
    assert!((seen.y - person.crown_y()).abs() < 6.0, "{seen:?} {}", person.crown_y());
    faces.mask = None;
    assert_eq!(crown(&faces).unwrap().by, check::CrownBy::Proportions);
}
