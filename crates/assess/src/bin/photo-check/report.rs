//! How does a report look that opens anywhere: one HTML file, thumbnails inside, sorted by a click on a heading?
use crate::output::{number, range};
use crate::work::Checked;
use assess::words::{self, Language};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{Finding, PhotoSpec, SizePx, Verdict};
use photo::{Limits, Scale};
use std::io::{self, Write};

/// Height of a thumbnail in pixels.
const THUMBNAIL: u32 = 128;
/// JPEG quality of a thumbnail.
const QUALITY: u8 = 80;

/// Writes a report row by row.
pub(crate) struct Report<W: Write> {
    out: W,
    language: Language,
    counts: [usize; 3],
}

impl<W: Write> Report<W> {
    /// Writes the head of the page.
    pub(crate) fn begin(mut out: W, spec: &PhotoSpec, language: Language) -> io::Result<Self> {
        let (lang, title, heads) = match language {
            Language::Chinese => ("zh-CN", &spec.title_zh, ["照片", "文件", "结论", "问题", "说明"]),
            Language::English => (
                "en",
                &spec.title_en,
                ["Picture", "File", "Verdict", "Problems", "Findings"],
            ),
        };
        let heads: String = heads.iter().map(|h| format!("<th>{h}</th>")).collect();
        writeln!(
            out,
            "<!doctype html><html lang=\"{lang}\"><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style>\n\
             <h1>{title}</h1><p>{} · {}</p><table><thead><tr>{heads}</tr></thead><tbody>",
            escape(&spec.id.0),
            escape(&spec.version),
            title = escape(title),
        )?;
        Ok(Self {
            out,
            language,
            counts: [0; 3],
        })
    }

    /// Writes the row of one file.
    pub(crate) fn row(&mut self, checked: &Checked) -> io::Result<()> {
        let a = &checked.assessment;
        let (class, place) = match a.verdict {
            Verdict::Pass => ("pass", 0),
            Verdict::Warn => ("warn", 1),
            Verdict::NotMeasured | Verdict::Fail => ("fail", 2),
        };
        self.counts[place] += 1;
        let picture = thumbnail(checked)
            .map(|jpeg| {
                format!(
                    "<img alt=\"\" src=\"data:image/jpeg;base64,{}\">",
                    STANDARD.encode(jpeg)
                )
            })
            .unwrap_or_default();
        let mut findings: Vec<&Finding> = a.findings.iter().collect();
        findings.sort_by_key(|f| std::cmp::Reverse(f.verdict));
        let problems = findings.iter().filter(|f| f.verdict != Verdict::Pass).count();
        let said: String = findings.iter().map(|f| self.finding(f)).collect();
        writeln!(
            self.out,
            "<tr class=\"{class}\"><td>{picture}<td>{}<td data-k=\"{place}\">{}<td>{problems}<td><ul>{said}</ul>",
            escape(&checked.file.to_string_lossy()),
            words::verdict(a.verdict).of(self.language),
        )
    }

    /// Writes the end of the page with the totals.
    pub(crate) fn end(mut self) -> io::Result<()> {
        let [pass, warn, fail] = self.counts;
        let word = |v| words::verdict(v).of(self.language);
        writeln!(
            self.out,
            "</tbody></table><p>{} {pass} · {} {warn} · {} {fail}</p><script>{SORT}</script></html>",
            word(Verdict::Pass),
            word(Verdict::Warn),
            word(Verdict::Fail),
        )?;
        self.out.flush()
    }

    fn finding(&self, f: &Finding) -> String {
        let reason = f.reason.map_or("", |r| words::reason(r).of(self.language));
        let remedy = f.remedy.map_or("", |r| words::remedy(r).of(self.language));
        let name = words::measure(f.measure).of(self.language);
        let value = f.value.map(number).unwrap_or_else(|| "–".to_owned());
        let arrow = if reason.is_empty() { "" } else { " → " };
        format!(
            "<li class=\"{}\">{name} {value} {} ({}) {reason}{arrow}{remedy}",
            f.verdict.id(),
            f.unit.id(),
            escape(&range(f.bound)),
        )
    }
}

/// The finished picture, or where there is none, nothing: the original may be anything.
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

const STYLE: &str = "body{font:14px/1.5 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2rem;color:#222}\
h1{font-size:1.3rem}table{border-collapse:collapse;width:100%}th{cursor:pointer;text-align:left;position:sticky;top:0;\
background:#fff}td,th{border-bottom:1px solid #ddd;padding:.4rem .6rem;vertical-align:top}ul{margin:0;padding-left:1rem}\
li.pass{color:#777}li.warn{color:#8a5a00}li.fail,li.not_measured{color:#b00020}tr.fail>td:nth-child(3){color:#b00020}\
tr.warn>td:nth-child(3){color:#8a5a00}tr.pass>td:nth-child(3){color:#1b6e35}@media print{th{position:static}}";

const SORT: &str = "for(const h of document.querySelectorAll('th'))h.onclick=()=>{const b=document.querySelector('tbody'),\
i=h.cellIndex,d=h.dataset.d=h.dataset.d==='1'?'-1':'1',k=r=>r.cells[i].dataset.k||r.cells[i].textContent;\
[...b.rows].sort((x,y)=>d*k(x).localeCompare(k(y),undefined,{numeric:true})).forEach(r=>b.append(r))}";
