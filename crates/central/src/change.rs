//! One change of the center's state: rows, history and feed events that are kept together or not at all.
use crate::error::CentralError;
use crate::store::webhooks::WebhookRow;
use crate::store::{Hearers, HistoryRow, OrderRow, SchoolCode, StationRow, Stored, WriteRows};
use domain::lifecycle::TABLE;
use domain::{Actor, BlobId, OrderEvent, OrderId, OrderState, UtcMs};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use wire::feed::FeedBody;

/// A write transaction with its time.
pub struct Change<'c> {
    /// The rows.
    pub rows: &'c WriteRows<'c>,
    /// The center's time of this change.
    pub now: UtcMs,
    told: &'c RefCell<Told>,
    known: Known,
}

/// Who has news when a change is kept.
pub type Told = BTreeSet<(SchoolCode, Hearers)>;

/// What this change has read or written and need not read again.
#[derive(Default)]
struct Known {
    /// The latest line of each subject's history; `None` where there is none.
    heads: RefCell<BTreeMap<(SchoolCode, String), Option<HistoryRow>>>,
    /// Orders as they were saved last.
    orders: RefCell<BTreeMap<OrderId, OrderRow>>,
    /// Photos that are here.
    photos: RefCell<BTreeSet<(SchoolCode, BlobId)>>,
    /// Those who hear of a school.
    hooks: RefCell<Option<(SchoolCode, Rc<[WebhookRow]>)>>,
}

/// Who acts, for the rules and for the history.
#[derive(Debug, Clone)]
pub struct By {
    /// For the rules.
    pub actor: Actor,
    /// For the history: a role and an account or a station, never a graduate's name.
    pub who: String,
}

impl By {
    /// The center itself.
    pub fn system() -> Self {
        Self {
            actor: Actor::System,
            who: "system".to_owned(),
        }
    }
    /// A reviewer, by account.
    pub fn reviewer(name: &str) -> Self {
        Self {
            actor: Actor::Reviewer(name.to_owned()),
            who: format!("reviewer:{name}"),
        }
    }
    /// A school's coordinator, by account.
    pub fn coordinator(name: &str) -> Self {
        Self {
            actor: Actor::Coordinator,
            who: format!("coordinator:{name}"),
        }
    }
    /// Somebody at a station.
    pub fn station(station: &StationRow, actor: Actor) -> Self {
        Self {
            actor,
            who: format!("station:{}", station.id),
        }
    }
}

impl<'c> Change<'c> {
    pub(crate) fn new(rows: &'c WriteRows<'c>, now: UtcMs, told: &'c RefCell<Told>) -> Self {
        Self {
            rows,
            now,
            told,
            known: Known::default(),
        }
    }

    /// Tells stations of a school something.
    pub fn tell(&self, school: &SchoolCode, who: Hearers, body: &FeedBody) -> Stored<()> {
        self.rows.push_feed(school, who, self.now, body)?;
        self.told.borrow_mut().insert((school.clone(), who));
        Ok(())
    }

    /// Adds a line to the history of a subject.
    pub fn record(&self, school: &SchoolCode, subject: &str, who: &str, what: &str, detail: &Value) -> Stored<()> {
        let key = (school.clone(), subject.to_owned());
        let known = self.known.heads.borrow().get(&key).cloned();
        let head = match known {
            Some(head) => head,
            None => self.rows.history_head(school, subject)?,
        };
        let mut row = HistoryRow {
            school: school.clone(),
            subject: subject.to_owned(),
            seq: head.as_ref().map_or(1, |h| h.seq + 1),
            at: self.now,
            who: who.to_owned(),
            what: what.to_owned(),
            detail: detail.to_string(),
            previous: head.map(|h| h.hash).unwrap_or_default(),
            hash: String::new(),
        };
        row.hash = row.expected_hash();
        self.rows.add_history(&row)?;
        self.known.heads.borrow_mut().insert(key, Some(row));
        Ok(())
    }

    /// Begins the history of a subject there was nothing of before.
    pub fn record_first(
        &self,
        school: &SchoolCode,
        subject: &str,
        who: &str,
        what: &str,
        detail: &Value,
    ) -> Stored<()> {
        let key = (school.clone(), subject.to_owned());
        self.known.heads.borrow_mut().insert(key, None);
        self.record(school, subject, who, what, detail)
    }

