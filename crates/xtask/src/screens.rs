//! Building the screens: npm's packages when the lock file moved, and Vite's build when a source is newer than the last one.
use crate::program::{Fault, command, npm, root, succeed};
use std::path::Path;
use std::time::SystemTime;

/// Oldest Node the screens are built with.
const NODE: u32 = 20;

/// Installs npm's packages unless they are there for this lock file.
pub fn packages() -> Result<(), Fault> {
    need_node()?;
    let ui = root().join("ui");
    let installed = modified(&ui.join("node_modules/.package-lock.json"));
    if installed.is_none() || installed < modified(&ui.join("package-lock.json")) {
        succeed(&mut npm("ci --no-audit --no-fund"))?;
    }
    Ok(())
}

/// Builds `ui/dist` when it is missing or stale.
pub fn build() -> Result<(), Fault> {
    packages()?;
    let ui = root().join("ui");
    let built = modified(&ui.join("dist/index.html"));
    let sources = [
        "index.html",
        "console.html",
        "my.html",
        "package-lock.json",
        "vite.config.ts",
        "src",
    ];
    let newest = sources.iter().filter_map(|s| newest(&ui.join(s))).max();
    if built.is_none() || built < newest {
        succeed(&mut npm("run build"))
    } else {
        Ok(())
    }
}

/// Node is one of the two things a person must bring; a missing one is told in words, not as a file that is not there.
fn need_node() -> Result<(), Fault> {
    let said = command("node --version").output().map(|o| o.stdout).unwrap_or_default();
    let said = String::from_utf8_lossy(&said).trim().to_owned();
    let major = said
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|m| m.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE => Ok(()),
        Some(_) => Err(Fault::NeedsPerson(format!(
            "Node {said} is too old: the screens need Node {NODE} or newer"
        ))),
        None => Err(Fault::NeedsPerson(format!(
            "Node was not found: install Node {NODE} or newer (with npm) and try again"
        ))),
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|m| m.modified()).ok()
}

fn newest(path: &Path) -> Option<SystemTime> {
    let inside = std::fs::read_dir(path).into_iter().flatten().flatten();
    inside
        .filter_map(|entry| newest(&entry.path()))
        .chain(modified(path))
        .max()
}
