//! What does one cell say, once the habits of spreadsheets are taken off it?
use crate::encoding::is_garbled;
use crate::read::Cell;
use crate::{Field, Problem};
use domain::id_number::{IdNumber, IdNumberError};

/// Longest name taken, in characters. The longest in use (transliterated) stay under 70.
const MAX_NAME_CHARS: usize = 100;
/// Longest of the other values taken, in characters.
const MAX_VALUE_CHARS: usize = 200;
/// A spreadsheet keeps 15 digits of a number; from here on the last ones are gone.
const EXACT_BELOW: f64 = 1e15;

/// A cleaned cell.
pub(crate) struct Value {
    /// What it says; `None` when empty or not to be trusted.
    pub text: Option<String>,
    /// What was wrong. When `text` is `None` the value was dropped for it.
    pub problem: Option<Problem>,
    /// What stood there, for the masked report.
    pub raw: String,
}

/// Cleans one cell.
pub(crate) fn clean(field: Field, cell: &Cell) -> Value {
    let raw = cell.shown();
    let (text, problem) = match cell {
        Cell::Empty => (None, None),
        Cell::Unreadable => (None, Some(Problem::CellError)),
        Cell::Number(n) if n.abs() >= EXACT_BELOW => (None, Some(mangled(field))),
        Cell::Number(_) => (Some(raw.clone()), None),
        // A date in a field of digits: a spreadsheet took 2023-1-5 for a day and the digits are gone.
        Cell::Date(_) if field.is_key() || field == Field::Phone => (None, Some(mangled(field))),
        Cell::Date(text) => (Some(text.clone()), None),
        Cell::Text(text) => clean_text(field, text),
    };
    let (text, problem) = match text.filter(|t| !t.is_empty()) {
        Some(text) if problem.is_none() => judge(field, text),
        rest => (rest, problem),
    };
    Value { text, problem, raw }
}

/// The masked form of a value for a report.
pub(crate) fn masked(field: Field, raw: &str) -> Option<String> {
    let raw: String = raw.chars().filter(|c| !c.is_control()).take(40).collect();
    let raw = raw.trim();
    if raw.is_empty() {
        return None;
    }
    Some(match field {
        Field::Name => domain::mask::name(raw),
        Field::Phone => domain::mask::phone(raw),
        _ => domain::mask::id_number(raw),
    })
}

/// Full-width forms (U+FF01–FF5E) and the ideographic space become their ASCII twins.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{A0}' | '\u{2007}' | '\u{202F}' => ' ',
        _ => c,
    }
}

/// Whether an ID number shows the mark of a spreadsheet that kept 15 digits.
pub(crate) fn ends_in_zeros(text: &str) -> bool {
    text.len() == 18 && text.ends_with("000") && text.bytes().all(|b| b.is_ascii_digit())
}

const fn mangled(field: Field) -> Problem {
    match field {
        Field::IdNumber => Problem::IdMangled,
        _ => Problem::NumberMangled,
    }
}

fn clean_text(field: Field, text: &str) -> (Option<String>, Option<Problem>) {
    let mut problem = None;
    let mut clean = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match half_width(c) {
            '\n' | '\r' | '\t' => clean.push(' '),
            // Marks of direction and width that come along when a number is copied from a chat or a web page.
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => {}
            half if half.is_control() => problem = Some(Problem::ControlCharacters),
            // Words keep their full-width marks: `（` in a class name is how the school writes it.
            half if field.is_number() || half == ' ' => clean.push(half),
            _ => clean.push(c),
        }
    }
    let clean = unquoted(clean.trim());
    if is_formula(clean) {
        return (None, Some(Problem::FormulaText));
    }
    let text = if field.is_number() {
        let text: String = clean.chars().filter(|c| *c != ' ').collect();
        let text = text.trim_matches(['\'', '‘', '’', '`', '"']);
        if is_scientific(text) {
            return (None, Some(mangled(field)));
        }
        match without_fraction(text) {
            Some(digits) if digits.len() > 15 => return (None, Some(mangled(field))),
            Some(digits) => digits.to_owned(),
            None => text.to_owned(),
        }
    } else {
        one_blank(clean)
    };
    (Some(text), problem)
}

