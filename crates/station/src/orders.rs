//! Orders on screen: lists, details, the recall list, and the few steps a station may take on them.
use crate::core::Core;
use crate::trouble::Trouble;
use crate::view;
use domain::draft::NewName;
use domain::order::{Delivery, LinkKind};
use domain::{Actor, OrderEvent, OrderId, OrderState};
use ipc::{LinkView, OrderDetail, OrdersPage, RecallView, ReceiptView, RevealedPerson, StateCount, TimelineEntry};
use std::collections::BTreeMap;
use store::orders::{self, Filter, StoredOrder};
use store::{campaigns, journal, outbox, people, receipts, shots};
use wire::op::OpBody;

impl Core {
    /// A page of orders of the campaign in use, newest first.
    pub fn orders(
        &self,
        state: Option<&str>,
        text: Option<String>,
        offset: u32,
        limit: u32,
    ) -> Result<OrdersPage, Trouble> {
        let campaign = self.desk().campaign.clone();
        let state = match state {
            Some(id) => Some(OrderState::from_id(id).ok_or(Trouble::Bad("there is no such state"))?),
            None => None,
        };
        let text = text.filter(|t| !t.trim().is_empty());
        let filter = Filter {
            campaign: campaign.as_ref().map(|c| c.id),
            state,
            text,
            ..Filter::default()
        };
        let (page, counts) = self.store.read(|c| {
            Ok((
                orders::list(c, &filter, offset, limit)?,
                orders::counts(c, filter.campaign)?,
            ))
        })?;
        let school = campaign.as_ref().map(|c| c.school_name.as_str());
        Ok(OrdersPage {
            rows: page
                .rows
                .iter()
                .map(|o| view::order_row(&o.order, o.delivery, school))
                .collect(),
            counts: counts
                .iter()
                .map(|(s, n)| StateCount {
                    state: s.id().to_owned(),
                    count: *n,
                })
                .collect(),
            total: page.total,
        })
    }

    /// An order with its history.
    pub fn order(&self, id: &str) -> Result<OrderDetail, Trouble> {
        let stored = self.stored_order(id)?;
        let order = &stored.order;
        let (history, photos, receipts, school) = self.store.read(|c| {
            Ok((
                journal::of_order(c, order.id)?,
                shots::by_photo(c, &order.photo.blob)?,
                receipts::of_order(c, order.id)?,
                campaigns::get(c, order.campaign)?.map(|c| c.school_name),
            ))
        })?;
        let findings = photos.iter().find_map(|s| s.findings_json.as_deref()).unwrap_or("[]");
        Ok(OrderDetail {
            row: view::order_row(order, stored.delivery, school.as_deref()),
            paid_fen: order.payment.paid.fen(),
            refunded_fen: order.payment.refunded.fen(),
            tries_left: order.rule.tries.saturating_sub(order.tries),
            rejection: view::recall_view(order),
            photo_sha256: order.photo.blob.hex(),
            findings: view::findings_from_json(findings)
                .iter()
                .map(view::finding_view)
                .collect(),
            timeline: history.iter().map(timeline).collect(),
            receipt: receipts.into_iter().next().map(|r| ReceiptView {
                at_ms: r.at.0,
                signature: r.signature,
            }),
            linked: order.link.map(|l| LinkView {
                kind: l.kind.id().to_owned(),
                order_id: l.order.to_string(),
            }),
            address_masked: order.address.as_deref().map(domain::mask::address),
            actions: self.actions(&stored),
        })
    }

    /// What may be done with an order here and now.
    fn actions(&self, stored: &StoredOrder) -> Vec<String> {
        let order = &stored.order;
        let mut actions = Vec::new();
        if order.awaits_photo() && order.can_be_retaken(self.now()).is_ok() {
            actions.push("retake");
        }
        let before_approval = matches!(
            order.state,
            OrderState::PendingPayment | OrderState::Paid | OrderState::PendingReview | OrderState::Rejected
        );
        if before_approval && !order.withdrawn && !order.is_reprint() {
            actions.push("shift");
        }
        if order.state == OrderState::PendingPayment && stored.delivery != Delivery::Acknowledged {
            actions.push("close");
        }
        if matches!(
            order.state,
            OrderState::PendingProduction | OrderState::InProduction | OrderState::Completed
        ) {
            actions.push("reprint");
        }
        actions.into_iter().map(str::to_owned).collect()
    }

    /// The unmasked fields of an order's person. Each look is written to the journal first.
    pub fn reveal(&self, id: &str) -> Result<RevealedPerson, Trouble> {
        let order = self.stored_order(id)?.order;
        let now = self.now();
        self.store
            .try_write(|tx| self.note(tx, "revealed", Some(order.id), None, &serde_json::json!({}), now))?;
        Ok(RevealedPerson {
            name: order.subject.name.or(order.subject.masked_name),
            id_number: order.subject.id_number.or(order.subject.masked_id),
            phone: order.subject.phone,
            address: order.address,
        })
    }

