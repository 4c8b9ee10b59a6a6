//! What became of each op of an answer: acknowledged with a verified receipt, put off, or refused for good.
use crate::failure::{Failure, Trouble};
use crate::local::{PendingOp, PutOff};
use domain::BlobId;
use ed25519_dalek::VerifyingKey;
use std::collections::BTreeMap;
use wire::op::{OpResult, OpStatus, OpsAnswer};
use wire::problem::{Code, Problem};
use wire::receipt::{Entry, Receipt};

/// What is to be recorded, in one go.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settlement {
    /// Counts up; the answer names it.
    pub id: u64,
    /// Taken by the center; each stands in the receipt.
    pub acknowledged: Vec<OpResult>,
    /// Verified. There is one whenever something is acknowledged.
    pub receipt: Option<Receipt>,
    /// To be tried again later.
    pub put_off: Vec<PutOff>,
    /// Refused for good, by op id.
    pub quarantined: Vec<(String, Problem)>,
}

impl Settlement {
    /// Nothing to record.
    pub fn is_empty(&self) -> bool {
        self.acknowledged.is_empty() && self.put_off.is_empty() && self.quarantined.is_empty()
    }

    /// The ops that neither they nor those behind them are offered again now.
    pub fn set_aside(&self) -> impl Iterator<Item = &str> {
        let put_off = self.put_off.iter().map(|p| p.op_id.as_str());
        put_off.chain(self.quarantined.iter().map(|(op_id, _)| op_id.as_str()))
    }
}

/// What one answer means for one op.
pub(super) enum Fate {
    /// The receipt covers it.
    Acknowledged(OpResult),
    /// The center lacks these photos of it.
    Lacks(Vec<BlobId>, OpResult),
    /// Try it again later.
    Later(Later),
    /// Refused.
    Refused(Problem),
}

/// Why an op must wait, and for how long at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Later {
    pub(super) problem: String,
    /// Set when people should hear of it, although it concerns this op only.
    pub(super) trouble: Option<Trouble>,
    pub(super) retry_after_ms: Option<u64>,
}

impl Later {
    pub(super) fn because(failure: &Failure) -> Self {
        Self {
            problem: failure.code(),
            trouble: Some(failure.trouble()).filter(|t| *t == Trouble::Photo),
            retry_after_ms: failure.retry_after_ms(),
        }
    }

    pub(super) fn held(problem: Option<Problem>) -> Self {
        Self {
            retry_after_ms: problem.as_ref().and_then(|p| p.retry_after_ms),
            problem: problem.map_or_else(|| "held".to_owned(), |p| p.code.id()),
            trouble: None,
        }
    }

    fn troubled(trouble: Trouble) -> Self {
        Self {
            problem: trouble.id().to_owned(),
            trouble: Some(trouble),
            retry_after_ms: None,
        }
    }
}

/// What an answer means for each op that was sent.
pub(super) fn fates(sent: &[PendingOp], answer: OpsAnswer, key: &VerifyingKey) -> (Vec<Fate>, Option<Receipt>) {
    let receipt = answer.receipt.filter(|receipt| receipt.verify(key).is_ok());
    let entries: &[Entry] = receipt.as_ref().map_or(&[], |r| &r.entries);
    let entries: BTreeMap<&str, &Entry> = entries.iter().map(|e| (e.op_id.as_str(), e)).collect();
    let mut results: BTreeMap<String, OpResult> = BTreeMap::new();
    for result in answer.results {
        results.entry(result.op_id.clone()).or_insert(result);
    }
    let fate = |pending: &PendingOp| match results.remove(&pending.op.op_id) {
        Some(result) => fate(pending, result, entries.get(pending.op.op_id.as_str()).copied()),
        None => Fate::Later(Later::troubled(Trouble::BadAnswer)),
    };
    let fates = sent.iter().map(fate).collect();
    (fates, receipt)
}

fn fate(pending: &PendingOp, result: OpResult, entry: Option<&Entry>) -> Fate {
    let lacks = lacking(pending, &result);
    match result.status {
        OpStatus::Applied | OpStatus::Duplicate if !lacks.is_empty() => Fate::Lacks(lacks, result),
        OpStatus::Applied | OpStatus::Duplicate => match entry.filter(|e| e.rev == pending.op.rev) {
            Some(entry) => match &entry.blob_id {
                _ if pending.blobs.is_empty() => Fate::Acknowledged(result),
                Some(held) if pending.blobs.iter().any(|b| b.to_string() == *held) => Fate::Acknowledged(result),
                // It signs for the op, but not for the photo.
                _ => Fate::Lacks(pending.blobs.clone(), result),
            },
            None => Fate::Later(Later::troubled(Trouble::BadReceipt)),
        },
        OpStatus::Held if !lacks.is_empty() => Fate::Lacks(lacks, result),
        OpStatus::Held => Fate::Later(Later::held(result.problem)),
        OpStatus::Rejected => {
            let unnamed = || Problem::new(Code::Unknown, "the center gave no reason");
            Fate::Refused(result.problem.unwrap_or_else(unnamed))
        }
    }
}

fn lacking(pending: &PendingOp, result: &OpResult) -> Vec<BlobId> {
    let named = |blob: &&BlobId| result.missing_blobs.iter().any(|m| *m == blob.to_string());
    pending.blobs.iter().filter(named).copied().collect()
}
