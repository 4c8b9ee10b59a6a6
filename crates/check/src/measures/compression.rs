//! Was the picture compressed too hard? The quality 1–100 the quantisation tables stand for, on libjpeg's scale: of the delivered
//! file, or of the file the frame came from with [`SCALED`] more, whichever is less. Our own measure under ISO's name. Weak: a
//! picture that was compressed hard and then saved well again looks good.
use crate::outcome::{Trouble, judge, with_quality};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// What an original may be worse than the delivered file: its blocks are made smaller by the scaling. Our own choice.
const SCALED: u8 = 25;

/// `CompressionArtifacts`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::CompressionArtifacts;
    let source = scene.input.source_quality.map(|q| q.saturating_add(SCALED).min(100));
    let delivered = scene.input.file.and_then(|f| f.quality);
    let Some(quality) = source.into_iter().chain(delivered).min() else {
        return scene.not_measured(measure, Unit::Score, rule);
    };
    let trouble = Trouble::either(Reason::Compressed, Remedy::RaiseQuality);
    let finding = judge(measure, f32::from(quality), Unit::Score, rule, trouble);
    with_quality(finding, f64::from(quality))
}
