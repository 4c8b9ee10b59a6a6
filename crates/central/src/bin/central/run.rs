//! What each command does: the same use cases as the service, then printing.
use crate::args::{Acted, CampaignCommand, Cli, Command, Format, Kind, Reasoned, StationCommand};
use crate::contact;
use crate::fault::CommandError;
use crate::import::import;
use crate::out;
use crate::payments;
use crate::roster;
use crate::serve::serve;
use crate::user;
use central::sms::{CommandSender, Sender};
use central::store::OrderRow;
use central::{Central, CentralError, Config, OrderFilter, SchoolCode, Severity};
use domain::order_number::OrderNumber;
use domain::time::UtcOffset;
use domain::{Money, OrderId, UtcMs};
use serde_json::{Value, json};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where `serve` listens when nothing says otherwise.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7400);

/// How a command ended when nothing broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Something was refused or found.
    Refused,
}

/// How a command ended.
pub type Ran = Result<Outcome, CommandError>;

/// Runs a command.
pub fn run(cli: &Cli) -> Ran {
    let data = cli.data.clone().or_else(default_data).ok_or(CommandError::NoData)?;
    let config = Config {
        database_url: cli.database_url.clone(),
        database_ca: cli.database_ca.clone(),
        object_store: cli.object_store.clone(),
        gateway: cli.payments.as_deref().map(payments::gateway).transpose()?,
        ..Config::new(data, SocketAddr::from(([127, 0, 0, 1], 0)))
    };
    match &cli.command {
        Command::Openapi => {
            out::rows(Format::Json, &[central::openapi()])?;
            return Ok(Outcome::Done);
        }
        Command::Restore { dir } => {
            Central::restore(dir, config)?;
            return Ok(Outcome::Done);
        }
        Command::Serve {
            listen,
            console,
            messages,
        } => {
            let config = Config {
                listen: listen.unwrap_or(LISTEN),
                console: console.clone(),
                sender: messages.as_deref().map(sender).transpose()?,
                ..config
            };
            return serve(&Central::open(config)?);
        }
        _ => {}
    }
    let on = On {
        central: Central::open(config)?,
        format: cli.format,
    };
    match &cli.command {
        Command::Serve { .. } | Command::Restore { .. } | Command::Openapi => Ok(Outcome::Done),
        Command::EnrolCode { school } => on.enrol_code(school.as_deref()),
        Command::SealingKey => {
            let key = on.central.sealing_key();
            out::line(on.format, &key, &json!({ "sealing_key": key }))?;
            Ok(Outcome::Done)
        }
        Command::Import {
            file,
            answer,
            school,
            by,
        } => import(&on.central, on.format, file, answer.as_deref(), school.as_deref(), by),
        Command::Campaign { command } => on.campaign(command),
        Command::Roster { command } => roster::run(&on.central, on.format, command),
        Command::User { command } => user::run(&on.central, on.format, command),
        Command::Station { command } => on.station(command),
        Command::Orders {
            state,
            school,
            campaign,
        } => on.orders(&OrderFilter {
            state: *state,
            school: school
                .as_deref()
                .map(SchoolCode::parse)
                .transpose()
                .map_err(CentralError::from)?,
            campaign: campaign
                .as_deref()
                .map(str::parse)
                .transpose()
                .map_err(|e| wrong("campaign", e))?,
            limit: 500,
            ..OrderFilter::default()
        }),
        Command::History { order } => on.history(order),
        Command::Approve(acted) => on.each(acted, |c, by, id| c.approve(by, id)),
        Command::Reject(r) => on.reasoned(r, Central::reject),
        Command::Recall(r) => on.reasoned(r, Central::recall),
        Command::Withdraw(acted) => on.each(acted, |c, _, id| c.withdraw(id)),
        Command::Pull(acted) => on.each(acted, |c, by, id| c.pull(by, id)),
        Command::Produce(acted) => on.each(acted, |c, by, id| c.produce(by, id)),
        Command::Paid { order, amount_fen, by } => {
            let acted = Acted {
                orders: vec![order.clone()],
                by: by.clone(),
            };
            on.each(&acted, |c, by, id| c.mark_paid(by, id, Money::from_fen(*amount_fen)))
        }
        Command::Photo { order, out, kind } => on.photo(order, out, *kind),
        Command::Contact { hours, phone, address } => {
            let said = [hours.as_deref(), phone.as_deref(), address.as_deref()];
            contact::run(&on.central, on.format, said)
        }
        Command::Verify => on.verify(),
        Command::Reconcile { date } => payments::reconcile(&on.central, on.format, date),
        Command::Backup { dir } => {
            let copied = on.central.backup(dir)?;
            let text = format!("backed up; {} new photos", copied.photos);
            out::line(on.format, &text, &json!({ "photos_copied": copied.photos }))?;
            Ok(Outcome::Done)
        }
    }
}

