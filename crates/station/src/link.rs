//! The station's side of the link: the outbox as sync wants it, and what the center's events mean to the orders here.
use crate::core::Core;
use crate::people::person_row;
use crate::trouble::Trouble;
use domain::order::{Order, Payment};
use domain::{BlobId, CampaignId, Money, OpId, OrderState, PersonKey, RosterEntry, UtcMs};
use ipc::{OutboxRow, SyncView};
use std::sync::{Arc, PoisonError};
use store::inbox::{self, Taken};
use store::orders::{ServerView, StoredOrder};
use store::outbox::{self, OpState, OutboxOp};
use store::receipts::{self, Entry};
use store::{Tx, campaigns, collected, identity, orders, people};
use sync::{Batch, Local, LocalFailure, PendingOp, PutOff, Status};
use wire::feed::{Collected, FeedBody, FeedEvent, OrderStatus, Snapshot};
use wire::lan::LanKey;
use wire::op::{Op, OpResult};
use wire::problem::Problem;
use wire::receipt::Receipt;
use wire::roster::RosterPart;

/// Rows on the sync page.
const MAX_ROWS: u32 = 200;

/// The store as sync sees it.
pub(crate) struct Outbox(pub Arc<Core>);

impl Outbox {
    fn write<T>(&self, change: impl FnOnce(&Tx) -> Result<T, Trouble>) -> Result<T, LocalFailure> {
        self.0.store.try_write(change).map_err(|trouble| {
            tracing::error!(%trouble, "the store failed while syncing");
            LocalFailure::Store
        })
    }
}

impl Local for Outbox {
    fn next_ops(&self, limit: usize) -> Result<Batch, LocalFailure> {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let now = self.0.now();
        let read = self
            .0
            .store
            .read(|c| Ok((outbox::next_batch(c, now, limit)?, outbox::counts(c)?)));
        let (ops, counts) = read.map_err(|_| LocalFailure::Store)?;
        let pending = |op: OutboxOp| PendingOp {
            blobs: op.op.blob.into_iter().collect(),
            op: op_doc(op),
        };
        Ok(Batch {
            ops: ops.into_iter().map(pending).collect(),
            waiting: u64::from(counts.waiting()),
        })
    }

    fn blob(&self, id: &BlobId) -> Result<Vec<u8>, LocalFailure> {
        self.0.store.blobs().get(id).map_err(|_| LocalFailure::Photo)
    }

    fn sending(&self, op_ids: &[String], again_in_ms: u64) -> Result<(), LocalFailure> {
        let ids = op_ids.iter().map(|id| parse(id)).collect::<Result<Vec<_>, _>>()?;
        let again_at = later(self.0.now(), again_in_ms);
        self.write(|tx| Ok(outbox::mark_sent(tx, &ids, again_at)?))
    }

    fn record(&self, results: &[OpResult], receipt: Option<&Receipt>) -> Result<(), LocalFailure> {
        let now = self.0.now();
        self.write(|tx| {
            for result in results {
                let id = result.op_id.parse().map_err(|_| Trouble::NoSuch("change"))?;
                outbox::mark_acknowledged(tx, id, now)?;
            }
            match receipt {
                Some(receipt) => keep_receipt(tx, receipt, now),
                None => Ok(()),
            }
        })?;
        self.0.board.bump();
        Ok(())
    }

    fn put_off(&self, put_off: &PutOff) -> Result<(), LocalFailure> {
        let id = parse(&put_off.op_id)?;
        let at = later(self.0.now(), put_off.wait_ms);
        self.write(|tx| Ok(outbox::mark_waiting(tx, id, at, Some(&put_off.problem))?))
    }

