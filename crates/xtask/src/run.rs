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
    if !options.headless {
        need_display()?;
    }
    system::install(&[system::BUILD, system::WINDOW], consent)?;
    screens::build()?;
    let (flag, profile) = if options.release {
        ("--release", "release")
    } else {
        ("", "debug")
    };
    let package = if options.headless {
        "--package station --bin station"
    } else {
        "--package xueying --features custom-protocol"
    };
    succeed(&mut cargo(&format!("build {package} {flag}")))?;
    let data = options.data.clone().unwrap_or_else(|| root().join(".station"));
    let mut station = if options.headless {
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

/// Says before a long build, not after it, that no window can open here.
fn need_display() -> Result<(), Fault> {
    let is_set = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    if !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY") {
        return Ok(());
    }
    Err(Fault::NeedsPerson(
        "there is no display to open a window on; use `cargo xtask run --headless`, or `xvfb-run -a cargo xtask run`"
            .to_owned(),
    ))
}
