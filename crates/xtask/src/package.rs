//! `cargo xtask package`: an installable package of the desktop station.
use crate::program::{Fault, cargo, npm, root, succeed, target};
use crate::{screens, system};
use std::process::ExitCode;

/// How to build it.
#[derive(clap::Args)]
pub struct Options {
    /// Install what is missing without asking.
    #[arg(long)]
    yes: bool,
}

/// Builds the `.deb` and says where it lies and how large it is.
pub fn run(options: &Options) -> Result<ExitCode, Fault> {
    let consent = if options.yes {
        system::Consent::Given
    } else {
        system::Consent::Ask
    };
    system::install(&[system::BUILD], consent)?;
    screens::packages()?;
    // The helper for cameras on a cable lies beside the station (`bundle.linux.deb.files`).
    succeed(&mut cargo("build --release --package tether"))?;
    // The CLI looks for tauri.conf.json below `ui/` only, unless it is told; it runs the Vite build itself.
    succeed(
        npm("exec -- tauri build --bundles deb")
            .env("TAURI_APP_PATH", root())
            .env("TAURI_FRONTEND_PATH", root().join("ui")),
    )?;
    let folder = target().join("release/bundle/deb");
    let listing = std::fs::read_dir(&folder).map_err(|source| Fault::File {
        path: folder.clone(),
        source,
    })?;
    for entry in listing
        .flatten()
        .filter(|e| e.path().extension().is_some_and(|x| x == "deb"))
    {
        let bytes = entry.metadata().map_or(0, |m| m.len());
        println!("{} {:.1} MB", entry.path().display(), bytes as f64 / 1e6);
    }
    Ok(ExitCode::SUCCESS)
}
