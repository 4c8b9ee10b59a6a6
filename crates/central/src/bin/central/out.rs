//! What is printed: a table for people, or one JSON object a line.
use crate::args::Format;
use crate::fault::CommandError;
use serde_json::Value;
use std::io::Write;

/// Prints objects with the same keys.
pub fn rows(format: Format, rows: &[Value]) -> Result<(), CommandError> {
    let mut out = std::io::stdout().lock();
    match format {
        Format::Json => {
            for row in rows {
                writeln!(out, "{row}")?;
            }
        }
        Format::Table => table(&mut out, rows)?,
    }
    out.flush()?;
    Ok(())
}

/// Prints one line for people, or the object.
pub fn line(format: Format, text: &str, object: &Value) -> Result<(), CommandError> {
    let mut out = std::io::stdout().lock();
    match format {
        Format::Json => writeln!(out, "{object}")?,
        Format::Table => writeln!(out, "{text}")?,
    }
    out.flush()?;
    Ok(())
}

/// Prints an error with its causes and the next step to take.
pub fn error(error: &CommandError) {
    let mut err = std::io::stderr().lock();
    let mut text = format!("central: {error}");
    let mut cause = std::error::Error::source(error);
    while let Some(e) = cause {
        let more = e.to_string();
        if !text.ends_with(&more) {
            text.push_str(&format!(": {more}"));
        }
        cause = e.source();
    }
    // Nothing is left to do when standard error itself is gone.
    let _ = writeln!(err, "{text}");
    if let Some(next) = error.next_step() {
        let _ = writeln!(err, "  → {next}");
    }
}

fn table(out: &mut impl Write, rows: &[Value]) -> std::io::Result<()> {
    let Some(Value::Object(first)) = rows.first() else {
        return Ok(());
    };
    let keys: Vec<&String> = first.keys().collect();
    let mut lines: Vec<Vec<String>> = vec![keys.iter().map(|k| k.to_string()).collect()];
    lines.extend(
        rows.iter()
            .map(|row| keys.iter().map(|k| cell(&row[k.as_str()])).collect()),
    );
    let widest = |column: usize| lines.iter().map(|l| width(&l[column])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..keys.len()).map(widest).collect();
    for line in &lines {
        let cells = line
            .iter()
            .zip(&widths)
            .map(|(text, w)| format!("{text}{}", " ".repeat(w - width(text))));
        let text: Vec<String> = cells.collect();
        writeln!(out, "{}", text.join("  ").trim_end())?;
    }
    Ok(())
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(cell).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// Columns on a terminal: Chinese characters take two.
fn width(text: &str) -> usize {
    text.chars().map(|c| if u32::from(c) >= 0x1100 { 2 } else { 1 }).sum()
}
