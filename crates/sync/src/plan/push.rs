//! The way up: photos first, then the ops of orders whose photos are there. Only the first op of an order is ever on its way.
use super::settle::{self, Fate, Later};
use super::window::{OpAt, Window};
use super::{Action, Common, Settlement};
use crate::backoff::{Lane, Millis};
use crate::failure::{Concern, Failure, Trouble};
use crate::local::{Batch, LocalFailure, PendingOp, PutOff};
use domain::BlobId;
use std::collections::BTreeMap;
use wire::op::OpsAnswer;
use wire::problem::{Code, Problem};

/// The half that takes the outbox up.
#[derive(Debug, Default)]
pub(super) struct Push {
    pub(super) lane: Lane,
    pub(super) waiting: u64,
    window: Window,
    loading: bool,
    look: bool,
    more: bool,
    swept_at: Millis,
    sweep_at: Option<Millis>,
    /// The ops of the one request on its way.
    on_way: Vec<PendingOp>,
    /// Photos on their way, or being asked for.
    blobs_on_way: usize,
    /// Most ops in the next request; halved when a request as a whole fails, so that one bad op ends up alone.
    cap: Option<usize>,
    settlements: u64,
    put_off: BTreeMap<String, PutOffOp>,
    clock_tries: u32,
    record_fails: bool,
    release_owed: bool,
    /// By settlement on its way to the store: how many ops it settles for good.
    settling: BTreeMap<u64, u64>,
}

/// An op that was put off.
#[derive(Debug, Default)]
struct PutOffOp {
    /// How often.
    tries: u32,
    /// The settlement that said so last, and for how long.
    by: (u64, u64),
    /// When it will be offered again; known once the store has noted it, which counts from then.
    due: Option<Millis>,
    trouble: Option<Trouble>,
}

impl Push {
    pub(super) fn retry_all(&mut self, c: &mut Common) {
        self.release_owed = false;
        self.put_off.clear();
        self.window.forget_tries();
        self.look = true;
        c.act(Action::RetryAll);
    }

    pub(super) fn release_failed(&mut self, c: &mut Common) {
        self.release_owed = true;
        self.fail(Trouble::Store, None, c);
    }

    pub(super) fn look_again(&mut self) {
        self.look = true;
    }

    /// Trouble with single items only.
    pub(super) fn item_trouble(&self) -> Option<Trouble> {
        self.put_off.values().find_map(|p| p.trouble)
    }

    pub(super) fn go(&mut self, c: &mut Common) {
        if self.release_owed && self.lane.is_open(c.now) {
            self.retry_all(c);
        }
        self.load(c);
        if self.lane.is_open(c.now) {
            self.send_ops(c);
            self.send_blobs(c);
        }
    }

    pub(super) fn next_at(&self, now: Millis) -> Option<Millis> {
        let due = self
            .put_off
            .values()
            .filter_map(|p| p.due)
            .filter(|due| *due > now)
            .min();
        [self.lane.opens_at(now), due, self.sweep_at]
            .into_iter()
            .flatten()
            .filter(|at| *at > now)
            .min()
    }

    fn load(&mut self, c: &mut Common) {
        let due = self
            .put_off
            .values()
            .filter_map(|p| p.due)
            .any(|due| due > self.swept_at && due <= c.now);
        let sweep = self.sweep_at.is_some_and(|at| at <= c.now);
        let hungry = self.more && self.window.len() < c.limits.ops_per_request / 2;
        let blocked = self.lane.trouble() == Some(Trouble::Store) && !self.lane.is_open(c.now);
        if self.loading || blocked || !(self.look || due || sweep || hungry) {
            return;
        }
        let limit = (self.window.len() + c.limits.ops_per_request).min(c.limits.window);
        self.look = false;
        self.more = false;
        self.loading = true;
        self.swept_at = c.now;
        self.sweep_at = Some(c.now.plus(c.limits.sweep_ms));
        c.act(Action::LoadBatch { limit });
    }

    pub(super) fn loaded(&mut self, batch: Result<Batch, LocalFailure>, c: &mut Common) {
        self.loading = false;
        let Ok(batch) = batch else {
            self.look = true;
            return self.fail(Trouble::Store, None, c);
        };
        if !self.record_fails && self.lane.trouble() == Some(Trouble::Store) {
            self.lane.succeed(c.now);
        }
        self.waiting = batch.waiting;
        self.more = batch.ops.len() as u64 >= c.limits.ops_per_request as u64;
        let room = c.limits.window;
        self.window.take(batch.ops, room);
    }

