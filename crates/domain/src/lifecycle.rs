//! The steps T2–T11b (and T5u, T6u: a decision taken back; T6s, T7s: a photo filed under the wrong person) as one table. A step that is not in it is refused with the reason and changes nothing.
//! T1, T12 and T13 make new orders and live in `draft`.
use crate::campaign::Collection;
use crate::id::PaymentId;
use crate::money::Money;
use crate::order::{LinkKind, Order, OrderState, PhotoRevision};
use crate::review::{RejectReason, Rejection};
use crate::time::UtcMs;

pub use crate::refused::Refused;

/// How long a reviewer may take a decision back: the review screen's ten minutes.
pub const UNDO_MS: i64 = 600_000;
/// Longest delivery address in characters.
pub const MAX_ADDRESS_CHARS: usize = 200;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The person in the picture.
    Graduate,
    /// The operator of a station.
    Photographer,
    /// The school's coordinator.
    Coordinator,
    /// A reviewer, by account name.
    Reviewer(String),
    /// The lab.
    Lab,
    /// A timer or the service itself.
    System,
    /// A verified message of the payment provider.
    PaymentProvider,
    /// The special role that may refund once production has begun.
    Exceptional,
}

/// The kind of an actor, as the table names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Role {
    Graduate,
    Photographer,
    Coordinator,
    Reviewer,
    Lab,
    System,
    PaymentProvider,
    Exceptional,
}

impl Actor {
    /// The role the table looks at.
    pub const fn role(&self) -> Role {
        match self {
            Self::Graduate => Role::Graduate,
            Self::Photographer => Role::Photographer,
            Self::Coordinator => Role::Coordinator,
            Self::Reviewer(_) => Role::Reviewer,
            Self::Lab => Role::Lab,
            Self::System => Role::System,
            Self::PaymentProvider => Role::PaymentProvider,
            Self::Exceptional => Role::Exceptional,
        }
    }
}

/// What happens to an order.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum OrderEvent {
    /// Money came in for this order.
    Pay { payment: PaymentId, amount: Money },
    /// A new delivery address.
    EditAddress(String),
    /// Given up before payment.
    Close,
    /// The image is at the center and its hash matches.
    ImageArrived(PhotoRevision),
    /// The reviewer accepts.
    Approve,
    /// The reviewer sends it back.
    Reject {
        reasons: Vec<RejectReason>,
        note: Option<String>,
    },
    /// The reviewer takes back a decision made at this time.
    Undo { decided_at: UtcMs },
    /// The photo is taken back before review, by the graduate or because it shows somebody else.
    Withdraw,
    /// A new photo after a rejection.
    ReplacePhoto(PhotoRevision),
    /// The photo was filed under the wrong person, or was taken back; this is the right one. It costs no try.
    Rebind(PhotoRevision),
    /// Tries or time are used up.
    RunOut,
    /// The lab pulled the files, with a receipt.
    Pull,
    /// Called back before production.
    Recall {
        reasons: Vec<RejectReason>,
        note: Option<String>,
    },
    /// The lab is done.
    Produce,
    /// A reprint needs no review.
    SkipReview,
    /// A refund was approved and the payment provider confirmed it.
    Refund { refund: PaymentId, amount: Money },
    /// Money arrived after closing and was sent back.
    RefundLate {
        payment: PaymentId,
        refund: PaymentId,
        amount: Money,
    },
}

/// The kind of an event, as the table names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum EventKind {
    Pay,
    EditAddress,
    Close,
    ImageArrived,
    Approve,
    Reject,
    Undo,
    Withdraw,
    ReplacePhoto,
    Rebind,
    RunOut,
    Pull,
    Recall,
    Produce,
    SkipReview,
    Refund,
    RefundLate,
}

