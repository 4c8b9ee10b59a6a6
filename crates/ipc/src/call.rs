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

    /// → `CameraChoice[]`
    Cameras,
    /// → null
    ChooseCamera { id: String },
    /// Commands for the replay camera: `next`, `show NAME`, `play`, `stall`, `torn N`, `unplug`, `replug`; in the
    /// demo also `sit`: the next sitter comes and holds up their code. → null
    Replay { command: String },
    /// → `Preferences`
    Preferences,
    /// → `Preferences`
    SetPreferences { preferences: crate::Preferences },
    /// → null
    SetOperator { name: String },
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
