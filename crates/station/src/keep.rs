//! Accepting a photo: the order, its photo, the outbox and the journal change in one transaction, or nothing does.
use crate::core::Core;
use crate::desk::Undo;
use crate::session::{Acceptance, JudgedShot, Sitter, Slot};
use crate::trouble::Trouble;
use domain::consent::Consent;
use domain::draft::Draft;
use domain::order::{LocalCheck, Order, PhotoRevision};
use domain::{
    Actor, Campaign, ConsentId, Measure, OpId, OrderEvent, OrderId, PersonKey, StationId, Subject, UtcMs, Verdict,
};
use store::journal::{self, NewEntry};
use store::outbox::{self, NewOp};
use store::shots::{self, Fate};
use store::{SlotId, Tx, collected, consents, identity, orders, slots};
use wire::op::{OpBody, Submit};
use wire::order::{ConsentDoc, PersonDoc, PhotoDoc};

/// The station's name in its own orders before it is enrolled. Orders made then keep it; the center goes by the signature.
pub(crate) const NOT_ENROLLED: StationId = StationId(uuid::Uuid::nil());

/// Everything about one photo that is to be kept.
struct Keeping<'a> {
    campaign: &'a Campaign,
    slot: SlotId,
    sitter: &'a Sitter,
    subject: Subject,
    judged: &'a JudgedShot,
    check: LocalCheck,
    now: UtcMs,
}

impl Core {
    /// Keeps the photo whose verdict is shown.
    pub fn accept(&self, how: Acceptance) -> Result<OrderId, Trouble> {
        let _turn = self.turn();
        self.accept_in_turn(how)
    }

    fn accept_in_turn(&self, how: Acceptance) -> Result<OrderId, Trouble> {
        let (campaign, _) = self.campaign()?;
        let (slot, judged, subject) = {
            let mut desk = self.desk();
            let (slot, judged) = desk.session.accept(how)?;
            let subject = desk
                .people
                .get(&slot.sitter.key)
                .map(|k| k.subject.clone())
                .unwrap_or_default();
            (slot, judged, subject)
        };
        let keeping = Keeping {
            campaign: &campaign,
            slot: SlotId(slot.id),
            sitter: &slot.sitter,
            subject,
            judged: &judged,
            check: local_check(&judged, how),
            now: self.now(),
        };
        match self.keep(&keeping) {
            Ok(order) => {
                self.tell_neighbours();
                let mut desk = self.desk();
                desk.session.saved();
                desk.likeness.kept(slot.id);
                desk.set_fate(judged.shot, "accepted");
                let key = slot.sitter.key.clone();
                let name = desk.shown(&key).unwrap_or_default();
                desk.undo = Some(Undo::Accept {
                    order,
                    shot: judged.shot,
                    slot: SlotId(slot.id),
                    key,
                    is_new: slot.sitter.recall.is_none(),
                });
                desk.notify("info", "saved", &[("name", name)], keeping.now.0);
                let held_ms = u64::try_from(self.undo_ms).unwrap_or(0);
                desk.leave_at_ms.push_back(self.clock.mono_ms() + held_ms);
                drop(desk);
                self.wake_for_what_leaves();
                self.seat_next(&campaign)?;
                Ok(order)
            }
            Err(trouble) => {
                self.desk().session.not_saved();
                self.board.bump();
                Err(trouble)
            }
        }
    }

    /// Accepts by itself a photo that passed and was not answered in time. Called by the clock thread.
    pub(crate) fn accept_when_due(&self) {
        let _turn = self.turn();
        {
            let desk = self.desk();
            if desk.likeness.comparing.is_some() || !desk.session.accepts_itself(self.clock.mono_ms()) {
                return;
            }
        }
        if let Err(trouble) = self.accept_in_turn(Acceptance::Passed) {
            let fault = trouble.fault();
            self.notify("error", &fault.code, &[("detail", trouble.to_string())]);
        }
    }

