//! One life of the station: started, listened to, killed. What it announced is collected line by line.
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Longest start, in a debug build on a machine that does other things as well.
const START: Duration = Duration::from_secs(120);
/// Longest last run: thousands of photos may wait to be sent.
const END: Duration = Duration::from_secs(1_200);

/// Everything a life said is safe.
#[derive(Default)]
pub struct Announced {
    /// Shot id to the hash of the frame it shows.
    pub pictures: BTreeMap<String, String>,
    /// Order id to the hash of its photo.
    pub orders: BTreeMap<String, String>,
    heads: BTreeSet<u64>,
}

impl Announced {
    fn take(&mut self, event: &Value) {
        let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        match event["event"].as_str() {
            Some("picture") => drop(self.pictures.insert(text("shot"), text("sha256"))),
            Some("saved") => {
                self.heads.extend(event["head"].as_u64());
                self.orders.insert(text("order"), text("sha256"));
            }
            _ => {}
        }
    }

    /// Heads up to the last with an order. One in between may be missing: killed after it was saved, before it was announced.
    pub fn heads(&self) -> u32 {
        self.heads.last().map_or(0, |last| u32::try_from(last + 1).unwrap())
    }
}

impl std::fmt::Display for Announced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "announced: {} pictures, {} orders",
            self.pictures.len(),
            self.orders.len()
        )
    }
}

/// A running station.
pub struct Life {
    child: Child,
    lines: Receiver<Value>,
}

impl Life {
    pub fn begin(program: &Path, day: &Path, frames: &Path, heads: u32) -> Self {
        let mut child = Command::new(program)
            .arg("--data")
            .arg(day)
            .args([
                "--format",
                "json",
                "rehearse",
                "--announce",
                "--resume",
                "--on-fail",
                "override",
            ])
            .args(["--heads", &heads.to_string(), "--frames"])
            .arg(frames)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        let (send, lines) = channel();
        std::thread::spawn(move || {
            // Lines until the pipe ends. A line the kill cut in half was not announced.
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let Ok(value) = serde_json::from_str(&line) else {
                    continue;
                };
                if send.send(value).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    pub fn wait_ready(&mut self, announced: &mut Announced) {
        let end = Instant::now() + START;
        loop {
            let line = self.lines.recv_timeout(end.saturating_duration_since(Instant::now()));
            let line = line.expect("the station starts again after the kill");
            announced.take(&line);
            if line["event"] == "ready" {
                return;
            }
        }
    }

    /// Waits for the next announcement.
    pub fn hear_one(&mut self, announced: &mut Announced) {
        announced.take(&self.lines.recv_timeout(START).expect("the station goes on"));
    }

    /// Hears what is announced for a while.
    pub fn listen(&mut self, time: Duration, announced: &mut Announced) {
        let end = Instant::now() + time;
        loop {
            match self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => announced.take(&line),
                Err(RecvTimeoutError::Timeout) => return,
                Err(RecvTimeoutError::Disconnected) => panic!("the station ended by itself"),
            }
        }
    }

    /// SIGKILL. What was in the pipe by then was announced, too.
    pub fn kill(mut self, announced: &mut Announced) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.lines.iter().for_each(|line| announced.take(&line));
    }

    /// Plays to the end; the summary.
    pub fn finish(mut self, announced: &mut Announced) -> Value {
        let end = Instant::now() + END;
        let mut last = Value::Null;
        loop {
            match self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    announced.take(&line);
                    last = line;
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("the last run did not end"),
            }
        }
        assert!(self.child.wait().unwrap().success(), "the last run is clean: {last}");
        last
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        // After an assertion: nothing may go on running. Killed and waited for already, this does nothing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