    fn send_ops(&mut self, c: &mut Common) {
        if !self.on_way.is_empty() {
            return;
        }
        let most = self
            .cap
            .unwrap_or(c.limits.ops_per_request)
            .min(c.limits.ops_per_request);
        let ops = self.window.sendable(most, c.limits.bytes_per_request);
        if ops.is_empty() {
            return;
        }
        for op in &ops {
            self.window.set(&op.op.op_id, OpAt::OnWay);
        }
        c.act(Action::SendOps {
            ops: ops.iter().map(|p| p.op.clone()).collect(),
            again_in_ms: c.limits.again_in_ms,
        });
        self.on_way = ops;
    }

    fn send_blobs(&mut self, c: &mut Common) {
        while self.blobs_on_way < c.limits.blobs_at_once {
            let Some((blob, unanswered)) = self.window.next_blob() else {
                return;
            };
            self.blobs_on_way += 1;
            // It may have arrived although no answer did: asking is cheaper than sending it again.
            c.act(if unanswered {
                Action::AskBlob { blob }
            } else {
                Action::PutBlob { blob }
            });
        }
    }

    pub(super) fn blob_known(&mut self, blob: BlobId, outcome: Result<bool, Failure>, c: &mut Common) {
        match outcome {
            Ok(true) => self.blob_sent(blob, Ok(()), c),
            Ok(false) => {
                self.works(c);
                c.act(Action::PutBlob { blob });
            }
            // An answer to HEAD has no problem document: only PUT will tell what exactly is wrong.
            Err(Failure::Refused(problem)) if problem.status < 500 => c.act(Action::PutBlob { blob }),
            Err(failure) => self.blob_sent(blob, Err(failure), c),
        }
    }

    pub(super) fn blob_sent(&mut self, blob: BlobId, outcome: Result<(), Failure>, c: &mut Common) {
        self.blobs_on_way = self.blobs_on_way.saturating_sub(1);
        let failure = match outcome {
            Ok(()) => {
                self.window.blob_is_there(blob);
                return self.works(c);
            }
            Err(failure) => failure,
        };
        c.failed(&failure);
        self.window
            .blob_failed(blob, matches!(failure, Failure::Unreachable(_)));
        let mut settlement = self.settlement();
        let damaged = matches!(&failure, Failure::Refused(p) if p.code == Code::DigestMismatch);
        for op_id in self.window.ready_with(blob) {
            let worn_out = damaged && self.tries(&op_id) + 1 >= c.limits.digest_tries;
            match failure.concern() {
                Concern::ItemForGood => quarantine(&mut settlement, op_id, &failure),
                Concern::ItemForNow if worn_out => quarantine(&mut settlement, op_id, &failure),
                Concern::ItemForNow | Concern::Photo | Concern::Doubtful => {
                    self.defer(&mut settlement, op_id, Later::because(&failure), c);
                }
                Concern::Link | Concern::Station | Concern::Clock | Concern::Store => {}
            }
        }
        self.record(settlement, c);
        self.lane_failed(&failure, c);
    }

    pub(super) fn ops_answered(&mut self, answer: Result<OpsAnswer, Failure>, c: &mut Common) {
        let sent = std::mem::take(&mut self.on_way);
        match answer {
            Ok(answer) => self.settle(sent, answer, c),
            Err(failure) => self.ops_failed(&sent, &failure, c),
        }
    }

    fn settle(&mut self, sent: Vec<PendingOp>, answer: OpsAnswer, c: &mut Common) {
        self.works(c);
        self.cap = self
            .cap
            .map(|cap| cap.saturating_mul(2))
            .filter(|cap| *cap < c.limits.ops_per_request);
        let (fates, receipt) = settle::fates(&sent, answer, &c.server_key);
        let mut settlement = self.settlement();
        for (pending, fate) in sent.into_iter().zip(fates) {
            let op_id = pending.op.op_id;
            match fate {
                Fate::Acknowledged(result) => settlement.acknowledged.push(result),
                Fate::Lacks(blobs, result) => {
                    self.window.blobs_lacking(&blobs);
                    // Once it is sent again right behind its photo; a center that still lacks it then must wait.
                    if self.window.lacks_again(&op_id) {
                        self.defer(&mut settlement, op_id, Later::held(result.problem), c);
                    }
                }
                Fate::Later(later) => self.defer(&mut settlement, op_id, later, c),
                Fate::Refused(problem) => settlement.quarantined.push((op_id, problem)),
            }
        }
        settlement.receipt = receipt.filter(|_| !settlement.acknowledged.is_empty());
        self.record(settlement, c);
    }

