//! Does a whole day hold, with a camera that is unplugged, falls silent and tears its frames at random, on a computer that sleeps now and
//! then? `cargo xtask test --only soak`. The driver's side of it is `--only camera-soak`.
//!
//! Eight hours at ten times the pace, or `SOAK_PACE` times; `SOAK_S` seconds of it, if told.
use crate::dozing::Dozing;
use crate::kit::{self, Center, Desk, SITTERS, code, frame_hash, frames, until};
use domain::OrderId;
use domain::code::DemoDecoder;
use station::session::{Acceptance, Rules};
use station::{CameraUse, Opening};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Most that memory may grow from the second quarter of the run to the last, in percent.
const GROWTH_PERCENT: f64 = 5.0;
/// A sitting, which is 300 an hour.
const SITTING: Duration = Duration::from_secs(12);
const DAY_S: u64 = 8 * 3600;

#[derive(Default)]
struct Day {
    heads: u64,
    unplugged: u32,
    stalled: u32,
    torn: u32,
    cut: u32,
    slept: u32,
    clock: Arc<Dozing>,
    chance: u64,
    /// Resident memory with the time it was read.
    memory: Vec<(Duration, f64)>,
    kept: Vec<(OrderId, usize)>,
}

#[test]
#[ignore = "48 minutes: cargo xtask test --only soak"]
fn a_day_with_a_bad_cable() {
    let told = |name: &str| std::env::var(name).ok().map(|s| s.parse::<u64>().unwrap());
    let pace = told("SOAK_PACE").unwrap_or(10);
    let whole = Duration::from_secs(told("SOAK_S").unwrap_or(DAY_S / pace));
    let sitting = SITTING / u32::try_from(pace).unwrap();
    let center = Center::with("graduate");
    let (mut day, began) = (Day::default(), Instant::now());
    let desk = station(&center, &day.clock);
    while began.elapsed() < whole {
        let sat = Instant::now();
        day.head(&desk);
        day.memory.push((began.elapsed(), resident_mb()));
        std::thread::park_timeout(sitting.saturating_sub(sat.elapsed()));
    }
    let last = day.kept[day.kept.len() - 1].0;
    desk.wait_acknowledged(last);
    until("everything is signed for", || desk.end_of_day().unwrap().safe_to_leave);
    let end = desk.end_of_day().unwrap();
    assert!(end.checks.iter().all(|c| c.holds), "{:?}", end.checks);
    // The sheet is of one day, and the sleeps may lead into another.
    assert_eq!(u64::from(desk.orders(None, None, 0, 1).unwrap().total), day.heads);
    for (order, sitter) in &day.kept {
        assert_eq!(
            desk.detail(*order).photo_sha256,
            frame_hash(SITTERS[*sitter]),
            "misfiled"
        );
    }
    desk.assert_holds();
    center.assert_holds();
    let (early, late) = (day.mean(whole, 0.25..0.5), day.mean(whole, 0.75..1.1));
    let growth = (late / early - 1.0) * 100.0;
    eprintln!(
        "{} heads in {} s: {} unplugged, {} stalled, {} torn, {} cut while taking, {} sleeps; {} releases, {} missed, {} pictures; memory {early:.0} MB, then {late:.0} MB ({growth:+.1} %)",
        day.heads,
        whole.as_secs(),
        day.unplugged,
        day.stalled,
        day.torn,
        day.cut,
        day.slept,
        end.counts.releases,
        end.counts.missed,
        end.counts.pictures
    );
    assert!(growth <= GROWTH_PERCENT, "memory grew by {growth:.1} %");
}

