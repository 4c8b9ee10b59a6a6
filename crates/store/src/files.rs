//! Files that are there whole or not at all, also after a power cut.
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

/// Room left for this user on the disk that holds `dir`, in bytes.
///
/// # Errors
/// When the folder is not there or the system does not tell.
pub fn free_bytes(dir: &Path) -> io::Result<u64> {
    fs4::available_space(dir)
}

/// Writes a file for its owner only: a temporary one beside it, synced, renamed, and the folder synced.
pub(crate) fn write_whole(path: &Path, folder: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = folder.join(format!(".{}.new", random_name()?));
    write_synced(&temporary, &[bytes])
        .and_then(|()| fs::rename(&temporary, path))
        .inspect_err(|_| drop(fs::remove_file(&temporary)))?;
    sync_dir(folder)
}

/// Writes and syncs a new file. A part of it may be left behind on failure; the caller removes it.
pub(crate) fn write_synced(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    for part in parts {
        file.write_all(part)?;
    }
    file.sync_all()
}

/// Makes the names in a folder durable. Windows does so with the file itself and has no call for it.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(dir)?.sync_all()
    } else {
        Ok(())
    }
}

/// Makes a folder for its owner only, and those above it.
pub(crate) fn make_dir(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// The first `limit` bytes of a file.
pub(crate) fn read_at_most(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(limit as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// 32 hex digits that no other file has.
pub(crate) fn random_name() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| io::Error::other("the system gives no randomness"))?;
    Ok(hex::encode(bytes))
}
