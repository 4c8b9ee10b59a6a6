//! Sheets, cameras, the link to the center, preferences.
use crate::view;

view! {
    /// What a sheet looks like before it is imported.
    pub struct RosterPreview {
        /// `utf-8`, `gb18030` …; empty for spreadsheets.
        pub encoding: String,
        /// Encodings one may choose instead.
        pub encodings: Vec<String>,
        pub sheets: Vec<String>,
        pub header: Vec<String>,
        /// Up to 20 rows as read.
        pub rows: Vec<Vec<String>>,
        pub row_count: u32,
        /// For each column the field it was taken for, as `name`, `student_number`, or null.
        pub mapping: Vec<Option<String>>,
        /// Fields one may map to.
        pub fields: Vec<String>,
    }

    /// What became of an import.
    pub struct RosterReport {
        pub imported: u32,
        pub updated: u32,
        pub unchanged: u32,
        pub refused: u32,
        pub problems: Vec<RosterProblem>,
    }

    /// A row that was refused or looked wrong.
    pub struct RosterProblem {
        /// Line in the sheet, counted from 1.
        pub row: u32,
        pub column: Option<String>,
        /// As `id_mangled`, `duplicate`, `lost_characters`.
        pub code: String,
        /// The row was not imported.
        pub refused: bool,
    }

    /// The cameras at hand.
    pub struct CamerasView {
        /// Those that are plugged in, the replay camera last, and the chosen ones that are not there now.
        pub cameras: Vec<CameraChoice>,
        /// Whether cameras on a cable can be looked for: `ready`, `no_program` (not installed with the station) or `no_library`
        /// (libgphoto2 is not installed).
        pub cable: String,
    }

    /// A camera one may choose.
    pub struct CameraChoice {
        pub id: String,
        pub name: String,
        /// `uvc`, `tether`, `replay`, `nokhwa`.
        pub kind: String,
        pub chosen: bool,
        /// Takes over on F2.
        pub spare: bool,
        /// As `CameraView.state` for the one in use; for the others `ready`, `busy`, `failed` or `absent`.
        pub state: String,
        /// The program that holds a busy one.
        pub holder: Option<String>,
        /// Why a failed one cannot be used, as in `CameraView`.
        pub reason: Option<String>,
        /// What is asked of it, where that is known before it is open.
        pub mode: Option<CameraMode>,
    }

    /// How frames come.
    pub struct CameraMode {
        pub width: u32,
        pub height: u32,
        pub fps: f32,
        /// `mjpeg`, `yuyv` or `nv12`.
        pub coding: String,
    }

    /// A knob of the camera in use.
    pub struct CameraKnob {
        /// `exposure_auto`, `exposure`, `white_balance_auto`, `white_balance`, `focus_auto`, `focus`, `zoom`.
        pub knob: String,
        #[ts(type = "number")]
        pub least: i64,
        #[ts(type = "number")]
        pub most: i64,
        #[ts(type = "number")]
        pub step: i64,
        #[ts(type = "number")]
        pub usual: i64,
        #[ts(type = "number")]
        pub now: i64,
    }

    /// Whether the set is ready for the day.
    pub struct SetCheckView {
        pub items: Vec<SetCheckItem>,
        /// Nothing failed and everything could be measured.
        pub ready: bool,
        /// Why the picture was not measured: `no_frame`, or `somebody` who stands before the backdrop.
        pub unseen: Option<String>,
        /// Mean colour of the backdrop as `#rrggbb`, when it was measured.
        pub backdrop: Option<String>,
        #[ts(type = "number")]
        pub at_ms: i64,
    }

    /// One thing that was looked at.
    pub struct SetCheckItem {
        /// `camera`, `sharpness`, `exposure`, `backdrop_colour`, `backdrop_gradient`, `lamp_balance`, `clock`, `disk`,
        /// `scanner`, `pedal`.
        pub id: String,
        /// `pass`, `warn`, `fail` or `not_measured`.
        pub verdict: String,
        pub value: Option<f32>,
        /// `fps`, `score`, `%`, `dE00`, `s`, `shots`, `min` or empty.
        pub unit: String,
        /// What would be right, in the same unit; either end may be open.
        pub min: Option<f32>,
        pub max: Option<f32>,
    }

    /// The sync page.
    pub struct SyncView {
        pub enrolled: bool,
        pub center_url: Option<String>,
        pub station_id: Option<String>,
        pub queue: crate::QueueView,
        /// Oldest first, at most 200.
        pub waiting: Vec<OutboxRow>,
        pub quarantined: Vec<OutboxRow>,
        /// Photos whose bytes the center has signed for, of all taken.
        pub photos_safe: u32,
        pub photos_total: u32,
        /// Where the data key comes from: `sealed file`, `os keyring`.
        pub key_provider: String,
        pub lan: LanView,
    }

    /// The stations of the school that warn each other on the LAN.
    pub struct LanView {
        /// `unused` (in the demo), `off`, `no_key` (the center has not given one), `starting`, `listening`, `port_taken` or `no_network`.
        pub state: String,
        /// Names of the stations that are heard now.
        pub stations: Vec<String>,
        /// Datagrams under another key: another school's, or a station that has not heard of a revocation yet.
        #[ts(type = "number")]
        pub foreign: u64,
    }

    /// One change on its way.
    pub struct OutboxRow {
        pub op_id: String,
        pub order_number: String,
        pub kind: String,
        pub state: String,
        pub attempts: u32,
        /// Why it was refused, as a code of the protocol.
        pub problem: Option<String>,
        #[ts(type = "number")]
        pub created_at_ms: i64,
    }

    /// What a person at this station prefers.
    pub struct Preferences {
        /// `zh-CN` or `en`.
        pub language: String,
        pub mirror_preview: bool,
        /// Keys that release the shutter, as `KeyboardEvent.code`.
        pub shutter_keys: Vec<String>,
        pub auto_accept: bool,
        pub sounds: bool,
        /// The shutter falls by itself once nothing has spoken against it for 0.8 s.
        #[serde(default)]
        pub auto_shoot: bool,
        /// Seconds from the key to the shutter; 0 for none, at most 10.
        #[serde(default)]
        pub countdown_s: u8,
        /// Frames taken at one release, of which the best is kept; 0 and 1 for one, at most 8.
        #[serde(default)]
        pub burst: u8,
        /// Stations of the school are told on the LAN whom this one has collected, and heard.
        #[serde(default = "on")]
        pub lan: bool,
        /// Faces are compared in memory, to warn of somebody who sits under another person's name.
        #[serde(default = "on")]
        pub compare_faces: bool,
    }

    /// What was read from a picture file.
    pub struct CodesInPicture {
        pub codes: Vec<String>,
        #[ts(type = "number")]
        pub elapsed_ms: u64,
    }
}

const fn on() -> bool {
    true
}
