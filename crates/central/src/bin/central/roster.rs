//! `central roster`: takes a school's sheet in from a file.
use crate::args::{Format, RosterCommand};
use crate::fault::CommandError;
use crate::out;
use crate::run::{Outcome, Ran};
use central::{Central, CentralError, Missing, Sheet};
use domain::CampaignId;
use roster::{Encoding, Options};
use serde_json::json;
use wire::Invalid;

/// Runs the command. Rows that were refused are listed, and the command ends as refused.
pub fn run(central: &Central, format: Format, command: &RosterCommand) -> Ran {
    let RosterCommand::Import {
        campaign,
        file,
        encoding,
        sheet,
        whole,
        by,
    } = command;
    let id: CampaignId = campaign
        .parse()
        .map_err(|_| CentralError::from(Invalid::new("campaign", "is no id")))?;
    let encoding = encoding
        .as_deref()
        .map(|id| Encoding::from_id(id).ok_or_else(|| CentralError::from(Invalid::new("encoding", "is none"))));
    let options = Options {
        encoding: encoding.transpose()?,
        sheet: sheet.clone(),
        ..Options::default()
    };
    let bytes = std::fs::read(file).map_err(|source| CommandError::File {
        doing: format!("reading {}", file.display()),
        source,
    })?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let taken = Sheet {
        name: &name,
        bytes: &bytes,
        options: &options,
    };
    let missing = if *whole { Missing::Go } else { Missing::Stay };
    let done = central.import_roster(by, &id, taken, missing)?;
    for problem in &done.problems {
        let column = problem.column.as_deref().unwrap_or("–");
        let text = format!("line {}: {column}: {}", problem.row, problem.problem.code());
        let object = json!({ "row": problem.row, "column": problem.column, "code": problem.problem.code() });
        out::line(format, &text, &object)?;
    }
    let text = format!(
        "{} added, {} changed, {} unchanged, {} taken off, {} rows refused",
        done.added, done.changed, done.unchanged, done.gone, done.refused
    );
    let object = json!({
        "added": done.added, "changed": done.changed, "unchanged": done.unchanged, "gone": done.gone, "refused": done.refused,
    });
    out::line(format, &text, &object)?;
    Ok(if done.refused == 0 {
        Outcome::Done
    } else {
        Outcome::Refused
    })
}
