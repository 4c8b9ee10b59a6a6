//! The ops in memory and their photos: which may go next, and what has become stale since the outbox was asked.
use super::Settlement;
use crate::local::PendingOp;
use domain::BlobId;
use std::collections::{BTreeMap, BTreeSet};

/// Where an op stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OpAt {
    /// May be sent once its photos are there.
    Ready,
    /// In a request.
    OnWay,
    /// What became of it is being recorded, under this id; the order goes on only when it was acknowledged.
    Recording { id: u64, acknowledged: bool },
}

#[derive(Debug)]
struct Item {
    pending: PendingOp,
    at: OpAt,
    tries: u32,
    lacked: bool,
}

#[derive(Debug, Default)]
struct Blob {
    at: BlobAt,
    tries: u32,
    unanswered: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum BlobAt {
    #[default]
    Needed,
    OnWay,
    There,
}

/// The ops in memory, oldest first.
#[derive(Debug, Default)]
pub(super) struct Window {
    items: Vec<Item>,
    blobs: BTreeMap<BlobId, Blob>,
}

impl Window {
    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// Takes what is new of a batch. Writes are answered in order, so an op it still names although it was settled meanwhile is
    /// also still in memory, being recorded.
    pub(super) fn take(&mut self, ops: Vec<PendingOp>, room: usize) {
        for pending in ops {
            let known = self.items.iter().any(|i| i.pending.op.op_id == pending.op.op_id);
            if known || self.items.len() >= room {
                continue;
            }
            for blob in &pending.blobs {
                self.blobs.entry(*blob).or_default();
            }
            self.items.push(Item {
                pending,
                at: OpAt::Ready,
                tries: 0,
                lacked: false,
            });
        }
    }

    pub(super) fn forget_tries(&mut self) {
        for item in &mut self.items {
            item.tries = 0;
            item.lacked = false;
        }
    }

    fn is_first(&self, item: &Item) -> bool {
        let op = &item.pending.op;
        let before = |other: &Item| other.pending.op.order_id == op.order_id && other.pending.op.rev < op.rev;
        !self.items.iter().any(before)
    }

    /// The first ops of their orders whose photos are there; those tried least come first, then the oldest.
    pub(super) fn sendable(&self, most: usize, most_bytes: usize) -> Vec<PendingOp> {
        let there = |blob: &BlobId| self.blobs.get(blob).is_some_and(|b| b.at == BlobAt::There);
        let ready =
            |item: &&Item| item.at == OpAt::Ready && item.pending.blobs.iter().all(there) && self.is_first(item);
        let mut ready: Vec<_> = self.items.iter().filter(ready).collect();
        ready.sort_by_key(|item| item.tries);
        let mut bytes = 0_usize;
        let fits = |item: &&Item| {
            bytes += item.pending.op.body.len() + 512;
            bytes <= most_bytes
        };
        let first = ready.first().map(|item| item.pending.clone());
        let rest = ready.into_iter().take(most).take_while(fits).skip(1);
        first.into_iter().chain(rest.map(|item| item.pending.clone())).collect()
    }

    /// The next photo to send, and whether an earlier try had no answer. It counts as on its way from here on.
    pub(super) fn next_blob(&mut self) -> Option<(BlobId, bool)> {
        let ready = self.items.iter().filter(|item| item.at == OpAt::Ready);
        let wanted = ready.flat_map(|item| &item.pending.blobs);
        let needed = wanted
            .filter_map(|id| Some((id, self.blobs.get(id)?)))
            .filter(|(_, b)| b.at == BlobAt::Needed);
        let id = *needed.min_by_key(|(_, blob)| blob.tries)?.0;
        let blob = self.blobs.get_mut(&id)?;
        blob.at = BlobAt::OnWay;
        Some((id, blob.unanswered))
    }

    pub(super) fn set(&mut self, op_id: &str, at: OpAt) {
        if let Some(item) = self.item(op_id) {
            item.at = at;
        }
    }

    pub(super) fn try_failed(&mut self, op_id: &str) {
        if let Some(item) = self.item(op_id) {
            item.at = OpAt::Ready;
            item.tries = item.tries.saturating_add(1);
        }
    }

    pub(super) fn blob_is_there(&mut self, id: BlobId) {
        if let Some(blob) = self.blobs.get_mut(&id) {
            blob.at = BlobAt::There;
        }
    }

    pub(super) fn blob_failed(&mut self, id: BlobId, unanswered: bool) {
        if let Some(blob) = self.blobs.get_mut(&id) {
            blob.at = BlobAt::Needed;
            blob.tries = blob.tries.saturating_add(1);
            blob.unanswered = unanswered;
        }
    }

    /// The center lacks them after all: they are sent without asking.
    pub(super) fn blobs_lacking(&mut self, ids: &[BlobId]) {
        for id in ids {
            if let Some(blob) = self.blobs.get_mut(id).filter(|b| b.at == BlobAt::There) {
                blob.at = BlobAt::Needed;
                blob.unanswered = false;
            }
        }
    }

    /// The op goes again behind its photo; says whether it did so before.
    pub(super) fn lacks_again(&mut self, op_id: &str) -> bool {
        let Some(item) = self.item(op_id) else {
            return false;
        };
        item.at = OpAt::Ready;
        std::mem::replace(&mut item.lacked, true)
    }

    /// The ops that wait for this photo.
    pub(super) fn ready_with(&self, blob: BlobId) -> Vec<String> {
        let waits = |item: &&Item| item.at == OpAt::Ready && item.pending.blobs.contains(&blob);
        self.items
            .iter()
            .filter(waits)
            .map(|item| item.pending.op.op_id.clone())
            .collect()
    }

    pub(super) fn recording(&mut self, settlement: &Settlement) {
        let id = settlement.id;
        for result in &settlement.acknowledged {
            self.set(&result.op_id, OpAt::Recording { id, acknowledged: true });
        }
        for op_id in settlement.set_aside() {
            self.set(
                op_id,
                OpAt::Recording {
                    id,
                    acknowledged: false,
                },
            );
        }
    }

    /// Drops what was to be recorded, and whatever stands behind an op that was set aside. When it could not be recorded, the
    /// outbox offers it again.
    pub(super) fn recorded(&mut self, settlement: u64) {
        let mut closed: BTreeMap<String, u32> = BTreeMap::new();
        for item in &self.items {
            let op = &item.pending.op;
            if matches!(item.at, OpAt::Recording { id, acknowledged: false } if id == settlement) {
                let first = closed.entry(op.order_id.clone()).or_insert(op.rev);
                *first = op.rev.min(*first);
            }
        }
        self.items.retain(|item| {
            let op = &item.pending.op;
            let done = matches!(item.at, OpAt::Recording { id, .. } if id == settlement);
            !done && closed.get(&op.order_id).is_none_or(|rev| op.rev < *rev)
        });
        self.drop_blobs();
    }

    /// Drops ops without knowing what became of them.
    pub(super) fn forget(&mut self, ops: &[PendingOp]) {
        self.items
            .retain(|item| ops.iter().all(|p| p.op.op_id != item.pending.op.op_id));
        self.drop_blobs();
    }

    fn drop_blobs(&mut self) {
        let wanted: BTreeSet<BlobId> = self.items.iter().flat_map(|i| i.pending.blobs.clone()).collect();
        self.blobs
            .retain(|id, blob| blob.at == BlobAt::OnWay || wanted.contains(id));
    }

    fn item(&mut self, op_id: &str) -> Option<&mut Item> {
        self.items.iter_mut().find(|item| item.pending.op.op_id == op_id)
    }
}
