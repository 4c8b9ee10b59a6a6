//! A station's side that never runs dry: as soon as an order has its receipt, the next one is in the outbox. What is measured is
//! the time between the two.
use crate::small_photo;
use crate::station::{fresh, id, submit};
use crate::world::CAMPAIGN;
use domain::BlobId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};
use sync::{Batch, Link, Local, LocalFailure, PendingOp, PutOff, Status};
use wire::feed::{FeedEvent, Snapshot};
use wire::op::{Op, OpResult};
use wire::problem::Problem;
use wire::receipt::Receipt;

/// One order that waits.
struct Open {
    pending: PendingOp,
    photo: Vec<u8>,
    since: Instant,
}

/// One station.
#[derive(Default)]
pub struct Line {
    /// Its campaign, where it is another than usual.
    campaign: Option<String>,
    link: OnceLock<Link>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    open: BTreeMap<String, Open>,
    chain: String,
    /// When each order had its receipt, and after what time.
    done: Vec<(Instant, Duration)>,
    /// Which order, with which photo.
    signed_for: Vec<(String, BlobId)>,
    /// What stood in the way.
    troubles: BTreeSet<&'static str>,
    over: bool,
    cursor: u64,
    refused: Vec<String>,
}

impl Line {
    pub fn of(campaign: &str) -> Self {
        Self {
            campaign: Some(campaign.to_owned()),
            ..Self::default()
        }
    }
    /// Puts the first order into the outbox.
    pub fn begin(&self, link: Link) {
        self.kept.lock().unwrap().next(self.campaign.as_deref());
        link.wake();
        self.link.set(link).unwrap();
    }
    /// No further orders.
    pub fn end(&self) {
        self.kept.lock().unwrap().over = true;
    }
    pub fn is_done(&self) -> bool {
        let kept = self.kept.lock().unwrap();
        assert!(kept.refused.is_empty(), "{:?}", kept.refused);
        kept.open.is_empty()
    }
    /// How an order that still waits stands: since when, and what the pump says.
    pub fn stuck(&self) -> Option<(Duration, Status)> {
        let since = self.kept.lock().unwrap().open.values().next()?.since;
        Some((since.elapsed(), self.link.get().unwrap().status()))
    }
    pub fn stop(&self) {
        self.link.get().unwrap().stop();
    }
    /// Each order the center has signed for, with its photo.
    pub fn signed_for(&self) -> Vec<(String, BlobId)> {
        self.kept.lock().unwrap().signed_for.clone()
    }
    /// When each of them was.
    pub fn moments(&self) -> Vec<Instant> {
        self.kept.lock().unwrap().done.iter().map(|(at, _)| *at).collect()
    }
    /// What stood in the way.
    pub fn troubles(&self) -> BTreeSet<&'static str> {
        self.kept.lock().unwrap().troubles.clone()
    }
    /// The waits of the orders that had their receipt in this time, and how many there were before and after it too.
    pub fn waits(&self, from: Instant, to: Instant) -> (Vec<Duration>, usize) {
        let kept = self.kept.lock().unwrap();
        let within = kept.done.iter().filter(|(at, _)| (from..to).contains(at));
        (within.map(|(_, wait)| *wait).collect(), kept.done.len())
    }
}

impl Kept {
    fn next(&mut self, campaign: Option<&str>) {
        let photo = small_photo(fresh() as u32);
        let (op_id, order_id) = (id(fresh()), id(fresh()));
        let mut body = submit(fresh(), &photo).to_text().unwrap();
        if let Some(campaign) = campaign {
            body = body.replace(CAMPAIGN, campaign);
        }
        self.chain = Op::chain_after(&self.chain, &op_id, &order_id, 1, &body);
        let op = Op {
            op_id: op_id.clone(),
            order_id,
            rev: 1,
            body,
            captured_at_ms: 1_812_070_800_000,
            mono_ms: 1,
            boot_id: "boot".to_owned(),
            chain: self.chain.clone(),
        };
        let pending = PendingOp {
            op,
            blobs: vec![BlobId::of(&photo)],
        };
        let since = Instant::now();
        self.open.insert(op_id, Open { pending, photo, since });
    }
}

impl Local for Line {
    fn next_ops(&self, limit: usize) -> Result<Batch, LocalFailure> {
        let kept = self.kept.lock().unwrap();
        Ok(Batch {
            ops: kept.open.values().take(limit).map(|o| o.pending.clone()).collect(),
            waiting: kept.open.len() as u64,
        })
    }
    fn blob(&self, id: &BlobId) -> Result<Vec<u8>, LocalFailure> {
        let kept = self.kept.lock().unwrap();
        let open = kept.open.values().find(|o| o.pending.blobs.contains(id));
        open.map(|o| o.photo.clone()).ok_or(LocalFailure::Photo)
    }
    fn sending(&self, _: &[String], _: u64) -> Result<(), LocalFailure> {
        Ok(())
    }
    fn record(&self, results: &[OpResult], receipt: Option<&Receipt>) -> Result<(), LocalFailure> {
        let mut kept = self.kept.lock().unwrap();
        let now = Instant::now();
        for result in results {
            let Some(open) = kept.open.remove(&result.op_id) else {
                continue;
            };
            let photo = open.pending.blobs[0].to_string();
            let entries = receipt.iter().flat_map(|r| &r.entries);
            assert!(
                entries
                    .filter(|e| e.op_id == result.op_id)
                    .any(|e| e.blob_id.as_ref() == Some(&photo))
            );
            kept.done.push((now, now - open.since));
            kept.signed_for.push((open.pending.op.order_id, open.pending.blobs[0]));
            if !kept.over {
                kept.next(self.campaign.as_deref());
            }
        }
        if let Some(link) = self.link.get() {
            link.wake();
        }
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
        }
        assert!(cursor >= kept.cursor, "nor does it go back");
        kept.cursor = cursor;
        Ok(())
    }
    fn apply_snapshot(&self, snapshot: &Snapshot) -> Result<(), LocalFailure> {
        self.kept.lock().unwrap().cursor = snapshot.cursor;
        Ok(())
    }
    fn report(&self, status: Status) {
        self.kept
            .lock()
            .unwrap()
            .troubles
            .extend(status.trouble.map(|t| t.id()));
    }
}
