//! The campaign file (TOML) a center issues and a station may import; also its shape in the snapshot (JSON).
use crate::Invalid;
use domain::campaign::{Campaign, Collection, JobKind, PictureSource, RetakeRule};
use domain::feature_code::{FeatureCode, IssuedFeatureCode};
use domain::order_number::NumberPrefix;
use domain::{Money, SpecId, UtcMs};
use serde::{Deserialize, Serialize};

/// A campaign on the wire and in files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignDoc {
    /// UUID.
    pub id: String,
    /// Title shown on screen.
    pub title: String,
    /// School code, 5–10 characters.
    pub school_code: String,
    /// School name.
    pub school_name: String,
    /// `graduate`, `freshman` or `staff`.
    pub job: String,
    /// First six characters of each order number.
    pub number_prefix: String,
    /// Price for one person in fen.
    #[serde(default)]
    pub price_fen: u64,
    /// 集采: the school collects and hands over.
    #[serde(default = "yes")]
    pub collective: bool,
    /// Picture files may be taken instead of shots.
    #[serde(default)]
    pub picture_files: bool,
    /// Photo standard, as `chsi-graduate-2017`.
    pub spec: String,
    /// First moment.
    pub opens_at_ms: i64,
    /// End.
    pub closes_at_ms: i64,
    /// Retakes allowed after a rejection.
    #[serde(default = "three")]
    pub retake_tries: u8,
    /// Time from a rejection to its deadline, in hours.
    #[serde(default = "two_days")]
    pub retake_within_hours: u32,
    /// Version of the service agreement.
    pub consent_version: String,
    /// Feature codes (特征码) in force.
    #[serde(default)]
    pub feature_codes: Vec<FeatureCodeDoc>,
}

/// A feature code on the wire and in files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureCodeDoc {
    /// Six letters or digits.
    pub code: String,
    /// The school it belongs to; the campaign's when left out.
    #[serde(default)]
    pub school_code: Option<String>,
    /// First moment; the campaign's when left out.
    #[serde(default)]
    pub from_ms: Option<i64>,
    /// End; the campaign's when left out.
    #[serde(default)]
    pub until_ms: Option<i64>,
}

fn yes() -> bool {
    true
}
fn three() -> u8 {
    3
}
fn two_days() -> u32 {
    48
}

/// A campaign file that could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum CampaignFileError {
    /// Not TOML of this shape; the message names line and column.
    #[error("reading the campaign file: {0}")]
    Toml(#[from] toml::de::Error),
    /// A value that does not hold.
    #[error("reading the campaign file: {0}")]
    Invalid(#[from] Invalid),
}

impl CampaignDoc {
    /// Reads a campaign file.
    ///
    /// # Errors
    /// When the text is not TOML of this shape.
    pub fn from_toml(text: &str) -> Result<Self, CampaignFileError> {
        Ok(toml::from_str(text)?)
    }

    /// The campaign this document describes.
    ///
    /// # Errors
    /// Names the first field that does not hold.
    pub fn to_domain(&self) -> Result<Campaign, Invalid> {
        let code_length = self.school_code.chars().count();
        if !(5..=10).contains(&code_length) {
            return Err(Invalid::new("school_code", "must have 5 to 10 characters"));
        }
        if self.opens_at_ms >= self.closes_at_ms {
            return Err(Invalid::new("closes_at_ms", "must lie after opens_at_ms"));
        }
        if self.title.trim().is_empty() || self.title.chars().count() > 200 {
            return Err(Invalid::new("title", "must have 1 to 200 characters"));
        }
        Ok(Campaign {
            id: self.id.parse().map_err(|e| Invalid::new("id", e))?,
            title: self.title.clone(),
            school_code: self.school_code.clone(),
            school_name: self.school_name.clone(),
            job: JobKind::from_id(&self.job)
                .ok_or_else(|| Invalid::new("job", "must be graduate, freshman or staff"))?,
            number_prefix: NumberPrefix::parse(&self.number_prefix).map_err(|e| Invalid::new("number_prefix", e))?,
            price: Money::from_fen(self.price_fen),
            collection: if self.collective {
                Collection::Collective
            } else {
                Collection::Individual
            },
            pictures: if self.picture_files {
                PictureSource::CameraOrFile
            } else {
                PictureSource::CameraOnly
            },
            spec: SpecId(self.spec.clone()),
            feature_codes: self
                .feature_codes
                .iter()
                .map(|c| self.feature_code(c))
                .collect::<Result<_, _>>()?,
            opens: UtcMs(self.opens_at_ms),
            closes: UtcMs(self.closes_at_ms),
            retake: RetakeRule {
                tries: self.retake_tries,
                within_ms: i64::from(self.retake_within_hours) * 3_600_000,
            },
            consent_version: self.consent_version.clone(),
        })
    }

    fn feature_code(&self, doc: &FeatureCodeDoc) -> Result<IssuedFeatureCode, Invalid> {
        Ok(IssuedFeatureCode {
            code: FeatureCode::parse(&doc.code).map_err(|e| Invalid::new("feature_codes.code", e))?,
            school_code: doc.school_code.clone().unwrap_or_else(|| self.school_code.clone()),
            from: UtcMs(doc.from_ms.unwrap_or(self.opens_at_ms)),
            until: UtcMs(doc.until_ms.unwrap_or(self.closes_at_ms)),
        })
    }
}

impl From<&Campaign> for CampaignDoc {
    fn from(c: &Campaign) -> Self {
        Self {
            id: c.id.to_string(),
            title: c.title.clone(),
            school_code: c.school_code.clone(),
            school_name: c.school_name.clone(),
            job: c.job.id().to_owned(),
            number_prefix: c.number_prefix.as_str().to_owned(),
            price_fen: c.price.fen(),
            collective: c.collection == Collection::Collective,
            picture_files: c.pictures == PictureSource::CameraOrFile,
            spec: c.spec.0.clone(),
            opens_at_ms: c.opens.0,
            closes_at_ms: c.closes.0,
            retake_tries: c.retake.tries,
            retake_within_hours: u32::try_from(c.retake.within_ms / 3_600_000).unwrap_or(u32::MAX),
            consent_version: c.consent_version.clone(),
            feature_codes: c
                .feature_codes
                .iter()
                .map(|f| FeatureCodeDoc {
                    code: f.code.as_str().to_owned(),
                    school_code: Some(f.school_code.clone()),
                    from_ms: Some(f.from.0),
                    until_ms: Some(f.until.0),
                })
                .collect(),
        }
    }
}
