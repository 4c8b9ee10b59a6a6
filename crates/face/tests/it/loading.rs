//! Are only the right model files accepted?
use crate::support::*;
use face::{FaceError, FaceModels, MODEL_FILES};
use std::path::Path;

fn assets() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/models")
}

#[test]
fn the_models_load_from_the_folder_and_from_the_program_and_may_be_shared() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&*MODELS);
    let loaded = FaceModels::load(&assets()).unwrap();
    let picture = backdrop(320, 240);
    assert_eq!(
        loaded.find(&picture, face::Speed::Full).unwrap().0,
        find(&picture, face::Speed::Full)
    );
}

#[test]
fn a_changed_or_missing_model_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(FaceModels::load(folder.path()), Err(FaceError::Read { .. })));
    for file in MODEL_FILES {
        let mut bytes = std::fs::read(assets().join(file.name)).unwrap();
        bytes[1000] ^= 1;
        std::fs::write(folder.path().join(file.name), bytes).unwrap();
    }
    assert!(matches!(
        FaceModels::load(folder.path()),
        Err(FaceError::WrongModel { .. })
    ));
}

#[test]
fn the_note_beside_the_models_lists_them_with_their_hashes() {
    let note = std::fs::read_to_string(assets().join("README.md")).unwrap();
    for file in MODEL_FILES {
        assert!(note.contains(file.name) && note.contains(file.sha256), "{}", file.name);
    }
    let on_disk = std::fs::read_dir(assets()).unwrap().map(|e| e.unwrap().file_name());
    for name in on_disk.filter(|n| Path::new(n).extension().is_some_and(|e| e == "onnx")) {
        assert!(
            MODEL_FILES.iter().any(|f| Path::new(f.name) == Path::new(&name)),
            "{name:?} is not used"
        );
    }
}
