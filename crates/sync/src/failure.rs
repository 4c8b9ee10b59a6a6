//! What went wrong with an exchange, whom does it concern, and may it be tried again?
use crate::local::LocalFailure;
use crate::remote::Unreachable;
use wire::problem::{Code, Problem};

/// An exchange that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// No whole answer.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    /// Something answered that is not the center: a captive portal, a proxy, another server.
    #[error("what answered is not the center: {why}")]
    NotCenter {
        /// What gave it away.
        why: &'static str,
        /// It asked to wait this long, in ms.
        retry_after_ms: Option<u64>,
    },
    /// The center answered, but not in the shape of this protocol.
    #[error("the center's answer does not hold: {why}")]
    BadAnswer {
        /// What does not hold.
        why: &'static str,
    },
    /// The center refused.
    #[error("the center refused: {}", .0.code.id())]
    Refused(Box<Problem>),
    /// The station's own side failed.
    #[error(transparent)]
    Local(#[from] LocalFailure),
}

/// Whom a failure concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// The way to the center, or the center as a whole: everything waits, then goes on.
    Link,
    /// This request, perhaps; or the center as a whole: the center broke over it.
    Doubtful,
    /// The station itself: nothing will go until somebody does something, but it is tried all the same.
    Station,
    /// The station's clock: sign again with the center's time.
    Clock,
    /// This item, for now: the others go on.
    ItemForNow,
    /// This item, for good.
    ItemForGood,
    /// The station's store: nothing goes until it works again.
    Store,
    /// The station's copy of one photo: the others go on.
    Photo,
}

/// What people are told stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trouble {
    /// No connection, or it broke.
    Offline,
    /// A captive portal or a proxy answers in the center's place.
    NotCenter,
    /// The center has too much to do, or asked to wait.
    Overloaded,
    /// The center fails.
    CenterFails,
    /// The center's answers do not hold.
    BadAnswer,
    /// The center does not know this station's signature.
    BadSignature,
    /// This station was revoked.
    StationRevoked,
    /// Station and center do not speak the same version.
    VersionUnsupported,
    /// The station's clock is off and correcting for it did not help.
    ClockSkew,
    /// The center refuses the station's requests as a whole.
    Refused,
    /// A receipt is missing or not signed by this center.
    BadReceipt,
    /// The station's store fails.
    Store,
    /// The station cannot read a photo it must send.
    Photo,
}

impl Trouble {
    /// The stable word.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::NotCenter => "not_center",
            Self::Overloaded => "overloaded",
            Self::CenterFails => "center_fails",
            Self::BadAnswer => "bad_answer",
            Self::BadSignature => "bad_signature",
            Self::StationRevoked => "station_revoked",
            Self::VersionUnsupported => "version_unsupported",
            Self::ClockSkew => "clock_skew",
            Self::Refused => "refused",
            Self::BadReceipt => "bad_receipt",
            Self::Store => "store",
            Self::Photo => "photo",
        }
    }

    /// The center was not reached at all: another success proves that it can be again.
    pub const fn is_offline(self) -> bool {
        matches!(self, Self::Offline | Self::NotCenter)
    }
}

impl Failure {
    /// Whom it concerns.
    pub fn concern(&self) -> Concern {
        match self {
            Self::Unreachable(_) | Self::NotCenter { .. } => Concern::Link,
            Self::BadAnswer { .. } => Concern::Doubtful,
            Self::Refused(problem) => concern_of(problem),
            Self::Local(LocalFailure::Store) => Concern::Store,
            Self::Local(LocalFailure::Photo) => Concern::Photo,
        }
    }

    /// What people are told.
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Unreachable(Unreachable::TooLarge) => Trouble::NotCenter,
            Self::Unreachable(_) => Trouble::Offline,
            Self::NotCenter { .. } => Trouble::NotCenter,
            Self::BadAnswer { .. } => Trouble::BadAnswer,
            Self::Refused(problem) => trouble_of(problem),
            Self::Local(LocalFailure::Store) => Trouble::Store,
            Self::Local(LocalFailure::Photo) => Trouble::Photo,
        }
    }

    /// How long it asked to wait, in ms.
    pub fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::Refused(problem) => problem.retry_after_ms,
            Self::NotCenter { retry_after_ms, .. } => *retry_after_ms,
            Self::Unreachable(_) | Self::BadAnswer { .. } | Self::Local(_) => None,
        }
    }

    /// The stable word for the one item it concerns.
    pub fn code(&self) -> String {
        match self {
            Self::Refused(problem) => problem.code.id(),
            other => other.trouble().id().to_owned(),
        }
    }
}

fn concern_of(problem: &Problem) -> Concern {
    match (problem.code, problem.status) {
        (Code::ClockSkew, _) => Concern::Clock,
        (Code::BadSignature | Code::StationRevoked | Code::VersionUnsupported | Code::EnrolCodeInvalid, _) => {
            Concern::Station
        }
        (Code::RateLimited | Code::Overloaded, _) | (_, 408 | 429 | 503) => Concern::Link,
        (_, 500..) => Concern::Doubtful,
        (Code::UploadBusy | Code::MissingPredecessor | Code::MissingBlob | Code::DigestMismatch, _) => {
            Concern::ItemForNow
        }
        (_, 423..=425) => Concern::ItemForNow,
        (_, 409) if problem.retry => Concern::ItemForNow,
        (Code::StateForbidden, _) => Concern::ItemForGood,
        // No such route, no such method, no permission at all: that is not about the item that happened to be sent.
        (_, 401 | 403 | 404 | 405 | 407 | 426) => Concern::Station,
        (_, 400..=499) => Concern::ItemForGood,
        _ => Concern::Doubtful,
    }
}

fn trouble_of(problem: &Problem) -> Trouble {
    match (problem.code, problem.status) {
        (Code::ClockSkew, _) => Trouble::ClockSkew,
        (Code::BadSignature | Code::EnrolCodeInvalid, _) | (Code::Unknown, 401) => Trouble::BadSignature,
        (Code::StationRevoked, _) => Trouble::StationRevoked,
        (Code::VersionUnsupported, _) | (_, 426) => Trouble::VersionUnsupported,
        (Code::RateLimited | Code::Overloaded, _) | (_, 408 | 429 | 503) => Trouble::Overloaded,
        (_, 500..) => Trouble::CenterFails,
        _ => Trouble::Refused,
    }
}
