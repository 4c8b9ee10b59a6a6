//! What does a real camera do here? `cargo run -p camera --example live -- [ID] [SECONDS]`
//!
//! Lists the cameras, opens one, prints each change of state, takes a shot a second and says how it went. No picture is written.
#![allow(clippy::print_stdout)]
use camera::controls::Settings;
use camera::{CameraHandle, CameraId, Limits};
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let present = camera::discover();
    for found in &present {
        println!("found {} {} ({})", found.id, found.name, found.kind.code());
    }
    let mut arguments = std::env::args().skip(1);
    let id: CameraId = match (arguments.next(), present.first()) {
        (Some(id), _) => id.parse()?,
        (None, Some(found)) => found.id.clone(),
        (None, None) => return Err("no camera found".into()),
    };
    let seconds: u64 = arguments.next().map_or(Ok(10), |text| text.parse())?;
    let camera = CameraHandle::start(camera::source(&id, Settings::default())?, Limits::default());
    let (started, mut shot) = (Instant::now(), Instant::now());
    let mut state = None;
    while started.elapsed() < Duration::from_secs(seconds) {
        let at = started.elapsed().as_secs_f32();
        let report = camera.report();
        if state.as_ref() != Some(&report.state) {
            println!("{at:6.2} s {:?}", report.state);
            state = Some(report.state);
        }
        if shot.elapsed() >= Duration::from_secs(1) {
            shot = Instant::now();
            match camera.capture(Duration::from_secs(1)) {
                Ok(still) => println!(
                    "{at:6.2} s shot {}: {}x{}, {} KB, began {} ms after it was asked for, ready after {} ms, {:.1} fps, {:?}",
                    still.sequence,
                    still.size.width,
                    still.size.height,
                    still.jpeg.len() / 1024,
                    still.taken.duration_since(shot).as_millis(),
                    shot.elapsed().as_millis(),
                    report.fps,
                    camera.counters(),
                ),
                Err(error) => println!("{at:6.2} s {error}"),
            }
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    camera.stop();
    println!("stopped after {:.2} s", started.elapsed().as_secs_f32());
    Ok(())
}
