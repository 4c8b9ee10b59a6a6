//! What do neighbours see of the assessment, on real portraits?
#![allow(clippy::unwrap_used, clippy::print_stdout)]
mod command;
mod defect;
mod defects;
mod delivery;
mod live;
mod portraits;
mod specs;
mod words;

use assess::{Assessment, Assessor, Specs};
use domain::{Finding, Measure, PhotoSpec, SpecId, Verdict};
use photo::{Limits, Picture, Scale};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// One for all tests: loading the models takes longer than a check.
pub(crate) static ASSESSOR: LazyLock<Assessor> = LazyLock::new(|| Assessor::new().unwrap());
static SPECS: LazyLock<Specs> = LazyLock::new(|| Specs::builtin().unwrap());

/// The graduates' standard.
pub(crate) fn graduate() -> &'static PhotoSpec {
    SPECS.get(&SpecId("chsi-graduate-2017".to_owned())).unwrap()
}

pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/portraits")
        .join(name)
}

pub(crate) fn studio(name: &str) -> Vec<u8> {
    std::fs::read(folder("studio").join(format!("{name}.jpg"))).unwrap()
}

pub(crate) fn picture(jpeg: &[u8]) -> Picture {
    photo::decode(jpeg, Scale::Full, &Limits::default()).unwrap().picture
}

pub(crate) fn finding(assessment: &Assessment, measure: Measure) -> &Finding {
    assessment.findings.iter().find(|f| f.measure == measure).unwrap()
}

/// Measures with that verdict.
pub(crate) fn with(assessment: &Assessment, verdict: Verdict) -> Vec<Measure> {
    assessment
        .findings
        .iter()
        .filter(|f| f.verdict == verdict)
        .map(|f| f.measure)
        .collect()
}
