//! What went wrong in the store: what was being done, to what, and the source. Never carries personal data.
use crate::keys::KeyError;
use domain::BlobId;
use rusqlite::ErrorCode;
use std::io;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room on the disk. Nothing of the change was kept; everything before it is safe.
    #[error("{doing}: the disk is full")]
    DiskFull {
        /// What was being done.
        doing: &'static str,
    },
    /// The data was written with another key than the provider gave.
    #[error("opening the store: this is not the key it was written with")]
    WrongKey,
    /// The database was written by a newer version that says older ones must not open it.
    #[error("opening the store: it has schema {found}, this version knows up to {known}")]
    Newer {
        /// Schema of the file.
        found: u32,
        /// Newest schema this binary knows.
        known: u32,
    },
    /// The database file is damaged.
    #[error("{doing}: the database file is damaged")]
    Corrupt {
        /// What was being done.
        doing: &'static str,
    },
    /// Another process held the database for too long.
    #[error("{doing}: the database is in use")]
    Busy {
        /// What was being done.
        doing: &'static str,
    },
    /// A photo file that is missing or does not hold.
    #[error("reading photo {id:?}: {problem}")]
    Blob {
        /// The photo.
        id: BlobId,
        /// What is wrong with it.
        problem: BlobProblem,
    },
    /// A row that cannot be read back as what it should be.
    #[error("{doing}: column {column} does not hold what it should")]
    BadRow {
        /// What was being done.
        doing: &'static str,
        /// The column.
        column: &'static str,
    },
    /// The same key is taken by something else.
    #[error("{doing}: it is there already, and different")]
    Taken {
        /// What was being done.
        doing: &'static str,
    },
    /// What the change refers to is not there.
    #[error("{doing}: there is no such {what}")]
    Unknown {
        /// What was being done.
        doing: &'static str,
        /// What is missing.
        what: &'static str,
    },
    /// A value beyond its written limit.
    #[error("{doing}: {what} is larger than the store takes")]
    TooLarge {
        /// What was being done.
        doing: &'static str,
        /// The value.
        what: &'static str,
    },
    /// The key provider failed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A file or folder failed.
    #[error("{doing}: {source}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The database failed in another way.
    #[error("{doing}: {source}")]
    Sql {
        /// What was being done.
        doing: &'static str,
        /// What it said. Statements carry parameters, so there is no value in it.
        source: rusqlite::Error,
    },
}

/// What is wrong with a photo file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BlobProblem {
    /// There is no file.
    #[error("the file is missing")]
    Missing,
    /// Shorter or longer than its header says.
    #[error("the file is cut short")]
    Truncated,
    /// The bytes were changed.
    #[error("the file was changed")]
    Tampered,
    /// Not one of our files.
    #[error("the file is not one of ours")]
    Foreign,
    /// Written with another key.
    #[error("the file was written with another key")]
    OtherKey,
    /// A later format.
    #[error("the file has format {0}, which this version does not know")]
    Newer(u8),
}

impl StoreError {
    /// Whether the same call may succeed later without any other change than room or time.
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::DiskFull { .. } | Self::Busy { .. } => true,
            Self::WrongKey
            | Self::Newer { .. }
            | Self::Corrupt { .. }
            | Self::Blob { .. }
            | Self::BadRow { .. }
            | Self::Taken { .. }
            | Self::Unknown { .. }
            | Self::TooLarge { .. }
            | Self::Key(_)
            | Self::Io { .. }
            | Self::Sql { .. } => false,
        }
    }

    pub(crate) fn io(doing: &'static str, source: io::Error) -> Self {
        if is_full(&source) {
            Self::DiskFull { doing }
        } else {
            Self::Io { doing, source }
        }
    }

    pub(crate) fn sql(doing: &'static str, source: rusqlite::Error) -> Self {
        match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull { doing },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt { doing },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { doing },
            Some(ErrorCode::ConstraintViolation) if is_taken(&source) => Self::Taken { doing },
            _ => Self::Sql { doing, source },
        }
    }
}

/// Whether the system refused a write for want of room: disk, quota, or the largest file it allows.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

fn is_taken(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID, SQLITE_CONSTRAINT_UNIQUE};
    error.sqlite_error().is_some_and(|e| {
        [
            SQLITE_CONSTRAINT_PRIMARYKEY,
            SQLITE_CONSTRAINT_ROWID,
            SQLITE_CONSTRAINT_UNIQUE,
        ]
        .contains(&e.extended_code)
    })
}
