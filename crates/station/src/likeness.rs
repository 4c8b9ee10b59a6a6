//! Does somebody sit under another person's name? The face of each shot is compared with those of its own slot and with the person
//! photographed before, to warn.
//!
//! In memory only: two faces at most, forgotten when somebody else is photographed, the campaign changes or the station closes. The limits
//! and how often they err stand in `docs/accuracy.md`.
use crate::core::{AssessJob, Core};
use assess::FaceTemplate as Template;
use domain::{PersonKey, Point, ShotId};

/// Closer than this, two shots are taken to show one person.
const SAME_WITHIN: f32 = 0.45;
/// Farther than this, two shots are taken to show two people.
const OTHER_BEYOND: f32 = 0.62;

/// Why the name may be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// The face is that of the person photographed before, under another code.
    SameAsBefore(PersonKey),
    /// The face is not that of the slot's first shot.
    OtherInSlot,
}

/// The faces that are compared.
#[derive(Default)]
pub(crate) struct Likeness {
    now: Option<Sat>,
    before: Option<Sat>,
    /// The slot whose photo was kept last.
    kept: Option<i64>,
    /// The shot that is being compared: it does not accept itself meanwhile.
    pub comparing: Option<ShotId>,
}

/// Who sat in one slot.
struct Sat {
    slot: i64,
    key: PersonKey,
    first: Template,
    /// The newest shot's, when there was more than one.
    newest: Option<Template>,
}

impl Sat {
    fn newest(&self) -> &Template {
        self.newest.as_ref().unwrap_or(&self.first)
    }
}

impl Likeness {
    /// Takes the face of a slot's newest shot.
    fn compare(&mut self, slot: i64, key: &PersonKey, face: Template) -> Option<Doubt> {
        if let Some(sat) = self.now.as_mut().filter(|s| s.slot == slot) {
            let other = sat.first.distance(&face) > OTHER_BEYOND;
            sat.newest = Some(face);
            if other {
                return Some(Doubt::OtherInSlot);
            }
        } else {
            let sat = Sat {
                slot,
                key: key.clone(),
                first: face,
                newest: None,
            };
            let left = self.now.replace(sat);
            // Who left without a photo says nothing: the same person may have been scanned by a wrong code first.
            if let Some(left) = left.filter(|l| Some(l.slot) == self.kept) {
                self.before = Some(left);
            }
        }
        let (now, before) = (self.now.as_ref()?, self.before.as_ref()?);
        let same = before.key != now.key && before.newest().distance(now.newest()) < SAME_WITHIN;
        same.then(|| Doubt::SameAsBefore(before.key.clone()))
    }

    /// The slot's photo is in the store.
    pub(crate) fn kept(&mut self, slot: i64) {
        self.kept = Some(slot);
    }

    /// Nobody was photographed before: another campaign, or the last photo was taken back.
    pub(crate) fn forget(&mut self) {
        *self = Self {
            comparing: self.comparing,
            ..Self::default()
        };
    }
}

impl Core {
    /// Whether a judged shot's face is still being compared.
    pub fn is_comparing(&self) -> bool {
        self.desk().likeness.comparing.is_some()
    }

    /// Compares the face of a judged shot, when the slot it was taken for is still open, and says so where the name may be wrong. Runs on
    /// the assess thread, after the verdict is shown.
    pub(crate) fn compare_faces(&self, job: &AssessJob, sat: Option<(i64, PersonKey)>, landmarks: &[Point]) {
        let doubt = sat.and_then(|(slot, key)| {
            let face = self.assessor.template(&job.jpeg, landmarks)?;
            self.desk().likeness.compare(slot, &key, face)
        });
        let at = self.now().0;
        let mut desk = self.desk();
        desk.likeness.comparing = None;
        // Accepted before the answer was there: what the verdict would have shown is told.
        if let Some(doubt) = doubt
            && !desk.session.doubt(job.shot, &doubt)
        {
            match &doubt {
                Doubt::SameAsBefore(key) => {
                    let name = desk.shown(key).unwrap_or_default();
                    desk.notify("warn", "same_face_as_before", &[("name", name)], at);
                }
                Doubt::OtherInSlot => desk.notify("warn", "other_face_in_slot", &[], at),
            }
        }
        drop(desk);
        self.board.bump();
    }
}