    /// An order as it is now.
    pub fn order(&self, id: &OrderId) -> Stored<Option<OrderRow>> {
        match self.known.orders.borrow().get(id) {
            Some(row) => Ok(Some(row.clone())),
            None => self.rows.order(id),
        }
    }

    /// Whether a school's photo is here.
    pub fn has_photo(&self, school: &SchoolCode, id: &BlobId) -> Stored<bool> {
        let photo = (school.clone(), *id);
        if self.known.photos.borrow().contains(&photo) {
            return Ok(true);
        }
        let here = self.rows.blob(school, id)?.is_some();
        if here {
            self.known.photos.borrow_mut().insert(photo);
        }
        Ok(here)
    }

    fn keep(&self, row: &OrderRow) -> Stored<()> {
        self.rows.put_order(row)?;
        self.known.orders.borrow_mut().insert(row.order.id, row.clone());
        Ok(())
    }

    /// Webhooks that hear of a school.
    pub(crate) fn hooks(&self, school: &SchoolCode) -> Stored<Rc<[WebhookRow]>> {
        if let Some((_, hooks)) = self.known.hooks.borrow().as_ref().filter(|(of, _)| of == school) {
            return Ok(Rc::clone(hooks));
        }
        let hooks: Rc<[WebhookRow]> = self.rows.webhooks(Some(school))?.into();
        *self.known.hooks.borrow_mut() = Some((school.clone(), Rc::clone(&hooks)));
        Ok(hooks)
    }

    /// Takes one step of the table on an order and records it. The row is not saved yet; see [`Change::save`].
    pub fn step(&self, row: &mut OrderRow, event: &OrderEvent, by: &By, at: UtcMs) -> Stored<()> {
        let next = row.order.apply(event, &by.actor, at)?;
        // Money that is on its way back: nothing is built on it, and the order must stay where 已退款 can follow.
        if matches!(event, OrderEvent::Pull | OrderEvent::RunOut) && self.refund_under_way(&row.order.id)? {
            return Err(CentralError::RefundUnderWay);
        }
        let from = row.order.state;
        // A payment that was taken before changes nothing and is no step.
        if next != row.order {
            if let OrderEvent::Pay { payment, amount } = event {
                self.book_payment(&row.school, &row.order, *payment, *amount, &by.actor)?;
            }
            let name = step_name(from, event, &by.actor);
            row.order = next;
            let detail = step_detail(from, row, event);
            self.record(&row.school, &subject(row), &by.who, name, &detail)?;
            self.note_outcome(row, event)?;
            if row.order.state != from {
                self.announce(row, Some(from))?;
                self.notice(row)?;
            }
        }
        Ok(())
    }

    /// Keeps what a reviewer decided beside what the local check said.
    fn note_outcome(&self, row: &OrderRow, event: &OrderEvent) -> Stored<()> {
        match event {
            OrderEvent::Approve => self.rows.put_outcome(row, &[], self.now),
            OrderEvent::Reject { reasons, .. } | OrderEvent::Recall { reasons, .. } => {
                self.rows.put_outcome(row, reasons, self.now)
            }
            OrderEvent::Undo { .. } => self.rows.forget_outcome(row),
            OrderEvent::Pay { .. }
            | OrderEvent::EditAddress(_)
            | OrderEvent::Close
            | OrderEvent::ImageArrived(_)
            | OrderEvent::Withdraw
            | OrderEvent::ReplacePhoto(_)
            | OrderEvent::Rebind(_)
            | OrderEvent::RunOut
            | OrderEvent::Pull
            | OrderEvent::Produce
            | OrderEvent::SkipReview
            | OrderEvent::Refund { .. }
            | OrderEvent::RefundLate { .. } => Ok(()),
        }
    }

    /// Takes the steps that follow by themselves: T4 once the photo is here, T13 for a paid reprint.
    pub fn advance(&self, row: &mut OrderRow) -> Stored<()> {
        if row.order.state != OrderState::Paid || row.order.withdrawn {
            return Ok(());
        }
        let event = if row.order.is_reprint() {
            OrderEvent::SkipReview
        } else if self.has_photo(&row.school, &row.order.photo.blob)? {
            OrderEvent::ImageArrived(row.order.photo.clone())
        } else {
            return Ok(());
        };
        self.step(row, &event, &By::system(), self.now)
    }