    /// Wakes the pump when an accepted order may leave.
    pub(crate) fn wake_for_what_leaves(&self) {
        let now = self.clock.mono_ms();
        let mut desk = self.desk();
        let held = desk.leave_at_ms.len();
        while desk.leave_at_ms.pop_front_if(|at| *at <= now).is_some() {}
        let leaves = desk.leave_at_ms.len() < held;
        drop(desk);
        if leaves {
            self.wake_link();
        }
    }

    /// One transaction for everything.
    fn keep(&self, k: &Keeping<'_>) -> Result<OrderId, Trouble> {
        self.store.try_write(|tx| {
            let shot = shots::get(tx, k.judged.shot)?.ok_or(Trouble::NoSuch("shot"))?;
            let crop = k.judged.crop.ok_or(crate::session::Refusal::NoCrop)?;
            let photo = PhotoRevision {
                revision: 1,
                blob: shot.blob,
                original: k.judged.original,
                crop,
                captured_at: shot.captured_at,
                check: k.check.clone(),
                warned: warned(k.judged),
            };
            let (order, body) = match k.sitter.recall {
                Some(rejected) => replaced(tx, rejected, photo, k.now)?,
                None => self.submitted(tx, k, photo)?,
            };
            orders::put(tx, &order)?;
            let op = self.queue(tx, &order, &body, k.now)?;
            if self.undo_ms > 0 {
                outbox::mark_waiting(tx, op, k.now.plus(self.undo_ms), None)?;
            }
            shots::accept(tx, k.judged.shot, order.id, k.now)?;
            slots::close(tx, k.slot, k.now)?;
            collected::put(
                tx,
                &collected::Collected {
                    campaign: k.campaign.id,
                    person: k.sitter.key.clone(),
                    at: k.now,
                    order: Some(order.id),
                    station: None,
                },
            )?;
            let what = if k.sitter.recall.is_some() { "photo" } else { "created" };
            let detail = serde_json::json!({
                "op": op.to_string(),
                "photo": order.photo.blob.to_string(),
                "check": wire::order::CheckDoc::of(&k.check, &order.photo.warned),
            });
            self.note(tx, what, Some(order.id), Some(k.judged.shot), &detail, k.now)?;
            Ok(order.id)
        })
    }

    /// T1 and T1f.
    fn submitted(&self, tx: &Tx, k: &Keeping<'_>, photo: PhotoRevision) -> Result<(Order, OpBody), Trouble> {
        let (operator, at_desk) = {
            let desk = self.desk();
            (desk.operator.clone(), desk.feature_code.clone())
        };
        // A guest of the kiosk agreed and entered the code by themselves.
        let guest = self.guest().filter(|g| g.in_booth && g.key == k.sitter.key);
        let feature_code = guest.as_ref().and_then(|g| g.feature_code.clone()).or(at_desk);
        let messages = guest.as_ref().and_then(|g| g.messages.clone());
        if let Some(consent) = &messages {
            consents::put(tx, consent)?;
        }
        let asked = || Consent {
            id: ConsentId(self.uuid()),
            text_version: k.campaign.consent_version.clone(),
            language: "zh-CN".to_owned(),
            at: k.now,
            asked_by: operator,
        };
        let draft = Draft {
            id: OrderId(self.uuid()),
            number: orders::next_number(tx, &k.campaign.number_prefix, k.now)?,
            station: identity::get(tx)?.map_or(NOT_ENROLLED, |i| i.station),
            person: k.sitter.key.clone(),
            subject: k.subject.clone(),
            photo,
            consent: Some(guest.and_then(|g| g.consent).unwrap_or_else(asked)),
            feature_code: feature_code.clone(),
        };
        let order = Order::submit(draft, k.campaign, k.now)?;
        let submit = Submit {
            number: order.number.to_string(),
            campaign_id: order.campaign.to_string(),
            person: PersonDoc {
                key: order.person.text(),
                subject: (&order.subject).into(),
            },
            photo: PhotoDoc::from(&order.photo),
            consent: (&order.consent).into(),
            messages: messages.as_ref().map(ConsentDoc::from),
            feature_code: feature_code.map(|c| c.as_str().to_owned()),
        };
        Ok((order, OpBody::Submit(Box::new(submit))))
    }

