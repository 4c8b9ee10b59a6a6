//! Findings, crops and standards, and the form in which findings are kept with a shot.
use domain::finding::{Bound, Finding, Measure, Reason, Remedy, Unit, Verdict};
use domain::photo_spec::{PhotoSpec, Sourced};
use domain::{RectPx, Rgb};
use ipc::{FindingView, RangeView, RectView, SpecView};

/// One finding.
pub fn finding_view(f: &Finding) -> FindingView {
    FindingView {
        measure: f.measure.id().to_owned(),
        verdict: f.verdict.id().to_owned(),
        value: f.value,
        unit: f.unit.id().to_owned(),
        min: f.bound.min,
        max: f.bound.max,
        reason: f.reason.map(|r| r.id().to_owned()),
        remedy: f.remedy.map(|r| r.id().to_owned()),
    }
}

/// The findings of a shot as text for the store.
pub fn findings_to_json(findings: &[Finding]) -> String {
    let views: Vec<FindingView> = findings.iter().map(finding_view).collect();
    serde_json::to_string(&views).unwrap_or_else(|_| "[]".to_owned())
}

/// Reads [`findings_to_json`] back; what this version does not know is left out.
pub fn findings_from_json(json: &str) -> Vec<Finding> {
    let views: Vec<FindingView> = serde_json::from_str(json).unwrap_or_default();
    views.iter().filter_map(finding).collect()
}

fn finding(v: &FindingView) -> Option<Finding> {
    const VERDICTS: [Verdict; 4] = [Verdict::Pass, Verdict::Warn, Verdict::NotMeasured, Verdict::Fail];
    const UNITS: [Unit; 11] = [
        Unit::Px,
        Unit::Degrees,
        Unit::Ratio,
        Unit::Score,
        Unit::DeltaE,
        Unit::Lightness,
        Unit::Kilobytes,
        Unit::Dpi,
        Unit::Bits,
        Unit::Count,
        Unit::None,
    ];
    Some(Finding {
        measure: Measure::from_id(&v.measure)?,
        value: v.value,
        unit: UNITS.into_iter().find(|u| u.id() == v.unit)?,
        quality: None,
        bound: Bound { min: v.min, max: v.max },
        verdict: VERDICTS.into_iter().find(|x| x.id() == v.verdict)?,
        reason: v.reason.as_deref().and_then(Reason::from_id),
        remedy: v.remedy.as_deref().and_then(Remedy::from_id),
    })
}

/// A crop.
pub fn rect_view(r: RectPx) -> RectView {
    RectView {
        x: r.x,
        y: r.y,
        width: r.width,
        height: r.height,
    }
}

/// The numbers the overlay is drawn from.
pub fn spec_view(spec: &PhotoSpec) -> SpecView {
    let range = |b: &Option<Sourced<Bound>>| {
        b.as_ref().map(|s| RangeView {
            min: s.value.min,
            max: s.value.max,
        })
    };
    let colour = |c: &Rgb| format!("#{:02x}{:02x}{:02x}", c.r, c.g, c.b);
    SpecView {
        id: spec.id.0.clone(),
        title_zh: spec.title_zh.clone(),
        title_en: spec.title_en.clone(),
        width_px: spec.size.value.width,
        height_px: spec.size.value.height,
        crown_to_top_px: range(&spec.geometry.crown_to_top_px),
        eyes_to_top_px: range(&spec.geometry.eyes_to_top_px),
        eyes_to_bottom_px: range(&spec.geometry.eyes_to_bottom_px),
        face_width_px: range(&spec.geometry.face_width_px),
        head_height_px: range(&spec.geometry.head_height_px),
        backgrounds: spec.backgrounds.value.iter().map(colour).collect(),
    }
}
