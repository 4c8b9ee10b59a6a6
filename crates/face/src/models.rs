//! Which model files belong to this program, and are these the ones?
use crate::network::{FaceError, Network};
use std::borrow::Cow;
use std::path::Path;
use std::sync::OnceLock;

/// A model file of `assets/models`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelFile {
    /// File name.
    pub name: &'static str,
    /// SHA-256 in lower-case hex.
    pub sha256: &'static str,
    embedded: &'static [u8],
}

/// The files [`FaceModels::load`] reads.
pub const MODEL_FILES: [ModelFile; 9] = [
    DETECTOR,
    LANDMARKS_468,
    LANDMARKS_478,
    BLENDSHAPES,
    SELFIE,
    PALMS,
    MARKS,
    STRANGERS,
    LIKENESS,
];

/// A model file together with its bytes as they were when the program was built.
macro_rules! model {
    ($name:literal, $sha256:literal) => {
        ModelFile {
            name: $name,
            sha256: $sha256,
            embedded: include_bytes!(concat!("../../../assets/models/", $name)),
        }
    };
}

const DETECTOR: ModelFile = model!(
    "blazeface_short_128.onnx",
    "acf9e6c5e830ea03ca013294e8c5155d98db542371df606e55715eb16f50ef22"
);
const LANDMARKS_468: ModelFile = model!(
    "face_landmarks_468_192.onnx",
    "f1a790d1ec7aec5d6c60f4132e1339f99f643584080642091c7bc75df9a89c2e"
);
const LANDMARKS_478: ModelFile = model!(
    "face_landmarks_478_256.onnx",
    "f08e3be27c6ebaa085344515c37b8389382ce15ddf35b41c3eefee01454444de"
);
const BLENDSHAPES: ModelFile = model!(
    "face_blendshapes.onnx",
    "b68cdce37785e5b7b8a907e1f7eeacc2ad26c382715c94492d8c6559ad5aa402"
);
const SELFIE: ModelFile = model!(
    "selfie_256.onnx",
    "46a293a126d10b57e595e3e1d50fab4a2767ff56b1e35398bffc8f0971f937b8"
);
const PALMS: ModelFile = model!(
    "palm_detection_lite.onnx",
    "a9358da18ff62082269b24f56e8c30cfaad4bb7d921d8086c0a447c362fd78e4"
);
const MARKS: ModelFile = model!(
    "marks_384.onnx",
    "9555f26ef1eab74561a2892c3e9144d5c011811d9b0af9909addcf96b814d3af"
);
const STRANGERS: ModelFile = model!(
    "strangers_128.onnx",
    "bf291b38274226fad972a80997c3a39e1efc91d0b3cbdd1dddc3548d666e6c72"
);
const LIKENESS: ModelFile = model!(
    "face_resnet_150.onnx",
    "4fb7be8729145eed747214a880c844729456c60855bf2dac579cd6f9c7bed384"
);

/// The loaded models. May be shared between threads; each call runs on its own.
pub struct FaceModels {
    pub(crate) detector: Network,
    pub(crate) landmarks_468: Network,
    pub(crate) landmarks_478: Network,
    pub(crate) blendshapes: Network,
    pub(crate) selfie: Network,
    pub(crate) marks: Network,
    pub(crate) strangers: Network,
    palms: Seldom,
    likeness: Seldom,
}

/// A model that most runs do without: checked at the start, made ready when it is first asked for.
struct Seldom {
    file: ModelFile,
    bytes: Cow<'static, [u8]>,
    ready: OnceLock<Network>,
}

impl FaceModels {
    /// Loads the models from a folder.
    ///
    /// # Errors
    /// `Read` when a file is missing, `WrongModel` when it is not the one of [`MODEL_FILES`], `Load` when the runtime
    /// refuses it.
    pub fn load(folder: &Path) -> Result<Self, FaceError> {
        Self::from_files(|file| {
            let path = folder.join(file.name);
            let bytes = std::fs::read(&path).map_err(|source| FaceError::Read { path, source })?;
            Ok(Cow::Owned(bytes))
        })
    }

    /// Loads the models that are part of the program.
    ///
    /// # Errors
    /// `WrongModel` and `Load`, when the program was built from changed files.
    pub fn embedded() -> Result<Self, FaceError> {
        Self::from_files(|file| Ok(Cow::Borrowed(file.embedded)))
    }

    fn from_files(read: impl Fn(&ModelFile) -> Result<Cow<'static, [u8]>, FaceError>) -> Result<Self, FaceError> {
        let checked = |file: ModelFile| {
            let bytes = read(&file)?;
            let found = hex::encode(photo::sha256(&bytes));
            if found != file.sha256 {
                return Err(FaceError::WrongModel {
                    file: file.name,
                    found,
                    expected: file.sha256,
                });
            }
            Ok(bytes)
        };
        let network = |file: ModelFile| Network::load(file.name, checked(file)?);
        let seldom = |file: ModelFile| {
            Ok(Seldom {
                file,
                bytes: checked(file)?,
                ready: OnceLock::new(),
            })
        };
        Ok(Self {
            detector: network(DETECTOR)?,
            landmarks_468: network(LANDMARKS_468)?,
            landmarks_478: network(LANDMARKS_478)?,
            blendshapes: network(BLENDSHAPES)?,
            selfie: network(SELFIE)?,
            marks: network(MARKS)?,
            strangers: network(STRANGERS)?,
            palms: seldom(PALMS)?,
            likeness: seldom(LIKENESS)?,
        })
    }

    pub(crate) fn palm_detector(&self) -> Result<&Network, FaceError> {
        self.palms.network()
    }

    pub(crate) fn likeness(&self) -> Result<&Network, FaceError> {
        self.likeness.network()
    }
}

impl Seldom {
    fn network(&self) -> Result<&Network, FaceError> {
        if let Some(network) = self.ready.get() {
            return Ok(network);
        }
        let network = Network::load(self.file.name, self.bytes.clone())?;
        Ok(self.ready.get_or_init(|| network))
    }
}

impl std::fmt::Debug for FaceModels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FaceModels")
    }
}
