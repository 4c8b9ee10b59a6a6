//! `cargo xtask screens --accept`: what the last test drew of a screen becomes the picture it is compared with from now on.
use crate::program::{Fault, root, target};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where the tests of the screens leave what differs (`ui/tests/pictures/album.mjs`).
const FOUND: &str = "pictures";
const KEPT: &str = "ui/tests/pictures/kept";
/// A new picture, and the mark of one that no screen shows any more.
const NEW: &str = ".new.webp";
const GONE: &str = ".gone";

/// Whether a picture is meant: by its name in both languages, by the part of the product, or by `all`.
fn is_meant(picture: &str, name: &str) -> bool {
    let part = ["desk", "kiosk", "site", "console"].contains(&name) && picture.starts_with(&format!("{name}-"));
    name == "all" || part || picture.strip_suffix("-en").unwrap_or(picture) == name || picture == name
}

/// Takes the new look of these screens over.
pub fn run(names: &[String]) -> Result<ExitCode, Fault> {
    let taken = accept(&target().join(FOUND), &root().join(KEPT), names)?;
    for picture in &taken {
        println!("accepted {picture}");
    }
    if taken.is_empty() {
        return Err(Fault::NeedsPerson(format!(
            "the last test found nothing new of {}: run `cargo xtask test --only pictures` (the kiosk: `screens`, the console: `console`) first",
            names.join(", ")
        )));
    }
    Ok(ExitCode::SUCCESS)
}

/// Moves what was found into what is kept; the pictures' names.
fn accept(found: &Path, kept: &Path, names: &[String]) -> Result<Vec<String>, Fault> {
    let mut taken = Vec::new();
    for file in std::fs::read_dir(found).into_iter().flatten().flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        let gone = name.strip_suffix(GONE);
        let Some(picture) = gone.or_else(|| name.strip_suffix(NEW)) else {
            continue;
        };
        if !names.iter().any(|n| is_meant(picture, n)) {
            continue;
        }
        let place = kept.join(format!("{picture}.webp"));
        let at = |path: PathBuf| move |source| Fault::File { path, source };
        if gone.is_some() {
            std::fs::remove_file(&place).map_err(at(place))?;
        } else {
            std::fs::copy(file.path(), &place).map_err(at(place))?;
        }
        std::fs::remove_file(file.path()).map_err(at(file.path()))?;
        taken.push(picture.to_owned());
    }
    taken.sort_unstable();
    Ok(taken)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_is_meant_in_both_languages() {
        assert!(is_meant("kiosk-home", "kiosk-home"));
        assert!(is_meant("kiosk-home-en", "kiosk-home"));
        assert!(is_meant("kiosk-home-en", "kiosk-home-en"));
        assert!(is_meant("kiosk-home", "kiosk"));
        assert!(!is_meant("kiosk-home", "kiosk-home-en"));
        assert!(!is_meant("kiosk-home-open", "kiosk-home"));
        assert!(!is_meant("desk-orders", "kiosk"));
    }

    #[test]
    fn what_was_found_is_kept_and_what_is_gone_goes() {
        let home = target().join(format!("accept-{}", std::process::id()));
        let (found, kept) = (home.join("found"), home.join("kept"));
        std::fs::create_dir_all(&found).unwrap();
        std::fs::create_dir_all(&kept).unwrap();
        std::fs::write(found.join("desk-a.new.webp"), "new").unwrap();
        std::fs::write(found.join("desk-a.actual.png"), "").unwrap();
        std::fs::write(found.join("desk-b.gone"), "").unwrap();
        std::fs::write(kept.join("desk-a.webp"), "old").unwrap();
        std::fs::write(kept.join("desk-b.webp"), "old").unwrap();
        assert!(accept(&found, &kept, &["desk-c".to_owned()]).unwrap().is_empty());
        assert_eq!(
            accept(&found, &kept, &["desk".to_owned()]).unwrap(),
            ["desk-a", "desk-b"]
        );
        assert_eq!(std::fs::read(kept.join("desk-a.webp")).unwrap(), b"new");
        assert!(!kept.join("desk-b.webp").exists());
        assert!(accept(&found, &kept, &["all".to_owned()]).unwrap().is_empty(), "once");
        std::fs::remove_dir_all(&home).unwrap();
    }
}