impl OrderEvent {
    /// The kind the table looks at.
    pub const fn kind(&self) -> EventKind {
        match self {
            Self::Pay { .. } => EventKind::Pay,
            Self::EditAddress(_) => EventKind::EditAddress,
            Self::Close => EventKind::Close,
            Self::ImageArrived(_) => EventKind::ImageArrived,
            Self::Approve => EventKind::Approve,
            Self::Reject { .. } => EventKind::Reject,
            Self::Undo { .. } => EventKind::Undo,
            Self::Withdraw => EventKind::Withdraw,
            Self::ReplacePhoto(_) => EventKind::ReplacePhoto,
            Self::Rebind(_) => EventKind::Rebind,
            Self::RunOut => EventKind::RunOut,
            Self::Pull => EventKind::Pull,
            Self::Recall { .. } => EventKind::Recall,
            Self::Produce => EventKind::Produce,
            Self::SkipReview => EventKind::SkipReview,
            Self::Refund { .. } => EventKind::Refund,
            Self::RefundLate { .. } => EventKind::RefundLate,
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The step's name in the product's table.
    pub name: &'static str,
    /// States it may start from.
    pub from: &'static [OrderState],
    /// What triggers it.
    pub event: EventKind,
    /// Where it leads.
    pub to: OrderState,
    /// Who may.
    pub by: &'static [Role],
}

const fn step(
    name: &'static str,
    from: &'static [OrderState],
    event: EventKind,
    to: OrderState,
    by: &'static [Role],
) -> Step {
    Step {
        name,
        from,
        event,
        to,
        by,
    }
}

use EventKind as E;
use OrderState::{
    Closed, Completed, InProduction, Paid, PendingPayment, PendingProduction, PendingReview, Refunded, Rejected,
};

/// Every allowed step on an existing order.
#[rustfmt::skip]
pub const TABLE: &[Step] = &[
    step("T2",   &[PendingPayment],    E::Pay,          Paid,              &[Role::PaymentProvider, Role::Coordinator]),
    step("T2e",  &[PendingPayment],    E::EditAddress,  PendingPayment,    &[Role::Graduate]),
    step("T2e",  &[Paid],              E::EditAddress,  Paid,              &[Role::Graduate]),
    step("T2e",  &[PendingReview],     E::EditAddress,  PendingReview,     &[Role::Graduate]),
    step("T2e",  &[Rejected],          E::EditAddress,  Rejected,          &[Role::Graduate]),
    step("T2e",  &[PendingProduction], E::EditAddress,  PendingProduction, &[Role::Graduate]),
    step("T3",   &[PendingPayment],    E::Close,        Closed,            &[Role::Graduate, Role::Photographer, Role::System]),
    step("T4",   &[Paid],              E::ImageArrived, PendingReview,     &[Role::System]),
    step("T5",   &[PendingReview],     E::Approve,      PendingProduction, &[Role::Reviewer]),
    step("T6",   &[PendingReview],     E::Reject,       Rejected,          &[Role::Reviewer]),
    step("T5u",  &[PendingProduction], E::Undo,         PendingReview,     &[Role::Reviewer]),
    step("T6u",  &[Rejected],          E::Undo,         PendingReview,     &[Role::Reviewer]),
    step("T6w",  &[PendingReview],     E::Withdraw,     Paid,              &[Role::Graduate, Role::Photographer]),
    step("T6s",  &[PendingPayment],    E::Withdraw,     PendingPayment,    &[Role::Photographer]),
    step("T6s",  &[Paid],              E::Withdraw,     Paid,              &[Role::Photographer]),
    step("T7",   &[Rejected],          E::ReplacePhoto, PendingReview,     &[Role::Graduate, Role::Photographer]),
    step("T7s",  &[PendingPayment],    E::Rebind,       PendingPayment,    &[Role::Photographer]),
    step("T7s",  &[Paid],              E::Rebind,       Paid,              &[Role::Photographer]),
    step("T7s",  &[PendingReview],     E::Rebind,       PendingReview,     &[Role::Photographer]),
    step("T8",   &[Rejected],          E::RunOut,       Closed,            &[Role::System]),
    step("T9",   &[PendingProduction], E::Pull,         InProduction,      &[Role::Lab]),
    step("T9r",  &[PendingProduction], E::Recall,       Rejected,          &[Role::Reviewer]),
    step("T10",  &[InProduction],      E::Produce,      Completed,         &[Role::Lab, Role::System]),
    step("T11",  &[Paid, PendingReview, Rejected, PendingProduction],
                                       E::Refund,       Refunded,          &[Role::Reviewer]),
    step("T11x", &[InProduction, Completed],
                                       E::Refund,       Refunded,          &[Role::Exceptional]),
    step("T11b", &[Closed],            E::RefundLate,   Refunded,          &[Role::PaymentProvider]),
    step("T13",  &[Paid],              E::SkipReview,   PendingProduction, &[Role::System]),
];

impl Order {
    /// Applies one event. Repeating a payment or refund that was already taken changes nothing and is fine.
    ///
    /// # Errors
    /// [`Refused`] with the reason; the order is unchanged.
    pub fn apply(&self, event: &OrderEvent, by: &Actor, now: UtcMs) -> Result<Self, Refused> {
        if self.has_taken(event) {
            return Ok(self.clone());
        }
        let rows = || {
            TABLE
                .iter()
                .filter(|s| s.event == event.kind() && s.from.contains(&self.state))
        };
        let first = rows().next().ok_or(Refused::NoSuchStep {
            from: self.state,
            event: event.kind(),
        })?;
        let step = rows().find(|s| s.by.contains(&by.role())).ok_or(Refused::NotAllowed {
            step: first.name,
            role: by.role(),
        })?;
        let mut next = self.clone();
        next.take_effect(step, event, by, now)?;
        next.state = step.to;
        Ok(next)
    }

    /// Whether this payment or refund was taken before.
    fn has_taken(&self, event: &OrderEvent) -> bool {
        match event {
            OrderEvent::Pay { payment, .. } => self.payment.payment == Some(*payment),
            OrderEvent::Refund { refund, .. } | OrderEvent::RefundLate { refund, .. } => {
                self.payment.refund == Some(*refund)
            }
            _ => false,
        }
    }

    /// Guards and effects of each row, beyond the change of state.
    fn take_effect(&mut self, step: &Step, event: &OrderEvent, by: &Actor, now: UtcMs) -> Result<(), Refused> {
        match event {
            OrderEvent::Pay { payment, amount } => self.pay(step, *payment, *amount),
            OrderEvent::EditAddress(address) => self.edit_address(address),
            OrderEvent::ImageArrived(photo) => self.image_arrived(photo),
            OrderEvent::Approve => self.free_for(by).map(|()| self.held_by = None),
            OrderEvent::Reject { reasons, note } | OrderEvent::Recall { reasons, note } => {
                self.free_for(by)?;
                let deadline = now.plus(self.rule.within_ms);
                let rejection = Rejection::new(reasons, note.clone(), now, deadline).ok_or(Refused::NoReason)?;
                self.rejection = Some(rejection);
                self.held_by = None;
                Ok(())
            }
            OrderEvent::Undo { decided_at } => self.undo(*decided_at, now),
            OrderEvent::Withdraw | OrderEvent::Rebind(_) if self.held_by.is_some() => Err(Refused::Held),
            OrderEvent::Withdraw | OrderEvent::Rebind(_) if self.is_reprint() => Err(Refused::ReviewNeeded),
            OrderEvent::Rebind(photo) => self.rebind(photo),
            OrderEvent::Withdraw => {
                self.withdrawn = true;
                Ok(())
            }
            OrderEvent::ReplacePhoto(photo) => self.replace_photo(photo, now),
            OrderEvent::RunOut if self.can_be_retaken(now).is_ok() => Err(Refused::NotRunOut),
            OrderEvent::SkipReview if !self.is_reprint() => Err(Refused::ReviewNeeded),
            OrderEvent::Refund { refund, amount } => self.refund(step, *refund, *amount),
            OrderEvent::RefundLate {
                payment,
                refund,
                amount,
            } => self.refund_late(*payment, *refund, *amount),
            OrderEvent::Close
            | OrderEvent::RunOut
            | OrderEvent::Pull
            | OrderEvent::Produce
            | OrderEvent::SkipReview => Ok(()),
        }
    }

    /// The photo awaits review again. Whose decision it was is known to whoever keeps the history.
    fn undo(&mut self, decided_at: UtcMs, now: UtcMs) -> Result<(), Refused> {
        if self.is_reprint() {
            return Err(Refused::ReviewNeeded);
        }
        if now.since(decided_at) > UNDO_MS {
            return Err(Refused::TooLate);
        }
        self.rejection = None;
        Ok(())
    }

    fn pay(&mut self, step: &Step, payment: PaymentId, amount: Money) -> Result<(), Refused> {
        if self.payment.payment.is_some() {
            return Err(Refused::PaidOtherwise);
        }
        if amount != self.payment.price {
            return Err(Refused::WrongAmount {
                step: step.name,
                expected: self.payment.price,
                got: amount,
            });
        }
        self.payment.paid = amount;
        self.payment.payment = Some(payment);
        Ok(())
    }

    fn edit_address(&mut self, address: &str) -> Result<(), Refused> {
        if self.collection == Collection::Collective {
            return Err(Refused::Collective);
        }
        let address = address.trim();
        let count = address.chars().count();
        if count == 0 || count > MAX_ADDRESS_CHARS || address.chars().any(char::is_control) {
            return Err(Refused::BadAddress);
        }
        self.address = Some(address.to_owned());
        Ok(())
    }

    fn image_arrived(&mut self, photo: &PhotoRevision) -> Result<(), Refused> {
        if self.is_reprint() {
            return Err(Refused::ReviewNeeded);
        }
        match (self.withdrawn, photo.blob == self.photo.blob) {
            (false, false) => {
                return Err(Refused::OtherImage {
                    expected: self.photo.blob,
                });
            }
            (true, true) => return Err(Refused::SamePhoto),
            (false, true) => {}
            (true, false) => self.photo = self.numbered(photo)?,
        }
        self.withdrawn = false;
        Ok(())
    }

    fn replace_photo(&mut self, photo: &PhotoRevision, now: UtcMs) -> Result<(), Refused> {
        self.can_be_retaken(now)?;
        if photo.blob == self.photo.blob {
            return Err(Refused::SamePhoto);
        }
        self.photo = self.numbered(photo)?;
        self.tries += 1;
        self.rejection = None;
        Ok(())
    }

    fn rebind(&mut self, photo: &PhotoRevision) -> Result<(), Refused> {
        // A repair that is undone gives an order its own photo back.
        if photo.blob == self.photo.blob && !self.withdrawn {
            return Err(Refused::SamePhoto);
        }
        self.photo = self.numbered(photo)?;
        self.withdrawn = false;
        Ok(())
    }

    /// The photo as the next revision of this order.
    fn numbered(&self, photo: &PhotoRevision) -> Result<PhotoRevision, Refused> {
        if matches!(photo.check, crate::order::LocalCheck::Failed(_)) {
            return Err(Refused::CheckFailed);
        }
        Ok(PhotoRevision {
            revision: self.photo.revision + 1,
            ..photo.clone()
        })
    }

    fn refund(&mut self, step: &Step, refund: PaymentId, amount: Money) -> Result<(), Refused> {
        if self.payment.paid == Money::ZERO {
            return Err(Refused::NothingToRefund);
        }
        if amount != self.payment.paid {
            return Err(Refused::WrongAmount {
                step: step.name,
                expected: self.payment.paid,
                got: amount,
            });
        }
        self.payment.refunded = amount;
        self.payment.refund = Some(refund);
        self.held_by = None;
        Ok(())
    }

    fn refund_late(&mut self, payment: PaymentId, refund: PaymentId, amount: Money) -> Result<(), Refused> {
        if self.payment.payment.is_some() {
            return Err(Refused::PaidOtherwise);
        }
        if amount == Money::ZERO {
            return Err(Refused::NothingToRefund);
        }
        self.payment.paid = amount;
        self.payment.refunded = amount;
        self.payment.payment = Some(payment);
        self.payment.refund = Some(refund);
        Ok(())
    }

    /// Whether the order waits for another photo: rejected, or its photo was taken back before review.
    pub fn awaits_photo(&self) -> bool {
        let before_review = matches!(self.state, PendingPayment | Paid);
        self.state == Rejected || (self.withdrawn && before_review)
    }

    /// Whether another photo may still be taken. Only a rejection sets tries and time.
    ///
    /// # Errors
    /// When tries or time are used up.
    pub fn can_be_retaken(&self, now: UtcMs) -> Result<(), Refused> {
        if self.withdrawn {
            return Ok(());
        }
        if self.tries >= self.rule.tries {
            return Err(Refused::NoTriesLeft);
        }
        match &self.rejection {
            Some(rejection) if now > rejection.deadline => Err(Refused::TooLate),
            _ => Ok(()),
        }
    }

    /// Whether this order only asks for more prints.
    pub fn is_reprint(&self) -> bool {
        self.link.is_some_and(|l| l.kind == LinkKind::Reprint)
    }

    /// Another reviewer's hold is in the way.
    fn free_for(&self, by: &Actor) -> Result<(), Refused> {
        match (&self.held_by, by) {
            (Some(holder), Actor::Reviewer(name)) if holder != name => Err(Refused::Held),
            _ => Ok(()),
        }
    }
}
