//! Order numbers in the manual's form `PPPPPP-yyyyMMddHHmmssSSS`, unique per station by construction.
use crate::time::{UtcMs, UtcOffset};
use std::fmt;

/// Six ASCII letters or digits naming the school or collection point.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NumberPrefix(String);

/// A number in the manual's form.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrderNumber(String);

/// Why a text is no prefix or number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderNumberError {
    /// Not six ASCII letters or digits.
    #[error("an order number begins with six letters or digits")]
    Prefix,
    /// Not `PPPPPP-` and 17 digits.
    #[error("an order number is six characters, a dash and 17 digits")]
    Form,
}

impl NumberPrefix {
    /// Reads a prefix.
    ///
    /// # Errors
    /// When it is not six ASCII letters or digits.
    pub fn parse(text: &str) -> Result<Self, OrderNumberError> {
        if text.len() == 6 && text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(OrderNumberError::Prefix)
        }
    }
    /// The six characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl OrderNumber {
    /// The next number of a station: the local time, moved on so that it lies after `last` even when the clock stands
    /// still or was set back. Returns the number and the millisecond it used, to be kept as the next `last`.
    pub fn next(prefix: &NumberPrefix, now: UtcMs, last: Option<UtcMs>) -> (Self, UtcMs) {
        let at = match last {
            Some(last) if now <= last => last.plus(1),
            _ => now,
        };
        let c = at.civil(UtcOffset::CHINA);
        let number = format!(
            "{}-{:04}{:02}{:02}{:02}{:02}{:02}{:03}",
            prefix.0, c.year, c.month, c.day, c.hour, c.minute, c.second, c.millisecond
        );
        (Self(number), at)
    }
    /// Reads a number.
    ///
    /// # Errors
    /// When it is not in the manual's form.
    pub fn parse(text: &str) -> Result<Self, OrderNumberError> {
        let (prefix, digits) = text.split_once('-').ok_or(OrderNumberError::Form)?;
        NumberPrefix::parse(prefix)?;
        if digits.len() != 17 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(OrderNumberError::Form);
        }
        Ok(Self(text.to_owned()))
    }
    /// The 24 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
