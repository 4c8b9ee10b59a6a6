//! Is the expression neutral? The smile score of the expression model, 0–1. Our own measure under ISO's name: OFIQ's needs
//! models we do not have, so the quality is ours too.
use crate::outcome::{Trouble, judge, with_quality};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// `ExpressionNeutrality`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::ExpressionNeutrality;
    let Some(shapes) = scene.main_face().and_then(|f| f.blendshapes) else {
        return scene.not_measured(measure, Unit::Ratio, rule);
    };
    let trouble = Trouble::either(Reason::NotNeutral, Remedy::RelaxFace);
    let finding = judge(measure, shapes.smile, Unit::Ratio, rule, trouble);
    with_quality(finding, 100.0 * (1.0 - f64::from(shapes.smile)))
}
