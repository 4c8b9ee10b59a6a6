//! How does a school's sheet become a roster? Bytes go in; rows, and a problem with its line for every bad cell, come out.
//!
//! Reads xlsx, xls, csv (GB18030, UTF-8, UTF-16, Big5; comma, tab or semicolon) and dbf. Nothing is guessed about a
//! value: digits that Excel threw away stay lost, and the row says so. Deliberately absent: files, network, and the
//! decision what to do with an entry that is already known; that is the store's.
mod encoding;
mod error;
mod field;
mod header;
mod problem;
mod read;
mod rows;
mod value;

pub use encoding::Encoding;
pub use error::RosterError;
pub use field::{Field, Mapping};
pub use header::HeaderRow;
pub use problem::{Effect, Problem, RowProblem};
pub use read::{MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS, MAX_UNPACKED_BYTES};
pub use rows::RosterRow;

/// Data rows a preview shows.
pub const PREVIEW_ROWS: usize = 20;

/// What the operator chose; everything left out is found from the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Encoding of a text or DBF file.
    pub encoding: Option<Encoding>,
    /// Field of each column.
    pub mapping: Option<Mapping>,
    /// Name of the sheet in a workbook.
    pub sheet: Option<String>,
    /// Where the header is.
    pub header: HeaderRow,
}

/// What a sheet looks like before it is imported. Cells are as read: unmasked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Header cells.
    pub header: Vec<String>,
    /// Line of the header in the sheet, from 1; `None` when no line is the header (dbf, or as the options say).
    pub header_row: Option<u32>,
    /// The first [`PREVIEW_ROWS`] data rows.
    pub rows: Vec<Vec<String>>,
    /// Data rows in all.
    pub row_count: u32,
    /// Encoding in use; `None` for workbooks, which carry their own.
    pub encoding: Option<Encoding>,
    /// Field each column was taken for.
    pub mapping: Mapping,
    /// Sheets of a workbook; empty for csv and dbf.
    pub sheets: Vec<String>,
    /// The sheet shown.
    pub sheet: Option<String>,
}

/// What a sheet gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterImport {
    /// Rows taken, in the order of the sheet.
    pub rows: Vec<RosterRow>,
    /// What was wrong, in the order of the sheet; includes the rows that were refused.
    pub problems: Vec<RowProblem>,
    /// Encoding used; `None` for workbooks.
    pub encoding: Option<Encoding>,
    /// Fields used.
    pub mapping: Mapping,
    /// Rows that were not taken.
    pub refused: u32,
}

/// Reads a sheet as far as a person needs to confirm encoding, sheet and columns.
///
/// # Errors
/// When the bytes are no sheet this crate reads, or exceed a limit.
pub fn preview(bytes: &[u8], file_name: &str, encoding: Option<Encoding>) -> Result<Preview, RosterError> {
    preview_with(
        bytes,
        file_name,
        &Options {
            encoding,
            ..Options::default()
        },
    )
}

/// [`preview`] with every choice open.
///
/// # Errors
/// As [`preview`]; also when the sheet asked for does not exist.
pub fn preview_with(bytes: &[u8], file_name: &str, options: &Options) -> Result<Preview, RosterError> {
    let table = read::read(bytes, file_name, options)?;
    let found = header::find(&table.lines, options)?;
    let data = table.lines.get(found.first_data..).unwrap_or_default();
    Ok(Preview {
        header: found.cells,
        header_row: found.row.filter(|row| *row > 0),
        rows: data.iter().take(PREVIEW_ROWS).map(|l| l.shown()).collect(),
        row_count: u32::try_from(data.len()).unwrap_or(u32::MAX),
        encoding: table.encoding,
        mapping: found.mapping,
        sheets: table.sheets,
        sheet: table.sheet,
    })
}

/// Reads a sheet into rows. Good rows are taken; everything wrong is listed with its line.
///
/// # Errors
/// When the bytes are no sheet this crate reads, exceed a limit, or no column holds a name or a key.
pub fn import(bytes: &[u8], file_name: &str, options: &Options) -> Result<RosterImport, RosterError> {
    let table = read::read(bytes, file_name, options)?;
    let found = header::find(&table.lines, options)?;
    found.mapping.check()?;
    let data = table.lines.get(found.first_data..).unwrap_or_default();
    if data.is_empty() {
        return Err(RosterError::NoRows);
    }
    let built = rows::build(data, &found, table.ragged);
    Ok(RosterImport {
        rows: built.rows,
        problems: built.problems,
        encoding: table.encoding,
        mapping: found.mapping,
        refused: built.refused,
    })
}
