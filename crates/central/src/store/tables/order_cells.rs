//! An order as cells of its row and back: scalars as columns, what is only read whole as JSON in the shapes of the wire.
use crate::error::CentralError;
use crate::store::sql::{Row, cell, count, json, parsed, parsed_if_any, small};
use crate::store::{OrderRow, SchoolCode, Stored};
use domain::campaign::{Collection, RetakeRule};
use domain::consent::Consent;
use domain::order::{Link, LinkKind, Order, OrderState, Payment};
use domain::order_number::OrderNumber;
use domain::review::Rejection;
use domain::{Money, PersonKey, UtcMs};
use wire::feed::RejectionDoc;
use wire::order::{ConsentDoc, PhotoDoc, SubjectDoc};

/// Reads a row of `orders`.
pub fn read(row: &Row) -> Stored<OrderRow> {
    let holds = |e: wire::Invalid| CentralError::corrupt(e);
    let flag = |name| cell::<bool>(row, name);
    let photo: PhotoDoc = json(row, "photo")?;
    let consent: ConsentDoc = json(row, "consent")?;
    let order = Order {
        id: parsed(row, "order_id")?,
        number: number(row)?,
        campaign: parsed(row, "campaign_id")?,
        station: parsed(row, "station_id")?,
        person: person(row)?,
        subject: (&json::<SubjectDoc>(row, "subject")?).into(),
        created_at: UtcMs(cell(row, "created_at_ms")?),
        state: state(row)?,
        photo: photo.to_domain().map_err(holds)?,
        withdrawn: flag("withdrawn")?,
        tries: small(row, "tries")?,
        rule: RetakeRule {
            tries: small(row, "retake_tries")?,
            within_ms: cell(row, "retake_within_ms")?,
        },
        rejection: rejection(row)?,
        payment: Payment {
            price: Money::from_fen(count(row, "price_fen")?),
            paid: Money::from_fen(count(row, "paid_fen")?),
            refunded: Money::from_fen(count(row, "refunded_fen")?),
            payment: parsed_if_any(row, "payment_id")?,
            refund: parsed_if_any(row, "refund_id")?,
        },
        collection: collection(row)?,
        address: cell(row, "address")?,
        consent: consent.to_domain().map_err(holds)?,
        link: link(row)?,
        held_by: cell(row, "held_by")?,
    };
    Ok(OrderRow {
        school: SchoolCode::stored(cell(row, "school_id")?),
        order,
        rev: small(row, "rev")?,
        received_at: UtcMs(cell(row, "received_at_ms")?),
        updated_at: UtcMs(cell(row, "updated_at_ms")?),
        duplicate_person: flag("duplicate_person")?,
        messages: messages(row)?,
    })
}

fn messages(row: &Row) -> Stored<Option<Consent>> {
    let text: Option<String> = cell(row, "messages")?;
    let Some(text) = text else { return Ok(None) };
    let doc: ConsentDoc = serde_json::from_str(&text).map_err(|_| CentralError::corrupt("messages"))?;
    doc.to_domain().map(Some).map_err(CentralError::corrupt)
}

fn number(row: &Row) -> Stored<OrderNumber> {
    OrderNumber::parse(&cell::<String>(row, "number")?).map_err(|_| CentralError::corrupt("number"))
}

fn person(row: &Row) -> Stored<PersonKey> {
    PersonKey::from_text(&cell::<String>(row, "person_key")?).ok_or_else(|| CentralError::corrupt("person_key"))
}

fn state(row: &Row) -> Stored<OrderState> {
    OrderState::from_id(&cell::<String>(row, "state")?).ok_or_else(|| CentralError::corrupt("state"))
}

fn collection(row: &Row) -> Stored<Collection> {
    match cell::<String>(row, "collection")?.as_str() {
        "collective" => Ok(Collection::Collective),
        "individual" => Ok(Collection::Individual),
        _ => Err(CentralError::corrupt("collection")),
    }
}

/// The word for a way of collecting.
pub fn collection_id(collection: Collection) -> &'static str {
    match collection {
        Collection::Collective => "collective",
        Collection::Individual => "individual",
    }
}

fn rejection(row: &Row) -> Stored<Option<Rejection>> {
    let text: Option<String> = cell(row, "rejection")?;
    let Some(text) = text else { return Ok(None) };
    let doc: RejectionDoc = serde_json::from_str(&text).map_err(|_| CentralError::corrupt("rejection"))?;
    doc.to_domain().map(Some).map_err(CentralError::corrupt)
}

fn link(row: &Row) -> Stored<Option<Link>> {
    let kind: Option<String> = cell(row, "link_kind")?;
    let Some(kind) = kind else { return Ok(None) };
    Ok(Some(Link {
        kind: LinkKind::from_id(&kind).ok_or_else(|| CentralError::corrupt("link_kind"))?,
        order: parsed(row, "link_order")?,
    }))
}
