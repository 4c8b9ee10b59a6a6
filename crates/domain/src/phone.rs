//! A mobile number that short messages can be sent to, however it was typed.
use crate::mask;
use std::fmt;

/// A mobile number of the mainland: eleven digits, the first `1`, the second `3` to `9`. Shown masked wherever it is formatted.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneNumber(String);

/// The text is no mobile number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a mobile number has eleven digits and begins with 1")]
pub struct NoPhoneNumber;

impl PhoneNumber {
    /// Reads a number as people type it: with spaces or dashes, with or without `+86`.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, NoPhoneNumber> {
        let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{a0}')).collect();
        let digits = ["+86", "0086", "86"]
            .iter()
            .find_map(|prefix| plain.strip_prefix(prefix).filter(|rest| rest.len() == 11))
            .unwrap_or(&plain);
        let bytes = digits.as_bytes();
        let holds = bytes.len() == 11
            && bytes.iter().all(u8::is_ascii_digit)
            && bytes[0] == b'1'
            && (b'3'..=b'9').contains(&bytes[1]);
        if holds {
            Ok(Self(digits.to_owned()))
        } else {
            Err(NoPhoneNumber)
        }
    }

    /// The eleven digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As `138****1234`.
    pub fn masked(&self) -> String {
        mask::phone(&self.0)
    }
}

// Never in a log by accident.
impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for text in [
            "13812341234",
            " 138-1234 1234",
            "+86 138 1234 1234",
            "008613812341234",
            "8613812341234",
        ] {
            assert_eq!(
                PhoneNumber::parse(text).map(|p| p.0),
                Ok("13812341234".to_owned()),
                "{text}"
            );
        }
        for text in [
            "",
            "1381234123",
            "138123412345",
            "12812341234",
            "23812341234",
            "1381234123x",
            "１３８１２３４１２３４",
        ] {
            assert_eq!(PhoneNumber::parse(text), Err(NoPhoneNumber), "{text}");
        }
    }

    #[test]
    fn formatting_masks() {
        let shown = PhoneNumber::parse("13812341234").map(|p| format!("{p:?}"));
        assert_eq!(shown, Ok("138****1234".to_owned()));
    }
}
