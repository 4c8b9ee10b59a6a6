//! Which knobs does a camera have, and where shall they stand? Exposure, white balance, focus, zoom.
//!
//! A camera forgets its settings when it loses power, and another program may change them: what was chosen is kept by the
//! caller, and set again each time the camera is opened.
use crate::fault::CameraError;
use crate::identity::CameraId;
use std::sync::{Arc, Mutex, PoisonError};

/// A knob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Knob {
    /// Whether the camera chooses the exposure: 0 or 1.
    ExposureAuto,
    /// Exposure time in units of 100 µs.
    Exposure,
    /// Whether the camera chooses the white balance: 0 or 1.
    WhiteBalanceAuto,
    /// White balance in kelvin.
    WhiteBalance,
    /// Whether the camera focuses by itself: 0 locks the focus.
    FocusAuto,
    /// Focus in the camera's own units.
    Focus,
    /// Zoom in the camera's own units.
    Zoom,
}

impl Knob {
    /// All of them; each automatic before what it governs, which is the order they are set in.
    pub const ALL: [Self; 7] = [
        Self::ExposureAuto,
        Self::Exposure,
        Self::WhiteBalanceAuto,
        Self::WhiteBalance,
        Self::FocusAuto,
        Self::Focus,
        Self::Zoom,
    ];

    /// A stable short name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ExposureAuto => "exposure_auto",
            Self::Exposure => "exposure",
            Self::WhiteBalanceAuto => "white_balance_auto",
            Self::WhiteBalance => "white_balance",
            Self::FocusAuto => "focus_auto",
            Self::Focus => "focus",
            Self::Zoom => "zoom",
        }
    }

    /// The knob of a short name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|knob| knob.code() == code)
    }
}

/// A knob as a camera has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offered {
    /// Which.
    pub knob: Knob,
    /// Least value.
    pub least: i64,
    /// Most value.
    pub most: i64,
    /// Distance of two values.
    pub step: i64,
    /// Where it stands on a camera nobody touched.
    pub usual: i64,
    /// Where it stands now.
    pub now: i64,
}

/// A knob and where it shall stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Which.
    pub knob: Knob,
    /// Where.
    pub value: i64,
}

impl Setting {
    /// Names both.
    pub const fn new(knob: Knob, value: i64) -> Self {
        Self { knob, value }
    }
}

/// What was chosen for a camera; shared with its source, which sets it at each opening.
#[derive(Debug, Clone, Default)]
pub struct Settings(Arc<Mutex<Vec<Setting>>>);

impl Settings {
    /// Starts from what was chosen before.
    pub fn new(chosen: Vec<Setting>) -> Self {
        Self(Arc::new(Mutex::new(chosen)))
    }

    /// What is chosen now, each automatic before what it governs.
    pub fn all(&self) -> Vec<Setting> {
        let chosen = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let of = |knob| chosen.iter().rev().find(move |s| s.knob == knob).copied();
        Knob::ALL.into_iter().filter_map(of).collect()
    }

    /// Chooses a value from now on.
    pub fn choose(&self, setting: Setting) {
        let mut chosen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        chosen.retain(|s| s.knob != setting.knob);
        chosen.push(setting);
    }
}

/// The knobs of a plugged-in camera, whether it is open or not.
///
/// # Errors
/// When it is not there or does not answer; on systems without Video4Linux always.
pub fn knobs(id: &CameraId) -> Result<Vec<Offered>, CameraError> {
    #[cfg(target_os = "linux")]
    return crate::uvc_linux::knobs(id, &crate::uvc_linux::Roots::default());
    #[cfg(not(target_os = "linux"))]
    return Err(CameraError::WrongKind { camera: id.clone() });
}

/// Sets knobs of a plugged-in camera, whether it is open or not.
///
/// # Errors
/// When it is not there or refuses one.
pub fn set(id: &CameraId, settings: &[Setting]) -> Result<(), CameraError> {
    #[cfg(target_os = "linux")]
    return crate::uvc_linux::set_knobs(id, settings, &crate::uvc_linux::Roots::default());
    #[cfg(not(target_os = "linux"))]
    return match settings {
        [] => Ok(()),
        _ => Err(CameraError::WrongKind { camera: id.clone() }),
    };
}
