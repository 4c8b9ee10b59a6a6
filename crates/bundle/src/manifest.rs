//! What a bundle says of itself: who made it and what is in it. Signed by the station as a whole.
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::BlobId;
use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};

/// The signed head of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// 1.
    pub version: u32,
    /// Who made it.
    pub station: StationEntry,
    /// When, by the station's clock.
    pub created_at_ms: i64,
    /// Ops in the bundle.
    pub ops: usize,
    /// Length of their lines in bytes.
    pub ops_bytes: usize,
    /// SHA-256 hex of their lines.
    pub ops_sha256: String,
    /// The photos, in the order of the file.
    pub photos: Vec<PhotoEntry>,
}

/// The station that made a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StationEntry {
    /// Its id at the center; absent when it never met one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its Ed25519 public key, base64.
    pub public_key: String,
    /// Name people give it.
    pub name: String,
    /// Version of the program.
    pub app_version: String,
}

/// One photo of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoEntry {
    /// `sha256:<hex>` of its bytes.
    pub blob_id: String,
    /// Its length.
    pub bytes: usize,
}

impl StationEntry {
    /// The key the manifest must be signed with.
    pub fn key(&self) -> Option<VerifyingKey> {
        let bytes: [u8; 32] = STANDARD.decode(&self.public_key).ok()?.try_into().ok()?;
        VerifyingKey::from_bytes(&bytes).ok().filter(|key| !key.is_weak())
    }
}

impl PhotoEntry {
    pub(crate) fn id(&self) -> Option<BlobId> {
        self.blob_id.parse().ok()
    }
}
