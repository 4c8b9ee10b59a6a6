//! How is `xueying-tether` spoken to? Words on its standard input; from its standard output lines of JSON, each followed by as many
//! bytes as it says. It is ended with the stream it serves, whatever state it is in.
use crate::card::{CardFile, CardPicture, Cause, Delivery};
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
/// Longest serial number that is told apart.
const MAX_SERIAL: usize = 64;
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
            let mut body = String::new();
            while let Some(event) = read(&mut output, &mut body) {
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

/// The next event; none at the end, and at anything that is not of the protocol. `body` is the serial number of the open camera.
fn read(output: &mut impl BufRead, body: &mut String) -> Option<Event> {
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
    if said["event"] == "opened" {
        let serial = said["serial"].as_str().unwrap_or_default().trim();
        *body = serial.chars().take(MAX_SERIAL).collect();
    }
    Some(event(&said, bytes, body))
}

fn event(said: &Value, bytes: Vec<u8>, body: &str) -> Event {
    let word = |name: &str| said[name].as_str().unwrap_or_default();
    let on_card = |path: &str| CardFile {
        body: body.to_owned(),
        path: path.to_owned(),
    };
    let cause = match word("cause") {
        // Without its number it answers none that is waited for: they begin at one.
        "asked" => Cause::Asked(said["shot"].as_u64().unwrap_or(0)),
        "fetched" => Cause::Fetched,
        _ => Cause::Button,
    };
    match word("event") {
        "opened" => Event::Opened,
        "live" => Event::Live(bytes.into()),
        "picture" => Event::Delivery(Delivery::Picture(CardPicture {
            cause,
            file: on_card(word("path")),
            jpeg: bytes.into(),
            appeared: told(said),
            took: said["took_ms"].as_u64().map(Duration::from_millis),
        })),
        "no_picture" => Event::Delivery(Delivery::None {
            cause,
            why: word("why").to_owned(),
        }),
        "card" => {
            let files = said["files"].as_array().into_iter().flatten();
            let file = |file: &Value| Some((on_card(file["path"].as_str()?), file["bytes"].as_u64()?));
            Event::Delivery(Delivery::Card {
                body: body.to_owned(),
                files: files.filter_map(file).collect(),
            })
        }
        "failed" => Event::Failed {
            code: word("code").to_owned(),
            port: said["port"].as_str().map(str::to_owned),
        },
        _ => Event::Other,
    }
}

/// When the camera told of a picture: so long ago as the helper says, which fetched it meanwhile.
fn told(said: &Value) -> Instant {
    let now = Instant::now();
    let ago = Duration::from_millis(said["ago_ms"].as_u64().unwrap_or(0));
    now.checked_sub(ago).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_until_something_is_not_of_the_protocol() {
        let mut said: &[u8] = b"{\"event\":\"opened\",\"serial\":\"0042 \"}\n{\"event\":\"live\",\"bytes\":3}\nabc{\"event\":\"picture\",\"cause\":\"button\",\"path\":\"/a/b.jpg\",\"ago_ms\":700,\"bytes\":2}\nde{\"event\":\"tomorrow\"}\nnoise";
        let mut body = String::new();
        let mut next = || read(&mut said, &mut body);
        assert!(matches!(next(), Some(Event::Opened)));
        assert!(matches!(next(), Some(Event::Live(jpeg)) if *jpeg == *b"abc"));
        let Some(Event::Delivery(Delivery::Picture(picture))) = next() else {
            panic!("a picture");
        };
        assert_eq!((picture.cause, &*picture.jpeg), (Cause::Button, b"de".as_slice()));
        assert_eq!((picture.file.body.as_str(), picture.took), ("0042", None));
        assert!(
            picture.appeared.elapsed() >= Duration::from_millis(700),
            "when the camera told of it"
        );
        assert!(matches!(next(), Some(Event::Other)));
        assert!(next().is_none());
    }

    #[test]
    fn a_shot_says_which_one_it_is() {
        let mut said: &[u8] = b"{\"event\":\"picture\",\"cause\":\"asked\",\"shot\":7,\"took_ms\":400,\"path\":\"/a/b.jpg\",\"bytes\":2}\nde{\"event\":\"no_picture\",\"cause\":\"asked\",\"shot\":8,\"why\":\"out of focus\"}\n";
        let mut body = String::new();
        let Some(Event::Delivery(Delivery::Picture(picture))) = read(&mut said, &mut body) else {
            panic!("a picture");
        };
        assert_eq!(
            (picture.cause, picture.took),
            (Cause::Asked(7), Some(Duration::from_millis(400)))
        );
        let Some(Event::Delivery(Delivery::None { cause, .. })) = read(&mut said, &mut body) else {
            panic!("none");
        };
        assert_eq!(cause, Cause::Asked(8));
    }

    #[test]
    fn a_helper_that_dies_in_a_picture_hands_over_nothing() {
        let mut body = String::new();
        let mut torn: &[u8] = b"{\"event\":\"picture\",\"cause\":\"asked\",\"path\":\"/a/b.jpg\",\"bytes\":10}\nabc";
        assert!(read(&mut torn, &mut body).is_none());
        let mut huge: &[u8] = b"{\"event\":\"live\",\"bytes\":99999999999}\n";
        assert!(read(&mut huge, &mut body).is_none());
    }
}
