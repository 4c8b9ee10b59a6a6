//! Sizes of the release programs and of the package.
use super::Section;
use crate::program::{Fault, cargo, succeed, target};
use crate::screens;

/// Builds the release programs and weighs them; the `.deb` too when `cargo xtask package` has made one.
pub fn run() -> Result<Section, Fault> {
    screens::build()?;
    succeed(&mut cargo(
        "build --release --package xueying --features custom-protocol",
    ))?;
    succeed(&mut cargo(
        "build --release --package station --package central --package assess --bins",
    ))?;
    let release = target().join("release");
    let mut rows = Vec::new();
    for program in ["xueying", "station", "central", "photo-check"] {
        let path = release.join(program);
        let bytes = std::fs::metadata(&path)
            .map_err(|source| Fault::File { path, source })?
            .len();
        rows.push(vec![program.to_owned(), format!("{:.1}", bytes as f64 / 1e6)]);
    }
    let packages = std::fs::read_dir(release.join("bundle/deb"))
        .into_iter()
        .flatten()
        .flatten();
    for entry in packages.filter(|e| e.path().extension().is_some_and(|x| x == "deb")) {
        let bytes = entry.metadata().map_or(0, |m| m.len());
        rows.push(vec![".deb".to_owned(), format!("{:.1}", bytes as f64 / 1e6)]);
    }
    Ok(Section {
        heading: "Size",
        lead: "Release programs, symbols stripped; models, standards and screens are inside.".to_owned(),
        header: vec!["file", "MB"],
        rows,
        plot: None,
    })
}
