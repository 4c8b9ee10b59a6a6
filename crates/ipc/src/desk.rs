//! The capture screen: who sits, who waits, what the live view says, what the check said.
use crate::view;

view! {
    /// The capture screen.
    pub struct DeskView {
        pub spec: Option<SpecView>,
        /// The open slot.
        pub current: Option<SlotView>,
        /// Scanned and waiting, next first.
        pub on_deck: Vec<PersonCard>,
        /// Who comes next by the roster when nobody is on deck.
        pub running_order: Vec<PersonCard>,
        pub live: LiveView,
        /// Time until the shutter falls, while a countdown runs.
        pub shutter_in_ms: Option<u32>,
        /// Latest shots, newest first.
        pub filmstrip: Vec<ShotView>,
        /// Ids of shots of who sits that lie beside the one that counts and may be used in its place.
        pub choosable: Vec<String>,
        /// Shots taken without an open slot.
        pub orphans: u32,
        /// Shots from before a restart whose fate is open.
        pub unconfirmed: Vec<ShotView>,
        /// What Backspace would take back.
        pub undo: Option<UndoView>,
        /// Latest messages, newest first; `seq` tells a new one.
        pub notices: Vec<Notice>,
        /// The feature code typed for this campaign, when it needs one.
        pub feature_code: FeatureCodeView,
    }

    /// Whether the campaign asks for a feature code and whether a valid one was entered.
    pub struct FeatureCodeView {
        pub needed: bool,
        pub entered: Option<String>,
    }

    /// A person on screen, masked.
    pub struct PersonCard {
        /// Opaque key, handed back to the calls.
        pub key: String,
        /// Masked name, or null for an opaque code.
        pub name: Option<String>,
        /// Masked ID number.
        pub id_masked: Option<String>,
        pub student_number: Option<String>,
        pub faculty: Option<String>,
        pub major: Option<String>,
        pub class: Option<String>,
        /// First eight characters of the code's hash for a blind job.
        pub code_short: Option<String>,
        /// Someone of the same name is in the campaign: look twice.
        pub namesake: bool,
        pub collected: Option<CollectedView>,
        /// This person's photo was rejected and awaits a retake.
        pub recall: Option<RecallView>,
        pub temporary: bool,
    }

    /// An earlier photo of this person.
    pub struct CollectedView {
        pub order_id: Option<String>,
        pub order_number: Option<String>,
        #[ts(type = "number")]
        pub at_ms: i64,
        /// Another station took it.
        pub elsewhere: bool,
        /// The name of that station, when it said so on the LAN.
        pub station: Option<String>,
    }

    /// An order waiting for a new photo: rejected, or its photo was taken back before review.
    pub struct RecallView {
        pub order_id: String,
        pub order_number: String,
        pub person: String,
        pub class: Option<String>,
        /// Reason ids of `domain::review`, at least one; none when the photo was taken back.
        pub reasons: Vec<String>,
        pub note: Option<String>,
        /// Until when; absent when the photo was taken back.
        #[ts(type = "number | null")]
        pub deadline_ms: Option<i64>,
        pub tries_left: u8,
    }

    /// The open slot.
    pub struct SlotView {
        pub person: PersonCard,
        /// `confirm` (collected before: Enter confirms), `ready`, `taking`, `checking`, `verdict`, `saving`.
        pub stage: String,
        /// Shots in this slot so far.
        pub shots: u32,
        /// The shutter is locked: too many shots without a scan.
        pub locked: bool,
        pub verdict: Option<VerdictView>,
        /// Why the name may be wrong; the photo then waits for a key.
        pub doubt: Option<DoubtView>,
        /// Time until a passing photo accepts itself.
        pub accepts_in_ms: Option<u32>,
    }

    /// The face of the newest shot does not fit the name.
    pub struct DoubtView {
        /// `same_face_as_before` (as the person photographed before, under another code) or `other_face_in_slot` (than in the slot's
        /// first shot).
        pub kind: String,
        /// Who was photographed before.
        pub person: Option<String>,
    }

    /// The check's answer for the shot in the slot.
    pub struct VerdictView {
        pub shot_id: String,
        /// `pass`, `warn` or `fail`.
        pub verdict: String,
        /// Worst first.
        pub findings: Vec<FindingView>,
        pub crop: Option<RectView>,
        /// Time the check took.
        pub check_ms: u32,
    }

    /// One finding.
    pub struct FindingView {
        /// Measure id, as `EyesOpen`.
        pub measure: String,
        /// `pass`, `warn`, `fail` or `not_measured`.
        pub verdict: String,
        pub value: Option<f32>,
        /// `px`, `deg`, `ratio`, `score`, `dE00`, `KB`, `dpi`, `bit`, `count` or empty.
        pub unit: String,
        pub min: Option<f32>,
        pub max: Option<f32>,
        /// Reason id, as `EyesClosed`.
        pub reason: Option<String>,
        /// Remedy id, as `OpenEyes`.
        pub remedy: Option<String>,
    }

    /// A rectangle in pixels of the original picture.
    pub struct RectView {
        pub x: u32,
        pub y: u32,
        pub width: u32,
        pub height: u32,
    }

    /// A shot in the filmstrip.
    pub struct ShotView {
        pub id: String,
        /// Masked name of the person, or null for an orphan.
        pub person: Option<String>,
        #[ts(type = "number")]
        pub at_ms: i64,
        /// `unconfirmed`, `accepted`, `retaken`, `discarded` or `orphan`.
        pub fate: String,
        /// `pass`, `warn`, `fail`, or null while checking.
        pub verdict: Option<String>,
    }

    /// What the live view says about the newest frame.
    pub struct LiveView {
        /// Newest frame's number; the preview asks for frames after it.
        #[ts(type = "number")]
        pub sequence: u64,
        /// One hint at a time: a remedy id, or null when there is nothing to change or no face.
        pub hint: Option<String>,
        pub reason: Option<String>,
        /// The outline is green.
        pub ready: bool,
        /// Crop the shutter would use, in pixels of the frame.
        pub crop: Option<RectView>,
        /// Tilt of the eye line in degrees, clockwise positive.
        pub roll_deg: Option<f32>,
    }

    /// The standard's numbers the overlay is drawn from, in pixels of the finished picture.
    pub struct SpecView {
        pub id: String,
        pub title_zh: String,
        pub title_en: String,
        pub width_px: u32,
        pub height_px: u32,
        pub crown_to_top_px: Option<RangeView>,
        pub eyes_to_top_px: Option<RangeView>,
        pub eyes_to_bottom_px: Option<RangeView>,
        pub face_width_px: Option<RangeView>,
        pub head_height_px: Option<RangeView>,
        /// Accepted backgrounds as `#rrggbb`, preferred first.
        pub backgrounds: Vec<String>,
    }

    /// An accepted interval; either end may be open.
    pub struct RangeView {
        pub min: Option<f32>,
        pub max: Option<f32>,
    }

    /// What can be taken back.
    pub struct UndoView {
        /// `accept`, `scan` or `discard`.
        pub what: String,
        pub person: Option<String>,
    }

    /// A message for the operator. The screens own the words.
    pub struct Notice {
        #[ts(type = "number")]
        pub seq: u64,
        /// `info`, `warn` or `error`.
        pub level: String,
        /// As `already_collected`, `orphan_shot`, `shot_limit`, `saved`, `camera_lost`.
        pub code: String,
        /// Values for the words: no personal data beyond masked names.
        #[ts(type = "Record<string, string>")]
        pub values: std::collections::BTreeMap<String, String>,
        #[ts(type = "number")]
        pub at_ms: i64,
    }
}
