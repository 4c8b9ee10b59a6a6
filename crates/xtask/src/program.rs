//! Starting other programs, and where this repository and its build lie.
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

/// Why a task could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A program could not be started.
    #[error("starting {program}: {source}")]
    Start {
        /// Which.
        program: String,
        /// Why.
        source: std::io::Error,
    },
    /// A program failed.
    #[error("{program} ended with {status}")]
    Failed {
        /// Which, with its arguments.
        program: String,
        /// How.
        status: ExitStatus,
    },
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Something to be done by the person first.
    #[error("{0}")]
    NeedsPerson(String),
}

/// The repository.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}

/// The folder cargo builds into.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A command in the repository. Words are split at blanks; paths with blanks go through `arg`.
pub fn command(line: &str) -> Command {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).current_dir(root());
    command
}

/// Cargo itself, the one this task was started with.
pub fn cargo(arguments: &str) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments.split_whitespace()).current_dir(root());
    command
}

/// npm in `ui/`.
pub fn npm(arguments: &str) -> Command {
    let mut command = command(&format!("npm {arguments}"));
    command.current_dir(root().join("ui"));
    command
}

/// Runs a command to its end and lets its output through.
pub fn succeed(command: &mut Command) -> Result<(), Fault> {
    let program = name(command);
    eprintln!("$ {program}");
    let status = command.status().map_err(|source| Fault::Start {
        program: program.clone(),
        source,
    })?;
    if status.success() {
        Ok(())
    } else {
        Err(Fault::Failed { program, status })
    }
}

/// The command as one would type it.
pub fn name(command: &Command) -> String {
    let words: Vec<_> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|w| w.to_string_lossy().into_owned())
        .collect();
    words.join(" ")
}
