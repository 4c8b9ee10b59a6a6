//! Does a replay behave as a camera that can be commanded?
use crate::make::{PATIENCE, SMALL, four, jpeg};
use camera::replay::{Motion, ReplayCommand, Tear};
use camera::{CameraError, Source, Stream, gate};
use std::time::{Duration, Instant};

/// Reads frames and says which of the four pictures each shows.
fn shown(stream: &mut dyn Stream, count: usize) -> String {
    let pictures = [("a", jpeg(1)), ("b", jpeg(2)), ("c", jpeg(3)), ("d", jpeg(4))];
    let name = |bytes: &[u8]| {
        pictures
            .iter()
            .find(|(_, jpeg)| &jpeg[..] == bytes)
            .map_or("?", |(name, _)| name)
    };
    (0..count).map(|_| name(&stream.next(PATIENCE).unwrap().jpeg)).collect()
}

#[test]
fn played_it_goes_round_and_held_it_stays() {
    let mut replay = four(Motion::Play);
    let control = replay.control();
    let mut stream = replay.open().unwrap();
    assert_eq!(shown(&mut *stream, 6), "abcdab");
    control.hold();
    assert_eq!(shown(&mut *stream, 3), "ccc");
    control.next();
    assert_eq!(shown(&mut *stream, 2), "dd");
    control.next();
    assert_eq!(shown(&mut *stream, 1), "a");
    control.show("c").unwrap();
    assert_eq!(shown(&mut *stream, 2), "cc");
    control.play();
    assert_eq!(shown(&mut *stream, 3), "cda");
}

#[test]
fn frames_come_at_the_chosen_rate() {
    let mut replay = four(Motion::Hold);
    let mut stream = replay.open().unwrap();
    let first = stream.next(PATIENCE).unwrap().began;
    let last = (0..20).map(|_| stream.next(PATIENCE).unwrap().began).last().unwrap();
    // Never faster than 100 a second; how much slower depends on the machine.
    assert!(last - first >= Duration::from_millis(195), "{:?}", last - first);
}

#[test]
fn a_late_reader_gets_no_burst_of_old_frames() {
    let mut replay = four(Motion::Hold);
    let mut stream = replay.open().unwrap();
    stream.next(PATIENCE).unwrap();
    std::thread::park_timeout(Duration::from_millis(60));
    let asked = Instant::now();
    let late = stream.next(PATIENCE).unwrap();
    assert!(late.began >= asked, "a frame is made when it is read");
    let next = stream.next(PATIENCE).unwrap();
    assert!(next.began - late.began >= Duration::from_millis(9));
}

#[test]
fn a_stall_gives_nothing_until_it_is_resumed() {
    let mut replay = four(Motion::Hold);
    let control = replay.control();
    let mut stream = replay.open().unwrap();
    control.stall();
    let waited = Duration::from_millis(30);
    assert!(matches!(stream.next(waited), Err(CameraError::NoFrame { .. })));
    control.resume();
    assert_eq!(shown(&mut *stream, 1), "a");
}

#[test]
fn unplugged_the_stream_ends_and_nothing_opens() {
    let mut replay = four(Motion::Hold);
    let control = replay.control();
    let mut stream = replay.open().unwrap();
    control.unplug();
    assert!(matches!(stream.next(PATIENCE), Err(CameraError::Absent { .. })));
    assert!(matches!(replay.open(), Err(CameraError::Absent { .. })));
    control.replug();
    let mut stream = replay.open().unwrap();
    assert_eq!(shown(&mut *stream, 1), "a");
}

#[test]
fn torn_frames_are_torn_by_turns_and_then_no_more() {
    let mut replay = four(Motion::Hold);
    let control = replay.control();
    let mut stream = replay.open().unwrap();
    control.torn(4);
    let mut walked = Vec::new();
    for _ in 0..4 {
        let torn = stream.next(PATIENCE).unwrap().jpeg;
        walked.push(gate::walk(&torn, Some(SMALL)).is_ok());
        assert!(gate::strict(&torn, Some(SMALL)).is_err());
    }
    // A chimera ends as it should: only decoding finds it.
    assert_eq!(walked, [true, false, true, false]);
    assert_eq!(shown(&mut *stream, 2), "aa");
    control.tear(Tear::Half, 1);
    assert!(gate::walk(&stream.next(PATIENCE).unwrap().jpeg, Some(SMALL)).is_err());
}

#[test]
fn commands_come_as_text_too() {
    let replay = four(Motion::Hold);
    let control = replay.control();
    for (text, current) in [
        ("show d", "d"),
        (" next ", "a"),
        ("play", "a"),
        ("hold", "a"),
        ("show  b", "b"),
    ] {
        control.apply(&text.parse().unwrap()).unwrap();
        assert_eq!(control.current(), current, "{text}");
    }
    assert_eq!("torn 3".parse::<ReplayCommand>().unwrap(), ReplayCommand::Torn(3));
    for text in ["", "show", "torn", "torn x", "next 2", "sleep 3", "eject"] {
        assert!(text.parse::<ReplayCommand>().is_err(), "{text}");
    }
    assert!(control.apply(&ReplayCommand::Show("z".to_owned())).is_err());
}
