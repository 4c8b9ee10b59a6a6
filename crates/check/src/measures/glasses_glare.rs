//! Do lenses reflect light? Share 0–1 of the zone of the lenses that is near white: paler and lighter than the person's skin ever
//! is. The opening of the eye and the brow are left out, so the catchlight, the white of the eye and grey brows do not count.
//! Our own. Weak: a faint, large reflection that only veils the skin is seen from about half its strength on.
use crate::chart::{Part, ramp};
use crate::landmark::EYES;
use crate::outcome::{Trouble, judge, with_quality};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// Half the width of a lens's zone, and its reach up and down from the middle of the eye, in face widths.
const ZONE: (f32, f32, f32) = (0.17, 0.12, 0.16);

/// `GlassesGlare`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::GlassesGlare;
    let Some(value) = value(scene) else {
        return scene.not_measured(measure, Unit::Ratio, rule);
    };
    let finding = judge(
        measure,
        value,
        Unit::Ratio,
        rule,
        Trouble::either(Reason::Glare, Remedy::TiltGlasses),
    );
    with_quality(finding, 100.0 * (1.0 - 5.0 * f64::from(value)))
}

pub(crate) fn value(scene: &Scene) -> Option<f32> {
    let (chart, skin) = scene.chart()?;
    let colour = skin.red.hypot(skin.blue).max(0.2);
    let share = |eye: &[usize; 16]| {
        let (u, v) = chart.middle(eye);
        let zone = chart.within((u - ZONE.0, v - ZONE.1, u + ZONE.0, v + ZONE.2));
        let (mut white, mut all) = (0.0, 0.0);
        for (_, c) in zone.filter(|(_, c)| matches!(c.part, Part::Skin | Part::Outside)) {
            let pale = ramp(c.red.hypot(c.blue) / colour, 0.62, 0.4);
            let bright = ramp(skin.lighter(c), 0.06, 0.16) * ramp(c.light, 0.55, 0.7);
            white += pale * bright;
            all += 1.0;
        }
        if all > 0.0 { white / all } else { 0.0 }
    };
    EYES.iter().map(share).reduce(f32::max)
}
