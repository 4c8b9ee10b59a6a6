//! `central user`: the first account is made here, on the machine itself.
use crate::args::{Format, UserCommand};
use crate::fault::CommandError;
use crate::out;
use crate::run::{Outcome, Ran};
use central::{Central, CentralError, SchoolCode};
use serde_json::{Value, json};

/// Where a password may stand instead of standard input, for scripts.
const PASSWORD: &str = "CENTRAL_PASSWORD";

/// Runs the command.
pub fn run(central: &Central, format: Format, command: &UserCommand) -> Ran {
    match command {
        UserCommand::Add { name, role, school, by } => {
            let school = school
                .as_deref()
                .map(SchoolCode::parse)
                .transpose()
                .map_err(CentralError::from)?;
            let row = central.add_account(by, name, *role, school, &password()?)?;
            let object = json!({ "name": row.name, "role": row.role.id() });
            out::line(format, &format!("added {}", row.name), &object)?;
        }
        UserCommand::List => {
            let line = |a: &central::people::AccountRow| {
                json!({
                    "name": a.name, "role": a.role.id(), "school_code": a.school.as_ref().map(SchoolCode::as_str),
                    "created_at_ms": a.created_at.0, "disabled_at_ms": a.disabled_at.map(|t| t.0),
                })
            };
            let lines: Vec<Value> = central.accounts(None)?.iter().map(line).collect();
            out::rows(format, &lines)?;
        }
        UserCommand::Password { name, by } => {
            central.set_password(by, name, &password()?)?;
            out::line(format, &format!("changed {name}"), &json!({ "name": name }))?;
        }
        UserCommand::Disable { name, by } => {
            central.disable_account(by, name)?;
            out::line(format, &format!("disabled {name}"), &json!({ "name": name }))?;
        }
    }
    Ok(Outcome::Done)
}

fn password() -> Result<String, CommandError> {
    if let Ok(password) = std::env::var(PASSWORD) {
        return Ok(password);
    }
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(|source| CommandError::File {
            doing: "reading the password from standard input".to_owned(),
            source,
        })?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
