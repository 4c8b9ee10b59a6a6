//! What can keep a command from being done, and the next step to take.
use central::CentralError;

/// A command that could not be done.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The center says so.
    #[error(transparent)]
    Central(#[from] CentralError),
    /// A campaign file that does not read.
    #[error(transparent)]
    Campaign(#[from] wire::campaign::CampaignFileError),
    /// A file of the caller.
    #[error("{doing}")]
    File {
        /// What was being done.
        doing: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A settings file that does not hold.
    #[error("{}: {why}", path.display())]
    Settings {
        /// The file.
        path: std::path::PathBuf,
        /// What does not hold.
        why: String,
    },
    /// Nobody reads the output any more.
    #[error("printing")]
    Print(#[from] std::io::Error),
    /// The rules refuse it for this order.
    #[error("{order}")]
    Refused {
        /// The order as it was named.
        order: String,
        /// Why.
        source: CentralError,
    },
    /// An order that is not named clearly.
    #[error("{0}")]
    Order(String),
    /// No data directory can be derived.
    #[error("the data directory is not named and there is no home directory")]
    NoData,
}

impl CommandError {
    /// Whether the center works and only says no.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Central(
                CentralError::Refused(_)
                | CentralError::NotFound { .. }
                | CentralError::OtherSchool { .. }
                | CentralError::Bundle { .. }
                | CentralError::RefundUnderWay,
            )
            | Self::Refused { .. }
            | Self::Order(_) => true,
            Self::Central(_)
            | Self::Campaign(_)
            | Self::File { .. }
            | Self::Settings { .. }
            | Self::Print(_)
            | Self::NoData => false,
        }
    }

    /// What to do about it.
    pub fn next_step(&self) -> Option<&'static str> {
        match self {
            Self::Central(CentralError::NewerStore { .. }) => {
                Some("use the version of central that wrote it, or a newer one")
            }
            Self::Central(CentralError::NotEmpty { .. }) => Some("name an empty or new folder with --data"),
            Self::Central(CentralError::Key) => {
                Some("put back signing.key from a backup; stations trust that key only")
            }
            Self::Central(CentralError::NoGateway) => Some("name the provider's settings with --payments"),
            Self::Settings { .. } => Some("docs/runbook.md and docs/payments.md describe the files"),
            Self::Central(CentralError::Busy { .. }) => Some("try again"),
            Self::Central(CentralError::NotTrusted { .. }) => {
                Some("docs/center.md says what sslmode and --database-ca do")
            }
            Self::Central(CentralError::Files { .. }) => Some("check the folder, its owner and the free space"),
            Self::Central(CentralError::Store { .. } | CentralError::Corrupt { .. }) => {
                Some("run `central verify`; restore a backup if the file is damaged")
            }
            Self::Central(CentralError::Invalid(i)) if i.field == "campaign" => {
                Some("`central campaign list --format json` shows the ids")
            }
            Self::Central(CentralError::Invalid(i)) if i.field == "school" => Some("name it with --school"),
            Self::Refused { .. } => Some("`central history ORDER` shows what happened to it"),
            Self::Order(_) => Some("`central orders` lists orders with id and number"),
            Self::NoData => Some("name it with --data"),
            Self::Central(_) | Self::Campaign(_) | Self::File { .. } | Self::Print(_) => None,
        }
    }
}
