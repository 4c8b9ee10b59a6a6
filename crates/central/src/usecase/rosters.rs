//! Rosters at the center: a school's sheet becomes the people of a campaign, and the stations of that school are told, part by part.
//! A station that takes a part up late hears how things stand then; nobody hears of another school's people.
use crate::center::Central;
use crate::change::Change;
use crate::error::CentralError;
use crate::person::Person;
use crate::store::{Hearers, ReadRows, RosterRow, SchoolCode, StationRow, Stored};
use crate::usecase::packages::seen_campaign;
use domain::{Campaign, CampaignId, PersonKey, RosterEntry};
use roster::{Options, Preview, RowProblem};
use serde_json::json;
use std::collections::HashMap;
use wire::Invalid;
use wire::feed::FeedBody;
use wire::order::SubjectDoc;
use wire::roster::{MAX_PART, RosterPart, RosterPerson};

/// Lines read at once.
const PAGE: usize = 1000;
/// People of one answer of the feed; the rest follows at once.
const MAX_TOLD: usize = 4000;

/// A sheet and how to read it.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'s> {
    /// Its name; the ending tells the kind.
    pub name: &'s str,
    /// Its bytes.
    pub bytes: &'s [u8],
    /// Encoding, sheet and columns, when the guess was wrong.
    pub options: &'s Options,
}

/// What becomes of people who are on the roster and not on the new sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// They stay: the sheet is one class of many.
    Stay,
    /// They go: the sheet is the whole roster.
    Go,
}

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// People who were not there.
    pub added: usize,
    /// People who were, and differ.
    pub changed: usize,
    /// People who were, the same.
    pub unchanged: usize,
    /// People taken off.
    pub gone: usize,
    /// Rows that were not taken.
    pub refused: u32,
    /// What was wrong, by line.
    pub problems: Vec<RowProblem>,
}

/// Lines to write, and what that comes to.
struct Plan {
    lines: Vec<(String, u32, Option<SubjectDoc>)>,
    outcome: Imported,
}

impl Central {
    /// What a sheet looks like, and what taking it would do.
    ///
    /// # Errors
    /// `NotFound` for a campaign this person does not see, `Invalid` for one of graduates, `Roster` for a file that is no sheet.
    pub fn preview_roster(
        &self,
        person: &Person,
        campaign: &CampaignId,
        sheet: Sheet<'_>,
        missing: Missing,
    ) -> Result<(Preview, Option<Imported>), CentralError> {
        let (school, found) = self.read(|rows| seen_campaign(rows, person, campaign))?;
        with_roster(&found)?;
        let preview = roster::preview_with(sheet.bytes, sheet.name, sheet.options)?;
        // Columns that do not fit yet are what the preview is for.
        let plan = match roster::import(sheet.bytes, sheet.name, sheet.options) {
            Ok(import) => Some(
                self.read(|rows| plan(rows, &school, campaign, &import, missing))?
                    .outcome,
            ),
            Err(_) => None,
        };
        Ok((preview, plan))
    }

    /// Takes a sheet by a person.
    ///
    /// # Errors
    /// As [`Central::preview_roster`].
    pub fn import_roster_by(
        &self,
        person: &Person,
        campaign: &CampaignId,
        sheet: Sheet<'_>,
        missing: Missing,
    ) -> Result<Imported, CentralError> {
        self.read(|rows| seen_campaign(rows, person, campaign))?;
        self.import_roster(&person.who(), campaign, sheet, missing)
    }

    /// Takes a sheet: good rows are taken, every bad one is listed. What is cut off half way is done by taking it again.
    ///
    /// # Errors
    /// As [`Central::preview_roster`].
    pub fn import_roster(
        &self,
        who: &str,
        campaign: &CampaignId,
        sheet: Sheet<'_>,
        missing: Missing,
    ) -> Result<Imported, CentralError> {
        let import = roster::import(sheet.bytes, sheet.name, sheet.options)?;
        let (school, plan) = self.read(|rows| {
            let (school, doc) = rows
                .campaign(campaign)?
                .ok_or_else(|| CentralError::not_found("campaign", campaign))?;
            with_roster(&doc.to_domain()?)?;
            let plan = plan(rows, &school, campaign, &import, missing)?;
            Ok((school, plan))
        })?;
        self.write_roster(who, &school, campaign, &plan)?;
        Ok(plan.outcome)
    }

