//! What kind of file is this, and which cells does it hold?
mod cfb;
mod dbf;
mod text;
mod xls;
mod xls_cells;
mod xlsx;
mod zip_guard;

use crate::header;
use crate::{Encoding, Options, RosterError};

/// Largest file taken: 64 MiB.
pub const MAX_FILE_BYTES: usize = 64 << 20;
/// Most lines with cells taken from one sheet.
pub const MAX_ROWS: usize = 200_000;
/// Most columns taken.
pub const MAX_COLUMNS: usize = 256;
/// Most bytes a workbook may unpack to. 200,000 rows of all fields need half of it.
pub const MAX_UNPACKED_BYTES: u64 = 256 << 20;
/// Most bytes of text kept from one sheet.
pub(crate) const MAX_TEXT_BYTES: usize = 256 << 20;
/// Most cells kept from one sheet: 200,000 rows of 30.
const MAX_CELLS: usize = 6_000_000;
/// Longest text kept of one cell, in characters: longer than any value that would be taken.
const MAX_CELL_CHARS: usize = 1000;
/// Sheets looked at to find the one with a roster.
const MAX_SHEETS_SEARCHED: usize = 32;

/// A cell as the file holds it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Empty,
    Text(String),
    Number(f64),
    /// `yyyy-mm-dd`, or what the file says.
    Date(String),
    /// An error value or a kind that cannot be read.
    Unreadable,
}

impl Cell {
    /// The cell as a person would read it.
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.trim().to_owned(),
            Self::Number(n) if n.fract() == 0.0 && n.abs() < 1e15 => format!("{n:.0}"),
            Self::Number(n) if n.abs() >= 1e15 => format!("{n:E}"),
            Self::Number(n) => n.to_string(),
            Self::Date(text) => text.clone(),
            Self::Unreadable => "#".to_owned(),
        }
    }
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Number(_) | Self::Date(_) | Self::Unreadable => false,
        }
    }
    /// A text cell; no text is kept beyond what could matter.
    pub fn text(text: &str) -> Self {
        if text.is_empty() {
            return Self::Empty;
        }
        match text.char_indices().nth(MAX_CELL_CHARS) {
            Some((end, _)) => Self::Text(text.get(..end).unwrap_or_default().to_owned()),
            None => Self::Text(text.to_owned()),
        }
    }
}

/// A line with at least one cell that is not blank.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// Line in the sheet, from 1.
    pub row: u32,
    pub cells: Vec<Cell>,
}

impl Line {
    /// The cells as a person would read them, blank ones at the end left out.
    pub fn shown(&self) -> Vec<String> {
        let used = self
            .cells
            .iter()
            .rposition(|c| !c.is_blank())
            .map_or(0, |last| last + 1);
        self.cells.iter().take(used).map(Cell::shown).collect()
    }
}

/// A sheet in memory.
pub(crate) struct Table {
    pub lines: Vec<Line>,
    pub encoding: Option<Encoding>,
    pub sheets: Vec<String>,
    pub sheet: Option<String>,
    /// A line may have more cells than the header because a separator slipped into a value.
    pub ragged: bool,
}

/// Collects cells under the limits of this crate.
#[derive(Default)]
pub(crate) struct Cells {
    cells: Vec<(u32, u16, Cell)>,
    text_bytes: usize,
}

impl Cells {
    /// Adds a cell; `row` from 1, `column` from 0. Blank cells are dropped.
    pub fn put(&mut self, row: u32, column: usize, cell: Cell) -> Result<(), RosterError> {
        if cell.is_blank() {
            return Ok(());
        }
        let Some(column) = u16::try_from(column).ok().filter(|c| usize::from(*c) < MAX_COLUMNS) else {
            return Err(RosterError::TooManyColumns {
                row,
                limit: MAX_COLUMNS,
            });
        };
        if let Cell::Text(text) | Cell::Date(text) = &cell {
            self.text_bytes += text.len();
        }
        if self.text_bytes > MAX_TEXT_BYTES || self.cells.len() >= MAX_CELLS {
            return Err(RosterError::TooMuchText { limit: MAX_TEXT_BYTES });
        }
        self.cells.push((row, column, cell));
        Ok(())
    }

