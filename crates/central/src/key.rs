//! The center's signing key: one file, mode 0600, made at the first start. Receipts are signed with it.
use crate::config::Chance;
use crate::error::CentralError;
use ed25519_dalek::SigningKey;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use zeroize::Zeroizing;

/// Name of the key file in the data directory.
pub const KEY_FILE: &str = "signing.key";

/// Opens the signing key of a data directory, or makes it.
///
/// # Errors
/// When the file cannot be read or written, or holds something else than a key.
pub fn open_or_make(dir: &Path, chance: &dyn Chance) -> Result<SigningKey, CentralError> {
    let path = dir.join(KEY_FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            let text = Zeroizing::new(text);
            let mut seed = Zeroizing::new([0; 32]);
            hex::decode_to_slice(text.trim(), seed.as_mut_slice()).map_err(|_| CentralError::Key)?;
            Ok(SigningKey::from_bytes(&seed))
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => make(dir, &path, chance),
        Err(source) => Err(CentralError::files("reading the signing key")(source)),
    }
}

fn make(dir: &Path, path: &Path, chance: &dyn Chance) -> Result<SigningKey, CentralError> {
    let failed = CentralError::files("writing the signing key");
    let mut seed = Zeroizing::new([0; 32]);
    let write = || -> std::io::Result<()> {
        chance.fill(seed.as_mut_slice())?;
        // A name of its own for each process, so that two that start at once cannot mix; the first link wins.
        let temporary = dir.join(format!("{KEY_FILE}.{}", std::process::id()));
        let text = Zeroizing::new(hex::encode(seed.as_slice()));
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        let linked = std::fs::hard_link(&temporary, path);
        std::fs::remove_file(&temporary)?;
        linked?;
        std::fs::File::open(dir)?.sync_all()
    };
    let mut write = write;
    match write() {
        Ok(()) => Ok(SigningKey::from_bytes(&seed)),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => open_or_make(dir, chance),
        Err(source) => Err(failed(source)),
    }
}