    /// No op of the request has an answer. Unless the link is to blame, smaller requests find the op that is.
    fn ops_failed(&mut self, sent: &[PendingOp], failure: &Failure, c: &mut Common) {
        c.failed(failure);
        for op in sent {
            self.window.try_failed(&op.op.op_id);
        }
        let concern = failure.concern();
        if !matches!(concern, Concern::Clock | Concern::Station | Concern::Store) {
            self.cap = Some((sent.len() / 2).max(1));
        }
        if concern == Concern::Store {
            // They cannot be noted as sent: perhaps they are settled. The outbox knows.
            self.window.forget(sent);
            self.release_owed = true;
            self.record_fails = true;
        }
        let mut settlement = self.settlement();
        if let [only] = sent {
            let op_id = only.op.op_id.clone();
            match concern {
                Concern::ItemForGood => quarantine(&mut settlement, op_id, failure),
                Concern::ItemForNow | Concern::Doubtful | Concern::Photo => {
                    self.defer(&mut settlement, op_id, Later::because(failure), c);
                }
                Concern::Link | Concern::Station | Concern::Clock | Concern::Store => {}
            }
        }
        self.record(settlement, c);
        self.lane_failed(failure, c);
    }

    pub(super) fn recorded(&mut self, id: u64, outcome: Result<(), LocalFailure>, c: &mut Common) {
        self.window.recorded(id);
        let settled = self.settling.remove(&id).unwrap_or(0);
        match outcome {
            Ok(()) => {
                self.waiting = self.waiting.saturating_sub(settled);
                for put_off in self.put_off.values_mut().filter(|p| p.by.0 == id) {
                    put_off.due = Some(c.now.plus(put_off.by.1));
                }
                self.record_fails = false;
                if self.lane.trouble() == Some(Trouble::Store) {
                    self.lane.succeed(c.now);
                }
            }
            Err(_) => {
                // Some of it may be recorded. Only the outbox knows, once all of it is offered again.
                self.release_owed = true;
                self.record_fails = true;
                self.fail(Trouble::Store, None, c);
            }
        }
    }

    fn settlement(&mut self) -> Settlement {
        self.settlements += 1;
        Settlement {
            id: self.settlements,
            ..Settlement::default()
        }
    }

    fn record(&mut self, settlement: Settlement, c: &mut Common) {
        if settlement.is_empty() {
            return;
        }
        let done = settlement.acknowledged.iter().map(|r| &r.op_id);
        for op_id in done.chain(settlement.quarantined.iter().map(|(op_id, _)| op_id)) {
            self.put_off.remove(op_id);
        }
        let settled = settlement.acknowledged.len() + settlement.quarantined.len();
        self.settling.insert(settlement.id, settled as u64);
        self.window.recording(&settlement);
        c.act(Action::Record(Box::new(settlement)));
    }

    fn tries(&self, op_id: &str) -> u32 {
        self.put_off.get(op_id).map_or(0, |p| p.tries)
    }

    fn defer(&mut self, to: &mut Settlement, op_id: String, later: Later, c: &mut Common) {
        let tries = self.tries(&op_id).saturating_add(1);
        let asked = later.retry_after_ms.unwrap_or(0).min(c.limits.retry.max_retry_after_ms);
        let wait_ms = c.limits.retry.wait_ms(tries, &mut c.chance).max(asked);
        // Beyond the limit the sweep finds it again, within its five minutes.
        if self.put_off.len() < c.limits.tries_kept || self.put_off.contains_key(&op_id) {
            let put_off = PutOffOp {
                tries,
                by: (to.id, wait_ms),
                due: None,
                trouble: later.trouble,
            };
            self.put_off.insert(op_id.clone(), put_off);
        }
        to.put_off.push(PutOff {
            op_id,
            wait_ms,
            problem: later.problem,
        });
    }

    fn lane_failed(&mut self, failure: &Failure, c: &mut Common) {
        match failure.concern() {
            Concern::ItemForGood | Concern::ItemForNow => self.works(c),
            Concern::Photo => {}
            Concern::Clock if self.clock_tries == 0 => self.clock_tries = 1,
            Concern::Clock | Concern::Link | Concern::Doubtful | Concern::Station | Concern::Store => {
                self.fail(failure.trouble(), failure.retry_after_ms(), c);
            }
        }
    }

    /// The center answered, and there is nothing wrong with the way to it.
    fn works(&mut self, c: &mut Common) {
        c.succeeded();
        self.clock_tries = 0;
        // A store that fails is not healed by the network: only by something recorded.
        if self.lane.trouble() != Some(Trouble::Store) {
            self.lane.succeed(c.now);
        }
    }

    fn fail(&mut self, trouble: Trouble, retry_after_ms: Option<u64>, c: &mut Common) {
        self.lane
            .fail(c.now, trouble, retry_after_ms, &c.limits.retry, &mut c.chance);
    }
}

fn quarantine(to: &mut Settlement, op_id: String, failure: &Failure) {
    let problem = match failure {
        Failure::Refused(problem) => Problem::clone(problem),
        other => Problem::new(Code::Unknown, other.trouble().id()),
    };
    to.quarantined.push((op_id, problem));
}
