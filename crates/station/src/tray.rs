//! Shots that belong to nobody yet: orphans, taken without an open slot, and shots whose fate a power cut left open.
use crate::core::Core;
use crate::trouble::Trouble;
use crate::view;
use domain::{PersonKey, ShotId, Verdict};
use ipc::ShotView;
use std::sync::Arc;
use store::shots::{self, Fate, Shot};
use store::{people, slots};

impl Core {
    /// Shots taken with no open slot, oldest first.
    pub fn orphans(&self) -> Result<Vec<ShotView>, Trouble> {
        let shots = self.store.read(shots::orphans)?;
        Ok(shots.iter().map(|s| self.shot_view(s)).collect())
    }

    /// Gives an orphan to a person: they are seated, and the shot is judged in their slot as if just taken.
    pub fn assign_orphan(&self, shot: &str, key: &str) -> Result<(), Trouble> {
        self.place(shot, Some(key), Fate::Orphan)
    }

    /// Keeps a shot from before a restart: the person of its slot is seated again and the shot is judged anew.
    pub fn keep_unconfirmed(&self, shot: &str) -> Result<(), Trouble> {
        self.place(shot, None, Fate::Unconfirmed)
    }

    /// Judges another shot of who sits instead of the one that counts.
    pub fn choose_shot(&self, shot: &str) -> Result<(), Trouble> {
        let (shot, jpeg, spec) = {
            let _turn = self.turn();
            let (_, spec) = self.campaign()?;
            let shot = self.stored_shot(shot)?;
            let slot = shot
                .slot
                .filter(|_| shot.fate == Fate::Retaken)
                .ok_or(Trouble::NoSuch("shot"))?;
            let jpeg: Arc<[u8]> = self.store.blobs().get(&shot.blob)?.into();
            let (target, before) = self.desk().session.choose(slot.0, shot.id)?;
            let now = self.now();
            let written = self.store.try_write(|tx| {
                if let Some(before) = &before {
                    shots::set_fate(tx, before.shot, Fate::Retaken, now)?;
                }
                shots::set_fate(tx, shot.id, Fate::Unconfirmed, now)?;
                let detail = serde_json::json!({ "slot": slot.0 });
                self.note(tx, "chosen", None, Some(shot.id), &detail, now)
            });
            let mut desk = self.desk();
            if let Err(trouble) = written {
                desk.session.put_back(target, before);
                return Err(trouble);
            }
            if let Some(before) = before {
                desk.set_fate(before.shot, "retaken");
                desk.lay_beside(slot.0, before.shot);
            }
            let view = self.shot_view(&shot);
            desk.show_shot(ShotView {
                fate: "unconfirmed".to_owned(),
                ..view
            });
            (shot.id, jpeg, spec)
        };
        self.board.bump();
        self.check(shot, jpeg, spec)
    }

    fn place(&self, shot: &str, key: Option<&str>, fate: Fate) -> Result<(), Trouble> {
        let (shot, jpeg, spec) = {
            let _turn = self.turn();
            let (campaign, spec) = self.campaign()?;
            let shot = self.stored_shot(shot)?;
            if shot.fate != fate {
                return Err(Trouble::NoSuch("shot"));
            }
            if self.desk().session.slot().is_some() {
                return Err(crate::session::Refusal::Busy.into());
            }
            let key = match key {
                Some(key) => PersonKey::from_text(key).ok_or(Trouble::NoSuch("person"))?,
                None => self.person_of_shot(&shot)?,
            };
            let person = self
                .store
                .read(|c| people::get(c, campaign.id, &key))?
                .ok_or(Trouble::NoSuch("person"))?;
            let jpeg: Arc<[u8]> = self.store.blobs().get(&shot.blob)?.into();
            self.seat_person(&campaign, person)?;
            self.adopt(&shot)?;
            (shot.id, jpeg, spec)
        };
        self.board.bump();
        self.check(shot, jpeg, spec)
    }

