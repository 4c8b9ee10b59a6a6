//! Rows of delivery packages: what was asked for, how far it is, and what came of it.
use super::SchoolCode;
use domain::{CampaignId, UtcMs};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is wished of a package.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Wish {
    /// Only people of this class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Id of a built-in profile; the job's own when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// A profile of the receiver's own, as TOML; in place of a built-in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_text: Option<String>,
    /// Also photos that no reviewer has seen yet.
    #[serde(default)]
    pub unreviewed: bool,
}

/// Where a package is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageState {
    /// Nobody makes it yet.
    Waiting,
    /// A center makes it, and says so again and again.
    Making,
    /// It can be fetched.
    Ready,
    /// It cannot be made.
    Failed,
}

impl PackageState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Making, Self::Ready, Self::Failed];

    /// The stable word in rows and JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Making => "making",
            Self::Ready => "ready",
            Self::Failed => "failed",
        }
    }
    /// Reads [`PackageState::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.id() == id)
    }
}

/// One file of a package, kept in parts of equal length beside the photos.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageFile {
    /// `pictures.zip`, or `papers.zip` where the receiver takes nothing but pictures.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of the whole, in hex; also its `ETag`.
    pub sha256: String,
    /// Length of each part but the last.
    pub part_bytes: u64,
}

/// A finished package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Its files.
    pub files: Vec<PackageFile>,
    /// Pictures in it.
    pub pictures: u64,
    /// Rows of the list of photos without a certain name.
    pub unmatched: u64,
    /// Rows of the list of rejected photos.
    pub rejected: u64,
    /// Rows of the list of people without a picture.
    pub absent: u64,
    /// SHA-256 of its list of hashes, which the receipt is signed over.
    pub checksums_sha256: String,
}

/// A package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageRow {
    /// The campaign's school.
    pub school: SchoolCode,
    /// Its id.
    pub id: Uuid,
    /// The campaign.
    pub campaign: CampaignId,
    /// What was asked for.
    pub wish: Wish,
    /// Who asked, as the history names them.
    pub who: String,
    /// When; also the time of every file in it.
    pub asked_at: UtcMs,
    /// Where it is.
    pub state: PackageState,
    /// How often its making was begun; the parts of each try lie apart.
    pub tries: u32,
    /// Until then nobody else takes it up.
    pub lease_until: UtcMs,
    /// When the present try began.
    pub begun_at: Option<UtcMs>,
    /// Pictures done in it.
    pub done: u64,
    /// Pictures in all.
    pub total: u64,
    /// Why it cannot be made.
    pub fault: Option<String>,
    /// What came of it.
    pub made: Option<Made>,
    /// When it could be fetched.
    pub ready_at: Option<UtcMs>,
    /// When it is forgotten.
    pub expires_at: UtcMs,
}

impl PackageRow {
    /// Where the parts of the present try are kept.
    pub fn place(&self) -> String {
        format!("package-{}-{}", self.id, self.tries)
    }
    /// The subject of its history.
    pub fn subject(&self) -> String {
        format!("package:{}", self.id)
    }
}