/// Judges a cleaned value.
fn judge(field: Field, text: String) -> (Option<String>, Option<Problem>) {
    let longest = if field == Field::Name {
        MAX_NAME_CHARS
    } else {
        MAX_VALUE_CHARS
    };
    if text.chars().count() > longest {
        return (None, Some(Problem::TooLong));
    }
    if has_lost_characters(&text) {
        let text = if field.is_number() { None } else { Some(text) };
        return (text, Some(Problem::LostCharacters));
    }
    if field.is_key() && !text.bytes().any(|b| b.is_ascii_digit()) {
        let problem = match field {
            Field::IdNumber => Problem::IdForm,
            _ => Problem::NumberForm,
        };
        return (None, Some(problem));
    }
    match field {
        Field::IdNumber => {
            let text = text.to_ascii_uppercase();
            match id_problem(&text) {
                Some(Problem::IdMangled) => (None, Some(Problem::IdMangled)),
                other => (Some(text), other),
            }
        }
        Field::Name if is_garbled(&text) => (Some(text), Some(Problem::LostCharacters)),
        Field::SchoolCode if !(5..=10).contains(&text.chars().count()) => (Some(text), Some(Problem::SchoolCodeLength)),
        Field::Sex => (Some(sex(text)), None),
        _ => (Some(text), None),
    }
}

/// Residents' numbers are held to GB 11643; any other paper only to being letters and digits.
fn id_problem(text: &str) -> Option<Problem> {
    let looks_resident = text.len() == 18 && text.bytes().take(17).all(|b| b.is_ascii_digit());
    if looks_resident {
        return match IdNumber::parse(text) {
            Ok(_) => None,
            Err(_) if ends_in_zeros(text) => Some(Problem::IdMangled),
            Err(IdNumberError::Form) => Some(Problem::IdForm),
            Err(IdNumberError::BirthDate) => Some(Problem::IdBirthDate),
            Err(IdNumberError::CheckDigit) => Some(Problem::IdCheckDigit),
        };
    }
    let all_digits = text.bytes().all(|b| b.is_ascii_digit());
    let plausible = match text.chars().count() {
        // Before 1999 a resident's number had 15 digits.
        15 => true,
        5..=20 => text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '(' | ')' | '/')),
        _ => false,
    };
    // 16, 17 or 19 digits and nothing else: a resident's number with digits missing or too many.
    let miscounted = all_digits && text.len() > 13 && text.len() != 15;
    (!plausible || miscounted).then_some(Problem::IdForm)
}

fn has_lost_characters(text: &str) -> bool {
    let latin = text
        .chars()
        .filter(|c| matches!(c, '\u{80}'..='\u{FF}') && *c != '·')
        .count();
    let wide = text.chars().filter(|c| u32::from(*c) >= 0x2E80).count();
    text.chars()
        .any(|c| matches!(c, '?' | '？' | '\u{FFFD}' | '\u{25A1}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}'))
        // U+FFFD itself, read as GBK; and GBK read as Latin-1.
        || text.contains("锟斤")
        || (latin >= 2 && wide == 0 && latin * 2 > text.chars().count())
}

/// `="0012"` is how a csv file keeps a spreadsheet from counting.
fn unquoted(text: &str) -> &str {
    match text.strip_prefix("=\"").and_then(|t| t.strip_suffix('"')) {
        Some(inner) if !inner.contains('"') => inner.trim(),
        _ => text,
    }
}

fn is_formula(text: &str) -> bool {
    match text.strip_prefix(['=', '@', '+', '-']) {
        // A sign before digits and blanks is a phone number abroad or a dash.
        Some(rest) => text.starts_with('=') || rest.contains(['(', '!', '|']),
        None => false,
    }
}

/// `4.3E+17`, `4.30102e+17`.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    whole.len() == 1 && digits(whole) && digits(fraction) && exponent.strip_prefix('+').is_some_and(digits)
}

/// `20230101.0` → `20230101`: a number that went through a program as a fraction.
fn without_fraction(text: &str) -> Option<&str> {
    let (whole, fraction) = text.split_once('.')?;
    let zeros = !fraction.is_empty() && fraction.bytes().all(|b| b == b'0');
    let digits = !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit());
    (zeros && digits).then_some(whole)
}

/// Blanks inside a name of Han characters are only there to align a column; elsewhere one blank is enough.
fn one_blank(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let han = text
        .chars()
        .all(|c| c.is_whitespace() || u32::from(c) >= 0x2E80 || c == '·');
    words.join(if han { "" } else { " " })
}

/// GB/T 2261.1 writes 1 and 2.
fn sex(text: String) -> String {
    match text.to_ascii_lowercase().as_str() {
        "1" | "男性" | "m" | "male" => "男".to_owned(),
        "2" | "女性" | "f" | "female" => "女".to_owned(),
        _ => text,
    }
}
