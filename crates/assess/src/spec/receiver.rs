//! Who receives the pictures, and what do they ask beyond the standard? A profile that names a standard and overrides some of it.
use super::error::SpecError;
use super::file::{ColoursNumber, DensityNumber, LimitEntry, QualityNumber, RangeNumber, Reader, Sources};
use domain::finding::Bound;
use domain::photo_spec::{Limit, Sourced};
use domain::{PhotoSpec, Rgb, SpecId};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// A receiver's profile: a province, a school, an authority.
#[derive(Debug, Clone, PartialEq)]
pub struct Receiver {
    /// Identifier, also the file's stem.
    pub id: String,
    /// Version of our data file, a date.
    pub version: String,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// The standard it builds on.
    pub standard: SpecId,
    file_kb: Option<Sourced<Bound>>,
    quality_floor: Option<Sourced<u8>>,
    dpi: Option<Sourced<u16>>,
    backgrounds: Option<Sourced<Vec<Rgb>>>,
    limits: Vec<Limit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReceiverFile {
    id: Spanned<String>,
    version: String,
    title_zh: String,
    title_en: String,
    standard: Spanned<String>,
    file_kb: Option<Spanned<RangeNumber>>,
    quality_floor: Option<Spanned<QualityNumber>>,
    dpi: Option<Spanned<DensityNumber>>,
    backgrounds: Option<Spanned<ColoursNumber>>,
    #[serde(default)]
    limits: BTreeMap<String, Spanned<LimitEntry>>,
    sources: Sources,
}

/// Reads one profile; the standard it names must be among `standards`.
pub(super) fn parse(file: &str, text: &str, standards: &[PhotoSpec]) -> Result<Receiver, SpecError> {
    let reader = Reader { file, text };
    let parsed: ReceiverFile = reader.parse()?;
    let sources = &parsed.sources;
    let standard = SpecId(parsed.standard.get_ref().clone());
    if !standards.iter().any(|s| s.id == standard) {
        return Err(reader.wrong(&parsed.standard, "standard", "there is no such standard"));
    }
    Ok(Receiver {
        id: reader.id(&parsed.id)?,
        version: parsed.version,
        title_zh: parsed.title_zh,
        title_en: parsed.title_en,
        standard,
        file_kb: reader.optional(sources, "file_kb", &parsed.file_kb)?,
        quality_floor: reader.optional(sources, "quality_floor", &parsed.quality_floor)?,
        dpi: reader.optional(sources, "dpi", &parsed.dpi)?,
        backgrounds: reader.optional(sources, "backgrounds", &parsed.backgrounds)?,
        limits: reader.limits(sources, &parsed.limits)?,
    })
}

impl Receiver {
    /// The standard as this receiver wants it; what the profile does not mention stays.
    pub fn applied(&self, standard: &PhotoSpec) -> PhotoSpec {
        let mut spec = standard.clone();
        spec.version = format!("{} + {} {}", spec.version, self.id, self.version);
        if let Some(kb) = &self.file_kb {
            spec.file_kb = kb.clone();
        }
        if let Some(floor) = &self.quality_floor {
            spec.quality_floor = floor.clone();
        }
        if let Some(dpi) = &self.dpi {
            spec.dpi = dpi.clone();
        }
        if let Some(backgrounds) = &self.backgrounds {
            spec.backgrounds = backgrounds.clone();
        }
        let entries = &mut spec.limits.entries;
        entries.retain(|e| self.limits.iter().all(|l| l.measure != e.measure));
        entries.extend(self.limits.iter().cloned());
        entries.sort_by_key(|l| l.measure);
        spec
    }

    /// What the profile changes, by the name of the key, with the source of each.
    pub fn changes(&self) -> Vec<(&'static str, &str)> {
        let mut changes = Vec::new();
        changes.extend(self.file_kb.as_ref().map(|s| ("file_kb", s.source.as_str())));
        changes.extend(
            self.quality_floor
                .as_ref()
                .map(|s| ("quality_floor", s.source.as_str())),
        );
        changes.extend(self.dpi.as_ref().map(|s| ("dpi", s.source.as_str())));
        changes.extend(self.backgrounds.as_ref().map(|s| ("backgrounds", s.source.as_str())));
        changes.extend(self.limits.iter().map(|l| (l.measure.id(), l.source.as_str())));
        changes
    }
}
