//! What a guest may change about what is theirs: where the prints go, a photo not yet reviewed, and what is kept about them.
use super::Guest;
use crate::core::Core;
use crate::trouble::Trouble;
use domain::{Actor, OrderEvent, OrderState, PersonKey};
use serde_json::json;
use store::messages::{self, Message};
use store::orders::{self, StoredOrder};
use store::people;
use wire::op::OpBody;

/// What became of the wish to be forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// Nothing of theirs is kept here beyond the school's roster.
    Gone,
    /// An order of theirs is at work; the people of the service were asked.
    Asked,
}

impl Erased {
    /// The stable word.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Asked => "asked",
        }
    }
}

/// What a guest may do with an order, beyond what the desk offers.
pub(super) fn wishes(stored: &StoredOrder) -> Vec<&'static str> {
    let order = &stored.order;
    let may = |event: &OrderEvent| order.apply(event, &Actor::Graduate, order.created_at).is_ok();
    let mut wishes = Vec::new();
    if may(&OrderEvent::EditAddress("·".to_owned())) {
        wishes.push("address");
    }
    if order.state == OrderState::PendingReview && may(&OrderEvent::Withdraw) {
        wishes.push("withdraw");
    }
    wishes
}

impl Core {
    /// 去编辑 (T2e): where the prints are sent.
    pub fn kiosk_edit_address(&self, id: &str, address: &str) -> Result<(), Trouble> {
        self.guest_order(id)?;
        let event = OrderEvent::EditAddress(address.to_owned());
        self.guest_step(id, &event, "address_changed", |order| OpBody::EditAddress {
            address: order.address.clone().unwrap_or_default(),
        })
    }

    /// 撤回 (T6w): the photo is taken back before anybody reviews it; the order waits for another.
    pub fn kiosk_withdraw(&self, id: &str) -> Result<(), Trouble> {
        self.guest_order(id)?;
        if self.stored_order(id)?.order.state != OrderState::PendingReview {
            return Err(domain::Refused::NoSuchStep {
                from: self.stored_order(id)?.order.state,
                event: OrderEvent::Withdraw.kind(),
            }
            .into());
        }
        self.guest_step(id, &OrderEvent::Withdraw, "withdrawn", |order| OpBody::Unbind {
            repair: order.id.to_string(),
            by: Some("graduate".to_owned()),
        })
    }

    /// A step of the guest on an order of theirs: order, outbox and journal in one transaction. The words of an address stay out of
    /// the journal.
    fn guest_step(
        &self,
        id: &str,
        event: &OrderEvent,
        what: &str,
        body: impl FnOnce(&domain::Order) -> OpBody,
    ) -> Result<(), Trouble> {
        let _turn = self.turn();
        let now = self.now();
        let id = crate::orders::parse(id)?;
        self.store.try_write(|tx| {
            let stored = orders::get(tx, id)?.ok_or(Trouble::NoSuch("order"))?;
            let next = stored.order.apply(event, &Actor::Graduate, now)?;
            orders::put(tx, &next)?;
            let op = self.queue(tx, &next, &body(&next), now)?;
            self.note(tx, what, Some(id), None, &json!({ "op": op.to_string() }), now)
        })?;
        self.wake_link();
        self.board.bump();
        Ok(())
    }

    /// The guest wants to be forgotten. Without an order at work what they filled in and wrote goes at once, and they leave; an
    /// official photo under way is not thrown away by a touch: the people of the service find the wish in the thread.
    pub fn kiosk_erase(&self) -> Result<Erased, Trouble> {
        let guest = self.need_guest()?;
        let erased = if self.guest_orders(&guest)?.is_empty() {
            self.forget(&guest)?;
            Erased::Gone
        } else {
            self.ask_to_erase(&guest)?;
            Erased::Asked
        };
        self.board.bump();
        Ok(erased)
    }

    fn forget(&self, guest: &Guest) -> Result<(), Trouble> {
        self.kiosk_leave()?;
        let now = self.now();
        self.store.try_write(|tx| {
            messages::forget(tx, guest.campaign, &guest.key)?;
            // A row of the roster is the school's; a row made by a scan is nobody's but the guest's.
            if matches!(guest.key, PersonKey::Code(_)) {
                people::erase(tx, guest.campaign, &guest.key)?;
                store::told::erase(tx, guest.campaign, &guest.key)?;
            }
            self.note(tx, "erased", None, None, &json!({}), now)
        })
    }

    fn ask_to_erase(&self, guest: &Guest) -> Result<(), Trouble> {
        let now = self.now();
        let message = Message {
            campaign: guest.campaign,
            person: guest.key.clone(),
            at: now,
            from_service: false,
            text: "申请删除我的数据".to_owned(),
        };
        self.store.try_write(|tx| {
            messages::put(tx, &message)?;
            self.note(tx, "erasure_asked", None, None, &json!({}), now)
        })
    }
}