    /// Takes everybody off a roster. Stations keep those whose photo was taken.
    ///
    /// # Errors
    /// `NotFound` for a campaign this person does not see.
    pub fn remove_roster(&self, person: &Person, campaign: &CampaignId) -> Result<usize, CentralError> {
        let (school, plan) = self.read(|rows| {
            let (school, _) = seen_campaign(rows, person, campaign)?;
            let mut plan = Plan {
                lines: Vec::new(),
                outcome: Imported::default(),
            };
            each_line(rows, &school, campaign, &mut |line| {
                if line.subject.is_some() {
                    plan.outcome.gone += 1;
                    plan.lines.push((line.key, line.position, None));
                }
                Ok(())
            })?;
            Ok((school, plan))
        })?;
        self.write_roster(&person.who(), &school, campaign, &plan)?;
        Ok(plan.outcome.gone)
    }

    /// How many people a roster has.
    ///
    /// # Errors
    /// `NotFound` for a campaign this person does not see.
    pub fn roster_size(&self, person: &Person, campaign: &CampaignId) -> Result<usize, CentralError> {
        self.read(|rows| {
            let (school, _) = seen_campaign(rows, person, campaign)?;
            let mut people = 0;
            each_line(rows, &school, campaign, &mut |line| {
                people += usize::from(line.subject.is_some());
                Ok(())
            })?;
            Ok(people)
        })
    }

    fn write_roster(&self, who: &str, school: &SchoolCode, campaign: &CampaignId, plan: &Plan) -> Stored<()> {
        for lines in plan.lines.chunks(MAX_PART) {
            self.change(|change| {
                for (key, position, subject) in lines {
                    change.rows.put_roster_line(&RosterRow {
                        school: school.clone(),
                        campaign: *campaign,
                        key: key.clone(),
                        position: *position,
                        subject: subject.clone(),
                        updated_at: change.now,
                    })?;
                }
                let part = part_of(campaign, lines.iter().map(|l| l.0.clone()).collect());
                change.tell(school, Hearers::All, &part)
            })?;
        }
        let o = &plan.outcome;
        let detail = json!({ "added": o.added, "changed": o.changed, "gone": o.gone, "refused": o.refused });
        self.change(|change| change.record(school, &format!("campaign:{campaign}"), who, "roster", &detail))
    }
}

fn part_of(campaign: &CampaignId, keys: Vec<String>) -> FeedBody {
    FeedBody::Roster(Box::new(RosterPart {
        campaign_id: campaign.to_string(),
        keys,
        ..RosterPart::default()
    }))
}

fn with_roster(campaign: &Campaign) -> Result<(), Invalid> {
    if campaign.job.is_blind() {
        return Err(Invalid::new(
            "campaign",
            "is of graduates, who are known by their code alone",
        ));
    }
    Ok(())
}

fn plan(
    rows: &ReadRows<'_>,
    school: &SchoolCode,
    campaign: &CampaignId,
    import: &roster::RosterImport,
    missing: Missing,
) -> Stored<Plan> {
    let mut known: HashMap<String, RosterRow> = HashMap::new();
    each_line(rows, school, campaign, &mut |line| {
        known.insert(line.key.clone(), line);
        Ok(())
    })?;
    let mut plan = Plan {
        lines: Vec::new(),
        outcome: Imported {
            refused: import.refused,
            problems: import.problems.clone(),
            ..Imported::default()
        },
    };
    for row in &import.rows {
        let Some(RosterEntry { key, subject }) = row.entry() else {
            continue;
        };
        let (key, subject) = (key.text(), SubjectDoc::from(&subject));
        match known.remove(&key).filter(|k| k.subject.is_some()) {
            Some(same) if same.subject.as_ref() == Some(&subject) && same.position == row.row => {
                plan.outcome.unchanged += 1;
                continue;
            }
            Some(_) => plan.outcome.changed += 1,
            None => plan.outcome.added += 1,
        }
        plan.lines.push((key, row.row, Some(subject)));
    }
    if missing == Missing::Go {
        let mut gone: Vec<_> = known.into_values().filter(|k| k.subject.is_some()).collect();
        gone.sort_by(|a, b| a.key.cmp(&b.key));
        plan.outcome.gone = gone.len();
        plan.lines.extend(gone.into_iter().map(|k| (k.key, k.position, None)));
    }
    Ok(plan)
}