    fn quarantine(&self, op_id: &str, problem: &Problem) -> Result<(), LocalFailure> {
        let id = parse(op_id)?;
        let now = self.0.now();
        self.write(|tx| {
            outbox::mark_quarantined(tx, id, &problem.code.id(), now)?;
            let order = outbox::get(tx, id)?.map(|o| o.op.order);
            let detail = serde_json::json!({ "op": op_id, "problem": problem.code.id() });
            self.0.note(tx, "quarantined", order, None, &detail, now)
        })?;
        self.0.notify("error", "quarantined", &[("problem", problem.code.id())]);
        Ok(())
    }

    fn retry_all(&self) -> Result<(), LocalFailure> {
        self.write(|tx| {
            outbox::recover(tx)?;
            Ok(outbox::retry_all(tx)?)
        })
    }

    fn cursor(&self) -> Result<u64, LocalFailure> {
        self.0.store.read(inbox::cursor).map_err(|_| LocalFailure::Store)
    }

    fn apply(&self, events: &[FeedEvent], cursor: u64) -> Result<(), LocalFailure> {
        let now = self.0.now();
        self.write(|tx| {
            for event in events {
                let kind = match &event.body {
                    FeedBody::Order(_) => "order",
                    FeedBody::Collected(_) => "collected",
                    FeedBody::Campaign(_) => "campaign",
                    FeedBody::Roster(_) => "roster",
                    FeedBody::Unknown => "unknown",
                };
                if inbox::take(tx, event.seq, kind, now)? == Taken::First {
                    self.0.apply_event(tx, event, now)?;
                }
            }
            Ok(inbox::read_to(tx, cursor)?)
        })?;
        self.0.after_events(events.iter().map(|e| &e.body));
        Ok(())
    }

    fn apply_snapshot(&self, snapshot: &Snapshot) -> Result<(), LocalFailure> {
        self.0.apply_center_snapshot(snapshot).map_err(|trouble| {
            tracing::error!(%trouble, "the store failed while taking a snapshot");
            LocalFailure::Store
        })
    }

    fn school_key(&self, key: &LanKey) -> Result<(), LocalFailure> {
        self.0.take_school_key(key).map_err(|trouble| {
            tracing::error!(%trouble, "the store failed while taking the school's key");
            LocalFailure::Store
        })
    }

    fn report(&self, _: Status) {
        self.0.board.bump();
    }
}

impl Core {
    /// Brings everything to what the center says, and the cursor with it, in one transaction.
    pub(crate) fn apply_center_snapshot(&self, snapshot: &Snapshot) -> Result<(), Trouble> {
        let now = self.now();
        self.store.try_write(|tx| {
            for doc in &snapshot.campaigns {
                campaigns::put(tx, &doc.to_domain()?)?;
            }
            if campaigns::active(tx)?.is_none()
                && let Some(first) = snapshot.campaigns.first()
            {
                campaigns::activate(tx, first.to_domain()?.id)?;
            }
            for status in &snapshot.orders {
                self.apply_status(tx, status, now)?;
            }
            for person in &snapshot.collected {
                apply_collected(tx, person)?;
            }
            for part in &snapshot.rosters {
                apply_roster(tx, part)?;
            }
            inbox::restart(tx, snapshot.cursor)?;
            Ok::<_, Trouble>(())
        })?;
        self.reload();
        Ok(())
    }

    fn apply_event(&self, tx: &Tx, event: &FeedEvent, now: UtcMs) -> Result<(), Trouble> {
        match &event.body {
            FeedBody::Order(status) => self.apply_status(tx, status, now),
            FeedBody::Collected(person) => apply_collected(tx, person),
            FeedBody::Campaign(doc) => {
                let campaign = doc.to_domain()?;
                campaigns::put(tx, &campaign)?;
                if campaigns::active(tx)?.is_none() {
                    campaigns::activate(tx, campaign.id)?;
                }
                Ok(())
            }
            FeedBody::Roster(part) => apply_roster(tx, part),
            FeedBody::Unknown => Ok(()),
        }
    }

