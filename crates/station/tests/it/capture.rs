//! When does the shutter fall by itself, which frame of a burst is kept, and is the set ready?
use camera::Lead;
use domain::{Rgb, SizePx};
use photo::Picture;
use station::burst::{Calm, Merit, best};
use station::set_check::measure;
use station::trigger::{Look, Stillness, until_release};
use std::time::{Duration, Instant};

/// A first sitter for whom the chair was seen empty, looked at from second 1 on.
fn seated_on_an_empty_chair(slot: i64) -> Stillness {
    let mut still = Stillness::default();
    assert!(!still.take(None, false, Look::Nobody, 0));
    assert!(!still.take(None, false, Look::Nobody, 300));
    assert!(!still.take(Some(slot), true, Look::NotReady, 900));
    still
}

#[test]
fn the_shutter_falls_once_for_each_time_the_sitter_holds_still() {
    let mut still = seated_on_an_empty_chair(1);
    let seat = Some(1);
    assert!(!still.take(seat, true, Look::Ready, 1000));
    assert!(!still.take(seat, true, Look::Ready, 1799));
    assert!(still.take(seat, true, Look::Ready, 1800));
    // Judged, and retaken without having moved: not again.
    assert!(!still.take(seat, false, Look::Ready, 1900));
    assert!(
        (2000..9000)
            .step_by(100)
            .all(|at| !still.take(seat, true, Look::Ready, at))
    );
    // A frame that did not come is no movement.
    assert!(!still.take(seat, true, Look::Blind, 9000));
    assert!(
        (9100..11_000)
            .step_by(100)
            .all(|at| !still.take(seat, true, Look::Ready, at))
    );
    assert!(!still.take(seat, true, Look::NotReady, 11_000));
    assert!(!still.take(seat, true, Look::Ready, 11_100));
    assert!(still.take(seat, true, Look::Ready, 11_900));
}

#[test]
fn moving_starts_anew_and_so_does_a_frame_that_did_not_come() {
    let mut still = seated_on_an_empty_chair(1);
    let seat = Some(1);
    assert!(!still.take(seat, true, Look::Ready, 1000));
    assert!(!still.take(seat, true, Look::NotReady, 1500));
    assert!(!still.take(seat, true, Look::Ready, 1600));
    assert!(!still.take(seat, true, Look::Ready, 2300));
    assert!(!still.take(seat, true, Look::Blind, 2350));
    assert!(
        !still.take(seat, true, Look::Ready, 2400),
        "nobody knows what was before"
    );
    assert!(!still.take(seat, true, Look::Ready, 3100));
    assert!(still.take(seat, true, Look::Ready, 3200));
    assert!(!still.take(None, false, Look::Ready, 9000), "nobody sits");
}

/// The one before was accepted, the next one is called up from the deck, and the one before still sits there, as still as ever.
#[test]
fn who_still_sits_there_is_not_photographed_for_the_next_person() {
    let mut still = seated_on_an_empty_chair(1);
    assert!(!still.take(Some(1), true, Look::Ready, 1000));
    assert!(still.take(Some(1), true, Look::Ready, 1800));
    assert!(
        (1900..30_000)
            .step_by(100)
            .all(|at| !still.take(Some(2), true, Look::Ready, at))
    );
    // Looking aside, turning, moving: still the same face.
    for at in (30_000..32_000).step_by(100) {
        assert!(!still.take(Some(2), true, Look::NotReady, at));
    }
    assert!(!still.take(Some(2), true, Look::Nobody, 32_000), "missed in one look");
    assert!(
        (32_100..40_000)
            .step_by(100)
            .all(|at| !still.take(Some(2), true, Look::Ready, at))
    );
    // The chair is empty, then somebody sits down in it.
    assert!(!still.take(Some(2), true, Look::Nobody, 40_000));
    assert!(!still.take(Some(2), true, Look::Nobody, 40_250));
    assert!(!still.take(Some(2), true, Look::Ready, 41_000));
    assert!(still.take(Some(2), true, Look::Ready, 41_800));
}

#[test]
fn who_sat_down_before_their_code_was_read_need_not_stand_up_again() {
    let mut still = seated_on_an_empty_chair(1);
    assert!(!still.take(Some(1), true, Look::Ready, 1000));
    // The first one leaves, nobody waits, the second sits down and holds up a code.
    assert!(!still.take(None, false, Look::Nobody, 5000));
    assert!(!still.take(None, false, Look::Nobody, 5400));
    assert!(!still.take(None, false, Look::Ready, 6000));
    assert!(!still.take(Some(2), true, Look::Ready, 7000), "their time begins now");
    assert!(still.take(Some(2), true, Look::Ready, 7800));
    // Emptiness before a turn says nothing of the one after it.
    assert!(
        (8000..20_000)
            .step_by(100)
            .all(|at| !still.take(Some(3), true, Look::Ready, at))
    );
}

