//! What can be wrong with a standard's file?
use std::path::PathBuf;

/// Why a photo standard could not be used.
#[derive(Debug, thiserror::Error)]
pub enum SpecError {
    /// The file or folder could not be read.
    #[error("reading the photo standard {}: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// More files, or a larger file, than a photo standard ever needs.
    #[error("reading the photo standards in {}: more than {limit} files or bytes", path.display())]
    TooMuch {
        /// The file or folder.
        path: PathBuf,
        /// The limit that was passed.
        limit: u64,
    },
    /// The file is not TOML, or a key is missing, unknown or of the wrong kind.
    #[error("reading the photo standard {file}, line {line}: {message}")]
    Syntax {
        /// Name of the file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong, with the key.
        message: String,
    },
    /// A value makes no sense.
    #[error("reading the photo standard {file}, line {line}, {key}: {message}")]
    Value {
        /// Name of the file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// The key.
        key: String,
        /// What is wrong with it.
        message: &'static str,
    },
}
