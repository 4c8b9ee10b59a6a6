//! How does a TOML file become a photo standard?
//!
//! Every number is a table with `source` (a key of the file's `[sources]`) and `confidence` (`official`, `secondary`, `guess`).
use super::error::SpecError;
use domain::finding::Bound;
use domain::photo_spec::{Confidence, Geometry, Limit, Limits, Sourced, Strictness};
use domain::{Measure, PhotoSpec, Rgb, SizePx, SpecId};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// Largest side of a finished picture in pixels.
const MAX_SIDE: u32 = 10_000;

/// What every standard inherits.
pub(super) struct Common {
    limits: Vec<Limit>,
}

impl Common {
    pub(super) fn parse(file: &str, text: &str) -> Result<Self, SpecError> {
        let reader = Reader { file, text };
        let parsed: CommonFile = reader.parse()?;
        let limits = reader.limits(&parsed.sources, &parsed.limits)?;
        Ok(Self { limits })
    }
}

/// Reads one standard; limits it does not have come from `common`.
pub(super) fn parse(file: &str, text: &str, common: &Common) -> Result<PhotoSpec, SpecError> {
    let reader = Reader { file, text };
    let parsed: SpecFile = reader.parse()?;
    let sources = &parsed.sources;
    let mut entries = reader.limits(sources, &parsed.limits)?;
    let inherited = common
        .limits
        .iter()
        .filter(|l| !entries.iter().any(|e| e.measure == l.measure));
    let inherited: Vec<Limit> = inherited.cloned().collect();
    entries.extend(inherited);
    entries.sort_by_key(|l| l.measure);
    Ok(PhotoSpec {
        id: SpecId(reader.id(&parsed.id)?),
        version: parsed.version,
        title_zh: parsed.title_zh,
        title_en: parsed.title_en,
        size: reader.sourced(sources, "size", &parsed.size)?,
        dpi: reader.sourced(sources, "dpi", &parsed.dpi)?,
        quality_floor: reader.sourced(sources, "quality_floor", &parsed.quality_floor)?,
        file_kb: reader.sourced(sources, "file_kb", &parsed.file_kb)?,
        backgrounds: reader.sourced(sources, "backgrounds", &parsed.backgrounds)?,
        geometry: reader.geometry(sources, &parsed.geometry)?,
        limits: Limits { entries },
    })
}

pub(super) type Sources = BTreeMap<String, String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommonFile {
    sources: Sources,
    limits: BTreeMap<String, Spanned<LimitEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpecFile {
    id: Spanned<String>,
    version: String,
    title_zh: String,
    title_en: String,
    size: Spanned<SizeNumber>,
    dpi: Spanned<DensityNumber>,
    quality_floor: Spanned<QualityNumber>,
    file_kb: Spanned<RangeNumber>,
    backgrounds: Spanned<ColoursNumber>,
    #[serde(default)]
    geometry: GeometryFile,
    #[serde(default)]
    limits: BTreeMap<String, Spanned<LimitEntry>>,
    sources: Sources,
}

/// A table that holds a value beside its `source` and `confidence`; unknown keys are refused.
pub(super) trait Number {
    /// What it becomes.
    type Value;
    fn source(&self) -> &str;
    fn confidence(&self) -> Sure;
    /// The value; `None` when it makes no sense.
    fn value(&self) -> Option<Self::Value>;
}

macro_rules! number {
    ($name:ident { $($field:ident : $kind:ty),+ } -> $value:ty, $read:expr) => {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            $($field: $kind,)+
            source: String,
            confidence: Sure,
        }
        impl Number for $name {
            type Value = $value;
            fn source(&self) -> &str {
                &self.source
            }
            fn confidence(&self) -> Sure {
                self.confidence
            }
            fn value(&self) -> Option<$value> {
                let read: fn(&Self) -> Option<$value> = $read;
                read(self)
            }
        }
    };
}

