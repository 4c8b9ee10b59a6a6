//! How orders begin: T1 and T1f (submit), T12 (correction) and T13 (reprint).
use crate::campaign::Campaign;
use crate::consent::Consent;
use crate::feature_code::{self, FeatureCode};
use crate::id::{OrderId, StationId};
use crate::lifecycle::Refused;
use crate::money::Money;
use crate::order::{Link, LinkKind, LocalCheck, Order, OrderState, Payment, PhotoRevision};
use crate::order_number::OrderNumber;
use crate::subject::{PersonKey, Subject};
use crate::time::UtcMs;

/// Everything known before an order exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Identifier to be.
    pub id: OrderId,
    /// Number to be.
    pub number: OrderNumber,
    /// The station.
    pub station: StationId,
    /// The bound person.
    pub person: PersonKey,
    /// What is known of them.
    pub subject: Subject,
    /// The photo.
    pub photo: PhotoRevision,
    /// The agreement, if it was accepted.
    pub consent: Option<Consent>,
    /// The feature code entered.
    pub feature_code: Option<FeatureCode>,
}

/// The new name of a linked order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewName {
    /// Identifier to be.
    pub id: OrderId,
    /// Number to be.
    pub number: OrderNumber,
}

impl Order {
    /// T1, or T1f when the campaign is free.
    ///
    /// # Errors
    /// When the campaign is not open, the key is of the wrong kind, the feature code, the consent or the photo do not hold.
    pub fn submit(draft: Draft, campaign: &Campaign, now: UtcMs) -> Result<Self, Refused> {
        if now < campaign.opens || now >= campaign.closes {
            return Err(Refused::CampaignClosed);
        }
        if matches!(draft.person, PersonKey::Code(_)) != campaign.job.is_blind() {
            return Err(Refused::WrongPersonKey);
        }
        if !campaign.feature_codes.is_empty() {
            let entered = draft.feature_code.as_ref().ok_or(Refused::FeatureCodeNeeded)?;
            feature_code::validate(entered, &campaign.feature_codes, &campaign.school_code, now)?;
        }
        if matches!(draft.photo.check, LocalCheck::Failed(_)) {
            return Err(Refused::CheckFailed);
        }
        let consent = draft
            .consent
            .filter(|c| c.text_version == campaign.consent_version)
            .ok_or(Refused::NoConsent)?;
        Ok(Self {
            id: draft.id,
            number: draft.number,
            campaign: campaign.id,
            station: draft.station,
            person: draft.person,
            subject: draft.subject,
            created_at: now,
            state: start(campaign.price),
            photo: PhotoRevision {
                revision: 1,
                ..draft.photo
            },
            withdrawn: false,
            tries: 0,
            rule: campaign.retake,
            rejection: None,
            payment: Payment {
                price: campaign.price,
                ..Payment::default()
            },
            collection: campaign.collection,
            address: None,
            consent,
            link: None,
            held_by: None,
        })
    }

    /// T12: a free order with a new photo for a completed one whose identity comparison failed.
    ///
    /// # Errors
    /// When this order is not completed, or the photo is the same or failed the local check.
    pub fn correction(&self, name: NewName, photo: PhotoRevision, now: UtcMs) -> Result<Self, Refused> {
        if self.state != OrderState::Completed {
            return Err(Refused::CannotLink { from: self.state });
        }
        if photo.blob == self.photo.blob {
            return Err(Refused::SamePhoto);
        }
        if matches!(photo.check, LocalCheck::Failed(_)) {
            return Err(Refused::CheckFailed);
        }
        let photo = PhotoRevision { revision: 1, ..photo };
        Ok(self.linked(LinkKind::Correction, name, Money::ZERO, photo, now))
    }

    /// T13: more prints of an approved photo, without another review.
    ///
    /// # Errors
    /// When this order's photo was not approved.
    pub fn reprint(&self, name: NewName, price: Money, now: UtcMs) -> Result<Self, Refused> {
        match self.state {
            OrderState::PendingProduction | OrderState::InProduction | OrderState::Completed => {
                // The first photo of the new order, however often the old one's was taken again.
                let photo = PhotoRevision {
                    revision: 1,
                    ..self.photo.clone()
                };
                Ok(self.linked(LinkKind::Reprint, name, price, photo, now))
            }
            OrderState::PendingPayment
            | OrderState::Paid
            | OrderState::PendingReview
            | OrderState::Rejected
            | OrderState::Closed
            | OrderState::Refunded => Err(Refused::CannotLink { from: self.state }),
        }
    }

    fn linked(&self, kind: LinkKind, name: NewName, price: Money, photo: PhotoRevision, now: UtcMs) -> Self {
        Self {
            id: name.id,
            number: name.number,
            created_at: now,
            state: start(price),
            photo,
            withdrawn: false,
            tries: 0,
            rejection: None,
            payment: Payment {
                price,
                ..Payment::default()
            },
            link: Some(Link { kind, order: self.id }),
            held_by: None,
            ..self.clone()
        }
    }
}

/// T1 waits for money, T1f does not.
fn start(price: Money) -> OrderState {
    if price == Money::ZERO {
        OrderState::Paid
    } else {
        OrderState::PendingPayment
    }
}
