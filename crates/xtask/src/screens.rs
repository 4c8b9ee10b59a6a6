//! Building the screens: npm's packages when the lock file moved, and Vite's build when a source is newer than the last one.
use crate::program::{Fault, npm, root, succeed};
use std::path::Path;
use std::time::SystemTime;

/// Installs npm's packages unless they are there for this lock file.
pub fn packages() -> Result<(), Fault> {
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
    let sources = ["index.html", "package-lock.json", "vite.config.ts", "src"];
    let newest = sources.iter().filter_map(|s| newest(&ui.join(s))).max();
    if built.is_none() || built < newest {
        succeed(&mut npm("run build"))
    } else {
        Ok(())
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
