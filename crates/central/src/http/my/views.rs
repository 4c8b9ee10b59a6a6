//! What the site's answers look like: as the station's kiosk shows the same things, so that one set of screens shows both. Names and
//! numbers are masked.
use crate::store::OrderRow;
use crate::usecase::guests::OwnOrder;
use domain::campaign::Collection;
use domain::consent::Consent;
use domain::lifecycle::OrderEvent;
use domain::order::{LocalCheck, PhotoRevision};
use domain::{Actor, Order, OrderState, PersonKey, mask};
use serde::Serialize;
use serde_json::{Value, json};
use wire::order::PhotoDoc;

#[derive(Serialize)]
pub struct PersonLine {
    name: Option<String>,
    id_masked: Option<String>,
    phone_masked: Option<String>,
    student_number: Option<String>,
    school: Option<String>,
    faculty: Option<String>,
    major: Option<String>,
    class: Option<String>,
    code_short: Option<String>,
}

#[derive(Serialize)]
pub struct OrderRowView {
    id: String,
    number: String,
    person: PersonLine,
    state: &'static str,
    delivery: &'static str,
    collective: bool,
    local_check: &'static str,
    price_fen: u64,
    created_at_ms: i64,
    photo_revision: u32,
    photo_here: bool,
}

/// The person of an order.
pub fn person(own: &OwnOrder) -> PersonLine {
    let (key, subject) = (&own.row.order.person, &own.row.order.subject);
    PersonLine {
        name: subject.shown_name(),
        id_masked: subject.shown_id(),
        phone_masked: subject.phone.as_deref().map(mask::phone),
        student_number: subject.student_number.clone(),
        school: own.campaign.as_ref().map(|c| c.school_name.clone()),
        faculty: subject.faculty.clone(),
        major: subject.major.clone(),
        class: subject.class.clone(),
        code_short: match key {
            PersonKey::Code(hash) => Some(hash.hex()[..8].to_owned()),
            PersonKey::Roster(_) | PersonKey::Temporary(_) => None,
        },
    }
}

/// An order in the list.
pub fn row(own: &OwnOrder) -> OrderRowView {
    let o = &own.row.order;
    OrderRowView {
        id: o.id.to_string(),
        number: o.number.to_string(),
        person: person(own),
        state: o.state.id(),
        delivery: "acknowledged",
        collective: o.collection == Collection::Collective,
        local_check: check_word(&o.photo),
        price_fen: o.payment.price.fen(),
        created_at_ms: o.created_at.0,
        photo_revision: o.photo.revision,
        photo_here: own.photo_here,
    }
}

const fn check_word(photo: &PhotoRevision) -> &'static str {
    match &photo.check {
        LocalCheck::Passed if photo.warned.is_empty() => "passed",
        LocalCheck::Passed => "warned",
        LocalCheck::Overridden { .. } => "overridden",
        LocalCheck::Failed(_) => "failed",
    }
}

/// One order with everything its page shows.
pub fn detail(own: &OwnOrder) -> Value {
    let o = &own.row.order;
    let tries_left = o.rule.tries.saturating_sub(o.tries);
    let rejection = o.rejection.as_ref();
    let recall = o.awaits_photo().then(|| {
        json!({
            "order_id": o.id.to_string(), "order_number": o.number.to_string(), "person": o.subject.shown_name().unwrap_or_default(),
            "class": o.subject.class, "tries_left": tries_left, "note": rejection.and_then(|r| r.note.clone()),
            "reasons": rejection.map(|r| r.reasons().iter().map(|r| r.id()).collect::<Vec<_>>()).unwrap_or_default(),
            "deadline_ms": rejection.map(|r| r.deadline.0),
        })
    });
    json!({
        "row": row(own), "paid_fen": o.payment.paid.fen(), "refunded_fen": o.payment.refunded.fen(), "tries_left": tries_left,
        "rejection": recall, "photo_sha256": o.photo.blob.to_string(), "findings": [], "timeline": [], "receipt": null,
        "linked": o.link.map(|l| json!({ "kind": l.kind.id(), "order_id": l.order.to_string() })),
        "address_masked": o.address.as_deref().map(mask::address),
        "actions": actions(o),
        "reprint_fen": own.campaign.as_ref().map(|c| c.price_fen),
        "messages": own.row.messages.is_some(),
    })
}

/// What the graduate may do with an order here. Another photo is taken on site.
fn actions(o: &Order) -> Vec<&'static str> {
    let may = |event: &OrderEvent| o.apply(event, &Actor::Graduate, o.created_at).is_ok();
    let mut actions = Vec::new();
    if may(&OrderEvent::EditAddress("·".to_owned())) {
        actions.push("address");
    }
    if o.state == OrderState::PendingReview && may(&OrderEvent::Withdraw) {
        actions.push("withdraw");
    }
    if matches!(
        o.state,
        OrderState::PendingProduction | OrderState::InProduction | OrderState::Completed
    ) {
        actions.push("reprint");
    }
    actions
}

/// Everything kept here about the guest.
pub fn data(orders: &[OwnOrder], photos: &[Vec<PhotoDoc>]) -> Value {
    let mut consents: Vec<&Consent> = Vec::new();
    for row in orders.iter().map(|o: &OwnOrder| &o.row) {
        for consent in given(row) {
            if consents.iter().all(|known| known.id != consent.id) {
                consents.push(consent);
            }
        }
    }
    let consent = |c: &&Consent| json!({ "version": c.text_version, "language": c.language, "at_ms": c.at.0 });
    let newest = orders.first();
    json!({
        "campaign": newest.and_then(|o| o.campaign.as_ref()).map(|c| c.title.clone()).unwrap_or_default(),
        "person": newest.map(person),
        "consents": consents.iter().map(consent).collect::<Vec<_>>(),
        "orders": orders.iter().zip(photos).map(|(o, p)| own_order(o, p)).collect::<Vec<_>>(),
        "messages": [],
    })
}

fn given(row: &OrderRow) -> impl Iterator<Item = &Consent> {
    std::iter::once(&row.order.consent).chain(&row.messages)
}

fn own_order(own: &OwnOrder, photos: &[PhotoDoc]) -> Value {
    let o = &own.row.order;
    let photo = |p: &PhotoDoc| {
        let noted: Vec<_> = p.check.failed.iter().chain(&p.check.warned).collect();
        json!({
            "revision": p.revision, "taken_at_ms": p.captured_at_ms, "noted": noted,
            "local_check": if p.check.verdict == "passed" && !p.check.warned.is_empty() { "warned" } else { p.check.verdict.as_str() },
        })
    };
    json!({
        "row": row(own), "paid_fen": o.payment.paid.fen(), "refunded_fen": o.payment.refunded.fen(),
        "address_masked": o.address.as_deref().map(mask::address),
        "photos": photos.iter().map(photo).collect::<Vec<_>>(),
    })
}
