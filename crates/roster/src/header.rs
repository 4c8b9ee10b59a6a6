//! Which line of a sheet is its header, and which column holds which field?
use crate::read::Line;
use crate::{Mapping, Options, RosterError};

/// Where the header stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HeaderRow {
    /// The line among the first 30 that names the most fields; else the first line.
    #[default]
    Find,
    /// This line of the sheet, from 1.
    Line(u32),
    /// There is none: every line is a person.
    Absent,
}

/// Lines searched for the header: titles and notes stand above it.
pub(crate) const SEARCHED_LINES: usize = 30;

/// The header of a sheet.
pub(crate) struct Header {
    pub cells: Vec<String>,
    pub row: Option<u32>,
    pub mapping: Mapping,
    /// Index of the first line below.
    pub first_data: usize,
}

impl Header {
    /// What to call a column: its header, else its letter.
    pub fn name(&self, column: usize) -> String {
        match self.cells.get(column).map(|c| c.trim()) {
            Some(name) if !name.is_empty() => name.chars().take(40).collect(),
            _ => letters(column),
        }
    }
}

/// Finds the header, or takes what the options say.
pub(crate) fn find(lines: &[Line], options: &Options) -> Result<Header, RosterError> {
    let index = match options.header {
        HeaderRow::Find => best(lines).map_or(0, |(index, _)| index),
        HeaderRow::Line(row) => lines.iter().position(|l| l.row == row).ok_or(RosterError::NoRows)?,
        HeaderRow::Absent => {
            let width = lines.iter().map(|l| l.cells.len()).max().unwrap_or(0);
            let mapping = options.mapping.clone().unwrap_or(Mapping(vec![None; width]));
            return Ok(Header {
                cells: (0..width).map(letters).collect(),
                row: None,
                mapping,
                first_data: 0,
            });
        }
    };
    let line = lines.get(index).ok_or(RosterError::Empty)?;
    let cells = line.shown();
    let mapping = match &options.mapping {
        Some(mapping) => mapping.clone(),
        None => Mapping::guess(cells.iter().map(String::as_str)),
    };
    Ok(Header {
        cells,
        row: Some(line.row),
        mapping,
        first_data: index + 1,
    })
}

/// The line that names the most fields, and how many; `None` when none names any.
pub(crate) fn best(lines: &[Line]) -> Option<(usize, usize)> {
    let mut best = None;
    for (index, line) in lines.iter().take(SEARCHED_LINES).enumerate() {
        let known = Mapping::guess(line.shown().iter().map(String::as_str)).known();
        if known > best.map_or(0, |(_, most)| most) {
            best = Some((index, known));
        }
    }
    best
}

/// A, B … Z, AA … as spreadsheets count columns.
fn letters(column: usize) -> String {
    let mut text = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        text.insert(0, char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    text
}
