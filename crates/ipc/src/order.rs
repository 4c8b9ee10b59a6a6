//! Orders, their history, and the recall list.
use crate::view;

view! {
    /// A page of orders, newest first.
    pub struct OrdersPage {
        pub rows: Vec<OrderRow>,
        /// How many orders are in each of the nine states, whatever the filter.
        pub counts: Vec<StateCount>,
        /// Orders that fit the filter.
        pub total: u32,
    }

    /// One of the nine states and how many orders are in it.
    pub struct StateCount {
        pub state: String,
        pub count: u32,
    }

    /// An order in a list.
    pub struct OrderRow {
        pub id: String,
        pub number: String,
        pub person: PersonLine,
        /// One of the nine state ids, as `pending_review`.
        pub state: String,
        /// `local`, `queued`, `sent`, `acknowledged` or `quarantined`.
        pub delivery: String,
        pub collective: bool,
        /// 初审: `passed`, `warned` (it passed, with a warning) or `overridden`.
        pub local_check: String,
        #[ts(type = "number")]
        pub price_fen: u64,
        #[ts(type = "number")]
        pub created_at_ms: i64,
        pub photo_revision: u32,
    }

    /// A person in a list, masked.
    pub struct PersonLine {
        pub name: Option<String>,
        pub id_masked: Option<String>,
        pub phone_masked: Option<String>,
        pub student_number: Option<String>,
        pub school: Option<String>,
        pub faculty: Option<String>,
        pub major: Option<String>,
        pub class: Option<String>,
        pub code_short: Option<String>,
    }

    /// An order with its history.
    pub struct OrderDetail {
        pub row: OrderRow,
        #[ts(type = "number")]
        pub paid_fen: u64,
        #[ts(type = "number")]
        pub refunded_fen: u64,
        pub tries_left: u8,
        pub rejection: Option<crate::RecallView>,
        pub photo_sha256: String,
        pub findings: Vec<crate::FindingView>,
        pub timeline: Vec<TimelineEntry>,
        /// The center's signature over what it received, when it did.
        pub receipt: Option<ReceiptView>,
        /// `correction` or `reprint` with the order it was made from.
        pub linked: Option<LinkView>,
        /// Where the prints are sent, masked.
        pub address_masked: Option<String>,
        /// What may be done with it here: `retake`, `close`, `reprint`, `correction`, `shift`; at the kiosk `address` and `withdraw` too.
        pub actions: Vec<String>,
    }

    /// The center's receipt.
    pub struct ReceiptView {
        #[ts(type = "number")]
        pub at_ms: i64,
        /// Base64 of the Ed25519 signature.
        pub signature: String,
    }

    /// A linked order.
    pub struct LinkView {
        pub kind: String,
        pub order_id: String,
    }

    /// One line of the history.
    pub struct TimelineEntry {
        #[ts(type = "number")]
        pub at_ms: i64,
        /// As `created`, `state`, `photo`, `sent`, `acknowledged`, `revealed`.
        pub what: String,
        pub who: String,
        #[ts(type = "Record<string, string>")]
        pub values: std::collections::BTreeMap<String, String>,
    }

    /// What a repair did.
    pub struct ShiftView {
        /// Names it, to take it back.
        pub repair: String,
        /// Photos that are with another person now.
        pub moved: u32,
        /// The order that waits for a photo.
        pub waiting_order: String,
        pub waiting_person: String,
        /// A photo went to the tray.
        pub tray: bool,
    }

    /// Unmasked fields; each call is written to the journal.
    pub struct RevealedPerson {
        pub name: Option<String>,
        pub id_number: Option<String>,
        pub phone: Option<String>,
        pub address: Option<String>,
    }
}
