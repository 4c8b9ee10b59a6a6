//! How is a camera that is not in use? So that a list can say which ones would work, and in which format.
use crate::fault::CameraState;
use crate::identity::CameraId;
use crate::mode::Mode;

/// What a short look at a plugged-in camera gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Glance {
    /// Why it could not be opened now; absent when it could.
    pub trouble: Option<CameraState>,
    /// The format it would be opened in; absent where the system does not tell before.
    pub mode: Option<Mode>,
}

/// Looks at a camera that is not open here; it is not disturbed. Where the system has no way to it, nothing speaks against it.
pub fn glance(id: &CameraId) -> Glance {
    #[cfg(target_os = "linux")]
    if matches!(id, CameraId::Usb { .. } | CameraId::Node(_)) {
        return crate::uvc_linux::glance(id, &crate::uvc_linux::Roots::default());
    }
    let _ = id;
    Glance {
        trouble: None,
        mode: None,
    }
}

/// The format a camera is opened in, whether it is open here or not; absent where the system does not tell.
pub fn mode_of(id: &CameraId) -> Option<Mode> {
    #[cfg(target_os = "linux")]
    if matches!(id, CameraId::Usb { .. } | CameraId::Node(_)) {
        return crate::uvc_linux::mode_of(id, &crate::uvc_linux::Roots::default()).ok();
    }
    let _ = id;
    None
}
