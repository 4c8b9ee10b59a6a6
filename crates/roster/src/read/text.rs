//! Which cells does a text file hold: csv, or the tab-separated text spreadsheets write?
use super::{Cell, Cells, MAX_ROWS, Table};
use crate::{Encoding, Mapping, RosterError};

/// Bytes of the head looked at to find the separator and to recognise other kinds of text.
const HEAD_BYTES: usize = 16 << 10;

/// Reads a text file.
pub(crate) fn read(bytes: &[u8], chosen: Option<Encoding>) -> Result<Table, RosterError> {
    let guess = Encoding::guess(bytes);
    let encoding = chosen.unwrap_or(guess);
    let is_wide = |e| matches!(e, Encoding::Utf16Le | Encoding::Utf16Be);
    if !is_wide(guess) && !is_wide(encoding) && bytes.contains(&0) {
        return Err(RosterError::NotASheet {
            looks_like: "a file of bytes",
        });
    }
    let text = encoding.decode(bytes);
    refuse_markup(&text)?;
    let separator = separator(&text);
    if encoding != guess {
        refuse_wrong(&text, bytes, encoding, guess, separator)?;
    }
    Ok(Table {
        lines: lines(&text, separator)?,
        encoding: Some(encoding),
        sheets: Vec::new(),
        sheet: None,
        ragged: true,
    })
}

fn lines(text: &str, separator: u8) -> Result<Vec<super::Line>, RosterError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut cells = Cells::default();
    let mut record = csv::StringRecord::new();
    // A spreadsheet counts blank lines, and counts a cell of several lines as one; csv does neither.
    let (mut extra, mut records, mut start, mut width) = (0u32, 0usize, 0usize, 1usize);
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(RosterError::damaged_by("text", "a line cannot be read", error)),
        }
        let end = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        // The reader stops between the two characters of a Windows line end.
        let ended = text.get(..start).is_some_and(|before| before.ends_with('\r'));
        let taken = text.get(start..end).unwrap_or_default();
        let taken = if ended {
            taken.strip_prefix('\n').unwrap_or(taken)
        } else {
            taken
        };
        let blank = taken.len() - taken.trim_start_matches(['\r', '\n']).len();
        extra += newlines(taken.get(..blank).unwrap_or_default());
        start = end;
        records += 1;
        if records > MAX_ROWS + 1 {
            return Err(RosterError::TooManyRows { limit: MAX_ROWS });
        }
        let row = u32::try_from(records).unwrap_or(u32::MAX).saturating_add(extra);
        let filled = record.iter().filter(|c| !c.trim().is_empty()).count();
        for (column, cell) in record.iter().enumerate() {
            let swallowed = cell.bytes().filter(|b| *b == separator).count();
            if cell.contains('\n') && (newlines(cell) > 20 || swallowed + 1 >= width.max(2)) {
                return Err(RosterError::UnclosedQuote { row });
            }
            cells.put(row, column, Cell::text(cell))?;
        }
        if records <= crate::header::SEARCHED_LINES {
            width = width.max(filled);
        }
    }
    cells.lines()
}

fn newlines(text: &str) -> u32 {
    let count = text.bytes().filter(|b| *b == b'\n').count();
    let old_mac = text.bytes().filter(|b| *b == b'\r').count();
    u32::try_from(count.max(old_mac)).unwrap_or(u32::MAX)
}

/// The separator that occurs most in the head.
fn separator(text: &str) -> u8 {
    let head = head(text);
    let count = |b: u8| head.bytes().filter(|x| *x == b).count();
    [b',', b'\t', b';', b'|']
        .into_iter()
        .rev()
        .max_by_key(|b| count(*b))
        .unwrap_or(b',')
}

fn head(text: &str) -> &str {
    let end = (0..=HEAD_BYTES.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// School systems like to save a web page under the name of a sheet.
fn refuse_markup(text: &str) -> Result<(), RosterError> {
    let start = head(text.trim_start()).to_ascii_lowercase();
    if !start.starts_with('<') {
        return Ok(());
    }
    if start.contains("urn:schemas-microsoft-com:office:spreadsheet") {
        return Err(RosterError::Unsupported {
            kind: "an XML spreadsheet of 2003",
        });
    }
    if start.contains("<html") || start.contains("<table") || start.contains("<!doctype html") {
        return Err(RosterError::Unsupported {
            kind: "a web page saved as a sheet",
        });
    }
    Err(RosterError::NotASheet { looks_like: "markup" })
}

/// An encoding the operator chose is refused when its header says nothing and the guess's header does, or when it
/// breaks characters the guess reads.
fn refuse_wrong(text: &str, bytes: &[u8], chosen: Encoding, guess: Encoding, comma: u8) -> Result<(), RosterError> {
    let broken = |t: &str| t.contains(char::REPLACEMENT_CHARACTER);
    let other = guess.decode(bytes);
    let known = |t: &str, comma: u8| {
        head(t)
            .lines()
            .take(crate::header::SEARCHED_LINES)
            .map(|line| Mapping::guess(line.split(char::from(comma))).known())
            .max()
            .unwrap_or(0)
    };
    let fewer = known(text, comma) < known(&other, separator(&other));
    if fewer || (broken(text) && !broken(&other)) {
        return Err(RosterError::WrongEncoding { chosen, guess });
    }
    Ok(())
}
