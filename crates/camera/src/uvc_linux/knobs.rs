//! How are a camera's knobs read and set on Linux? Through a second opening of its node, which never disturbs the stream.
use super::{Roots, Steps, find, present};
use crate::controls::{Knob, Offered, Setting};
use crate::fault::CameraError;
use crate::identity::CameraId;
use std::io;
use v4l::Device;
use v4l::control::{Control, Description, Flags, Type, Value};

/// Control numbers of Video4Linux (`linux/v4l2-controls.h`).
const fn number(knob: Knob) -> u32 {
    match knob {
        Knob::ExposureAuto => 0x009a_0901,
        Knob::Exposure => 0x009a_0902,
        Knob::WhiteBalanceAuto => 0x0098_090c,
        Knob::WhiteBalance => 0x0098_091a,
        Knob::FocusAuto => 0x009a_090c,
        Knob::Focus => 0x009a_090a,
        Knob::Zoom => 0x009a_090d,
    }
}

/// Items of the exposure menu: manual, and the automatic ones in the order they are preferred in.
const EXPOSURE_MANUAL: i64 = 1;
const EXPOSURE_AUTOMATIC: [i64; 3] = [3, 0, 2];

/// The knobs of a camera.
///
/// # Errors
/// When it is not there or does not answer.
pub fn knobs(id: &CameraId, roots: &Roots) -> Result<Vec<Offered>, CameraError> {
    let steps = steps(id, roots)?;
    let (device, known) = opened(&steps)?;
    let mut found = Vec::new();
    for knob in Knob::ALL {
        let Some(description) = known.iter().find(|d| d.id == number(knob)) else {
            continue;
        };
        // One that does not answer must not hide the others.
        let now = match steps.run("reading a knob of", || device.control(description.id)) {
            Ok(control) => match control.value {
                Value::Integer(value) => value,
                Value::Boolean(value) => i64::from(value),
                _ => continue,
            },
            Err(CameraError::Absent { camera }) => return Err(CameraError::Absent { camera }),
            Err(_) => continue,
        };
        found.push(offered(knob, description, now));
    }
    Ok(found)
}

fn offered(knob: Knob, description: &Description, now: i64) -> Offered {
    let plain = |value: i64| match knob {
        Knob::ExposureAuto => i64::from(value != EXPOSURE_MANUAL),
        _ => value,
    };
    let (least, most) = match knob {
        Knob::ExposureAuto => (0, 1),
        _ => (description.minimum, description.maximum),
    };
    Offered {
        knob,
        least,
        most,
        step: match knob {
            Knob::ExposureAuto => 1,
            _ => i64::try_from(description.step).unwrap_or(1).max(1),
        },
        usual: plain(description.default),
        now: plain(now),
    }
}

/// Sets knobs of a camera.
///
/// # Errors
/// When it is not there, or the first refusal; the other knobs are set all the same.
pub fn set(id: &CameraId, settings: &[Setting], roots: &Roots) -> Result<(), CameraError> {
    match apply(&steps(id, roots)?, settings)?.into_iter().next() {
        Some((_, refused)) => Err(refused),
        None => Ok(()),
    }
}

/// Sets knobs one by one, in order, and says which the camera refused; what it does not have is passed over.
pub(super) fn apply(steps: &Steps, settings: &[Setting]) -> Result<Vec<(Knob, CameraError)>, CameraError> {
    let mut refused = Vec::new();
    if settings.is_empty() {
        return Ok(refused);
    }
    let (device, known) = opened(steps)?;
    for setting in settings {
        let Some(description) = known.iter().find(|d| d.id == number(setting.knob)) else {
            continue;
        };
        let value = match (setting.knob, description.typ) {
            (Knob::ExposureAuto, _) => Value::Integer(exposure_item(description, setting.value)),
            (_, Type::Boolean) => Value::Boolean(setting.value != 0),
            _ => Value::Integer(setting.value.clamp(description.minimum, description.maximum)),
        };
        let control = Control {
            id: description.id,
            value,
        };
        if let Err(error) = steps.run("setting a knob of", || device.set_control(control)) {
            refused.push((setting.knob, error));
        }
    }
    Ok(refused)
}

fn exposure_item(description: &Description, value: i64) -> i64 {
    let has = |item: i64| {
        let items = description.items.iter().flatten();
        items.into_iter().any(|(index, _)| i64::from(*index) == item)
    };
    let automatic = EXPOSURE_AUTOMATIC.into_iter().find(|item| has(*item));
    if value == 0 {
        EXPOSURE_MANUAL
    } else {
        automatic.unwrap_or(EXPOSURE_MANUAL)
    }
}

fn opened(steps: &Steps) -> Result<(Device, Vec<Description>), CameraError> {
    let device = steps.run("opening", || Device::with_path(&steps.path))?;
    let mut known = steps.run("asking for the knobs of", || match device.query_controls() {
        // A device without any control says so with an error.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(Vec::new()),
        other => other,
    })?;
    known.retain(|d| !d.flags.intersects(Flags::DISABLED | Flags::READ_ONLY));
    Ok((device, known))
}

fn steps(id: &CameraId, roots: &Roots) -> Result<Steps, CameraError> {
    let present = present(roots);
    let node = find(id, &present).ok_or_else(|| CameraError::Absent { camera: id.clone() })?;
    Ok(Steps {
        camera: id.clone(),
        path: roots.dev.join(&node.node),
        proc: roots.proc.clone(),
    })
}
