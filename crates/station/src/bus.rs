//! Which cameras are plugged in, and how is one opened? The boundary behind which the journeys put cameras of their own.
use camera::controls::Settings;
use camera::{CameraError, CameraId, Descriptor, Source};
use std::process::ExitCode;

/// Where cameras are found.
pub trait Bus: Send + Sync {
    /// The cameras that are plugged in now, best guess first; those on a cable and the replay camera are not among them.
    fn plugged(&self) -> Vec<Descriptor>;
    /// A camera by its identity; it need not be plugged in.
    ///
    /// # Errors
    /// For an identity this system cannot have.
    fn source(&self, id: &CameraId, settings: Settings) -> Result<Box<dyn Source>, CameraError>;
}

/// The computer's own cameras.
#[derive(Debug, Clone, Copy)]
pub struct SystemBus;

impl Bus for SystemBus {
    fn plugged(&self) -> Vec<Descriptor> {
        camera::discover()
    }

    fn source(&self, id: &CameraId, settings: Settings) -> Result<Box<dyn Source>, CameraError> {
        camera::source(id, settings)
    }
}

/// Runs this program as the process of one camera, when its arguments (without its name) say so; to be asked before anything else. On
/// macOS a camera's driver runs in such a process, for it may end it.
pub fn camera_process(arguments: impl Iterator<Item = String>) -> Option<ExitCode> {
    #[cfg(unix)]
    return camera::apart::asked(arguments);
    #[cfg(not(unix))]
    return {
        drop(arguments);
        None
    };
}
