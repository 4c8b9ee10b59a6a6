//! Orders in lists and on the recall list.
use super::person::person_line;
use domain::campaign::Collection;
use domain::order::{Delivery, LocalCheck, Order, PhotoRevision};
use ipc::{OrderRow, RecallView};

/// An order in a list.
pub fn order_row(order: &Order, delivery: Delivery, school: Option<&str>) -> OrderRow {
    OrderRow {
        id: order.id.to_string(),
        number: order.number.to_string(),
        person: person_line(&order.person, &order.subject, school),
        state: order.state.id().to_owned(),
        delivery: delivery.id().to_owned(),
        collective: order.collection == Collection::Collective,
        local_check: check_word(&order.photo).to_owned(),
        price_fen: order.payment.price.fen(),
        created_at_ms: order.created_at.0,
        photo_revision: order.photo.revision,
    }
}

/// 初审 of a photo in a word.
pub const fn check_word(photo: &PhotoRevision) -> &'static str {
    match &photo.check {
        LocalCheck::Passed if photo.warned.is_empty() => "passed",
        LocalCheck::Passed => "warned",
        LocalCheck::Overridden { .. } => "overridden",
        LocalCheck::Failed(_) => "failed",
    }
}

/// What the person of an order is called on screen.
pub fn name_of(order: &Order) -> String {
    let name = order.subject.shown_name().or_else(|| super::code_short(&order.person));
    name.unwrap_or_default()
}

/// Why an order waits for another photo, if it does.
pub fn recall_view(order: &Order) -> Option<RecallView> {
    if !order.awaits_photo() {
        return None;
    }
    let rejection = order.rejection.as_ref();
    let reasons = rejection.map(|r| r.reasons().iter().map(|r| r.id().to_owned()).collect());
    Some(RecallView {
        order_id: order.id.to_string(),
        order_number: order.number.to_string(),
        person: name_of(order),
        class: order.subject.class.clone(),
        reasons: reasons.unwrap_or_default(),
        note: rejection.and_then(|r| r.note.clone()),
        deadline_ms: rejection.map(|r| r.deadline.0),
        tries_left: order.rule.tries.saturating_sub(order.tries),
    })
}