    /// Takes over the center's part of an order. While changes of ours are still on their way, the center speaks of an
    /// order it does not know yet: what it says is noted and the order here stands.
    fn apply_status(&self, tx: &Tx, status: &OrderStatus, now: UtcMs) -> Result<(), Trouble> {
        let id = status.order_id.parse().map_err(|_| Trouble::NoSuch("order"))?;
        // An order this store never had, as after a restore: the center keeps it, there is nothing to change here.
        let Some(stored) = orders::get(tx, id)? else {
            return Ok(());
        };
        let state = OrderState::from_id(&status.state).ok_or(Trouble::NoSuch("state"))?;
        orders::set_server(
            tx,
            id,
            &ServerView {
                state,
                rev: status.order_rev,
                duplicate_person: status.duplicate_person,
                at: now,
            },
        )?;
        if status.order_rev < stored.last_rev {
            return Ok(());
        }
        let next = as_center_says(&stored, status, state)?;
        if next != stored.order {
            orders::put(tx, &next)?;
            let detail = serde_json::json!({ "from": stored.order.state.id(), "to": state.id() });
            self.note(tx, "state", Some(id), None, &detail, now)?;
        }
        Ok(())
    }

    /// Wakes the windows, and tells the operator of rejections.
    fn after_events<'a>(&self, events: impl Iterator<Item = &'a FeedBody>) {
        let mut rejected = 0;
        let mut campaigns = false;
        for event in events {
            match event {
                FeedBody::Order(status) if status.state == OrderState::Rejected.id() => rejected += 1,
                // Who comes next may be another.
                FeedBody::Campaign(_) | FeedBody::Roster(_) => campaigns = true,
                _ => {}
            }
        }
        if campaigns {
            self.reload();
        }
        if rejected > 0 {
            self.notify("warn", "rejected", &[("count", rejected.to_string())]);
        }
        self.board.bump();
    }

    /// Takes up what the center changed about the campaign in use. While somebody sits, the next change does.
    fn reload(&self) {
        let _turn = self.turn();
        if let Err(trouble) = self.load_campaign() {
            let fault = trouble.fault();
            self.notify("warn", &fault.code, &[("detail", trouble.to_string())]);
        }
        self.board.bump();
    }

    /// The sync page.
    pub fn sync_view(&self) -> Result<SyncView, Trouble> {
        let (identity, waiting, quarantined, photos) = self.store.read(|c| {
            let mut waiting = outbox::list(c, OpState::Sent, MAX_ROWS)?;
            waiting.extend(outbox::list(c, OpState::Queued, MAX_ROWS)?);
            waiting.truncate(MAX_ROWS as usize);
            let quarantined = outbox::list(c, OpState::Quarantined, MAX_ROWS)?;
            Ok((identity::get(c)?, waiting, quarantined, receipts::photos_safe(c)?))
        })?;
        let rows = |ops: Vec<OutboxOp>| {
            ops.into_iter()
                .map(|op| self.outbox_row(op))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(SyncView {
            enrolled: identity.is_some(),
            station_id: identity.as_ref().map(|i| i.station.to_string()),
            center_url: identity.map(|i| i.center_url),
            queue: self.queue_view(),
            waiting: rows(waiting)?,
            quarantined: rows(quarantined)?,
            photos_safe: photos.safe,
            photos_total: photos.total,
            key_provider: self.store.key_provider().to_owned(),
            lan: self.lan_view()?,
        })
    }

    fn outbox_row(&self, op: OutboxOp) -> Result<OutboxRow, Trouble> {
        let order = self.store.read(|c| orders::get(c, op.op.order))?;
        Ok(OutboxRow {
            op_id: op.op.id.to_string(),
            order_number: order.map(|o| o.order.number.to_string()).unwrap_or_default(),
            kind: op.op.kind,
            state: op.state.id().to_owned(),
            attempts: op.attempts,
            problem: op.problem,
            created_at_ms: op.op.at.0,
        })
    }

    /// Tries everything that waits, now.
    pub fn sync_now(&self) -> Result<(), Trouble> {
        if self.link.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
            return Err(Trouble::NotEnrolled);
        }
        if let Some(link) = self.link.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            link.sync_now();
        }
        Ok(())
    }
}

