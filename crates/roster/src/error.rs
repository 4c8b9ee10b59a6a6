//! Why could a whole file not be read? Single bad rows are [`crate::RowProblem`]s; nothing here carries a cell's text.
use crate::{Encoding, Field};

/// A file that could not be read as a roster.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// No bytes, or blanks only.
    #[error("reading the roster: the file is empty")]
    Empty,
    /// Larger than [`crate::MAX_FILE_BYTES`].
    #[error("reading the roster: the file has {bytes} bytes, more than {limit}")]
    TooLarge {
        /// Size found.
        bytes: usize,
        /// Largest size taken.
        limit: usize,
    },
    /// Something else under a sheet's name.
    #[error("reading the roster: this is {looks_like}, not a sheet")]
    NotASheet {
        /// What the first bytes say.
        looks_like: &'static str,
    },
    /// A kind of sheet that is not read; saving it as xlsx helps.
    #[error("reading the roster: {kind} is not read; open it in Excel or WPS and save it as xlsx")]
    Unsupported {
        /// The kind.
        kind: &'static str,
    },
    /// Protected by a password.
    #[error("reading the roster: the workbook is protected by a password; save it without one")]
    Encrypted,
    /// A workbook that unpacks to more than [`crate::MAX_UNPACKED_BYTES`].
    #[error("reading the roster: the workbook unpacks to more than {limit} bytes")]
    Bomb {
        /// Largest unpacked size taken.
        limit: u64,
    },
    /// The file contradicts itself or breaks off.
    #[error("reading the roster: the {kind} file is damaged: {what}")]
    Damaged {
        /// The kind of file.
        kind: &'static str,
        /// What does not hold.
        what: &'static str,
        /// The reader's own words, where there are any.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// More rows than [`crate::MAX_ROWS`].
    #[error("reading the roster: more than {limit} rows")]
    TooManyRows {
        /// Most rows taken.
        limit: usize,
    },
    /// More columns than [`crate::MAX_COLUMNS`].
    #[error("reading the roster: line {row} has more than {limit} columns")]
    TooManyColumns {
        /// Line in the sheet, from 1.
        row: u32,
        /// Most columns taken.
        limit: usize,
    },
    /// More cells or text than memory is granted for.
    #[error("reading the roster: the sheet holds more text than {limit} bytes")]
    TooMuchText {
        /// Most bytes of text taken.
        limit: usize,
    },
    /// The encoding chosen garbles the text and another one fits.
    #[error("reading the roster: the text is not {}; try {}", chosen.id(), guess.id())]
    WrongEncoding {
        /// What was asked for.
        chosen: Encoding,
        /// What the bytes look like.
        guess: Encoding,
    },
    /// A quotation mark opens a cell and swallows the lines after it.
    #[error("reading the roster: a quotation mark in line {row} is never closed")]
    UnclosedQuote {
        /// Line in the sheet, from 1.
        row: u32,
    },
    /// The workbook has no such sheet.
    #[error("reading the roster: the workbook has no sheet of that name")]
    NoSuchSheet,
    /// The workbook has no sheet with cells.
    #[error("reading the roster: there is no row below the header")]
    NoRows,
    /// No column was recognised as the name.
    #[error("reading the roster: no column holds the name; say which one does")]
    NoNameColumn,
    /// No column was recognised as a number to tell people apart.
    #[error("reading the roster: no column holds a student, ID or exam number; say which one does")]
    NoKeyColumn,
    /// Two columns were given the same field.
    #[error("mapping the roster: two columns are given as {}", field.id())]
    FieldTwice {
        /// The field.
        field: Field,
    },
}

impl RosterError {
    /// Stable word for the screens.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "roster_empty",
            Self::TooLarge { .. } => "roster_too_large",
            Self::NotASheet { .. } => "roster_not_a_sheet",
            Self::Unsupported { .. } => "roster_unsupported",
            Self::Encrypted => "roster_encrypted",
            Self::Bomb { .. } => "roster_bomb",
            Self::Damaged { .. } => "roster_damaged",
            Self::TooManyRows { .. } => "roster_too_many_rows",
            Self::TooManyColumns { .. } => "roster_too_many_columns",
            Self::TooMuchText { .. } => "roster_too_much_text",
            Self::WrongEncoding { .. } => "roster_wrong_encoding",
            Self::UnclosedQuote { .. } => "roster_unclosed_quote",
            Self::NoSuchSheet => "roster_no_such_sheet",
            Self::NoRows => "roster_no_rows",
            Self::NoNameColumn => "roster_no_name_column",
            Self::NoKeyColumn => "roster_no_key_column",
            Self::FieldTwice { .. } => "roster_field_twice",
        }
    }

    pub(crate) fn damaged(kind: &'static str, what: &'static str) -> Self {
        Self::Damaged {
            kind,
            what,
            source: None,
        }
    }
    pub(crate) fn damaged_by(
        kind: &'static str,
        what: &'static str,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::Damaged {
            kind,
            what,
            source: Some(Box::new(source)),
        }
    }
}
