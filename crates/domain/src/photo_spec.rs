//! A photo standard: dated data with a source for every number. Files under `assets/specs` are parsed into this by `assess`.
use crate::finding::{Bound, Measure};
use crate::geometry::{Rgb, SizePx};

/// Identifier of a standard, for example `chsi-graduate-2017`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpecId(pub String);

/// How sure we are of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// Read in the official document.
    Official,
    /// Quoted by others.
    Secondary,
    /// Our own choice where the sources are silent.
    Guess,
}

/// A value with where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Document or page, with date where known.
    pub source: String,
    /// How sure we are.
    pub confidence: Confidence,
}

/// How strictly a rule is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// Not looked at.
    Off,
    /// A breach warns.
    Warn,
    /// A breach fails.
    Fail,
}

/// Geometry in pixels of the finished picture. Absent bounds are not judged.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Geometry {
    /// Top of the head (hair included) to the top edge.
    pub crown_to_top_px: Option<Sourced<Bound>>,
    /// Eye line to the top edge.
    pub eyes_to_top_px: Option<Sourced<Bound>>,
    /// Eye line to the bottom edge.
    pub eyes_to_bottom_px: Option<Sourced<Bound>>,
    /// Cheek to cheek.
    pub face_width_px: Option<Sourced<Bound>>,
    /// Crown to chin.
    pub head_height_px: Option<Sourced<Bound>>,
    /// Distance between the pupils.
    pub inter_eye_px: Option<Sourced<Bound>>,
    /// Distance of the face's middle from the picture's middle.
    pub off_centre_px: Option<Sourced<Bound>>,
}

/// Bounds on the subject and the capture, in the native unit of each measure.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Limits {
    /// Bound and strictness for each measure the standard (or our default) judges beyond the geometry.
    pub entries: Vec<Limit>,
}

/// One bound beyond the geometry.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// What is judged.
    pub measure: Measure,
    /// Values inside pass.
    pub pass: Bound,
    /// Values inside (but outside `pass`) warn; outside fail.
    pub warn: Option<Bound>,
    /// What a breach means.
    pub strictness: Strictness,
    /// Where the number comes from.
    pub source: String,
    /// How sure we are.
    pub confidence: Confidence,
}

/// A photo standard.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoSpec {
    /// Identifier, also the file's stem.
    pub id: SpecId,
    /// Version of our data file, a date.
    pub version: String,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// Size of the finished picture.
    pub size: Sourced<SizePx>,
    /// Pixel density written to the JFIF header.
    pub dpi: Sourced<u16>,
    /// Lowest JPEG quality, 1–100 on libjpeg's scale.
    pub quality_floor: Sourced<u8>,
    /// Accepted file size in KB (1 KB = 1024 bytes).
    pub file_kb: Sourced<Bound>,
    /// Accepted background colours; the first is the preferred one.
    pub backgrounds: Sourced<Vec<Rgb>>,
    /// Geometry of the finished picture.
    pub geometry: Geometry,
    /// Everything else that is judged.
    pub limits: Limits,
}

/// What a standard asks of one measure, whichever part of the standard says it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule<'a> {
    /// Values inside pass.
    pub pass: Bound,
    /// Values inside (but outside `pass`) warn; outside fail.
    pub warn: Option<Bound>,
    /// What a breach means.
    pub strictness: Strictness,
    /// Where the number comes from.
    pub source: &'a str,
    /// How sure we are.
    pub confidence: Confidence,
}

impl Geometry {
    /// The bound for a measure of geometry.
    pub fn bound(&self, measure: Measure) -> Option<&Sourced<Bound>> {
        match measure {
            Measure::CrownToTop => self.crown_to_top_px.as_ref(),
            Measure::EyesToTop => self.eyes_to_top_px.as_ref(),
            Measure::EyesToBottom => self.eyes_to_bottom_px.as_ref(),
            Measure::FaceWidth => self.face_width_px.as_ref(),
            Measure::HeadHeight => self.head_height_px.as_ref(),
            Measure::InterEyeDistance => self.inter_eye_px.as_ref(),
            Measure::Centring => self.off_centre_px.as_ref(),
            _ => None,
        }
    }
}

impl PhotoSpec {
    /// The limit for a measure, if this standard judges it.
    pub fn limit(&self, measure: Measure) -> Option<&Limit> {
        self.limits
            .entries
            .iter()
            .find(|l| l.measure == measure && l.strictness != Strictness::Off)
    }

    /// What the standard asks of a measure; `None` when it is not judged.
    ///
    /// A bound of the geometry fails at its ends, unless a limit for the same measure adds a zone that only warns. The file
    /// itself (`PixelSize`, `Resolution`, `FileSize`, `CompressionArtifacts`) is judged by the fields of the standard; the
    /// bound of `PixelSize` is that of the width.
    pub fn rule(&self, measure: Measure) -> Option<Rule<'_>> {
        let exact = |v: f32| Bound {
            min: Some(v),
            max: Some(v),
        };
        let hard = |pass: Bound, source, confidence| Rule {
            pass,
            warn: None,
            strictness: Strictness::Fail,
            source,
            confidence,
        };
        let off = || {
            let entries = &self.limits.entries;
            entries
                .iter()
                .any(|l| l.measure == measure && l.strictness == Strictness::Off)
        };
        let fixed = match measure {
            Measure::PixelSize => Some(hard(
                exact(self.size.value.width as f32),
                &self.size.source,
                self.size.confidence,
            )),
            Measure::Resolution => Some(hard(
                exact(f32::from(self.dpi.value)),
                &self.dpi.source,
                self.dpi.confidence,
            )),
            Measure::FileSize => Some(hard(self.file_kb.value, &self.file_kb.source, self.file_kb.confidence)),
            Measure::CompressionArtifacts => Some(hard(
                Bound::at_least(f32::from(self.quality_floor.value)),
                &self.quality_floor.source,
                self.quality_floor.confidence,
            )),
            _ => {
                let bound = self.geometry.bound(measure);
                bound.map(|b| hard(b.value, &b.source, b.confidence))
            }
        };
        match (fixed, self.limit(measure)) {
            (Some(_), None) if off() => None,
            (Some(rule), None) => Some(rule),
            (Some(rule), Some(limit)) => Some(Rule {
                warn: limit.warn,
                strictness: limit.strictness,
                ..rule
            }),
            (None, limit) => limit.map(|l| Rule {
                pass: l.pass,
                warn: l.warn,
                strictness: l.strictness,
                source: &l.source,
                confidence: l.confidence,
            }),
        }
    }
}
