//! Does the engine give what the general runtime gives, on every level, on real portraits?
#![allow(clippy::unwrap_used)]
use super::kernels::Level;
use super::{Plan, Unsupported};
use crate::frame::{Beyond, Frame, Region};
use domain::Point;
use photo::{Limits, Scale, decode};
use rten::{ModelOptions, Value};
use rten_tensor::Tensor;
use rten_tensor::prelude::*;
use std::path::{Path, PathBuf};

/// Model, side of its input, range of its input, and how far a value may lie from the general runtime's. Points are pixels of
/// the input (up to 256) and scores are logits, so this is far below what a finding could show.
const NETWORKS: [(&str, usize, (f32, f32), f32); 7] = [
    ("blazeface_short_128", 128, (-1.0, 1.0), 2e-3),
    ("face_landmarks_468_192", 192, (0.0, 1.0), 5e-3),
    ("face_landmarks_478_256", 256, (0.0, 1.0), 5e-3),
    ("selfie_256", 256, (0.0, 1.0), 2e-4),
    ("marks_384", 384, (0.0, 1.0), 2e-4),
    ("strangers_128", 128, (0.0, 1.0), 2e-4),
    ("palm_detection_lite", 192, (0.0, 1.0), 2e-3),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn model(name: &str) -> Vec<u8> {
    std::fs::read(root().join("assets/models").join(format!("{name}.onnx"))).unwrap()
}

/// The middle of a portrait as a network's input.
fn portrait(name: &str, side: usize, range: (f32, f32)) -> Vec<f32> {
    let bytes = std::fs::read(root().join("tests/portraits/raw").join(name)).unwrap();
    let picture = decode(&bytes, Scale::Full, &Limits::default()).unwrap().picture;
    let region = Region::square(Point::new(512.0, 480.0), 900.0);
    Frame::new(&picture).tensor(&region, side, range, Beyond::Black)
}

/// The furthest distance between two answers, output by output.
fn apart(a: &[Vec<f32>], b: &[Vec<f32>]) -> f32 {
    assert_eq!(a.len(), b.len());
    let pairs = a.iter().zip(b).flat_map(|(a, b)| {
        assert_eq!(a.len(), b.len());
        a.iter().zip(b)
    });
    // A NaN anywhere counts as infinitely far.
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, |worst, d| {
        if d <= worst {
            worst
        } else if d.is_nan() {
            f32::INFINITY
        } else {
            d
        }
    })
}

#[test]
fn every_network_gives_what_the_general_runtime_gives() {
    for (name, side, range, tolerance) in NETWORKS {
        let plans = [Level::detect(), Level::Portable].map(|level| Plan::with_level(&model(name), level).unwrap());
        let general = ModelOptions::with_all_ops().load(model(name)).unwrap();
        for face in ["adam-smith.jpg", "alma-adams.jpg", "john-joyce.jpg", "mazie-hirono.jpg"] {
            let input = portrait(face, side, range);
            let tensor = Tensor::from_data(&[1, side, side, 3], input.clone());
            let inputs = vec![(general.input_ids()[0], tensor.view().into())];
            let values = general.run(inputs, general.output_ids(), None).unwrap();
            let floats = |v: Value| v.into_tensor::<f32>().unwrap().to_vec();
            let expected: Vec<Vec<f32>> = values.into_iter().map(floats).collect();
            for plan in &plans {
                let distance = apart(&plan.run(input.clone()).unwrap(), &expected);
                assert!(distance < tolerance, "{name}, {:?}, {face}: {distance}", plan.level);
            }
        }
    }
}

#[test]
fn a_run_leaves_nothing_behind_for_the_next() {
    let (name, side, range, _) = NETWORKS[2];
    let plan = Plan::new(&model(name)).unwrap();
    let input = portrait("adam-smith.jpg", side, range);
    let first = plan.run(input.clone()).unwrap();
    plan.run(vec![f32::MAX; input.len()]).unwrap();
    assert_eq!(plan.run(input.clone()).unwrap(), first);
    // Side by side, each run has slots of its own.
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| plan.run(input.clone()).unwrap()))
            .collect();
        for run in runs {
            assert_eq!(run.join().unwrap(), first);
        }
    });
}

#[test]
fn what_is_not_known_is_refused() {
    assert_eq!(Plan::new(&model("selfie_256")).unwrap().run(vec![0.0; 5]), None);
    assert!(matches!(
        Plan::new(b"no model").map(|_| ()),
        Err(Unsupported::Format(_))
    ));
    let mixer = Plan::new(&model("face_blendshapes")).map(|_| ());
    assert!(mixer.is_err(), "the expression model belongs to the general runtime");
}
