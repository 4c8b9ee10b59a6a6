//! Delivery packages at the center: asked for by somebody who may, made by whichever center is free, kept for a week, and fetched in
//! any stretches. Who asked, who took and who removed stands in the history.
mod contents;
mod make;
mod parts;

use crate::center::Central;
use crate::error::CentralError;
use crate::person::Person;
use crate::store::packages::{PackageFile, PackageRow, PackageState, Wish};
use crate::store::{ReadRows, SchoolCode, Stored};
use contents::Contents;
use delivery::{Form, Item, ListKind, ListRow, Profile, Source, SourceError};
use domain::{Campaign, CampaignId, PhotoSpec, UtcMs};
use serde_json::{Value, json};
use uuid::Uuid;
use wire::Invalid;

/// The file with the pictures.
pub const PICTURES: &str = "pictures.zip";
/// The file with everything else, where the receiver takes nothing but pictures.
pub const PAPERS: &str = "papers.zip";
/// A package is kept this long after it was made, or asked for.
pub const KEPT_MS: i64 = 7 * 86_400_000;
/// Packages of one school at a time; each may have gigabytes.
const MAX_PACKAGES: usize = 50;
/// Packages listed at once.
const MAX_LIST: usize = 200;
/// Longest profile of a receiver's own.
const MAX_PROFILE: usize = 16 << 10;
/// Somebody who goes on fetching is not written down again within this time.
const SAME_TAKE_MS: i64 = 3_600_000;
/// Expired packages forgotten at one tick.
const BATCH: usize = 20;

/// What a package would hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Pictures.
    pub pictures: u64,
    /// Rows of the three lists: unmatched, rejected, absent.
    pub lists: [u64; 3],
    /// Photos that await review.
    pub awaiting: u64,
    /// Classes of the campaign.
    pub classes: Vec<String>,
    /// The profile it would be made by.
    pub profile: String,
}

/// The profile a wish names, or the job's own.
fn profile_of(wish: &Wish, campaign: &Campaign) -> Result<Profile, Invalid> {
    if let Some(text) = &wish.profile_text {
        if text.len() > MAX_PROFILE {
            return Err(Invalid::new("profile_text", "is too long"));
        }
        return Profile::parse(text).map_err(|why| Invalid::new("profile_text", why.to_string()));
    }
    let own = if campaign.job.is_blind() { "blind" } else { "school" };
    Profile::find(wish.profile.as_deref().unwrap_or(own)).ok_or_else(|| Invalid::new("profile", "is none"))
}

/// A campaign of a school this person sees.
pub fn seen_campaign(rows: &ReadRows<'_>, person: &Person, id: &CampaignId) -> Stored<(SchoolCode, Campaign)> {
    let found = rows.campaign(id)?.filter(|(school, _)| person.sees(school));
    let (school, doc) = found.ok_or_else(|| CentralError::not_found("campaign", id))?;
    Ok((school, doc.to_domain()?))
}

fn seen(row: Option<PackageRow>, person: &Person, id: &Uuid) -> Stored<PackageRow> {
    row.filter(|p| person.sees(&p.school))
        .ok_or_else(|| CentralError::not_found("package", id))
}

/// What was gathered, without pictures: enough to count and to list.
struct Listed<'c> {
    contents: &'c Contents,
    spec: &'c PhotoSpec,
}

impl Source for Listed<'_> {
    fn items(&self, each: &mut dyn FnMut(Item) -> Result<(), SourceError>) -> Result<(), SourceError> {
        self.contents.items(self.spec, each)
    }
    fn picture(&self, _: &Item) -> Result<Vec<u8>, SourceError> {
        Err("only lists are made".into())
    }
    fn list(
        &self,
        kind: ListKind,
        each: &mut dyn FnMut(ListRow) -> Result<(), SourceError>,
    ) -> Result<(), SourceError> {
        self.contents.list(kind, each)
    }
}

impl Central {
    /// Counts what a package would hold now.
    ///
    /// # Errors
    /// `NotFound` for a campaign this person does not see, `Invalid` for a profile that does not hold.
    pub fn preview_package(
        &self,
        person: &Person,
        campaign: &CampaignId,
        wish: &Wish,
    ) -> Result<Preview, CentralError> {
        let (_, campaign) = self.read(|rows| seen_campaign(rows, person, campaign))?;
        let profile = profile_of(wish, &campaign)?;
        let spec = self.finishing().spec(&campaign.spec)?;
        let contents = self.gathered(&campaign, wish)?;
        let counted = delivery::count(
            &Listed {
                contents: &contents,
                spec: &spec,
            },
            &profile,
        );
        let counts = counted.map_err(|e| CentralError::Package(Box::new(e)))?;
        Ok(Preview {
            pictures: counts.pictures,
            lists: counts.lists,
            awaiting: contents.awaiting,
            classes: contents.classes.into_iter().collect(),
            profile: profile.id,
        })
    }

    fn gathered(&self, campaign: &Campaign, wish: &Wish) -> Stored<Contents> {
        self.read(|rows| Contents::gather(rows, campaign, wish, &self.config().data_dir))
    }

