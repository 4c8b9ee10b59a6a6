//! What does the test start, and how does it end on every way out? Each program is a group of its own, ended as one.
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longest time a program may take to end by itself.
const FAREWELL: Duration = Duration::from_secs(5);

/// A started program with everything it starts; ended when dropped.
pub struct Running {
    child: Child,
    /// What it says first, when it was asked to say something.
    pub first_line: String,
}

impl Running {
    /// Starts a program whose output nobody reads.
    pub fn start(command: &mut Command) -> Self {
        let child = command.stdin(Stdio::null()).process_group(0).spawn();
        Self {
            child: child.unwrap_or_else(|e| panic!("{command:?}: {e}")),
            first_line: String::new(),
        }
    }

    /// Starts a program and waits for its first line on standard output, at most 30 s.
    pub fn start_and_hear(command: &mut Command) -> Self {
        let mut running = Self::start(command.stdout(Stdio::piped()));
        let output = running.child.stdout.take().unwrap();
        let (say, hear) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // Read on after the first line: a full pipe would stop the program.
                let _ = say.send(line);
            }
        });
        running.first_line = hear
            .recv_timeout(Duration::from_secs(30))
            .expect("the program says that it is ready");
        running
    }

    fn signal(&self, signal: &str) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill")
            .args([signal, "--", &group])
            .stderr(Stdio::null())
            .status();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.signal("-TERM");
        let end = Instant::now() + FAREWELL;
        while Instant::now() < end {
            if !matches!(self.child.try_wait(), Ok(None)) {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        self.signal("-KILL");
        let _ = self.child.wait();
    }
}

/// Runs a program to its end and gives what it printed.
pub fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}
