//! How an op moves through its states. Each move carries the delivery axis of its order along.
use crate::conn::Tx;
use crate::error::StoreError;
use domain::{OpId, OrderId, UtcMs};
use rusqlite::Params;

/// These ops are on their way. When no answer has come by `again_at` they may be sent again.
///
/// # Errors
/// [`StoreError::Unknown`] when one of them does not wait to be sent, or when the database fails.
pub fn mark_sent(tx: &Tx, ops: &[OpId], again_at: UtcMs) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = 'sent', attempts = attempts + 1, next_try_at_ms = ?, problem = NULL \
               WHERE op_id = ? AND state IN ('queued', 'sent') RETURNING order_id";
    ops.iter()
        .try_for_each(|op| moved(tx, "noting what was sent", sql, (again_at.0, op.to_string())))
}

/// The op is to be tried again at a time: it was held, or the exchange failed.
///
/// # Errors
/// [`StoreError::Unknown`] when it is settled, or when the database fails.
pub fn mark_waiting(tx: &Tx, op: OpId, next_try_at: UtcMs, problem: Option<&str>) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = 'queued', next_try_at_ms = ?, problem = ? \
               WHERE op_id = ? AND state IN ('queued', 'sent') RETURNING order_id";
    moved(tx, "putting off an op", sql, (next_try_at.0, problem, op.to_string()))
}

/// The center signed for the op. Again changes nothing.
///
/// # Errors
/// [`StoreError::Unknown`] when there is no such op, or when the database fails.
pub fn mark_acknowledged(tx: &Tx, op: OpId, at: UtcMs) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = 'acknowledged', problem = NULL, \
               settled_at_ms = CASE state WHEN 'acknowledged' THEN settled_at_ms ELSE ? END \
               WHERE op_id = ? RETURNING order_id";
    moved(tx, "noting a signed op", sql, (at.0, op.to_string()))
}

/// The center refused the op for good.
///
/// # Errors
/// [`StoreError::Unknown`] when it is acknowledged or not there, or when the database fails.
pub fn mark_quarantined(tx: &Tx, op: OpId, problem: &str, at: UtcMs) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = 'quarantined', problem = ?, settled_at_ms = ? \
               WHERE op_id = ? AND state <> 'acknowledged' RETURNING order_id";
    moved(tx, "setting an op aside", sql, (problem, at.0, op.to_string()))
}

/// Somebody wants a quarantined op tried again.
///
/// # Errors
/// [`StoreError::Unknown`] when it is not quarantined, or when the database fails.
pub fn release(tx: &Tx, op: OpId) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = 'queued', next_try_at_ms = 0, settled_at_ms = NULL \
               WHERE op_id = ? AND state = 'quarantined' RETURNING order_id";
    moved(tx, "releasing an op", sql, [op.to_string()])
}

/// At the start: what was on its way when the last run ended may be sent at once.
///
/// # Errors
/// When the database fails.
pub fn recover(tx: &Tx) -> Result<u32, StoreError> {
    let doing = "recovering the outbox";
    let sql = "UPDATE outbox SET state = 'queued', next_try_at_ms = 0 WHERE state = 'sent' RETURNING order_id";
    let orders: Vec<OrderId> = tx.all(doing, sql, [], |r| r.parse("order_id"))?;
    orders.iter().try_for_each(|order| follow(tx, *order))?;
    Ok(u32::try_from(orders.len()).unwrap_or(u32::MAX))
}

/// A success or a new link: whatever was put off after a failure may be tried at once. An op that only waits for its own
/// time, so that it can be taken back, goes on waiting.
///
/// # Errors
/// When the database fails.
pub fn retry_all(tx: &Tx) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET next_try_at_ms = 0
               WHERE state = 'queued' AND next_try_at_ms > 0 AND (attempts > 0 OR problem IS NOT NULL)";
    tx.run("trying everything again", sql, []).map(drop)
}

/// Sets the delivery axis of an order from its ops.
pub(super) fn follow(tx: &Tx, order: OrderId) -> Result<(), StoreError> {
    tx.run(
        "setting an order's delivery",
        include_str!("follow.sql"),
        [order.to_string()],
    )
    .map(drop)
}

fn moved(tx: &Tx, doing: &'static str, sql: &str, params: impl Params) -> Result<(), StoreError> {
    match tx.all(doing, sql, params, |r| r.parse("order_id"))?.first() {
        Some(order) => follow(tx, *order),
        None => Err(StoreError::Unknown { doing, what: "op" }),
    }
}
