//! Which cells does an xlsx workbook hold? Cells are taken one by one: a sheet with two cells a million rows apart
//! costs two cells.
use super::{Cell, Cells, Extent, Line, Workbook, zip_guard};
use crate::RosterError;
use calamine::{DataRef, Reader, SheetType, XlsxError};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// An xlsx workbook, checked by [`zip_guard`].
pub(crate) struct Xlsx<'a> {
    book: calamine::Xlsx<Cursor<&'a [u8]>>,
}

impl<'a> Xlsx<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, RosterError> {
        zip_guard::check(bytes)?;
        let book = contained(|| calamine::Xlsx::new(Cursor::new(bytes)))?;
        Ok(Self { book })
    }
}

impl Workbook for Xlsx<'_> {
    fn sheets(&self) -> Vec<String> {
        let sheets = self.book.sheets_metadata().iter();
        sheets
            .filter(|s| s.typ == SheetType::WorkSheet)
            .map(|s| s.name.clone())
            .collect()
    }

    fn lines(&mut self, sheet: &str, extent: Extent) -> Result<Vec<Line>, RosterError> {
        let mut cells = Cells::default();
        let mut reader = contained(|| self.book.worksheet_cells_reader(sheet))?;
        loop {
            let Some(cell) = contained(|| reader.next_cell())? else {
                break;
            };
            let (row, column) = cell.get_position();
            let row = row.saturating_add(1);
            if extent.is_past(row) {
                break;
            }
            cells.put(row, column as usize, convert(cell.get_value()))?;
        }
        cells.lines()
    }
}

/// Runs the foreign reader; a panic on a damaged file is a damaged file.
fn contained<T>(read: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, RosterError> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(XlsxError::Password)) => Err(RosterError::Encrypted),
        Ok(Err(error)) => Err(RosterError::damaged_by("xlsx", "a part of it cannot be read", error)),
        Err(_) => Err(RosterError::damaged("xlsx", "a part of it cannot be read")),
    }
}

fn convert(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(n) => Cell::Number(*n as f64),
        DataRef::Float(n) => Cell::Number(*n),
        DataRef::String(text) => Cell::text(text),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::Bool(yes) => Cell::text(if *yes { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(at) if at.is_datetime() => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            Cell::Date(format!("{year:04}-{month:02}-{day:02}"))
        }
        DataRef::DateTime(at) => Cell::Number(at.as_f64()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Date(text.chars().take(40).collect()),
        DataRef::Error(_) => Cell::Unreadable,
    }
}
