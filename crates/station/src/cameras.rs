//! Which cameras are at hand, how is each of them, and how does the one in use stand?
//!
//! A camera on its side is told about once. From then on its live picture is shown upright and the live check sees it so; a
//! still that is a frame of it gets the EXIF orientation a camera of its own shutter writes. The picture itself is never turned.
use crate::core::{Core, Seat};
use crate::trouble::Trouble;
use camera::{CameraId, CameraState, Descriptor, Still};
use ipc::{CameraChoice, CameraMode, CameraView, CamerasView};
use photo::Orientation;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use store::settings;

/// How often the turns name one direction: four quarters are none.
const QUARTERS: u8 = 4;
/// Longest name of a camera that is remembered.
const MAX_NAME_CHARS: usize = 80;

impl Seat {
    /// Quarter turns clockwise that make its picture upright.
    pub(crate) fn turns(&self) -> u8 {
        self.turns.load(Ordering::Relaxed) % QUARTERS
    }

    /// A frame as it is to be seen: the same bytes while the camera stands upright.
    pub(crate) fn upright(&self, jpeg: &Arc<[u8]>) -> Arc<[u8]> {
        let orientation = match self.turns() {
            1 => Orientation::Turn90,
            2 => Orientation::Turned180,
            3 => Orientation::Turn270,
            _ => return Arc::clone(jpeg),
        };
        photo::marked(jpeg, orientation).into()
    }

    /// A still with what is known of the camera's stand. The file of a camera with a shutter of its own says it itself.
    pub(crate) fn stood(&self, still: Still) -> Still {
        if self.handle.has_own_shutter() {
            return still;
        }
        Still {
            jpeg: self.upright(&still.jpeg),
            ..still
        }
    }
}

impl Core {
    /// Cameras one may choose, the replay camera last.
    pub fn cameras(&self) -> Vec<CameraChoice> {
        self.cameras_view().cameras
    }

    /// The same, and whether cameras on a cable could be looked for.
    pub fn cameras_view(&self) -> CamerasView {
        let seat = self.seat();
        let in_use = seat.as_ref().map(|s| s.handle.id().clone());
        let spare = self.spare(in_use.as_ref()).ok().flatten();
        let mut found = self.bus.plugged();
        let cable = match camera::tether::program() {
            None => "no_program",
            Some(program) => {
                let survey = camera::tether::survey(&program);
                found.extend(survey.found);
                if survey.has_library { "ready" } else { "no_library" }
            }
        };
        if let Ok(Some(replay)) = self.replay_camera() {
            found.push(replay.descriptor());
        }
        let mut cameras: Vec<CameraChoice> = Vec::new();
        for descriptor in found {
            if in_use.as_ref() == Some(&descriptor.id) || spare.as_ref() == Some(&descriptor.id) {
                self.remember_name(&descriptor);
            }
            let used = seat.as_ref().filter(|s| *s.handle.id() == descriptor.id);
            cameras.push(choice(descriptor, used, spare.as_ref()));
        }
        let remembered = self.remembered_camera().ok().flatten();
        for id in [in_use.clone(), remembered, spare.clone()].into_iter().flatten() {
            let text = id.to_string();
            if cameras.iter().all(|c| c.id != text) {
                let used = seat.as_ref().filter(|s| *s.handle.id() == id);
                let name = self.name_of(&id, used);
                cameras.push(missing(&id, name, used, spare.as_ref()));
            }
        }
        CamerasView {
            cameras,
            cable: cable.to_owned(),
        }
    }

    /// Says how the camera in use stands, and remembers it for this camera.
    pub fn turn_camera(&self, turns: u8) -> Result<(), Trouble> {
        if turns >= QUARTERS {
            return Err(Trouble::Bad("a camera is turned by 0 to 3 quarters"));
        }
        let seat = self.seat().ok_or(Trouble::NoCamera)?;
        let key = turns_key(seat.handle.id());
        self.store.write(|tx| settings::put(tx, &key, &turns.to_string()))?;
        seat.turns.store(turns, Ordering::Relaxed);
        self.desk().live = crate::desk::no_live();
        self.board.bump();
        Ok(())
    }

    /// How a camera stood when it was last told; anything unreadable counts as upright.
    pub(crate) fn chosen_turns(&self, id: &CameraId) -> Arc<AtomicU8> {
        let known = self.store.read(|c| settings::get(c, &turns_key(id))).ok().flatten();
        let turns = known.and_then(|t| t.parse().ok()).filter(|t| *t < QUARTERS);
        Arc::new(AtomicU8::new(turns.unwrap_or(0)))
    }

