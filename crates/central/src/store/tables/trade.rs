//! Table `trade`: payments asked of the provider.
use crate::error::CentralError;
use crate::store::money::TradeRow;
use crate::store::sql::{Row, cell, count, limit, params, parsed, signed};
use crate::store::{ReadRows, SchoolCode, Stored, WriteRows};
use domain::{Money, OrderId, PaymentId, UtcMs};
use pay::trade::TradeState;

fn read(row: &Row) -> Stored<TradeRow> {
    let transaction: Option<String> = cell(row, "transaction_id")?;
    let state = match (cell::<String>(row, "state")?.as_str(), transaction) {
        ("open", None) => TradeState::Open,
        ("closed", None) => TradeState::Closed,
        ("paid", Some(transaction_id)) => TradeState::Paid { transaction_id },
        _ => return Err(CentralError::corrupt("trade.state")),
    };
    Ok(TradeRow {
        school: SchoolCode::stored(cell(row, "school_id")?),
        id: parsed(row, "trade_id")?,
        order: parsed(row, "order_id")?,
        amount: Money::from_fen(count(row, "amount_fen")?),
        state,
        code_url: cell(row, "code_url")?,
        created_at: UtcMs(cell(row, "created_at_ms")?),
        expires_at: UtcMs(cell(row, "expires_at_ms")?),
        asked_at: UtcMs(cell(row, "asked_at_ms")?),
        paid_at: cell::<Option<i64>>(row, "paid_at_ms")?.map(UtcMs),
    })
}

/// The word and the provider's number of a state.
fn words(state: &TradeState) -> (&'static str, Option<&String>) {
    match state {
        TradeState::Open => ("open", None),
        TradeState::Closed => ("closed", None),
        TradeState::Paid { transaction_id } => ("paid", Some(transaction_id)),
    }
}

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// A payment by id.
    pub fn trade(&self, id: &PaymentId) -> Stored<Option<TradeRow>> {
        let sql = "SELECT * FROM trade WHERE trade_id = ?1";
        self.one("reading a payment", sql, params![id.to_string()], read)
    }

    /// Payments of an order, oldest first.
    pub fn trades_of(&self, order: &OrderId) -> Stored<Vec<TradeRow>> {
        let sql = "SELECT * FROM trade WHERE order_id = ?1 ORDER BY created_at_ms, trade_id";
        self.many("listing an order's payments", sql, params![order.to_string()], read)
    }

    /// Open payments nobody asked the provider about since this time, longest ago first.
    pub fn trades_to_ask(&self, before: UtcMs, most: usize) -> Stored<Vec<TradeRow>> {
        let sql = "SELECT * FROM trade WHERE state = 'open' AND asked_at_ms <= ?1 ORDER BY asked_at_ms LIMIT ?2";
        self.many("listing open payments", sql, params![before.0, limit(most)], read)
    }

    /// Payments whose money came in from one time up to another.
    pub fn trades_paid(&self, from: UtcMs, to: UtcMs) -> Stored<Vec<TradeRow>> {
        let sql = "SELECT * FROM trade WHERE paid_at_ms >= ?1 AND paid_at_ms < ?2 ORDER BY paid_at_ms, trade_id";
        self.many("listing a day's payments", sql, params![from.0, to.0], read)
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Adds or replaces a payment.
    pub fn put_trade(&self, t: &TradeRow) -> Stored<()> {
        let (state, transaction) = words(&t.state);
        let params = params![
            t.school.as_str(),
            t.id.to_string(),
            t.order.to_string(),
            signed(t.amount.fen()),
            state,
            transaction,
            t.code_url.as_deref(),
            t.created_at.0,
            t.expires_at.0,
            t.asked_at.0,
            t.paid_at.map(|at| at.0),
        ];
        let sql = "INSERT INTO trade (school_id, trade_id, order_id, amount_fen, state, transaction_id, code_url, created_at_ms,
           expires_at_ms, asked_at_ms, paid_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (school_id, trade_id) DO UPDATE SET state = excluded.state, transaction_id = excluded.transaction_id,
           code_url = excluded.code_url, asked_at_ms = excluded.asked_at_ms, paid_at_ms = excluded.paid_at_ms";
        self.change_later("writing a payment", sql, params)
    }
}
