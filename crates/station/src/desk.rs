//! What the capture screen shows, kept in memory: the session, the cards of the people in it, the latest shots and messages.
use crate::burst::Calm;
use crate::likeness::{Doubt, Likeness};
use crate::session::{JudgedShot, Session, Slot, Stage};
use crate::trigger::{Countdown, Stillness, Triggers};
use crate::view;
use crate::whose::Turns;
use domain::feature_code::FeatureCode;
use domain::{Campaign, OrderId, PersonKey, PhotoSpec, ShotId, Subject};
use ipc::{
    DeskView, DoubtView, FeatureCodeView, LiveView, Notice, PersonCard, ShotView, SlotView, UndoView, VerdictView,
};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;
use store::SlotId;

/// Shots kept in the filmstrip: three bursts.
const MAX_FILMSTRIP: usize = 24;
/// Messages kept for the windows.
const MAX_NOTICES: usize = 20;

/// A person of the session.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// Unmasked where the job may know it.
    pub subject: Subject,
    /// What the screen shows.
    pub card: PersonCard,
}

/// What Backspace takes back.
#[derive(Debug, Clone)]
pub(crate) enum Undo {
    /// The last accepted photo, while it has not left the station.
    Accept {
        order: OrderId,
        shot: ShotId,
        slot: SlotId,
        key: PersonKey,
        is_new: bool,
    },
    /// The last scan, while no shot was taken.
    Scan { key: PersonKey },
}

/// When the steps of the current shot happened; the rehearsal reads them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ShotTimes {
    pub released: Option<Instant>,
    pub taken: Option<Instant>,
    pub judged: Option<Instant>,
}

/// The desk.
pub(crate) struct Desk {
    pub session: Session,
    pub campaign: Option<Arc<Campaign>>,
    pub spec: Option<Arc<PhotoSpec>>,
    pub people: HashMap<PersonKey, Known>,
    pub running_order: Vec<PersonCard>,
    pub filmstrip: VecDeque<ShotView>,
    /// Shots that lie beside the one that counts, by slot, the latest last.
    beside: VecDeque<(i64, ShotId)>,
    pub orphans: u32,
    pub unconfirmed: Vec<ShotView>,
    pub live: LiveView,
    pub undo: Option<Undo>,
    pub feature_code: Option<FeatureCode>,
    pub operator: String,
    pub times: ShotTimes,
    /// How long a passing photo waits before it accepts itself, where it may.
    pub accept_after_ms: Option<u64>,
    pub triggers: Triggers,
    pub countdown: Option<Countdown>,
    pub stillness: Stillness,
    pub calm: Calm,
    pub turns: Turns,
    /// The slot that was open while the computer slept: nothing happens by itself in it.
    pub slept_slot: Option<i64>,
    pub likeness: Likeness,
    pub compare_faces: bool,
    /// When the scanner gun was last heard.
    pub heard_gun: Option<Instant>,
    /// When the shutter key was last heard.
    pub heard_key: Option<Instant>,
    /// When each accepted order may leave, in monotonic milliseconds, the oldest first: the pump is woken then.
    pub leave_at_ms: VecDeque<u64>,
    notices: VecDeque<Notice>,
    notice_seq: u64,
}

impl Desk {
    /// An empty desk.
    pub fn new(session: Session) -> Self {
        Self {
            accept_after_ms: session.rules().accept_after_ms,
            session,
            campaign: None,
            spec: None,
            people: HashMap::new(),
            running_order: Vec::new(),
            filmstrip: VecDeque::new(),
            beside: VecDeque::new(),
            orphans: 0,
            unconfirmed: Vec::new(),
            live: no_live(),
            undo: None,
            feature_code: None,
            operator: String::new(),
            times: ShotTimes::default(),
            triggers: Triggers::default(),
            countdown: None,
            stillness: Stillness::default(),
            calm: Calm::default(),
            turns: Turns::default(),
            slept_slot: None,
            likeness: Likeness::default(),
            compare_faces: true,
            heard_gun: None,
            heard_key: None,
            leave_at_ms: VecDeque::new(),
            notices: VecDeque::new(),
            notice_seq: 0,
        }
    }

    /// Tells the operator something.
    pub fn notify(&mut self, level: &str, code: &str, values: &[(&str, String)], at_ms: i64) {
        self.notice_seq += 1;
        let values: BTreeMap<_, _> = values.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
        self.notices.push_front(Notice {
            seq: self.notice_seq,
            level: level.to_owned(),
            code: code.to_owned(),
            values,
            at_ms,
        });
        self.notices.truncate(MAX_NOTICES);
    }

    /// Warns of something that happens several times in a row, as with the pictures of a burst: once.
    pub fn notify_once(&mut self, code: &str, values: &[(&str, String)], at_ms: i64) {
        let values_now: BTreeMap<_, _> = values.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
        let newest = self.notices.front();
        if newest.is_none_or(|n| n.code != code || n.values != values_now) {
            self.notify("warn", code, values, at_ms);
        }
    }

