//! Does the live view agree with the still, and say one thing at a time?
use crate::{ASSESSOR, defect, graduate, picture, studio};
use domain::{Point, Reason, Remedy};

#[test]
fn a_good_frame_is_ready_and_followed() {
    let frame = picture(&studio("rand-paul"));
    let first = ASSESSOR.live(&frame, graduate(), None);
    assert_eq!((first.hint, first.ready, first.count), (None, true, 1));
    let next = ASSESSOR.live(&frame, graduate(), Some(&first.faces));
    assert_eq!((next.hint, next.ready, next.count), (None, true, 1));
    let (a, b) = (first.eyes.unwrap().0, next.eyes.unwrap().0);
    assert!(a.distance(b) < 6.0, "{a:?} {b:?}");
}

#[test]
fn a_frame_decoded_small_gives_places_in_the_original() {
    let jpeg = studio("rand-paul");
    let small = ASSESSOR.live_jpeg(&jpeg, graduate(), None).unwrap();
    let full = ASSESSOR.live(&picture(&jpeg), graduate(), None);
    assert_eq!((small.hint, small.ready), (full.hint, full.ready));
    let distance = small.eyes.unwrap().1.distance(full.eyes.unwrap().1);
    assert!(distance < 8.0, "{distance}");
    assert!((small.roll.unwrap() - full.roll.unwrap()).abs() < 1.5);
    assert!(ASSESSOR.live_jpeg(&jpeg[..9000], graduate(), None).is_err());
}

#[test]
fn one_thing_is_said_at_a_time() {
    let frame = picture(&studio("rand-paul"));
    let middle = Point::new(960.0, 600.0);
    let hint = |p: &photo::Picture| ASSESSOR.live(p, graduate(), None).hint;
    assert_eq!(
        hint(&defect::tilted(&frame, middle, 16.0)),
        Some((Reason::HeadTilted, Remedy::LevelHead))
    );
    assert_eq!(
        hint(&defect::empty(&frame)),
        Some((Reason::NoFace, Remedy::StepIntoFrame))
    );
    assert_eq!(
        hint(&defect::side_by_side(&frame, &frame)),
        Some((Reason::SeveralFaces, Remedy::OnePersonOnly))
    );
    assert_eq!(
        hint(&defect::gained(&frame, [0.2; 3])),
        Some((Reason::TooDark, Remedy::MoreLight))
    );
    let mouth = picture(&studio("antonio-delgado"));
    let said = ASSESSOR.live(&mouth, graduate(), None);
    assert_eq!(
        (said.hint, said.ready),
        (Some((Reason::MouthOpen, Remedy::CloseMouth)), false)
    );
}

#[test]
fn a_face_that_was_lost_is_looked_for_again() {
    let frame = picture(&studio("rand-paul"));
    let first = ASSESSOR.live(&frame, graduate(), None);
    let moved = defect::shifted(&frame, 500, 0);
    let again = ASSESSOR.live(&moved, graduate(), Some(&first.faces));
    assert_eq!(again.count, 1);
    assert!(again.eyes.unwrap().0.x - first.eyes.unwrap().0.x > 450.0);
}