    /// The lines in order. A cell written twice keeps its last value.
    pub fn lines(mut self) -> Result<Vec<Line>, RosterError> {
        if !self.cells.is_sorted_by_key(|(row, column, _)| (*row, *column)) {
            self.cells.sort_by_key(|(row, column, _)| (*row, *column));
        }
        let mut lines: Vec<Line> = Vec::new();
        for (row, column, cell) in self.cells {
            if lines.last().is_none_or(|line| line.row != row) {
                if lines.len() > MAX_ROWS {
                    return Err(RosterError::TooManyRows { limit: MAX_ROWS });
                }
                lines.push(Line { row, cells: Vec::new() });
            }
            if let Some(line) = lines.last_mut() {
                let wanted = usize::from(column) + 1;
                if line.cells.len() < wanted {
                    line.cells.resize(wanted, Cell::Empty);
                }
                if let Some(place) = line.cells.get_mut(usize::from(column)) {
                    *place = cell;
                }
            }
        }
        Ok(lines)
    }
}

/// How much of a sheet to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Every line.
    All,
    /// Enough to find a header.
    Head,
}

impl Extent {
    /// Whether a line (from 1) is past what is wanted.
    pub fn is_past(self, row: u32) -> bool {
        match self {
            Self::All => false,
            Self::Head => row as usize > 2 * header::SEARCHED_LINES,
        }
    }
}

/// A file with several sheets.
pub(crate) trait Workbook {
    fn sheets(&self) -> Vec<String>;
    fn lines(&mut self, sheet: &str, extent: Extent) -> Result<Vec<Line>, RosterError>;
}

/// Reads whatever the bytes are; the file's name only settles what the bytes leave open.
pub(crate) fn read(bytes: &[u8], file_name: &str, options: &Options) -> Result<Table, RosterError> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(RosterError::TooLarge {
            bytes: bytes.len(),
            limit: MAX_FILE_BYTES,
        });
    }
    if bytes.iter().all(|b| b.is_ascii_whitespace() || *b == 0) {
        return Err(RosterError::Empty);
    }
    match bytes {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => choose(&mut xlsx::Xlsx::open(bytes)?, options),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => choose(&mut xls::Xls::open(bytes)?, options),
        [0x09, 0x00 | 0x02 | 0x04, 0x04 | 0x06, 0x00, ..] => Err(RosterError::Unsupported {
            kind: "an Excel 2 to 4 sheet",
        }),
        _ => {
            if let Some(looks_like) = stranger(bytes) {
                return Err(RosterError::NotASheet { looks_like });
            }
            let named_dbf = file_name.to_ascii_lowercase().ends_with(".dbf");
            if named_dbf || dbf::is_dbf(bytes) {
                return dbf::read(bytes, options.encoding);
            }
            text::read(bytes, options.encoding)
        }
    }
}

/// Reads the sheet asked for, else the first that has a roster's header, else the first with cells.
fn choose(book: &mut dyn Workbook, options: &Options) -> Result<Table, RosterError> {
    let sheets = book.sheets();
    let sheet = match &options.sheet {
        Some(name) => sheets
            .iter()
            .find(|s| *s == name)
            .ok_or(RosterError::NoSuchSheet)?
            .clone(),
        None => likeliest(book, &sheets)?,
    };
    let lines = book.lines(&sheet, Extent::All)?;
    if lines.is_empty() {
        return Err(RosterError::Empty);
    }
    Ok(Table {
        lines,
        encoding: None,
        sheets,
        sheet: Some(sheet),
        ragged: false,
    })
}

fn likeliest(book: &mut dyn Workbook, sheets: &[String]) -> Result<String, RosterError> {
    let first = sheets.first().ok_or(RosterError::Empty)?;
    let mut best: Option<(usize, &String)> = None;
    for name in sheets.iter().take(MAX_SHEETS_SEARCHED) {
        if sheets.len() == 1 {
            break;
        }
        let head = book.lines(name, Extent::Head)?;
        let score = if head.is_empty() {
            0
        } else {
            1 + header::best(&head).map_or(0, |(_, known)| known)
        };
        if score > best.map_or(0, |(most, _)| most) {
            best = Some((score, name));
        }
    }
    Ok(best.map_or(first, |(_, name)| name).clone())
}

/// Names a file that is no sheet by its first bytes.
fn stranger(bytes: &[u8]) -> Option<&'static str> {
    let known = match bytes {
        [b'M', b'Z', ..] => "a Windows program",
        [0x7F, b'E', b'L', b'F', ..] => "a Linux program",
        [b'%', b'P', b'D', b'F', ..] => "a PDF",
        [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] | [b'G', b'I', b'F', b'8', ..] => "a picture",
        [0x1F, 0x8B, ..] | [b'7', b'z', 0xBC, 0xAF, ..] | [b'R', b'a', b'r', b'!', ..] => "a packed archive",
        [b'S', b'Q', b'L', b'i', b't', b'e', ..] => "a database",
        _ => return None,
    };
    Some(known)
}
