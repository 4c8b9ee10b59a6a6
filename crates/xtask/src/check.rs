//! `cargo xtask check`: the fast gate before a commit.
use crate::program::{Fault, cargo, npm, succeed};
use crate::screens;
use std::process::ExitCode;

/// Nothing to choose.
#[derive(clap::Args)]
pub struct Options {}

/// Format, lints, layers, unit tests, the screens' types and tests.
pub fn run(_: &Options) -> Result<ExitCode, Fault> {
    succeed(&mut cargo("fmt --all --check"))?;
    succeed(&mut cargo("clippy --workspace --all-targets --quiet -- -D warnings"))?;
    succeed(&mut cargo(
        "test --quiet --package xtask --package domain --package check --package wire",
    ))?;
    screens::packages()?;
    succeed(&mut npm("run check"))?;
    succeed(&mut npm("test"))?;
    Ok(ExitCode::SUCCESS)
}
