//! 我的订单 and 账号信息: what belongs to the guest, and nothing that belongs to anybody else.
use super::Guest;
use crate::core::Core;
use crate::picture::{Picture, Wanted, wanted};
use crate::session::Stage;
use crate::trouble::Trouble;
use crate::view;
use domain::consent::Consent;
use domain::{ShotId, mask};
use ipc::{OrderDetail, OrderRow, PaymentView};
use store::orders::{self, StoredOrder};

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

    /// Everything the station keeps about the guest, as JSON they may read; ID and phone stay masked on a shared screen.
    pub fn kiosk_my_data(&self) -> Result<String, Trouble> {
        let guest = self.need_guest()?;
        let (campaign, person) = self.guest_person(&guest)?;
        let subject = &person.entry.subject;
        let stored = self.store.read(|c| orders::by_person(c, guest.campaign, &guest.key))?;
        // Given now, or with an order of another day.
        let mut given: Vec<&Consent> = guest.consent.iter().collect();
        for consent in stored.iter().map(|o| &o.order.consent) {
            if given.iter().all(|known| known.id != consent.id) {
                given.push(consent);
            }
        }
        let consents = given.iter().map(|c| {
            serde_json::json!({
                "version": c.text_version, "language": c.language, "at_ms": c.at.0,
            })
        });
        let data = serde_json::json!({
            "campaign": campaign.title,
            "person": {
                "name": subject.shown_name(),
                "id_number": subject.shown_id(),
                "student_number": subject.student_number,
                "faculty": subject.faculty,
                "major": subject.major,
                "class": subject.class,
                "phone": subject.phone.as_deref().map(mask::phone),
            },
            "consents": consents.collect::<Vec<_>>(),
            "orders": self.guest_orders(&guest)?,
            "messages": self.kiosk_messages()?,
        });
        serde_json::to_string_pretty(&data).map_err(|_| Trouble::Bad("the data cannot be written as JSON"))
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
