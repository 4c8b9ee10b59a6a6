//! The settings file: `--config`, or `CENTRAL_CONFIG`. What is said on the command line or in the environment wins over it.
use crate::args::{Cli, Command, LogFormat};
use crate::fault::CommandError;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The file; `assets/center/central.toml` shows it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    data: Option<PathBuf>,
    listen: Option<SocketAddr>,
    console: Option<PathBuf>,
    database_url: Option<String>,
    database_ca: Option<PathBuf>,
    object_store: Option<String>,
    payments: Option<PathBuf>,
    messages: Option<PathBuf>,
    log: Option<String>,
    log_format: Option<LogFormat>,
}

/// Fills in what the file says and nobody said otherwise.
pub fn fill(cli: &mut Cli) -> Result<(), CommandError> {
    let Some(path) = cli.config.clone() else { return Ok(()) };
    let text = std::fs::read_to_string(&path).map_err(|source| CommandError::File {
        doing: format!("reading {}", path.display()),
        source,
    })?;
    let file: File = toml::from_str(&text).map_err(|e| CommandError::Settings {
        path: path.clone(),
        why: e.to_string(),
    })?;
    let here = path.parent().unwrap_or(Path::new("")).to_owned();
    let from_here = |path: PathBuf| here.join(path);
    cli.data = cli.data.take().or(file.data.map(from_here));
    cli.database_url = cli.database_url.take().or(file.database_url);
    cli.database_ca = cli.database_ca.take().or(file.database_ca.map(from_here));
    cli.object_store = cli.object_store.take().or(file.object_store);
    cli.payments = cli.payments.take().or(file.payments.map(from_here));
    cli.log = cli.log.take().or(file.log);
    cli.log_format = cli.log_format.or(file.log_format);
    if let Command::Serve {
        listen,
        console,
        messages,
    } = &mut cli.command
    {
        *messages = messages.take().or(file.messages.map(from_here));
        *listen = listen.or(file.listen);
        *console = console.take().or(file.console.map(from_here));
    }
    Ok(())
}
