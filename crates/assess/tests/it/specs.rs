//! Are the standards complete, and are bad files refused with file, line and key?
use assess::{SpecError, Specs};
use domain::finding::Bound;
use domain::photo_spec::{Confidence, Strictness};
use domain::{Measure, SpecId};
use expect_test::{Expect, expect};
use std::path::Path;

const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/specs");

#[test]
fn the_built_in_standards_are_the_files() {
    let builtin = Specs::builtin().unwrap();
    let loaded = Specs::load_dir(Path::new(FILES)).unwrap();
    assert_eq!(builtin.iter().count(), 9);
    for spec in builtin.iter() {
        assert_eq!(loaded.get(&spec.id), Some(spec), "{:?}", spec.id);
        let limits = spec.limits.entries.iter();
        assert!(limits.clone().all(|l| l.source.len() > 5), "{:?}", spec.id);
    }
    assert_eq!(builtin.iter().next().unwrap().id.0, "chsi-graduate-2017");
    assert_eq!(builtin.get(&SpecId("nothing".to_owned())), None);
}

#[test]
fn the_graduates_numbers_are_those_of_the_notice() {
    let specs = Specs::builtin().unwrap();
    let spec = specs.get(&SpecId("chsi-graduate-2017".to_owned())).unwrap();
    assert_eq!(
        (
            spec.size.value.width,
            spec.size.value.height,
            spec.dpi.value,
            spec.quality_floor.value
        ),
        (480, 640, 300, 60)
    );
    assert_eq!(spec.file_kb.value, Bound::between(20.0, 40.0));
    let bound = |m| spec.rule(m).unwrap().pass;
    assert_eq!(bound(Measure::CrownToTop), Bound::between(50.0, 110.0));
    assert_eq!(bound(Measure::EyesToTop), Bound::between(200.0, 300.0));
    assert_eq!(bound(Measure::FaceWidth), Bound::between(180.0, 300.0));
    assert_eq!(spec.rule(Measure::FaceWidth).unwrap().confidence, Confidence::Secondary);
    let lips = spec.rule(Measure::MouthClosed).unwrap();
    assert_eq!(
        (lips.strictness, lips.confidence),
        (Strictness::Fail, Confidence::Secondary)
    );
    assert_eq!(spec.backgrounds.value.len(), 3);
}

#[test]
fn every_standard_judges_the_subject_and_names_its_sources() {
    for spec in Specs::builtin().unwrap().iter() {
        for measure in [
            Measure::SingleFacePresent,
            Measure::EyesOpen,
            Measure::HeadPoseRoll,
            Measure::BackgroundColour,
            Measure::Sharpness,
        ] {
            let rule = spec.rule(measure).unwrap();
            assert!(rule.source.len() > 5, "{:?} {measure:?}", spec.id);
        }
        let judged = check::measured().filter(|m| spec.rule(*m).is_some()).count();
        assert!(judged >= 25, "{:?} {judged}", spec.id);
    }
}

#[test]
fn a_receiver_overrides_what_it_names_with_a_source_for_each_number() {
    let specs = Specs::builtin().unwrap();
    assert_eq!(specs.receivers().len(), 3);
    for receiver in specs.receivers() {
        let changes = receiver.changes();
        assert!(
            !changes.is_empty() && changes.iter().all(|(_, source)| source.len() > 20),
            "{}",
            receiver.id
        );
        let standard = specs.get(&receiver.standard).unwrap();
        let applied = specs.for_receiver(&receiver.id).unwrap();
        assert_eq!((&applied.geometry, &applied.size), (&standard.geometry, &standard.size));
        assert_ne!(&applied, standard);
    }
    let white = specs.for_receiver("example-white-50kb").unwrap();
    assert_eq!(white.file_kb.value, Bound::between(30.0, 60.0));
    assert_eq!(specs.for_receiver("nobody"), None);
}

#[test]
fn a_bad_receiver_names_file_line_and_key() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(
        Path::new(FILES).join("chsi-graduate-2017.toml"),
        folder.path().join("a.toml"),
    )
    .unwrap();
    let profiles = folder.path().join("receivers");
    std::fs::create_dir(&profiles).unwrap();
    let text = include_str!("../../../../assets/receivers/example-white-50kb.toml");
    let refused = |text: String| {
        std::fs::write(profiles.join("r.toml"), text).unwrap();
        Specs::load_dir(folder.path()).unwrap_err().to_string()
    };
    let unknown = refused(text.replace("chsi-graduate-2017", "none"));
    assert!(
        unknown.ends_with("r.toml, line 7, standard: there is no such standard"),
        "{unknown}"
    );
    let hearsay = refused(text.replace("source = \"windows\"", "source = \"hearsay\""));
    assert!(
        hearsay.ends_with("line 9, file_kb: its source is not in [sources]"),
        "{hearsay}"
    );
}

/// Loads the graduates' file after one change and shows the error.
fn refused(from: &str, to: &str, expected: Expect) {
    let text = std::fs::read_to_string(Path::new(FILES).join("chsi-graduate-2017.toml")).unwrap();
    assert!(text.contains(from));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.toml"), text.replacen(from, to, 1)).unwrap();
    let error = Specs::load_dir(folder.path()).unwrap_err().to_string();
    expected.assert_eq(
        &error
            .replace(&folder.path().display().to_string(), "DIR")
            .replace('\\', "/"),
    );
}

#[test]
fn a_bad_file_names_file_line_and_key() {
    refused(
        "min = 50, max = 110",
        "min = 150, max = 110",
        expect![
            "reading the photo standard DIR/a.toml, line 15, geometry.crown_to_top_px: the value is out of range, empty or upside down"
        ],
    );
    refused(
        "source = \"window\"",
        "source = \"hearsay\"",
        expect!["reading the photo standard DIR/a.toml, line 11, file_kb: its source is not in [sources]"],
    );
    refused(
        "[limits.MouthClosed]",
        "[limits.MouthShut]",
        expect!["reading the photo standard DIR/a.toml, line 26, limits.MouthShut: there is no such measure"],
    );
    refused(
        "crown_to_top_px",
        "crown_to_bottom_px",
        expect![
            "reading the photo standard DIR/a.toml, line 15: unknown field `crown_to_bottom_px`, expected one of `crown_to_top_px`, `eyes_to_top_px`, `eyes_to_bottom_px`, `face_width_px`, `head_height_px`, `inter_eye_px`, `off_centre_px`"
        ],
    );
    refused(
        "id = \"chsi-graduate-2017\"",
        "id = \"../up\"",
        expect![
            "reading the photo standard DIR/a.toml, line 3, id: 1–64 lower-case letters, digits and hyphens are allowed"
        ],
    );
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(
        Specs::load_dir(&folder.path().join("none")),
        Err(SpecError::Read { .. })
    ));
    assert_eq!(Specs::load_dir(folder.path()).unwrap().iter().count(), 0);
}
