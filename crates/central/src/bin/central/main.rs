//! The `central` command: serves a center, and lets people work on its data directory, also while it serves.
mod args;
mod contact;
mod fault;
mod file;
mod import;
mod out;
mod payments;
mod roster;
mod run;
mod serve;
mod user;

use args::{Cli, LogFormat};
use clap::Parser;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let mut cli = Cli::parse();
    let outcome = file::fill(&mut cli).and_then(|()| {
        log(&cli);
        run::run(&cli)
    });
    match outcome {
        Ok(run::Outcome::Done) => ExitCode::SUCCESS,
        Ok(run::Outcome::Refused) => ExitCode::from(1),
        Err(error) => {
            out::error(&error);
            ExitCode::from(if error.is_refusal() { 1 } else { 2 })
        }
    }
}

/// Logs go to standard error.
fn log(cli: &Cli) {
    let asked = cli.log.as_deref().and_then(|l| EnvFilter::try_new(l).ok());
    let logs = tracing_subscriber::fmt()
        .with_env_filter(asked.unwrap_or_else(|| EnvFilter::new("warn,central=info")))
        .with_writer(std::io::stderr);
    match cli.log_format.unwrap_or(LogFormat::Text) {
        LogFormat::Text => logs.init(),
        LogFormat::Json => logs.json().init(),
    }
}
