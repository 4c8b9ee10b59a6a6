//! Can a damaged frame ever pass as a picture? Ten thousand frames, one in twenty torn in one of four ways.
use crate::lab::{frames, plugged, source};
use camera::mode::Wish;
use camera::{CameraError, Source, gate};
use std::time::{Duration, Instant};
use testkit::webcam::{Look, Play};

const FRAMES: u32 = 10_000;

pub fn ten_thousand() -> String {
    let known = frames("480");
    let fast = Look {
        name: "Lab Torn".to_owned(),
        serial: "T1".to_owned(),
        plays: vec![Play {
            size: (640, 480),
            fps: 250,
            frames: known.clone(),
        }],
    };
    let (webcam, id) = plugged(0, fast);
    let is_known = |jpeg: &[u8]| known.iter().any(|k| k[..] == *jpeg);
    let mut stream = source(&id, Wish::default()).open().unwrap();
    let agreed = stream.negotiated().size;
    webcam.tear_every(20);
    let (mut whole, mut by_walk, mut by_strict, mut chimeras) = (0, 0, 0, 0);
    let began = Instant::now();
    while whole + by_walk + by_strict + chimeras < FRAMES {
        match stream.next(Duration::from_secs(5)) {
            Ok(raw) if is_known(&raw.jpeg) => whole += 1,
            Ok(raw) if gate::walk(&raw.jpeg, agreed).is_err() => by_walk += 1,
            Ok(raw) if gate::strict(&raw.jpeg, agreed).is_err() => by_strict += 1,
            // Not one of the frames that were sent, and yet a picture.
            Ok(_) => chimeras += 1,
            Err(CameraError::DamagedFrame { .. }) => by_walk += 1,
            Err(error) => panic!("after {whole} whole frames: {error}"),
        }
    }
    let torn = webcam.torn();
    assert_eq!(chimeras, 0, "of {torn} torn frames");
    assert!(torn >= u64::from(FRAMES) / 25, "only {torn} frames were torn");
    assert!(by_walk > 0 && by_strict > 0, "walk {by_walk}, strict {by_strict}");
    let rate = f64::from(FRAMES) / began.elapsed().as_secs_f64();
    format!(
        "{FRAMES} frames at {rate:.0} a second, {torn} torn: {by_walk} refused by the walk, {by_strict} by the decoder, 0 chimeras"
    )
}