/// The operator's program as the sender of short messages.
fn sender(program: &Path) -> Result<Arc<dyn Sender>, CommandError> {
    let sender = CommandSender::new(program).map_err(|source| CommandError::File {
        doing: format!("looking for {}", program.display()),
        source,
    })?;
    Ok(Arc::new(sender))
}

fn wrong(field: &'static str, problem: impl std::fmt::Display) -> CommandError {
    CentralError::from(wire::Invalid::new(field, problem)).into()
}

fn default_data() -> Option<PathBuf> {
    let base = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let base = base.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/share")));
    Some(base?.join("xueying").join("center"))
}

/// A command on an opened center.
struct On {
    central: Central,
    format: Format,
}

impl On {
    fn enrol_code(&self, school: Option<&str>) -> Ran {
        let school = match school {
            Some(school) => school.to_owned(),
            None => self.central.only_school()?.to_string(),
        };
        let made = self.central.enrol_code(&school)?;
        let text = format!(
            "{}  (school {}, until {})",
            made.code,
            made.school,
            local(made.expires_at)
        );
        let object = json!({
            "code": made.code, "school_code": made.school.as_str(), "expires_at_ms": made.expires_at.0,
        });
        out::line(self.format, &text, &object)?;
        Ok(Outcome::Done)
    }

    fn campaign(&self, command: &CampaignCommand) -> Ran {
        match command {
            CampaignCommand::Import { file } => {
                let doc = wire::campaign::CampaignDoc::from_toml(&read_text(file)?)?;
                self.central.put_campaign(&doc)?;
                out::line(
                    self.format,
                    &format!("imported {}", doc.id),
                    &json!({ "campaign_id": doc.id }),
                )?;
            }
            CampaignCommand::List => {
                let line = |c: &wire::campaign::CampaignDoc| {
                    json!({
                        "campaign_id": c.id, "title": c.title, "school_code": c.school_code, "job": c.job,
                        "spec": c.spec, "price_fen": c.price_fen, "opens_at_ms": c.opens_at_ms,
                        "closes_at_ms": c.closes_at_ms,
                    })
                };
                let lines: Vec<Value> = self.central.campaigns()?.iter().map(line).collect();
                out::rows(self.format, &lines)?;
            }
        }
        Ok(Outcome::Done)
    }

    fn station(&self, command: &StationCommand) -> Ran {
        match command {
            StationCommand::List => {
                let lines: Vec<Value> = self
                    .central
                    .stations()?
                    .iter()
                    .map(|s| {
                        json!({
                            "station_id": s.id.to_string(), "name": s.name, "school_code": s.school.as_str(),
                            "app_version": s.app_version, "enrolled_at_ms": s.enrolled_at.0,
                            "revoked_at_ms": s.revoked_at.map(|t| t.0), "feed_seq": s.feed_seq,
                        })
                    })
                    .collect();
                out::rows(self.format, &lines)?;
            }
            StationCommand::Revoke { id, by } => {
                let id = id.parse().map_err(|e| wrong("station", e))?;
                self.central.revoke_station(by, &id)?;
                out::line(
                    self.format,
                    &format!("revoked {id}"),
                    &json!({ "station_id": id.to_string() }),
                )?;
            }
        }
        Ok(Outcome::Done)
    }

    fn orders(&self, filter: &OrderFilter) -> Ran {
        let mut filter = filter.clone();
        let mut lines = Vec::new();
        loop {
            let page = self.central.orders(&filter)?;
            lines.extend(page.iter().map(|o| {
                json!({
                    "order_id": o.id.to_string(), "number": o.number, "state": o.state.id(),
                    "state_zh": o.state.words_zh(), "name": o.name, "school_code": o.school,
                    "campaign_id": o.campaign.to_string(), "station_id": o.station.to_string(),
                    "blob_id": o.blob.to_string(), "photo_here": o.photo_here, "rev": o.rev, "tries": o.tries,
                    "reasons": o.reasons, "price_fen": o.price.fen(), "paid_fen": o.paid.fen(),
                    "duplicate_person": o.duplicate_person, "received_at_ms": o.received_at.0,
                    "updated_at_ms": o.updated_at.0,
                })
            }));
            match page.last() {
                Some(last) => filter.before = Some((last.received_at, last.id)),
                None => break,
            }
        }
        if self.format == Format::Table {
            for line in &mut lines {
                let Value::Object(all) = line else { continue };
                all.retain(|key, _| {
                    matches!(
                        key.as_str(),
                        "number" | "state_zh" | "name" | "photo_here" | "reasons" | "tries"
                    )
                });
            }
        }
        out::rows(self.format, &lines)?;
        Ok(Outcome::Done)
    }

