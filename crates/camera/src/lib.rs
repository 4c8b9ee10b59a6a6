//! How do frames and stills get from a camera into the program, whole, and how is a code read from them?
//!
//! A [`Source`] is a camera that can be opened; a [`CameraHandle`] owns the thread that keeps it open, watches it and lets
//! every frame through the one [`gate`]. The bytes of a frame are never changed. Mirroring and overlays are the UI's.
#[cfg(unix)]
pub mod apart;
mod card;
pub mod code;
pub mod controls;
mod fault;
mod frame;
pub mod gate;
pub mod glance;
mod handle;
pub mod hotfolder;
mod identity;
mod lead;
pub mod mode;
#[cfg(unix)]
mod monotonic;
#[cfg(any(windows, target_os = "macos"))]
pub mod nokhwa_backend;
#[cfg(any(target_os = "linux", windows, target_os = "macos"))]
mod raw;
pub mod replay;
mod shared;
mod source;
mod supervise;
pub mod tether;
#[cfg(target_os = "linux")]
pub mod uvc_linux;

pub use card::{CardFile, CardPicture, Cause, Delivery, OwnShutter, Wish};
pub use fault::{CameraError, CameraState, Reason};
pub use frame::{Frame, RawFrame, Still};
pub use handle::{CameraHandle, FrameWatch};
pub use identity::{CameraId, Descriptor, Kind, UsbUnit};
pub use lead::Lead;
pub use shared::{Counters, Report};
pub use source::{Cadence, Negotiated, Source, StopSign, Stream};
pub use supervise::Limits;

/// Lists the cameras plugged in now, best guess first. The replay camera is not among them, nor are those on a cable
/// ([`tether::discover`]), for which a library is opened and the buses are searched.
pub fn discover() -> Vec<Descriptor> {
    #[cfg(target_os = "linux")]
    return uvc_linux::discover(&uvc_linux::Roots::default());
    #[cfg(any(windows, target_os = "macos"))]
    return nokhwa_backend::discover();
    #[cfg(not(any(target_os = "linux", windows, target_os = "macos")))]
    return Vec::new();
}

/// Builds the source of a real camera by its identity; it need not be plugged in yet. Its knobs are set at each opening, where the
/// system has a way to them.
///
/// # Errors
/// `WrongKind` for the identity of a replay camera, which is built from its pictures instead.
pub fn source(id: &CameraId, settings: controls::Settings) -> Result<Box<dyn Source>, CameraError> {
    // A wrong pair of format and rate ends the whole program there: it is another one's.
    #[cfg(target_os = "macos")]
    if let CameraId::Named(_) = id
        && let Ok(program) = std::env::current_exe()
    {
        let named = discover().into_iter().find(|d| d.id == *id);
        let name = named.map_or_else(|| id.to_string(), |d| d.name);
        let arguments = vec![id.to_string().into()];
        return Ok(Box::new(apart::ApartCamera::new(id.clone(), name, program, arguments)));
    }
    inside(id, settings)
}

/// As [`source`], with its driver in this process.
fn inside(id: &CameraId, settings: controls::Settings) -> Result<Box<dyn Source>, CameraError> {
    match id {
        #[cfg(target_os = "linux")]
        CameraId::Usb { .. } | CameraId::Node(_) => {
            let camera = uvc_linux::UvcCamera::new(id.clone(), mode::Wish::default(), uvc_linux::Roots::default());
            Ok(Box::new(camera.with_settings(settings)))
        }
        #[cfg(any(windows, target_os = "macos"))]
        CameraId::Named(_) => Ok(Box::new(nokhwa_backend::NokhwaCamera::new(
            id.clone(),
            mode::Wish::default(),
        ))),
        CameraId::Tethered(model) => match tether::program() {
            Some(program) => Ok(Box::new(tether::TetherCamera::new(model.clone(), program))),
            None => Err(CameraError::WrongKind { camera: id.clone() }),
        },
        other => Err(CameraError::WrongKind { camera: other.clone() }),
    }
}
