//! Table `orders`: every field of an order, where its data is on the way to the center, and what the center last said.
mod row;

pub(crate) use row::read;

use crate::conn::{Conn, Tx};
use crate::error::StoreError;
use crate::{consents, photo_revisions, told};
use domain::order::Delivery;
use domain::order_number::{NumberPrefix, OrderNumber};
use domain::{CampaignId, Order, OrderId, OrderState, PersonKey, UtcMs};
use rusqlite::named_params;

/// Most orders on one page.
pub const MAX_PAGE: u32 = 500;

/// An order as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOrder {
    /// The order.
    pub order: Order,
    /// Where its data is on the way to the center. Follows the outbox.
    pub delivery: Delivery,
    /// Revision of its last op; 0 before the first.
    pub last_rev: u32,
    /// What the center last said, if it did.
    pub server: Option<ServerView>,
}

/// What the center last said of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerView {
    /// Its state there.
    pub state: OrderState,
    /// Revision of the last op applied there.
    pub rev: u32,
    /// Another order of the same person exists there.
    pub duplicate_person: bool,
    /// When it said so.
    pub at: UtcMs,
}

/// Which orders to list. Everything left out does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Of this campaign.
    pub campaign: Option<CampaignId>,
    /// In this state.
    pub state: Option<OrderState>,
    /// This far on the way to the center.
    pub delivery: Option<Delivery>,
    /// A part of the number, the name or the student number, the last four of the ID number, the beginning of the pinyin.
    pub text: Option<String>,
}

/// A page of orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub rows: Vec<StoredOrder>,
    /// Orders that fit the filter.
    pub total: u32,
}

/// Saves an order with its consent and its current photo, or what has changed of it. Earlier photos stay. Delivery and the
/// center's view are not touched. What the neighbours on the LAN are told follows.
///
/// # Errors
/// [`StoreError::Taken`] when its number, consent or photo revision stands for another, or when the database fails.
pub fn put(tx: &Tx, order: &Order) -> Result<(), StoreError> {
    consents::put(tx, &order.consent)?;
    row::put(tx, order)?;
    photo_revisions::put(tx, order.id, &order.photo)?;
    told::follow(tx, order)
}

/// An order by id.
///
/// # Errors
/// When the database fails.
pub fn get(conn: &Conn, id: OrderId) -> Result<Option<StoredOrder>, StoreError> {
    conn.first(
        "reading an order",
        "SELECT * FROM order_rows WHERE id = ?",
        [id.to_string()],
        row::read,
    )
}

/// An order by its number.
///
/// # Errors
/// When the database fails.
pub fn by_number(conn: &Conn, number: &OrderNumber) -> Result<Option<StoredOrder>, StoreError> {
    conn.first(
        "reading an order",
        "SELECT * FROM order_rows WHERE number = ?",
        [number.as_str()],
        row::read,
    )
}

/// Orders of a person, newest first.
///
/// # Errors
/// When the database fails.
pub fn by_person(conn: &Conn, campaign: CampaignId, person: &PersonKey) -> Result<Vec<StoredOrder>, StoreError> {
    let sql = "SELECT * FROM order_rows WHERE campaign_id = ? AND person_key = ? ORDER BY created_at_ms DESC, id DESC";
    conn.all(
        "listing a person's orders",
        sql,
        [campaign.to_string(), person.text()],
        row::read,
    )
}

/// A page of the orders that fit, newest first. At most [`MAX_PAGE`] at a time.
///
/// # Errors
/// When the database fails.
pub fn list(conn: &Conn, filter: &Filter, offset: u32, limit: u32) -> Result<Page, StoreError> {
    let doing = "listing orders";
    let text = filter.text.as_deref().map(str::trim).filter(|t| !t.is_empty());
    let lower = text.map(str::to_lowercase);
    let reading = lower
        .as_deref()
        .map(|t| format!(" {}", t.split_whitespace().collect::<String>()));
    let campaign = filter.campaign.map(|c| c.to_string());
    let (state, delivery) = (filter.state.map(OrderState::id), filter.delivery.map(Delivery::id));
    let params = named_params! {
        ":campaign": campaign, ":state": state, ":delivery": delivery, ":text": text, ":lower": lower, ":reading": reading,
    };
    let total = conn.count(doing, include_str!("count.sql"), params)?;
    let limit = limit.min(MAX_PAGE);
    let page = [params, named_params! { ":offset": offset, ":limit": limit }].concat();
    let rows = conn.all(doing, include_str!("list.sql"), page.as_slice(), row::read)?;
    Ok(Page { rows, total })
}

/// Orders that wait for another photo: first those whose photo was taken back, then the rejected ones, those that run out first
/// at the front.
///
/// # Errors
/// When the database fails.
pub fn recalls(conn: &Conn, campaign: CampaignId) -> Result<Vec<StoredOrder>, StoreError> {
    let sql = "SELECT * FROM order_rows WHERE campaign_id = ? \
               AND (state = 'rejected' OR (withdrawn = 1 AND state IN ('pending_payment', 'paid'))) \
               ORDER BY state = 'rejected', rejected_until_ms, id";
    conn.all("listing recalls", sql, [campaign.to_string()], row::read)
}

