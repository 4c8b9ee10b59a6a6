//! What people with an account do to orders: read, hold, decide, take a decision back, produce. Each call looks at the order's
//! school again inside its own transaction: an order of a school this person does not see does not exist.
use crate::center::Central;
use crate::change::{self, By, Change};
use crate::error::CentralError;
use crate::person::Person;
use crate::store::{HistoryRow, OrderFilter, OrderRow, Stored};
use crate::usecase::orders::{OrderDetail, OrderLine};
use crate::usecase::review::words;
use domain::review::RejectReason;
use domain::{Actor, Money, OrderEvent, OrderId, OrderState, PaymentId, Refused, UtcMs};
use serde_json::json;

/// A hold nobody renews ends after this time; then another reviewer may take the order over.
const HOLD_MS: i64 = 15 * 60_000;
/// A hold younger than this need not be renewed.
const RENEWED_MS: i64 = 5 * 60_000;

impl Person {
    /// As a reviewer.
    fn reviewing(&self) -> By {
        By {
            actor: Actor::Reviewer(self.account.clone()),
            who: self.who(),
        }
    }
    fn acting(&self, actor: Actor) -> By {
        By { actor, who: self.who() }
    }
}

/// The order, if this person sees its school.
pub fn seen(change: &Change<'_>, person: &Person, id: &OrderId) -> Stored<OrderRow> {
    let row = change::order(change, id)?;
    if person.sees(&row.school) {
        Ok(row)
    } else {
        Err(CentralError::not_found("order", id))
    }
}

impl Central {
    /// Orders this person sees, latest received first.
    ///
    /// # Errors
    /// When the filter names a school this person does not see.
    pub fn orders_for(&self, person: &Person, filter: OrderFilter) -> Result<Vec<OrderLine>, CentralError> {
        let school = person.narrowed(filter.school.clone())?;
        self.orders(&OrderFilter { school, ..filter })
    }

    /// One order this person sees.
    ///
    /// # Errors
    /// When there is none.
    pub fn order_for(&self, person: &Person, id: &OrderId) -> Result<OrderDetail, CentralError> {
        let detail = self.order(id)?;
        if person.sees(&detail.row.school) {
            Ok(detail)
        } else {
            Err(CentralError::not_found("order", id))
        }
    }

    /// The order with nothing masked. That it was looked at is written into its history first.
    ///
    /// # Errors
    /// When there is none, or a coordinator of another school asks.
    pub fn reveal(&self, person: &Person, id: &OrderId) -> Result<OrderRow, CentralError> {
        self.change(|change| {
            let row = seen(change, person, id)?;
            change.record(&row.school, &change::subject(&row), &person.who(), "reveal", &json!({}))?;
            Ok(row)
        })
    }

    /// Takes an order for review, or renews that. A hold of another reviewer ends when it was not renewed.
    ///
    /// # Errors
    /// `Refused` when another reviewer holds it, or it does not await review.
    pub fn hold(&self, person: &Person, id: &OrderId) -> Result<OrderRow, CentralError> {
        self.change(|change| {
            let mut row = seen(change, person, id)?;
            take_hold(change, person, &mut row)?;
            change.keep_hold(&row)?;
            Ok(row)
        })
    }

    /// Lets an order go.
    ///
    /// # Errors
    /// When there is none.
    pub fn release(&self, person: &Person, id: &OrderId) -> Result<OrderRow, CentralError> {
        self.change(|change| {
            let mut row = seen(change, person, id)?;
            let_go(change, person, &mut row)?;
            Ok(row)
        })
    }

    /// T5, T6 and T9r by a person; an order somebody left held too long is taken over.
    ///
    /// # Errors
    /// `Refused` by the rules.
    pub fn decide(&self, person: &Person, id: &OrderId, decision: &Decision) -> Result<OrderRow, CentralError> {
        let event = decision.event()?;
        self.change(|change| {
            let mut row = seen(change, person, id)?;
            if row.order.held_by.is_some() {
                take_hold(change, person, &mut row)?;
            }
            change.step(&mut row, &event, &person.reviewing(), change.now)?;
            change.save(&mut row)?;
            Ok(row)
        })
    }

    /// T5u, T6u: takes back one's own latest decision, while nothing was built on it.
    ///
    /// # Errors
    /// `Refused` when the latest step is not this person's decision, or older than ten minutes.
    pub fn undo(&self, person: &Person, id: &OrderId) -> Result<OrderRow, CentralError> {
        self.change(|change| {
            let mut row = seen(change, person, id)?;
            let history = change.rows.history(&row.school, &change::subject(&row))?;
            let decided_at = own_decision(&history, person).ok_or(Refused::NoSuchStep {
                from: row.order.state,
                event: domain::lifecycle::EventKind::Undo,
            })?;
            change.step(
                &mut row,
                &OrderEvent::Undo { decided_at },
                &person.reviewing(),
                change.now,
            )?;
            change.save(&mut row)?;
            Ok(row)
        })
    }

