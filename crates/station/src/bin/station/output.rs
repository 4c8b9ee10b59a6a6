//! How answers are written: aligned columns for people, one JSON object a line for scripts.
use crate::arguments::Format;
use serde::Serialize;
use serde_json::Value;

/// Writes objects of one kind.
pub fn write<T: Serialize>(format: Format, columns: &[&str], rows: &[T]) {
    let rows: Vec<Value> = rows.iter().filter_map(|r| serde_json::to_value(r).ok()).collect();
    match format {
        Format::Json => rows.iter().for_each(|row| println!("{row}")),
        Format::Table => table(columns, &rows),
    }
}

fn table(columns: &[&str], rows: &[Value]) {
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| columns.iter().map(|c| cell(row, c)).collect())
        .collect();
    let width = |i: usize| {
        let longest = cells.iter().map(|r| columns_wide(&r[i])).max().unwrap_or(0);
        longest.max(columns_wide(columns[i]))
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let line = |cells: &[String]| {
        let padded = cells
            .iter()
            .zip(&widths)
            .map(|(c, w)| format!("{c}{}", " ".repeat(w - columns_wide(c))));
        println!("{}", padded.collect::<Vec<_>>().join("  ").trim_end());
    };
    line(&columns.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>());
    cells.iter().for_each(|row| line(row));
}

/// A value by its dotted path.
fn cell(row: &Value, path: &str) -> String {
    let value = path.split('.').try_fold(row, |v, key| v.get(key));
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// Terminal columns of a text: Chinese letters take two.
fn columns_wide(text: &str) -> usize {
    text.chars()
        .map(|c| if ('\u{1100}'..='\u{ffee}').contains(&c) { 2 } else { 1 })
        .sum()
}
