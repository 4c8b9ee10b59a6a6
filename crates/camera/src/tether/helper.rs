//! How is `xueying-tether` spoken to? Words on its standard input; from its standard output lines of JSON, each followed by as many
//! bytes as it says. It is ended with the stream it serves, whatever state it is in.
use super::picture;
use crate::card::{CardFile, Cause, Delivery};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Longest line: a card with fifty thousand pictures.
const MAX_LINE: u64 = 8 << 20;
/// Most bytes behind a line.
const MAX_BYTES: u64 = 128 << 20;
/// Events that wait to be heard: the newest frame is wanted, so hardly any.
const QUEUE: usize = 2;
const LOOK: Duration = Duration::from_millis(10);
/// Longest wait for it to let the camera go: live view ended, session closed. Then it hangs, and is killed.
const PARTING: Duration = Duration::from_millis(1500);

/// What the helper says.
#[derive(Debug)]
pub(super) enum Event {
    /// The camera is open.
    Opened,
    /// A live picture.
    Live(Arc<[u8]>),
    /// A picture of the card, why there is none, or the card's list.
    Delivery(Delivery),
    /// It ends; a stable code, and the port of the camera where it is known.
    Failed { code: String, port: Option<String> },
    /// It lives, or says something a newer one says.
    Other,
}

/// What waiting for the helper ended with.
pub(super) enum Heard {
    Event(Event),
    /// Nothing in time.
    Silence,
    /// It is gone.
    End,
}

/// A running helper.
#[derive(Debug)]
pub(super) struct Helper {
    child: Child,
    commands: ChildStdin,
    events: crossbeam_channel::Receiver<Event>,
}

impl Helper {
    pub fn start(program: &Path, model: &str) -> std::io::Result<Self> {
        let mut child = Command::new(program)
            .args(["run", model])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(commands), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        };
        let (tell, events) = crossbeam_channel::bounded(QUEUE);
        let read = move || {
            let mut output = BufReader::new(output);
            while let Some(event) = read(&mut output) {
                if tell.send(event).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("tether".to_owned()).spawn(read)?;
        Ok(Self {
            child,
            commands,
            events,
        })
    }

    /// Waits for what it says next.
    pub fn hear(&self, timeout: Duration) -> Heard {
        match self.events.recv_timeout(timeout) {
            Ok(event) => Heard::Event(event),
            Err(crossbeam_channel::RecvTimeoutError::Timeout) => Heard::Silence,
            Err(crossbeam_channel::RecvTimeoutError::Disconnected) => Heard::End,
        }
    }

    pub fn say(&mut self, line: &str) -> std::io::Result<()> {
        writeln!(self.commands, "{line}").and_then(|()| self.commands.flush())
    }
}

impl Drop for Helper {
    /// Asked to end, so that the camera is let go in order; killed when it does not. What it had in hand lies on the camera's card.
    fn drop(&mut self) {
        if self.say("quit").is_ok() {
            let end = Instant::now() + PARTING;
            while Instant::now() < end && matches!(self.child.try_wait(), Ok(None)) {
                // What it still says is read, for a full pipe would keep it from ending.
                if let Heard::End = self.hear(LOOK) {
                    std::thread::sleep(LOOK);
                }
            }
        }
        // Already gone, or hung.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The models of the cameras that are plugged in, and why it failed; no models when the helper fails or takes too long.
pub(super) fn list(program: &Path, patience: Duration) -> (Vec<String>, Option<String>) {
    let started = Command::new(program)
        .arg("list")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = started else {
        return (Vec::new(), None);
    };
    let end = Instant::now() + patience;
    while Instant::now() < end && matches!(child.try_wait(), Ok(None)) {
        std::thread::sleep(LOOK);
    }
    let _ = child.kill();
    let mut text = String::new();
    if let Some(output) = child.stdout.take() {
        // A few lines; they fit into the pipe.
        let _ = output.take(1 << 20).read_to_string(&mut text);
    }
    let _ = child.wait();
    let said: Vec<Value> = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let of = |event: &'static str, name: &'static str| {
        let lines = said.iter().filter(move |line| line["event"] == event);
        lines.filter_map(move |line| line[name].as_str().map(str::to_owned))
    };
    (of("found", "model").collect(), of("failed", "code").next())
}

/// The next event; none at the end, and at anything that is not of the protocol.
fn read(output: &mut impl BufRead) -> Option<Event> {
    let mut line = Vec::new();
    output.take(MAX_LINE).read_until(b'\n', &mut line).ok()?;
    let said: Value = serde_json::from_slice(&line).ok()?;
    let count = said["bytes"].as_u64().unwrap_or(0);
    if count > MAX_BYTES {
        return None;
    }
    let mut bytes = Vec::with_capacity(usize::try_from(count).ok()?);
    output.take(count).read_to_end(&mut bytes).ok()?;
    if bytes.len() as u64 != count {
        return None;
    }
    Some(event(&said, bytes))
}

fn event(said: &Value, bytes: Vec<u8>) -> Event {
    let word = |name: &str| said[name].as_str().unwrap_or_default();
    let cause = match word("cause") {
        "asked" => Cause::Asked,
        "fetched" => Cause::Fetched,
        _ => Cause::Button,
    };
    match word("event") {
        "opened" => Event::Opened,
        "live" => Event::Live(bytes.into()),
        "picture" => Event::Delivery(picture(cause, word("path"), bytes)),
        "no_picture" => Event::Delivery(Delivery::None {
            cause,
            why: word("why").to_owned(),
        }),
        "card" => {
            let files = said["files"].as_array().into_iter().flatten();
            let file = |file: &Value| Some((CardFile(file["path"].as_str()?.to_owned()), file["bytes"].as_u64()?));
            Event::Delivery(Delivery::Card(files.filter_map(file).collect()))
        }
        "failed" => Event::Failed {
            code: word("code").to_owned(),
            port: said["port"].as_str().map(str::to_owned),
        },
        _ => Event::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_until_something_is_not_of_the_protocol() {
        let mut said: &[u8] = b"{\"event\":\"opened\"}\n{\"event\":\"live\",\"bytes\":3}\nabc{\"event\":\"picture\",\"cause\":\"button\",\"path\":\"/a/b.jpg\",\"bytes\":2}\nde{\"event\":\"tomorrow\"}\nnoise";
        assert!(matches!(read(&mut said), Some(Event::Opened)));
        assert!(matches!(read(&mut said), Some(Event::Live(jpeg)) if *jpeg == *b"abc"));
        let Some(Event::Delivery(Delivery::Picture(picture))) = read(&mut said) else {
            panic!("a picture");
        };
        assert_eq!((picture.cause, &*picture.jpeg), (Cause::Button, b"de".as_slice()));
        assert!(matches!(read(&mut said), Some(Event::Other)));
        assert!(read(&mut said).is_none());
    }

    #[test]
    fn a_helper_that_dies_in_a_picture_hands_over_nothing() {
        let mut torn: &[u8] = b"{\"event\":\"picture\",\"cause\":\"asked\",\"path\":\"/a/b.jpg\",\"bytes\":10}\nabc";
        assert!(read(&mut torn).is_none());
        let mut huge: &[u8] = b"{\"event\":\"live\",\"bytes\":99999999999}\n";
        assert!(read(&mut huge).is_none());
    }
}
