//! Campaigns at the center: put and list. Stations of the school are told, and ops that waited for the campaign follow.
use crate::center::Central;
use crate::error::CentralError;
use crate::person::Person;
use crate::store::{Hearers, SchoolCode};
use domain::CampaignId;
use serde_json::json;
use wire::campaign::CampaignDoc;
use wire::feed::FeedBody;

/// Held ops tried again at once; the rest follows with the timers.
const MAX_RETRIES: usize = 1000;

impl Central {
    /// Makes or changes a campaign. Orders made before keep the rules they were made under. An unchanged one changes nothing.
    ///
    /// # Errors
    /// When it does not hold, names a standard nobody here knows, or its id belongs to another school.
    pub fn put_campaign(&self, doc: &CampaignDoc) -> Result<(), CentralError> {
        self.put_campaign_as("admin", doc)
    }

    /// The same by a person, for the schools this person sees.
    ///
    /// # Errors
    /// As [`Central::put_campaign`]; `NotFound` for a school this person does not see.
    pub fn put_campaign_by(&self, person: &Person, doc: &CampaignDoc) -> Result<(), CentralError> {
        person.narrowed(Some(SchoolCode::parse(&doc.school_code)?))?;
        self.put_campaign_as(&person.who(), doc)
    }

    /// Campaigns a person sees, of one school or of all, by opening time.
    ///
    /// # Errors
    /// When the store fails.
    pub fn campaigns_for(
        &self,
        person: &Person,
        school: Option<&SchoolCode>,
    ) -> Result<Vec<CampaignDoc>, CentralError> {
        let school = school.or(person.school.as_ref());
        self.read(|rows| rows.campaigns(school))
    }

    fn put_campaign_as(&self, who: &str, doc: &CampaignDoc) -> Result<(), CentralError> {
        let campaign = doc.to_domain()?;
        let school = SchoolCode::parse(&campaign.school_code)?;
        self.finishing().spec(&campaign.spec)?;
        let changed = self.change(|change| {
            match change.rows.campaign(&campaign.id)? {
                Some((other, _)) if other != school => return Err(CentralError::OtherSchool { school: other }),
                Some((_, before)) if before == *doc => return Ok(false),
                Some(_) | None => {}
            }
            change.rows.put_campaign(&school, doc, change.now)?;
            let subject = format!("campaign:{}", campaign.id);
            let detail = json!({ "opens_at_ms": doc.opens_at_ms, "closes_at_ms": doc.closes_at_ms, "spec": doc.spec });
            change.record(&school, &subject, who, "put", &detail)?;
            change.tell(&school, Hearers::All, &FeedBody::Campaign(Box::new(doc.clone())))?;
            Ok(true)
        })?;
        if changed {
            let waiting = self.read(|rows| rows.held_ops(Some((&school, &campaign.id.to_string())), MAX_RETRIES))?;
            self.retry_held(&waiting)?;
        }
        Ok(())
    }

    /// All campaigns, by opening time.
    ///
    /// # Errors
    /// When the store fails.
    pub fn campaigns(&self) -> Result<Vec<CampaignDoc>, CentralError> {
        self.read(|rows| rows.campaigns(None))
    }

    /// A campaign.
    ///
    /// # Errors
    /// When there is none with this id.
    pub fn campaign(&self, id: &CampaignId) -> Result<CampaignDoc, CentralError> {
        let found = self.read(|rows| rows.campaign(id))?;
        found
            .map(|(_, doc)| doc)
            .ok_or_else(|| CentralError::not_found("campaign", id))
    }
}