number!(SizeNumber { width_px: u32, height_px: u32 } -> SizePx, |n| {
    let fits = |side: u32| (1..=MAX_SIDE).contains(&side);
    (fits(n.width_px) && fits(n.height_px)).then_some(SizePx { width: n.width_px, height: n.height_px })
});
number!(DensityNumber { value: u16 } -> u16, |n| (n.value > 0).then_some(n.value));
number!(QualityNumber { value: u8 } -> u8, |n| (1..=100).contains(&n.value).then_some(n.value));
number!(RangeNumber { min: Option<f32>, max: Option<f32> } -> Bound, |n| Range { min: n.min, max: n.max }.bound());
number!(ColoursNumber { rgb: Vec<[u8; 3]> } -> Vec<Rgb>, |n| {
    let colours = n.rgb.iter().map(|&[r, g, b]| Rgb { r, g, b });
    (!n.rgb.is_empty()).then(|| colours.collect())
});

#[derive(Deserialize, Clone, Copy)]
#[serde(deny_unknown_fields)]
struct Range {
    min: Option<f32>,
    max: Option<f32>,
}

impl Range {
    /// At least one end, and they are in order.
    fn bound(self) -> Option<Bound> {
        let Self { min, max } = self;
        let some = min.is_some() || max.is_some();
        let ordered = min.zip(max).is_none_or(|(a, b)| a <= b);
        let finite = min.is_none_or(f32::is_finite) && max.is_none_or(f32::is_finite);
        (some && ordered && finite).then_some(Bound { min, max })
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct GeometryFile {
    crown_to_top_px: Option<Spanned<RangeNumber>>,
    eyes_to_top_px: Option<Spanned<RangeNumber>>,
    eyes_to_bottom_px: Option<Spanned<RangeNumber>>,
    face_width_px: Option<Spanned<RangeNumber>>,
    head_height_px: Option<Spanned<RangeNumber>>,
    inter_eye_px: Option<Spanned<RangeNumber>>,
    off_centre_px: Option<Spanned<RangeNumber>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitEntry {
    /// Left out for a measure of the geometry or the file, whose bound stands elsewhere.
    pass: Option<Range>,
    warn: Option<Range>,
    strictness: Strict,
    source: String,
    confidence: Sure,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sure {
    Official,
    Secondary,
    Guess,
}

impl From<Sure> for Confidence {
    fn from(sure: Sure) -> Self {
        match sure {
            Sure::Official => Self::Official,
            Sure::Secondary => Self::Secondary,
            Sure::Guess => Self::Guess,
        }
    }
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Strict {
    Off,
    Warn,
    Fail,
}

impl From<Strict> for Strictness {
    fn from(strict: Strict) -> Self {
        match strict {
            Strict::Off => Self::Off,
            Strict::Warn => Self::Warn,
            Strict::Fail => Self::Fail,
        }
    }
}

/// One file being read; knows its name and text for the errors.
pub(super) struct Reader<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
}

impl Reader<'_> {
    pub(super) fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T, SpecError> {
        toml::from_str(self.text).map_err(|e: toml::de::Error| SpecError::Syntax {
            file: self.file.to_owned(),
            line: self.line(e.span().map_or(0, |s| s.start)),
            message: e.message().to_owned(),
        })
    }

    /// Line number, from 1, of a byte offset.
    fn line(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().iter().take(offset);
        before.filter(|b| **b == b'\n').count() + 1
    }

    pub(super) fn wrong<T>(&self, at: &Spanned<T>, key: &str, message: &'static str) -> SpecError {
        SpecError::Value {
            file: self.file.to_owned(),
            line: self.line(at.span().start),
            key: key.to_owned(),
            message,
        }
    }

    /// The identifier: lower-case words joined by hyphens, as it becomes part of file names and commands.
    pub(super) fn id(&self, id: &Spanned<String>) -> Result<String, SpecError> {
        let text = id.get_ref();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if text.is_empty() || text.len() > 64 || !text.chars().all(plain) {
            return Err(self.wrong(id, "id", "1–64 lower-case letters, digits and hyphens are allowed"));
        }
        Ok(text.clone())
    }

    fn sourced<N: Number>(
        &self,
        sources: &Sources,
        key: &str,
        entry: &Spanned<N>,
    ) -> Result<Sourced<N::Value>, SpecError> {
        let number = entry.get_ref();
        let Some(source) = sources.get(number.source()) else {
            return Err(self.wrong(entry, key, "its source is not in [sources]"));
        };
        let Some(value) = number.value() else {
            return Err(self.wrong(entry, key, "the value is out of range, empty or upside down"));
        };
        Ok(Sourced {
            value,
            source: source.clone(),
            confidence: number.confidence().into(),
        })
    }

    /// The same for a number that may be left out.
    pub(super) fn optional<N: Number>(
        &self,
        sources: &Sources,
        key: &str,
        entry: &Option<Spanned<N>>,
    ) -> Result<Option<Sourced<N::Value>>, SpecError> {
        entry.as_ref().map(|e| self.sourced(sources, key, e)).transpose()
    }

    fn geometry(&self, sources: &Sources, file: &GeometryFile) -> Result<Geometry, SpecError> {
        let bound = |key: &str, entry: &Option<Spanned<RangeNumber>>| {
            let read = |e| self.sourced(sources, key, e);
            entry.as_ref().map(read).transpose()
        };
        Ok(Geometry {
            crown_to_top_px: bound("geometry.crown_to_top_px", &file.crown_to_top_px)?,
            eyes_to_top_px: bound("geometry.eyes_to_top_px", &file.eyes_to_top_px)?,
            eyes_to_bottom_px: bound("geometry.eyes_to_bottom_px", &file.eyes_to_bottom_px)?,
            face_width_px: bound("geometry.face_width_px", &file.face_width_px)?,
            head_height_px: bound("geometry.head_height_px", &file.head_height_px)?,
            inter_eye_px: bound("geometry.inter_eye_px", &file.inter_eye_px)?,
            off_centre_px: bound("geometry.off_centre_px", &file.off_centre_px)?,
        })
    }

    pub(super) fn limits(
        &self,
        sources: &Sources,
        entries: &BTreeMap<String, Spanned<LimitEntry>>,
    ) -> Result<Vec<Limit>, SpecError> {
        let read = |(id, entry): (&String, &Spanned<LimitEntry>)| {
            let key = format!("limits.{id}");
            let limit = entry.get_ref();
            let Some(measure) = Measure::from_id(id) else {
                return Err(self.wrong(entry, &key, "there is no such measure"));
            };
            let Some(source) = sources.get(&limit.source) else {
                return Err(self.wrong(entry, &key, "its source is not in [sources]"));
            };
            let bound = |range: Option<Range>| match range {
                None => Ok(None),
                Some(range) => match range.bound() {
                    Some(bound) => Ok(Some(bound)),
                    None => Err(self.wrong(entry, &key, "the bound is empty or upside down")),
                },
            };
            let off = matches!(limit.strictness, Strict::Off);
            if limit.pass.is_none() && !off && !bound_elsewhere(measure) {
                return Err(self.wrong(entry, &key, "`pass` is missing"));
            }
            Ok(Limit {
                measure,
                pass: bound(limit.pass)?.unwrap_or_default(),
                warn: bound(limit.warn)?,
                strictness: limit.strictness.into(),
                source: source.clone(),
                confidence: limit.confidence.into(),
            })
        };
        entries.iter().map(read).collect()
    }
}

/// Measures whose bound stands in `[geometry]` or among the fields of the file; a limit adds only how strict it is.
fn bound_elsewhere(measure: Measure) -> bool {
    use Measure as M;
    matches!(
        measure,
        M::CrownToTop
            | M::EyesToTop
            | M::EyesToBottom
            | M::FaceWidth
            | M::HeadHeight
            | M::Centring
            | M::PixelSize
            | M::Resolution
            | M::FileSize
            | M::CompressionArtifacts
    )
}
