//! Where the data key comes from: a sealed file in the data folder and the secret that opens it.
//! The secret comes from `XUEYING_UNLOCK`; without it a random one lies beside the sealed file, readable by its owner alone,
//! and the sync page says so. The operating system's keyring comes before both in a later version.
use std::io::Write;
use std::path::{Path, PathBuf};
use store::{Cost, KeyError, SealedFile};

const SEALED: &str = "key.sealed";
const SECRET: &str = "key.secret";

/// A key that could not be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// The secret's file.
    #[error("reading {path}: {source}")]
    Secret {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The sealed file.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Opens the sealed file of a data folder, or makes one for a fresh station.
///
/// # Errors
/// When the secret is wrong or a file fails.
pub fn unlock(data: &Path) -> Result<SealedFile, KeyFault> {
    let sealed = data.join(SEALED);
    let secret = secret(data)?;
    if sealed.exists() {
        Ok(SealedFile::open(&sealed, &secret)?)
    } else {
        Ok(SealedFile::create(&sealed, &secret, Cost::default())?)
    }
}

fn secret(data: &Path) -> Result<Vec<u8>, KeyFault> {
    if let Some(given) = std::env::var_os("XUEYING_UNLOCK") {
        return Ok(given.into_encoded_bytes());
    }
    let path = data.join(SECRET);
    let fault = |source| KeyFault::Secret {
        path: path.clone(),
        source,
    };
    match std::fs::read(&path) {
        Ok(secret) if !secret.is_empty() => Ok(secret),
        // Never a fresh one beside a key it does not open: the right one may yet be put back.
        Ok(_) | Err(_) if !data.join(SEALED).exists() => write_secret(&path).map_err(fault),
        Ok(_) => Err(fault(std::io::ErrorKind::UnexpectedEof.into())),
        Err(source) => Err(fault(source)),
    }
}

/// Writes a fresh secret so that after a power cut there is either none or the whole of it.
fn write_secret(path: &Path) -> std::io::Result<Vec<u8>> {
    let secret = hex::encode(crate::clock::random::<32>()).into_bytes();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let fresh = path.with_extension("new");
    let mut file = options.open(&fresh)?;
    file.write_all(&secret)?;
    file.sync_all()?;
    std::fs::rename(&fresh, path)?;
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(secret)
}
