//! Operations: what a station did to an order, and what the center answers.
use crate::Invalid;
use crate::order::{ConsentDoc, PersonDoc, PhotoDoc};
use serde::{Deserialize, Serialize};

/// `POST /v1/ops`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpsRequest {
    /// At most [`crate::MAX_OPS`].
    pub ops: Vec<Op>,
}

/// One operation. Its hash is over the exact JSON text of `body` as the station stored it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Op {
    /// UUIDv7; the idempotency key.
    pub op_id: String,
    /// UUIDv7.
    pub order_id: String,
    /// 1, 2, 3 … for each order; an op that arrives before its predecessor is held.
    pub rev: u32,
    /// What was done; see [`OpBody`]. The JSON text of the body, kept as text so that its hash is the same everywhere.
    pub body: String,
    /// When it was done, by the station's clock.
    pub captured_at_ms: i64,
    /// Milliseconds since the station's computer started.
    pub mono_ms: u64,
    /// Changes with each start of the computer.
    pub boot_id: String,
    /// SHA-256 hex over the previous op's chain hash and this op: ops cannot be left out or changed unseen.
    pub chain: String,
}

impl Op {
    /// The chain hash of this op after the given one: SHA-256 over `previous \n op_id \n order_id \n rev \n body`.
    pub fn chain_after(previous: &str, op_id: &str, order_id: &str, rev: u32, body: &str) -> String {
        use sha2::Digest;
        let mut hash = sha2::Sha256::new();
        for part in [previous, op_id, order_id, &rev.to_string(), body] {
            hash.update(part.as_bytes());
            hash.update(b"\n");
        }
        hex::encode(hash.finalize())
    }

    /// What [`Op::body`] says.
    ///
    /// # Errors
    /// When the text is not JSON of a known shape.
    pub fn read(&self) -> Result<OpBody, Invalid> {
        serde_json::from_str(&self.body).map_err(|e| Invalid::new("body", shape_of(&e)))
    }

    /// SHA-256 hex of what must be equal when the same op is sent again.
    pub fn content_hash(&self) -> String {
        Self::chain_after("", &self.op_id, &self.order_id, self.rev, &self.body)
    }
}

/// Says where JSON does not hold, without repeating any of its values: they may be personal.
fn shape_of(error: &serde_json::Error) -> String {
    let kind = match error.classify() {
        serde_json::error::Category::Data => "is not of a known shape",
        serde_json::error::Category::Syntax | serde_json::error::Category::Eof | serde_json::error::Category::Io => {
            "is not JSON"
        }
    };
    format!("{kind}, at line {} column {}", error.line(), error.column())
}

impl OpBody {
    /// The JSON text an op carries.
    ///
    /// # Errors
    /// Never for the bodies of this version; the encoder's error is passed on all the same.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// The photo this op brings, if it brings one.
    pub fn photo(&self) -> Option<&PhotoDoc> {
        match self {
            Self::Submit(submit) => Some(&submit.photo),
            Self::ReplacePhoto { photo } | Self::Rebind { photo, .. } | Self::Correction { photo, .. } => Some(photo),
            Self::Close
            | Self::Unbind { .. }
            | Self::Reprint { .. }
            | Self::PayClass { .. }
            | Self::EditAddress { .. } => None,
        }
    }
}

/// What was done to an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OpBody {
    /// T1, T1f.
    Submit(Box<Submit>),
    /// T3, before the order was ever sent and paid.
    Close,
    /// T7: another photo for a rejected (or withdrawn) order.
    ReplacePhoto {
        /// The new photo.
        photo: PhotoDoc,
    },
    /// T7s: this photo was filed under another person, or comes after one that was taken back.
    Rebind {
        /// The right photo.
        photo: PhotoDoc,
        /// UUID of the repair; the same in each order it changed.
        repair: String,
    },
    /// T6w, T6s: the photo is somebody else's; the order waits for its own.
    Unbind {
        /// UUID of the repair; the order's own when it is none.
        repair: String,
        /// `graduate` when the person in the picture took it back (T6w); absent when the operator did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// T12: a new order linked to a completed one.
    Correction {
        /// Its number.
        number: String,
        /// The order it corrects.
        of: String,
        /// The new photo.
        photo: PhotoDoc,
    },
    /// T13: more prints of an approved photo.
    Reprint {
        /// Its number.
        number: String,
        /// The approved order.
        of: String,
    },
    /// T2 for a class paid in one sum.
    PayClass {
        /// UUID of the payment, the same in each order of the class.
        payment_id: String,
        /// Fen for this order.
        amount_fen: u64,
    },
    /// T2e: where the graduate wants their prints. A center of the version before rejects it, and it waits in quarantine there.
    EditAddress {
        /// One line.
        address: String,
    },
}

/// A new order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submit {
    /// `PPPPPP-yyyyMMddHHmmssSSS`.
    pub number: String,
    /// UUID.
    pub campaign_id: String,
    /// The person.
    pub person: PersonDoc,
    /// The first photo.
    pub photo: PhotoDoc,
    /// Consent to taking and sending it.
    pub consent: ConsentDoc,
    /// Consent to being told by short message when the photo was rejected or is ready; absent when it was not given, as programs that
    /// do not know the field leave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<ConsentDoc>,
    /// 特征码, when the campaign asks for one.
    #[serde(default)]
    pub feature_code: Option<String>,
}

/// The answer to `POST /v1/ops`: one result for each op, in the same order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpsAnswer {
    /// One for each op.
    pub results: Vec<OpResult>,
    /// Covers every applied or duplicate op of the request; absent when there is none.
    pub receipt: Option<crate::receipt::Receipt>,
}

/// What became of one op. Sent again, the same op gets the same answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpResult {
    /// The op.
    pub op_id: String,
    /// Applied, duplicate, held or rejected.
    pub status: OpStatus,
    /// The order's revision at the center, when it exists there.
    pub order_rev: Option<u32>,
    /// The order's state id at the center, when it exists there.
    pub state: Option<String>,
    /// Photos named by the order that the center does not hold.
    #[serde(default)]
    pub missing_blobs: Vec<String>,
    /// Why it was held or rejected.
    #[serde(default)]
    pub problem: Option<crate::problem::Problem>,
}

/// What became of an op.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpStatus {
    /// It took effect.
    Applied,
    /// The same change of the same revision took effect before, under another `op_id`. An op that is sent again under its
    /// own `op_id` gets its first answer again, `applied`.
    Duplicate,
    /// The center keeps it until its predecessor, its photo or its campaign is there. Sent again, it says what became of it.
    Held,
    /// It can never be applied. It uses up its revision and blocks nobody else.
    Rejected,
}
