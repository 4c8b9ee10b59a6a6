//! The camera lab: Debian's kernel in a virtual machine without KVM, webcams of ours plugged into its stock drivers, and the
//! cases of `tests/camera` as its only program. Three minutes; a hang is a failure.
mod initrd;
mod kernel;

use crate::program::{Fault, cargo, command, succeed, target};
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Longest silence: longer than any case may take. How long the whole takes depends on what else the machine does.
const PATIENCE: Duration = Duration::from_secs(240);

/// Cases that passed and that failed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outcome {
    /// Passed.
    pub passed: u32,
    /// Failed.
    pub failed: u32,
}

/// Builds, boots and reads the report.
pub fn run() -> Result<Outcome, Fault> {
    succeed(&mut cargo("build --workspace --example camera-lab"))?;
    let folder = target().join("lab");
    std::fs::create_dir_all(&folder).map_err(|source| Fault::File {
        path: folder.clone(),
        source,
    })?;
    let kernel = kernel::ready(&folder)?;
    let program = target().join("debug/examples/camera-lab");
    let frames = folder.join("frames");
    let mut draw = command(&program.to_string_lossy());
    succeed(draw.args(["draw", "tests/portraits/studio"]).arg(&frames))?;
    let image = initrd::pack(&folder, &kernel, &program, &frames)?;
    boot(&kernel, &image)
}

fn boot(kernel: &kernel::Kernel, image: &std::path::Path) -> Result<Outcome, Fault> {
    // Without KVM everywhere, so that what passes here passes on a machine that has none. A processor without AVX: QEMU 7.2,
    // Debian 12's, emulates one on which converted pictures come out broken on some hosts.
    let mut machine = command(
        "qemu-system-x86_64 -machine q35 -accel tcg,thread=multi -cpu Nehalem -smp 2 -m 1024 -nodefaults -no-reboot -display none -serial stdio",
    );
    machine
        .arg("-kernel")
        .arg(&kernel.image)
        .arg("-initrd")
        .arg(image)
        .args([
            "-append",
            "console=ttyS0 quiet loglevel=3 panic=-1 mitigations=off random.trust_cpu=on",
        ]);
    let started = machine.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = started.map_err(|source| Fault::Start {
        program: "qemu-system-x86_64".to_owned(),
        source,
    })?;
    let outcome = watch(&mut child);
    // It has powered itself off, or it hangs.
    let _ = child.kill();
    let _ = child.wait();
    Ok(outcome)
}

/// Counts the report's lines until the machine says it is done, ends or hangs.
fn watch(child: &mut Child) -> Outcome {
    let (sender, lines) = channel();
    if let Some(output) = child.stdout.take() {
        std::thread::spawn(move || {
            for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                let _ = sender.send(String::from_utf8_lossy(&line).trim().to_owned());
            }
        });
    }
    let mut outcome = Outcome::default();
    let began = Instant::now();
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => {
                println!("{line}");
                outcome.passed += u32::from(line.starts_with("lab ok "));
                outcome.failed += u32::from(line.starts_with("lab FAILED"));
                if line == "lab done" {
                    println!("the machine ran for {} s", began.elapsed().as_secs());
                    break;
                }
            }
            Err(why) => {
                let hangs = why == RecvTimeoutError::Timeout;
                println!(
                    "lab FAILED the machine {}",
                    if hangs { "hangs" } else { "ended without a report" }
                );
                outcome.failed += 1;
                break;
            }
        }
    }
    outcome
}
