//! How often does the photo check catch a defect, and how often does it cry wolf? The bank is drawn and judged by an example of
//! `assess`, which knows the models; this only starts it. Not part of the other benchmarks: it takes many minutes.
use crate::program::{Fault, cargo, name};
use std::process::ExitCode;

/// Prints the table; exit 1 when a figure is below its floor.
pub fn run() -> Result<ExitCode, Fault> {
    let mut command = cargo("run --quiet --package assess --example accuracy");
    let program = name(&command);
    let status = command.status().map_err(|source| Fault::Start { program, source })?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}
