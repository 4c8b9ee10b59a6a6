//! The camera lab: Debian's kernel in a virtual machine without KVM, webcams of ours plugged into its stock drivers, and the
//! cases of `tests/camera` as its only program. Five minutes at most, and a hang is a failure; so is a case that does not report.
mod initrd;
mod kernel;
mod report;

use crate::program::{Fault, cargo, command, succeed, target};
use report::Report;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Longest time of the whole machine, from its start to its report.
const WHOLE: Duration = Duration::from_secs(300);
/// The machine's start and its drivers', besides the time of a soak.
const AROUND: Duration = Duration::from_secs(180);

/// Cases that passed and that failed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outcome {
    /// Passed.
    pub passed: u32,
    /// Failed.
    pub failed: u32,
}

/// A machine that is ready to boot.
struct Lab {
    kernel: kernel::Kernel,
    image: PathBuf,
    program: PathBuf,
}

/// Builds, boots and reads the report.
pub fn run() -> Result<Outcome, Fault> {
    let lab = ready()?;
    let cases = cases(&lab.program)?;
    lab.boot("", &cases, WHOLE)
}

/// One case of so many seconds: unplugged, silent, torn and opened anew at random.
pub fn soak(seconds: u64) -> Result<Outcome, Fault> {
    let case = format!("lab=soak,{seconds}");
    ready()?.boot(&case, &["soak".to_owned()], Duration::from_secs(seconds) + AROUND)
}

fn ready() -> Result<Lab, Fault> {
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
    Ok(Lab { kernel, image, program })
}

/// The names of the cases, from the program itself and before it is in the machine.
fn cases(program: &Path) -> Result<Vec<String>, Fault> {
    let asked = Command::new(program).arg("cases").output();
    let said = asked.map_err(|source| Fault::Start {
        program: program.display().to_string(),
        source,
    })?;
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    Ok(text.lines().map(str::to_owned).collect())
}

impl Lab {
    fn boot(&self, what: &str, cases: &[String], most: Duration) -> Result<Outcome, Fault> {
        // Without KVM everywhere, so that what passes here passes on a machine that has none. A processor without AVX: QEMU 7.2,
        // Debian 12's, emulates one on which converted pictures come out broken on some hosts.
        let mut machine = command(
            "qemu-system-x86_64 -machine q35 -accel tcg,thread=multi -cpu Nehalem -smp 2 -m 1024 -nodefaults -no-reboot -display none -serial stdio",
        );
        let settings = "console=ttyS0 quiet loglevel=3 panic=-1 mitigations=off random.trust_cpu=on";
        machine
            .arg("-kernel")
            .arg(&self.kernel.image)
            .arg("-initrd")
            .arg(&self.image)
            .arg("-append")
            .arg(format!("{settings} {what}").trim_end());
        let started = machine.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut child = started.map_err(|source| Fault::Start {
            program: "qemu-system-x86_64".to_owned(),
            source,
        })?;
        let outcome = watch(&mut child, cases, most);
        // It has powered itself off, or it hangs.
        let _ = child.kill();
        let _ = child.wait();
        Ok(outcome)
    }
}

/// Reads the report until the machine says it is done, ends or takes too long.
fn watch(child: &mut Child, cases: &[String], most: Duration) -> Outcome {
    let (sender, lines) = channel();
    if let Some(output) = child.stdout.take() {
        std::thread::spawn(move || {
            for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                let _ = sender.send(String::from_utf8_lossy(&line).trim().to_owned());
            }
        });
    }
    let mut report = Report::default();
    let began = Instant::now();
    loop {
        match lines.recv_timeout(most.saturating_sub(began.elapsed())) {
            Ok(line) => {
                println!("{line}");
                report.take(&line);
                if line == "lab done" {
                    println!(
                        "the machine ran for {} s of at most {}",
                        began.elapsed().as_secs(),
                        most.as_secs()
                    );
                    break;
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                report.fail(&format!("the machine is not done after {} s", most.as_secs()));
                break;
            }
            Err(RecvTimeoutError::Disconnected) => {
                report.fail("the machine ended without a report");
                break;
            }
        }
    }
    report.close(cases)
}
