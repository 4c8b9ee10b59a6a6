//! The guest in front of the camera: seated only in a free chair, three pictures, never an override, submitted by themselves.
use super::{KioskRefusal, MAX_SHOTS};
use crate::core::Core;
use crate::day::Release;
use crate::session::{Acceptance, Refusal, Target};
use crate::trouble::Trouble;
use domain::campaign::PictureSource;
use domain::consent::Consent;
use domain::{ConsentId, Refused, ShotId};
use photo::{Limits, Scale};
use std::sync::Arc;
use store::SlotId;
use store::shots::{self, NewShot};

/// Version of the words with which being told by short message is allowed.
const MESSAGES_VERSION: &str = "messages-1";

impl Core {
    /// 去采集, confirmed: the guest takes the chair.
    pub fn kiosk_begin(&self) -> Result<(), Trouble> {
        let guest = self.need_guest()?;
        let _turn = self.turn();
        let (campaign, person) = self.guest_person(&guest)?;
        let card = self.card(&campaign, &person)?;
        if card.collected.is_some() && card.recall.is_none() {
            return Err(KioskRefusal::Collected.into());
        }
        if let Some(recall) = &card.recall {
            self.stored_order(&recall.order_id)?.order.can_be_retaken(self.now())?;
        } else if guest.consent.is_none() {
            return Err(Refused::NoConsent.into());
        } else if !campaign.feature_codes.is_empty() && guest.feature_code.is_none() {
            return Err(Refused::FeatureCodeNeeded.into());
        }
        let free = {
            let desk = self.desk();
            match desk.session.slot() {
                Some(slot) => slot.sitter.key == guest.key,
                None => desk.session.deck().next().is_none(),
            }
        };
        if !free {
            return Err(KioskRefusal::ChairTaken.into());
        }
        self.change_guest(|g| g.in_booth = true)?;
        self.seat_person(&campaign, person)
    }

    /// The shutter, by touch or by itself.
    pub fn kiosk_shoot(&self) -> Result<(), Trouble> {
        self.need_booth()?;
        self.shoot()
    }

    /// Another try.
    pub fn kiosk_retake(&self) -> Result<(), Trouble> {
        self.need_sitting()?;
        self.retake()
    }

    /// 提交: the photo passed, perhaps with warnings. `messages` is the language in which being told by short message was allowed (F22),
    /// nothing when it was not.
    pub fn kiosk_submit(&self, messages: Option<&str>) -> Result<String, Trouble> {
        self.need_sitting()?;
        let allowed = messages.map(|language| self.messages_allowed(language)).transpose()?;
        self.change_guest(|g| g.messages = allowed)?;
        let order = self.accept(Acceptance::Passed)?;
        self.change_guest(|g| g.in_booth = false)?;
        Ok(order.to_string())
    }

    fn messages_allowed(&self, language: &str) -> Result<Consent, Trouble> {
        if !matches!(language, "zh-CN" | "en") {
            return Err(Trouble::Bad("the language must be zh-CN or en"));
        }
        Ok(Consent {
            id: ConsentId(self.uuid()),
            text_version: MESSAGES_VERSION.to_owned(),
            language: language.to_owned(),
            at: self.now(),
            asked_by: "kiosk".to_owned(),
        })
    }

    /// Takes a picture file instead of a shot, where the job allows it. It is judged like any other.
    pub fn kiosk_use_file(&self, bytes: &[u8]) -> Result<(), Trouble> {
        self.need_booth()?;
        let _turn = self.turn();
        let (campaign, spec) = self.campaign()?;
        match campaign.pictures {
            PictureSource::CameraOnly => return Err(KioskRefusal::NoFiles.into()),
            PictureSource::CameraOrFile => {}
        }
        let decoded = photo::decode(bytes, Scale::Full, &Limits::default())?;
        let target = self.desk().session.release()?;
        let Target::Slot(slot) = target else {
            self.desk().session.missed(target);
            return Err(Refusal::NobodySits.into());
        };
        let shot = ShotId(self.uuid());
        let written = self.store.blobs().put(bytes).map_err(Trouble::from).and_then(|blob| {
            self.count_release(campaign.id, Release::Picture)?;
            let row = NewShot {
                id: shot,
                campaign: Some(campaign.id),
                slot: Some(SlotId(slot)),
                blob,
                bytes: bytes.len() as u64,
                captured_at: self.now(),
                camera_sequence: 0,
                original: decoded.picture.size(),
            };
            Ok(self.store.write(|tx| shots::put(tx, &row))?)
        });
        if let Err(trouble) = written {
            self.desk().session.missed(target);
            return Err(trouble);
        }
        self.desk().session.taken(target, shot);
        self.board.bump();
        self.check(shot, Arc::from(bytes), spec)
    }

    fn need_sitting(&self) -> Result<(), Trouble> {
        self.need_guest()?;
        if self.guest_sits() {
            Ok(())
        } else {
            Err(Refusal::NobodySits.into())
        }
    }

    /// The guest sits and has pictures left.
    fn need_booth(&self) -> Result<(), Trouble> {
        self.need_sitting()?;
        let used = self.desk().session.slot().map_or(0, |s| s.shots);
        if used >= MAX_SHOTS {
            return Err(KioskRefusal::FindTeacher.into());
        }
        Ok(())
    }
}