    /// One list of a campaign by itself, names and all. That it was taken is written into the campaign's history first.
    ///
    /// # Errors
    /// As [`Central::preview_package`].
    pub fn delivery_list(
        &self,
        person: &Person,
        campaign: &CampaignId,
        wish: &Wish,
        kind: ListKind,
        form: Form,
    ) -> Result<Vec<u8>, CentralError> {
        let (school, campaign) = self.read(|rows| seen_campaign(rows, person, campaign))?;
        let profile = profile_of(wish, &campaign)?;
        let spec = self.finishing().spec(&campaign.spec)?;
        let made_at = self.change(|change| {
            let subject = format!("campaign:{}", campaign.id);
            let detail = json!({ "list": kind.stem(), "form": form.ending(), "class": wish.class });
            change.record(&school, &subject, &person.who(), "take_list", &detail)?;
            Ok(change.now)
        })?;
        let contents = self.gathered(&campaign, wish)?;
        let source = Listed {
            contents: &contents,
            spec: &spec,
        };
        let mut out = Vec::new();
        let dir = &self.config().data_dir;
        delivery::list(&source, &profile, kind, form, made_at, dir, &mut out)
            .map_err(|e| CentralError::Package(Box::new(e)))?;
        Ok(out)
    }

    /// Asks for a package. The same wish of the same person that is not finished yet is the same package.
    ///
    /// # Errors
    /// As [`Central::preview_package`]; `Invalid` when the school has too many.
    pub fn ask_package(&self, person: &Person, campaign: &CampaignId, wish: &Wish) -> Result<PackageRow, CentralError> {
        let id = self.new_id()?;
        let row = self.change(|change| {
            let (school, found) = seen_campaign(change.rows, person, campaign)?;
            let profile = profile_of(wish, &found)?;
            let all = change.rows.packages(Some(&school), None, MAX_LIST)?;
            let same = all.iter().find(|p| {
                let open = matches!(p.state, PackageState::Waiting | PackageState::Making);
                open && p.campaign == *campaign && p.wish == *wish && p.who == person.who()
            });
            if let Some(same) = same {
                return Ok(same.clone());
            }
            if all.len() >= MAX_PACKAGES {
                return Err(Invalid::new("packages", "of this school are too many; remove one first").into());
            }
            let row = PackageRow {
                school: school.clone(),
                id,
                campaign: *campaign,
                wish: wish.clone(),
                who: person.who(),
                asked_at: change.now,
                state: PackageState::Waiting,
                tries: 0,
                lease_until: UtcMs(0),
                begun_at: None,
                done: 0,
                total: 0,
                fault: None,
                made: None,
                ready_at: None,
                expires_at: change.now.plus(KEPT_MS),
            };
            change.rows.put_package(&row)?;
            let detail = json!({
                "campaign_id": campaign.to_string(), "class": wish.class, "profile": profile.id, "unreviewed": wish.unreviewed,
            });
            change.record(&school, &row.subject(), &person.who(), "ask", &detail)?;
            Ok(row)
        })?;
        self.packages_asked().notify_one();
        Ok(row)
    }

    /// Packages this person sees, latest first.
    ///
    /// # Errors
    /// `NotFound` for a school or a campaign this person does not see.
    pub fn packages_for(
        &self,
        person: &Person,
        school: Option<SchoolCode>,
        campaign: Option<&CampaignId>,
    ) -> Result<Vec<PackageRow>, CentralError> {
        let school = person.narrowed(school)?;
        self.read(|rows| {
            if let Some(campaign) = campaign {
                seen_campaign(rows, person, campaign)?;
            }
            rows.packages(school.as_ref(), campaign, MAX_LIST)
        })
    }

    /// One package.
    ///
    /// # Errors
    /// `NotFound` when there is none, or it is of a school this person does not see.
    pub fn package_for(&self, person: &Person, id: &Uuid) -> Result<PackageRow, CentralError> {
        seen(self.read(|rows| rows.package(id))?, person, id)
    }

    /// Lets a person fetch a file of a package, and writes down that they do.
    ///
    /// # Errors
    /// `NotFound` when there is no such file, or not yet, or not any more.
    pub fn take_package(
        &self,
        person: &Person,
        id: &Uuid,
        name: &str,
    ) -> Result<(PackageRow, PackageFile), CentralError> {
        self.change(|change| {
            let row = seen(change.rows.package(id)?, person, id)?;
            let files = row.made.iter().flat_map(|m| &m.files);
            let file = files.into_iter().find(|f| f.name == name).cloned();
            let file = file.ok_or_else(|| CentralError::not_found("package", id))?;
            let detail = json!({ "file": name, "sha256": file.sha256 });
            let history = change.rows.history(&row.school, &row.subject())?;
            let going_on = history.iter().rev().any(|h| {
                h.what == "take"
                    && h.who == person.who()
                    && change.now.since(h.at) < SAME_TAKE_MS
                    && serde_json::from_str::<Value>(&h.detail).is_ok_and(|d| d == detail)
            });
            if !going_on {
                change.record(&row.school, &row.subject(), &person.who(), "take", &detail)?;
            }
            Ok((row, file))
        })
    }

    /// Removes a package; one that is being made is given up.
    ///
    /// # Errors
    /// `NotFound` when this person sees no such package.
    pub fn remove_package(&self, person: &Person, id: &Uuid) -> Result<(), CentralError> {
        let row = self.change(|change| {
            let row = seen(change.rows.package(id)?, person, id)?;
            change.rows.drop_package(&row)?;
            change.record(&row.school, &row.subject(), &person.who(), "remove", &json!({}))?;
            Ok(row)
        })?;
        self.drop_parts(&row, row.tries)
    }

    /// Forgets packages nobody fetches any more.
    pub(crate) fn forget_expired_packages(&self) -> Result<(), CentralError> {
        let now = self.now();
        for row in self.read(|rows| rows.packages_expired(now, BATCH))? {
            // The parts first: a row without parts is looked at again, parts without a row are not.
            self.drop_parts(&row, row.tries)?;
            self.change(|change| {
                change.rows.drop_package(&row)?;
                change.record(&row.school, &row.subject(), "system", "expired", &json!({}))
            })?;
        }
        Ok(())
    }
}