    /// Says aloud that the camera in use went away, and that it is there again. One that was exchanged was not lost.
    pub(crate) fn tell_of_camera(&self, lost: &mut bool, before: &CameraView, now: &CameraView) {
        let streams = |camera: &CameraView| camera.state == CameraState::Streaming.code();
        if before.name != now.name {
            *lost = false;
            return;
        }
        let (level, code) = match (streams(before), streams(now)) {
            (true, false) => ("error", "camera_lost"),
            (_, true) if *lost => ("info", "camera_back"),
            (_, true) | (false, false) => return,
        };
        *lost = !streams(now);
        self.notify(level, code, &[("name", now.name.clone().unwrap_or_default())]);
    }

    /// The name is shown while the camera is away.
    fn remember_name(&self, camera: &Descriptor) {
        let (key, name) = (name_key(&camera.id), shortened(&camera.name));
        let known = self.store.read(|c| settings::get(c, &key)).ok().flatten();
        if known.as_deref() != Some(name.as_str()) {
            // A name that is not kept is shown as the identity instead.
            let _ = self.store.write(|tx| settings::put(tx, &key, &name));
        }
    }

    fn name_of(&self, id: &CameraId, used: Option<&Seat>) -> String {
        let known = self.store.read(|c| settings::get(c, &name_key(id))).ok().flatten();
        known.unwrap_or_else(|| used.map_or_else(|| id.to_string(), |s| s.handle.name().to_owned()))
    }
}

fn choice(descriptor: Descriptor, used: Option<&Seat>, spare: Option<&CameraId>) -> CameraChoice {
    let (state, mode) = match used {
        Some(seat) => (Some(seat.handle.state()), camera::glance::mode_of(&descriptor.id)),
        None => {
            let glance = camera::glance::glance(&descriptor.id);
            (glance.trouble, glance.mode)
        }
    };
    let mode = mode.map(|m| CameraMode {
        width: m.size.width,
        height: m.size.height,
        fps: m.fps().round(),
        coding: m.coding.code().to_owned(),
    });
    CameraChoice {
        id: descriptor.id.to_string(),
        name: descriptor.name,
        kind: descriptor.kind.code().to_owned(),
        chosen: used.is_some(),
        spare: spare == Some(&descriptor.id),
        state: state.as_ref().map_or("ready", CameraState::code).to_owned(),
        reason: state.as_ref().and_then(reason_of),
        holder: state.and_then(holder_of),
        mode,
    }
}

fn missing(id: &CameraId, name: String, used: Option<&Seat>, spare: Option<&CameraId>) -> CameraChoice {
    let kind = match id {
        CameraId::Usb { .. } | CameraId::Node(_) => "uvc",
        CameraId::Named(_) => "nokhwa",
        CameraId::Tethered(_) => "tether",
        CameraId::Replay(_) => "replay",
    };
    let state = used.map_or(CameraState::Absent, |s| s.handle.state());
    CameraChoice {
        id: id.to_string(),
        name,
        kind: kind.to_owned(),
        chosen: used.is_some(),
        spare: spare == Some(id),
        state: state.code().to_owned(),
        reason: reason_of(&state),
        holder: holder_of(state),
        mode: None,
    }
}

/// Why a camera cannot be used, as the screens word it.
pub(crate) fn reason_of(state: &CameraState) -> Option<String> {
    match state {
        CameraState::Failed { reason } => Some(reason.code().to_owned()),
        CameraState::Absent
        | CameraState::Opening
        | CameraState::Streaming
        | CameraState::Stalled
        | CameraState::Busy { .. } => None,
    }
}

fn holder_of(state: CameraState) -> Option<String> {
    match state {
        CameraState::Busy { holder } => holder,
        CameraState::Absent
        | CameraState::Opening
        | CameraState::Streaming
        | CameraState::Stalled
        | CameraState::Failed { .. } => None,
    }
}

fn shortened(name: &str) -> String {
    name.chars().take(MAX_NAME_CHARS).collect()
}

fn turns_key(id: &CameraId) -> String {
    format!("camera_turns:{id}")
}

fn name_key(id: &CameraId) -> String {
    format!("camera_name:{id}")
}
