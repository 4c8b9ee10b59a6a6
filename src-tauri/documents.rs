//! Where documents for people go: `学影` in the user's documents folder. The webview names a document, never a path.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use tauri::{AppHandle, Manager};

const FOLDER: &str = "学影";
/// What the screens keep: charts, sheets, pictures and packages. Nothing that a double click would run.
const ENDINGS: [&str; 4] = ["svg", "xlsx", "jpg", "zip"];
/// Names tried when one is taken.
const MAX_COPIES: u32 = 99;

/// Keeps a document; answers with the folder and name a person looks for. Nothing is overwritten.
pub(crate) fn keep(app: &AppHandle, name: &str, base64: &str) -> Option<String> {
    let bytes = STANDARD.decode(base64).ok()?;
    let mut new = NewDocument::open(app, name)?;
    new.file.write_all(&bytes).and_then(|()| new.file.sync_all()).ok()?;
    new.done()
}

/// A document on its way: written beside its name, and under it only when it is whole.
pub(crate) struct NewDocument {
    pub(crate) file: File,
    unfinished: PathBuf,
    path: PathBuf,
    name: String,
}

impl NewDocument {
    /// Takes a free name in the folder. Nothing is overwritten.
    pub(crate) fn open(app: &AppHandle, name: &str) -> Option<Self> {
        let (stem, ending) = plain(name)?;
        let folder = app
            .path()
            .document_dir()
            .or_else(|_| app.path().home_dir())
            .ok()?
            .join(FOLDER);
        std::fs::create_dir_all(&folder).ok()?;
        for copy in 1..=MAX_COPIES {
            let name = match copy {
                1 => format!("{stem}.{ending}"),
                n => format!("{stem} ({n}).{ending}"),
            };
            let path = folder.join(&name);
            let unfinished = folder.join(format!("{name}.part"));
            if path.exists() {
                continue;
            }
            match OpenOptions::new().write(true).create_new(true).open(&unfinished) {
                Ok(file) => {
                    return Some(Self {
                        file,
                        unfinished,
                        path,
                        name,
                    });
                }
                // Another is on its way under this name, or was cut off once.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(_) => return None,
            }
        }
        None
    }

    /// It is whole and on disk: it gets its name, which it answers with the folder's.
    pub(crate) fn done(self) -> Option<String> {
        std::fs::rename(&self.unfinished, &self.path).ok()?;
        Some(format!("{FOLDER}/{}", self.name))
    }
}

impl Drop for NewDocument {
    /// What did not become whole is taken away; after `done` there is nothing under that name.
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.unfinished);
    }
}

/// Stem and ending of a document's name; anything that could leave the folder is refused.
fn plain(name: &str) -> Option<(&str, &str)> {
    let (stem, ending) = name.rsplit_once('.')?;
    let letters = |t: &str| {
        t.chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '(' | ')'))
    };
    let holds = !stem.is_empty() && stem.len() <= 120 && letters(stem) && ENDINGS.contains(&ending);
    holds.then_some((stem, ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_the_folder() {
        assert_eq!(plain("coverage-2026-06-12.svg"), Some(("coverage-2026-06-12", "svg")));
        assert_eq!(plain("未采集.xlsx"), Some(("未采集", "xlsx")));
        for name in ["../x.svg", "a/b.svg", "a\\b.svg", ".svg", "x.exe", "x", "C:x.svg"] {
            assert_eq!(plain(name), None, "{name}");
        }
    }
}
