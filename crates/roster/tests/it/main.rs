//! Does a school's sheet come in whole, and does what is wrong with it come out by line?
#![allow(clippy::unwrap_used)]
mod cells;
mod files;
mod hostile;
mod sheets;

use roster::{Options, RosterError, RosterImport};

/// One line a row, one line a problem.
fn told(import: &Result<RosterImport, RosterError>) -> String {
    let import = match import {
        Ok(import) => import,
        Err(error) => return format!("{}: {error}\n", error.code()),
    };
    let mut text = String::new();
    for row in &import.rows {
        let values: Vec<String> = roster::Field::ALL
            .iter()
            .filter_map(|f| Some(format!("{}={}", f.id(), row.get(*f)?)))
            .collect();
        text.push_str(&format!("{}: {}\n", row.row, values.join(" ")));
    }
    for p in &import.problems {
        let column = p.column.as_deref().unwrap_or("-");
        let masked = p.value_masked.as_deref().unwrap_or("-");
        text.push_str(&format!(
            "! {} {column} {:?} {:?} {masked}\n",
            p.row, p.problem, p.effect
        ));
    }
    text
}

/// Imports a csv text as UTF-8 and tells what came of it.
fn csv(text: &str) -> String {
    told(&roster::import(text.as_bytes(), "roster.csv", &Options::default()))
}
