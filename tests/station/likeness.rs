//! Somebody sits under another person's name: the face says so, and the photo waits for a key.
use crate::kit::{self, Center, Desk, PASSING, PASSING_AGAIN, SITTERS, Undo, until};
use ipc::{DoubtView, SlotView};
use station::session::Acceptance;
use station::{CameraUse, Opening};

/// Takes a photo and waits until its face was compared.
fn shoot_and_compare(desk: &Desk, frame: &str) -> SlotView {
    desk.shoot_and_wait(frame);
    until("the face was compared", || !desk.is_comparing());
    desk.seat()
}

fn doubt(seat: &SlotView) -> Option<&str> {
    seat.doubt.as_ref().map(|d| d.kind.as_str())
}

#[test]
fn the_face_of_the_person_before_does_not_accept_itself_under_another_code() {
    let center = Center::with("graduate");
    let folder = tempfile::tempdir().unwrap();
    // As it is bought: what passes accepts itself.
    let opening = Opening {
        camera: CameraUse::ShotsOnly,
        ..Opening::new(folder.path().to_owned(), Some(kit::frames().to_owned()))
    };
    let desk = Desk::opened(&center, folder, opening);
    kit::on_replay(&desk);
    desk.scan(&kit::collection_code(PASSING)).unwrap();
    desk.show(PASSING);
    desk.shoot().unwrap();
    until("the first photo accepts itself", || desk.view().current.is_none());

    desk.scan(&kit::collection_code(SITTERS[0])).unwrap();
    let seat = shoot_and_compare(&desk, PASSING_AGAIN);
    assert_eq!(seat.verdict.as_ref().unwrap().verdict, "pass");
    // The name on the filmstrip's newest accepted photo.
    let strip = desk.view().filmstrip;
    let before = strip.iter().find(|s| s.fate == "accepted").unwrap().person.clone();
    let expected = DoubtView {
        kind: "same_face_as_before".to_owned(),
        person: before,
    };
    assert_eq!((seat.doubt, seat.accepts_in_ms), (Some(expected), None));
    assert_eq!(desk.orders(None, None, 0, 10).unwrap().total, 1);
    // Twins: a key is enough.
    desk.accept(Acceptance::Passed).unwrap();
    assert_eq!(desk.orders(None, None, 0, 10).unwrap().total, 2);

    desk.scan(&kit::collection_code(SITTERS[1])).unwrap();
    assert_eq!(doubt(&shoot_and_compare(&desk, SITTERS[1])), None);
}

#[test]
fn two_faces_in_one_slot_are_told() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    desk.scan(&kit::collection_code(SITTERS[0])).unwrap();
    assert_eq!(doubt(&shoot_and_compare(&desk, SITTERS[0])), None);
    desk.retake().unwrap();
    assert_eq!(doubt(&shoot_and_compare(&desk, SITTERS[1])), Some("other_face_in_slot"));
    desk.retake().unwrap();
    assert_eq!(doubt(&desk.seat()), None, "the doubt was about the shot thrown back");
    assert_eq!(doubt(&shoot_and_compare(&desk, SITTERS[0])), None);
}

#[test]
fn a_wrong_code_put_right_is_no_doubt() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    // Scanned by a wrong code, photographed, and sent away without a photo.
    desk.scan(&kit::collection_code(SITTERS[1])).unwrap();
    shoot_and_compare(&desk, SITTERS[0]);
    desk.skip().unwrap();
    desk.scan(&kit::collection_code(SITTERS[0])).unwrap();
    assert_eq!(doubt(&shoot_and_compare(&desk, SITTERS[0])), None);
}

#[test]
fn a_photo_taken_back_is_no_face_before() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::Long);
    desk.scan(&kit::collection_code(SITTERS[1])).unwrap();
    shoot_and_compare(&desk, SITTERS[0]);
    desk.accept(Acceptance::Passed).unwrap();
    desk.undo().unwrap();
    desk.skip().unwrap();
    desk.scan(&kit::collection_code(SITTERS[0])).unwrap();
    assert_eq!(doubt(&shoot_and_compare(&desk, SITTERS[0])), None);
}

#[test]
fn faces_are_compared_only_where_it_is_wanted() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let mut preferences = desk.preferences().unwrap();
    assert!(preferences.compare_faces);
    preferences.compare_faces = false;
    desk.set_preferences(preferences).unwrap();
    desk.collect(SITTERS[0]);
    desk.scan(&kit::collection_code(SITTERS[1])).unwrap();
    assert_eq!(doubt(&shoot_and_compare(&desk, SITTERS[0])), None);
}