/// The order with everything the center owns.
fn as_center_says(stored: &StoredOrder, status: &OrderStatus, state: OrderState) -> Result<Order, Trouble> {
    let payment = |id: &Option<String>| match id {
        Some(id) => id.parse().map(Some).map_err(|_| Trouble::NoSuch("payment")),
        None => Ok(None),
    };
    Ok(Order {
        state,
        tries: status.tries,
        withdrawn: status.withdrawn,
        rejection: match &status.rejection {
            Some(doc) => Some(doc.to_domain()?),
            None => None,
        },
        payment: Payment {
            price: stored.order.payment.price,
            paid: Money::from_fen(status.paid_fen),
            refunded: Money::from_fen(status.refunded_fen),
            payment: payment(&status.payment_id)?,
            refund: payment(&status.refund_id)?,
        },
        ..stored.order.clone()
    })
}

/// Takes up people of a roster. Whoever was taken off stays when somebody here has scanned or photographed them.
fn apply_roster(tx: &Tx, part: &RosterPart) -> Result<(), Trouble> {
    let campaign: CampaignId = part.campaign_id.parse().map_err(|_| Trouble::NoSuch("campaign"))?;
    let key = |text: &str| PersonKey::from_text(text).ok_or(Trouble::NoSuch("person"));
    for person in &part.people {
        let entry = RosterEntry {
            key: key(&person.key)?,
            subject: (&person.subject).into(),
        };
        people::put(tx, campaign, &person_row(entry, person.position))?;
    }
    for gone in &part.gone {
        people::forget(tx, campaign, &key(gone)?)?;
    }
    Ok(())
}

fn apply_collected(tx: &Tx, person: &Collected) -> Result<(), Trouble> {
    let (Ok(campaign), Some(key)) = (person.campaign_id.parse(), PersonKey::from_text(&person.person_key)) else {
        return Ok(());
    };
    let at = UtcMs(person.at_ms);
    collected::put(
        tx,
        &collected::Collected {
            campaign,
            person: key,
            at,
            order: None,
            station: None,
        },
    )?;
    Ok(())
}

fn keep_receipt(tx: &Tx, receipt: &Receipt, now: UtcMs) -> Result<(), Trouble> {
    let entry = |e: &wire::receipt::Entry| {
        let blob = match &e.blob_id {
            Some(id) => Some(id.parse().map_err(|_| Trouble::NoSuch("photo"))?),
            None => None,
        };
        Ok(Entry {
            op: e.op_id.parse().map_err(|_| Trouble::NoSuch("change"))?,
            blob,
        })
    };
    let bytes = serde_json::to_vec(receipt).map_err(|_| Trouble::Bad("the receipt cannot be written as JSON"))?;
    receipts::put(
        tx,
        &receipts::Receipt {
            at: UtcMs(receipt.at_ms),
            received_at: now,
            bytes,
            signature: receipt.signature.clone(),
            entries: receipt.entries.iter().map(entry).collect::<Result<_, Trouble>>()?,
        },
    )?;
    Ok(())
}

pub(crate) fn op_doc(op: OutboxOp) -> Op {
    Op {
        op_id: op.op.id.to_string(),
        order_id: op.op.order.to_string(),
        rev: op.rev,
        body: op.op.body,
        captured_at_ms: op.op.at.0,
        mono_ms: op.op.mono_ms,
        boot_id: op.op.boot_id,
        chain: op.chain,
    }
}

fn parse(op_id: &str) -> Result<OpId, LocalFailure> {
    op_id.parse().map_err(|_| LocalFailure::Store)
}

fn later(now: UtcMs, wait_ms: u64) -> UtcMs {
    now.plus(i64::try_from(wait_ms).unwrap_or(i64::MAX))
}
