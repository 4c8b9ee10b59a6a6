//! How does one finding look as a bar: where the value lies, what passes, what warns?
use super::escape;
use crate::output::{number, range};
use domain::finding::{Bound, Unit};
use domain::photo_spec::Strictness;
use domain::{Finding, PhotoSpec};
use std::fmt::Write;

/// The bar of a finding with its value and bound in words.
pub(super) fn of(f: &Finding, spec: &PhotoSpec) -> String {
    let bound = escape(&range(f.bound));
    let Some(value) = f.value else {
        return format!("<i class=val>– <small>{bound}</small></i>");
    };
    let said = format!(
        "<i class=val>{} {} <small>{bound}</small></i>",
        number(value),
        unit(f.unit)
    );
    let rule = spec.rule(f.measure);
    let warn = rule.and_then(|r| r.warn);
    let out = if rule.is_some_and(|r| r.strictness == Strictness::Warn) {
        "near"
    } else {
        "out"
    };
    let Some((low, high)) = ends(value, f.bound, warn) else {
        return said;
    };
    let at = |v: f32| (100.0 * (v - low) / (high - low)).clamp(0.0, 100.0);
    let mut bar = format!(
        "<svg class=bar viewBox=\"0 0 100 8\" preserveAspectRatio=none><rect class={out} width=100 height=8 />",
    );
    for (class, zone) in [("near", warn), ("in", Some(f.bound))] {
        if let Some(zone) = zone {
            let (from, to) = (zone.min.map_or(0.0, at), zone.max.map_or(100.0, at));
            // Writing to a string cannot fail.
            let _ = write!(
                bar,
                "<rect class={class} x={from:.1} width={:.1} height=8 />",
                (to - from).max(0.8)
            );
        }
    }
    let x = at(value).clamp(1.0, 99.0);
    let _ = write!(bar, "<rect class=at x={:.1} width=2 height=8 /></svg>", x - 1.0);
    said + &bar
}

/// The unit after a number; a share and a score have none to read.
fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Ratio | Unit::Score => "",
        unit => unit.id(),
    }
}

/// What the bar shows: the bound, the zone that warns and the value, with a margin.
fn ends(value: f32, bound: Bound, warn: Option<Bound>) -> Option<(f32, f32)> {
    let zone = [Some(bound), warn].into_iter().flatten();
    let marks: Vec<f32> = zone.flat_map(|b| [b.min, b.max]).flatten().chain([value]).collect();
    let low = marks.iter().copied().fold(f32::INFINITY, f32::min);
    let high = marks.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    // A bound with one end runs on as far again; shares and distances begin at zero.
    let spread = (high - low).max(0.25 * high.abs()).max(1e-6);
    let low = if bound.min.is_none() && low >= 0.0 {
        0.0
    } else {
        low - 0.3 * spread
    };
    (high > low).then_some((low, high + 0.3 * spread))
}