    /// T3 for an order the center has not taken yet.
    pub fn close_order(&self, id: &str) -> Result<(), Trouble> {
        let _turn = self.turn();
        let now = self.now();
        let order_id = parse(id)?;
        self.store.try_write(|tx| {
            let stored = orders::get(tx, order_id)?.ok_or(Trouble::NoSuch("order"))?;
            if stored.delivery == Delivery::Acknowledged {
                return Err(Trouble::TooLateToUndo);
            }
            let closed = stored.order.apply(&OrderEvent::Close, &Actor::Photographer, now)?;
            orders::put(tx, &closed)?;
            let op = self.queue(tx, &closed, &OpBody::Close, now)?;
            self.note(
                tx,
                "closed",
                Some(closed.id),
                None,
                &serde_json::json!({ "op": op.to_string() }),
                now,
            )
        })?;
        self.wake_link();
        self.board.bump();
        Ok(())
    }

    /// T13: more prints of an approved photo, at the campaign's price.
    pub fn reprint(&self, id: &str) -> Result<(), Trouble> {
        let _turn = self.turn();
        let now = self.now();
        let order_id = parse(id)?;
        self.store.try_write(|tx| {
            let original = orders::get(tx, order_id)?.ok_or(Trouble::NoSuch("order"))?.order;
            let campaign = campaigns::get(tx, original.campaign)?.ok_or(Trouble::NoCampaign)?;
            let number = orders::next_number(tx, &campaign.number_prefix, now)?;
            let name = NewName { id: OrderId(self.uuid()), number: number.clone() };
            let order = original.reprint(name, campaign.price, now)?;
            orders::put(tx, &order)?;
            let body = OpBody::Reprint { number: number.to_string(), of: original.id.to_string() };
            let op = self.queue(tx, &order, &body, now)?;
            let detail = serde_json::json!({ "op": op.to_string(), "of": original.id.to_string(), "kind": LinkKind::Reprint.id() });
            self.note(tx, "created", Some(order.id), None, &detail, now)
        })?;
        self.wake_link();
        self.board.bump();
        Ok(())
    }

    /// Orders of the campaign in use that wait for another photo, nearest deadline first.
    pub fn recalls(&self) -> Result<Vec<RecallView>, Trouble> {
        let (campaign, _) = self.campaign()?;
        let rejected = self.store.read(|c| orders::recalls(c, campaign.id))?;
        Ok(rejected.iter().filter_map(|o| view::recall_view(&o.order)).collect())
    }

    /// Seats the person of an order that waits for a new photo.
    pub fn open_recall(&self, id: &str) -> Result<(), Trouble> {
        let _turn = self.turn();
        let order = self.stored_order(id)?.order;
        if !order.awaits_photo() {
            return Err(Trouble::NoSuch("recall"));
        }
        order.can_be_retaken(self.now())?;
        let (campaign, _) = self.campaign()?;
        let person = self.store.read(|c| people::get(c, campaign.id, &order.person))?;
        self.seat_person(&campaign, person.ok_or(Trouble::NoSuch("person"))?)
    }

    pub(crate) fn stored_order(&self, id: &str) -> Result<StoredOrder, Trouble> {
        let id = parse(id)?;
        self.store.read(|c| orders::get(c, id))?.ok_or(Trouble::NoSuch("order"))
    }

    /// Puts a quarantined change back into the queue.
    pub fn retry_quarantined(&self, op: &str) -> Result<(), Trouble> {
        let op = op.parse().map_err(|_| Trouble::NoSuch("change"))?;
        let now = self.now();
        self.store.try_write(|tx| {
            outbox::release(tx, op)?;
            self.note(
                tx,
                "released",
                None,
                None,
                &serde_json::json!({ "op": op.to_string() }),
                now,
            )
        })?;
        self.wake_link();
        self.board.bump();
        Ok(())
    }
}

pub(crate) fn parse(id: &str) -> Result<OrderId, Trouble> {
    id.parse().map_err(|_| Trouble::NoSuch("order"))
}

/// One line of the journal as the window shows it: its text values, nothing nested.
fn timeline(entry: &journal::Entry) -> TimelineEntry {
    let detail: serde_json::Value = serde_json::from_str(&entry.entry.detail).unwrap_or_default();
    let mut values = BTreeMap::new();
    for (key, value) in detail.as_object().into_iter().flatten() {
        if let Some(text) = value.as_str() {
            values.insert(key.clone(), text.to_owned());
        }
    }
    TimelineEntry {
        at_ms: entry.entry.at.0,
        what: entry.entry.what.clone(),
        who: entry.entry.who.clone(),
        values,
    }
}
