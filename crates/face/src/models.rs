//! Which model files belong to this program, and are these the ones?
use crate::network::{FaceError, Network, threads};
use std::path::Path;

/// A model file of `assets/models`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelFile {
    /// File name.
    pub name: &'static str,
    /// SHA-256 in lower-case hex.
    pub sha256: &'static str,
}

/// The files [`FaceModels::load`] reads.
pub const MODEL_FILES: [ModelFile; 5] = [
    ModelFile {
        name: "blazeface_short_128.onnx",
        sha256: "acf9e6c5e830ea03ca013294e8c5155d98db542371df606e55715eb16f50ef22",
    },
    ModelFile {
        name: "face_landmarks_468_192.onnx",
        sha256: "f1a790d1ec7aec5d6c60f4132e1339f99f643584080642091c7bc75df9a89c2e",
    },
    ModelFile {
        name: "face_landmarks_478_256.onnx",
        sha256: "f08e3be27c6ebaa085344515c37b8389382ce15ddf35b41c3eefee01454444de",
    },
    ModelFile {
        name: "face_blendshapes.onnx",
        sha256: "b68cdce37785e5b7b8a907e1f7eeacc2ad26c382715c94492d8c6559ad5aa402",
    },
    ModelFile {
        name: "selfie_256.onnx",
        sha256: "46a293a126d10b57e595e3e1d50fab4a2767ff56b1e35398bffc8f0971f937b8",
    },
];

/// The files as they were when the program was built, in the order of [`MODEL_FILES`].
const EMBEDDED: [&[u8]; 5] = [
    include_bytes!("../../../assets/models/blazeface_short_128.onnx"),
    include_bytes!("../../../assets/models/face_landmarks_468_192.onnx"),
    include_bytes!("../../../assets/models/face_landmarks_478_256.onnx"),
    include_bytes!("../../../assets/models/face_blendshapes.onnx"),
    include_bytes!("../../../assets/models/selfie_256.onnx"),
];

/// The loaded models. May be shared between threads; each call runs on its own.
pub struct FaceModels {
    pub(crate) detector: Network,
    pub(crate) landmarks_468: Network,
    pub(crate) landmarks_478: Network,
    pub(crate) blendshapes: Network,
    pub(crate) selfie: Network,
}

impl FaceModels {
    /// Loads the models from a folder.
    ///
    /// # Errors
    /// `Read` when a file is missing, `WrongModel` when it is not the one of [`MODEL_FILES`], `Load` when the runtime
    /// refuses it.
    pub fn load(folder: &Path) -> Result<Self, FaceError> {
        Self::from_files(|index| {
            let path = folder.join(MODEL_FILES[index].name);
            std::fs::read(&path).map_err(|source| FaceError::Read { path, source })
        })
    }

    /// Loads the models that are part of the program.
    ///
    /// # Errors
    /// `WrongModel` and `Load`, when the program was built from changed files.
    pub fn embedded() -> Result<Self, FaceError> {
        Self::from_files(|index| Ok(EMBEDDED[index].to_vec()))
    }

    fn from_files(read: impl Fn(usize) -> Result<Vec<u8>, FaceError>) -> Result<Self, FaceError> {
        let threads = threads();
        let network = |index: usize| {
            let ModelFile {
                name: file,
                sha256: expected,
            } = MODEL_FILES[index];
            let bytes = read(index)?;
            let found = hex::encode(photo::sha256(&bytes));
            if found != expected {
                return Err(FaceError::WrongModel { file, found, expected });
            }
            Network::load(file, bytes, threads.clone())
        };
        Ok(Self {
            detector: network(0)?,
            landmarks_468: network(1)?,
            landmarks_478: network(2)?,
            blendshapes: network(3)?,
            selfie: network(4)?,
        })
    }
}

impl std::fmt::Debug for FaceModels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FaceModels")
    }
}