    /// Queues the op that reports a change of an order.
    pub(crate) fn queue(&self, tx: &Tx, order: &Order, body: &OpBody, now: UtcMs) -> Result<OpId, Trouble> {
        let id = OpId(self.uuid());
        let kind = match body {
            OpBody::Submit(_) => "submit",
            OpBody::Close => "close",
            OpBody::ReplacePhoto { .. } => "replace_photo",
            OpBody::Rebind { .. } => "rebind",
            OpBody::Unbind { .. } => "unbind",
            OpBody::Correction { .. } => "correction",
            OpBody::Reprint { .. } => "reprint",
            OpBody::PayClass { .. } => "pay_class",
            OpBody::EditAddress { .. } => "edit_address",
        };
        let carries_photo = body.photo().is_some();
        let body = serde_json::to_string(body).map_err(|_| Trouble::Bad("the change cannot be written as JSON"))?;
        let op = NewOp {
            id,
            order: order.id,
            kind: kind.to_owned(),
            body,
            blob: carries_photo.then_some(order.photo.blob),
            at: now,
            mono_ms: self.clock.mono_ms(),
            boot_id: self.boot_id.clone(),
        };
        outbox::push(tx, &op)?;
        Ok(id)
    }

    /// Writes a line of the journal.
    pub(crate) fn note(
        &self,
        tx: &Tx,
        what: &str,
        order: Option<OrderId>,
        shot: Option<domain::ShotId>,
        detail: &serde_json::Value,
        now: UtcMs,
    ) -> Result<(), Trouble> {
        let who = self.desk().operator.clone();
        let entry = NewEntry {
            at: now,
            who,
            what: what.to_owned(),
            order,
            shot,
            detail: detail.to_string(),
        };
        journal::append(tx, &entry)?;
        Ok(())
    }

    /// Throws the shot back; the slot stays open.
    pub fn retake(&self) -> Result<(), Trouble> {
        let _turn = self.turn();
        let shot = self.desk().session.retake()?;
        let now = self.now();
        self.store.write(|tx| shots::set_fate(tx, shot, Fate::Retaken, now))?;
        let mut desk = self.desk();
        desk.set_fate(shot, "retaken");
        if let Some(slot) = desk.session.slot().map(|s| s.id) {
            desk.lay_beside(slot, shot);
        }
        drop(desk);
        self.board.bump();
        Ok(())
    }

    /// Frees the chair without a photo; the person waits at the end of the deck.
    pub fn skip(&self) -> Result<(), Trouble> {
        let _turn = self.turn();
        let slot = self.give_up_chair()?;
        // Behind everybody who waits; with nobody waiting the chair stays free.
        let mut desk = self.desk();
        if desk.session.slot().is_some() {
            let _ = desk.session.scan(slot.sitter);
        }
        drop(desk);
        self.board.bump();
        Ok(())
    }

    /// Frees the chair for the next and discards the open shot; the caller holds the turn.
    pub(crate) fn give_up_chair(&self) -> Result<Slot, Trouble> {
        let (campaign, _) = self.campaign()?;
        let (slot, shot) = self.desk().session.leave()?;
        let now = self.now();
        self.store.write(|tx| {
            if let Some(shot) = shot {
                shots::set_fate(tx, shot, Fate::Discarded, now)?;
            }
            slots::close(tx, SlotId(slot.id), now)
        })?;
        {
            let mut desk = self.desk();
            if let Some(shot) = shot {
                desk.set_fate(shot, "discarded");
            }
            desk.undo = None;
        }
        self.seat_next(&campaign)?;
        Ok(slot)
    }

    /// Takes back the countdown, the last accepted photo while it has not left the station, or the last scan.
    pub fn undo(&self) -> Result<(), Trouble> {
        let _turn = self.turn();
        if self.desk().session.hold() {
            self.board.bump();
            return Ok(());
        }
        let undo = self.desk().undo.clone().ok_or(Trouble::NothingToUndo)?;
        match undo {
            Undo::Scan { key } => self.undo_scan(&key),
            Undo::Accept {
                order,
                shot,
                slot,
                key,
                is_new,
            } => self.undo_accept(order, shot, slot, &key, is_new),
        }
    }

