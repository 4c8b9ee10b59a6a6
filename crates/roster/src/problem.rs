//! What can be wrong with one row, and what became of it?

/// A problem with one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// Line in the sheet, from 1, the header's line counted. In a DBF, which has no header line, the record's number.
    pub row: u32,
    /// Header of the column, where one column is to blame.
    pub column: Option<String>,
    /// What is wrong.
    pub problem: Problem,
    /// What became of the row.
    pub effect: Effect,
    /// The value, masked for the screen.
    pub value_masked: Option<String>,
}

/// What became of a row with a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The row was taken as it is; someone should look.
    Kept,
    /// The row was taken without this value.
    ValueDropped,
    /// The row was not taken.
    RowRefused,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Problem {
    /// No name.
    EmptyName,
    /// No student, ID or exam number to tell the person by.
    NoKey,
    /// An ID number whose digits a spreadsheet threw away (4.3E+17, or zeros at the end).
    IdMangled,
    /// Another long number with digits thrown away.
    NumberMangled,
    /// A student or exam number without a digit: a total or a note below the list.
    NumberForm,
    /// Neither a resident ID number nor like any other paper.
    IdForm,
    /// A resident ID number whose birth date is none.
    IdBirthDate,
    /// A resident ID number whose check digit does not fit.
    IdCheckDigit,
    /// Characters were lost before the file came here: `?`, U+FFFD, private-use or garbled characters.
    LostCharacters,
    /// Control characters were removed.
    ControlCharacters,
    /// A formula where a value belongs.
    FormulaText,
    /// The cell holds a spreadsheet error (#N/A) or a kind of value that cannot be read.
    CellError,
    /// Longer than any real value.
    TooLong,
    /// A school code is not 5 to 10 characters long.
    SchoolCodeLength,
    /// The header again.
    RepeatedHeader,
    /// More cells than the header has: the values may stand in the wrong columns.
    ColumnsDoNotFit,
    /// The same row stands further up.
    DuplicateRow {
        /// Its line.
        first_row: u32,
    },
    /// Another row has the same key; only the first was taken.
    DuplicateKey {
        /// Its line.
        first_row: u32,
    },
    /// Another row has the same ID number under another student number.
    DuplicateId {
        /// Its line.
        first_row: u32,
    },
}

impl Problem {
    /// Stable word for the screens and the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::EmptyName => "empty_name",
            Self::NoKey => "no_key",
            Self::IdMangled => "id_mangled",
            Self::NumberMangled => "number_mangled",
            Self::NumberForm => "number_form",
            Self::IdForm => "id_form",
            Self::IdBirthDate => "id_birth_date",
            Self::IdCheckDigit => "id_check_digit",
            Self::LostCharacters => "lost_characters",
            Self::ControlCharacters => "control_characters",
            Self::FormulaText => "formula_text",
            Self::CellError => "cell_error",
            Self::TooLong => "too_long",
            Self::SchoolCodeLength => "school_code_length",
            Self::RepeatedHeader => "repeated_header",
            Self::ColumnsDoNotFit => "columns_do_not_fit",
            Self::DuplicateRow { .. } => "duplicate_row",
            Self::DuplicateKey { .. } => "duplicate_key",
            Self::DuplicateId { .. } => "duplicate_id",
        }
    }
    /// The line a duplicate repeats.
    pub const fn first_row(self) -> Option<u32> {
        match self {
            Self::DuplicateRow { first_row } | Self::DuplicateKey { first_row } | Self::DuplicateId { first_row } => {
                Some(first_row)
            }
            _ => None,
        }
    }
}
