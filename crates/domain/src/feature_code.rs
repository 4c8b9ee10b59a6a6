//! The feature code (特征码): six letters or digits a school gives out, valid for one campaign and one period.
use crate::time::UtcMs;

/// A feature code in its written form, lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FeatureCode(String);

/// Why a feature code was not taken. Each has its own message on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FeatureCodeError {
    /// Not six ASCII letters or digits.
    #[error("a feature code is six letters or digits")]
    Form,
    /// No campaign knows it.
    #[error("nobody knows this feature code")]
    Unknown,
    /// It belongs to another school.
    #[error("this feature code belongs to another school")]
    OtherSchool,
    /// Its period is over or has not begun.
    #[error("this feature code is not valid at this time")]
    Expired,
}

impl FeatureCode {
    /// Reads a code; case and surrounding blanks do not matter.
    ///
    /// # Errors
    /// When it is not six ASCII letters or digits.
    pub fn parse(text: &str) -> Result<Self, FeatureCodeError> {
        let text = text.trim();
        if text.len() == 6 && text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(FeatureCodeError::Form)
        }
    }
    /// The six characters, lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A feature code as the center issued it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedFeatureCode {
    /// The code.
    pub code: FeatureCode,
    /// The school it was given to.
    pub school_code: String,
    /// First moment it is valid.
    pub from: UtcMs,
    /// First moment it is no longer valid.
    pub until: UtcMs,
}

/// Checks an entered code against all issued ones for a school at a time.
///
/// # Errors
/// Unknown, other school or expired, in this order of precision.
pub fn validate(
    entered: &FeatureCode,
    issued: &[IssuedFeatureCode],
    school_code: &str,
    now: UtcMs,
) -> Result<(), FeatureCodeError> {
    let known: Vec<_> = issued.iter().filter(|i| i.code == *entered).collect();
    if known.is_empty() {
        return Err(FeatureCodeError::Unknown);
    }
    let here: Vec<_> = known.into_iter().filter(|i| i.school_code == school_code).collect();
    if here.is_empty() {
        return Err(FeatureCodeError::OtherSchool);
    }
    if here.iter().any(|i| i.from <= now && now < i.until) {
        Ok(())
    } else {
        Err(FeatureCodeError::Expired)
    }
}
