//! What do the station and this program say to each other? Commands are words on a line; an event is a JSON line, followed by as
//! many bytes as it says.
use crate::device::{CardFile, Found};
use serde_json::{Value, json};
use std::io::Write;
use std::str::FromStr;
use std::time::Duration;

/// What the station asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    /// Release the shutter for the shot of this number.
    Shoot(u64),
    /// Send the live picture, or stop.
    Live(Live),
    /// List the pictures on the card.
    Card,
    /// Send a picture of the card.
    Fetch(CardFile),
    /// End.
    Quit,
}

/// Whether the live picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Live {
    /// It is.
    On,
    /// It is not.
    Off,
}

impl FromStr for Command {
    type Err = ();

    fn from_str(line: &str) -> Result<Self, ()> {
        match line.trim().split_once(' ') {
            None => match line.trim() {
                "card" => Ok(Self::Card),
                "quit" => Ok(Self::Quit),
                _ => Err(()),
            },
            Some(("shoot", number)) => number.parse().map(Self::Shoot).map_err(drop),
            Some(("live", "on")) => Ok(Self::Live(Live::On)),
            Some(("live", "off")) => Ok(Self::Live(Live::Off)),
            Some(("fetch", path)) => CardFile::from_path(path).map(Self::Fetch).ok_or(()),
            Some(_) => Err(()),
        }
    }
}

/// Why a picture comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The station released the shutter, for the shot of this number.
    Asked(u64),
    /// Somebody pressed the camera's own button.
    Button,
    /// The station asked for this file.
    Fetched,
}

impl Cause {
    const fn id(self) -> &'static str {
        match self {
            Self::Asked(_) => "asked",
            Self::Button => "button",
            Self::Fetched => "fetched",
        }
    }
}

/// What this program says.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// A camera is plugged in.
    Found(&'a Found),
    /// The camera is open.
    Opened {
        model: &'a str,
        serial: Option<String>,
        has_live: bool,
    },
    /// A live picture follows.
    Live,
    /// A picture of the card follows.
    Picture {
        cause: Cause,
        file: &'a CardFile,
        /// How long ago the camera told of it.
        ago: Duration,
        /// From the release until it did so, for a shot.
        took: Option<Duration>,
    },
    /// A picture that was asked for does not come.
    NoPicture { cause: Cause, why: String },
    /// Pictures on the card, with their sizes in bytes.
    Card(&'a [(CardFile, u64)]),
    /// Nothing else to say for a while.
    Alive,
    /// It ends.
    Failed(&'a Failure),
}

/// Why it ends.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The library is not installed.
    #[error("libgphoto2 cannot be opened: {0}")]
    NoLibrary(String),
    /// The camera is not there, or no longer.
    #[error("the camera is not plugged in")]
    Absent,
    /// Another program holds it.
    #[error("another program holds the camera; a file manager that shows it must let it go")]
    Busy {
        /// Where the camera is plugged in, as the library names it; the station finds there who holds it.
        port: Option<String>,
    },
    /// The library refused a step.
    #[error("the camera refuses: {0}")]
    Driver(String),
    /// The station is gone.
    #[error("nobody listens: {0}")]
    Unheard(#[from] std::io::Error),
}

impl Failure {
    const fn code(&self) -> &'static str {
        match self {
            Self::NoLibrary(_) => "no_library",
            Self::Absent => "absent",
            Self::Busy { .. } => "busy",
            Self::Driver(_) => "driver",
            Self::Unheard(_) => "unheard",
        }
    }
}

/// Writes an event and the bytes that belong to it.
pub(crate) fn write(out: &mut impl Write, event: &Event<'_>, bytes: &[u8]) -> std::io::Result<()> {
    let mut line = value(event);
    if !bytes.is_empty() {
        line["bytes"] = json!(bytes.len());
    }
    let mut text = line.to_string();
    text.push('\n');
    out.write_all(text.as_bytes())?;
    out.write_all(bytes)?;
    out.flush()
}

fn value(event: &Event<'_>) -> Value {
    match event {
        Event::Found(found) => json!({ "event": "found", "model": found.model, "port": found.port }),
        Event::Opened {
            model,
            serial,
            has_live,
        } => {
            json!({ "event": "opened", "model": model, "serial": serial, "has_live": has_live })
        }
        Event::Live => json!({ "event": "live" }),
        Event::Picture { cause, file, ago, took } => {
            let mut said = json!({ "event": "picture", "cause": cause.id(), "path": file.path(), "ago_ms": ms(*ago) });
            if let Some(took) = took {
                said["took_ms"] = json!(ms(*took));
            }
            numbered(said, *cause)
        }
        Event::NoPicture { cause, why } => numbered(
            json!({ "event": "no_picture", "cause": cause.id(), "why": why }),
            *cause,
        ),
        Event::Card(files) => {
            let files: Vec<Value> = files
                .iter()
                .map(|(file, size)| json!({ "path": file.path(), "bytes": size }))
                .collect();
            json!({ "event": "card", "files": files })
        }
        Event::Alive => json!({ "event": "alive" }),
        Event::Failed(Failure::Busy { port }) => json!({ "event": "failed", "code": "busy", "port": port }),
        Event::Failed(failure) => json!({ "event": "failed", "code": failure.code() }),
    }
}

fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Says of which shot it is.
fn numbered(mut said: Value, cause: Cause) -> Value {
    if let Cause::Asked(number) = cause {
        said["shot"] = json!(number);
    }
    said
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_and_nothing_else() {
        let file = CardFile {
            folder: "/store_00010001/DCIM/100 A".to_owned(),
            name: "DSC_0001.JPG".to_owned(),
        };
        let fetch = "fetch /store_00010001/DCIM/100 A/DSC_0001.JPG";
        assert_eq!(fetch.parse(), Ok(Command::Fetch(file)));
        assert_eq!("shoot 7\n".parse(), Ok(Command::Shoot(7)));
        assert_eq!("live off".parse(), Ok(Command::Live(Live::Off)));
        for wrong in [
            "",
            "shoot",
            "shoot now",
            "shoot -1",
            "fetch",
            "fetch /",
            "fetch name",
            "live",
            "format",
        ] {
            assert_eq!(wrong.parse::<Command>(), Err(()), "{wrong}");
        }
    }

    #[test]
    fn an_event_says_how_many_bytes_follow() {
        let mut out = Vec::new();
        write(&mut out, &Event::Live, b"\xff\xd8\xff\xd9").unwrap();
        let end = out.iter().position(|b| *b == b'\n').unwrap();
        let head: Value = serde_json::from_slice(&out[..end]).unwrap();
        assert_eq!(
            (head["event"].as_str(), head["bytes"].as_u64()),
            (Some("live"), Some(4))
        );
        assert_eq!(out.len() - end - 1, 4);
    }
}