#[test]
fn zero_of_the_countdown_is_the_exposure() {
    let ms = Duration::from_millis;
    // A webcam of 30 frames a second: the next frame begins half a frame later on the average.
    let stream = Lead::of_stream(Some(ms(33)));
    assert_eq!(until_release(3000, stream, 0), Some(ms(2984)));
    assert_eq!(until_release(3000, stream, 2983), Some(ms(1)));
    assert_eq!(until_release(3000, stream, 2984), None);
    assert_eq!(until_release(3000, stream, 9000), None, "late is late");
    assert!(
        Lead::of_stream(Some(ms(125))) > stream,
        "a slow camera is released earlier"
    );
    assert!(Lead::of_stream(None) >= ms(16) && Lead::of_stream(Some(ms(9000))) <= ms(250));
    // A camera with a shutter of its own: what it took lately, not what it once took.
    let mut own = Lead::default();
    assert_eq!(
        until_release(3000, own.of_own_shutter(), 0),
        Some(ms(2750)),
        "before anything is known"
    );
    for took in [4000, 600, 620, 580, 640, 600] {
        own.took(ms(took));
    }
    assert_eq!(until_release(3000, own.of_own_shutter(), 2600), Some(ms(100)));
    assert_eq!(until_release(3000, own.of_own_shutter(), 2700), None);
    own.took(ms(1));
    assert_eq!(own.of_own_shutter(), ms(300), "one odd release changes little");
}

#[test]
fn frames_from_before_the_release_show_the_same_sitter_ready() {
    let start = Instant::now();
    let at = |ms| Some(start + Duration::from_millis(ms));
    let mut calm = Calm::default();
    calm.hear(Some(1), at(0));
    assert_eq!(
        calm.since(1),
        None,
        "the frame that was looked at may be older than the turn"
    );
    calm.hear(Some(1), at(80));
    calm.hear(Some(1), at(160));
    assert_eq!(calm.since(1), at(80));
    assert_eq!(calm.since(2), None);
    // Something spoke against it, or no frame came: what was before says nothing.
    calm.hear(Some(1), None);
    assert_eq!(calm.since(1), None);
    calm.hear(Some(1), at(320));
    assert_eq!(calm.since(1), at(320));
    // The next one is called up while the one before still sits there.
    calm.hear(Some(2), at(400));
    assert_eq!((calm.since(1), calm.since(2)), (None, None));
    calm.hear(Some(2), at(480));
    assert_eq!(calm.since(2), at(480));
}

#[test]
fn of_a_burst_open_eyes_come_before_sharpness() {
    let merit = |ready, eyes, sharpness| Merit { ready, eyes, sharpness };
    assert_eq!(
        best(&[merit(true, 0.3, 40.0), merit(true, 0.1, 90.0), merit(true, 0.29, 60.0)]),
        2
    );
    assert_eq!(best(&[merit(false, 0.3, 99.0), merit(true, 0.3, 10.0)]), 1);
    assert_eq!(best(&[merit(true, 0.3, 10.0), merit(true, 0.3, 10.0)]), 0);
    assert_eq!(best(&[merit(false, 0.0, 0.0)]), 0);
}

fn set(colour: impl FnMut(u32, u32) -> Rgb) -> station::set_check::Set {
    set_of("chsi-graduate-2017", colour)
}

fn set_of(spec: &str, colour: impl FnMut(u32, u32) -> Rgb) -> station::set_check::Set {
    let specs = assess::Specs::builtin().unwrap();
    let spec = specs.get(&domain::SpecId(spec.to_owned())).unwrap();
    let size = SizePx {
        width: 960,
        height: 540,
    };
    measure(&Picture::from_fn(size, colour).unwrap(), spec)
}

#[test]
fn an_even_backdrop_of_the_right_colour_is_ready_and_a_lamp_that_is_off_is_seen() {
    let specs = assess::Specs::builtin().unwrap();
    let spec = specs.get(&domain::SpecId("chsi-graduate-2017".to_owned())).unwrap();
    let right = spec.backgrounds.value[0];
    let even = set(|_, _| right);
    assert!(
        even.colour < 0.5 && even.gradient < 0.5 && even.balance.abs() < 0.5,
        "{even:?}"
    );
    assert!(even.clipped < 0.1);
    // Darker from left to right, as with the right lamp off.
    let shade = |x: u32, v: u8| (f32::from(v) * (1.0 - 0.5 * x as f32 / 960.0)) as u8;
    let off = set(|x, _| Rgb {
        r: shade(x, right.r),
        g: shade(x, right.g),
        b: shade(x, right.b),
    });
    assert!(off.balance > 12.0 && off.gradient > 4.0, "{off:?}");
    assert_eq!(even.mean, right);
    let red = set(|_, _| Rgb { r: 200, g: 30, b: 30 });
    assert!(red.colour > 10.0, "{red:?}");
}

#[test]
fn pure_white_is_over_exposed_only_where_the_standard_wants_no_white() {
    let white = |_, _| Rgb { r: 255, g: 255, b: 255 };
    // The identity card asks for 255, 255, 255.
    for spec in ["ga461-id-card", "chsi-graduate-2017"] {
        let set = set_of(spec, white);
        assert!(set.clipped < 0.1 && set.colour < 0.5, "{spec}: {set:?}");
    }
    // Only blues.
    let blown = set_of("school-roll-k12", white);
    assert!(blown.clipped > 99.0, "{blown:?}");
    // A blue backdrop with a lamp in the picture, where white would be allowed as well.
    let specs = assess::Specs::builtin().unwrap();
    let graduate = specs.get(&domain::SpecId("chsi-graduate-2017".to_owned())).unwrap();
    let blue = graduate.backgrounds.value[0];
    let lamp = set(|x, _| if x < 96 { white(0, 0) } else { blue });
    assert!((9.0..11.0).contains(&lamp.clipped), "{lamp:?}");
}
