//! What do the models find on the test portraits, and what does each stage cost?
//!
//! `cargo run -p face --example face_cost [FOLDER]`: one line for each picture, then the CPU time. `perf record` on it
//! shows where a model spends it.
#![allow(clippy::print_stdout)]
use face::{FaceModels, Speed, Timings};
use photo::{Limits, Picture, Scale, decode};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let portraits = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/portraits");
    let folder = std::env::args_os()
        .nth(1)
        .map_or_else(|| portraits.join("raw"), PathBuf::from);
    let start = Instant::now();
    let models = FaceModels::embedded()?;
    println!("models loaded in {:?}", start.elapsed());

    let labels = std::fs::read_to_string(portraits.join("labels.csv"))?;
    let mut files: Vec<_> = std::fs::read_dir(folder)?
        .map(|e| e.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut pictures = Vec::new();
    for file in &files {
        pictures.push(decode(&std::fs::read(file)?, Scale::Full, &Limits::default())?.picture);
    }
    for (file, picture) in files.iter().zip(&pictures) {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let label: Vec<&str> = labels
            .lines()
            .find(|l| l.starts_with(&format!("{name}.")))
            .unwrap_or_default()
            .split(',')
            .collect();
        let cell = |i: usize| label.get(i).copied().unwrap_or("");
        let (faces, _) = models.find(picture, Speed::Full)?;
        let Some(main) = faces.main() else {
            println!("{name:24} no face");
            continue;
        };
        let (pose, shapes) = (main.pose, main.blendshapes.unwrap_or_default());
        println!(
            "{name:24} faces {} score {:.2} yaw {:6.1} {:8} pitch {:6.1} {:5} roll {:6.1} {:6} jaw {:.2} smile {:.2} {:13} blink {:.2} {:.2} away {:.2} {}",
            faces.faces.len(),
            main.score,
            pose.yaw,
            cell(6),
            pose.pitch,
            cell(7),
            pose.roll,
            cell(8),
            shapes.jaw_open,
            shapes.smile,
            cell(9),
            shapes.blink_left,
            shapes.blink_right,
            shapes.look_away,
            cell(10),
        );
    }
    cost("full", &pictures, |p| Ok(models.find(p, Speed::Full)?.1))?;
    cost("live", &pictures, |p| Ok(models.find(p, Speed::Live)?.1))?;
    let known = models.find(&pictures[0], Speed::Live)?.0;
    if let Some(face) = known.main() {
        cost("track", &pictures, |p| Ok(models.track(p, face)?.1))?;
    }
    Ok(())
}

/// Prints the mean CPU time of the process and the mean time on the clock for each stage.
fn cost(name: &str, pictures: &[Picture], run: impl Fn(&Picture) -> Result<Timings, Failure>) -> Result<(), Failure> {
    let count = pictures.len() as u32;
    let (cpu, mut sum) = (cpu_time(), Timings::default());
    for picture in pictures {
        let t = run(picture)?;
        sum.detect += t.detect;
        sum.landmarks += t.landmarks;
        sum.blendshapes += t.blendshapes;
        sum.mask += t.mask;
    }
    let cpu = (cpu_time() - cpu) / count;
    let [detect, landmarks, shapes, mask] =
        [sum.detect, sum.landmarks, sum.blendshapes, sum.mask].map(|d| (d / count).as_secs_f64() * 1e3);
    println!(
        "{name}: {:.1} ms CPU; on the clock: detect {detect:.1}, landmarks {landmarks:.1}, blendshapes {shapes:.1}, mask {mask:.1} ms",
        cpu.as_secs_f64() * 1e3
    );
    Ok(())
}

/// CPU time of all threads of this process so far (Linux; zero elsewhere).
fn cpu_time() -> Duration {
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let nanos = threads.filter_map(|thread| {
        let stat = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        stat.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanos.sum())
}
