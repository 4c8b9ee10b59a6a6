//! How is a result written: a table for people, JSON and CSV for programs?
use crate::args::Format;
use crate::work::Checked;
use assess::words::{self, Language};
use domain::finding::Bound;
use domain::{Finding, Verdict};
use serde::Serialize;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Writes results to one place, in one format.
pub(crate) struct Writer<W: Write> {
    out: W,
    format: Format,
    receiver: Option<String>,
    language: Language,
}

impl<W: Write> Writer<W> {
    /// Writes the heading, where the format has one.
    pub(crate) fn new(mut out: W, format: Format, receiver: Option<String>, language: Language) -> io::Result<Self> {
        if format == Format::Csv {
            let heading = [
                "file", "spec", "verdict", "measure", "value", "unit", "quality", "min", "max", "finding", "reason",
                "remedy",
            ];
            out.write_all(&csv_line(&heading)?)?;
        }
        Ok(Self {
            out,
            format,
            receiver,
            language,
        })
    }

    /// Writes one result.
    pub(crate) fn write(&mut self, checked: &Checked) -> io::Result<()> {
        match self.format {
            Format::Json => {
                serde_json::to_writer(&mut self.out, &Line::new(checked, self.receiver.as_deref()))?;
                self.out.write_all(b"\n")
            }
            Format::Csv => checked.assessment.findings.iter().try_for_each(|f| {
                let line = csv_of(checked, f)?;
                self.out.write_all(&line)
            }),
            Format::Table => self.out.write_all(self.table(checked).as_bytes()),
        }
    }

    /// Writes what is left.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// The verdict with the file, then a line for each finding that is not a pass, worst first.
    fn table(&self, checked: &Checked) -> String {
        let verdict = words::verdict(checked.assessment.verdict).of(self.language);
        let under = if checked.alone {
            String::new()
        } else {
            format!("  [{}]", checked.spec.id.0)
        };
        let mut text = format!("{verdict:8} {}{under}\n", checked.file.display());
        let mut said: Vec<&Finding> = checked.assessment.findings.iter().collect();
        said.retain(|f| f.verdict != Verdict::Pass);
        said.sort_by_key(|f| std::cmp::Reverse(f.verdict));
        for finding in said {
            let reason = finding.reason.map_or("", |r| words::reason(r).of(self.language));
            let remedy = finding.remedy.map_or("", |r| words::remedy(r).of(self.language));
            let verdict = words::verdict(finding.verdict).of(self.language);
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "    {verdict:8} {:28} {:>9} {:4} {:14} {reason} → {remedy}",
                finding.measure.id(),
                finding.value.map(number).unwrap_or_default(),
                finding.unit.id(),
                range(finding.bound),
            );
        }
        text
    }
}

/// The object of the contract for one result; the keys in its order.
#[derive(Serialize)]
struct Line<'a> {
    file: std::borrow::Cow<'a, str>,
    spec: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    receiver: Option<&'a str>,
    verdict: &'static str,
    findings: Vec<FindingOut>,
    crop: Option<CropOut>,
    faces: usize,
    timings_ms: TimingsOut,
}

#[derive(Serialize)]
struct FindingOut {
    measure: &'static str,
    value: Option<f64>,
    unit: &'static str,
    quality: Option<u8>,
    bound: BoundOut,
    verdict: &'static str,
    reason: Option<&'static str>,
    remedy: Option<&'static str>,
}

#[derive(Serialize)]
struct BoundOut {
    min: Option<f64>,
    max: Option<f64>,
}

#[derive(Serialize)]
struct CropOut {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
}

#[derive(Serialize)]
struct TimingsOut {
    decode: f64,
    detect: f64,
    landmarks: f64,
    mask: f64,
    measures: f64,
    total: f64,
}

impl<'a> Line<'a> {
    fn new(checked: &'a Checked, receiver: Option<&'a str>) -> Self {
        let a = &checked.assessment;
        let t = &a.timings;
        let ms = |d: std::time::Duration| (d.as_secs_f64() * 1e4).round() / 10.0;
        Self {
            file: checked.file.to_string_lossy(),
            spec: &checked.spec.id.0,
            receiver,
            verdict: a.verdict.id(),
            findings: a.findings.iter().map(FindingOut::new).collect(),
            crop: a.crop.map(|c| CropOut {
                x: c.x,
                y: c.y,
                width: c.width,
                height: c.height,
            }),
            faces: a.faces,
            timings_ms: TimingsOut {
                decode: ms(t.decode),
                detect: ms(t.detect),
                landmarks: ms(t.landmarks),
                mask: ms(t.mask),
                measures: ms(t.measures),
                total: ms(t.total),
            },
        }
    }
}

impl FindingOut {
    fn new(f: &Finding) -> Self {
        Self {
            measure: f.measure.id(),
            value: f.value.map(exact),
            unit: f.unit.id(),
            quality: f.quality,
            bound: BoundOut {
                min: f.bound.min.map(exact),
                max: f.bound.max.map(exact),
            },
            verdict: f.verdict.id(),
            reason: f.reason.map(domain::Reason::id),
            remedy: f.remedy.map(domain::Remedy::id),
        }
    }
}

/// A value with six significant digits, without the tail a 32-bit number grows in 64 bits.
fn exact(value: f32) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(f64::from(value))
}

fn csv_of(checked: &Checked, f: &Finding) -> io::Result<Vec<u8>> {
    let text = |v: Option<f32>| v.map(|v| exact(v).to_string()).unwrap_or_default();
    csv_line(&[
        &checked.file.to_string_lossy(),
        &checked.spec.id.0,
        checked.assessment.verdict.id(),
        f.measure.id(),
        &text(f.value),
        f.unit.id(),
        &f.quality.map(|q| q.to_string()).unwrap_or_default(),
        &text(f.bound.min),
        &text(f.bound.max),
        f.verdict.id(),
        f.reason.map_or("", domain::Reason::id),
        f.remedy.map_or("", domain::Remedy::id),
    ])
}

fn csv_line(cells: &[&str]) -> io::Result<Vec<u8>> {
    let mut line = csv::Writer::from_writer(Vec::new());
    line.write_record(cells).map_err(io::Error::other)?;
    line.into_inner().map_err(|e| io::Error::other(e.to_string()))
}

/// A value for people: three digits after the point below 10, one above.
pub(crate) fn number(value: f32) -> String {
    if value.abs() < 10.0 && value.fract() != 0.0 {
        format!("{value:.3}")
    } else {
        format!("{:.1}", value)
    }
}

/// A bound for people.
pub(crate) fn range(bound: Bound) -> String {
    let short = |v: f32| format!("{v}");
    match (bound.min, bound.max) {
        (Some(min), Some(max)) if min == max => short(min),
        (Some(min), Some(max)) => format!("{}..{}", short(min), short(max)),
        (Some(min), None) => format!("≥ {}", short(min)),
        (None, Some(max)) => format!("≤ {}", short(max)),
        (None, None) => String::new(),
    }
}
