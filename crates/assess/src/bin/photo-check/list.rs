//! What do `photo-check specs` and `photo-check explain` say?
use crate::Fault;
use crate::args::Format;
use crate::output::range;
use assess::Specs;
use assess::words::{self, Language};
use domain::finding::Bound;
use domain::photo_spec::{Confidence, Strictness};
use domain::{Measure, PhotoSpec};
use serde_json::json;
use std::io::{self, Write};

/// Lists the standards.
pub(crate) fn specs(specs: &Specs, format: Format, language: Language) -> Result<(), Fault> {
    let mut out = io::stdout().lock();
    if format == Format::Csv {
        writeln!(out, "id,version,width_px,height_px,dpi,min_kb,max_kb")?;
    }
    for spec in specs.iter() {
        let (size, kb) = (spec.size.value, spec.file_kb.value);
        let title = match language {
            Language::Chinese => &spec.title_zh,
            Language::English => &spec.title_en,
        };
        match format {
            Format::Table => writeln!(
                out,
                "{:24} {:4} × {:<4} {} dpi  {:12} {title} ({})",
                spec.id.0,
                size.width,
                size.height,
                spec.dpi.value,
                format!("{} KB", range(kb)),
                spec.version,
            )?,
            Format::Json => writeln!(
                out,
                "{}",
                json!({
                    "id": spec.id.0, "version": spec.version, "title_zh": spec.title_zh, "title_en": spec.title_en,
                    "width_px": size.width, "height_px": size.height, "dpi": spec.dpi.value,
                    "file_kb": { "min": kb.min, "max": kb.max },
                })
            )?,
            Format::Csv => {
                let text = |v: Option<f32>| v.map(|v| v.to_string()).unwrap_or_default();
                let (min, max) = (text(kb.min), text(kb.max));
                let (width, height, dpi) = (size.width, size.height, spec.dpi.value);
                writeln!(out, "{},{},{width},{height},{dpi},{min},{max}", spec.id.0, spec.version)?;
            }
        }
    }
    Ok(())
}

/// Lists the receivers after the standards, with what each changes.
pub(crate) fn receivers(specs: &Specs, format: Format, language: Language) -> Result<(), Fault> {
    let mut out = io::stdout().lock();
    for receiver in specs.receivers() {
        let title = match language {
            Language::Chinese => &receiver.title_zh,
            Language::English => &receiver.title_en,
        };
        let keys: Vec<&str> = receiver.changes().iter().map(|(key, _)| *key).collect();
        match format {
            Format::Table => writeln!(
                out,
                "--receiver {:24} {title} ({} → {})",
                receiver.id,
                receiver.standard.0,
                keys.join(", ")
            )?,
            Format::Json => writeln!(
                out,
                "{}",
                json!({
                    "receiver": receiver.id, "version": receiver.version, "standard": receiver.standard.0,
                    "title_zh": receiver.title_zh, "title_en": receiver.title_en, "changes": keys,
                })
            )?,
            // The columns of the standards do not fit; CSV lists standards only.
            Format::Csv => {}
        }
    }
    Ok(())
}

/// Explains a measure and its bound in a standard.
pub(crate) fn explain(id: &str, spec: &PhotoSpec, language: Language) -> Result<(), Fault> {
    let known = |m: &&Measure| m.id().eq_ignore_ascii_case(id);
    let Some(&measure) = Measure::ALL.iter().find(known) else {
        let all: Vec<&str> = Measure::ALL.iter().map(|m| m.id()).collect();
        return Err(Fault::NoMeasure(id.to_owned(), all.join(", ")));
    };
    let about = words::about(measure);
    let mut out = io::stdout().lock();
    let label = |zh: &'static str, en: &'static str| match language {
        Language::Chinese => zh,
        Language::English => en,
    };
    writeln!(out, "{} · {}", measure.id(), about.name.of(language))?;
    writeln!(out, "{}", about.what.of(language))?;
    writeln!(out, "{}: {}", label("定义", "Definition"), about.source)?;
    let quality = if check::is_standard(measure) {
        label(
            "ISO/IEC 29794-5（与 OFIQ 相同的换算）",
            "ISO/IEC 29794-5 (mapped as in OFIQ)",
        )
    } else {
        label("自定或没有", "ours, or none")
    };
    writeln!(out, "{}: {quality}", label("质量分", "Quality 0–100"))?;
    let Some(rule) = spec.rule(measure) else {
        writeln!(out, "{}: {}", spec.id.0, label("不判定", "not judged"))?;
        return Ok(());
    };
    let warn = rule
        .warn
        .map(|w: Bound| format!(", {} {}", label("提醒", "warns"), range(w)));
    let strict = match rule.strictness {
        Strictness::Off => "",
        Strictness::Warn => label("，超出只提醒", ", beyond only warns"),
        Strictness::Fail => label("，超出不合格", ", beyond fails"),
    };
    let sure = match rule.confidence {
        Confidence::Official => label("官方原文", "read in the official document"),
        Confidence::Secondary => label("他处引用", "as quoted by others"),
        Confidence::Guess => label("我们自定", "our own choice"),
    };
    let (pass, warn) = (range(rule.pass), warn.unwrap_or_default());
    writeln!(out, "{}: {} {pass}{warn}{strict}", spec.id.0, label("合格", "passes"))?;
    writeln!(out, "{}: {} ({sure})", label("来源", "Source"), rule.source)?;
    Ok(())
}
