//! `cargo xtask run`: from a fresh machine to the open station.
use crate::program::{Fault, cargo, command, root, succeed, target};
use crate::{screens, system};
use std::path::PathBuf;
use std::process::ExitCode;

/// How to run.
#[derive(clap::Args)]
pub struct Options {
    /// Install what is missing without asking.
    #[arg(long)]
    yes: bool,
    /// Without a window: the same station behind a loopback address a browser can open.
    #[arg(long)]
    headless: bool,
    /// Where the station keeps its data.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// A faster program that takes longer to build.
    #[arg(long)]
    release: bool,
}

/// Installs, builds and starts; returns when the station is closed.
pub fn run(options: &Options) -> Result<ExitCode, Fault> {
    let consent = if options.yes {
        system::Consent::Given
    } else {
        system::Consent::Ask
    };
    let headless = options.headless || !has_display();
    if headless && !options.headless {
        eprintln!(
            "There is no display to open a window on: the station starts without one, for a browser (--headless)."
        );
    }
    system::install(&[system::BUILD, system::WINDOW], consent)?;
    screens::build()?;
    let (flag, profile) = if options.release {
        ("--release", "release")
    } else {
        ("", "debug")
    };
    let package = if headless {
        "--package station --bin station"
    } else {
        "--package xueying --features custom-protocol"
    };
    succeed(&mut cargo(&format!("build {package} {flag}")))?;
    let data = options.data.clone().unwrap_or_else(|| root().join(".station"));
    let mut station = if headless {
        let mut c = command(&target().join(profile).join("station").to_string_lossy());
        c.arg("--data")
            .arg(&data)
            .args(["serve", "--demo", "--ui"])
            .arg(root().join("ui/dist"));
        c
    } else {
        let mut c = command(&target().join(profile).join("xueying").to_string_lossy());
        // WebKitGTK shows a blank window on displays without a GPU unless this renderer is off.
        c.arg("--data")
            .arg(&data)
            .arg("--demo")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        c
    };
    succeed(&mut station)?;
    Ok(ExitCode::SUCCESS)
}

fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}
