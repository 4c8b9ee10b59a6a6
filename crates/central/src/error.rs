//! What can go wrong at the center: what was being done, to what, and why.
use crate::store::SchoolCode;
use domain::Refused;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// A use case of the center that was not done.
#[derive(Debug, thiserror::Error)]
pub enum CentralError {
    /// A rule forbids it; nothing changed.
    #[error("refused: {0}")]
    Refused(#[from] Refused),
    /// There is no such thing.
    #[error("there is no {what} {id}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// A value that does not hold.
    #[error("{0}")]
    Invalid(#[from] wire::Invalid),
    /// The file is no sheet a roster can be read from.
    #[error("the sheet does not read: {0}")]
    Roster(#[from] roster::RosterError),
    /// The enrolment code is wrong, used or too old; which of them is not told.
    #[error("the enrolment code is wrong, used or too old")]
    EnrolCode,
    /// Name, password, session or token admit nobody; which of them is not told.
    #[error("nobody is admitted with this")]
    Login,
    /// The code is not the one that was sent, was used, or is too old; which of them is not told.
    #[error("the code does not hold")]
    PhoneCode,
    /// A code was asked for too often.
    #[error("a code was asked for too often")]
    TooSoon {
        /// It may be asked for again after this time.
        wait_ms: u64,
    },
    /// The id is taken by another school.
    #[error("the campaign belongs to school {school}")]
    OtherSchool {
        /// The school it belongs to.
        school: SchoolCode,
    },
    /// A bundle is not taken in; nothing of its ops took effect.
    #[error("the bundle is not taken in: {why}")]
    Bundle {
        /// Why.
        why: String,
    },
    /// A photo was not accepted.
    #[error("checking a photo: {0}")]
    Photo(#[from] photo::DecodeError),
    /// The bytes are not those the id names.
    #[error("the photo's SHA-256 is not the one its name says")]
    Digest,
    /// There is no such upload any more.
    #[error("the upload is gone; begin it anew")]
    UploadGone,
    /// A piece of an upload does not follow the ones before.
    #[error("the piece does not begin where the upload is")]
    UploadOffset,
    /// The object store refused.
    #[error("{doing}")]
    Objects {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        source: Source,
    },
    /// The standards or the check of pictures could not be prepared.
    #[error("preparing the standards and the check of pictures")]
    Prepare {
        /// Why.
        source: Source,
    },
    /// The finished picture could not be made.
    #[error("making the finished picture of order {order}")]
    Finish {
        /// The order.
        order: domain::OrderId,
        /// Why.
        source: Source,
    },
    /// Too much is going on; the same call may succeed later.
    #[error("{doing}: too busy, try again")]
    Busy {
        /// What waited.
        doing: &'static str,
    },
    /// The database cannot be reached, or went away before it said whether a change was kept; the same call may succeed later.
    #[error("the database is away: {doing}")]
    Away {
        /// What was being done.
        doing: &'static str,
    },
    /// The database server does not encrypt, or does not show that it is the one that was meant.
    #[error("the database server is not trusted: {why}")]
    NotTrusted {
        /// Why.
        why: String,
    },
    /// The database failed.
    #[error("database: {doing}")]
    Store {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        source: Source,
    },
    /// The database is from a newer version.
    #[error("the database has version {found}, this program knows versions up to {known}")]
    NewerStore {
        /// Version of the file.
        found: u32,
        /// Newest version known here.
        known: u32,
    },
    /// A row does not read as what it must be.
    #[error("database: {what} does not hold")]
    Corrupt {
        /// Which value.
        what: String,
    },
    /// A file or folder of the data directory failed.
    #[error("{doing}")]
    Files {
        /// What was being done, to which kind of file.
        doing: &'static str,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The signing key is not a key.
    #[error("the signing key file is damaged")]
    Key,
    /// Another center than the one whose database this is.
    #[error(
        "the signing key is not the one this database belongs to: every center of a database has the same signing.key"
    )]
    OtherKey,
    /// A value could not be written as JSON.
    #[error("writing JSON")]
    Json(#[from] serde_json::Error),
    /// The target of a backup or restore is not empty.
    #[error("{what} is not empty")]
    NotEmpty {
        /// Which folder.
        what: &'static str,
    },
    /// This center was not told how to reach the payment provider.
    #[error("this center takes no payments")]
    NoGateway,
    /// The payment provider refused, was not reached or not believed.
    #[error("the payment provider")]
    Pay(#[from] pay::PayError),
    /// The provider says something about a payment that does not fit what was asked for; nothing was booked.
    #[error("the payment provider's message does not fit: {0}")]
    Odd(#[from] pay::trade::Odd),
    /// An approved refund of the order is not through yet.
    #[error("the order's money is on its way back")]
    RefundUnderWay,
    /// A package or a list could not be put together.
    #[error("putting a package together")]
    Package(#[source] Box<delivery::DeliveryError>),
    /// No photo may be delivered yet.
    #[error("no photo may be delivered yet")]
    NothingToDeliver,
    /// Somebody else took the work over, or it is not wanted any more.
    #[error("the work was taken over or given up")]
    Superseded,
    /// The center stops; what it was at is begun again.
    #[error("the center stops")]
    Stopping,
    /// The work on a blocking thread was lost.
    #[error("a worker stopped: {0}")]
    Worker(String),
}

impl CentralError {
    /// Whether the same call may succeed later.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Busy { .. } | Self::Away { .. } | Self::NotTrusted { .. } => true,
            Self::Pay(error) => error.is_retryable(),
            _ => false,
        }
    }

    pub(crate) fn corrupt(what: impl std::fmt::Display) -> Self {
        Self::Corrupt { what: what.to_string() }
    }

    pub(crate) fn files(doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Files { doing, source }
    }

    pub(crate) fn not_found(what: &'static str, id: impl std::fmt::Display) -> Self {
        Self::NotFound {
            what,
            id: id.to_string(),
        }
    }
}
