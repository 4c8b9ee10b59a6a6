//! An order to its row and back.
use super::{ServerView, StoredOrder};
use crate::campaigns::{collection_of, collection_word};
use crate::conn::{Row, Tx, joined, number};
use crate::error::StoreError;
use crate::{photo_revisions, subject};
use domain::campaign::RetakeRule;
use domain::consent::Consent;
use domain::order::{Delivery, Link, LinkKind, Payment};
use domain::order_number::OrderNumber;
use domain::review::{RejectReason, Rejection};
use domain::{Money, Order, OrderState, PersonKey};
use rusqlite::{ToSql, named_params};

/// Saves the order's own row.
pub(super) fn put(tx: &Tx, order: &Order) -> Result<(), StoreError> {
    let doing = "saving an order";
    let rejection = order.rejection.as_ref();
    let fen = |money: Money| number(money.fen(), doing, "an amount");
    let own: &[(&str, &dyn ToSql)] = named_params! {
        ":id": order.id.to_string(),
        ":number": order.number.as_str(),
        ":campaign_id": order.campaign.to_string(),
        ":station_id": order.station.to_string(),
        ":person_key": order.person.text(),
        ":created_at_ms": order.created_at.0,
        ":state": order.state.id(),
        ":photo_revision": order.photo.revision,
        ":withdrawn": order.withdrawn,
        ":tries": order.tries,
        ":retake_tries": order.rule.tries,
        ":retake_within_ms": order.rule.within_ms,
        ":rejected_for": rejection.map(|r| joined(r.reasons().iter().map(|r| r.id()))),
        ":rejected_note": rejection.and_then(|r| r.note.as_deref()),
        ":rejected_at_ms": rejection.map(|r| r.at.0),
        ":rejected_until_ms": rejection.map(|r| r.deadline.0),
        ":price_fen": fen(order.payment.price)?,
        ":paid_fen": fen(order.payment.paid)?,
        ":refunded_fen": fen(order.payment.refunded)?,
        ":payment_id": order.payment.payment.map(|p| p.to_string()),
        ":refund_id": order.payment.refund.map(|p| p.to_string()),
        ":collection": collection_word(order.collection),
        ":address": order.address,
        ":consent_id": order.consent.id.to_string(),
        ":link_kind": order.link.map(|l| l.kind.id()),
        ":link_order_id": order.link.map(|l| l.order.to_string()),
        ":held_by": order.held_by,
    };
    let params = [own, &subject::params(&order.subject)].concat();
    tx.run(doing, include_str!("put.sql"), params.as_slice()).map(drop)
}

/// Reads a row of the view `order_rows`.
pub(crate) fn read(row: &Row) -> Result<StoredOrder, StoreError> {
    let fen = |column| Ok::<_, StoreError>(Money::from_fen(row.u64(column)?));
    let order = Order {
        id: row.parse("id")?,
        number: row.word("number", |n| OrderNumber::parse(n).ok())?,
        campaign: row.parse("campaign_id")?,
        station: row.parse("station_id")?,
        person: row.word("person_key", PersonKey::from_text)?,
        subject: subject::read(row)?,
        created_at: row.time("created_at_ms")?,
        state: row.word("state", OrderState::from_id)?,
        photo: photo_revisions::read(row)?,
        withdrawn: row.get("withdrawn")?,
        tries: row.get("tries")?,
        rule: RetakeRule {
            tries: row.get("retake_tries")?,
            within_ms: row.get("retake_within_ms")?,
        },
        rejection: rejection(row)?,
        payment: Payment {
            price: fen("price_fen")?,
            paid: fen("paid_fen")?,
            refunded: fen("refunded_fen")?,
            payment: row.parse_opt("payment_id")?,
            refund: row.parse_opt("refund_id")?,
        },
        collection: row.word("collection", collection_of)?,
        address: row.get("address")?,
        consent: Consent {
            id: row.parse("consent_id")?,
            text_version: row.get("consent_text_version")?,
            language: row.get("consent_language")?,
            at: row.time("consent_at_ms")?,
            asked_by: row.get("consent_asked_by")?,
        },
        link: match row.word_opt("link_kind", LinkKind::from_id)? {
            Some(kind) => Some(Link {
                kind,
                order: row.parse("link_order_id")?,
            }),
            None => None,
        },
        held_by: row.get("held_by")?,
    };
    Ok(StoredOrder {
        order,
        delivery: row.word("delivery", Delivery::from_id)?,
        last_rev: row.get("last_rev")?,
        server: server(row)?,
    })
}

fn rejection(row: &Row) -> Result<Option<Rejection>, StoreError> {
    if row.get::<Option<String>>("rejected_for")?.is_none() {
        return Ok(None);
    }
    let reasons = row.words("rejected_for", RejectReason::from_id)?;
    let (at, deadline) = (row.time("rejected_at_ms")?, row.time("rejected_until_ms")?);
    let rejection = Rejection::new(&reasons, row.get("rejected_note")?, at, deadline);
    rejection.map(Some).ok_or_else(|| row.bad("rejected_for"))
}

fn server(row: &Row) -> Result<Option<ServerView>, StoreError> {
    match row.word_opt("server_state", OrderState::from_id)? {
        Some(state) => Ok(Some(ServerView {
            state,
            rev: row.get("server_rev")?,
            duplicate_person: row.get("server_duplicate")?,
            at: row.time("server_at_ms")?,
        })),
        None => Ok(None),
    }
}
