//! Whose is a picture of a folder or of the camera's own button?
use camera::hotfolder::Seen;
use photo::Stamp;
use station::whose::Turns;
use std::time::{Duration, Instant};

/// A desk at which the moments are milliseconds.
struct Desk {
    start: Instant,
    turns: Turns,
    /// How far the camera's clock is ahead.
    clock_ms: i64,
    /// What the camera's clock tells apart.
    within_ms: i64,
}

impl Desk {
    fn new() -> Self {
        let turns = Turns::default();
        Self {
            // The desk was opened a while ago.
            start: Instant::now() + Duration::from_secs(60),
            turns,
            clock_ms: 1_811_838_605_000,
            within_ms: 10,
        }
    }

    fn at(&self, ms: u64) -> Instant {
        self.start + Duration::from_millis(ms)
    }

    fn seated(&mut self, slot: Option<i64>, ms: u64) {
        let at = self.at(ms);
        self.turns.seated(slot, at);
    }

    /// A file without a time, told of then.
    fn told(&mut self, ms: u64) -> Option<i64> {
        let seen = Seen::Told(self.at(ms));
        self.turns.owner(seen, None)
    }

    fn stamp(&self, taken: u64) -> Stamp {
        let at_ms = self.clock_ms + i64::try_from(taken).unwrap();
        Stamp {
            camera: "a camera".to_owned(),
            at_ms: at_ms - at_ms.rem_euclid(self.within_ms),
            within_ms: self.within_ms,
        }
    }

    /// A file of a shutter that fell at `taken`, told of at `seen`.
    fn file(&mut self, taken: u64, seen: u64) -> Option<i64> {
        let stamp = self.stamp(taken);
        let seen = Seen::Told(self.at(seen));
        self.turns.owner(seen, Some(&stamp))
    }

    /// Test shots before the day: each takes its way.
    fn with_test_shots(mut self, way: u64) -> Self {
        for taken in [0, 3000, 6000] {
            assert_eq!(self.file(taken, taken + way), None, "nobody sits");
        }
        self
    }
}

#[test]
fn by_its_seeing_alone_a_picture_belongs_to_who_sat_long_enough() {
    let mut desk = Desk::new();
    desk.seated(Some(1), 0);
    desk.seated(Some(1), 4000);
    assert_eq!(desk.told(1000), None, "its shutter may have fallen before anybody sat");
    assert_eq!(desk.told(5000), Some(1));
    desk.seated(Some(2), 10_000);
    assert_eq!(desk.told(10_500), None);
    // Two seconds, or eight: of a burst the last files come as late.
    assert_eq!(desk.told(12_000), None);
    assert_eq!(desk.told(18_000), None);
    assert_eq!(desk.told(20_500), Some(2));
    desk.seated(None, 30_000);
    assert_eq!(desk.told(30_500), None);
    // Nobody sat for a while: nothing of theirs can be on its way.
    desk.seated(Some(3), 50_000);
    assert_eq!(desk.told(52_000), Some(3));
}

#[test]
fn what_was_there_before_or_is_only_found_is_nobodys() {
    let mut desk = Desk::new();
    desk.seated(Some(1), 0);
    assert_eq!(desk.turns.owner(Seen::Before, None), None);
    let stamp = desk.stamp(30_000);
    assert_eq!(desk.turns.owner(Seen::Before, Some(&stamp)), None);
    let found = Seen::Found(desk.at(60_000));
    assert_eq!(desk.turns.owner(found, None), None);
}

/// Eight frames of 24 megapixels: the first is judged and accepted and the next person sits down, while the others trickle in.
#[test]
fn a_burst_stays_with_its_sitter() {
    for within_ms in [10, 1000] {
        let mut desk = Desk::new();
        desk.within_ms = within_ms;
        let mut desk = desk.with_test_shots(700);
        desk.seated(Some(1), 20_000);
        assert_eq!(desk.file(26_000, 26_700), Some(1), "{within_ms}");
        assert_eq!(desk.file(26_200, 27_600), Some(1));
        desk.seated(Some(2), 28_900);
        for nth in 2..8 {
            let (taken, seen) = (26_000 + nth * 200, 26_700 + nth * 900);
            assert_eq!(desk.file(taken, seen), Some(1), "frame {nth}, {within_ms}");
        }
        // The next one's own, as soon as it cannot be the other's.
        let one = desk.file(29_000, 33_900);
        assert_ne!(one, Some(1));
        assert_eq!(desk.file(33_500, 34_300), Some(2));
    }
}

#[test]
fn without_test_shots_the_first_pictures_are_given_away_with_more_care() {
    let mut desk = Desk::new();
    desk.seated(Some(1), 0);
    assert_eq!(desk.file(2000, 2700), None, "it may have been five seconds on its way");
    assert_eq!(desk.file(6000, 6700), Some(1));
    desk.seated(Some(2), 9000);
    // Three were seen.
    assert_eq!(desk.file(12_000, 12_700), Some(2));
}

#[test]
fn in_the_moment_of_the_change_a_picture_is_nobodys() {
    let mut desk = Desk::new().with_test_shots(700);
    desk.seated(Some(1), 20_000);
    desk.seated(Some(2), 30_000);
    assert_eq!(desk.file(29_900, 30_600), None);
    assert_eq!(desk.file(30_300, 31_000), None);
    assert_eq!(desk.file(32_000, 32_700), Some(2));
}

