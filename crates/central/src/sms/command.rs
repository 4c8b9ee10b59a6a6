//! A program of the operator's as the sender: started once for each message, which it reads as JSON from its standard input. Ending
//! with 0 means that the message is taken. So any provider can be put behind the center without building it anew.
use super::{NotSent, Sender, ShortMessage};
use futures_util::future::BoxFuture;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// Longest time a program may take for one message.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often a program that runs is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// Programs at work at once; more messages wait.
const AT_ONCE: usize = 4;

/// Starts a program for each message. It gets `PATH` and nothing else of the center's environment, and what it prints goes nowhere.
#[derive(Debug, Clone)]
pub struct CommandSender {
    program: Arc<PathBuf>,
    turns: Arc<Semaphore>,
    patience: Duration,
}

impl CommandSender {
    /// A sender that starts this program.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn new(program: &Path) -> std::io::Result<Self> {
        let program = program.canonicalize()?;
        if !program.is_file() {
            return Err(std::io::Error::new(std::io::ErrorKind::NotFound, "no such program"));
        }
        Ok(Self {
            program: Arc::new(program),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            patience: PATIENCE,
        })
    }

    fn run(&self, message: &ShortMessage) -> std::io::Result<ExitStatus> {
        let mut child = Command::new(self.program.as_path())
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let said = child.stdin.take().map_or(Ok(()), |mut input| {
            // Smaller than a pipe's buffer: a program that does not read does not hold this up.
            input.write_all(format!("{}\n", message.json()).as_bytes())
        });
        let ended = self.ended(&mut child);
        // One that ended well without reading has not sent anything.
        said.and(ended)
    }

    fn ended(&self, child: &mut Child) -> std::io::Result<ExitStatus> {
        let began = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if began.elapsed() > self.patience {
                child.kill()?;
                child.wait()?;
                return Err(std::io::ErrorKind::TimedOut.into());
            }
            std::thread::sleep(LOOK);
        }
    }
}

impl Sender for CommandSender {
    fn send<'s>(&'s self, message: &'s ShortMessage) -> BoxFuture<'s, Result<(), NotSent>> {
        let (sender, message) = (self.clone(), message.clone());
        let failed = |why: String| NotSent { why };
        Box::pin(async move {
            let turn = Arc::clone(&sender.turns).acquire_owned().await;
            let work = tokio::task::spawn_blocking(move || {
                let _turn = turn;
                sender.run(&message)
            });
            match work.await {
                Ok(Ok(status)) if status.success() => Ok(()),
                Ok(Ok(status)) => Err(failed(format!("the program ended with {status}"))),
                Ok(Err(source)) => Err(failed(format!("the program: {}", source.kind()))),
                Err(_) => Err(failed("the worker stopped".to_owned())),
            }
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::sms::Content;
    use domain::PhoneNumber;
    use std::os::unix::fs::PermissionsExt;
    use uuid::Uuid;

    fn sender(dir: &Path, script: &str) -> CommandSender {
        let path = dir.join("send");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        CommandSender::new(&path).unwrap()
    }

    fn message() -> ShortMessage {
        ShortMessage {
            id: Uuid::from_u128(1),
            phone: PhoneNumber::parse("13812341234").unwrap(),
            content: Content::Ready {
                order: "0123".to_owned(),
            },
        }
    }

    #[tokio::test]
    async fn the_program_says_whether_a_message_is_taken_and_is_ended_when_it_hangs() {
        let dir = tempfile::tempdir().unwrap();
        let kept = dir.path().join("kept");
        let taken = sender(dir.path(), &format!("cat > {}", kept.display()));
        taken.send(&message()).await.unwrap();
        let read: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(kept).unwrap()).unwrap();
        assert_eq!(
            (&read["phone"], &read["kind"]),
            (&"13812341234".into(), &"ready".into())
        );
        assert_eq!(read["order"], "0123");

        let refused = sender(dir.path(), "cat > /dev/null; exit 3").send(&message()).await;
        let said = refused.unwrap_err().to_string();
        assert!(said.contains('3') && !said.contains("1381234"), "{said}");

        let hangs = CommandSender {
            patience: Duration::from_millis(50),
            ..sender(dir.path(), "exec sleep 600")
        };
        let said = hangs.send(&message()).await.unwrap_err().to_string();
        assert!(said.contains("timed out"), "{said}");
        assert!(CommandSender::new(&dir.path().join("none")).is_err());
    }
}
