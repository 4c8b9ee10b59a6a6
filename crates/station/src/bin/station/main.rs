//! The command `station`: everything a window can do, without one.
#![allow(clippy::print_stdout, clippy::print_stderr)]
mod arguments;
mod commands;
mod export;
mod output;

use arguments::Arguments;
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(code) = station::camera_process(std::env::args().skip(1)) {
        return code;
    }
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()))
        .init();
    let arguments = Arguments::parse();
    match commands::run(arguments) {
        Ok(code) => code,
        Err(fault) => {
            eprintln!("station: {fault}");
            ExitCode::from(fault.exit_code())
        }
    }
}
