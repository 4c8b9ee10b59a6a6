//! A station's side in memory: the outbox and the photos of one desk, and what the real client recorded of them.
use domain::BlobId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use sync::{Batch, Local, LocalFailure, PendingOp, PutOff, Status};
use wire::feed::{FeedBody, FeedEvent, OrderStatus, Snapshot};
use wire::op::{Op, OpResult};
use wire::problem::Problem;
use wire::receipt::Receipt;

/// One desk.
#[derive(Default)]
pub struct Desk {
    ops: Vec<Op>,
    photos: BTreeMap<BlobId, Vec<u8>>,
    blob_of: BTreeMap<String, BlobId>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    settled: BTreeSet<String>,
    receipts: BTreeMap<String, Option<String>>,
    refused: Vec<String>,
    told: BTreeMap<String, OrderStatus>,
    cursor: u64,
}

impl Desk {
    pub fn add(&mut self, op: Op, photo: Vec<u8>) {
        let blob = BlobId::of(&photo);
        self.blob_of.insert(op.op_id.clone(), blob);
        self.photos.insert(blob, photo);
        self.ops.push(op);
    }
    pub fn bytes(&self) -> usize {
        self.photos.values().map(Vec::len).sum()
    }
    /// Bytes of the ops as they must be told: their ids, bodies and chain.
    pub fn op_bytes(&self) -> usize {
        let of = |op: &Op| op.op_id.len() + op.order_id.len() + op.body.len() + op.chain.len() + op.boot_id.len();
        self.ops.iter().map(of).sum()
    }
    /// Changes that have their answer.
    pub fn settled(&self) -> usize {
        self.kept.lock().unwrap().settled.len()
    }
    /// Everything is signed for.
    pub fn is_done(&self) -> bool {
        let kept = self.kept.lock().unwrap();
        assert!(kept.refused.is_empty(), "{:?}", kept.refused);
        kept.settled.len() == self.ops.len()
    }
    /// Each order with its photo, for the comparison with the center; each must have a receipt that names its photo.
    pub fn orders(&self) -> Vec<(String, BlobId)> {
        let kept = self.kept.lock().unwrap();
        let checked = self.ops.iter().map(|op| {
            let blob = self.blob_of[&op.op_id];
            assert_eq!(
                kept.receipts[&op.op_id],
                Some(blob.to_string()),
                "a receipt with its photo"
            );
            (op.order_id.clone(), blob)
        });
        checked.collect()
    }
}

impl Local for Desk {
    fn next_ops(&self, limit: usize) -> Result<Batch, LocalFailure> {
        let kept = self.kept.lock().unwrap();
        let open = self.ops.iter().filter(|op| !kept.settled.contains(&op.op_id));
        let ops = open.clone().take(limit).map(|op| PendingOp {
            op: op.clone(),
            blobs: vec![self.blob_of[&op.op_id]],
        });
        Ok(Batch {
            ops: ops.collect(),
            waiting: open.count() as u64,
        })
    }
    fn blob(&self, id: &BlobId) -> Result<Vec<u8>, LocalFailure> {
        self.photos.get(id).cloned().ok_or(LocalFailure::Photo)
    }
    fn sending(&self, _: &[String], _: u64) -> Result<(), LocalFailure> {
        Ok(())
    }
    fn record(&self, results: &[OpResult], receipt: Option<&Receipt>) -> Result<(), LocalFailure> {
        let mut kept = self.kept.lock().unwrap();
        for entry in receipt.iter().flat_map(|r| &r.entries) {
            kept.receipts.insert(entry.op_id.clone(), entry.blob_id.clone());
        }
        kept.settled.extend(results.iter().map(|r| r.op_id.clone()));
        Ok(())
    }
    fn put_off(&self, _: &PutOff) -> Result<(), LocalFailure> {
        Ok(())
    }
    fn quarantine(&self, op_id: &str, problem: &Problem) -> Result<(), LocalFailure> {
        self.kept.lock().unwrap().refused.push(format!("{op_id} {problem:?}"));
        Ok(())
    }
    fn retry_all(&self) -> Result<(), LocalFailure> {
        Ok(())
    }
    fn cursor(&self) -> Result<u64, LocalFailure> {
        Ok(self.kept.lock().unwrap().cursor)
    }
    fn apply(&self, events: &[FeedEvent], cursor: u64) -> Result<(), LocalFailure> {
        let mut kept = self.kept.lock().unwrap();
        for event in events {
            assert!(event.seq > kept.cursor, "the feed repeats nothing");
            kept.cursor = event.seq;
            if let FeedBody::Order(status) = &event.body {
                kept.told.insert(status.order_id.clone(), (**status).clone());
            }
        }
        kept.cursor = cursor;
        Ok(())
    }
    fn apply_snapshot(&self, snapshot: &Snapshot) -> Result<(), LocalFailure> {
        self.kept.lock().unwrap().cursor = snapshot.cursor;
        Ok(())
    }
    fn report(&self, _: Status) {}
}
