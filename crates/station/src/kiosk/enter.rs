//! How a graduate comes in: by their collection code, or by their number and the last four of their ID; and what they agree to.
use super::{Guest, KioskRefusal};
use crate::core::Core;
use crate::trouble::Trouble;
use domain::campaign::JobKind;
use domain::code::CollectionCode;
use domain::consent::Consent;
use domain::feature_code::{self, FeatureCode};
use domain::{Campaign, ConsentId, PersonKey};
use store::{campaigns, consents, people};

/// How long the kiosk waits for a code before the camera.
const EXPECT_MS: u64 = 35_000;
/// Longest value a guest fills in.
const MAX_FIELD_CHARS: usize = 60;

/// What a guest may fill in.
#[derive(Debug, Default)]
#[allow(missing_docs)]
pub struct Filled<'a> {
    pub student_number: Option<&'a str>,
    pub faculty: Option<&'a str>,
    pub major: Option<&'a str>,
    pub class: Option<&'a str>,
    pub phone: Option<&'a str>,
}

impl Core {
    /// Logs a guest in. `text` is the collection code, or a roster number with `proof`, the last four of the ID.
    pub fn kiosk_enter(&self, job: &str, text: &str, proof: Option<&str>) -> Result<(), Trouble> {
        let job = JobKind::from_id(job).ok_or(Trouble::Bad("there is no such job"))?;
        self.kiosk_leave()?;
        let campaign = self.take_up(job)?;
        let key = if job.is_blind() {
            let code = CollectionCode::new(text.as_bytes())?;
            self.person_of_code(&campaign, &code)?.entry.key
        } else {
            self.proven(&campaign, text, proof.unwrap_or_default())?
        };
        self.let_in(&campaign, key);
        Ok(())
    }

    /// From now on this person is the guest.
    pub(super) fn let_in(&self, campaign: &Campaign, key: PersonKey) {
        let mut kiosk = self.kiosk();
        kiosk.heard_ms = self.clock.mono_ms();
        kiosk.guest = Some(Guest {
            campaign: campaign.id,
            key,
            consent: None,
            feature_code: None,
            messages: None,
            in_booth: false,
        });
        drop(kiosk);
        self.board.bump();
    }

    /// For the next half minute a code before the camera is the kiosk's.
    pub fn kiosk_expect_code(&self) -> Result<(), Trouble> {
        let mut kiosk = self.kiosk();
        kiosk.expects_until_ms = self.clock.mono_ms() + EXPECT_MS;
        Ok(())
    }

    /// Takes a code seen by the camera, when the kiosk waits for one. Answers whether it was the kiosk's.
    pub(crate) fn kiosk_takes_code(&self, payload: &[u8]) -> bool {
        let now = self.clock.mono_ms();
        let waits = {
            let kiosk = self.kiosk();
            kiosk.guest.is_none() && kiosk.expects_until_ms > now
        };
        let Some(text) = std::str::from_utf8(payload).ok().filter(|_| waits) else {
            return false;
        };
        if let Err(error) = self.kiosk_enter(JobKind::Graduate.id(), text, None) {
            tracing::debug!(%error, "the kiosk did not take a code");
        }
        true
    }

    /// The campaign a guest of this job comes to: the one in use, if it is of this kind, else the one that ends last.
    pub(super) fn offered(&self, job: JobKind) -> Result<Option<Campaign>, Trouble> {
        match self.in_use(job) {
            Some(campaign) => Ok(Some(Campaign::clone(&campaign))),
            None => self.campaign_of(job),
        }
    }

    /// The campaign in use, when it is of this kind and open.
    fn in_use(&self, job: JobKind) -> Option<std::sync::Arc<Campaign>> {
        let now = self.now();
        let (campaign, _) = self.campaign().ok()?;
        (campaign.job == job && campaign.opens <= now && now < campaign.closes).then_some(campaign)
    }