    fn history(&self, order: &str) -> Ran {
        let detail = self.central.order(&self.find(order)?)?;
        let lines: Vec<Value> = detail
            .history
            .iter()
            .map(|h| {
                let detail: Value = serde_json::from_str(&h.detail).unwrap_or(Value::Null);
                json!({ "at_ms": h.at.0, "at": local(h.at), "who": h.who, "what": h.what, "detail": detail })
            })
            .collect();
        out::rows(self.format, &lines)?;
        Ok(Outcome::Done)
    }

    fn reasoned(
        &self,
        r: &Reasoned,
        act: impl Fn(
            &Central,
            &str,
            &OrderId,
            &[domain::review::RejectReason],
            Option<&str>,
        ) -> Result<OrderRow, CentralError>,
    ) -> Ran {
        self.each(&r.acted, |c, by, id| act(c, by, id, &r.reasons, r.note.as_deref()))
    }

    /// Does something to each order; one that is refused does not stop the others.
    fn each(&self, acted: &Acted, act: impl Fn(&Central, &str, &OrderId) -> Result<OrderRow, CentralError>) -> Ran {
        let mut outcome = Outcome::Done;
        for name in &acted.orders {
            let id = match self.find(name) {
                Ok(id) => id,
                Err(error @ CommandError::Order(_)) => {
                    out::error(&error);
                    outcome = Outcome::Refused;
                    continue;
                }
                Err(fault) => return Err(fault),
            };
            match act(&self.central, &acted.by, &id) {
                Ok(row) => {
                    let state = row.order.state;
                    let text = format!("{}  {}", row.order.number, state.words_zh());
                    let object = json!({
                        "order_id": id.to_string(), "number": row.order.number.as_str(), "state": state.id(),
                    });
                    out::line(self.format, &text, &object)?;
                }
                Err(error @ (CentralError::Refused(_) | CentralError::NotFound { .. })) => {
                    out::error(&CommandError::Refused {
                        order: name.clone(),
                        source: error,
                    });
                    outcome = Outcome::Refused;
                }
                Err(fault) => return Err(fault.into()),
            }
        }
        Ok(outcome)
    }

    fn photo(&self, order: &str, out: &Path, kind: Kind) -> Ran {
        let id = self.find(order)?;
        let bytes = match kind {
            Kind::Original => self.central.photo(&id)?,
            Kind::Finished => self.central.finished(&id)?,
        };
        let write = || -> std::io::Result<()> {
            let mut file = std::fs::File::create_new(out)?;
            file.write_all(&bytes)?;
            file.sync_all()
        };
        write().map_err(|source| CommandError::File {
            doing: format!("writing {}", out.display()),
            source,
        })?;
        Ok(Outcome::Done)
    }

    fn verify(&self) -> Ran {
        let report = self.central.verify()?;
        let text = format!(
            "{} orders, {} ops, {} photos, {} stations, {} histories: {} errors, {} warnings",
            report.orders, report.ops, report.photos, report.stations, report.histories, report.errors, report.warnings
        );
        for finding in &report.findings {
            let severity = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            let object = json!({ "severity": severity, "subject": finding.subject, "what": finding.what });
            out::line(
                self.format,
                &format!("{severity}: {}: {}", finding.subject, finding.what),
                &object,
            )?;
        }
        let object = json!({
            "orders": report.orders, "ops": report.ops, "photos": report.photos, "stations": report.stations,
            "histories": report.histories, "errors": report.errors, "warnings": report.warnings,
        });
        out::line(self.format, &text, &object)?;
        Ok(if report.holds() {
            Outcome::Done
        } else {
            Outcome::Refused
        })
    }

    /// An order by id or number.
    fn find(&self, name: &str) -> Result<OrderId, CommandError> {
        if let Ok(id) = name.parse() {
            return Ok(id);
        }
        if OrderNumber::parse(name).is_err() {
            return Err(CommandError::Order(format!(
                "{name} is neither an order's id nor its number"
            )));
        }
        let filter = OrderFilter {
            number: Some(name.to_owned()),
            limit: 2,
            ..OrderFilter::default()
        };
        match self.central.orders(&filter)?.as_slice() {
            [one] => Ok(one.id),
            [] => Err(CommandError::Order(format!("there is no order {name}"))),
            _ => Err(CommandError::Order(format!(
                "several stations have an order {name}; name it by id"
            ))),
        }
    }
}

fn read_text(file: &Path) -> Result<String, CommandError> {
    std::fs::read_to_string(file).map_err(|source| CommandError::File {
        doing: format!("reading {}", file.display()),
        source,
    })
}

/// A time as people at the center read it.
fn local(at: UtcMs) -> String {
    at.civil(UtcOffset::CHINA).to_string()
}
