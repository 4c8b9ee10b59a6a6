//! 我的订单 and 账号信息: what belongs to the guest, and nothing that belongs to anybody else.
use super::Guest;
use crate::core::Core;
use crate::picture::{Picture, Wanted, wanted};
use crate::session::Stage;
use crate::trouble::Trouble;
use crate::view;
use domain::ShotId;
use domain::consent::Consent;
use domain::order::PhotoRevision;
use ipc::{OrderDetail, OrderRow, OwnConsent, OwnDataView, OwnOrder, OwnPhoto, PaymentView};
use store::orders::{self, StoredOrder};
use store::photo_revisions;

impl Core {
    /// The guest's orders, newest first.
    pub(super) fn guest_orders(&self, guest: &Guest) -> Result<Vec<OrderRow>, Trouble> {
        let stored = self.store.read(|c| orders::by_person(c, guest.campaign, &guest.key))?;
        let school = self.campaign().map(|(c, _)| c.school_name.clone()).ok();
        let row = |o: &StoredOrder| view::order_row(&o.order, o.delivery, school.as_deref());
        Ok(stored.iter().map(row).collect())
    }

    pub(super) fn guest_order(&self, id: &str) -> Result<(), Trouble> {
        let guest = self.need_guest()?;
        let stored = self.stored_order(id)?;
        if stored.order.person == guest.key && stored.order.campaign == guest.campaign {
            Ok(())
        } else {
            Err(Trouble::NoSuch("order"))
        }
    }

    /// One of the guest's orders. Who handled it is the service's business and stays out.
    pub fn kiosk_order(&self, id: &str) -> Result<OrderDetail, Trouble> {
        self.guest_order(id)?;
        let mut detail = self.order(id)?;
        let wishes = super::change::wishes(&self.stored_order(id)?);
        detail.actions.extend(wishes.into_iter().map(str::to_owned));
        for entry in &mut detail.timeline {
            entry.who.clear();
            entry.values.clear();
        }
        Ok(detail)
    }

    /// 加洗: more prints of an approved photo.
    pub fn kiosk_reprint(&self, id: &str) -> Result<(), Trouble> {
        self.guest_order(id)?;
        self.reprint(id)
    }

    /// 去支付: the code the guest's phone scans.
    pub fn kiosk_pay(&self, id: &str) -> Result<PaymentView, Trouble> {
        self.guest_order(id)?;
        self.payment_code(id)
    }

    /// Everything the station keeps about the guest; ID and phone stay masked on a shared screen.
    pub fn kiosk_my_data(&self) -> Result<OwnDataView, Trouble> {
        let guest = self.need_guest()?;
        let (campaign, person) = self.guest_person(&guest)?;
        let stored = self.store.read(|c| orders::by_person(c, guest.campaign, &guest.key))?;
        // Given now, or with an order of another day.
        let mut given: Vec<&Consent> = guest.consent.iter().chain(&guest.messages).collect();
        for consent in stored.iter().map(|o| &o.order.consent) {
            if given.iter().all(|known| known.id != consent.id) {
                given.push(consent);
            }
        }
        let school = Some(campaign.school_name.as_str());
        let consent = |c: &&Consent| OwnConsent {
            version: c.text_version.clone(),
            language: c.language.clone(),
            at_ms: c.at.0,
        };
        Ok(OwnDataView {
            campaign: campaign.title.clone(),
            person: view::person_line(&guest.key, &person.entry.subject, school),
            consents: given.iter().map(consent).collect(),
            orders: stored
                .iter()
                .map(|o| self.own_order(o, school))
                .collect::<Result<_, _>>()?,
            messages: self.kiosk_messages()?,
        })
    }

    fn own_order(&self, stored: &StoredOrder, school: Option<&str>) -> Result<OwnOrder, Trouble> {
        let order = &stored.order;
        let photos = self.store.read(|c| photo_revisions::of(c, order.id))?;
        let photo = |p: &PhotoRevision| OwnPhoto {
            revision: p.revision,
            taken_at_ms: p.captured_at.0,
            local_check: view::check_word(p).to_owned(),
            noted: p
                .check
                .failed()
                .iter()
                .chain(&p.warned)
                .map(|m| m.id().to_owned())
                .collect(),
        };
        Ok(OwnOrder {
            row: view::order_row(order, stored.delivery, school),
            paid_fen: order.payment.paid.fen(),
            refunded_fen: order.payment.refunded.fen(),
            address_masked: order.address.as_deref().map(domain::mask::address),
            photos: photos.iter().map(photo).collect(),
        })
    }

    /// A picture for the kiosk's window: the preview, the guest's own shot under judgement, and the guest's own orders.
    pub fn kiosk_picture(&self, path: &str, query: &str) -> Picture {
        let own = match wanted(path, query) {
            Some(Wanted::Preview { .. }) => true,
            Some(Wanted::Order { id, .. }) => self.guest_order(&id.to_string()).is_ok(),
            Some(Wanted::Shot { id, .. }) => self.guest_sits() && self.is_judged_now(id),
            None => false,
        };
        if own {
            self.picture(path, query)
        } else {
            Picture::none(404)
        }
    }

    fn is_judged_now(&self, shot: ShotId) -> bool {
        let desk = self.desk();
        matches!(desk.session.slot().map(|s| &s.stage), Some(Stage::Judged { judged, .. }) if judged.shot == shot)
    }
}