    /// Saves an order after its steps, keeps each photo revision, and tells its station.
    pub fn save(&self, row: &mut OrderRow) -> Stored<()> {
        self.advance(row)?;
        self.mark_duplicates(row)?;
        row.updated_at = self.now;
        self.keep(row)?;
        self.rows.add_photo_revision(row)?;
        self.tell_of(row)
    }

    /// Tells its station how an order stands.
    fn tell_of(&self, row: &OrderRow) -> Stored<()> {
        let body = FeedBody::Order(Box::new(row.status()));
        self.tell(&row.school, Hearers::Only(row.order.station), &body)
    }

    /// Keeps who holds an order. Its station is not told: it shows no holds, and a reviewer takes and leaves whole pages.
    pub fn keep_hold(&self, row: &OrderRow) -> Stored<()> {
        self.keep(row)
    }

    /// Both orders of a person with two living ones are kept and flagged, at whichever station they were made.
    fn mark_duplicates(&self, row: &mut OrderRow) -> Stored<()> {
        if row.order.link.is_some() {
            return Ok(());
        }
        let mut others = self
            .rows
            .orders_of(&row.school, &row.order.campaign, &row.order.person)?;
        others.retain(|o| o.order.id != row.order.id && o.order.link.is_none());
        let living = others.iter().filter(|o| is_living(o)).count() + usize::from(is_living(row));
        row.duplicate_person = is_living(row) && living > 1;
        for mut other in others {
            let flag = is_living(&other) && living > 1;
            if other.duplicate_person != flag {
                other.duplicate_person = flag;
                other.updated_at = self.now;
                self.keep(&other)?;
                self.tell_of(&other)?;
            }
        }
        Ok(())
    }
}

/// The subject of an order's history.
pub fn subject(row: &OrderRow) -> String {
    format!("order:{}", row.order.id)
}

fn is_living(row: &OrderRow) -> bool {
    !matches!(row.order.state, OrderState::Closed | OrderState::Refunded)
}

fn step_name(from: OrderState, event: &OrderEvent, by: &Actor) -> &'static str {
    let rows = TABLE
        .iter()
        .filter(|s| s.event == event.kind() && s.from.contains(&from));
    rows.filter(|s| s.by.contains(&by.role()))
        .map(|s| s.name)
        .next()
        .unwrap_or("step")
}

fn step_detail(from: OrderState, row: &OrderRow, event: &OrderEvent) -> Value {
    let mut detail = json!({ "from": from.id(), "to": row.order.state.id() });
    match event {
        OrderEvent::Reject { reasons, note } | OrderEvent::Recall { reasons, note } => {
            detail["reasons"] = reasons.iter().map(|r| r.id()).collect();
            detail["note"] = json!(note);
        }
        OrderEvent::Pay { payment, amount } => {
            detail["payment_id"] = json!(payment.to_string());
            detail["amount_fen"] = json!(amount.fen());
        }
        OrderEvent::Refund { refund, amount } | OrderEvent::RefundLate { refund, amount, .. } => {
            detail["refund_id"] = json!(refund.to_string());
            detail["amount_fen"] = json!(amount.fen());
        }
        OrderEvent::ImageArrived(photo) | OrderEvent::ReplacePhoto(photo) | OrderEvent::Rebind(photo) => {
            detail["blob_id"] = json!(photo.blob.to_string());
        }
        OrderEvent::EditAddress(_)
        | OrderEvent::Close
        | OrderEvent::Approve
        | OrderEvent::Undo { .. }
        | OrderEvent::Withdraw
        | OrderEvent::RunOut
        | OrderEvent::Pull
        | OrderEvent::Produce
        | OrderEvent::SkipReview => {}
    }
    detail
}

/// The order with this id, or that there is none.
pub fn order(change: &Change<'_>, id: &OrderId) -> Stored<OrderRow> {
    change.order(id)?.ok_or_else(|| CentralError::not_found("order", id))
}
