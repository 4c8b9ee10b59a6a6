//! Which cells does a DBF table hold? Layout: dBASE III to 7 without memo, Visual FoxPro.
//!
//! Written here because a reader that turns `N(18)` into a float rounds ID numbers without saying so; here digits stay
//! the text they are in the file.
use super::{Cell, Cells, Line, MAX_COLUMNS, MAX_ROWS, Table};
use crate::read::cfb::{u16_at, u32_at};
use crate::{Encoding, RosterError};

const FIELD_BYTES: usize = 32;
const END_OF_FIELDS: u8 = 0x0D;
const END_OF_FILE: u8 = 0x1A;
const DELETED: u8 = b'*';
/// Language driver bytes of Big5 (`0x4F`, `0x68`, `0x78`); the GBK ones are the default anyway.
const BIG5_DRIVERS: [u8; 3] = [0x4F, 0x68, 0x78];

/// One column: name, kind, place in the record.
struct Column<'a> {
    name: &'a [u8],
    kind: u8,
    start: usize,
    length: usize,
}

/// Whether the bytes hold together as a DBF header, whatever the file is called.
pub(crate) fn is_dbf(bytes: &[u8]) -> bool {
    let version = bytes.first().copied().unwrap_or(0);
    let known = matches!(version, 0x02..=0x05 | 0x30..=0x32 | 0x43 | 0x63 | 0x83 | 0x8B | 0x8C | 0xCB | 0xF5 | 0xFB);
    known && columns(bytes).is_ok()
}

/// Reads the table. Deleted records are left out.
pub(crate) fn read(bytes: &[u8], chosen: Option<Encoding>) -> Result<Table, RosterError> {
    let columns = columns(bytes)?;
    let header_bytes = usize::from(u16_at(bytes, 8).unwrap_or(0));
    let record_bytes = usize::from(u16_at(bytes, 10).unwrap_or(0));
    let declared = u32_at(bytes, 4).unwrap_or(0) as usize;
    let body = bytes.get(header_bytes..).unwrap_or_default();
    check_count(body, record_bytes, declared)?;
    let encoding = chosen.unwrap_or_else(|| guess(bytes, body));
    let mut cells = Cells::default();
    for (index, record) in body.chunks_exact(record_bytes).take(declared).enumerate() {
        if record.first() == Some(&DELETED) {
            continue;
        }
        let row = u32::try_from(index + 1).unwrap_or(u32::MAX);
        for (place, column) in columns.iter().enumerate() {
            let bytes = record
                .get(column.start..column.start + column.length)
                .unwrap_or_default();
            cells.put(row, place, cell(column.kind, bytes, encoding))?;
        }
    }
    let header = Line {
        row: 0,
        cells: columns
            .iter()
            .map(|c| Cell::text(encoding.decode(c.name).trim()))
            .collect(),
    };
    let mut lines = vec![header];
    lines.append(&mut cells.lines()?);
    Ok(Table {
        lines,
        encoding: Some(encoding),
        sheets: Vec::new(),
        sheet: None,
        ragged: false,
    })
}

fn columns(bytes: &[u8]) -> Result<Vec<Column<'_>>, RosterError> {
    let damaged = |what| RosterError::damaged("dbf", what);
    let (Some(header_bytes), Some(record_bytes)) = (u16_at(bytes, 8), u16_at(bytes, 10)) else {
        return Err(damaged("its header breaks off"));
    };
    let header = bytes
        .get(FIELD_BYTES..usize::from(header_bytes))
        .ok_or(damaged("its header is longer than the file"))?;
    let mut columns = Vec::new();
    // The first byte of a record says whether it is deleted.
    let mut start = 1;
    for field in header.chunks(FIELD_BYTES) {
        if field.first() == Some(&END_OF_FIELDS) {
            break;
        }
        let (Some(name), Some(kind), Some(length)) = (field.get(..11), field.get(11), field.get(16)) else {
            return Err(damaged("its list of columns breaks off"));
        };
        if !kind.is_ascii_alphabetic() && !matches!(kind, b'@' | b'+') {
            return Err(damaged("a column has no kind"));
        }
        // Long text columns keep the upper byte of their length in the place of the decimals.
        let upper = if *kind == b'C' {
            usize::from(field.get(17).copied().unwrap_or(0)) << 8
        } else {
            0
        };
        let length = usize::from(*length) | upper;
        let name = name.split(|b| *b == 0).next().unwrap_or_default();
        columns.push(Column {
            name,
            kind: *kind,
            start,
            length,
        });
        start += length;
    }
    if columns.is_empty() || columns.len() > MAX_COLUMNS {
        return Err(damaged("it has no columns, or too many"));
    }
    if start != usize::from(record_bytes) {
        return Err(damaged("its columns do not fill its records"));
    }
    Ok(columns)
}

/// The header's count of records must be what the file holds: a missing record could not be listed by its line.
fn check_count(body: &[u8], record_bytes: usize, declared: usize) -> Result<(), RosterError> {
    let present = body.len() / record_bytes.max(1);
    if declared > MAX_ROWS {
        return Err(RosterError::TooManyRows { limit: MAX_ROWS });
    }
    if present < declared {
        return Err(RosterError::damaged("dbf", "it holds fewer records than it declares"));
    }
    let after = body.get(declared * record_bytes..).unwrap_or_default();
    let ended = after.first().is_none_or(|b| *b == END_OF_FILE || *b == 0);
    if !ended && present > declared {
        return Err(RosterError::damaged("dbf", "it holds more records than it declares"));
    }
    Ok(())
}

fn guess(bytes: &[u8], body: &[u8]) -> Encoding {
    let driver = bytes.get(29).copied().unwrap_or(0);
    let is_utf8 = std::str::from_utf8(body).is_ok();
    if is_utf8 {
        Encoding::Utf8
    } else if BIG5_DRIVERS.contains(&driver) {
        Encoding::Big5
    } else {
        Encoding::Gb18030
    }
}

fn cell(kind: u8, bytes: &[u8], encoding: Encoding) -> Cell {
    let padding = |b: &u8| *b == b' ' || *b == 0;
    let ascii = || String::from_utf8_lossy(bytes).trim_matches(['\0', ' ']).to_owned();
    match kind {
        _ if bytes.iter().all(padding) && !matches!(kind, b'I' | b'B' | b'O' | b'+') => Cell::Empty,
        b'C' | b'V' => {
            let used = bytes.iter().rposition(|b| !padding(b)).map_or(0, |last| last + 1);
            Cell::text(&encoding.decode(bytes.get(..used).unwrap_or_default()))
        }
        // Stars fill a number too wide for its column.
        b'N' | b'F' if bytes.contains(&b'*') => Cell::Unreadable,
        b'N' | b'F' => Cell::text(&ascii()),
        b'D' => day(&ascii()),
        b'L' => Cell::text(&ascii()),
        b'I' | b'+' => match bytes.try_into() {
            Ok(four) => Cell::Number(f64::from(i32::from_le_bytes(four))),
            Err(_) => Cell::Unreadable,
        },
        b'B' => match bytes.try_into() {
            Ok(eight) => Cell::Number(f64::from_le_bytes(eight)),
            Err(_) => Cell::Unreadable,
        },
        _ => Cell::Unreadable,
    }
}

/// `yyyymmdd` → `yyyy-mm-dd`.
fn day(text: &str) -> Cell {
    match (text.get(..4), text.get(4..6), text.get(6..8)) {
        (Some(year), Some(month), Some(day)) if text.len() == 8 => Cell::Date(format!("{year}-{month}-{day}")),
        _ => Cell::Unreadable,
    }
}
