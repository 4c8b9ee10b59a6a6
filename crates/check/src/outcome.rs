//! How does a value become a finding?
use crate::quality;
use domain::finding::{Bound, Unit};
use domain::photo_spec::{Rule, Strictness};
use domain::{Finding, Measure, Reason, Remedy, Verdict};

/// What a value too low and a value too high mean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trouble {
    pub(crate) low: (Reason, Remedy),
    pub(crate) high: (Reason, Remedy),
}

impl Trouble {
    /// The same on both sides.
    pub(crate) const fn either(reason: Reason, remedy: Remedy) -> Self {
        Self {
            low: (reason, remedy),
            high: (reason, remedy),
        }
    }
}

/// Judges a value. The quality is OFIQ's where it maps the native value; see [`with_quality`] for others.
pub(crate) fn judge(measure: Measure, value: f32, unit: Unit, rule: &Rule, trouble: Trouble) -> Finding {
    if !value.is_finite() {
        return not_measured(measure, unit, rule.pass, (Reason::NotMeasured, Remedy::TakeAgain));
    }
    let verdict = if rule.pass.holds(value) {
        Verdict::Pass
    } else if rule.strictness == Strictness::Warn || rule.warn.is_some_and(|w| w.holds(value)) {
        Verdict::Warn
    } else {
        Verdict::Fail
    };
    let low = rule.pass.min.is_some_and(|min| value < min);
    let (reason, remedy) = if low { trouble.low } else { trouble.high };
    let said = verdict != Verdict::Pass;
    Finding {
        measure,
        value: Some(value),
        unit,
        quality: quality::quality(measure, value),
        bound: rule.pass,
        verdict,
        reason: said.then_some(reason),
        remedy: said.then_some(remedy),
    }
}

/// A finding for what could not be measured, with why.
pub(crate) fn not_measured(measure: Measure, unit: Unit, bound: Bound, why: (Reason, Remedy)) -> Finding {
    Finding {
        measure,
        value: None,
        unit,
        quality: None,
        bound,
        verdict: Verdict::NotMeasured,
        reason: Some(why.0),
        remedy: Some(why.1),
    }
}

/// Sets a quality the native value alone does not give.
pub(crate) fn with_quality(finding: Finding, quality: f64) -> Finding {
    Finding {
        quality: finding.value.map(|_| quality::rounded(quality)),
        ..finding
    }
}
