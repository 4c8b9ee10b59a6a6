//! How short messages leave the center: one boundary, [`Sender`], and the file that stands behind it unless a program of the operator's,
//! or a provider, is put there.
mod command;

pub use command::CommandSender;

use crate::error::CentralError;
use domain::PhoneNumber;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Name of the file in the data directory.
pub const FILE: &str = "short-messages.jsonl";
/// What went out twice after a power cut lies in the last bytes of the file.
const TAIL: u64 = 64 * 1024;

/// What a message is for. Providers have a template for each.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// A code that proves the number.
    Code {
        /// Six digits.
        code: String,
        /// How long it holds, in minutes.
        minutes: u32,
    },
    /// A photo was rejected.
    Rejected {
        /// The last four of the order's number.
        order: String,
    },
    /// The pictures of an order are ready.
    Ready {
        /// The last four of the order's number.
        order: String,
    },
}

impl Content {
    /// The stable word, by which a provider's template is chosen.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Code { .. } => "code",
            Self::Rejected { .. } => "rejected",
            Self::Ready { .. } => "ready",
        }
    }

    /// The words, for senders without templates. They name nobody.
    pub fn text(&self) -> String {
        match self {
            Self::Code { code, minutes } => format!("【学影】验证码 {code}，{minutes} 分钟内有效。请勿告诉他人。"),
            Self::Rejected { order } => {
                format!(
                    "【学影】您的照片（订单尾号 {order}）未通过审核，请到采集点或网站“我的订单”查看原因和解决办法。"
                )
            }
            Self::Ready { order } => format!("【学影】您的照片（订单尾号 {order}）已完成，可在网站“我的订单”查看。"),
        }
    }
}

/// One short message.
#[derive(Clone, PartialEq, Eq)]
pub struct ShortMessage {
    /// The same in every try, so that a provider can leave out what it has sent before.
    pub id: Uuid,
    /// To whom.
    pub phone: PhoneNumber,
    /// What for.
    pub content: Content,
}

impl ShortMessage {
    /// As JSON: whom, what for, the words, and the values a template takes.
    pub fn json(&self) -> Value {
        let mut json = json!({
            "id": self.id.to_string(), "phone": self.phone.as_str(), "kind": self.content.id(), "text": self.content.text(),
        });
        match &self.content {
            Content::Code { code, minutes } => (json["code"], json["minutes"]) = (json!(code), json!(minutes)),
            Content::Rejected { order } | Content::Ready { order } => json["order"] = json!(order),
        }
        json
    }
}

// Codes stay out of logs.
impl std::fmt::Debug for ShortMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {:?}", self.content.id(), self.phone)
    }
}

/// Why a message did not go out; never with a number or a code in it.
#[derive(Debug, thiserror::Error)]
#[error("sending a short message: {why}")]
pub struct NotSent {
    /// What the sender says.
    pub why: String,
}

/// Whoever sends short messages: a provider's interface, or [`FileSender`].
pub trait Sender: Send + Sync {
    /// Sends one, or hands it over durably. A message with an id that went out before is not sent again where that can be told.
    ///
    /// # Errors
    /// When it did not go out; it is tried again, unless it is a code.
    fn send<'s>(&'s self, message: &'s ShortMessage) -> BoxFuture<'s, Result<(), NotSent>>;
}

/// Appends each message as a line of JSON to a file of mode 0600, synced to disk. For tests, and for places where somebody passes
/// messages on by hand: whoever reads the file reads the codes.
#[derive(Debug, Clone)]
pub struct FileSender {
    path: Arc<PathBuf>,
    turn: Arc<Mutex<()>>,
}

impl FileSender {
    /// A sender that writes to the file of a data directory.
    pub fn new(data_dir: &Path) -> Self {
        Self {
            path: Arc::new(data_dir.join(FILE)),
            turn: Arc::default(),
        }
    }

    fn append(&self, message: &ShortMessage) -> std::io::Result<()> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut file = std::fs::OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(0o600)
            .open(self.path.as_path())?;
        let tail = tail(&mut file)?;
        let id = message.id.to_string();
        if tail.windows(id.len()).any(|part| part == id.as_bytes()) {
            return Ok(());
        }
        let line = message.json();
        // A line torn by a power cut ends here, so that it does not spoil this one.
        let begin = if tail.last().is_some_and(|last| *last != b'\n') {
            "\n"
        } else {
            ""
        };
        file.write_all(format!("{begin}{line}\n").as_bytes())?;
        file.sync_all()
    }
}

fn tail(file: &mut std::fs::File) -> std::io::Result<Vec<u8>> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    Ok(tail)
}

impl Sender for FileSender {
    fn send<'s>(&'s self, message: &'s ShortMessage) -> BoxFuture<'s, Result<(), NotSent>> {
        let (file, message) = (self.clone(), message.clone());
        Box::pin(async move {
            let done = tokio::task::spawn_blocking(move || file.append(&message)).await;
            match done {
                Ok(Ok(())) => Ok(()),
                Ok(Err(source)) => Err(NotSent {
                    why: CentralError::files("writing the file of short messages")(source).to_string(),
                }),
                Err(_) => Err(NotSent {
                    why: "the worker stopped".to_owned(),
                }),
            }
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn message(n: u128) -> ShortMessage {
        ShortMessage {
            id: Uuid::from_u128(n),
            phone: PhoneNumber::parse("13812341234").unwrap(),
            content: Content::Code {
                code: "012345".to_owned(),
                minutes: 5,
            },
        }
    }

    #[test]
    fn a_message_stands_in_the_file_once_and_a_torn_line_spoils_none() {
        let dir = tempfile::tempdir().unwrap();
        let sender = FileSender::new(dir.path());
        sender.append(&message(1)).unwrap();
        sender.append(&message(1)).unwrap();
        let path = dir.path().join(FILE);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend_from_slice(b"{\"id\":\"torn");
        std::fs::write(&path, bytes).unwrap();
        sender.append(&message(2)).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let read = |line: &str| serde_json::from_str::<serde_json::Value>(line).ok();
        let whole: Vec<_> = text.lines().filter_map(read).collect();
        assert_eq!(whole.len(), 2, "{text}");
        assert_eq!(whole[1]["code"], "012345");
        let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&path).unwrap());
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_log_shows_neither_number_nor_code() {
        assert_eq!(format!("{:?}", message(1)), "code to 138****1234");
    }
}
