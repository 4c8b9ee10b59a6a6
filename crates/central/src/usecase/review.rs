//! What people at the center do to an order: review it, call it back, take a class's money, give a photo back.
use crate::center::Central;
use crate::change::{self, By};
use crate::error::CentralError;
use crate::store::OrderRow;
use domain::review::RejectReason;
use domain::{Actor, Money, OrderEvent, OrderId, PaymentId};
use wire::Invalid;

/// Longest note of a reviewer.
const MAX_NOTE_CHARS: usize = 500;
/// Longest account name.
const MAX_ACCOUNT_CHARS: usize = 64;

impl Central {
    /// T5: accepts the photo.
    ///
    /// # Errors
    /// `Refused` when the order does not await review.
    pub fn approve(&self, reviewer: &str, order: &OrderId) -> Result<OrderRow, CentralError> {
        self.act(&By::reviewer(account(reviewer)?), order, &OrderEvent::Approve)
    }

    /// T6: sends the photo back with at least one reason.
    ///
    /// # Errors
    /// `Refused` when the order does not await review or no reason is given.
    pub fn reject(
        &self,
        reviewer: &str,
        order: &OrderId,
        reasons: &[RejectReason],
        note: Option<&str>,
    ) -> Result<OrderRow, CentralError> {
        let event = OrderEvent::Reject {
            reasons: reasons.to_vec(),
            note: words(note)?,
        };
        self.act(&By::reviewer(account(reviewer)?), order, &event)
    }

    /// T9r: calls an approved photo back before the lab has it.
    ///
    /// # Errors
    /// `Refused` when the order does not await production or no reason is given.
    pub fn recall(
        &self,
        reviewer: &str,
        order: &OrderId,
        reasons: &[RejectReason],
        note: Option<&str>,
    ) -> Result<OrderRow, CentralError> {
        let event = OrderEvent::Recall {
            reasons: reasons.to_vec(),
            note: words(note)?,
        };
        self.act(&By::reviewer(account(reviewer)?), order, &event)
    }

    /// T2 for a class paid in one sum: this order's part has come.
    ///
    /// # Errors
    /// `Refused` when the order awaits no payment or the amount is not its price.
    pub fn mark_paid(&self, coordinator: &str, order: &OrderId, amount: Money) -> Result<OrderRow, CentralError> {
        let payment = PaymentId(self.new_id()?);
        let by = By::coordinator(account(coordinator)?);
        self.act(&by, order, &OrderEvent::Pay { payment, amount })
    }

    /// T6w: the graduate takes the photo back before a reviewer has it.
    ///
    /// # Errors
    /// `Refused` when the order does not await review or a reviewer holds it.
    pub fn withdraw(&self, order: &OrderId) -> Result<OrderRow, CentralError> {
        let by = By {
            actor: Actor::Graduate,
            who: "graduate".to_owned(),
        };
        self.act(&by, order, &OrderEvent::Withdraw)
    }

    /// T9: the lab takes an approved order into production.
    ///
    /// # Errors
    /// `Refused` when the order does not await production.
    pub fn pull(&self, lab: &str, order: &OrderId) -> Result<OrderRow, CentralError> {
        self.act(&lab_by(lab)?, order, &OrderEvent::Pull)
    }

    /// T10: the lab is done.
    ///
    /// # Errors
    /// `Refused` when the order is not in production.
    pub fn produce(&self, lab: &str, order: &OrderId) -> Result<OrderRow, CentralError> {
        self.act(&lab_by(lab)?, order, &OrderEvent::Produce)
    }

    /// One step of the table, now.
    fn act(&self, by: &By, id: &OrderId, event: &OrderEvent) -> Result<OrderRow, CentralError> {
        self.change(|change| {
            let mut row = change::order(change, id)?;
            change.step(&mut row, event, by, change.now)?;
            change.save(&mut row)?;
            Ok(row)
        })
    }
}

fn lab_by(name: &str) -> Result<By, Invalid> {
    Ok(By {
        actor: Actor::Lab,
        who: format!("lab:{}", account(name)?),
    })
}

fn account(name: &str) -> Result<&str, Invalid> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_ACCOUNT_CHARS || name.chars().any(char::is_control) {
        return Err(Invalid::new(
            "account",
            format!("must have 1 to {MAX_ACCOUNT_CHARS} printable characters"),
        ));
    }
    Ok(name)
}

pub fn words(note: Option<&str>) -> Result<Option<String>, Invalid> {
    let note = note.map(str::trim).filter(|n| !n.is_empty());
    if note.is_some_and(|n| n.chars().count() > MAX_NOTE_CHARS) {
        return Err(Invalid::new(
            "note",
            format!("must have at most {MAX_NOTE_CHARS} characters"),
        ));
    }
    Ok(note.map(str::to_owned))
}
