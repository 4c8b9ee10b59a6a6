//! What does a verdict cost at each of the three speeds? One JSON line: medians in milliseconds, and the peak of the memory.
//!
//! `cargo run --release -p assess --example verdict_cost [FOLDER]`; `cargo xtask bench verdict` sets it beside its peers.
#![allow(clippy::print_stdout)]
use assess::{Assessor, Specs, Timings};
use domain::{PhotoSpec, SizePx, SpecId};
use photo::{Chroma, Encoding, Huffman, Limits, Scale, decode, encode};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

type Failure = Box<dyn std::error::Error>;

/// Passes over all pictures; the first warms up and does not count.
const PASSES: usize = 4;
/// Runs on the one large picture.
const LARGE_RUNS: usize = 9;

fn main() -> Result<(), Failure> {
    let frames = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/portraits/studio");
    let folder = std::env::args_os().nth(1).map_or(frames, PathBuf::from);
    let specs = Specs::builtin()?;
    let spec = specs
        .get(&SpecId("chsi-graduate-2017".to_owned()))
        .ok_or("the standard is missing")?;
    let assessor = Assessor::new()?;
    let mut files: Vec<_> = std::fs::read_dir(folder)?
        .map(|e| e.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let pictures: Vec<Vec<u8>> = files.iter().map(std::fs::read).collect::<Result<_, _>>()?;

    let decoding = each(&pictures, |jpeg| drop(decode(jpeg, Scale::Full, &Limits::default())));
    let mut stages = Vec::new();
    let gate = each(&pictures, |jpeg| drop(assessor.assess(jpeg, spec)));
    let verdict = each(&pictures, |jpeg| {
        stages.push(assessor.assess_and_finish(jpeg, spec).0.timings);
    });
    let points: Vec<_> = pictures
        .iter()
        .map(|jpeg| assessor.assess(jpeg, spec).landmarks)
        .collect();
    let mut next = points.iter().cycle();
    let template = each(&pictures, |jpeg| {
        drop(next.next().and_then(|landmarks| assessor.template(jpeg, landmarks)));
    });
    let (fresh, followed) = live(&assessor, spec, &pictures)?;
    let large = large(pictures.first().ok_or("no pictures")?)?;
    let large_gate = (0..LARGE_RUNS)
        .map(|_| cost(|| drop(assessor.assess(&large, spec))))
        .collect();
    let large_verdict = (0..LARGE_RUNS)
        .map(|_| cost(|| drop(assessor.assess_and_finish(&large, spec))))
        .collect();
    let line = json!({
        "pictures": pictures.len(),
        "decode": summary(decoding),
        "gate": summary(gate),
        "verdict": summary(verdict),
        "stages": stage_medians(&stages),
        "live_fresh": summary(fresh),
        "live_followed": summary(followed),
        "template": summary(template),
        "large_gate": summary(large_gate),
        "large_verdict": summary(large_verdict),
        "peak_mb": peak_mb(),
    });
    println!("{line}");
    Ok(())
}

/// Wall and CPU time of one call, all threads.
fn cost(work: impl FnOnce()) -> (Duration, Duration) {
    let (wall, cpu) = (Instant::now(), cpu_time());
    work();
    (wall.elapsed(), cpu_time().saturating_sub(cpu))
}

fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

fn each(pictures: &[Vec<u8>], mut work: impl FnMut(&[u8])) -> Vec<(Duration, Duration)> {
    let mut costs = Vec::new();
    for pass in 0..PASSES {
        for jpeg in pictures {
            let spent = cost(|| work(jpeg));
            if pass > 0 {
                costs.push(spent);
            }
        }
    }
    costs
}

/// A hint on a frame as the camera sends it: looking afresh, and following the face of the frame before.
#[allow(clippy::type_complexity)]
fn live(
    assessor: &Assessor,
    spec: &PhotoSpec,
    pictures: &[Vec<u8>],
) -> Result<(Vec<(Duration, Duration)>, Vec<(Duration, Duration)>), Failure> {
    let fresh = each(pictures, |jpeg| drop(assessor.live_jpeg(jpeg, spec, None)));
    let mut followed = Vec::new();
    for jpeg in pictures {
        let before = assessor.live_jpeg(jpeg, spec, None)?;
        let again = || drop(assessor.live_jpeg(jpeg, spec, Some(&before.faces)));
        followed.extend((0..PASSES).map(|_| cost(again)));
    }
    Ok((fresh, followed))
}

/// The picture as a camera of 24 megapixels would write it.
fn large(jpeg: &[u8]) -> Result<Vec<u8>, Failure> {
    let size = SizePx {
        width: 6000,
        height: 4000,
    };
    let picture = decode(jpeg, Scale::Full, &Limits::default())?.picture.resize(size);
    let encoding = Encoding {
        quality: 92,
        chroma: Chroma::HalfAcross,
        huffman: Huffman::Standard,
        dpi: 300,
    };
    Ok(encode(&picture, encoding)?)
}

fn median(mut values: Vec<Duration>) -> f64 {
    values.sort();
    values
        .get(values.len() / 2)
        .map_or(f64::NAN, |d| (d.as_secs_f64() * 1e5).round() / 100.0)
}

fn summary(costs: Vec<(Duration, Duration)>) -> Value {
    let (wall, cpu) = costs.into_iter().unzip();
    json!({ "wall_ms": median(wall), "cpu_ms": median(cpu) })
}

fn stage_medians(stages: &[Timings]) -> Value {
    let of = |stage: fn(&Timings) -> Duration| median(stages.iter().map(stage).collect());
    json!({
        "decode": of(|t| t.decode),
        "detect": of(|t| t.detect),
        "landmarks": of(|t| t.landmarks),
        "mask": of(|t| t.mask),
        "measures": of(|t| t.measures),
        "finish": of(|t| t.finish),
        "total": of(|t| t.total),
    })
}

/// The most memory this process has held (Linux; `null` elsewhere).
fn peak_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    let kb: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some((kb / 102.4).round() / 10.0)
}
