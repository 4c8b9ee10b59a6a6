//! How do others talk to a running pump? Wake it, tell it of a network, stop it, ask how it stands.
use crate::failure::Trouble;
use crate::plan::Wake;
use domain::UtcMs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{Notify, watch};

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Status {
    /// The last exchange reached the center.
    pub online: bool,
    /// Ops the center has not signed for and did not refuse.
    pub waiting: u64,
    /// When an exchange last succeeded, by the station's clock.
    pub last_success: Option<UtcMs>,
    /// What stands in the way.
    pub trouble: Option<Trouble>,
    /// The center's clock is ahead of the station's by this many milliseconds.
    pub skew_ms: i64,
    /// When it tries again, by the station's clock, while it waits after a failure.
    pub next_try_at: Option<UtcMs>,
}

/// The handle of a pump. Cheap to clone; none of its functions block.
#[derive(Debug, Clone)]
pub struct Link {
    asked: Arc<Asked>,
    // When the last handle is gone, the pump sees it here and ends.
    _alive: Arc<watch::Sender<()>>,
    status: watch::Receiver<Status>,
}

/// What has been asked for since the pump last looked. Asking twice is asking once, so nothing queues up.
#[derive(Debug, Default)]
struct Asked {
    change: AtomicBool,
    person: AtomicBool,
    link_up: AtomicBool,
    stop: AtomicBool,
    bell: Notify,
}

impl Link {
    /// Something new is in the outbox.
    pub fn wake(&self) {
        self.ask(&self.asked.change);
    }
    /// A person wants everything tried now, also what was put off.
    pub fn sync_now(&self) {
        self.ask(&self.asked.person);
    }
    /// The computer has a network again.
    pub fn link_up(&self) {
        self.ask(&self.asked.link_up);
    }
    /// No more exchanges; the pump ends once everything answered is recorded.
    pub fn stop(&self) {
        self.ask(&self.asked.stop);
    }
    /// How it stands now.
    pub fn status(&self) -> Status {
        *self.status.borrow()
    }
    /// Follows how it stands.
    pub fn watch(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    fn ask(&self, what: &AtomicBool) {
        what.store(true, Ordering::Release);
        self.asked.bell.notify_one();
    }
}

pub(super) enum Command {
    Wake(Wake),
    LinkUp,
    Stop,
}

/// The pump's end of a [`Link`].
pub struct Commands {
    asked: Arc<Asked>,
    alive: watch::Receiver<()>,
    status: watch::Sender<Status>,
}

impl Commands {
    /// The next command. May be dropped while it waits: nothing is lost.
    pub(super) async fn next(&mut self) -> Command {
        loop {
            let asked = &self.asked;
            let taken = |what: &AtomicBool| what.swap(false, Ordering::AcqRel);
            // Stop stays asked for.
            if asked.stop.load(Ordering::Acquire) {
                return Command::Stop;
            }
            if taken(&asked.link_up) {
                return Command::LinkUp;
            }
            if taken(&asked.person) {
                return Command::Wake(Wake::Person);
            }
            if taken(&asked.change) {
                return Command::Wake(Wake::Change);
            }
            tokio::select! {
                biased;
                () = asked.bell.notified() => {}
                gone = self.alive.changed() => if gone.is_err() { return Command::Stop },
            }
        }
    }

    pub(super) fn show(&self, status: Status) {
        self.status.send_replace(status);
    }
}

pub(super) fn pair() -> (Link, Commands) {
    let asked = Arc::new(Asked::default());
    let (alive, alive_seen) = watch::channel(());
    let (show, status) = watch::channel(Status::default());
    let link = Link {
        asked: Arc::clone(&asked),
        _alive: Arc::new(alive),
        status,
    };
    let commands = Commands {
        asked,
        alive: alive_seen,
        status: show,
    };
    (link, commands)
}
