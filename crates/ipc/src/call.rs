//! The calls: one variant each, with its arguments. `Call` is what both doors (the window's and loopback HTTP) take.
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A call of a window. JSON: `{"call":"scan","args":{"text":"…","source":"gun"}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(
    tag = "call",
    content = "args",
    rename_all = "snake_case",
    rename_all_fields = "snake_case"
)]
#[allow(missing_docs)]
pub enum Call {
    /// → `Snapshot`, as soon as its version differs from `seen`, at the latest after 20 s.
    Watch {
        #[ts(type = "number | null")]
        seen: Option<u64>,
    },

    /// A code was read. `source`: `gun`, `camera`, `file`. → null; the effect shows in the snapshot.
    Scan { text: String, source: String },
    /// Reads codes from a picture file (base64). → `CodesInPicture`
    ReadCodes { picture_base64: String },
    /// → `PersonCard[]`, best first. Pinyin initials, student number, last four of the ID, name.
    SearchPeople { query: String, limit: u32 },
    /// Puts a person on deck, or into the slot when it is free. → null
    ChoosePerson { key: String },
    /// Someone not on the roster. → null
    AddTemporaryPerson { name: String, note: String },
    /// → null
    RemoveOnDeck { key: String },
    /// Six letters or digits of the school. → null
    EnterFeatureCode { code: String },

    /// Releases the shutter. → null
    Shoot,
    /// Takes the photo with its verdict (pass or warn). → null
    Accept,
    /// Takes a failed photo. `reason`: an override reason id. → null
    OverrideCheck { reason: String },
    /// Throws the shot back; the slot stays open. → null
    Retake,
    /// Takes back the last accept or scan. → null
    Undo,
    /// Closes the slot without a photo; the person goes back to the end of the deck. → null
    Skip,
    /// → `ShotView[]`
    Orphans,
    /// Gives an orphan shot to a person. → null
    AssignOrphan { shot_id: String, key: String },
    /// → null
    DiscardShot { shot_id: String },
    /// Keeps an unconfirmed shot from before a restart (as if accepted), judged again first. → null
    KeepUnconfirmed { shot_id: String },
    /// Uses another shot of who sits instead of the one that counts: a further frame of a burst, one too many, one thrown back. → null
    ChooseShot { shot_id: String },

    /// `state`: a state id or null for all. → `OrdersPage`
    Orders {
        state: Option<String>,
        text: Option<String>,
        offset: u32,
        limit: u32,
    },
    /// → `OrderDetail`
    Order { id: String },
    /// → `RevealedPerson`; journaled.
    Reveal { order_id: String },
    /// Own unsynced T3. → null
    CloseOrder { order_id: String },
    /// T13. → null
    Reprint { order_id: String },
    /// Orders before and after one, in the order their photos were taken. → `OrderRow[]`
    Neighbours { order_id: String },
    /// Moves each photo of a range of orders to the next person (`later`) or the one before; whoever is left without waits for
    /// another, the photo left over goes to the tray. → `ShiftView`
    ShiftPhotos { first: String, last: String, later: bool },
    /// Takes such a repair back. → null
    UndoShift { repair: String },
    /// Rejected orders, nearest deadline first. → `RecallView[]`
    Recalls,
    /// Opens the slot of a rejected order for a retake. → null
    OpenRecall { order_id: String },

    /// → `SyncView`
    Sync,
    /// Asks the pump to try now. → null
    SyncNow,
    /// Puts a quarantined change back into the queue. → null
    RetryQuarantined { op_id: String },
    /// → null
    Enrol { url: String, code: String },

    /// A request of the review window to the center's routes for people, with what accompanies a change. → `CenterAnswer`
    AskCenter {
        method: String,
        target: String,
        token: Option<String>,
        body_base64: Option<String>,
    },

    /// → `CampaignView[]`
    Campaigns,
    /// → null
    ChooseCampaign { id: String },
    /// A campaign file's text (TOML). → null
    ImportCampaign { text: String },
    /// → `RosterPreview`
    PreviewRoster {
        file_name: String,
        base64: String,
        encoding: Option<String>,
        sheet: Option<String>,
    },
    /// → `RosterReport`
    ImportRoster {
        file_name: String,
        base64: String,
        encoding: Option<String>,
        sheet: Option<String>,
        mapping: Option<Vec<Option<String>>>,
    },

    /// → `CamerasView`
    Cameras,
    /// → null
    ChooseCamera { id: String },
    /// The spare source takes over, and the one in use becomes the spare (F2). → null
    SwapCamera,
    /// Names the spare source; null for none. → null
    ChooseSpareCamera { id: Option<String> },
    /// Exposure, white balance, focus and zoom of the camera in use. → `CameraKnob[]`
    CameraKnobs,
    /// Sets a knob, and sets it again whenever this camera comes back. → `CameraKnob[]`
    SetCameraKnob {
        knob: String,
        #[ts(type = "number")]
        value: i64,
    },
    /// How the camera in use stands: quarter turns clockwise that make its picture upright, 0 to 3. Remembered for this camera. → null
    TurnCamera { turns: u8 },
    /// Takes the pictures another program writes into a folder; null to stop. What lies there already is left alone unless
    /// `adopt`. → null
    WatchFolder { path: Option<String>, adopt: bool },
    /// Looks at backdrop, lamps, exposure, camera, clock, disk and scanner, with the chair empty. → `SetCheckView`
    SetCheck,
    /// The scanner or the shutter key was tried on the pre-flight screen, where neither does anything. `what`: `scanner` or
    /// `pedal`. → null
    Heard { what: String },
    /// Commands for the replay camera: `next`, `show NAME`, `play`, `stall`, `torn N`, `unplug`, `replug`, `sleep`; in the
    /// demo also `sit`: the next sitter comes and holds up their code. → null
    Replay { command: String },
    /// → `Preferences`
    Preferences,
    /// → `Preferences`
    SetPreferences { preferences: crate::Preferences },
    /// → null
    SetOperator { name: String },

    /// → `TodayView`
    Today,
    /// Shots of today in which a reason was found, newest first. → `ShotView[]`
    DefectShots { reason: String },
    /// → `EndOfDayView`
    EndOfDay,
    /// People of the roster without a photo, by class. → `AbsentView[]`
    Absent,
    /// What the pictures of a card nobody knows are: `fetch` them, they were taken here, or `pass` them. → null
    SettleCard { wish: String },
    /// The standards this station knows. → `StandardView[]`
    Standards,

    /// → `KioskView`, as soon as its version differs from `seen`, at the latest after 20 s.
    KioskWatch {
        #[ts(type = "number | null")]
        seen: Option<u64>,
    },
    /// `job`: `graduate` with a collection code, or `freshman` with a number and the last four of the ID. → null
    KioskEnter {
        job: String,
        text: String,
        proof: Option<String>,
    },
    /// The center sends a code to a mobile number, if somebody's record here has it. → `PhoneCodeView`, the same if nobody's has
    KioskPhoneCode { job: String, phone: String },
    /// With the code. → `PersonLine[]`: nobody when the one of the number has come in, else those of whom one is to be chosen
    KioskPhoneEnter { job: String, phone: String, code: String },
    /// Which of them it is. → null
    KioskChoose { place: u32 },
    /// For the next half minute a code before the camera is the kiosk's, not the desk's. → null
    KioskExpectCode,
    /// → null; the record is kept.
    KioskConsent { version: String, language: String },
    /// What the code does not say; known fields stay. → null
    KioskFill {
        student_number: Option<String>,
        faculty: Option<String>,
        major: Option<String>,
        class: Option<String>,
        phone: Option<String>,
    },
    /// → null
    KioskFeatureCode { code: String },
    /// 去采集, confirmed. → null
    KioskBegin,
    /// → null
    KioskShoot,
    /// → null
    KioskRetake,
    /// 提交. `messages`: the language in which being told by short message was allowed, null when it was not. → the order's id
    KioskSubmit { messages: Option<String> },
    /// A picture file instead of a shot, where the job allows it (base64). → null
    KioskUseFile { base64: String },
    /// One of the guest's orders. → `OrderDetail`
    KioskOrder { id: String },
    /// 加洗. → null
    KioskReprint { order_id: String },
    /// 去支付: the code one of the guest's orders is paid with; asked again, the same one. → `PaymentView`
    KioskPay { order_id: String },
    /// 去编辑: where the prints of an order are sent. → null
    KioskEditAddress { order_id: String, address: String },
    /// 撤回: a photo nobody has reviewed is taken back. → null
    KioskWithdraw { order_id: String },
    /// What is kept about the guest is deleted, or asked to be where an order is at work. → `gone` or `asked`
    KioskErase,
    /// Characters with a reading, as `zhong`, the usual ones first. → string
    KioskCharacters { reading: String },
    /// What is kept about the guest. → `OwnDataView`
    KioskMyData,
    /// → `MessageView[]`
    KioskMessages,
    /// → null
    KioskWrite { text: String },
    /// Everything about the guest is forgotten. → null
    KioskLeave,
    /// Whether the kiosk may be closed with this PIN. → null
    KioskExit { pin: String },

    /// Four to eight digits. → null
    SetKioskPin { pin: String },
    /// → `ContactView`
    Contact,
    /// → null
    SetContact { contact: crate::ContactView },
    /// Threads of all graduates, newest message first. → `MessageView[]`
    Messages,
    /// → null
    AnswerMessage { key: String, text: String },
}

/// A refused or failed call: a stable code the screens word, and values for the words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[allow(missing_docs)]
pub struct Fault {
    /// As `no_campaign`, `camera_absent`, `disk_full`.
    pub code: String,
    #[ts(type = "Record<string, string>")]
    pub values: std::collections::BTreeMap<String, String>,
    /// Trying again later may help.
    pub retry: bool,
}
