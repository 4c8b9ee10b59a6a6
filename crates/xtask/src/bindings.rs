//! `cargo xtask bindings`: the screens' types, generated from `crates/ipc`.
use crate::program::{Fault, cargo, command, root, succeed};
use std::process::ExitCode;

/// What to do with them.
#[derive(clap::Args)]
pub struct Options {
    /// Only say whether the committed types are those of the source; changes nothing that is committed.
    #[arg(long)]
    check: bool,
}

impl Options {
    /// Only compare.
    pub fn checking() -> Self {
        Self { check: true }
    }
}

/// Generates into `ui/src/lib/ipc`. With `--check` a difference from the committed files is a finding.
pub fn run(options: &Options) -> Result<ExitCode, Fault> {
    let folder = root().join("ui/src/lib/ipc");
    succeed(cargo("test --quiet --package ipc").env("TS_RS_EXPORT_DIR", &folder))?;
    if options.check {
        let changed = command("git status --porcelain -- ui/src/lib/ipc").output();
        let changed = changed.map_err(|source| Fault::Start {
            program: "git".to_owned(),
            source,
        })?;
        if !changed.stdout.is_empty() {
            eprintln!("ui/src/lib/ipc is stale: run `cargo xtask bindings` and commit it");
            eprint!("{}", String::from_utf8_lossy(&changed.stdout));
            return Ok(ExitCode::from(1));
        }
    }
    Ok(ExitCode::SUCCESS)
}
