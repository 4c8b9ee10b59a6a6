//! Does a camera hold through minutes of bad luck: unplugged, silent, torn, opened anew at random? Every frame that is asked for is
//! accounted for, none is strange, and memory stays flat. `cargo xtask test --only camera-soak`.
use crate::lab::{PATIENCE, frames, opened, plugged};
use camera::mode::Wish;
use camera::{CameraError, CameraHandle, CameraState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use testkit::webcam::{Look, Play, Webcam};

/// Most that memory may grow from the second quarter of the run to the last, in percent.
const GROWTH_PERCENT: f64 = 5.0;
/// Between two frames that are asked for.
const PAUSE: Duration = Duration::from_millis(150);

fn cheap() -> Look {
    Look {
        name: "Lab Soak".to_owned(),
        serial: "SO1".to_owned(),
        plays: vec![Play {
            size: (640, 480),
            fps: 15,
            frames: frames("480"),
        }],
    }
}

/// What was asked for, and what became of it.
#[derive(Debug, Default)]
struct Account {
    asked: u32,
    taken: u32,
    without_camera: u32,
    in_vain: u32,
    strange: u32,
    /// Resident memory with the time it was read.
    memory: Vec<(Duration, f64)>,
}

impl Account {
    fn ask(&mut self, camera: &CameraHandle, known: &[Vec<u8>]) {
        self.asked += 1;
        let asked = Instant::now();
        match camera.capture(Duration::from_secs(2)) {
            Ok(still) => {
                let is_known = known.iter().any(|k| k[..] == still.jpeg[..]);
                self.strange += u32::from(!is_known || still.taken < asked);
                self.taken += 1;
            }
            Err(CameraError::NotReady { .. }) => self.without_camera += 1,
            Err(CameraError::NoStill { .. }) => self.in_vain += 1,
            Err(other) => panic!("neither taken nor refused: {other}"),
        }
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
        taken.iter().sum::<f64>() / taken.len().max(1) as f64
    }
}

/// Bad luck, from a seed.
struct Luck {
    chance: u64,
    unplugged: u32,
    silent: u32,
    torn: u32,
    anew: u32,
}

impl Luck {
    fn dice(&mut self, sides: u64) -> u64 {
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.chance >> 33) % sides
    }

    fn strike(&mut self, webcam: Webcam, camera: &CameraHandle) -> Webcam {
        let ms = Duration::from_millis(200 + self.dice(2500));
        match self.dice(4) {
            0 => {
                self.unplugged += 1;
                webcam.unplug();
                std::thread::sleep(ms);
                return Webcam::plug(0, cheap()).unwrap();
            }
            1 => {
                self.silent += 1;
                webcam.set_silent(true);
                std::thread::sleep(ms);
                webcam.set_silent(false);
            }
            2 => {
                self.torn += 1;
                webcam.tear_every(2);
                std::thread::sleep(ms);
                webcam.tear_every(0);
            }
            _ => {
                self.anew += 1;
                camera.open_anew();
            }
        }
        webcam
    }
}

/// So many seconds, the first argument after the case's name.
pub fn minutes() -> String {
    let seconds: u64 = std::env::args().nth(2).map_or(600, |s| s.parse().unwrap());
    let (whole, began) = (Duration::from_secs(seconds), Instant::now());
    let known = frames("480");
    let (webcam, id) = plugged(0, cheap());
    let camera = opened(&id, Wish::default());
    camera.wait_newer(0, PATIENCE).expect("a frame");
    let over = AtomicBool::new(false);
    let mut account = Account::default();
    let (luck, webcam) = std::thread::scope(|scope| {
        let struck = scope.spawn(|| {
            let (mut webcam, mut luck) = (
                webcam,
                Luck {
                    chance: 7,
                    unplugged: 0,
                    silent: 0,
                    torn: 0,
                    anew: 0,
                },
            );
            while !over.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(500 + luck.dice(3000)));
                webcam = luck.strike(webcam, &camera);
            }
            (luck, webcam)
        });
        while began.elapsed() < whole {
            account.ask(&camera, &known);
            account.memory.push((began.elapsed(), resident_mb()));
            std::thread::sleep(PAUSE);
        }
        over.store(true, Ordering::Relaxed);
        struck.join().unwrap()
    });
    // At the end it works as at the beginning, without a restart of anything.
    crate::lab::until_state(&camera, &CameraState::Streaming);
    camera.capture(PATIENCE).expect("a last still");
    drop(webcam);
    let accounted = account.taken + account.without_camera + account.in_vain;
    assert_eq!((account.asked, account.strange), (accounted, 0), "{account:?}");
    let (early, late) = (account.mean(whole, 0.25..0.5), account.mean(whole, 0.75..1.1));
    let growth = (late / early - 1.0) * 100.0;
    assert!(growth <= GROWTH_PERCENT, "memory grew from {early:.1} to {late:.1} MB");
    format!(
        "{} asked: {} taken, {} without a camera, {} in vain, 0 strange; {} unplugged, {} silent, {} torn, {} anew; {:?}; memory {early:.1} MB, then {late:.1} MB",
        account.asked,
        account.taken,
        account.without_camera,
        account.in_vain,
        luck.unplugged,
        luck.silent,
        luck.torn,
        luck.anew,
        camera.counters(),
    )
}

fn resident_mb() -> f64 {
    // Counted page by page: the short account (`statm`) lags behind by as much as this program has.
    let account = std::fs::read_to_string("/proc/self/smaps_rollup").unwrap();
    let line = account.lines().find(|l| l.starts_with("Rss:")).unwrap();
    let kb: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kb * 1024.0 / 1e6
}
