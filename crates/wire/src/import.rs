//! `POST /v1/import`: what the center says to a sealed bundle. The answer travels back on the stick it came on.
use crate::op::OpResult;
use crate::problem::Problem;
use crate::receipt::Receipt;
use serde::{Deserialize, Serialize};

/// Largest answer a station reads: 1 KiB for each op of a full bundle, rounded up.
pub const MAX_ANSWER_BYTES: usize = 32 << 20;

/// The answer to a bundle. The same bundle again gets the same results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportAnswer {
    /// The station that made the bundle, by its id at the center.
    pub station_id: String,
    /// One for each op, in the order of the bundle.
    pub results: Vec<OpResult>,
    /// Cover every applied or duplicate op; one for each hundred.
    pub receipts: Vec<Receipt>,
    /// Photos that are new at the center.
    pub photos_stored: usize,
    /// Photos the school had sent before.
    pub photos_already: usize,
    /// Photos that were not accepted; the orders that name them wait for others.
    #[serde(default)]
    pub photos_refused: Vec<PhotoRefusal>,
}

/// A photo that was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoRefusal {
    /// `sha256:<hex>`.
    pub blob_id: String,
    /// Why.
    pub problem: Problem,
}
