//! Receipts: the center's Ed25519 signature over the sorted (op, revision, photo) it holds. Local photos may go only with one.
use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};

/// A signed receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// When the center recorded the latest of the entries, so that the same entries always get the same receipt.
    pub at_ms: i64,
    /// What it holds, sorted.
    pub entries: Vec<Entry>,
    /// Ed25519 over [`signed_bytes`], base64.
    pub signature: String,
}

/// One op the center holds, and the photo it has for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    /// The op.
    pub op_id: String,
    /// Its revision.
    pub rev: u32,
    /// The photo, once the center holds its bytes; absent for ops without one.
    pub blob_id: Option<String>,
}

/// A receipt that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the receipt is not signed by this center")]
pub struct BadReceipt;

/// The bytes that are signed: a header line, the time, then one line for each entry in sorted order.
pub fn signed_bytes(at_ms: i64, entries: &[Entry]) -> Vec<u8> {
    let mut text = format!("xueying-receipt-v1\n{at_ms}\n");
    for e in entries {
        text.push_str(&format!(
            "{} {} {}\n",
            e.op_id,
            e.rev,
            e.blob_id.as_deref().unwrap_or("-")
        ));
    }
    text.into_bytes()
}

impl Receipt {
    /// Signs what the center holds.
    pub fn sign(key: &SigningKey, at_ms: i64, mut entries: Vec<Entry>) -> Self {
        entries.sort();
        let signature = key.sign(&signed_bytes(at_ms, &entries));
        Self {
            at_ms,
            entries,
            signature: STANDARD.encode(signature.to_bytes()),
        }
    }

    /// Checks the signature.
    ///
    /// # Errors
    /// When it is not the center's, or the entries are not sorted.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), BadReceipt> {
        if !self.entries.is_sorted() {
            return Err(BadReceipt);
        }
        let bytes = STANDARD.decode(&self.signature).map_err(|_| BadReceipt)?;
        let signature = Signature::from_slice(&bytes).map_err(|_| BadReceipt)?;
        key.verify(&signed_bytes(self.at_ms, &self.entries), &signature)
            .map_err(|_| BadReceipt)
    }
}
