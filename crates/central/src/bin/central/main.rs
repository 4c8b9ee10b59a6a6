//! The `central` command: serves a center, and lets people work on its data directory, also while it serves.
mod args;
mod fault;
mod import;
mod out;
mod payments;
mod run;
mod serve;
mod user;

use args::Cli;
use clap::Parser;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_env("CENTRAL_LOG").unwrap_or_else(|_| EnvFilter::new("warn,central=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match run::run(&cli) {
        Ok(run::Outcome::Done) => ExitCode::SUCCESS,
        Ok(run::Outcome::Refused) => ExitCode::from(1),
        Err(error) => {
            out::error(&error);
            ExitCode::from(if error.is_refusal() { 1 } else { 2 })
        }
    }
}
