//! Which photo standards and receivers are there? Dated data files under `assets/specs` and `assets/receivers`, part of the
//! program, or a folder of such files.
mod error;
mod file;
mod receiver;

pub use error::SpecError;
pub use receiver::Receiver;

use domain::{PhotoSpec, SpecId};
use file::Common;
use std::path::{Path, PathBuf};

/// The file whose limits hold for every standard that does not say otherwise.
const COMMON: &str = "common.toml";
/// Most files read from a folder.
const MAX_FILES: usize = 256;
/// Largest file in bytes; ours have some 8 KB.
const MAX_BYTES: u64 = 1 << 20;

/// The folder of receiver profiles beside the standards of a folder.
const RECEIVERS: &str = "receivers";

macro_rules! embedded {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../../../assets/", $folder, "/", $name)))),+]
    };
}

/// The files as they were when the program was built.
const EMBEDDED: &[(&str, &str)] = embedded!["specs":
    "chsi-graduate-2017.toml",
    "ga461-id-card.toml",
    "social-security-card.toml",
    "exit-entry-passport.toml",
    "school-roll-k12.toml",
    "cet-exam.toml",
    "icao-9303.toml",
    "schengen.toml",
    "us-visa.toml",
];
const EMBEDDED_RECEIVERS: &[(&str, &str)] = embedded!["receivers":
    "example-white-50kb.toml",
    "example-blue-100kb.toml",
    "example-strict-expression.toml",
];
const EMBEDDED_COMMON: &str = include_str!("../../../../assets/specs/common.toml");

/// The photo standards, in the order they are listed.
#[derive(Debug, Clone, PartialEq)]
pub struct Specs {
    specs: Vec<PhotoSpec>,
    receivers: Vec<Receiver>,
}

impl Specs {
    /// The standards that are part of the program; the graduates' one first.
    ///
    /// # Errors
    /// When a file is not valid, which the tests rule out.
    pub fn builtin() -> Result<Self, SpecError> {
        let common = Common::parse(COMMON, EMBEDDED_COMMON)?;
        let specs = EMBEDDED
            .iter()
            .map(|(name, text)| file::parse(name, text, &common))
            .collect::<Result<Vec<_>, _>>()?;
        let receivers = builtin_receivers(&specs)?;
        Ok(Self { specs, receivers })
    }

    /// The standards of a folder, in the order of their file names. A `common.toml` there replaces ours, and so do the
    /// receivers of a folder `receivers` in it.
    ///
    /// # Errors
    /// When the folder or a file cannot be read, or a file is not valid; the error names file, line and key.
    pub fn load_dir(folder: &Path) -> Result<Self, SpecError> {
        let files = toml_files(folder)?;
        let is_common = |path: &Path| path.file_name().is_some_and(|n| n == COMMON);
        let common = match files.iter().find(|p| is_common(p)) {
            Some(path) => Common::parse(&path.display().to_string(), &read(path)?)?,
            None => Common::parse(COMMON, EMBEDDED_COMMON)?,
        };
        let mut specs: Vec<PhotoSpec> = Vec::new();
        for path in files.iter().filter(|p| !is_common(p)) {
            specs.push(file::parse(&path.display().to_string(), &read(path)?, &common)?);
        }
        let profiles = folder.join(RECEIVERS);
        let receivers = if profiles.is_dir() {
            let files = toml_files(&profiles)?;
            let parse = |path: &PathBuf| receiver::parse(&path.display().to_string(), &read(path)?, &specs);
            files.iter().map(parse).collect::<Result<_, _>>()?
        } else {
            Vec::new()
        };
        Ok(Self { specs, receivers })
    }

    /// All receivers.
    pub fn receivers(&self) -> &[Receiver] {
        &self.receivers
    }

    /// What a receiver asks for: its standard with its changes; `None` when there is no such receiver.
    pub fn for_receiver(&self, id: &str) -> Option<PhotoSpec> {
        let receiver = self.receivers.iter().find(|r| r.id == id)?;
        Some(receiver.applied(self.get(&receiver.standard)?))
    }

    /// A standard by its identifier.
    pub fn get(&self, id: &SpecId) -> Option<&PhotoSpec> {
        self.specs.iter().find(|s| s.id == *id)
    }

    /// All standards.
    pub fn iter(&self) -> impl Iterator<Item = &PhotoSpec> {
        self.specs.iter()
    }
}

fn builtin_receivers(specs: &[PhotoSpec]) -> Result<Vec<Receiver>, SpecError> {
    let parse = |(name, text): &(&str, &str)| receiver::parse(name, text, specs);
    EMBEDDED_RECEIVERS.iter().map(parse).collect()
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> SpecError + use<> {
    let path = path.to_owned();
    move |source| SpecError::Read { path, source }
}

/// The TOML files of a folder by name.
fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, SpecError> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        if path.extension().is_some_and(|e| e == "toml") {
            files.push(path);
        }
        if files.len() > MAX_FILES {
            return Err(SpecError::TooMuch {
                path: folder.to_owned(),
                limit: MAX_FILES as u64,
            });
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<String, SpecError> {
    let length = std::fs::metadata(path).map_err(failed(path))?.len();
    if length > MAX_BYTES {
        return Err(SpecError::TooMuch {
            path: path.to_owned(),
            limit: MAX_BYTES,
        });
    }
    std::fs::read_to_string(path).map_err(failed(path))
}