    /// The open campaign of a kind; it becomes the one in use when the desk is idle.
    pub(super) fn take_up(&self, job: JobKind) -> Result<std::sync::Arc<Campaign>, Trouble> {
        if let Some(campaign) = self.in_use(job) {
            return Ok(campaign);
        }
        let other = self.campaign_of(job)?.ok_or(KioskRefusal::NoJob)?;
        {
            let desk = self.desk();
            if desk.session.slot().is_some() || desk.session.deck().next().is_some() {
                return Err(KioskRefusal::DeskBusy.into());
            }
        }
        self.choose_campaign(&other.id.to_string())?;
        Ok(self.campaign()?.0)
    }

    /// The open campaign of a kind that ends last.
    pub(super) fn campaign_of(&self, job: JobKind) -> Result<Option<Campaign>, Trouble> {
        let now = self.now();
        let all = self.store.read(campaigns::all)?;
        let open = |c: &Campaign| c.job == job && c.opens <= now && now < c.closes;
        Ok(all.into_iter().filter(open).max_by_key(|c| c.closes))
    }

    /// A person of the roster, by a number and the last four of their ID. Which of the two was wrong is not told.
    fn proven(&self, campaign: &Campaign, number: &str, last_four: &str) -> Result<PersonKey, Trouble> {
        let person = self
            .person_of_number(campaign, number)
            .map_err(|_| KioskRefusal::NoMatch)?;
        let id = person.entry.subject.id_number.as_deref().unwrap_or_default();
        let given = last_four.trim();
        let holds = given.len() == 4 && id.len() >= 4 && id.to_ascii_uppercase().ends_with(&given.to_ascii_uppercase());
        if holds {
            Ok(person.entry.key)
        } else {
            Err(KioskRefusal::NoMatch.into())
        }
    }

    /// The guest agrees; the record is kept whatever they do next.
    pub fn kiosk_consent(&self, version: &str, language: &str) -> Result<(), Trouble> {
        let guest = self.need_guest()?;
        let (campaign, _) = self.guest_person(&guest)?;
        if version != campaign.consent_version {
            return Err(KioskRefusal::OldAgreement.into());
        }
        if !matches!(language, "zh-CN" | "en") {
            return Err(Trouble::Bad("the language must be zh-CN or en"));
        }
        let consent = Consent {
            id: ConsentId(self.uuid()),
            text_version: version.to_owned(),
            language: language.to_owned(),
            at: self.now(),
            asked_by: "kiosk".to_owned(),
        };
        self.store.write(|tx| consents::put(tx, &consent))?;
        self.change_guest(|g| g.consent = Some(consent))
    }

    /// The guest fills in what the code does not say. What is known stays.
    pub fn kiosk_fill(&self, filled: &Filled<'_>) -> Result<(), Trouble> {
        let guest = self.need_guest()?;
        let (campaign, mut person) = self.guest_person(&guest)?;
        let subject = &mut person.entry.subject;
        let phone_holds = |p: &str| p.len() == 11 && p.bytes().all(|b| b.is_ascii_digit());
        for (known, given) in [
            (&mut subject.student_number, filled.student_number),
            (&mut subject.faculty, filled.faculty),
            (&mut subject.major, filled.major),
            (&mut subject.class, filled.class),
            (&mut subject.phone, filled.phone.filter(|p| phone_holds(p.trim()))),
        ] {
            let given = given.map(str::trim).filter(|g| !g.is_empty());
            if given.is_some_and(|g| g.chars().count() > MAX_FIELD_CHARS || g.chars().any(char::is_control)) {
                return Err(Trouble::Bad("a field has at most 60 characters"));
            }
            if known.is_none() {
                *known = given.map(str::to_owned);
            }
        }
        if filled
            .phone
            .is_some_and(|p| !p.trim().is_empty() && !phone_holds(p.trim()))
        {
            return Err(Trouble::Bad("a mobile number has eleven digits"));
        }
        self.store
            .write(|tx| people::put(tx, campaign.id, &person).map(|_| ()))?;
        self.board.bump();
        Ok(())
    }

    /// The guest's feature code.
    pub fn kiosk_feature_code(&self, text: &str) -> Result<(), Trouble> {
        let guest = self.need_guest()?;
        let (campaign, _) = self.guest_person(&guest)?;
        let code = FeatureCode::parse(text)?;
        feature_code::validate(&code, &campaign.feature_codes, &campaign.school_code, self.now())?;
        self.change_guest(|g| g.feature_code = Some(code))
    }
}
