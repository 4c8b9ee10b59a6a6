//! What should happen next between this station and the center? Events in, actions out; no clock, chance, file or network of its own.
//!
//! Two halves that never wait for each other: `push` takes the outbox up, `pull` brings the changes down. Each has a lane that
//! closes on a failure and opens again after a jittered wait, a wake, a new link, or a success of the other.
mod pull;
mod push;
mod settle;
mod terms;
mod window;

pub use crate::backoff::{Millis, Retry};
pub use settle::Settlement;
pub use terms::{Action, Event, Limits, Standing, Wake};

use crate::backoff::Chance;
use crate::failure::{Failure, Trouble};
use ed25519_dalek::VerifyingKey;
use pull::Pull;
use push::Push;

/// The state machine of one station.
pub struct Plan {
    push: Push,
    pull: Pull,
    common: Common,
    timer: Option<Millis>,
    reported: Option<Standing>,
}

/// What both halves share.
struct Common {
    limits: Limits,
    chance: Chance,
    server_key: VerifyingKey,
    now: Millis,
    skew_ms: i64,
    online: bool,
    last_success: Option<Millis>,
    out: Vec<Action>,
}

impl Common {
    fn act(&mut self, action: Action) {
        self.out.push(action);
    }

    /// Notes what a failure says about the link.
    fn failed(&mut self, failure: &Failure) {
        match failure {
            Failure::Unreachable(_) | Failure::NotCenter { .. } => self.online = false,
            Failure::BadAnswer { .. } | Failure::Refused(_) => self.online = true,
            Failure::Local(_) => {}
        }
    }

    fn succeeded(&mut self) {
        self.online = true;
        self.last_success = Some(self.now);
    }
}

impl Plan {
    /// A plan that trusts receipts signed with this key; the seed spreads its tries.
    pub fn new(limits: Limits, server_key: VerifyingKey, seed: u64) -> Self {
        Self {
            push: Push::default(),
            pull: Pull::default(),
            common: Common {
                limits,
                chance: Chance::new(seed),
                server_key,
                now: Millis(0),
                skew_ms: 0,
                online: false,
                last_success: None,
                out: Vec::new(),
            },
            timer: None,
            reported: None,
        }
    }

    /// Takes an event and says what to do. `now` never goes back.
    pub fn step(&mut self, event: Event, now: Millis) -> Vec<Action> {
        self.common.now = self.common.now.max(now);
        self.take(event);
        self.push.go(&mut self.common);
        self.pull.go(&mut self.common);
        self.set_timer();
        self.report();
        std::mem::take(&mut self.common.out)
    }

    /// What to add to the station's clock when signing, in ms: 0 while the difference is small.
    pub fn signing_skew_ms(&self) -> i64 {
        let skew = self.common.skew_ms;
        if skew.unsigned_abs() > self.common.limits.skew_tolerated_ms {
            skew
        } else {
            0
        }
    }

    /// How it stands.
    pub fn standing(&self) -> Standing {
        let c = &self.common;
        let opens = [self.push.lane.opens_at(c.now), self.pull.lane.opens_at(c.now)];
        Standing {
            online: c.online,
            waiting: self.push.waiting,
            last_success: c.last_success,
            trouble: self.trouble(),
            skew_ms: c.skew_ms,
            next_try_at: opens.into_iter().flatten().min(),
        }
    }

    fn trouble(&self) -> Option<Trouble> {
        let (push, pull) = (self.push.lane.trouble(), self.pull.lane.trouble());
        push.or(pull).or(self.push.item_trouble())
    }

    fn take(&mut self, event: Event) {
        let c = &mut self.common;
        match event {
            Event::Started => {
                self.push.retry_all(c);
                self.pull.start();
            }
            Event::LinkUp => self.hurry(Wake::Person),
            Event::Wake(wake) => self.hurry(wake),
            Event::Timer => self.timer = None,
            Event::Heard { skew_ms } => c.skew_ms = skew_ms,
            Event::ReleaseFailed => self.push.release_failed(c),
            Event::OutboxBatch(batch) => self.push.loaded(batch, c),
            Event::BlobKnown { blob, outcome } => {
                let worked = outcome.is_ok();
                self.push.blob_known(blob, outcome, c);
                self.after_push(worked);
            }
            Event::BlobSent { blob, outcome } => {
                let worked = outcome.is_ok();
                self.push.blob_sent(blob, outcome, c);
                self.after_push(worked);
            }
            Event::OpsAnswered(answer) => {
                let worked = answer.is_ok();
                self.push.ops_answered(answer, c);
                self.after_push(worked);
            }
            Event::Recorded { id, outcome } => self.push.recorded(id, outcome, c),
            Event::CursorLoaded(cursor) => self.pull.cursor_loaded(cursor, c),
            Event::FeedAnswered(answer) => {
                let worked = answer.is_ok();
                self.pull.feed_answered(answer, c);
                self.after_pull(worked);
            }
            Event::SnapshotAnswered(answer) => {
                let worked = answer.is_ok();
                self.pull.snapshot_answered(answer, c);
                self.after_pull(worked);
            }
            Event::Applied(outcome) => {
                if self.pull.applied(outcome, c) {
                    self.push.retry_all(c);
                }
            }
        }
    }

    fn hurry(&mut self, wake: Wake) {
        let c = &mut self.common;
        self.push.lane.hurry(&c.limits.retry);
        match wake {
            Wake::Change => self.push.look_again(),
            Wake::Person => {
                self.pull.lane.hurry(&c.limits.retry);
                self.push.retry_all(c);
            }
        }
    }

    fn after_push(&mut self, worked: bool) {
        if worked {
            self.pull.lane.other_succeeded(&self.common.limits.retry);
        }
    }

    fn after_pull(&mut self, worked: bool) {
        if worked {
            self.push.lane.other_succeeded(&self.common.limits.retry);
        }
    }

    fn set_timer(&mut self) {
        let c = &mut self.common;
        let wanted = [self.push.next_at(c.now), self.pull.next_at(c.now)];
        let at = wanted.into_iter().flatten().min();
        if let Some(at) = at
            && self.timer != Some(at)
        {
            c.act(Action::SetTimer { at });
        }
        self.timer = at;
    }

    fn report(&mut self) {
        let standing = self.standing();
        if self.reported.as_ref() != Some(&standing) {
            self.reported = Some(standing.clone());
            self.common.act(Action::Report(standing));
        }
    }
}
