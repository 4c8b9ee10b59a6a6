//! The station's windows as people use them: chromium against a real `station serve`, with a real center and the payment provider's
//! sandbox behind it (`ui/tests/station`). `cargo xtask test --only screens` builds the screens first.
#![allow(clippy::unwrap_used, missing_docs, dead_code, clippy::print_stdout)]
mod desk;
mod kiosk;
#[path = "../../../../tests/station/kit.rs"]
mod kit;

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A serving `station`; told to stop when dropped.
pub struct Serving {
    child: Child,
    /// With the token in it.
    pub url: String,
    token: String,
    folder: tempfile::TempDir,
}

impl Serving {
    /// A station with the replay camera over a folder of frames.
    pub fn start(frames: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_station"))
            .arg("--data")
            .arg(folder.path())
            .args(["serve", "--listen", "127.0.0.1:0", "--ui"])
            .arg(kit::repository("ui/dist"))
            .arg("--frames")
            .arg(frames)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let said: Value = serde_json::from_str(&line).expect("the station starts: are the screens built?");
        let serving = Self {
            url: said["url"].as_str().unwrap().to_owned(),
            token: said["token"].as_str().unwrap().to_owned(),
            child,
            folder,
        };
        let cameras = serving.call(&json!({ "call": "cameras" }));
        let replay = cameras["cameras"]
            .as_array()
            .unwrap()
            .iter()
            .find(|c| c["kind"] == "replay");
        serving.call(&json!({ "call": "choose_camera", "args": { "id": replay.unwrap()["id"] } }));
        serving
    }

    /// Enrols with a center.
    pub fn enrol(&self, center: &kit::Center) {
        let code = center.central.enrol_code(kit::SCHOOL).unwrap().code;
        self.call(&json!({ "call": "enrol", "args": { "url": center.url(), "code": code } }));
    }

    /// Takes a campaign up, once the center has told of it.
    pub fn choose(&self, campaign: &str) {
        let known = || {
            self.call(&json!({ "call": "campaigns" }))
                .to_string()
                .contains(campaign)
        };
        kit::until("the campaign is known", known);
        self.call(&json!({ "call": "choose_campaign", "args": { "id": campaign } }));
    }

    /// Makes a call as a window does.
    pub fn call(&self, call: &Value) -> Value {
        let host = self.url.split('/').nth(2).unwrap();
        let (body, token) = (call.to_string(), &self.token);
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "POST /call HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, said) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{}: {said}", call["call"]);
        serde_json::from_str(said).unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = Command::new("kill")
            .arg("-TERM")
            .arg(self.child.id().to_string())
            .status();
        let _ = self.child.wait();
    }
}

/// Runs a journey. A line it prints that begins with `@` is a wish about the world outside the window; it waits for the answer.
pub fn journey(script: &str, arguments: &[&str], mut world: impl FnMut(&[&str]) -> String) {
    let mut child = Command::new("node")
        .arg(kit::repository(script))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is there");
    let mut wishes = child.stdin.take().unwrap();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        match line.strip_prefix('@') {
            Some(wish) => {
                let words: Vec<&str> = wish.split(' ').collect();
                let answer = world(&words);
                writeln!(wishes, "{answer}").unwrap();
            }
            None => println!("{line}"),
        }
    }
    assert!(child.wait().unwrap().success(), "{script}");
}
