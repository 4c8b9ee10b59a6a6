//! How is the camera, and what can go wrong with it?
use crate::identity::CameraId;
use crate::replay::ReplayError;
use std::time::Duration;

/// What the owner thread says about the camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CameraState {
    /// Not plugged in; it is looked for.
    Absent,
    /// Plugged in, no frame yet.
    Opening,
    /// Frames come.
    Streaming,
    /// It was open, and no good frame came for the watchdog's time; it is being re-opened.
    Stalled,
    /// Another program holds it.
    Busy {
        /// Name of that program, where the system tells.
        holder: Option<String>,
    },
    /// It cannot be used as it is; tried again all the same.
    Failed {
        /// Why.
        reason: Reason,
    },
}

impl CameraState {
    /// A stable short name: `absent`, `opening`, `streaming`, `stalled`, `busy`, `failed`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Opening => "opening",
            Self::Streaming => "streaming",
            Self::Stalled => "stalled",
            Self::Busy { .. } => "busy",
            Self::Failed { .. } => "failed",
        }
    }
}

/// Why a camera cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The system does not let this user open it.
    AccessDenied,
    /// It offers no picture format that is understood.
    NoUsableMode,
    /// The driver refused a step.
    Driver,
    /// The pictures of a replay cannot be played.
    Pictures,
    /// The library below it is not installed.
    NoLibrary,
    /// The owner thread is gone.
    Thread,
}

impl Reason {
    /// A stable short name: `access_denied`, `no_usable_mode`, `driver`, `pictures`, `no_library`, `thread`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::NoUsableMode => "no_usable_mode",
            Self::Driver => "driver",
            Self::Pictures => "pictures",
            Self::NoLibrary => "no_library",
            Self::Thread => "thread",
        }
    }
}

/// What failed while working with a camera.
#[derive(Debug, thiserror::Error)]
pub enum CameraError {
    /// It is not there, or no longer.
    #[error("looking for camera {camera}: it is not plugged in")]
    Absent {
        /// Which.
        camera: CameraId,
    },
    /// Another program holds it.
    #[error("opening camera {camera}: {} holds it", holder.as_deref().unwrap_or("another program"))]
    Busy {
        /// Which.
        camera: CameraId,
        /// Name of the program.
        holder: Option<String>,
    },
    /// The driver refused a step.
    #[error("{doing} camera {camera}: {source}")]
    Device {
        /// Which.
        camera: CameraId,
        /// The step.
        doing: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// The library below refused a step in its own words.
    #[error("{doing} camera {camera}: {message}")]
    Library {
        /// Which.
        camera: CameraId,
        /// The step.
        doing: &'static str,
        /// The library's words.
        message: String,
    },
    /// The library it needs is not installed.
    #[error("opening the library for camera {camera}: libgphoto2 is not installed")]
    NoLibrary {
        /// Which.
        camera: CameraId,
    },
    /// No picture format that is understood.
    #[error("choosing a picture format of camera {camera}: it offers neither MJPEG nor YUYV nor NV12")]
    NoUsableMode {
        /// Which.
        camera: CameraId,
    },
    /// The identity belongs to another kind of camera.
    #[error("opening camera {camera}: no such kind of camera on this system")]
    WrongKind {
        /// Which.
        camera: CameraId,
    },
    /// The driver itself marked the frame as damaged, or it came short.
    #[error("reading a frame of camera {camera}: it came damaged")]
    DamagedFrame {
        /// Which.
        camera: CameraId,
    },
    /// No frame came in time. Not a failure by itself: the watchdog decides.
    #[error("waiting for a frame: none came within {waited:?}")]
    NoFrame {
        /// How long was waited.
        waited: Duration,
    },
    /// A replay's pictures cannot be played.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// A shot was asked for while there was no camera to take it.
    #[error("taking a shot: the camera is {}", state.code())]
    NotReady {
        /// How the camera was.
        state: CameraState,
    },
    /// No whole frame came in time.
    #[error("taking a shot: no whole frame within {waited:?}, {damaged} came damaged, the camera is {}", state.code())]
    NoStill {
        /// How long was waited.
        waited: Duration,
        /// Frames that came and were not whole.
        damaged: u32,
        /// How the camera was.
        state: CameraState,
    },
}

impl CameraError {
    /// Whether the same step may well work a moment later without anybody doing something.
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::NoFrame { .. } | Self::DamagedFrame { .. } | Self::NoStill { .. } | Self::Device { .. } => true,
            Self::Absent { .. }
            | Self::Busy { .. }
            | Self::Library { .. }
            | Self::NoLibrary { .. }
            | Self::NoUsableMode { .. }
            | Self::WrongKind { .. }
            | Self::Replay(_)
            | Self::NotReady { .. } => false,
        }
    }

    /// Whether there is no camera to take a picture.
    pub fn is_absence(&self) -> bool {
        match self {
            Self::Absent { .. } => true,
            Self::NotReady { state } | Self::NoStill { state, .. } => *state == CameraState::Absent,
            _ => false,
        }
    }

    /// The state a camera is in after this error ended its stream.
    pub(crate) fn state(&self) -> CameraState {
        let failed = |reason| CameraState::Failed { reason };
        match self {
            Self::Absent { .. } => CameraState::Absent,
            Self::Busy { holder, .. } => CameraState::Busy { holder: holder.clone() },
            Self::Device { source, .. } if source.kind() == std::io::ErrorKind::PermissionDenied => {
                failed(Reason::AccessDenied)
            }
            Self::Device { .. } | Self::Library { .. } | Self::WrongKind { .. } => failed(Reason::Driver),
            Self::NoLibrary { .. } => failed(Reason::NoLibrary),
            Self::NoUsableMode { .. } => failed(Reason::NoUsableMode),
            Self::Replay(_) => failed(Reason::Pictures),
            Self::DamagedFrame { .. } | Self::NoFrame { .. } | Self::NotReady { .. } | Self::NoStill { .. } => {
                CameraState::Stalled
            }
        }
    }
}
