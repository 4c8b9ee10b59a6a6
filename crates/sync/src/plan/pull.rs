//! The way down: a cursor, a long poll, and a snapshot when the center no longer knows the cursor.
use super::{Action, Common};
use crate::backoff::{Lane, Millis};
use crate::failure::{Concern, Failure, Trouble};
use crate::local::LocalFailure;
use wire::feed::{FeedAnswer, FeedBody, Snapshot};
use wire::problem::Code;

/// Where the way down stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum At {
    /// Not started.
    #[default]
    Rest,
    /// The cursor must be read.
    NoCursor,
    /// To be asked for what came after.
    Ready { after: u64, more: bool },
    /// A snapshot must be asked for.
    Lost,
    /// An answer is awaited, from the network or the store; `after` as it was asked for.
    Waiting { after: Option<u64>, since: Millis },
}

/// The half that brings changes down.
#[derive(Debug, Default)]
pub(super) struct Pull {
    pub(super) lane: Lane,
    at: At,
    not_before: Option<Millis>,
    clock_tries: u32,
    /// Snapshots in a row with no good answer of the feed between them.
    losses: u32,
    /// What is being applied: whether more waits, and whether held ops may go now.
    applying: Option<(bool, bool)>,
}

impl Pull {
    pub(super) fn start(&mut self) {
        self.at = At::NoCursor;
    }

    pub(super) fn go(&mut self, c: &mut Common) {
        if !self.lane.is_open(c.now) || self.not_before.is_some_and(|at| at > c.now) {
            return;
        }
        self.not_before = None;
        let (action, after) = match self.at {
            At::Rest | At::Waiting { .. } => return,
            At::NoCursor => (Action::LoadCursor, None),
            At::Lost => (Action::PullSnapshot, None),
            At::Ready { after, more } => {
                let wait_s = if more { 0 } else { c.limits.feed_wait_s };
                (Action::PullFeed { after, wait_s }, Some(after))
            }
        };
        self.at = At::Waiting { after, since: c.now };
        c.act(action);
    }

    pub(super) fn next_at(&self, now: Millis) -> Option<Millis> {
        if matches!(self.at, At::Rest | At::Waiting { .. }) {
            return None;
        }
        self.lane.opens_at(now).max(self.not_before)
    }

    pub(super) fn cursor_loaded(&mut self, cursor: Result<u64, LocalFailure>, c: &mut Common) {
        match cursor {
            // The first question after a start does not wait, so that people see at once whether the center answers.
            Ok(after) => self.at = At::Ready { after, more: true },
            Err(_) => {
                self.at = At::NoCursor;
                self.fail(Trouble::Store, None, c);
            }
        }
    }

    pub(super) fn feed_answered(&mut self, answer: Result<FeedAnswer, Failure>, c: &mut Common) {
        let At::Waiting {
            after: Some(after),
            since,
        } = self.at
        else {
            return;
        };
        let answer = match answer {
            Ok(answer) => answer,
            Err(Failure::Refused(problem)) if problem.code == Code::CursorExpired => {
                self.works(c);
                return self.lose(c);
            }
            Err(failure) => {
                self.at = At::Ready { after, more: false };
                return self.failed(&failure, c);
            }
        };
        self.works(c);
        let events: Vec<_> = answer.events.into_iter().filter(|e| e.seq > after).collect();
        let in_order = events.is_sorted_by(|one, next| one.seq < next.seq);
        let (cursor, end) = (answer.cursor, events.last().map_or(after, |e| e.seq));
        if !in_order || cursor < end {
            // A center that is muddled, or went back to a backup: only everything will do.
            return self.lose(c);
        }
        self.losses = 0;
        if events.is_empty() && !answer.more {
            self.not_before = Some(since.plus(c.limits.poll_gap_ms));
        }
        if cursor == after {
            self.lane.succeed(c.now);
            self.at = At::Ready { after, more: false };
        } else {
            // Places of others' events are passed by too, and need not be gone through again.
            let campaign = events.iter().any(|e| matches!(e.body, FeedBody::Campaign(_)));
            self.applying = Some((answer.more, campaign));
            c.act(Action::ApplyEvents { events, cursor });
        }
    }

    pub(super) fn snapshot_answered(&mut self, answer: Result<Snapshot, Failure>, c: &mut Common) {
        match answer {
            Ok(snapshot) => {
                self.works(c);
                self.applying = Some((true, true));
                c.act(Action::ApplySnapshot(Box::new(snapshot)));
            }
            Err(failure) => {
                self.at = At::Lost;
                self.failed(&failure, c);
            }
        }
    }

    /// Says whether held ops may go now.
    pub(super) fn applied(&mut self, outcome: Result<u64, LocalFailure>, c: &mut Common) -> bool {
        let (more, release) = self.applying.take().unwrap_or_default();
        match outcome {
            Ok(after) => {
                self.at = At::Ready { after, more };
                self.lane.succeed(c.now);
                release
            }
            Err(_) => {
                self.at = At::NoCursor;
                self.fail(Trouble::Store, None, c);
                false
            }
        }
    }

    /// The first snapshot is asked for at once; one that does not help, only after a growing wait.
    fn lose(&mut self, c: &mut Common) {
        self.at = At::Lost;
        if self.losses > 0 {
            self.not_before = Some(c.now.plus(c.limits.retry.wait_ms(self.losses, &mut c.chance)));
        }
        self.losses = self.losses.saturating_add(1);
    }

    fn works(&mut self, c: &mut Common) {
        c.succeeded();
        // A store that fails is not healed by the network: only by something applied.
        if self.lane.trouble() != Some(Trouble::Store) {
            self.lane.succeed(c.now);
        }
        self.clock_tries = 0;
    }

    fn failed(&mut self, failure: &Failure, c: &mut Common) {
        c.failed(failure);
        if failure.concern() == Concern::Clock {
            self.clock_tries += 1;
            if self.clock_tries == 1 {
                return;
            }
        }
        self.fail(failure.trouble(), failure.retry_after_ms(), c);
    }

    fn fail(&mut self, trouble: Trouble, retry_after_ms: Option<u64>, c: &mut Common) {
        self.lane
            .fail(c.now, trouble, retry_after_ms, &c.limits.retry, &mut c.chance);
    }
}
