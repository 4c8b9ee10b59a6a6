//! Chinese resident identity numbers (GB 11643-1999) and the other papers people show.
use std::fmt;

/// A resident identity number whose form, birth date and check digit hold.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdNumber(String);

/// Why a text is not a resident identity number. It never carries the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdNumberError {
    /// Not 17 digits and a digit or X.
    #[error("an ID number has 17 digits and a digit or X")]
    Form,
    /// Digits 7–14 are no date between 1900 and 2099.
    #[error("digits 7 to 14 are not a date")]
    BirthDate,
    /// The last character does not fit the others.
    #[error("the check digit does not fit")]
    CheckDigit,
}

/// Weights of GB 11643-1999 (ISO 7064 MOD 11-2), first digit first.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK: &[u8; 11] = b"10X98765432";

impl IdNumber {
    /// Reads a number; a lower-case x is taken as X, surrounding blanks are dropped.
    ///
    /// # Errors
    /// When form, birth date or check digit do not hold.
    pub fn parse(text: &str) -> Result<Self, IdNumberError> {
        let text = text.trim().to_ascii_uppercase();
        let bytes = text.as_bytes();
        let (Some(body), Some(&last)) = (bytes.get(..17), bytes.get(17)) else {
            return Err(IdNumberError::Form);
        };
        if bytes.len() != 18 || !body.iter().all(u8::is_ascii_digit) || !(last.is_ascii_digit() || last == b'X') {
            return Err(IdNumberError::Form);
        }
        let number = |range: std::ops::Range<usize>| body[range].iter().fold(0u32, |n, d| n * 10 + u32::from(d - b'0'));
        if !is_date(number(6..10), number(10..12), number(12..14)) {
            return Err(IdNumberError::BirthDate);
        }
        if Self::check_digit(body) != Some(last) {
            return Err(IdNumberError::CheckDigit);
        }
        Ok(Self(text))
    }

    /// The check digit for 17 leading digits.
    pub fn check_digit(body: &[u8]) -> Option<u8> {
        if body.len() != 17 || !body.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let sum: u32 = body.iter().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
        Some(CHECK[(sum % 11) as usize])
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdNumber(…)")
    }
}

fn is_date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1900..2100).contains(&year) && (1..=days).contains(&day)
}
