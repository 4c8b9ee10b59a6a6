//! Which cells does a sheet of an xls workbook hold? Layout of the records: [MS-XLS] 2.4.
use super::cfb::{u16_at, u32_at};
use super::xls::{Biff, Globals, Records, Segments, record};
use super::{Cell, Cells, Extent, Line};
use crate::RosterError;

const FORMULA: u16 = 0x0006;
const MUL_RK: u16 = 0x00BD;
const RICH_LABEL: u16 = 0x00D6;
const LABEL_SHARED: u16 = 0x00FD;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const BOOL_ERROR: u16 = 0x0205;
const STRING: u16 = 0x0207;
const RK: u16 = 0x027E;

/// Days from 1899-12-30, where Excel's count starts, to 1970-01-01.
const EPOCH_DAYS: f64 = 25_569.0;
/// Days from Excel's start to that of old Mac files.
const MAC_DAYS: f64 = 1_462.0;

/// Reads a sheet's records up to its end.
pub(crate) fn read(records: Records<'_>, globals: &Globals, extent: Extent) -> Result<Vec<Line>, RosterError> {
    let mut sheet = Sheet {
        cells: Cells::default(),
        globals,
        awaiting: None,
        extent,
    };
    // A chart inside a sheet is a stream of its own with records that look like cells.
    let mut depth = 0u32;
    for (kind, content) in records {
        match kind {
            record::BOF => depth = depth.saturating_add(1),
            record::EOF if depth <= 1 => break,
            record::EOF => depth -= 1,
            _ if depth > 1 => {}
            _ => {
                if sheet.take(kind, content)?.is_none() && is_cell(kind) {
                    return Err(RosterError::damaged("xls", "a cell breaks off"));
                }
            }
        }
    }
    sheet.cells.lines()
}

const fn is_cell(kind: u16) -> bool {
    matches!(
        kind,
        FORMULA | MUL_RK | RICH_LABEL | LABEL_SHARED | NUMBER | LABEL | BOOL_ERROR | RK
    )
}

struct Sheet<'a> {
    cells: Cells,
    globals: &'a Globals,
    /// The formula whose text comes in the next record: row from 0 and column.
    awaiting: Option<(u16, u16)>,
    extent: Extent,
}

impl Sheet<'_> {
    /// Takes one record; `None` when a cell is shorter than its kind.
    fn take(&mut self, kind: u16, content: &[u8]) -> Result<Option<()>, RosterError> {
        let place = |at| Some((u16_at(content, at)?, u16_at(content, at + 2)?));
        if kind == STRING {
            if let Some((row, column)) = self.awaiting.take() {
                let text = self.label(content);
                self.put(row, column, Cell::text(&text))?;
            }
            return Ok(Some(()));
        }
        if !is_cell(kind) {
            return Ok(Some(()));
        }
        let Some((row, column)) = place(0) else {
            return Ok(None);
        };
        if kind == MUL_RK {
            return self.many(row, column, content).map(Some);
        }
        let format = u16_at(content, 4).unwrap_or(0);
        let body = content.get(6..).unwrap_or_default();
        let cell = match kind {
            NUMBER => f64_at(body).map(|n| self.number(n, format)),
            RK => u32_at(body, 0).map(|rk| self.number(from_rk(rk), format)),
            LABEL | RICH_LABEL => Some(Cell::text(&self.label(body))),
            LABEL_SHARED => u32_at(body, 0).map(|i| match self.globals.strings.get(i as usize) {
                Some(text) => Cell::text(text),
                None => Cell::Unreadable,
            }),
            BOOL_ERROR => match body {
                [value, 0, ..] => Some(Cell::text(if *value == 0 { "FALSE" } else { "TRUE" })),
                [_, _, ..] => Some(Cell::Unreadable),
                _ => None,
            },
            _ => self.formula(row, column, format, body),
        };
        match cell {
            Some(cell) => self.put(row, column, cell).map(Some),
            None => Ok(None),
        }
    }

    fn put(&mut self, row: u16, column: u16, cell: Cell) -> Result<(), RosterError> {
        let row = u32::from(row) + 1;
        if self.extent.is_past(row) {
            return Ok(());
        }
        self.cells.put(row, usize::from(column), cell)
    }

    fn many(&mut self, row: u16, first: u16, content: &[u8]) -> Result<(), RosterError> {
        let cells = content.get(4..content.len().saturating_sub(2)).unwrap_or_default();
        for (column, cell) in (first..=u16::MAX).zip(cells.chunks_exact(6)) {
            let format = u16_at(cell, 0).unwrap_or(0);
            let number = from_rk(u32_at(cell, 2).unwrap_or(0));
            self.put(row, column, self.number(number, format))?;
        }
        Ok(())
    }

    /// A formula's last result ([MS-XLS] 2.5.133); a text follows in a record of its own.
    fn formula(&mut self, row: u16, column: u16, format: u16, body: &[u8]) -> Option<Cell> {
        let result = body.get(..8)?;
        if result.get(6..8) != Some(&[0xFF, 0xFF]) {
            return f64_at(result).map(|n| self.number(n, format));
        }
        match result.first()? {
            0 => {
                self.awaiting = Some((row, column));
                Some(Cell::Empty)
            }
            1 => Some(Cell::text(if result.get(2) == Some(&0) { "FALSE" } else { "TRUE" })),
            2 => Some(Cell::Unreadable),
            _ => Some(Cell::Empty),
        }
    }

    fn label(&self, content: &[u8]) -> String {
        let length = usize::from(u16_at(content, 0).unwrap_or(0));
        match self.globals.biff {
            Biff::Eight => {
                let wide = content.get(2).is_some_and(|flags| flags & 1 == 1);
                Segments::new(vec![content.get(3..).unwrap_or_default()]).characters(length, wide)
            }
            Biff::Five(codec) => {
                let bytes = content.get(2..).unwrap_or_default();
                codec.decode(bytes.get(..length).unwrap_or(bytes)).0.into_owned()
            }
        }
    }

    fn number(&self, n: f64, format: u16) -> Cell {
        if !self.globals.dates.get(usize::from(format)).copied().unwrap_or(false) {
            return Cell::Number(n);
        }
        let days = if self.globals.starts_1904 { n + MAC_DAYS } else { n };
        date(days - EPOCH_DAYS).map_or(Cell::Number(n), Cell::Date)
    }
}

/// Thirty bits of a number: a whole number or the upper part of a float, perhaps in hundredths ([MS-XLS] 2.5.217).
fn from_rk(rk: u32) -> f64 {
    let value = if rk & 2 == 0 {
        f64::from_bits(u64::from(rk & 0xFFFF_FFFC) << 32)
    } else {
        f64::from(rk.cast_signed() >> 2)
    };
    if rk & 1 == 0 { value } else { value / 100.0 }
}

fn f64_at(bytes: &[u8]) -> Option<f64> {
    Some(f64::from_le_bytes(bytes.get(..8)?.try_into().ok()?))
}

/// `yyyy-mm-dd` of a day counted from 1970-01-01, between 1900 and 2199.
fn date(days: f64) -> Option<String> {
    if !(-25_567.0..84_000.0).contains(&days) {
        return None;
    }
    // Years from March, in eras of 400 (Howard Hinnant, "chrono-compatible low-level date algorithms").
    let z = days.floor() as i64 + 719_468;
    let (era, day_of_era) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}