    /// Moves a shot into the slot that is open now.
    fn adopt(&self, shot: &Shot) -> Result<(), Trouble> {
        let now = self.now();
        let target = {
            let mut desk = self.desk();
            desk.session.confirm()?;
            desk.session.release()?
        };
        let crate::session::Target::Slot(slot) = target else {
            self.desk().session.missed(target);
            return Err(crate::session::Refusal::NobodySits.into());
        };
        let written = self.store.try_write(|tx| {
            // Its old slot ended with the restart: it belongs to nobody until it is given to the one that is open now.
            if shot.fate == Fate::Unconfirmed {
                shots::set_fate(tx, shot.id, Fate::Orphan, now)?;
            }
            shots::assign(tx, shot.id, store::SlotId(slot), now)?;
            let detail = serde_json::json!({ "slot": slot, "was": shot.fate.id() });
            self.note(tx, "assigned", None, Some(shot.id), &detail, now)
        });
        let mut desk = self.desk();
        match written {
            Ok(()) => {
                desk.session.taken(target, shot.id);
                desk.set_fate(shot.id, "unconfirmed");
                desk.unconfirmed.retain(|s| s.id != shot.id.to_string());
                if shot.fate == Fate::Orphan {
                    desk.orphans = desk.orphans.saturating_sub(1);
                }
                Ok(())
            }
            Err(trouble) => {
                desk.session.missed(target);
                Err(trouble)
            }
        }
    }

    /// Throws away an orphan or an unconfirmed shot. Its bytes stay until the retention time is over.
    pub fn discard_shot(&self, shot: &str) -> Result<(), Trouble> {
        let _turn = self.turn();
        let shot = self.stored_shot(shot)?;
        if !matches!(shot.fate, Fate::Orphan | Fate::Unconfirmed) {
            return Err(Trouble::NoSuch("shot"));
        }
        let now = self.now();
        self.store.try_write(|tx| {
            shots::set_fate(tx, shot.id, Fate::Discarded, now)?;
            self.note(
                tx,
                "discarded",
                None,
                Some(shot.id),
                &serde_json::json!({ "was": shot.fate.id() }),
                now,
            )
        })?;
        let mut desk = self.desk();
        desk.set_fate(shot.id, "discarded");
        if shot.fate == Fate::Orphan {
            desk.orphans = desk.orphans.saturating_sub(1);
        }
        drop(desk);
        self.board.bump();
        Ok(())
    }

    /// What a restart finds: changes that were on their way go again, and the chair is free.
    pub(crate) fn recover(&self) -> Result<(), Trouble> {
        self.store.write(|tx| store::outbox::recover(tx).map(|_| ()))?;
        self.free_chair()
    }

    /// Closes the slot that is open; a shot nobody decided on waits for an answer, and the orphans are counted anew.
    pub(crate) fn free_chair(&self) -> Result<(), Trouble> {
        let now = self.now();
        self.store.write(|tx| match slots::open_now(tx)? {
            Some(slot) => slots::close(tx, slot.id, now),
            None => Ok(()),
        })?;
        let (open, orphans) = self
            .store
            .read(|c| Ok((shots::unconfirmed(c)?, shots::orphans(c)?.len())))?;
        let views: Vec<ShotView> = open.iter().map(|s| self.shot_view(s)).collect();
        let mut desk = self.desk();
        desk.unconfirmed = views;
        desk.orphans = u32::try_from(orphans).unwrap_or(u32::MAX);
        Ok(())
    }

    pub(crate) fn stored_shot(&self, id: &str) -> Result<Shot, Trouble> {
        let id: ShotId = id.parse().map_err(|_| Trouble::NoSuch("shot"))?;
        self.store.read(|c| shots::get(c, id))?.ok_or(Trouble::NoSuch("shot"))
    }

    fn person_of_shot(&self, shot: &Shot) -> Result<PersonKey, Trouble> {
        let slot = shot.slot.ok_or(Trouble::NoSuch("slot"))?;
        let slot = self
            .store
            .read(|c| slots::get(c, slot))?
            .ok_or(Trouble::NoSuch("slot"))?;
        Ok(slot.person)
    }

    /// The masked name of whoever the slot belongs to, who may have left the chair long ago.
    pub(crate) fn shown_in_slot(&self, slot: store::SlotId) -> Option<String> {
        let slot = self.store.read(|c| slots::get(c, slot)).ok()??;
        let key = slot.person;
        let found = self.store.read(|c| people::get(c, slot.campaign, &key)).ok()??;
        found.entry.subject.shown_name().or_else(|| view::code_short(&key))
    }

    pub(crate) fn shot_view(&self, shot: &Shot) -> ShotView {
        let person = shot.slot.and_then(|slot| self.shown_in_slot(slot));
        let verdict = shot
            .verdict
            .map(|v| if v == Verdict::NotMeasured { Verdict::Fail } else { v });
        ShotView {
            id: shot.id.to_string(),
            person,
            at_ms: shot.captured_at.0,
            fate: shot.fate.id().to_owned(),
            verdict: verdict.map(|v| v.id().to_owned()),
        }
    }
}