/// Calls `each` for every line of a roster, those who were taken off among them.
pub fn each_line(
    rows: &ReadRows<'_>,
    school: &SchoolCode,
    campaign: &CampaignId,
    each: &mut dyn FnMut(RosterRow) -> Stored<()>,
) -> Stored<()> {
    let mut after = String::new();
    loop {
        let page = rows.roster(school, campaign, &after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after.clone_from(&last.key);
        page.into_iter().try_for_each(&mut *each)?;
    }
}

fn person_of(line: RosterRow) -> Option<RosterPerson> {
    Some(RosterPerson {
        subject: line.subject?,
        key: line.key,
        position: line.position,
    })
}

/// Fills a part with how things stand now.
fn fill(rows: &ReadRows<'_>, school: &SchoolCode, part: &mut RosterPart) -> Stored<()> {
    let campaign = part
        .campaign_id
        .parse()
        .map_err(|_| CentralError::corrupt("feed.body"))?;
    for key in std::mem::take(&mut part.keys) {
        match rows.roster_line(school, &campaign, &key)?.and_then(person_of) {
            Some(person) => part.people.push(person),
            None => part.gone.push(key),
        }
    }
    Ok(())
}

/// Fills the rosters of a page of the feed; a page with very many people ends early, and this says whether it did.
pub fn fill_page(rows: &ReadRows<'_>, school: &SchoolCode, events: &mut Vec<wire::feed::FeedEvent>) -> Stored<bool> {
    let (mut people, mut kept) = (0, 0);
    for event in events.iter_mut() {
        kept += 1;
        if let FeedBody::Roster(part) = &mut event.body {
            fill(rows, school, part)?;
            people += part.people.len();
        }
        if people >= MAX_TOLD {
            break;
        }
    }
    let cut = kept < events.len();
    events.truncate(kept);
    Ok(cut)
}

/// Every roster of a school's campaigns, for a snapshot.
pub fn all(rows: &ReadRows<'_>, school: &SchoolCode) -> Stored<Vec<RosterPart>> {
    let mut parts = Vec::new();
    for doc in rows.campaigns(Some(school))? {
        let campaign = doc.id.parse().map_err(|_| CentralError::corrupt("campaign.id"))?;
        let mut part = RosterPart {
            campaign_id: doc.id,
            ..RosterPart::default()
        };
        each_line(rows, school, &campaign, &mut |line| {
            let key = line.key.clone();
            match person_of(line) {
                Some(person) => part.people.push(person),
                None => part.gone.push(key),
            }
            Ok(())
        })?;
        if !part.people.is_empty() || !part.gone.is_empty() {
            parts.push(part);
        }
    }
    Ok(parts)
}

/// Tells a new station of the rosters of its school.
pub fn tell_all(change: &Change<'_>, station: &StationRow) -> Stored<()> {
    for part in all(change.rows, &station.school)? {
        let campaign = part
            .campaign_id
            .parse()
            .map_err(|_| CentralError::corrupt("campaign.id"))?;
        let keys: Vec<String> = part.people.into_iter().map(|p| p.key).collect();
        for keys in keys.chunks(MAX_PART) {
            let only = Hearers::Only(station.id);
            change.tell(&station.school, only, &part_of(&campaign, keys.to_vec()))?;
        }
    }
    Ok(())
}

/// The people of a roster by key, for lists; empty where there is none.
pub fn people(
    rows: &ReadRows<'_>,
    school: &SchoolCode,
    campaign: &CampaignId,
    each: &mut dyn FnMut(PersonKey, SubjectDoc) -> Stored<()>,
) -> Stored<()> {
    each_line(
        rows,
        school,
        campaign,
        &mut |line| match (PersonKey::from_text(&line.key), line.subject) {
            (Some(key), Some(subject)) => each(key, subject),
            _ => Ok(()),
        },
    )
}
