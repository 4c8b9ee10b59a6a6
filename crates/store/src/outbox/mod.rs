//! Table `outbox`: what the center must still be told, in order for each order, and what became of each op.
mod state;

pub use state::{mark_acknowledged, mark_quarantined, mark_sent, mark_waiting, recover, release, retry_all};

use crate::conn::{Conn, Row, Tx, number};
use crate::error::StoreError;
use domain::{BlobId, OpId, OrderId, UtcMs};
use rusqlite::named_params;
use wire::op::Op;

/// Longest body, in bytes.
pub const MAX_BODY_BYTES: usize = 256 << 10;
/// Most rows of a list.
pub const MAX_ROWS: u32 = 1000;

/// What became of an op.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OpState {
    /// Waits to be sent.
    Queued,
    /// Sent, no answer yet.
    Sent,
    /// The center signed for it.
    Acknowledged,
    /// The center refused it for good. Later ops of the same order wait behind it; no other order does.
    Quarantined,
}

impl OpState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Sent, Self::Acknowledged, Self::Quarantined];
    /// The stable word.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Acknowledged => "acknowledged",
            Self::Quarantined => "quarantined",
        }
    }
    /// Reads [`OpState::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.id() == id)
    }
}

/// An op to be pushed. Revision and chain are made here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOp {
    /// Identifier, UUIDv7.
    pub id: OpId,
    /// The order; it must be in the store.
    pub order: OrderId,
    /// What was done, in one word of the protocol, as `submit`.
    pub kind: String,
    /// The exact text to be sent.
    pub body: String,
    /// The photo the center must hold for it.
    pub blob: Option<BlobId>,
    /// When it was done.
    pub at: UtcMs,
    /// Milliseconds since the computer started.
    pub mono_ms: u64,
    /// Changes with each start of the computer.
    pub boot_id: String,
}

/// An op in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxOp {
    /// Position in the outbox, counted from 1.
    pub seq: i64,
    /// What was pushed.
    pub op: NewOp,
    /// 1, 2, 3 … for each order.
    pub rev: u32,
    /// SHA-256 of the body.
    pub body_sha256: [u8; 32],
    /// Chain hash of the op before, of whatever order; empty for the first.
    pub prev_chain: String,
    /// Chain hash of this op, as [`Op::chain_after`] makes it.
    pub chain: String,
    /// What became of it.
    pub state: OpState,
    /// Times it was sent.
    pub attempts: u32,
    /// Not to be sent before.
    pub next_try_at: UtcMs,
    /// Why it waits or was refused, as a code of the protocol.
    pub problem: Option<String>,
    /// When it was acknowledged or quarantined.
    pub settled_at: Option<UtcMs>,
}

/// Ops by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct OpCounts {
    pub queued: u32,
    pub sent: u32,
    pub acknowledged: u32,
    pub quarantined: u32,
}

impl OpCounts {
    /// Ops the center has not signed for and did not refuse.
    pub const fn waiting(self) -> u32 {
        self.queued + self.sent
    }
}

/// Queues an op as the next revision of its order. Takes the transaction of the change it reports.
///
/// # Errors
/// [`StoreError::Unknown`] when the order is not in the store, [`StoreError::Taken`] when the op is, or when the database fails.
pub fn push(tx: &Tx, op: &NewOp) -> Result<OutboxOp, StoreError> {
    let doing = "queueing an op";
    if op.body.len() > MAX_BODY_BYTES {
        return Err(StoreError::TooLarge {
            doing,
            what: "the body",
        });
    }
    let (id, order) = (op.id.to_string(), op.order.to_string());
    let sql = "UPDATE orders SET last_rev = last_rev + 1 WHERE id = ? RETURNING last_rev";
    let rev = tx.first(doing, sql, [&order], |r| r.get::<u32>("last_rev"))?;
    let rev = rev.ok_or(StoreError::Unknown { doing, what: "order" })?;
    let prev_chain = last_chain(tx)?;
    let chain = Op::chain_after(&prev_chain, &id, &order, rev, &op.body);
    let body_sha256 = BlobId::of(op.body.as_bytes()).0;
    let params = named_params! {
        ":op_id": id,
        ":order_id": order,
        ":rev": rev,
        ":kind": op.kind,
        ":body": op.body,
        ":body_sha256": body_sha256,
        ":prev_chain": prev_chain,
        ":chain": chain,
        ":blob": op.blob.map(|b| b.0),
        ":created_at_ms": op.at.0,
        ":mono_ms": number(op.mono_ms, doing, "the uptime")?,
        ":boot_id": op.boot_id,
    };
    tx.run(doing, include_str!("push.sql"), params)?;
    state::follow(tx, op.order)?;
    get(tx, op.id)?.ok_or(StoreError::Unknown { doing, what: "op" })
}

/// An op by id.
///
/// # Errors
/// When the database fails.
pub fn get(conn: &Conn, id: OpId) -> Result<Option<OutboxOp>, StoreError> {
    conn.first(
        "reading an op",
        "SELECT * FROM outbox WHERE op_id = ?",
        [id.to_string()],
        read,
    )
}

