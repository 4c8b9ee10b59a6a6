//! How are measures, reasons and remedies said in Chinese and English? For commands and reports; the windows have their own.
mod measure;
mod reason;
mod remedy;

pub use measure::about;

use domain::{Measure, Reason, Remedy, Verdict};

/// A language of commands and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// 简体中文.
    Chinese,
    /// English.
    English,
}

/// The same words in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// 简体中文.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Words {
    /// The words of one language.
    pub const fn of(self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.zh,
            Language::English => self.en,
        }
    }
}

const fn words(zh: &'static str, en: &'static str) -> Words {
    Words { zh, en }
}

/// What a measure is called, what it is and where its definition comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// A short name.
    pub name: Words,
    /// What is measured, with the unit.
    pub what: Words,
    /// Where the definition and the quality 0–100 come from.
    pub source: &'static str,
}

/// The short name of a measure.
pub fn measure(measure: Measure) -> Words {
    about(measure).name
}

/// Why something does not hold.
pub fn reason(reason: Reason) -> Words {
    reason::said(reason)
}

/// What to do about it.
pub fn remedy(remedy: Remedy) -> Words {
    remedy::said(remedy)
}

/// A verdict.
pub fn verdict(verdict: Verdict) -> Words {
    match verdict {
        Verdict::Pass => words("合格", "pass"),
        Verdict::Warn => words("注意", "warn"),
        Verdict::NotMeasured => words("未测", "not measured"),
        Verdict::Fail => words("不合格", "fail"),
    }
}
