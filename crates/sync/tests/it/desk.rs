//! A station's store in memory, as strict as the real one: what is recorded twice, out of order or without a receipt is an error.
use domain::{BlobId, UtcMs};
use ed25519_dalek::VerifyingKey;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use sync::{Batch, Clock, Local, LocalFailure, PendingOp, PutOff, Status};
use wire::feed::{FeedBody, FeedEvent, Snapshot};
use wire::op::{Op, OpResult};
use wire::problem::Problem;
use wire::receipt::Receipt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// `sent`: it is on its way, and offered again when no answer came until then.
    Waiting {
        until: i64,
        sent: bool,
    },
    Acknowledged,
    Quarantined(String),
}

pub struct Row {
    pub op: PendingOp,
    pub state: State,
}

/// Everything the station keeps; survives a crash of the pump.
#[derive(Default)]
pub struct Book {
    pub rows: Vec<Row>,
    pub photos: BTreeMap<BlobId, Vec<u8>>,
    pub cursor: u64,
    pub orders: BTreeMap<String, String>,
    pub applied: BTreeSet<u64>,
    pub snapshots: u32,
    pub statuses: Vec<Status>,
    pub failing_writes: u32,
}

/// The book, with the clock and the center's key.
#[derive(Clone)]
pub struct Desk {
    pub book: Arc<Mutex<Book>>,
    pub clock: Arc<dyn Clock>,
    pub server_key: VerifyingKey,
    /// Rings after each write.
    pub changed: Arc<tokio::sync::Notify>,
}

impl Desk {
    pub fn new(clock: Arc<dyn Clock>, server_key: VerifyingKey) -> Self {
        Self {
            book: Arc::default(),
            clock,
            server_key,
            changed: Arc::default(),
        }
    }

    pub fn with<T>(&self, f: impl FnOnce(&mut Book) -> T) -> T {
        f(&mut self.book.lock().unwrap())
    }

    pub fn push_photo(&self, order: u64, rev: u32) {
        let (op, blob) = testkit::build::photo_op(order, rev);
        self.with(|b| b.photos.insert(blob, testkit::build::photo_bytes(order, rev)));
        self.push(op, vec![blob]);
    }

    pub fn push(&self, op: Op, blobs: Vec<BlobId>) {
        let state = State::Waiting { until: 0, sent: false };
        self.with(|b| {
            b.rows.push(Row {
                op: PendingOp { op, blobs },
                state,
            })
        });
    }

    pub fn count(&self, state: impl Fn(&State) -> bool) -> usize {
        self.with(|b| b.rows.iter().filter(|r| state(&r.state)).count())
    }

    pub fn all_acknowledged(&self) -> bool {
        self.count(|s| *s == State::Acknowledged) == self.with(|b| b.rows.len())
    }

    fn write(&self, f: impl FnOnce(&mut Book, UtcMs)) -> Result<(), LocalFailure> {
        let now = self.clock.now();
        let written = self.with(|b| {
            if b.failing_writes > 0 {
                b.failing_writes -= 1;
                return Err(LocalFailure::Store);
            }
            f(b, now);
            Ok(())
        });
        self.changed.notify_one();
        written
    }
}

impl Book {
    fn row(&mut self, op_id: &str) -> &mut Row {
        self.rows.iter_mut().find(|r| r.op.op.op_id == op_id).unwrap()
    }
}

impl Local for Desk {
    fn next_ops(&self, limit: usize) -> Result<Batch, LocalFailure> {
        let now = self.clock.now().0;
        self.with(|b| {
            let mut closed = BTreeSet::new();
            let mut ops = Vec::new();
            for row in &b.rows {
                let order = &row.op.op.order_id;
                match row.state {
                    State::Acknowledged => {}
                    State::Waiting { until, .. } if until <= now && !closed.contains(order) => ops.push(row.op.clone()),
                    State::Waiting { sent: true, .. } => {}
                    State::Waiting { .. } | State::Quarantined(_) => drop(closed.insert(order.clone())),
                }
            }
            ops.truncate(limit);
            let waiting = b
                .rows
                .iter()
                .filter(|r| matches!(r.state, State::Waiting { .. }))
                .count();
            Ok(Batch {
                ops,
                waiting: waiting as u64,
            })
        })
    }

    fn blob(&self, id: &BlobId) -> Result<Vec<u8>, LocalFailure> {
        self.with(|b| b.photos.get(id).cloned()).ok_or(LocalFailure::Photo)
    }

    fn sending(&self, op_ids: &[String], again_in_ms: u64) -> Result<(), LocalFailure> {
        self.write(|b, now| {
            for op_id in op_ids {
                let row = b.row(op_id);
                assert!(matches!(row.state, State::Waiting { .. }), "sent although settled");
                row.state = State::Waiting {
                    until: now.0 + again_in_ms as i64,
                    sent: true,
                };
            }
        })
    }

    fn record(&self, results: &[OpResult], receipt: Option<&Receipt>) -> Result<(), LocalFailure> {
        let receipt = receipt.expect("acknowledged without a receipt");
        receipt.verify(&self.server_key).expect("a receipt of somebody else");
        self.write(|b, _| {
            for result in results {
                let row = b.row(&result.op_id);
                let blob = row.op.blobs.first().map(BlobId::to_string);
                let covers = receipt
                    .entries
                    .iter()
                    .any(|e| e.op_id == result.op_id && e.rev == row.op.op.rev && e.blob_id == blob);
                assert!(covers, "acknowledged without its photo in the receipt");
                row.state = State::Acknowledged;
            }
        })
    }

    fn put_off(&self, put_off: &PutOff) -> Result<(), LocalFailure> {
        self.write(|b, now| {
            let row = b.row(&put_off.op_id);
            assert!(matches!(row.state, State::Waiting { .. }), "put off although settled");
            row.state = State::Waiting {
                until: now.0 + put_off.wait_ms as i64,
                sent: false,
            };
        })
    }

    fn quarantine(&self, op_id: &str, problem: &Problem) -> Result<(), LocalFailure> {
        self.write(|b, _| b.row(op_id).state = State::Quarantined(problem.code.id()))
    }

    fn retry_all(&self) -> Result<(), LocalFailure> {
        self.write(|b, _| {
            for row in &mut b.rows {
                if matches!(row.state, State::Waiting { .. }) {
                    row.state = State::Waiting { until: 0, sent: false };
                }
            }
        })
    }

    fn cursor(&self) -> Result<u64, LocalFailure> {
        Ok(self.with(|b| b.cursor))
    }

    fn apply(&self, events: &[FeedEvent], cursor: u64) -> Result<(), LocalFailure> {
        self.write(|b, _| {
            for event in events {
                assert!(b.applied.insert(event.seq), "event {} applied twice", event.seq);
                if let FeedBody::Order(status) = &event.body {
                    b.orders.insert(status.order_id.clone(), status.state.clone());
                }
            }
            b.cursor = cursor;
        })
    }

    fn apply_snapshot(&self, snapshot: &Snapshot) -> Result<(), LocalFailure> {
        self.write(|b, _| {
            b.orders = snapshot
                .orders
                .iter()
                .map(|o| (o.order_id.clone(), o.state.clone()))
                .collect();
            b.cursor = snapshot.cursor;
            b.snapshots += 1;
        })
    }

    fn report(&self, status: Status) {
        self.with(|b| b.statuses.push(status));
    }
}
