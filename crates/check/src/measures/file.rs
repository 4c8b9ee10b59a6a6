//! Is the delivered file what the standard asks for: pixels, density, bytes, depth?
use crate::input::FileFacts;
use crate::outcome::{Trouble, judge, not_measured};
use crate::scene::Scene;
use domain::finding::{Bound, Unit};
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// `PixelSize`: the width, or the height where only that is wrong. The rule's bound is the width.
pub(crate) fn pixel_size(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::PixelSize;
    let Some(file) = scene.input.file else {
        return scene.not_measured(measure, Unit::Px, rule);
    };
    let trouble = Trouble::either(Reason::WrongPixelSize, Remedy::ExportAgain);
    let height = scene.spec.size.value.height as f32;
    if rule.pass.holds(file.size.width as f32) && file.size.height as f32 != height {
        let rule = Rule {
            pass: Bound::between(height, height),
            ..*rule
        };
        return judge(measure, file.size.height as f32, Unit::Px, &rule, trouble);
    }
    judge(measure, file.size.width as f32, Unit::Px, rule, trouble)
}

/// `Resolution`: pixels per inch in the file's header.
pub(crate) fn resolution(scene: &Scene, rule: &Rule) -> Finding {
    let trouble = Trouble::either(Reason::WrongResolution, Remedy::ExportAgain);
    value(scene, Measure::Resolution, Unit::Dpi, rule, trouble, |f| {
        f.dpi.map(f32::round)
    })
}

/// `FileSize`: KB of 1024 bytes.
pub(crate) fn file_size(scene: &Scene, rule: &Rule) -> Finding {
    let trouble = Trouble {
        low: (Reason::FileTooSmall, Remedy::ExportAgain),
        high: (Reason::FileTooLarge, Remedy::ExportAgain),
    };
    value(scene, Measure::FileSize, Unit::Kilobytes, rule, trouble, |f| {
        Some(f.bytes as f32 / 1024.0)
    })
}

/// `ColourDepth`: bits a pixel.
pub(crate) fn colour_depth(scene: &Scene, rule: &Rule) -> Finding {
    let trouble = Trouble::either(Reason::WrongColourDepth, Remedy::ExportAgain);
    value(scene, Measure::ColourDepth, Unit::Bits, rule, trouble, |f| {
        Some(f.bits as f32)
    })
}

fn value(
    scene: &Scene,
    measure: Measure,
    unit: Unit,
    rule: &Rule,
    trouble: Trouble,
    of: impl Fn(&FileFacts) -> Option<f32>,
) -> Finding {
    match scene.input.file.and_then(of) {
        Some(value) => judge(measure, value, unit, rule, trouble),
        // The file is there but does not say: that is what is wrong with it.
        None => not_measured(measure, unit, rule.pass, trouble.low),
    }
}