impl Day {
    fn dice(&mut self, sides: u64) -> u64 {
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.chance >> 33) % sides
    }

    /// One person, from the code to the order, whatever the camera does.
    fn head(&mut self, desk: &Desk) {
        let sitter = (self.heads % SITTERS.len() as u64) as usize;
        let serial = format!("SOAK-{:06}", self.heads);
        let code = DemoDecoder::encode(&serial, "演**", "430102********0000");
        desk.scan(code.as_bytes()).unwrap();
        desk.show(SITTERS[sitter]);
        match self.dice(12) {
            0 => self.unplug(desk),
            1 => self.stall(desk),
            2 => {
                self.torn += 1;
                desk.replay("torn 5").unwrap();
            }
            3 => self.cut(desk),
            4 => self.sleep(desk, sitter),
            _ => {}
        }
        if desk.seat().stage != "verdict" {
            desk.show(SITTERS[sitter]);
            desk.shoot().unwrap();
            desk.wait_verdict();
        }
        let order = desk.accept(Acceptance::Passed).unwrap();
        self.kept.push((order, sitter));
        self.heads += 1;
    }

    /// The cable is out when the shutter is pressed.
    fn unplug(&mut self, desk: &Desk) {
        self.unplugged += 1;
        desk.replay("unplug").unwrap();
        until("it is seen", || desk.snapshot().status.camera.state == "absent");
        assert_eq!(code(desk.shoot()), "camera_absent");
        assert_eq!(desk.seat().stage, "ready", "the seat is kept");
        plug_in(desk);
    }

    /// The camera falls silent; a release then may bring nothing, and is counted as such.
    fn stall(&mut self, desk: &Desk) {
        self.stalled += 1;
        desk.replay("stall").unwrap();
        if desk.shoot().is_ok() {
            until("the release ends", || desk.seat().stage != "taking");
        }
        desk.replay("resume").unwrap();
        streams(desk);
        until("it is settled", || {
            matches!(desk.seat().stage.as_str(), "ready" | "verdict")
        });
    }

    /// The cable comes out while the picture is taken.
    fn cut(&mut self, desk: &Desk) {
        self.cut += 1;
        desk.shoot().unwrap();
        desk.replay("unplug").unwrap();
        until("it is settled", || {
            matches!(desk.seat().stage.as_str(), "ready" | "verdict")
        });
        plug_in(desk);
    }

    /// The lid is closed for up to an hour, with or without a shot under way. Who sat is still there, and their photo waits for a key.
    fn sleep(&mut self, desk: &Desk, sitter: usize) {
        self.slept += 1;
        desk.show(SITTERS[sitter]);
        if self.dice(2) == 0 {
            desk.shoot().unwrap();
        }
        let told = notices(desk);
        desk.replay("sleep").unwrap();
        let minutes = 1 + self.dice(3);
        self.clock.sleep(minutes);
        until("the desk was told", || notices(desk) > told);
        streams(desk);
        until("it is settled", || {
            matches!(desk.seat().stage.as_str(), "ready" | "verdict")
        });
        assert!(desk.seat().accepts_in_ms.is_none());
    }

    /// Mean memory within a part of the run.
    fn mean(&self, whole: Duration, part: std::ops::Range<f64>) -> f64 {
        let within = |at: &Duration| part.contains(&(at.as_secs_f64() / whole.as_secs_f64()));
        let taken: Vec<f64> = self
            .memory
            .iter()
            .filter(|(at, _)| within(at))
            .map(|(_, mb)| *mb)
            .collect();
        taken.iter().sum::<f64>() / taken.len() as f64
    }
}

/// A station whose photos accept themselves, if it were not for the keys of this day.
fn station(center: &Center, clock: &Arc<Dozing>) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let opening = Opening {
        camera: CameraUse::ShotsOnly,
        rules: Rules {
            accept_after_ms: Some(3_600_000),
            ..Rules::default()
        },
        undo_ms: 0,
        clock: Arc::<Dozing>::clone(clock),
        ..Opening::new(folder.path().to_owned(), Some(frames().to_owned()))
    };
    let desk = Desk::opened(center, folder, opening);
    kit::on_replay(&desk);
    desk
}

/// The number of the newest notice that tells of a sleep.
fn notices(desk: &Desk) -> u64 {
    let slept = desk.view().notices.into_iter().filter(|n| n.code == "slept_seated");
    slept.map(|n| n.seq).max().unwrap_or(0)
}

fn plug_in(desk: &Desk) {
    desk.replay("replug").unwrap();
    streams(desk);
}

fn streams(desk: &Desk) {
    until("the camera streams", || {
        desk.snapshot().status.camera.state == "streaming"
    });
}

fn resident_mb() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    let resident: f64 = pages.split(' ').nth(1).unwrap().parse().unwrap();
    resident * 4096.0 / 1e6
}
