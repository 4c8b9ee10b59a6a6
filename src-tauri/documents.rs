//! Where documents for people go: `学影` in the user's documents folder. The webview names a document, never a path.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::path::PathBuf;
use tauri::{AppHandle, Manager};

const FOLDER: &str = "学影";
/// Names tried when one is taken.
const MAX_COPIES: u32 = 99;

/// Keeps a document; answers with the folder and name a person looks for. Nothing is overwritten.
pub(crate) fn keep(app: &AppHandle, name: &str, base64: &str) -> Option<String> {
    let bytes = STANDARD.decode(base64).ok()?;
    let (stem, ending) = plain(name)?;
    let folder = app
        .path()
        .document_dir()
        .or_else(|_| app.path().home_dir())
        .ok()?
        .join(FOLDER);
    std::fs::create_dir_all(&folder).ok()?;
    let names = (1..=MAX_COPIES).map(|n| match n {
        1 => format!("{stem}.{ending}"),
        n => format!("{stem} ({n}).{ending}"),
    });
    for name in names {
        let path: PathBuf = folder.join(&name);
        match std::fs::OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                use std::io::Write;
                file.write_all(&bytes).and_then(|()| file.sync_all()).ok()?;
                return Some(format!("{FOLDER}/{name}"));
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(_) => return None,
        }
    }
    None
}

/// Stem and ending of a document's name; anything that could leave the folder is refused.
fn plain(name: &str) -> Option<(&str, &str)> {
    let (stem, ending) = name.rsplit_once('.')?;
    let letters = |t: &str| {
        t.chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '(' | ')'))
    };
    let holds = !stem.is_empty() && stem.len() <= 120 && letters(stem) && ending == "svg";
    holds.then_some((stem, ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_the_folder() {
        assert_eq!(plain("coverage-2026-06-12.svg"), Some(("coverage-2026-06-12", "svg")));
        for name in ["../x.svg", "a/b.svg", "a\\b.svg", ".svg", "x.exe", "x", "C:x.svg"] {
            assert_eq!(plain(name), None, "{name}");
        }
    }
}
