//! How does a report look that people would rather look at than read: one HTML file, everything inside?
//!
//! A card for each photo: the delivered picture with the face's points, the standard's lines, and a bar for each finding that
//! is not a pass. Above them the shares of the verdicts and the defects by how often they occur; a click filters. Cards are written as
//! the photos are checked, so a folder of any size needs no memory.
mod bar;
mod overlay;
mod page;

use crate::work::Checked;
use assess::words::{self, Language};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{Finding, Measure, PhotoSpec, SizePx, Verdict};
use photo::{Limits, Scale};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Height of a thumbnail in pixels.
const THUMBNAIL: u32 = 320;
/// JPEG quality of a thumbnail.
const QUALITY: u8 = 78;

/// Writes a report card by card.
pub(crate) struct Report<W: Write> {
    out: W,
    language: Language,
    counts: [usize; 3],
    defects: BTreeMap<Measure, [usize; 2]>,
}

impl<W: Write> Report<W> {
    /// Writes the head of the page.
    pub(crate) fn begin(
        mut out: W,
        specs: &[PhotoSpec],
        receiver: Option<&str>,
        language: Language,
    ) -> io::Result<Self> {
        page::head(&mut out, specs, receiver, language)?;
        Ok(Self {
            out,
            language,
            counts: [0; 3],
            defects: BTreeMap::new(),
        })
    }

    /// Writes the card of one result.
    pub(crate) fn card(&mut self, checked: &Checked) -> io::Result<()> {
        let a = &checked.assessment;
        let (class, place) = class(a.verdict);
        self.counts[place] += 1;
        let mut said: Vec<&Finding> = a.findings.iter().filter(|f| f.verdict != Verdict::Pass).collect();
        said.sort_by_key(|f| (std::cmp::Reverse(f.verdict), f.measure));
        for f in &said {
            let count = self.defects.entry(f.measure).or_default();
            count[usize::from(f.verdict != Verdict::Warn)] += 1;
        }
        let ids: Vec<&str> = said.iter().map(|f| f.measure.id()).collect();
        let name = checked.file.file_name().unwrap_or_default().to_string_lossy();
        let under = if checked.alone { "" } else { &checked.spec.id.0 };
        writeln!(
            self.out,
            "<article class=\"card {class}\" data-v=\"{place}\" data-n=\"{}\" data-p=\"{}\" data-name=\"{}\"><div class=pic>{}</div>\
             <h2 title=\"{}\">{}</h2><p class=verdict>{} <small>{}</small></p>",
            said.len(),
            ids.join(" "),
            escape(&name),
            picture(checked),
            escape(&checked.file.to_string_lossy()),
            escape(&name),
            words::verdict(a.verdict).of(self.language),
            escape(under),
        )?;
        if !said.is_empty() {
            write!(self.out, "<ul>")?;
            for f in &said {
                write!(self.out, "{}", self.finding(f, checked.spec))?;
            }
            write!(self.out, "</ul>")?;
        }
        let rest: String = a
            .findings
            .iter()
            .filter(|f| f.verdict == Verdict::Pass)
            .map(|f| self.finding(f, checked.spec))
            .collect();
        if !rest.is_empty() {
            let more = self.word("其余合格的检测", "what passed");
            write!(self.out, "<details><summary>{more}</summary><ul>{rest}</ul></details>")?;
        }
        writeln!(self.out, "</article>")
    }

    /// Writes the end of the page with the totals.
    pub(crate) fn end(mut self) -> io::Result<()> {
        let mut defects: Vec<(Measure, [usize; 2])> = self.defects.into_iter().collect();
        defects.sort_by_key(|(_, [warns, fails])| (std::cmp::Reverse(warns + fails), std::cmp::Reverse(*fails)));
        page::foot(&mut self.out, self.counts, &defects, self.language)?;
        self.out.flush()
    }

    fn word(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }

    fn finding(&self, f: &Finding, spec: &PhotoSpec) -> String {
        let name = words::measure(f.measure).of(self.language);
        let why = f.reason.map_or("", |r| words::reason(r).of(self.language));
        let remedy = f
            .remedy
            .map(|r| format!("<em>→ {}</em>", words::remedy(r).of(self.language)))
            .unwrap_or_default();
        let said = if why.is_empty() {
            String::new()
        } else {
            format!("<span class=why>{why}{remedy}</span>")
        };
        format!(
            "<li class=\"{}\"><b>{name}</b>{}{said}</li>",
            f.verdict.id(),
            bar::of(f, spec)
        )
    }
}

/// Class of a card, and where its verdict is counted.
fn class(verdict: Verdict) -> (&'static str, usize) {
    match verdict {
        Verdict::Pass => ("pass", 0),
        Verdict::Warn => ("warn", 1),
        Verdict::NotMeasured | Verdict::Fail => ("fail", 2),
    }
}

/// The finished picture with what is drawn over it; where there is none, a sign: the original may be anything.
fn picture(checked: &Checked) -> String {
    let Some(jpeg) = thumbnail(checked) else {
        return "<span class=none>?</span>".to_owned();
    };
    format!(
        "<img alt=\"\" loading=lazy src=\"data:image/jpeg;base64,{}\">{}",
        STANDARD.encode(jpeg),
        overlay::svg(checked)
    )
}

fn thumbnail(checked: &Checked) -> Option<Vec<u8>> {
    let finished = checked.finished.as_ref()?;
    let size = finished.size;
    let target = SizePx {
        width: (size.width * THUMBNAIL / size.height.max(1)).max(1),
        height: THUMBNAIL,
    };
    let picture = photo::decode(&finished.jpeg, Scale::AtLeast(target), &Limits::default())
        .ok()?
        .picture;
    photo::encode_jpeg(&picture.resize(target), QUALITY, 72).ok()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
