//! The day in numbers: what went how fast, what failed, who is missing, and whether every shutter is accounted for.
use crate::view;

view! {
    /// The Today screen. The day is the local one in China.
    pub struct TodayView {
        #[ts(type = "number")]
        pub from_ms: i64,
        #[ts(type = "number")]
        pub now_ms: i64,
        /// People with an accepted photo today.
        pub heads: u32,
        /// Pictures taken today.
        pub shots: u32,
        /// People whose first shot was accepted.
        pub first_try: u32,
        /// People with an accepted photo in the last 60 minutes.
        pub last_hour: u32,
        /// What the photographer aims at.
        pub target_per_hour: u32,
        /// From the quarter of the first shot to the one now, without gaps.
        pub quarters: Vec<QuarterView>,
        /// Most frequent first.
        pub defects: Vec<DefectView>,
        /// In roster order; empty for a blind job.
        pub classes: Vec<CoverageView>,
        pub positions: PositionsView,
    }

    /// A quarter of an hour.
    pub struct QuarterView {
        #[ts(type = "number")]
        pub from_ms: i64,
        pub accepted: u32,
        pub others: u32,
    }

    /// A reason and the shots of today it was found in.
    pub struct DefectView {
        pub reason: String,
        pub shots: u32,
    }

    /// A class of the roster.
    pub struct CoverageView {
        pub class: Option<String>,
        pub people: u32,
        pub collected: u32,
    }

    /// Where faces were in the camera's picture: the point between the eyes of each accepted shot, counted in cells.
    pub struct PositionsView {
        pub columns: u32,
        pub rows: u32,
        /// Row by row from the top left.
        pub cells: Vec<u32>,
        pub faces: u32,
        /// The camera's picture, in pixels; the latest shot's.
        pub width_px: u32,
        pub height_px: u32,
    }

    /// The end-of-day sheet.
    pub struct EndOfDayView {
        #[ts(type = "number")]
        pub from_ms: i64,
        pub counts: CountsView,
        /// What must agree before one may leave.
        pub checks: Vec<CountCheck>,
        pub photos_safe: u32,
        pub photos_total: u32,
        pub waiting: u32,
        pub quarantined: u32,
        pub recalls: u32,
        pub classes: Vec<CoverageView>,
        pub absent: u32,
        /// Everything agrees and the center has signed for every photo.
        pub safe_to_leave: bool,
    }

    /// What was counted today.
    pub struct CountsView {
        /// Releases of the shutter, counted before the picture was written.
        pub releases: u32,
        /// Releases that brought no picture.
        pub missed: u32,
        /// Rows of pictures.
        pub pictures: u32,
        /// Pictures whose file is on the disk, or was removed with the center's receipt.
        pub files: u32,
        pub accepted: u32,
        pub retaken: u32,
        pub discarded: u32,
        pub orphan: u32,
        pub unconfirmed: u32,
        /// Slots opened.
        pub slots: u32,
        /// Slots with an accepted photo.
        pub slots_kept: u32,
        /// Photos of orders, revisions included.
        pub order_photos: u32,
        /// Orders made.
        pub orders: u32,
    }

    /// Two counts that must be equal.
    pub struct CountCheck {
        /// `releases`, `files`, `fates`, `slots`, `orders`, `tray`.
        pub what: String,
        pub left: u32,
        pub right: u32,
        pub holds: bool,
    }

    /// Somebody of the roster without a photo.
    pub struct AbsentView {
        pub name: Option<String>,
        pub id_masked: Option<String>,
        pub student_number: Option<String>,
        pub class: Option<String>,
    }

    /// A standard this station knows.
    pub struct StandardView {
        pub spec: crate::SpecView,
        /// The standard's date, as written in its file.
        pub version: String,
        pub source: String,
        pub dpi: u32,
        pub file_kb: crate::RangeView,
    }
}
