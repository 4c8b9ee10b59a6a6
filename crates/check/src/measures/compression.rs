//! Was the delivered file compressed too hard? The quality 1–100 its quantisation table stands for, on libjpeg's scale. Our
//! own measure under ISO's name: what an earlier, harder compression left behind is not seen yet.
use crate::outcome::{Trouble, judge, with_quality};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// `CompressionArtifacts`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::CompressionArtifacts;
    let Some(quality) = scene.input.file.and_then(|f| f.quality) else {
        return scene.not_measured(measure, Unit::Score, rule);
    };
    let trouble = Trouble::either(Reason::Compressed, Remedy::RaiseQuality);
    let finding = judge(measure, f32::from(quality), Unit::Score, rule, trouble);
    with_quality(finding, f64::from(quality))
}