#[test]
fn a_share_that_is_looked_at_now_and_then_is_told_by_the_cameras_clock() {
    let mut desk = Desk::new().with_test_shots(700);
    let found = |desk: &mut Desk, taken: u64, seen: u64| {
        let stamp = desk.stamp(taken);
        let seen = Seen::Found(desk.at(seen));
        desk.turns.owner(seen, Some(&stamp))
    };
    desk.seated(Some(1), 20_000);
    assert_eq!(found(&mut desk, 24_000, 28_000), Some(1));
    desk.seated(Some(2), 30_000);
    assert_eq!(found(&mut desk, 25_000, 34_000), Some(1), "right after the one before");
    assert_eq!(found(&mut desk, 33_000, 36_000), Some(2));
}

#[test]
fn a_backlog_is_nobodys_and_spoils_no_clock() {
    let mut desk = Desk::new().with_test_shots(700);
    desk.seated(Some(1), 20_000);
    desk.seated(Some(2), 40_000);
    // The radio was away: pictures of minutes come within seconds.
    desk.seated(Some(3), 300_000);
    for nth in 0..8 {
        assert_eq!(desk.file(42_000 + nth * 12_000, 310_000 + nth * 4000), None);
    }
    assert_eq!(desk.file(345_000, 345_800), Some(3));
}

#[test]
fn a_clock_that_was_set_is_noticed() {
    // Forward: believed at once, with the care of a first file.
    let mut desk = Desk::new().with_test_shots(700);
    desk.seated(Some(1), 20_000);
    desk.seated(Some(2), 30_000);
    desk.clock_ms += 3_600_000;
    assert_eq!(desk.file(33_000, 33_700), None);
    assert_eq!(desk.file(36_000, 36_700), Some(2));
    // Back by an hour: nobody's, until several say the same over a while.
    desk.clock_ms -= 3_600_000;
    for taken in [40_000, 47_000, 54_000, 61_000] {
        assert_eq!(desk.file(taken, taken + 700), None);
    }
    assert_eq!(desk.file(68_000, 68_700), Some(2));
    // Back by a little, so that it looks like a late picture of whoever has gone: not theirs.
    desk.seated(Some(3), 80_000);
    desk.clock_ms -= 15_000;
    assert_eq!(desk.file(90_000, 90_700), None);
}

#[test]
fn another_campaign_leaves_nobody_seated() {
    let mut desk = Desk::new().with_test_shots(700);
    desk.seated(Some(1), 20_000);
    desk.turns.begin_anew();
    assert_eq!(desk.file(26_000, 26_700), None);
    assert_eq!(desk.told(40_000), None);
    desk.seated(Some(2), 50_000);
    assert_eq!(desk.file(55_000, 55_700), Some(2));
}

#[test]
fn each_camera_has_its_own_clock() {
    let mut desk = Desk::new().with_test_shots(700);
    desk.seated(Some(1), 20_000);
    let other = Stamp {
        camera: "another".to_owned(),
        at_ms: 5,
        within_ms: 1000,
    };
    let seen = Seen::Told(desk.at(29_000));
    assert_eq!(desk.turns.owner(seen, Some(&other)), Some(1));
    assert_eq!(desk.file(29_500, 30_200), Some(1));
}

/// Numbers from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, least: u64, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        least + self.0 % (most - least + 1)
    }
}

/// Days of sittings and bursts, the next one seated at any moment, over a cable that hands over one file after the other.
#[test]
fn over_many_days_nobody_is_given_another_ones_picture() {
    let (mut given, mut all) = (0_u32, 0_u32);
    for seed in 1..=400_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let mut desk = Desk::new();
        desk.within_ms = [1, 10, 100, 1000][dice.roll(0, 3) as usize];
        desk.clock_ms += i64::try_from(dice.roll(0, 7_200_000)).unwrap();
        let per_file = dice.roll(200, 1200);
        // Who sat from when on, and each picture: by whom, taken and seen when.
        let (mut turns, mut files, mut now, mut cable) = (Vec::new(), Vec::new(), 20_000_u64, 0_u64);
        for slot in 1..=30_i64 {
            let leaves = now + dice.roll(2000, 20_000);
            turns.push((now, Some(slot)));
            let mut at = now + dice.roll(0, 3000);
            while at < leaves {
                for _ in 0..dice.roll(1, 8) {
                    if at < leaves {
                        cable = (at + dice.roll(300, 1400)).max(cable + per_file);
                        files.push((slot, at, cable));
                    }
                    at += dice.roll(90, 400);
                }
                at += dice.roll(2000, 9000);
            }
            now = leaves;
            if dice.roll(0, 3) == 0 {
                turns.push((now, None));
                now += dice.roll(100, 8000);
            }
        }
        let mut turns = turns.into_iter().peekable();
        for (slot, taken, seen) in files {
            while let Some((at, who)) = turns.next_if(|(at, _)| *at <= seen) {
                desk.seated(who, at);
            }
            let owner = desk.file(taken, seen);
            assert!(
                owner.is_none_or(|o| o == slot),
                "seed {seed}: of {slot}, taken {taken}, seen {seen}, given to {owner:?}"
            );
            all += 1;
            given += u32::from(owner.is_some());
        }
    }
    // Care is not refusal.
    assert!(given * 10 > all * 6, "{given} of {all}");
}
