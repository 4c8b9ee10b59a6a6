//! Which cameras are at hand? The one in use, the spare one, their knobs, and the folder another program writes into.
use crate::core::Core;
use crate::trouble::Trouble;
use camera::CameraId;
use camera::controls::{Knob, Setting, Settings, knobs, set};
use ipc::CameraKnob;
use store::settings;

const SPARE: &str = "camera_spare";

/// The knobs a camera refused, as they were told last.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Refused {
    camera: Option<CameraId>,
    knobs: Vec<Knob>,
}

impl Core {
    /// The spare source takes over, and the one in use becomes the spare. Who sits stays seated.
    pub fn swap_camera(&self) -> Result<(), Trouble> {
        let _turn = self.turn();
        let in_use = self.seat().map(|s| s.handle.id().clone());
        let next = self.spare_at_hand(in_use.as_ref())?.ok_or(Trouble::NoSpareCamera)?;
        self.take_camera(&next)?;
        if let Some(id) = in_use {
            self.store.write(|tx| settings::put(tx, SPARE, &id.to_string()))?;
        }
        self.notify("info", "camera_swapped", &[]);
        Ok(())
    }

    /// Names the spare source.
    pub fn choose_spare(&self, id: Option<&str>) -> Result<(), Trouble> {
        match id {
            None => self.store.write(|tx| settings::forget(tx, SPARE))?,
            Some(id) => {
                let id: CameraId = id.parse().map_err(|_| Trouble::NoSuch("camera"))?;
                self.store.write(|tx| settings::put(tx, SPARE, &id.to_string()))?;
            }
        }
        Ok(())
    }

    /// The spare source: the one named, else any other that is plugged in.
    pub(crate) fn spare(&self, in_use: Option<&CameraId>) -> Result<Option<CameraId>, Trouble> {
        let named = self.store.read(|c| settings::get(c, SPARE))?;
        let named = named.and_then(|id| id.parse::<CameraId>().ok());
        if let Some(id) = named.filter(|id| Some(id) != in_use) {
            return Ok(Some(id));
        }
        let others = self.bus.plugged().into_iter().map(|d| d.id);
        Ok(others.into_iter().find(|id| Some(id) != in_use))
    }

    /// The spare source, or another one that is plugged in when it is not.
    fn spare_at_hand(&self, in_use: Option<&CameraId>) -> Result<Option<CameraId>, Trouble> {
        let spare = self.spare(in_use)?;
        let is_seen = |id: &CameraId| !matches!(id, CameraId::Tethered(_) | CameraId::Replay(_));
        if !spare.as_ref().is_some_and(is_seen) {
            return Ok(spare);
        }
        let plugged: Vec<CameraId> = self.bus.plugged().into_iter().map(|d| d.id).collect();
        let is_there = plugged.iter().any(|id| Some(id) == spare.as_ref());
        let another = plugged.into_iter().find(|id| Some(id) != in_use);
        Ok(if is_there { spare } else { another.or(spare) })
    }

    /// The knobs of the camera in use; none where it has none.
    pub fn camera_knobs(&self) -> Result<Vec<CameraKnob>, Trouble> {
        let seat = self.seat().ok_or(Trouble::NoCamera)?;
        if seat.replay.is_some() {
            return Ok(Vec::new());
        }
        let view = |o: camera::controls::Offered| CameraKnob {
            knob: o.knob.code().to_owned(),
            least: o.least,
            most: o.most,
            step: o.step,
            usual: o.usual,
            now: o.now,
        };
        Ok(knobs(seat.handle.id())?.into_iter().map(view).collect())
    }

    /// Sets a knob and remembers it for this camera.
    pub fn set_camera_knob(&self, knob: &str, value: i64) -> Result<Vec<CameraKnob>, Trouble> {
        let seat = self.seat().ok_or(Trouble::NoCamera)?;
        let setting = Setting::new(Knob::from_code(knob).ok_or(Trouble::NoSuch("knob"))?, value);
        set(seat.handle.id(), &[setting])?;
        seat.settings.choose(setting);
        let chosen: Vec<(&str, i64)> = seat.settings.all().iter().map(|s| (s.knob.code(), s.value)).collect();
        let json = serde_json::to_string(&chosen).map_err(|_| Trouble::Bad("the knobs cannot be written"))?;
        let key = knobs_key(seat.handle.id());
        self.store.write(|tx| settings::put(tx, &key, &json))?;
        self.camera_knobs()
    }

    /// Says that the camera in use did not take knobs as they were chosen; once, until it refuses others.
    pub(crate) fn tell_refused_knobs(&self, told: &mut Refused) {
        let Some(seat) = self.seat() else {
            return;
        };
        let knobs = seat.handle.report().refused_knobs;
        let now = Refused {
            camera: Some(seat.handle.id().clone()),
            knobs,
        };
        if now != *told {
            if !now.knobs.is_empty() {
                self.notify("warn", "knobs_refused", &[("count", now.knobs.len().to_string())]);
            }
            *told = now;
        }
    }

    /// What was chosen for a camera before. Anything unreadable counts as nothing: a knob must never keep the desk shut.
    pub(crate) fn chosen_knobs(&self, id: &CameraId) -> Settings {
        let json = self.store.read(|c| settings::get(c, &knobs_key(id))).ok().flatten();
        let pairs: Vec<(String, i64)> = json.and_then(|j| serde_json::from_str(&j).ok()).unwrap_or_default();
        let setting = |(code, value): (String, i64)| Some(Setting::new(Knob::from_code(&code)?, value));
        Settings::new(pairs.into_iter().filter_map(setting).collect())
    }
}

fn knobs_key(id: &CameraId) -> String {
    format!("camera_knobs:{id}")
}
