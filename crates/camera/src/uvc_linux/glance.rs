//! How is a camera nobody here has open? Asked of its driver for a moment, without a single frame.
use super::{Roots, Steps, find, offer, present};
use crate::fault::CameraError;
use crate::glance::Glance;
use crate::identity::CameraId;
use crate::mode::{self, Mode, Wish};
use v4l::Device;
use v4l::video::Capture;

/// Asks for the formats, and for the present one once more: only whoever streams makes the driver refuse that.
pub fn glance(id: &CameraId, roots: &Roots) -> Glance {
    match asked(id, roots) {
        Ok(mode) => Glance {
            trouble: None,
            mode: Some(mode),
        },
        Err(error) => Glance {
            trouble: Some(error.state()),
            mode: None,
        },
    }
}

/// The mode a camera would be opened in; it may be open here.
///
/// # Errors
/// When it is not there, may not be opened or offers nothing that is understood.
pub fn mode_of(id: &CameraId, roots: &Roots) -> Result<Mode, CameraError> {
    let (steps, device) = opened(id, roots)?;
    chosen(id, &steps, &device)
}

fn asked(id: &CameraId, roots: &Roots) -> Result<Mode, CameraError> {
    let (steps, device) = opened(id, roots)?;
    let mode = chosen(id, &steps, &device)?;
    let now = steps.run("asking for the format of", || device.format())?;
    steps.run("keeping the format of", || device.set_format(&now))?;
    Ok(mode)
}

fn opened(id: &CameraId, roots: &Roots) -> Result<(Steps, Device), CameraError> {
    let present = present(roots);
    let absent = || CameraError::Absent { camera: id.clone() };
    let node = find(id, &present).ok_or_else(absent)?;
    let steps = Steps {
        camera: id.clone(),
        path: roots.dev.join(&node.node),
        proc: roots.proc.clone(),
    };
    let device = steps.run("opening", || Device::with_path(&steps.path))?;
    Ok((steps, device))
}

fn chosen(id: &CameraId, steps: &Steps, device: &Device) -> Result<Mode, CameraError> {
    let offered = steps.run("asking for the formats of", || offer::modes(device))?;
    let modes: Vec<Mode> = offered.into_iter().map(|(mode, _)| mode).collect();
    let none = || CameraError::NoUsableMode { camera: id.clone() };
    mode::choose(&modes, &Wish::default()).ok_or_else(none)
}
