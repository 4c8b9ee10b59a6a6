//! `cargo xtask demo-assets`: the files of `assets/demo`, made again. A program of its own makes them, so that nobody
//! who only wants to run the station compiles what writes spreadsheets.
use crate::program::{Fault, cargo, succeed};
use std::process::ExitCode;

/// Makes the files; the same source gives the same bytes.
pub fn run() -> Result<ExitCode, Fault> {
    succeed(&mut cargo(
        "run --quiet --package xtask --features demo-assets --bin demo-assets",
    ))?;
    Ok(ExitCode::SUCCESS)
}
