//! Is exactly one person in the picture? The second largest face's area over the largest's, as OFIQ takes it. Where the detector
//! sees one face only, a network of our own looks for heads that are cut, blurred or turned away, within one and a half face
//! widths to each side; their area then counts, but only warns. Weak: it knows some fifty people, takes bricks and books for
//! heads now and then, and the back of a head far behind is a dark blot to it.
use crate::cells;
use crate::outcome::{Trouble, judge, not_measured};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::{Rule, Strictness};
use domain::{Face, Finding, Measure, Reason, Rect, Remedy, Verdict};

/// From this share of the main face on, another face counts wherever it is in the frame: it is no longer certain whose
/// picture this is. Smaller ones count where they reach into the crop; people waiting behind are not in the delivered picture.
const RIVAL: f32 = 0.3;
/// Part of a face that makes it reach into the crop.
const REACHES: f32 = 0.15;

/// Cells of the network that must agree on a head, and how sure they must be.
const SUREST: usize = 4;
/// Thrice what the surest portrait of a person the network was trained on gives.
const SURE: f32 = 0.8;

/// `SingleFacePresent`. No face is a failure of its own, not "not measured".
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::SingleFacePresent;
    let Some(main) = scene.main_face() else {
        return Finding {
            verdict: Verdict::Fail,
            ..not_measured(measure, Unit::Ratio, rule.pass, (Reason::NoFace, Remedy::StepIntoFrame))
        };
    };
    let crop = scene.input.crop.map(domain::RectPx::to_rect);
    let share = |other: &Face| other.bounds.area() / main.bounds.area().max(1.0);
    let second = scene.input.faces.faces[1..]
        .iter()
        .filter(|f| share(f) >= RIVAL || crop.is_none_or(|c| inside(f.bounds, c) >= REACHES))
        .map(share)
        .fold(0.0, f32::max);
    let trouble = Trouble::either(Reason::SeveralFaces, Remedy::OnePersonOnly);
    let finding = judge(measure, second.min(1.0), Unit::Ratio, rule, trouble);
    if finding.verdict != Verdict::Pass || surest(scene) < SURE {
        return finding;
    }
    let rule = Rule {
        strictness: Strictness::Warn,
        ..*rule
    };
    judge(
        measure,
        (heads(scene) / main.bounds.area().max(1.0)).min(1.0),
        Unit::Ratio,
        &rule,
        trouble,
    )
}

/// How sure the network is of somebody else's head, 0–1.
pub(crate) fn surest(scene: &Scene) -> f32 {
    cells::surest(cells::all(scene.input.faces.strangers.as_ref()), SUREST)
}

/// Square pixels of the frame that are rather somebody else's head than not.
fn heads(scene: &Scene) -> f32 {
    let Some(map) = &scene.input.faces.strangers else {
        return 0.0;
    };
    let cell = map.region.area() / (map.side * map.side).max(1) as f32;
    let values = cells::all(Some(map));
    values.iter().filter(|v| **v > 0.5).count() as f32 * cell
}

/// The part of a box that lies inside another.
fn inside(part: Rect, of: Rect) -> f32 {
    let across = (part.x + part.width).min(of.x + of.width) - part.x.max(of.x);
    let down = (part.y + part.height).min(of.y + of.height) - part.y.max(of.y);
    across.max(0.0) * down.max(0.0) / part.area().max(1.0)
}