    /// T2 for a class paid in one sum: this order's part has come.
    ///
    /// # Errors
    /// `Refused` when the order awaits no payment or the amount is not its price.
    pub fn take_class_payment(&self, person: &Person, id: &OrderId, amount: Money) -> Result<OrderRow, CentralError> {
        let payment = PaymentId(self.new_id()?);
        self.step_for(person, id, Actor::Coordinator, &OrderEvent::Pay { payment, amount })
    }

    /// T9: the lab has the files. The receipt is the SHA-256 of the finished picture it got.
    ///
    /// # Errors
    /// `Refused` when the order does not await production, `Invalid` when the receipt is of another picture.
    pub fn pull_with_receipt(&self, person: &Person, id: &OrderId, sha256: &str) -> Result<OrderRow, CentralError> {
        self.order_for(person, id)?;
        let finished = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(self.finished(id)?));
        if !finished.eq_ignore_ascii_case(sha256) {
            return Err(wire::Invalid::new("sha256", "is not that of the finished picture").into());
        }
        self.change(|change| {
            let mut row = seen(change, person, id)?;
            change.step(&mut row, &OrderEvent::Pull, &person.acting(Actor::Lab), change.now)?;
            change.record(
                &row.school,
                &change::subject(&row),
                &person.who(),
                "receipt",
                &json!({ "sha256": finished }),
            )?;
            change.save(&mut row)?;
            Ok(row)
        })
    }

    /// T10: produced.
    ///
    /// # Errors
    /// `Refused` when the order is not in production.
    pub fn produced(&self, person: &Person, id: &OrderId) -> Result<OrderRow, CentralError> {
        self.step_for(person, id, Actor::Lab, &OrderEvent::Produce)
    }

    fn step_for(
        &self,
        person: &Person,
        id: &OrderId,
        actor: Actor,
        event: &OrderEvent,
    ) -> Result<OrderRow, CentralError> {
        self.change(|change| {
            let mut row = seen(change, person, id)?;
            change.step(&mut row, event, &person.acting(actor.clone()), change.now)?;
            change.save(&mut row)?;
            Ok(row)
        })
    }
}

/// What a reviewer decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// T5.
    Approve,
    /// T6.
    Reject {
        /// At least one.
        reasons: Vec<RejectReason>,
        /// The reviewer's own words.
        note: Option<String>,
    },
    /// T9r.
    Recall {
        /// At least one.
        reasons: Vec<RejectReason>,
        /// The reviewer's own words.
        note: Option<String>,
    },
}

impl Decision {
    fn event(&self) -> Result<OrderEvent, wire::Invalid> {
        Ok(match self {
            Self::Approve => OrderEvent::Approve,
            Self::Reject { reasons, note } => OrderEvent::Reject {
                reasons: reasons.clone(),
                note: words(note.as_deref())?,
            },
            Self::Recall { reasons, note } => OrderEvent::Recall {
                reasons: reasons.clone(),
                note: words(note.as_deref())?,
            },
        })
    }
}

/// Ends this person's hold, if there is one.
pub fn let_go(change: &Change<'_>, person: &Person, row: &mut OrderRow) -> Stored<()> {
    if row.order.held_by.as_deref() != Some(&person.account) {
        return Ok(());
    }
    row.order.held_by = None;
    change.record(&row.school, &change::subject(row), &person.who(), "release", &json!({}))?;
    change.keep_hold(row)
}

/// Takes the order for this person, or renews that; the row is not saved yet.
pub fn take_hold(change: &Change<'_>, person: &Person, row: &mut OrderRow) -> Stored<()> {
    if row.order.state != OrderState::PendingReview {
        return Err(Refused::NoSuchStep {
            from: row.order.state,
            event: domain::lifecycle::EventKind::Approve,
        }
        .into());
    }
    let history = change.rows.history(&row.school, &change::subject(row))?;
    let renewed = history
        .iter()
        .rev()
        .find(|h| h.what == "hold")
        .map_or(UtcMs(0), |h| h.at);
    let other = row.order.held_by.as_deref().is_some_and(|by| by != person.account);
    if other && change.now.since(renewed) <= HOLD_MS {
        return Err(Refused::Held.into());
    }
    // A page that is looked at again soon is not written down again.
    if !other && row.order.held_by.is_some() && change.now.since(renewed) <= RENEWED_MS {
        return Ok(());
    }
    row.order.held_by = Some(person.account.clone());
    change.record(&row.school, &change::subject(row), &person.who(), "hold", &json!({}))
}

/// When this person made the decision that is the latest step of the order, if it is.
fn own_decision(history: &[HistoryRow], person: &Person) -> Option<UtcMs> {
    let beside = ["hold", "release", "reveal"];
    let latest = history.iter().rev().find(|h| !beside.contains(&h.what.as_str()))?;
    (matches!(latest.what.as_str(), "T5" | "T6") && latest.who == person.who()).then_some(latest.at)
}
