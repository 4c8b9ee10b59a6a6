//! How is the driver spoken to? WebDriver is JSON over HTTP on loopback; the few commands used here need no client library,
//! and every one has a time limit.
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Times a command is given before the driver is given up.
const TRIES: u32 = 3;
/// Longest answer to one command; opening the window is the slowest.
const ANSWER: Duration = Duration::from_secs(60);
/// The key under which an element's id travels; a constant of the WebDriver standard.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// What the driver says of an element that can be pressed a moment later.
const PASSING: [&str; 2] = ["element not interactable", "element click intercepted"];

/// A session: one open window.
pub struct Session {
    port: u16,
    id: String,
}

/// An element of the page.
pub struct Element(String);

impl Session {
    /// Opens the program behind the driver on this port.
    pub fn open(port: u16, options: &Value) -> Self {
        let wanted = json!({ "capabilities": { "alwaysMatch": { "tauri:options": options } } });
        let answer = ask(port, "POST", "/session", Some(&wanted)).unwrap();
        Self {
            port,
            id: answer["sessionId"].as_str().unwrap().to_owned(),
        }
    }

    /// Runs a script in the page.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.try_run(script, arguments).unwrap()
    }

    /// Runs a script in the page, which may just be going away; the error is the driver's refusal.
    pub fn try_run(&self, script: &str, arguments: &[Value]) -> Result<Value, String> {
        let path = format!("/session/{}/execute/sync", self.id);
        let body = json!({ "script": script, "args": arguments });
        ask(self.port, "POST", &path, Some(&body))
    }

    /// The first element a script gives.
    pub fn element(&self, script: &str, arguments: &[Value]) -> Element {
        let found = self.run(script, arguments);
        Element(
            found[ELEMENT]
                .as_str()
                .unwrap_or_else(|| panic!("no element: {script} {arguments:?}"))
                .to_owned(),
        )
    }

    /// Presses the left button of the mouse on it; false when the driver finds it covered or moving.
    pub fn click(&self, element: &Element) -> bool {
        let path = format!("/session/{}/element/{}/click", self.id, element.0);
        match ask(self.port, "POST", &path, Some(&json!({}))) {
            Ok(_) => true,
            Err(refusal) if PASSING.iter().any(|p| refusal.contains(p)) => false,
            Err(refusal) => panic!("{refusal}"),
        }
    }

    /// Types into it.
    pub fn fill(&self, element: &Element, text: &str) {
        self.post(&format!("/element/{}/value", element.0), &json!({ "text": text }));
    }

    /// Presses and releases a key of the keyboard.
    pub fn key(&self, value: char) {
        let strokes = json!([{ "type": "keyDown", "value": value }, { "type": "keyUp", "value": value }]);
        self.post(
            "/actions",
            &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] }),
        );
    }

    /// The handle of the window turned to.
    pub fn window(&self) -> String {
        let path = format!("/session/{}/window", self.id);
        serde_json::from_value(ask(self.port, "GET", &path, None).unwrap()).unwrap()
    }

    /// The handles of all windows.
    pub fn windows(&self) -> Vec<String> {
        let path = format!("/session/{}/window/handles", self.id);
        let all = ask(self.port, "GET", &path, None).unwrap();
        serde_json::from_value(all).unwrap()
    }

    /// What follows is done in this window.
    pub fn turn_to(&self, window: &str) {
        self.post("/window", &json!({ "handle": window }));
    }

    /// Closes the window turned to, as its cross does.
    pub fn close_window(&self) {
        ask(self.port, "DELETE", &format!("/session/{}/window", self.id), None).unwrap();
    }

    /// Ends the session and with it the program.
    pub fn close(&self) {
        ask(self.port, "DELETE", &format!("/session/{}", self.id), None).unwrap();
    }

    fn post(&self, command: &str, body: &Value) -> Value {
        ask(self.port, "POST", &format!("/session/{}{command}", self.id), Some(body)).unwrap()
    }
}

/// One command, one answer. tauri-driver keeps a connection to WebKitWebDriver, which may close it just then: a command that
/// finds it closed is not carried out and gets no answer, and is given again.
fn ask(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
    (0..TRIES)
        .find_map(|_| attempt(port, method, path, body))
        .unwrap_or_else(|| panic!("{method} {path}: no answer in {TRIES} tries"))
}

/// One connection; nothing when it is closed without an answer. The inner error is the driver's refusal.
fn attempt(port: u16, method: &str, path: &str, body: Option<&Value>) -> Option<Result<Value, String>> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(ANSWER)).unwrap();
    stream.set_write_timeout(Some(ANSWER)).unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream
        .read_to_end(&mut answer)
        .unwrap_or_else(|e| panic!("{method} {path}: {e}"));
    if answer.is_empty() {
        return None;
    }
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let value: Value = serde_json::from_str(body).unwrap_or_else(|e| panic!("{method} {path}: {e}: {head}\n{body}"));
    Some(if head.starts_with("HTTP/1.1 200") {
        Ok(value["value"].clone())
    } else {
        Err(format!("{method} {path}: {value}"))
    })
}
