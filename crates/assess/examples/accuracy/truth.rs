//! Do findings on real portraits agree with what people saw?
use crate::Failure;
use crate::people::{Labels, folder, labels};
use assess::{Assessment, Assessor};
use domain::{Measure, PhotoSpec, Verdict};
use std::fmt::Write;

/// A labelled portrait with its check.
struct Row {
    labels: Labels,
    assessment: Assessment,
}

impl Row {
    fn is(&self, column: &str, label: &str) -> bool {
        self.labels[column] == label
    }

    fn says(&self, measures: &[Measure], at_least: Verdict) -> bool {
        self.assessment
            .findings
            .iter()
            .any(|f| measures.contains(&f.measure) && f.verdict >= at_least)
    }
}

/// Every value and sign, for setting thresholds: one line a portrait.
pub(crate) fn dump(spec: &PhotoSpec) -> Result<String, Failure> {
    let assessor = Assessor::new()?;
    let mut text = String::new();
    for labels in labels()? {
        let jpeg = std::fs::read(folder("raw").join(&labels["file"]))?;
        let assessment = assessor.assess(&jpeg, spec);
        let _ = write!(
            text,
            "raw\t{}\t{}\tHeld\tfalse",
            labels["head_covering"], labels["file"]
        );
        for f in &assessment.findings {
            let _ = write!(text, "\t{}={}", f.measure.id(), f.value.unwrap_or(f32::NAN));
        }
        for (name, values) in assessor.signs(&jpeg, spec) {
            let _ = write!(text, "\t#{name}={values:?}");
        }
        text.push('\n');
    }
    Ok(text)
}

/// Prints each question with its answer and counts the floors that were missed.
pub(crate) fn print(spec: &PhotoSpec) -> Result<usize, Failure> {
    use Measure as M;
    let assessor = Assessor::new()?;
    let mut rows = Vec::new();
    for labels in labels()? {
        let jpeg = std::fs::read(folder("raw").join(&labels["file"]))?;
        rows.push(Row {
            labels,
            assessment: assessor.assess(&jpeg, spec),
        });
    }
    println!("\nraw portraits                                  share");
    let mut below = 0;
    let mut question = |name: &str, of: &dyn Fn(&Row) -> bool, right: &dyn Fn(&Row) -> bool, floor: f32| {
        let of: Vec<&Row> = rows.iter().filter(|r| of(r)).collect();
        let hits = of.iter().filter(|r| right(r)).count();
        let share = 100.0 * hits as f32 / of.len().max(1) as f32;
        let missed: Vec<&str> = of
            .iter()
            .filter(|r| !right(r))
            .map(|r| r.labels["file"].trim_end_matches(".jpg"))
            .collect();
        let low = share < floor;
        below += usize::from(low);
        println!(
            "  {name:42} {share:5.1} %  {hits}/{}{} {}",
            of.len(),
            if low { " ↑" } else { "" },
            missed.join(" ")
        );
    };
    let caught = |m: &'static [M]| move |r: &Row| r.says(m, Verdict::Warn);
    let fine = |m: &'static [M]| move |r: &Row| !r.says(m, Verdict::NotMeasured);
    question(
        "head covering caught",
        &|r| !r.is("head_covering", "none"),
        &caught(&[M::NoHeadCoverings]),
        90.0,
    );
    question(
        "covered eye caught",
        &|r| r.is("eye_occluded", "yes"),
        &caught(&[
            M::EyesVisible,
            M::GlassesGlare,
            M::FaceOcclusionPrevention,
            M::HeadPoseYaw,
        ]),
        90.0,
    );
    question(
        "turned head caught",
        &|r| r.is("yaw", "turned"),
        &caught(&[M::HeadPoseYaw]),
        90.0,
    );
    question(
        "open mouth caught",
        &|r| r.is("mouth", "open_speaking") || r.is("mouth", "teeth_smile"),
        &caught(&[M::MouthClosed]),
        90.0,
    );
    question(
        "second face caught",
        &|r| !r.is("faces", "1"),
        &caught(&[M::SingleFacePresent]),
        90.0,
    );
    let frontal = |r: &Row| r.is("yaw", "frontal") && r.is("pitch", "level") && r.is("eyes", "open");
    question(
        "frontal, open eyes: pose and eyes not failed",
        &frontal,
        &fine(&[M::HeadPoseYaw, M::HeadPosePitch, M::EyesOpen]),
        95.0,
    );
    question(
        "level head: roll not failed",
        &|r| r.is("roll", "level"),
        &fine(&[M::HeadPoseRoll]),
        95.0,
    );
    question(
        "one face: not called several",
        &|r| r.is("faces", "1"),
        &fine(&[M::SingleFacePresent]),
        97.0,
    );
    for m in [
        M::NoHeadCoverings,
        M::EyesVisible,
        M::GlassesGlare,
        M::MouthOcclusionPrevention,
        M::FaceOcclusionPrevention,
        M::Moire,
    ] {
        let plain = |r: &Row| {
            r.is("head_covering", "none")
                && r.is("eye_occluded", "no")
                && r.is("hand_or_object_on_face", "no")
                && !r.is("yaw", "turned")
        };
        question(
            &format!("bare and not turned: {} not failed", m.id()),
            &plain,
            &move |r| !r.says(&[m], Verdict::Fail),
            95.0,
        );
    }
    Ok(below)
}
