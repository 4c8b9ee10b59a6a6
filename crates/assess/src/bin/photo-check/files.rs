//! Which files are meant by the paths on the command line?
use crate::Fault;
use std::path::{Path, PathBuf};

/// Most files of one run; a province's year of graduates is below.
const MAX_FILES: usize = 2_000_000;
/// Folders within folders that are followed.
const MAX_DEPTH: usize = 32;
/// Endings of files that are taken from a folder; a file named on the command line is always taken, and what is no JPEG is a
/// failing line.
const ENDINGS: [&str; 8] = ["jpg", "jpeg", "jpe", "png", "bmp", "webp", "heic", "tif"];

/// The files in the order they are checked: as named, folders sorted by name. Links to folders are not followed.
pub(crate) fn collect(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Fault> {
    let mut files = Vec::new();
    for path in paths {
        let kind = std::fs::metadata(path).map_err(|source| Fault::Path {
            path: path.clone(),
            source,
        })?;
        if kind.is_dir() {
            walk(path, MAX_DEPTH, &mut files)?;
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Fault> {
    let fault = |source| Fault::Path {
        path: folder.to_owned(),
        source,
    };
    let mut entries = std::fs::read_dir(folder)
        .map_err(fault)?
        .collect::<Result<Vec<_>, _>>()
        .map_err(fault)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let kind = entry.file_type().map_err(fault)?;
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        if kind.is_dir() && depth > 0 {
            walk(&path, depth - 1, files)?;
        } else if !kind.is_dir() && ending.is_some_and(|e| ENDINGS.contains(&e.as_str())) {
            files.push(path);
        }
        if files.len() > MAX_FILES {
            return Err(Fault::TooManyFiles { limit: MAX_FILES });
        }
    }
    Ok(())
}