/// What to send now, oldest first. An op is never ahead of its predecessor: none is given while one before it, of the same
/// order, waits for a later try or is quarantined.
///
/// # Errors
/// When the database fails.
pub fn next_batch(conn: &Conn, now: UtcMs, limit: u32) -> Result<Vec<OutboxOp>, StoreError> {
    let params = named_params! { ":now": now.0, ":limit": limit.min(MAX_ROWS) };
    conn.all("choosing what to send", include_str!("next_batch.sql"), params, read)
}

/// The earliest time anything may be sent; nothing when nothing waits.
///
/// # Errors
/// When the database fails.
pub fn next_try_at(conn: &Conn) -> Result<Option<UtcMs>, StoreError> {
    let sql = "SELECT min(next_try_at_ms) AS at FROM outbox WHERE state IN ('queued', 'sent')";
    let at = conn.first("asking when to send", sql, [], |r| r.get::<Option<i64>>("at"))?;
    Ok(at.flatten().map(UtcMs))
}

/// Ops in a state, oldest first, at most [`MAX_ROWS`].
///
/// # Errors
/// When the database fails.
pub fn list(conn: &Conn, state: OpState, limit: u32) -> Result<Vec<OutboxOp>, StoreError> {
    let sql = "SELECT * FROM outbox WHERE state = ? ORDER BY seq LIMIT ?";
    conn.all("listing the outbox", sql, (state.id(), limit.min(MAX_ROWS)), read)
}

/// All ops of an order, by revision.
///
/// # Errors
/// When the database fails.
pub fn of_order(conn: &Conn, order: OrderId) -> Result<Vec<OutboxOp>, StoreError> {
    let sql = "SELECT * FROM outbox WHERE order_id = ? ORDER BY rev";
    conn.all("listing an order's ops", sql, [order.to_string()], read)
}

/// How many ops met which fate.
///
/// # Errors
/// When the database fails.
pub fn counts(conn: &Conn) -> Result<OpCounts, StoreError> {
    let sql = "SELECT state, count(*) AS n FROM outbox GROUP BY state";
    let rows = conn.all("counting the outbox", sql, [], |r| {
        Ok((r.word("state", OpState::from_id)?, r.get("n")?))
    })?;
    let mut counts = OpCounts::default();
    for (state, n) in rows {
        match state {
            OpState::Queued => counts.queued = n,
            OpState::Sent => counts.sent = n,
            OpState::Acknowledged => counts.acknowledged = n,
            OpState::Quarantined => counts.quarantined = n,
        }
    }
    Ok(counts)
}

/// Takes back the ops of an order as if they had never been, and forges the chain anew behind them. Only while neither they nor any
/// op behind them was ever sent: what left the station stands. Returns whether it did; if not, nothing changed.
///
/// # Errors
/// When the database fails.
pub fn unmake(tx: &Tx, order: OrderId) -> Result<bool, StoreError> {
    let doing = "taking back ops";
    let sql = "SELECT min(seq) AS first FROM outbox WHERE order_id = ?";
    let first = tx.first(doing, sql, [order.to_string()], |r| r.get::<Option<i64>>("first"))?;
    let Some(first) = first.flatten() else { return Ok(true) };
    let sql = "SELECT * FROM outbox WHERE seq >= ? ORDER BY seq";
    let behind = tx.all(doing, sql, [first], read)?;
    if behind.iter().any(|op| op.attempts > 0 || op.state != OpState::Queued) {
        return Ok(false);
    }
    tx.run(doing, "DELETE FROM outbox WHERE order_id = ?", [order.to_string()])?;
    tx.run(
        doing,
        "UPDATE orders SET last_rev = 0 WHERE id = ?",
        [order.to_string()],
    )?;
    let mut chain = behind.first().map(|op| op.prev_chain.clone()).unwrap_or_default();
    for op in behind.iter().filter(|op| op.op.order != order) {
        let (id, of) = (op.op.id.to_string(), op.op.order.to_string());
        let next = Op::chain_after(&chain, &id, &of, op.rev, &op.op.body);
        tx.run(
            doing,
            "UPDATE outbox SET prev_chain = ?, chain = ? WHERE seq = ?",
            (&chain, &next, op.seq),
        )?;
        chain = next;
    }
    state::follow(tx, order)?;
    Ok(true)
}

fn last_chain(conn: &Conn) -> Result<String, StoreError> {
    let sql = "SELECT chain FROM outbox ORDER BY seq DESC LIMIT 1";
    Ok(conn
        .first("reading the last op", sql, [], |r| r.get("chain"))?
        .unwrap_or_default())
}

pub(crate) fn read(row: &Row) -> Result<OutboxOp, StoreError> {
    Ok(OutboxOp {
        seq: row.get("seq")?,
        op: NewOp {
            id: row.parse("op_id")?,
            order: row.parse("order_id")?,
            kind: row.get("kind")?,
            body: row.get("body")?,
            blob: row.blob_opt("blob")?,
            at: row.time("created_at_ms")?,
            mono_ms: row.u64("mono_ms")?,
            boot_id: row.get("boot_id")?,
        },
        rev: row.get("rev")?,
        body_sha256: row.get("body_sha256")?,
        prev_chain: row.get("prev_chain")?,
        chain: row.get("chain")?,
        state: row.word("state", OpState::from_id)?,
        attempts: row.get("attempts")?,
        next_try_at: row.time("next_try_at_ms")?,
        problem: row.get("problem")?,
        settled_at: row.get::<Option<i64>>("settled_at_ms")?.map(UtcMs),
    })
}
