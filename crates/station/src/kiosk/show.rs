//! What the kiosk shows now.
use super::{Guest, MAX_SHOTS};
use crate::core::Core;
use crate::trouble::Trouble;
use crate::view;
use domain::campaign::{Collection, JobKind, PictureSource};
use domain::{Campaign, Subject};
use ipc::{BoothView, GuestView, KioskJob, KioskView};
use std::time::Duration;
use store::identity;

/// Longest wait of the kiosk's window; a guest whose window is gone is let go later than that.
const WATCH: Duration = Duration::from_secs(20);

impl Core {
    /// The kiosk, as soon as its version differs from `seen`.
    pub fn kiosk_watch(&self, seen: Option<u64>) -> Result<KioskView, Trouble> {
        self.heard_kiosk();
        self.board.wait(seen, WATCH);
        self.heard_kiosk();
        let version = self.board.version();
        let guest = self.guest();
        let shown = match &guest {
            Some(guest) => Some(self.guest_view(guest)?),
            None => None,
        };
        let job = |kind| Ok::<_, Trouble>(self.campaign_of(kind)?.map(|c| kiosk_job(&c)));
        Ok(KioskView {
            version,
            graduate: job(JobKind::Graduate)?,
            freshman: job(JobKind::Freshman)?,
            booth: guest.filter(|g| g.in_booth).and_then(|g| self.booth_view(&g)),
            chair_taken: !self.guest_sits() && self.desk().session.slot().is_some(),
            guest: shown,
            camera: self.surroundings().camera.state,
            site: self.site()?,
            contact: self.contact()?,
            station_name: self.store.read(identity::get)?.map(|i| i.name).unwrap_or_default(),
            demo: self.demo,
        })
    }

    fn guest_view(&self, guest: &Guest) -> Result<GuestView, Trouble> {
        let (campaign, person) = self.guest_person(guest)?;
        let card = self.card(&campaign, &person)?;
        let subject = &person.entry.subject;
        Ok(GuestView {
            job: campaign.job.id().to_owned(),
            person: view::person_line(&guest.key, subject, Some(&campaign.school_name)),
            consented: guest.consent.is_some(),
            coded: campaign.feature_codes.is_empty() || guest.feature_code.is_some(),
            missing: missing(subject),
            collected: card.collected.is_some() && card.recall.is_none(),
            recall: card.recall,
            orders: self.guest_orders(guest)?,
        })
    }

    fn booth_view(&self, guest: &Guest) -> Option<BoothView> {
        let desk = self.desk();
        let slot = desk.session.slot().filter(|s| s.sitter.key == guest.key)?;
        let shots = slot.shots;
        let shown = desk.view(self.clock.mono_ms());
        let current = shown.current?;
        Some(BoothView {
            stage: current.stage,
            shots,
            shots_left: MAX_SHOTS.saturating_sub(shots),
            verdict: current.verdict,
            live: shown.live,
            spec: shown.spec,
        })
    }
}

/// Fields a guest may fill in that nobody filled in before.
fn missing(subject: &Subject) -> Vec<String> {
    [
        ("student_number", &subject.student_number),
        ("faculty", &subject.faculty),
        ("major", &subject.major),
        ("class", &subject.class),
        ("phone", &subject.phone),
    ]
    .into_iter()
    .filter(|(_, value)| value.is_none())
    .map(|(name, _)| name.to_owned())
    .collect()
}

fn kiosk_job(c: &Campaign) -> KioskJob {
    KioskJob {
        campaign_id: c.id.to_string(),
        title: c.title.clone(),
        school_name: c.school_name.clone(),
        job: c.job.id().to_owned(),
        price_fen: c.price.fen(),
        collective: c.collection == Collection::Collective,
        picture_files: c.pictures == PictureSource::CameraOrFile,
        needs_feature_code: !c.feature_codes.is_empty(),
        consent_version: c.consent_version.clone(),
        closes_at_ms: c.closes.0,
    }
}
