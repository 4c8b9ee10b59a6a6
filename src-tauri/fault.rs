//! What can go wrong before there is a window to say it in.

/// A station that could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ShellError {
    /// The platform names no data folder for this user.
    #[error("no data folder is known for this user; name one with --data DIR")]
    NoDataFolder,
    /// The station could not be opened.
    #[error(transparent)]
    Station(#[from] station::OpenError),
    /// The window could not be opened.
    #[error("opening the window: {0}")]
    Window(#[from] tauri::Error),
}