    fn undo_scan(&self, key: &PersonKey) -> Result<(), Trouble> {
        let (campaign, _) = self.campaign()?;
        let seated = self
            .desk()
            .session
            .slot()
            .filter(|s| s.sitter.key == *key)
            .map(|s| (s.id, s.shots));
        match seated {
            Some((_, shots)) if shots > 0 => return Err(Trouble::TooLateToUndo),
            Some((id, _)) => {
                self.desk().session.leave()?;
                let now = self.now();
                self.store.write(|tx| slots::close(tx, SlotId(id), now))?;
            }
            None => {
                self.desk().session.remove(key).ok_or(Trouble::NothingToUndo)?;
            }
        }
        self.desk().undo = None;
        self.seat_next(&campaign)
    }

    /// Un-accepts: the order goes as if it had never been, the shot is open again, the journal keeps both.
    fn undo_accept(
        &self,
        order: OrderId,
        shot: domain::ShotId,
        slot: SlotId,
        key: &PersonKey,
        is_new: bool,
    ) -> Result<(), Trouble> {
        // A retake has already changed an order the center knows; it cannot be unmade here.
        if !is_new {
            return Err(Trouble::TooLateToUndo);
        }
        let now = self.now();
        self.store.try_write(|tx| {
            if !outbox::unmake(tx, order)? {
                return Err(Trouble::TooLateToUndo);
            }
            collected::forget(tx, order)?;
            shots::set_fate(tx, shot, Fate::Retaken, now)?;
            orders::unmake(tx, order)?;
            self.note(
                tx,
                "unmade",
                Some(order),
                Some(shot),
                &serde_json::json!({ "slot": slot.0 }),
                now,
            )
        })?;
        self.tell_neighbours();
        let (campaign, _) = self.campaign()?;
        let person = self
            .store
            .read(|c| store::people::get(c, campaign.id, key))?
            .ok_or(Trouble::NoSuch("person"))?;
        {
            let mut desk = self.desk();
            desk.undo = None;
            desk.likeness.forget();
            desk.set_fate(shot, "retaken");
        }
        self.seat_person(&campaign, person)
    }
}

/// What the order keeps of the local check.
fn local_check(judged: &JudgedShot, how: Acceptance) -> LocalCheck {
    let failed = judged
        .findings
        .iter()
        .filter(|f| matches!(f.verdict, Verdict::Fail | Verdict::NotMeasured));
    let failed: Vec<Measure> = failed.map(|f| f.measure).collect();
    match how {
        Acceptance::Override(reason) if !failed.is_empty() => LocalCheck::Overridden { failed, reason },
        Acceptance::Passed | Acceptance::Override(_) => LocalCheck::from_verdict(judged.verdict, failed),
    }
}

/// The measures the check warned of.
fn warned(judged: &JudgedShot) -> Vec<Measure> {
    let warned = judged.findings.iter().filter(|f| f.verdict == Verdict::Warn);
    warned.map(|f| f.measure).collect()
}

/// T7, or T7s after the photo was taken back.
fn replaced(tx: &Tx, waiting: OrderId, photo: PhotoRevision, now: UtcMs) -> Result<(Order, OpBody), Trouble> {
    let order = orders::get(tx, waiting)?.ok_or(Trouble::NoSuch("order"))?.order;
    if order.withdrawn {
        return Ok(rebound(&order, photo, &waiting.to_string(), now)?);
    }
    let order = order.apply(&OrderEvent::ReplacePhoto(photo), &Actor::Photographer, now)?;
    let body = OpBody::ReplacePhoto {
        photo: PhotoDoc::from(&order.photo),
    };
    Ok((order, body))
}

/// T7s, as part of a repair.
pub(crate) fn rebound(
    order: &Order,
    photo: PhotoRevision,
    repair: &str,
    now: UtcMs,
) -> Result<(Order, OpBody), domain::Refused> {
    let order = order.apply(&OrderEvent::Rebind(photo), &Actor::Photographer, now)?;
    let body = OpBody::Rebind {
        photo: PhotoDoc::from(&order.photo),
        repair: repair.to_owned(),
    };
    Ok((order, body))
}
