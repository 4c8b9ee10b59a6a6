//! What is in the folder? Files as the file system shows them, nothing being opened that is not read.
use notify::EventKind;
use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Tether programs make a folder for each day or session, and no deeper.
const MAX_DEPTH: usize = 3;
/// Most files looked at; a day has some thousands.
const MAX_FILES: usize = 50_000;
/// Largest file that is read: above every camera's JPEG.
const MAX_BYTES: u64 = 64 << 20;

/// A JPEG by its name, and what tells a change of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) shape: Shape,
}

/// Size and time of a file: when neither changes, nobody is writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shape {
    pub(super) changed: SystemTime,
    pub(super) bytes: u64,
}

impl Shape {
    fn of(metadata: &Metadata) -> Self {
        Self {
            changed: metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH),
            bytes: metadata.len(),
        }
    }
}

/// Whether a file is meant: JPEGs by their name. Hidden files are some program's own, as are unfinished ones under another
/// ending.
fn is_meant(path: &Path) -> bool {
    let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    !name.starts_with('.') && (ending.eq_ignore_ascii_case("jpg") || ending.eq_ignore_ascii_case("jpeg"))
}

/// The file of a path, if it is one that is meant.
pub(super) fn file(path: &Path) -> Option<File> {
    let metadata = fs::metadata(path).ok().filter(|m| m.is_file() && is_meant(path))?;
    Some(File {
        path: path.to_owned(),
        shape: Shape::of(&metadata),
    })
}

/// All files that are meant.
pub(super) fn files(folder: &Path) -> io::Result<Vec<File>> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Err(error) if depth == 0 => return Err(error),
            // A folder inside that vanished or may not be read.
            Err(_) => continue,
            Ok(entries) => entries,
        };
        for entry in entries.flatten() {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => folders.push((path, depth + 1)),
                Ok(kind) if !kind.is_dir() && found.len() < MAX_FILES => found.extend(file(&path)),
                _ => {}
            }
        }
    }
    Ok(found)
}

/// Reads a file with its shape before and after; absent when it cannot be read now.
pub(super) fn read(path: &Path) -> Option<(Shape, Vec<u8>, Shape)> {
    let mut file = fs::File::open(path).ok()?;
    let before = Shape::of(&file.metadata().ok()?);
    if before.bytes == 0 || before.bytes > MAX_BYTES {
        return None;
    }
    let mut bytes = Vec::with_capacity(before.bytes as usize);
    Read::by_ref(&mut file)
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .ok()?;
    // Asked by name: by now another file may stand under it.
    let after = Shape::of(&fs::metadata(path).ok()?);
    Some((before, bytes, after))
}

/// Whether the event says that a writer is done: it closed the file, or renamed it into place.
pub(super) fn is_closing(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::Access(AccessKind::Close(AccessMode::Write))
            | EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both))
    )
}
