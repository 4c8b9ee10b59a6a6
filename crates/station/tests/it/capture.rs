//! When does the shutter fall by itself, which frame of a burst is kept, whose picture is it, and is the set ready?
use domain::{Rgb, SizePx};
use photo::Picture;
use station::burst::{Merit, best};
use station::folder::Turns;
use station::set_check::measure;
use station::trigger::Stillness;
use std::time::{Duration, Instant};

#[test]
fn the_shutter_falls_once_for_each_time_the_sitter_holds_still() {
    let mut still = Stillness::default();
    let seat = Some(1);
    assert!(!still.take(seat, true, 0));
    assert!(!still.take(seat, true, 799));
    assert!(still.take(seat, true, 800));
    // Retaken without having moved: not again.
    assert!(!still.take(None, true, 900));
    assert!((1000..9000).step_by(100).all(|at| !still.take(seat, true, at)));
    assert!(!still.take(seat, false, 9000));
    assert!(!still.take(seat, true, 9100));
    assert!(still.take(seat, true, 9900));
}

#[test]
fn moving_starts_anew_and_so_does_the_next_person() {
    let mut still = Stillness::default();
    assert!(!still.take(Some(1), true, 0));
    assert!(!still.take(Some(1), false, 500));
    assert!(!still.take(Some(1), true, 600));
    assert!(!still.take(Some(1), true, 1300));
    assert!(still.take(Some(1), true, 1400));
    assert!(!still.take(Some(2), true, 1500), "another person has their own time");
    assert!(still.take(Some(2), true, 2300));
    assert!(!still.take(None, true, 9000), "nobody waits");
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

#[test]
fn a_picture_belongs_to_who_sat_when_its_shutter_fell() {
    let start = Instant::now();
    let at = |ms| start + Duration::from_millis(ms);
    let mut turns = Turns::default();
    turns.seated(Some(1), at(0));
    turns.seated(Some(1), at(4000));
    turns.seated(Some(2), at(10_000));
    turns.seated(None, at(20_000));
    assert_eq!(
        turns.owner(at(1000)),
        None,
        "its shutter may have fallen before anybody sat"
    );
    assert_eq!(turns.owner(at(5000)), Some(1));
    // The next person had just sat down when the last picture of the one before came in: nobody's, never theirs.
    assert_eq!(turns.owner(at(10_500)), None);
    assert_eq!(turns.owner(at(12_000)), Some(2));
    assert_eq!(turns.owner(at(20_500)), None);
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
