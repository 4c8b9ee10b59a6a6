//! The bar at the top of every screen: who, where, queue, camera, disk.
use crate::view;

view! {
    /// Everything a window shows at once; sent again whenever a part of it changes.
    pub struct Snapshot {
        /// Grows with each change; handed back to `watch`.
        #[ts(type = "number")]
        pub version: u64,
        pub status: StatusView,
        pub desk: crate::DeskView,
    }

    /// What the center said to the review window.
    pub struct CenterAnswer {
        /// HTTP status.
        pub status: u16,
        pub content_type: String,
        pub body_base64: String,
    }

    /// The status bar.
    pub struct StatusView {
        pub station_name: String,
        /// Absent until enrolled.
        pub center_url: Option<String>,
        pub operator: String,
        pub campaign: Option<CampaignView>,
        pub camera: CameraView,
        /// The watched folder, when there is one.
        pub folder: Option<FolderView>,
        pub queue: QueueView,
        /// Stations of the school heard on the LAN now.
        pub neighbours: u32,
        pub disk: DiskView,
        /// The station plays the demo campaign with an embedded center.
        pub demo: bool,
        pub app_version: String,
    }

    /// A campaign as the screens need it.
    pub struct CampaignView {
        pub id: String,
        pub title: String,
        pub school_name: String,
        /// `graduate` (blind: people are known by code only), `freshman` or `staff`.
        pub job: String,
        #[ts(type = "number")]
        pub price_fen: u64,
        pub collective: bool,
        pub spec_id: String,
        #[ts(type = "number")]
        pub closes_at_ms: i64,
        /// People on the roster; absent for a blind job.
        pub roster_size: Option<u32>,
        pub orders: u32,
    }

    /// The camera as the bar shows it.
    pub struct CameraView {
        /// `absent`, `opening`, `streaming`, `stalled`, `busy` or `failed`.
        pub state: String,
        pub name: Option<String>,
        pub width: u32,
        pub height: u32,
        pub fps: f32,
        /// The program that holds a busy camera.
        pub holder: Option<String>,
        /// Why a `failed` one cannot be used: `access_denied`, `no_usable_mode`, `no_library`, `driver`, `pictures` or `thread`.
        pub reason: Option<String>,
        /// Quarter turns clockwise by which its frames are shown: how it stands.
        pub turns: u8,
        /// The replay camera takes commands (`replay`).
        pub is_replay: bool,
    }

    /// A folder another program writes pictures into.
    pub struct FolderView {
        /// Its own name, without the way to it.
        pub name: String,
        /// It can be read.
        pub is_there: bool,
        #[ts(type = "number")]
        pub taken: u64,
        /// Pictures that are not whole yet.
        pub waiting: u32,
        /// Of those, the ones that have waited for a minute: somebody must look.
        pub stuck: u32,
        /// Names of the stuck ones, at most five, the longest waiting first.
        pub stuck_names: Vec<String>,
    }

    /// What still has to reach the center.
    pub struct QueueView {
        /// Changes not yet signed for by the center.
        pub waiting: u32,
        pub acknowledged: u32,
        pub quarantined: u32,
        /// Whether the last exchange with the center went well.
        pub online: bool,
        #[ts(type = "number | null")]
        pub last_success_ms: Option<i64>,
        /// Why the last exchange failed, as a code the screens word.
        pub trouble: Option<String>,
        /// The difference between the center's clock and ours, when known.
        #[ts(type = "number | null")]
        pub clock_skew_ms: Option<i64>,
        /// Rejected orders waiting for a retake.
        pub recalls: u32,
        /// Grows with every change of any order: the journal's last line.
        #[ts(type = "number")]
        pub journal: i64,
    }

    /// Room on the disk.
    pub struct DiskView {
        #[ts(type = "number")]
        pub free_bytes: u64,
        #[ts(type = "number")]
        pub shots_left: u64,
        /// `ok`, `low` (under 500 shots) or `blocked` (under 1 GB: no shot is taken).
        pub level: String,
    }
}
