//! Which camera is it, so that it is found again after it was unplugged?
use std::fmt;
use std::str::FromStr;

/// What tells one camera from the others of its model.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum UsbUnit {
    /// The serial number it reports.
    Serial(String),
    /// The USB port it is plugged into, for example `1-4.2`: many cheap cameras report no serial number or all the same.
    Port(String),
}

/// The identity of a camera. Its text form (`Display`, `FromStr`) is stable and holds no folder: it may be stored and shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CameraId {
    /// A USB camera: vendor and product number, then the unit.
    Usb {
        /// USB vendor number.
        vendor: u16,
        /// USB product number.
        product: u16,
        /// Which of them.
        unit: UsbUnit,
    },
    /// A camera the system made without USB, by the name of its node (`video2`).
    Node(String),
    /// A camera known only by the system's own id (Windows, macOS).
    Named(String),
    /// A camera on a cable that libgphoto2 knows, by its model.
    Tethered(String),
    /// Pictures played as a camera; the name of the folder or file without the way to it.
    Replay(String),
}

impl fmt::Display for CameraId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usb { vendor, product, unit } => match unit {
                UsbUnit::Serial(serial) => write!(f, "usb:{vendor:04x}:{product:04x}:{serial}"),
                UsbUnit::Port(port) => write!(f, "usb:{vendor:04x}:{product:04x}@{port}"),
            },
            Self::Node(node) => write!(f, "node:{node}"),
            Self::Named(name) => write!(f, "named:{name}"),
            Self::Tethered(model) => write!(f, "tether:{model}"),
            Self::Replay(name) => write!(f, "replay:{name}"),
        }
    }
}

/// The text is no camera identity.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
#[error(
    "reading a camera identity: not of the form usb:VVVV:PPPP:SERIAL, usb:VVVV:PPPP@PORT, node:, named:, tether: or replay:"
)]
pub struct NotAnIdentity;

impl FromStr for CameraId {
    type Err = NotAnIdentity;

    fn from_str(text: &str) -> Result<Self, NotAnIdentity> {
        let (scheme, rest) = text.split_once(':').ok_or(NotAnIdentity)?;
        match scheme {
            "usb" => usb(rest).ok_or(NotAnIdentity),
            "node" => Ok(Self::Node(rest.to_owned())),
            "named" => Ok(Self::Named(rest.to_owned())),
            "tether" => Ok(Self::Tethered(rest.to_owned())),
            "replay" => Ok(Self::Replay(rest.to_owned())),
            _ => Err(NotAnIdentity),
        }
    }
}

fn usb(rest: &str) -> Option<CameraId> {
    let vendor = u16::from_str_radix(rest.get(..4)?, 16).ok()?;
    let product = u16::from_str_radix(rest.get(4..)?.strip_prefix(':')?.get(..4)?, 16).ok()?;
    let unit = rest.get(9..)?;
    let unit = match unit.strip_prefix('@') {
        Some(port) => UsbUnit::Port(port.to_owned()),
        None => UsbUnit::Serial(unit.strip_prefix(':')?.to_owned()),
    };
    Some(CameraId::Usb { vendor, product, unit })
}

/// What kind of backend plays a camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A Video4Linux device.
    Uvc,
    /// A Windows or macOS camera.
    Nokhwa,
    /// A camera on a cable, through libgphoto2.
    Tethered,
    /// Pictures played as a camera.
    Replay,
}

impl Kind {
    /// A stable short name: `uvc`, `nokhwa`, `tether`, `replay`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Uvc => "uvc",
            Self::Nokhwa => "nokhwa",
            Self::Tethered => "tether",
            Self::Replay => "replay",
        }
    }
}

/// A camera one may choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Descriptor {
    /// Finds it again.
    pub id: CameraId,
    /// The name it reports, for people.
    pub name: String,
    /// Backend.
    pub kind: Kind,
}
