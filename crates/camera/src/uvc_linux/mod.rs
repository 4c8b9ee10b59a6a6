//! How are cameras found and opened on Linux? Through the `v4l` crate alone.
//!
//! `nokhwa` ignores `bytesused` here and completes a torn frame with stale bytes of an older one; this backend hands over the
//! bytes used and nothing else. Devices are recognised by USB numbers and serial, never by `/dev/videoN`, which changes with
//! every plugging.
mod glance;
mod holder;
mod knobs;
mod offer;
mod stream;
mod sysfs;

pub use glance::{glance, mode_of};
pub use holder::holder;
pub use knobs::{knobs, set as set_knobs};
pub use sysfs::{UsbDevice, VideoNode, find, identify, video_nodes};

use crate::controls::Settings;
use crate::fault::CameraError;
use crate::identity::{CameraId, Descriptor, Kind};
use crate::mode::Wish;
use crate::source::{Source, Stream};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use v4l::capability::Flags;

/// Where the system's folders are; other ones in tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roots {
    /// `/sys`.
    pub sys: PathBuf,
    /// `/dev`.
    pub dev: PathBuf,
    /// `/proc`.
    pub proc: PathBuf,
}

impl Default for Roots {
    fn default() -> Self {
        Self {
            sys: "/sys".into(),
            dev: "/dev".into(),
            proc: "/proc".into(),
        }
    }
}

/// Lists the cameras that can capture, in the order of their nodes.
pub fn discover(roots: &Roots) -> Vec<Descriptor> {
    present(roots)
        .into_iter()
        .map(|(id, node)| Descriptor {
            id,
            name: node.name,
            kind: Kind::Uvc,
        })
        .collect()
}

/// The nodes that capture, with their identities.
fn present(roots: &Roots) -> Vec<(CameraId, VideoNode)> {
    let mut nodes = video_nodes(&roots.sys);
    nodes.retain(|node| captures(&roots.dev.join(&node.node), node.index));
    identify(nodes)
}

/// Whether the node captures pictures. One that may not be opened is listed all the same, so that the state can say why not.
fn captures(path: &Path, index: u32) -> bool {
    let asked = catch_unwind(AssertUnwindSafe(|| {
        v4l::Device::with_path(path).and_then(|device| device.query_caps())
    }));
    match asked {
        Ok(Ok(caps)) => caps.capabilities.contains(Flags::VIDEO_CAPTURE | Flags::STREAMING),
        Ok(Err(error)) => index == 0 && error.kind() == io::ErrorKind::PermissionDenied,
        // The v4l crate panics over names that are not UTF-8.
        Err(_) => index == 0,
    }
}

/// A camera by its identity.
#[derive(Debug)]
pub struct UvcCamera {
    id: CameraId,
    wish: Wish,
    roots: Roots,
    settings: Settings,
    /// The name as last seen.
    name: String,
}

impl UvcCamera {
    /// Prepares a camera; it need not be plugged in.
    pub fn new(id: CameraId, wish: Wish, roots: Roots) -> Self {
        let name =
            find(&id, &identify(video_nodes(&roots.sys))).map_or_else(|| id.to_string(), |node| node.name.clone());
        Self {
            id,
            wish,
            roots,
            settings: Settings::default(),
            name,
        }
    }

    /// The knobs it is to have set whenever it is opened.
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }
}

impl Source for UvcCamera {
    fn id(&self) -> CameraId {
        self.id.clone()
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn open(&mut self) -> Result<Box<dyn Stream>, CameraError> {
        let absent = || CameraError::Absent {
            camera: self.id.clone(),
        };
        let present = present(&self.roots);
        let node = find(&self.id, &present).ok_or_else(absent)?;
        self.name.clone_from(&node.name);
        let path = self.roots.dev.join(&node.node);
        let steps = Steps {
            camera: self.id.clone(),
            path,
            proc: self.roots.proc.clone(),
        };
        let stream = stream::UvcStream::open(steps.clone(), &self.wish)?;
        // A knob the camera refuses today costs neither the pictures nor the other knobs, and is told.
        let wished = self.settings.all();
        let refused = match knobs::apply(&steps, &wished) {
            Ok(refused) => refused.into_iter().map(|(knob, _)| knob).collect(),
            Err(_) => wished.into_iter().map(|setting| setting.knob).collect(),
        };
        Ok(Box::new(stream.with_refused(refused)))
    }
}

/// Runs the driver's steps and says what their failures mean.
#[derive(Debug, Clone)]
struct Steps {
    camera: CameraId,
    path: PathBuf,
    proc: PathBuf,
}

/// Error numbers of Linux that have a meaning of their own here.
const ENXIO: i32 = 6;
const EBUSY: i32 = 16;
const ENODEV: i32 = 19;

impl Steps {
    /// Runs one step. The v4l crate panics on values it does not know and on failed drops; that becomes an error.
    fn run<T>(&self, doing: &'static str, step: impl FnOnce() -> io::Result<T>) -> Result<T, CameraError> {
        match catch_unwind(AssertUnwindSafe(step)) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(self.fault(doing, error)),
            Err(_) => Err(CameraError::Library {
                camera: self.camera.clone(),
                doing,
                message: "the driver's answer was not understood".to_owned(),
            }),
        }
    }

    fn fault(&self, doing: &'static str, source: io::Error) -> CameraError {
        let camera = self.camera.clone();
        match (source.raw_os_error(), source.kind()) {
            (Some(ENODEV | ENXIO), _) | (_, io::ErrorKind::NotFound) => CameraError::Absent { camera },
            (Some(EBUSY), _) => CameraError::Busy {
                holder: holder(&self.proc, &self.path),
                camera,
            },
            _ => CameraError::Device { camera, doing, source },
        }
    }
}
