//! Is the face free? Share 0–1 of the face's skin that is not skin, or that shows edges where a face has none.
//!
//! Read on the head's chart: a cell counts as covered when its hue is far from the person's own skin, or when it is very dark
//! where no beard, brow or hair belongs. A hand has the hue of skin, so edges on cheeks, nose and chin that the other half of the
//! face does not have count too, and so does skin beside one side of the jaw only. OFIQ counts pixels of an occlusion network; this
//! score is our own on the same scale. Weak: a hand of smooth skin that lies within the face.
use crate::chart::{Chart, Part, ramp};
use crate::complexion::Complexion;
use crate::head::Head;
use crate::outcome::{Trouble, judge};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Palm, Reason, Remedy};

/// Score from which a palm is one; faces without a hand reach 0.67.
const SURE: f32 = 0.8;
/// A palm reaches the face when one of its points is this near to the face's middle, in face widths.
const NEAR: f32 = 0.85;
/// Zones right of the face, from near to far and from top to bottom in face widths: beside the cheek, and under the jaw. Left of
/// it lie their mirror images.
const CHEEK: (f32, f32, f32, f32) = (0.4, 0.78, -0.1, 0.75);
const NECK: (f32, f32, f32, f32) = (0.15, 0.6, 0.75, 1.2);
/// What a degree of yaw adds to one side, on heads without a hand.
const TURN: f32 = 0.04;
/// More skin on one side than heads have: of the people the limits were set on, clean ones reach 0.51, drawn hands beside the jaw
/// begin at 0.72.
const LOPSIDED: f32 = 0.58;

/// `FaceOcclusionPrevention`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::FaceOcclusionPrevention;
    let Some((chart, skin)) = scene.chart() else {
        return scene.not_measured(measure, Unit::Ratio, rule);
    };
    let [covered, edges] = signs(chart, skin);
    let value = covered.max(edges).max(hand(scene)).max(beside_one(scene, chart, skin));
    judge(
        measure,
        value,
        Unit::Ratio,
        rule,
        Trouble::either(Reason::FaceCovered, Remedy::UncoverFace),
    )
}

/// How much skin lies beside one side of the jaw only, 0–1; 0 when it is no more than heads have.
fn beside_one(scene: &Scene, chart: &Chart, skin: &Complexion) -> f32 {
    let yaw = scene.main_face().map_or(0.0, |f| f.pose.yaw);
    let more = beside(chart, skin, yaw);
    if more >= LOPSIDED { more.min(1.0) } else { 0.0 }
}

/// 1 for a hand that reaches the face, 0 without one.
fn hand(scene: &Scene) -> f32 {
    if palm(scene) >= SURE { 1.0 } else { 0.0 }
}

/// The best score of a palm that reaches the face.
pub(crate) fn palm(scene: &Scene) -> f32 {
    let (Some(palms), Some(head)) = (&scene.input.faces.palms, Head::of(scene.input.faces)) else {
        return 0.0;
    };
    let (wide, middle) = (head.face_width(), head.eyes().midpoint(head.chin));
    let reaches = |p: &&Palm| p.points.iter().any(|q| q.distance(middle) < NEAR * wide);
    palms.iter().filter(reaches).map(|p| p.score).fold(0.0, f32::max)
}

/// Covered share, and share of edges that only one half has.
pub(crate) fn signs(chart: &Chart, skin: &Complexion) -> [f32; 2] {
    let (mut covered, mut edges, mut all) = (0.0f32, 0.0f32, 0.0f32);
    for ((u, v), cell) in chart.all().filter(|(_, c)| c.part == Part::Skin) {
        // Hair may hang over the forehead's edge and a beard may grow below the nose: both are dark.
        let middle = v > -0.1 && v < 0.4 && u.abs() < 0.38;
        let dark = ramp(skin.lighter(cell), -1.0, -1.6) * if middle { 1.0 } else { 0.0 };
        let hue = ramp(skin.hue(cell), 0.5, 0.9) * ramp(skin.lighter(cell), -1.0, -0.4);
        covered += hue.max(dark);
        all += 1.0;
        // Glasses, brows and the nose's own lines lie elsewhere.
        if v > 0.2 && u.abs() > 0.06 && u.abs() < 0.42 {
            let mirrored = [(0.0, 0.0), (0.03, 0.0), (-0.03, 0.0), (0.0, 0.03), (0.0, -0.03)]
                .into_iter()
                .map(|(du, dv)| chart.edge((-u + du, v + dv)))
                .fold(0.0, f32::max);
            edges += ramp(chart.edge((u, v)) - mirrored, 0.015, 0.05);
        }
    }
    [covered / all.max(1.0), edges / all.max(1.0)]
}

/// By how much more skin there is beside and under the jaw on one side than on the other: sum of two shares, 0–2. What a turn of
/// the head shows of cheek and neck is taken off.
pub(crate) fn beside(chart: &Chart, skin: &Complexion, yaw: f32) -> f32 {
    let share = |rect: (f32, f32, f32, f32)| {
        let (mut like, mut all) = (0.0f32, 0.0f32);
        for (_, cell) in chart.within(rect).filter(|(_, c)| c.part == Part::Outside) {
            let tone = skin.lighter(cell);
            let light = ramp(tone, -0.6, -0.4) * ramp(tone, 0.5, 0.3);
            like += ramp(skin.hue(cell), 0.25, 0.15) * ramp(cell.person, 0.3, 0.6) * light;
            all += 1.0;
        }
        like / all.max(1.0)
    };
    let more =
        |(near, far, from, to): (f32, f32, f32, f32)| share((near, from, far, to)) - share((-far, from, -near, to));
    (more(CHEEK) + more(NECK) - TURN * yaw).abs()
}
