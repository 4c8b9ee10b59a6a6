//! Does killing the station lose anything it has announced? `kill -9` at random moments of a rehearsal, again and again.
//! Run by `cargo test -p station --features kill --test kill -- --nocapture`; `XUEYING_KILLS` sets how often (200).
#![allow(clippy::unwrap_used, missing_docs, clippy::print_stdout)]
mod life;
mod store_of;

use life::{Announced, Life};
use station::rehearse::Dice;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store_of::Checked;

/// Heads of the day that is killed: more than all lives together can take.
const NEVER_FINISHED: u32 = 10_000;
/// Most announcements of a life that are waited for, and the longest time from the last of them to the kill. Counting
/// announcements keeps the day going on a slow machine; the time puts the kill anywhere within the step that follows.
const LIFE_EVENTS: u64 = 6;
const LIFE_MS: u64 = 1_200;
/// Every so many lives one is killed within this time of its start, on top of those that are counted.
const STARTS: u32 = 5;
const START_MS: u64 = 800;

#[test]
fn no_announced_picture_or_order_is_lost_by_kill_9() {
    let kills: u32 = number("XUEYING_KILLS", 200);
    let seed: u32 = number("XUEYING_KILL_SEED", 1);
    let folder = tempfile::tempdir().unwrap();
    let day = folder.path().join("day");
    let program = own_copy(folder.path());
    let frames = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/portraits/studio");

    let mut dice = Dice(u64::from(seed));
    let mut announced = Announced::default();
    for kill in 1..=kills {
        if kill % STARTS == 1 {
            // Killed while it starts, too: before its key, its store or its camera is there.
            let mut starting = Life::begin(&program, &day, &frames, NEVER_FINISHED);
            starting.listen(Duration::from_millis(dice.roll(START_MS)), &mut announced);
            starting.kill(&mut announced);
        }
        let mut life = Life::begin(&program, &day, &frames, NEVER_FINISHED);
        life.wait_ready(&mut announced);
        for _ in 0..dice.roll(LIFE_EVENTS) {
            life.hear_one(&mut announced);
        }
        life.listen(Duration::from_millis(dice.roll(LIFE_MS)), &mut announced);
        life.kill(&mut announced);
        if kill.is_multiple_of(20) {
            println!("{kill} kills, {announced}");
        }
    }

    let checked = Checked::of(&day.join("station"), &announced);
    println!("kills {kills}, {announced}; after the last kill: {checked}");
    assert!(
        announced.pictures.len() >= kills as usize / 2,
        "hardly a picture was taken: {announced}"
    );
    assert!(checked.is_whole(), "{checked}: {:?}", checked.problems);

    // The day is brought to its end: what was taken reaches the center, each photo once and with its own bytes.
    let heads = announced.heads();
    let last = Life::begin(&program, &day, &frames, heads).finish(&mut announced);
    println!("the day ends: {last}");
    for (count, expected) in [
        ("lost", 0),
        ("misfiled", 0),
        ("duplicates", 0),
        ("acknowledged", heads),
        ("orders", heads),
    ] {
        assert_eq!(last[count], expected, "{count}: {last}");
    }
    let checked = Checked::of(&day.join("station"), &announced);
    assert!(checked.is_whole(), "{checked}: {:?}", checked.problems);
    store_of::assert_commands_agree(&program, &day.join("station"), &announced);
    store_of::assert_center_holds(&day.join("center"), heads);
}

/// The program as it is now: a build of somebody else may replace it during the minutes this takes.
fn own_copy(folder: &Path) -> PathBuf {
    let copy = folder.join("station-under-test");
    std::fs::copy(env!("CARGO_BIN_EXE_station"), &copy).unwrap();
    copy
}

fn number(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().map_or(default, |n| n.parse().unwrap())
}