/// Orders by the time their photo was taken, from one time to another, both included; none that is closed, refunded, a reprint
/// or without a photo of its own. At most `limit`, or the nearest to the later time when `backwards`.
///
/// # Errors
/// When the database fails.
pub fn photographed(
    conn: &Conn,
    campaign: CampaignId,
    (from, to): (UtcMs, UtcMs),
    limit: u32,
    backwards: bool,
) -> Result<Vec<StoredOrder>, StoreError> {
    let direction = if backwards { "DESC" } else { "ASC" };
    let sql = format!(
        "SELECT * FROM order_rows WHERE campaign_id = ? AND captured_at_ms BETWEEN ? AND ? AND withdrawn = 0 \
         AND state NOT IN ('closed', 'refunded') AND coalesce(link_kind, '') <> 'reprint' \
         ORDER BY captured_at_ms {direction}, id {direction} LIMIT ?"
    );
    let params = (campaign.to_string(), from.0, to.0, limit);
    let mut found = conn.all("listing orders by their photos", &sql, params, row::read)?;
    if backwards {
        found.reverse();
    }
    Ok(found)
}

/// How many orders are in each of the nine states; of one campaign, or of all.
///
/// # Errors
/// When the database fails.
pub fn counts(conn: &Conn, campaign: Option<CampaignId>) -> Result<[(OrderState, u32); 9], StoreError> {
    let sql = "SELECT state, count(*) AS n FROM orders WHERE ?1 IS NULL OR campaign_id = ?1 GROUP BY state";
    let rows = conn.all("counting orders", sql, [campaign.map(|c| c.to_string())], |r| {
        Ok((r.word("state", OrderState::from_id)?, r.get::<u32>("n")?))
    })?;
    let of = |state| rows.iter().find(|(s, _)| *s == state).map_or(0, |(_, n)| *n);
    Ok(OrderState::ALL.map(|state| (state, of(state))))
}

/// Takes note of what the center said.
///
/// # Errors
/// [`StoreError::Unknown`] when there is no such order, or when the database fails.
pub fn set_server(tx: &Tx, id: OrderId, server: &ServerView) -> Result<(), StoreError> {
    let doing = "saving what the center said";
    let sql = "UPDATE orders SET server_state = ?, server_rev = ?, server_duplicate = ?, server_at_ms = ? WHERE id = ?";
    let params = (
        server.state.id(),
        server.rev,
        server.duplicate_person,
        server.at.0,
        id.to_string(),
    );
    match tx.run(doing, sql, params)? {
        0 => Err(StoreError::Unknown { doing, what: "order" }),
        _ => Ok(()),
    }
}

/// Takes back an order that was never sent, with its photo revisions, as if it had never been; its ops go first
/// ([`crate::outbox::unmake`]). Its consent stays: it was given. Photos on disk stay with their shots.
///
/// # Errors
/// [`StoreError::Unknown`] when there is no such order, [`StoreError::Taken`] when an op, a shot or a slot still names it, or when the
/// database fails.
pub fn unmake(tx: &Tx, order: OrderId) -> Result<(), StoreError> {
    let (doing, id) = ("taking back an order", order.to_string());
    let sql = "SELECT (SELECT count(*) FROM outbox WHERE order_id = ?1) + (SELECT count(*) FROM shots WHERE order_id = ?1) \
               + (SELECT count(*) FROM slots WHERE retake_of = ?1) AS n";
    if tx.count(doing, sql, [&id])? > 0 {
        return Err(StoreError::Taken { doing });
    }
    told::take_back(tx, order)?;
    tx.run(doing, "DELETE FROM photo_revisions WHERE order_id = ?", [&id])?;
    match tx.run(doing, "DELETE FROM orders WHERE id = ?", [&id])? {
        0 => Err(StoreError::Unknown { doing, what: "order" }),
        _ => Ok(()),
    }
}

/// The next order number of this station. The millisecond it used is kept in the same transaction, so that no two are equal,
/// whatever the clock does.
///
/// # Errors
/// When the database fails.
pub fn next_number(tx: &Tx, prefix: &NumberPrefix, now: UtcMs) -> Result<OrderNumber, StoreError> {
    let doing = "making an order number";
    let last = tx.first(doing, "SELECT last_ms FROM number_clock", [], |r| r.time("last_ms"))?;
    let (number, used) = OrderNumber::next(prefix, now, last);
    let sql = "INSERT INTO number_clock VALUES (1, ?) ON CONFLICT DO UPDATE SET last_ms = excluded.last_ms";
    tx.run(doing, sql, [used.0])?;
    Ok(number)
}
