//! An order and its photo as the station sends them, and back into the domain.
use crate::Invalid;
use domain::consent::Consent;
use domain::geometry::{RectPx, SizePx};
use domain::order::{LocalCheck, OverrideReason, PhotoRevision};
use domain::{Measure, PersonKey, Subject, UtcMs};
use serde::{Deserialize, Serialize};

/// A photo revision on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoDoc {
    /// 1 for the first photo of an order.
    pub revision: u32,
    /// `sha256:<hex>` of the untouched original.
    pub blob_id: String,
    /// Size of the original after its orientation tag: width, height in px.
    pub original_px: [u32; 2],
    /// Crop on the original: x, y, width, height in px.
    pub crop_px: [u32; 4],
    /// When the shutter fell.
    pub captured_at_ms: i64,
    /// What the local check said.
    pub check: CheckDoc,
}

/// The local check on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckDoc {
    /// `passed`, `failed` or `overridden`.
    pub verdict: String,
    /// Measures that failed.
    #[serde(default)]
    pub failed: Vec<String>,
    /// Why it was taken anyway.
    #[serde(default)]
    pub override_reason: Option<String>,
    /// Measures it warned of. Left out when there are none, as programs that do not know the field do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warned: Vec<String>,
}

impl From<&PhotoRevision> for PhotoDoc {
    fn from(p: &PhotoRevision) -> Self {
        Self {
            revision: p.revision,
            blob_id: p.blob.to_string(),
            original_px: [p.original.width, p.original.height],
            crop_px: [p.crop.x, p.crop.y, p.crop.width, p.crop.height],
            captured_at_ms: p.captured_at.0,
            check: CheckDoc::of(&p.check, &p.warned),
        }
    }
}

impl PhotoDoc {
    /// The photo revision this document describes.
    ///
    /// # Errors
    /// Names the field that does not hold; a crop beyond the original is one.
    pub fn to_domain(&self) -> Result<PhotoRevision, Invalid> {
        let [width, height] = self.original_px;
        let [x, y, w, h] = self.crop_px;
        let inside = |start: u32, length: u32, end: u32| start.checked_add(length).is_some_and(|e| e <= end);
        if w == 0 || h == 0 || !inside(x, w, width) || !inside(y, h, height) {
            return Err(Invalid::new("crop_px", "must lie inside the original"));
        }
        Ok(PhotoRevision {
            revision: self.revision,
            blob: self.blob_id.parse().map_err(|e| Invalid::new("blob_id", e))?,
            original: SizePx { width, height },
            crop: RectPx {
                x,
                y,
                width: w,
                height: h,
            },
            captured_at: UtcMs(self.captured_at_ms),
            check: self.check.to_domain()?,
            warned: measures(&self.check.warned),
        })
    }
}

/// The measures this version knows.
fn measures(ids: &[String]) -> Vec<Measure> {
    ids.iter().filter_map(|id| Measure::from_id(id)).collect()
}

impl CheckDoc {
    /// The document of a check and the measures it warned of.
    pub fn of(check: &LocalCheck, warned: &[Measure]) -> Self {
        let ids = |measures: &[Measure]| measures.iter().map(|m| m.id().to_owned()).collect();
        let (verdict, failed, reason) = match check {
            LocalCheck::Passed => ("passed", Vec::new(), None),
            LocalCheck::Failed(failed) => ("failed", ids(failed), None),
            LocalCheck::Overridden { failed, reason } => ("overridden", ids(failed), Some(reason.id().to_owned())),
        };
        Self {
            verdict: verdict.to_owned(),
            failed,
            override_reason: reason,
            warned: ids(warned),
        }
    }

    /// The local check this document describes. Measures this version does not know are left out.
    ///
    /// # Errors
    /// When the verdict or the reason is unknown.
    pub fn to_domain(&self) -> Result<LocalCheck, Invalid> {
        let failed = || measures(&self.failed);
        match self.verdict.as_str() {
            "passed" => Ok(LocalCheck::Passed),
            "failed" => Ok(LocalCheck::Failed(failed())),
            "overridden" => {
                let reason = self.override_reason.as_deref().and_then(OverrideReason::from_id);
                let reason = reason.ok_or_else(|| Invalid::new("override_reason", "is not a known reason"))?;
                Ok(LocalCheck::Overridden {
                    failed: failed(),
                    reason,
                })
            }
            _ => Err(Invalid::new("check.verdict", "must be passed, failed or overridden")),
        }
    }
}

/// A person on the wire: the key and the fields this job may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonDoc {
    /// `code:<hex>`, `roster:<key>` or `temporary:<key>`.
    pub key: String,
    /// What is known.
    #[serde(default)]
    pub subject: SubjectDoc,
}

impl PersonDoc {
    /// The key of the person.
    ///
    /// # Errors
    /// When it is in no known form.
    pub fn key(&self) -> Result<PersonKey, Invalid> {
        PersonKey::from_text(&self.key).ok_or_else(|| Invalid::new("person.key", "is in no known form"))
    }
}

macro_rules! subject_doc {
    ($($field:ident),+ $(,)?) => {
        /// The fields of a subject; absent ones are left out.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[allow(missing_docs)]
        pub struct SubjectDoc { $(#[serde(default, skip_serializing_if = "Option::is_none")] pub $field: Option<String>),+ }
        impl From<&Subject> for SubjectDoc {
            fn from(s: &Subject) -> Self { Self { $($field: s.$field.clone()),+ } }
        }
        impl From<&SubjectDoc> for Subject {
            fn from(s: &SubjectDoc) -> Self { Self { $($field: s.$field.clone()),+ } }
        }
    };
}
subject_doc!(
    name,
    masked_name,
    id_number,
    masked_id,
    sex,
    student_number,
    exam_number,
    school_code,
    faculty,
    major,
    level,
    years,
    class,
    entry_year,
    graduation_year,
    phone,
);

/// A consent on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentDoc {
    /// UUID.
    pub id: String,
    /// Version of the agreement text.
    pub text_version: String,
    /// Language it was shown in.
    pub language: String,
    /// When it was given.
    pub at_ms: i64,
    /// Who asked.
    pub asked_by: String,
}

impl From<&Consent> for ConsentDoc {
    fn from(c: &Consent) -> Self {
        Self {
            id: c.id.to_string(),
            text_version: c.text_version.clone(),
            language: c.language.clone(),
            at_ms: c.at.0,
            asked_by: c.asked_by.clone(),
        }
    }
}

impl ConsentDoc {
    /// The consent this document describes.
    ///
    /// # Errors
    /// When the id is no UUID.
    pub fn to_domain(&self) -> Result<Consent, Invalid> {
        Ok(Consent {
            id: self.id.parse().map_err(|e| Invalid::new("consent.id", e))?,
            text_version: self.text_version.clone(),
            language: self.language.clone(),
            at: UtcMs(self.at_ms),
            asked_by: self.asked_by.clone(),
        })
    }
}
