//! A collection campaign: one school, one job, one period, one standard.
use crate::feature_code::IssuedFeatureCode;
use crate::id::CampaignId;
use crate::money::Money;
use crate::photo_spec::SpecId;
use crate::time::UtcMs;

/// The kind of job decides whether a name list may exist at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// Blind: people are known by their collection code only.
    Graduate,
    /// A roster from the school; free by default.
    Freshman,
    /// A roster of staff; free by default.
    Staff,
}

impl JobKind {
    /// Whether people are known by collection code only.
    pub const fn is_blind(self) -> bool {
        match self {
            Self::Graduate => true,
            Self::Freshman | Self::Staff => false,
        }
    }
    /// The stable word used in files and on the wire.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Graduate => "graduate",
            Self::Freshman => "freshman",
            Self::Staff => "staff",
        }
    }
    /// Reads [`JobKind::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Graduate, Self::Freshman, Self::Staff]
            .into_iter()
            .find(|k| k.id() == id)
    }
}

/// How the pictures reach the people, and whether each is asked for an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Collection {
    /// 集采: the school collects and hands over.
    Collective,
    /// Each person on their own.
    Individual,
}

/// Whether a picture file may be taken instead of a shot (album upload).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PictureSource {
    /// Only the camera on site.
    CameraOnly,
    /// Camera or an existing file.
    CameraOrFile,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Identifier.
    pub id: CampaignId,
    /// Title shown on screen.
    pub title: String,
    /// School code, 5–10 characters.
    pub school_code: String,
    /// School name.
    pub school_name: String,
    /// Kind of job.
    pub job: JobKind,
    /// First six characters of each order number: school or collection point.
    pub number_prefix: crate::order_number::NumberPrefix,
    /// Price for one person.
    pub price: Money,
    /// 集采 or individual.
    pub collection: Collection,
    /// Camera only, or files too.
    pub pictures: PictureSource,
    /// The standard the photos are judged by.
    pub spec: SpecId,
    /// Feature codes in force.
    pub feature_codes: Vec<IssuedFeatureCode>,
    /// First moment of the campaign.
    pub opens: UtcMs,
    /// End of the campaign.
    pub closes: UtcMs,
    /// Rules of rejection and retake.
    pub retake: RetakeRule,
    /// Version of the service agreement people consent to.
    pub consent_version: String,
}

/// How often and how long a rejected photo may be taken again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetakeRule {
    /// Retakes allowed for one order. The manual's practice is 3.
    pub tries: u8,
    /// Time from the rejection to the deadline. The manual's practice is two days.
    pub within_ms: i64,
}

impl Default for RetakeRule {
    fn default() -> Self {
        Self {
            tries: 3,
            within_ms: 2 * 86_400_000,
        }
    }
}
