//! Do native values map to the qualities OFIQ publishes?
use check::quality;
use domain::Measure;
use std::collections::HashMap;
use std::path::Path;

/// Measures whose mapping is implemented, each compared on all 28 pictures.
const MAPPED: [Measure; 24] = [
    Measure::BackgroundUniformity,
    Measure::IlluminationUniformity,
    Measure::LuminanceMean,
    Measure::LuminanceVariance,
    Measure::UnderExposurePrevention,
    Measure::OverExposurePrevention,
    Measure::DynamicRange,
    Measure::NaturalColour,
    Measure::SingleFacePresent,
    Measure::EyesOpen,
    Measure::MouthClosed,
    Measure::InterEyeDistance,
    Measure::HeadSize,
    Measure::LeftwardCropOfTheFaceImage,
    Measure::RightwardCropOfTheFaceImage,
    Measure::MarginAboveOfTheFaceImage,
    Measure::MarginBelowOfTheFaceImage,
    Measure::HeadPoseYaw,
    Measure::HeadPosePitch,
    Measure::HeadPoseRoll,
    Measure::EyesVisible,
    Measure::MouthOcclusionPrevention,
    Measure::FaceOcclusionPrevention,
    Measure::NoHeadCoverings,
];

#[test]
fn every_published_row_is_reproduced() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/photos/ofiq_expected_results.csv");
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let columns: HashMap<&str, usize> = lines
        .next()
        .unwrap()
        .split(';')
        .enumerate()
        .map(|(i, n)| (n, i))
        .collect();
    let mut differences = Vec::new();
    let mut compared = 0;
    for row in lines {
        let cells: Vec<&str> = row.split(';').collect();
        for measure in MAPPED {
            let native: f32 = cells[columns[measure.id()]].parse().unwrap();
            let expected: i32 = cells[columns[format!("{}.scalar", measure.id()).as_str()]]
                .parse()
                .unwrap();
            compared += 1;
            // OFIQ writes −1 for what it could not assess.
            if expected >= 0 && quality(measure, native).map(i32::from) != Some(expected) {
                differences.push(format!(
                    "{} {native}: {:?}, OFIQ {expected}",
                    measure.id(),
                    quality(measure, native)
                ));
            }
        }
    }
    assert_eq!(compared, 28 * MAPPED.len());
    assert_eq!(differences, Vec::<String>::new());
}

#[test]
fn what_is_not_a_number_has_no_quality() {
    assert_eq!(quality(Measure::EyesOpen, f32::NAN), None);
    assert_eq!(quality(Measure::Sharpness, 0.5), None);
    assert!(check::is_standard(Measure::EyesOpen));
    assert!(!check::is_standard(Measure::Sharpness));
}
