//! Why a step is refused, as each reason is worded on screen.
use crate::id::BlobId;
use crate::lifecycle::{EventKind, MAX_ADDRESS_CHARS, Role};
use crate::money::Money;
use crate::order::OrderState;

/// A step that the rules do not allow. The order is unchanged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum Refused {
    /// No row of the table.
    #[error("{event:?} is not possible from {}", from.words_zh())]
    NoSuchStep { from: OrderState, event: EventKind },
    /// Another role is needed.
    #[error("{step} is not for {role:?}")]
    NotAllowed { step: &'static str, role: Role },
    /// The amount is not the price, or not what was paid.
    #[error("{step} needs {expected}, not {got}")]
    WrongAmount {
        step: &'static str,
        expected: Money,
        got: Money,
    },
    /// Paid already, by another payment.
    #[error("the order is paid by another payment")]
    PaidOtherwise,
    /// Nothing was paid.
    #[error("nothing was paid that could be refunded")]
    NothingToRefund,
    /// The image is not the one the order names.
    #[error("the image is another one than the order names")]
    OtherImage { expected: BlobId },
    /// The same photo again.
    #[error("the new photo is the same as the old one")]
    SamePhoto,
    /// The photo failed the local check.
    #[error("the photo did not pass the local check")]
    CheckFailed,
    /// No tries left.
    #[error("all retakes are used up")]
    NoTriesLeft,
    /// The deadline has passed.
    #[error("the deadline has passed")]
    TooLate,
    /// Tries and time are left.
    #[error("tries and time are left")]
    NotRunOut,
    /// A rejection needs a reason.
    #[error("a rejection needs a reason")]
    NoReason,
    /// A reviewer has it open.
    #[error("a reviewer has the order open")]
    Held,
    /// Collective orders ask for no address.
    #[error("a collective order has no delivery address")]
    Collective,
    /// An empty or overlong address, or one with control characters.
    #[error("an address has 1 to {MAX_ADDRESS_CHARS} characters in one line")]
    BadAddress,
    /// Only a reprint skips review, and only a reprint may.
    #[error("review is skipped by reprints alone")]
    ReviewNeeded,
    /// No consent was recorded for this agreement.
    #[error("no consent to the agreement in force")]
    NoConsent,
    /// The feature code was not taken.
    #[error(transparent)]
    FeatureCode(#[from] crate::feature_code::FeatureCodeError),
    /// A feature code is needed.
    #[error("a feature code is needed")]
    FeatureCodeNeeded,
    /// The campaign is not open.
    #[error("the campaign is not open at this time")]
    CampaignClosed,
    /// The job knows people by another kind of key.
    #[error("this job knows people by another kind of key")]
    WrongPersonKey,
    /// Linked orders start from another state.
    #[error("not possible from {}", from.words_zh())]
    CannotLink { from: OrderState },
}
