//! What becomes of the camera without anybody choosing one? The remembered one is looked for at the start and come back to when it is
//! plugged in; until then another one stands in. Nothing is changed while a shot is under way, and who sits stays seated.
use crate::core::Core;
use crate::trouble::Trouble;
use camera::{CameraId, CameraState, Descriptor};
use std::time::Duration;
use store::settings;

/// The remembered camera's place in the settings.
pub(crate) const CAMERA: &str = "camera";
/// How often what is plugged in is looked at, while another camera is wanted.
const EVERY: Duration = Duration::from_secs(1);

/// The camera in use, as the search sees it.
#[derive(Debug, Clone, Copy)]
struct Seated<'a> {
    id: &'a CameraId,
    /// It was not there so far: it may be stood in for.
    never_came: bool,
}

/// What the search comes to.
#[derive(Debug, PartialEq)]
enum Step<'a> {
    /// The remembered camera is there.
    Back(&'a Descriptor),
    /// It is not; this one takes its place for now.
    StandIn(&'a Descriptor),
    /// None is remembered; this is the first one.
    First(&'a Descriptor),
}

impl<'a> Step<'a> {
    fn camera(&self) -> &'a Descriptor {
        match self {
            Self::Back(d) | Self::StandIn(d) | Self::First(d) => d,
        }
    }
}

/// A camera the bus cannot list cheaply, or at all: it is opened by its identity and looked for by its own thread.
const fn opens_itself(id: &CameraId) -> bool {
    matches!(id, CameraId::Tethered(_))
}

/// Which camera is to be used instead of the one in use, if any.
fn step<'a>(remembered: Option<&CameraId>, seated: Option<Seated<'_>>, found: &'a [Descriptor]) -> Option<Step<'a>> {
    let Some(remembered) = remembered else {
        return match seated {
            Some(_) => None,
            None => found.first().map(Step::First),
        };
    };
    let is_in_use = seated.is_some_and(|s| s.id == remembered);
    match found.iter().find(|d| d.id == *remembered) {
        Some(_) if is_in_use => None,
        Some(back) => Some(Step::Back(back)),
        None if opens_itself(remembered) => None,
        None if seated.is_none_or(|s| is_in_use && s.never_came) => found.first().map(Step::StandIn),
        None => None,
    }
}

impl Core {
    pub(crate) fn remembered_camera(&self) -> Result<Option<CameraId>, Trouble> {
        let text = self.store.read(|c| settings::get(c, CAMERA))?;
        let id = text.and_then(|id| id.parse::<CameraId>().ok());
        // A folder of pictures that is not given this time is nothing to wait for.
        Ok(id.filter(|id| !matches!(id, CameraId::Replay(_)) || self.bus_has(id)))
    }

    fn bus_has(&self, id: &CameraId) -> bool {
        self.bus.plugged().iter().any(|d| d.id == *id)
    }

    /// At the start: the camera of last time, else the first one found, else the replay camera. One that is not there is looked for.
    pub(crate) fn find_camera(&self) -> Result<(), Trouble> {
        let remembered = self.remembered_camera()?;
        let found = self.bus.plugged();
        let replay = self.replay_camera()?;
        if let Some(id) = remembered.as_ref().filter(|id| opens_itself(id)) {
            self.try_camera(id);
        } else if let Some(step) = step(remembered.as_ref(), None, &found) {
            if let Step::StandIn(_) = &step {
                self.tell(&step);
            }
            self.try_camera(&step.camera().id);
        } else if let Some(replay) = replay {
            self.put_camera(self.replay_seat(replay));
        } else if let Some(id) = &remembered {
            self.try_camera(id);
        }
        Ok(())
    }

    /// Takes a camera into use if it can be had. A camera of another system, or one whose program is missing, keeps no desk shut.
    fn try_camera(&self, id: &CameraId) {
        if let Err(trouble) = self.use_camera(id) {
            self.notify("warn", trouble.code().0, &[("detail", trouble.to_string())]);
        }
    }

    /// Looks for the camera that is wanted. Runs on the cameras thread until the station closes.
    pub(crate) fn watch_bus(&self) {
        while !self.is_stopping() {
            std::thread::sleep(EVERY / 4);
            if let Err(trouble) = self.seek_camera() {
                tracing::debug!(%trouble, "the cameras cannot be looked at");
            }
        }
    }

    fn seek_camera(&self) -> Result<(), Trouble> {
        if !self.wants_another()? {
            return Ok(());
        }
        std::thread::sleep(EVERY - EVERY / 4);
        let found = self.bus.plugged();
        // From here on nobody shoots, accepts or chooses a camera.
        let _turn = self.turn();
        let seat = self.seat();
        let remembered = self.remembered_camera()?;
        let seated = seat.as_ref().map(|seat| Seated {
            id: seat.handle.id(),
            never_came: never_came(&seat.handle),
        });
        let Some(step) = step(remembered.as_ref(), seated, &found) else {
            return Ok(());
        };
        let waits = {
            let desk = self.desk();
            desk.session.is_idle() && desk.countdown.is_none()
        };
        if !waits {
            // It is asked again in a moment.
            return Ok(());
        }
        self.use_camera(&step.camera().id)?;
        self.tell(&step);
        Ok(())
    }

    fn tell(&self, step: &Step<'_>) {
        let name = step.camera().name.clone();
        match step {
            Step::Back(_) => self.notify("info", "camera_returned", &[("name", name)]),
            Step::StandIn(_) => self.notify("warn", "camera_stand_in", &[("name", name)]),
            Step::First(_) => self.notify("info", "camera_found", &[("name", name)]),
        }
    }

    /// Whether another camera than the one in use would be taken. Does not touch the bus: it is asked again and again.
    fn wants_another(&self) -> Result<bool, Trouble> {
        let Some(seat) = self.seat() else {
            return Ok(true);
        };
        let text = self.store.read(|c| settings::get(c, CAMERA))?;
        let remembered = text.and_then(|id| id.parse::<CameraId>().ok());
        Ok(remembered.is_some_and(|id| id != *seat.handle.id() || never_came(&seat.handle)))
    }
}

fn never_came(camera: &camera::CameraHandle) -> bool {
    let report = camera.report();
    report.state == CameraState::Absent && report.size.is_none() && report.counters.accepted == 0
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use camera::Kind;

    fn camera(name: &str) -> Descriptor {
        Descriptor {
            id: CameraId::Node(name.to_owned()),
            name: name.to_owned(),
            kind: Kind::Uvc,
        }
    }

    /// In use (`!` behind it when it never came), remembered and plugged in, by one letter each; what follows.
    fn check(seated: &str, remembered: &str, plugged: &str, expected: &str) {
        let id = |name: &str| (!name.is_empty()).then(|| CameraId::Node(name.to_owned()));
        let found: Vec<Descriptor> = plugged.chars().map(|c| camera(&c.to_string())).collect();
        let in_use = id(seated.trim_end_matches('!'));
        let seated = in_use.as_ref().map(|id| Seated {
            id,
            never_came: seated.ends_with('!'),
        });
        let came = step(id(remembered).as_ref(), seated, &found);
        let came = came.map_or(String::new(), |step| match step {
            Step::Back(d) => format!("back to {}", d.name),
            Step::StandIn(d) => format!("{} stands in", d.name),
            Step::First(d) => format!("{} is the first", d.name),
        });
        assert_eq!(came, expected, "{remembered} remembered, {plugged} plugged in");
    }

    #[test]
    fn the_remembered_camera_is_come_back_to_and_no_other_is_taken_for_it_without_need() {
        check("", "", "", "");
        check("", "", "ab", "a is the first");
        check("", "b", "ab", "back to b");
        check("", "b", "a", "a stands in");
        check("b!", "b", "a", "a stands in");
        // Lost in the middle of the day: F2 is the photographer's.
        check("b", "b", "a", "");
        check("b", "b", "ab", "");
        check("a", "b", "a", "");
        check("a", "b", "ab", "back to b");
        // A stand-in that is lost too is not replaced by a third one.
        check("a", "b", "c", "");
        check("a", "", "ab", "");
    }

    #[test]
    fn a_camera_on_a_cable_is_waited_for_by_its_own_thread() {
        let cable = CameraId::Tethered("Nikon".to_owned());
        let seated = Seated {
            id: &cable,
            never_came: true,
        };
        assert_eq!(step(Some(&cable), Some(seated), &[camera("a")]), None);
    }
}