    /// Puts a shot at the head of the filmstrip, or changes the one that is there.
    pub fn show_shot(&mut self, shot: ShotView) {
        match self.filmstrip.iter_mut().find(|s| s.id == shot.id) {
            Some(known) => *known = shot,
            None => self.filmstrip.push_front(shot),
        }
        self.filmstrip.truncate(MAX_FILMSTRIP);
    }

    /// Changes the fate of a shot in the filmstrip and among the unconfirmed.
    pub fn set_fate(&mut self, shot: ShotId, fate: &str) {
        let id = shot.to_string();
        self.filmstrip
            .iter_mut()
            .filter(|s| s.id == id)
            .for_each(|s| s.fate = fate.to_owned());
        self.unconfirmed.retain(|s| s.id != id || fate == "unconfirmed");
    }

    /// A shot lies beside the one that counts in this slot.
    pub fn lay_beside(&mut self, slot: i64, shot: ShotId) {
        self.beside.retain(|(_, known)| *known != shot);
        self.beside.push_back((slot, shot));
        while self.beside.len() > MAX_FILMSTRIP {
            self.beside.pop_front();
        }
    }

    fn choosable(&self) -> Vec<String> {
        let slot = self.session.slot().filter(|s| s.stage.takes_another());
        let of = |slot: &Slot| {
            let here = self.beside.iter().filter(|(id, _)| *id == slot.id);
            here.map(|(_, shot)| shot.to_string()).collect()
        };
        slot.map(of).unwrap_or_default()
    }

    /// The masked name of a person of the session, or the short form of their code.
    pub fn shown(&self, key: &PersonKey) -> Option<String> {
        let name = self.people.get(key).and_then(|k| k.card.name.clone());
        name.or_else(|| view::code_short(key))
    }

    /// What the capture screen shows now.
    pub fn view(&self, now_ms: u64) -> DeskView {
        let card = |key: &PersonKey| self.people.get(key).map(|k| k.card.clone());
        let undo = self.undo.as_ref().map(|u| match u {
            Undo::Accept { key, .. } => UndoView {
                what: "accept".to_owned(),
                person: self.shown(key),
            },
            Undo::Scan { key } => UndoView {
                what: "scan".to_owned(),
                person: self.shown(key),
            },
        });
        DeskView {
            spec: self.spec.as_deref().map(view::spec_view),
            current: self.slot_view(now_ms),
            on_deck: self.session.deck().filter_map(|s| card(&s.key)).collect(),
            running_order: self.running_order.clone(),
            live: self.live.clone(),
            shutter_in_ms: self
                .countdown
                .map(|c| u32::try_from(c.zero_ms.saturating_sub(now_ms)).unwrap_or(u32::MAX)),
            filmstrip: self.filmstrip.iter().cloned().collect(),
            choosable: self.choosable(),
            orphans: self.orphans,
            unconfirmed: self.unconfirmed.clone(),
            undo,
            notices: self.notices.iter().cloned().collect(),
            feature_code: FeatureCodeView {
                needed: self.campaign.as_ref().is_some_and(|c| !c.feature_codes.is_empty()),
                entered: self.feature_code.as_ref().map(|c| c.as_str().to_owned()),
            },
        }
    }

    fn doubt_view(&self, doubt: &Doubt) -> DoubtView {
        match doubt {
            Doubt::SameAsBefore(key) => DoubtView {
                kind: "same_face_as_before".to_owned(),
                person: self.shown(key),
            },
            Doubt::OtherInSlot => DoubtView {
                kind: "other_face_in_slot".to_owned(),
                person: None,
            },
        }
    }

    fn slot_view(&self, now_ms: u64) -> Option<SlotView> {
        let slot = self.session.slot()?;
        let person = self.people.get(&slot.sitter.key)?.card.clone();
        let (stage, verdict, accepts_at) = match &slot.stage {
            Stage::Confirm => ("confirm", None, None),
            Stage::Ready => ("ready", None, None),
            Stage::Taking => ("taking", None, None),
            Stage::Checking(_) => ("checking", None, None),
            Stage::Judged { judged, accepts_at_ms } => ("verdict", Some(judged), *accepts_at_ms),
            Stage::Saving(judged) => ("saving", Some(judged), None),
        };
        Some(SlotView {
            person,
            stage: stage.to_owned(),
            shots: slot.shots,
            locked: self.session.is_locked(),
            verdict: verdict.map(verdict_view),
            doubt: slot.doubt.as_ref().map(|d| self.doubt_view(d)),
            accepts_in_ms: accepts_at.map(|at| u32::try_from(at.saturating_sub(now_ms)).unwrap_or(u32::MAX)),
        })
    }
}

fn verdict_view(judged: &JudgedShot) -> VerdictView {
    VerdictView {
        shot_id: judged.shot.to_string(),
        verdict: judged.verdict.id().to_owned(),
        findings: judged.findings.iter().map(view::finding_view).collect(),
        crop: judged.crop.map(view::rect_view),
        check_ms: judged.check_ms,
    }
}

/// A live view that says nothing.
pub(crate) fn no_live() -> LiveView {
    LiveView {
        sequence: 0,
        hint: None,
        reason: None,
        ready: false,
        crop: None,
        roll_deg: None,
    }
}
