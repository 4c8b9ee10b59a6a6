//! The graduate's window: what it shows now. It names nobody: the station knows who stands there.
use crate::view;

view! {
    /// The kiosk; sent again whenever a part of it changes.
    pub struct KioskView {
        #[ts(type = "number")]
        pub version: u64,
        /// The campaign behind 上传图像采集码, and the one behind 新生照片上传.
        pub graduate: Option<KioskJob>,
        pub freshman: Option<KioskJob>,
        pub guest: Option<GuestView>,
        /// The self-capture, once the guest went to it.
        pub booth: Option<BoothView>,
        /// Somebody else sits in front of the camera.
        pub chair_taken: bool,
        /// `streaming` or another state of the camera.
        pub camera: String,
        pub contact: ContactView,
        /// The web site where graduates find the same on their phones, when there is one.
        pub site: Option<SiteView>,
        pub station_name: String,
        pub demo: bool,
    }

    /// The graduates' web site, and its address as a code.
    pub struct SiteView {
        pub address: String,
        /// As in `PaymentView`.
        pub modules: u32,
        pub dark: String,
    }

    /// A code was asked for.
    pub struct PhoneCodeView {
        /// Another may be asked for after this time.
        #[ts(type = "number")]
        pub again_in_ms: u64,
    }

    /// A payment code, to be scanned by the payer's phone.
    pub struct PaymentView {
        /// Modules in each direction, without the quiet zone.
        pub modules: u32,
        /// Row by row, `1` for a dark module.
        pub dark: String,
        #[ts(type = "number")]
        pub amount_fen: u64,
        #[ts(type = "number")]
        pub expires_at_ms: i64,
    }

    /// A campaign as the kiosk offers it.
    pub struct KioskJob {
        pub campaign_id: String,
        pub title: String,
        pub school_name: String,
        pub job: String,
        #[ts(type = "number")]
        pub price_fen: u64,
        pub collective: bool,
        /// A picture file may be chosen instead of a shot.
        pub picture_files: bool,
        pub needs_feature_code: bool,
        pub consent_version: String,
        #[ts(type = "number")]
        pub closes_at_ms: i64,
    }

    /// Who stands there, masked.
    pub struct GuestView {
        pub job: String,
        pub person: crate::PersonLine,
        pub consented: bool,
        /// The feature code was taken, or none is needed.
        pub coded: bool,
        /// Fields the guest may still fill in, as `student_number`.
        pub missing: Vec<String>,
        /// An order of this person lives already: nothing more is to be collected.
        pub collected: bool,
        /// A rejected order awaits a new photo.
        pub recall: Option<crate::RecallView>,
        pub orders: Vec<crate::OrderRow>,
    }

    /// The guest in front of the camera.
    pub struct BoothView {
        /// As a slot's stage.
        pub stage: String,
        pub shots: u32,
        pub shots_left: u32,
        pub verdict: Option<crate::VerdictView>,
        pub live: crate::LiveView,
        pub spec: Option<crate::SpecView>,
    }

    /// Everything the station keeps about the guest; ID and phone are masked, for the screen is a shared one.
    pub struct OwnDataView {
        pub campaign: String,
        pub person: crate::PersonLine,
        pub consents: Vec<OwnConsent>,
        pub orders: Vec<OwnOrder>,
        pub messages: Vec<MessageView>,
    }

    /// An agreement the guest gave.
    pub struct OwnConsent {
        pub version: String,
        /// Language it was shown in.
        pub language: String,
        #[ts(type = "number")]
        pub at_ms: i64,
    }

    /// One of the guest's orders, with its money and every photo it ever had.
    pub struct OwnOrder {
        pub row: crate::OrderRow,
        #[ts(type = "number")]
        pub paid_fen: u64,
        #[ts(type = "number")]
        pub refunded_fen: u64,
        pub address_masked: Option<String>,
        pub photos: Vec<OwnPhoto>,
    }

    /// A photo of an order.
    pub struct OwnPhoto {
        pub revision: u32,
        #[ts(type = "number")]
        pub taken_at_ms: i64,
        /// 初审, as in an order's row.
        pub local_check: String,
        /// Measures that failed or warned.
        pub noted: Vec<String>,
    }

    /// Whom to ask.
    pub struct ContactView {
        pub hours: String,
        pub phone: String,
        pub address: String,
        /// Address of the graduates' web site; the center's own when it is empty.
        #[serde(default)]
        pub site: String,
    }

    /// A message between a graduate and the people of the service.
    pub struct MessageView {
        #[ts(type = "number")]
        pub at_ms: i64,
        /// Written by the service.
        pub from_service: bool,
        pub text: String,
        /// What it is about, at the desk only: masked name and the person's key.
        pub person: Option<String>,
        pub key: Option<String>,
    }
}
