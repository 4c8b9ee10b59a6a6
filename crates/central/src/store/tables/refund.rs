//! Table `refund`: money that goes back.
use crate::error::CentralError;
use crate::store::money::{Cause, RefundRow, step_from_id, step_id};
use crate::store::sql::{Row, cell, count, limit, params, parsed, parsed_if_any, signed};
use crate::store::{ReadRows, SchoolCode, Stored, WriteRows};
use domain::{Money, OrderId, PaymentId, UtcMs};
use pay::trade::RefundStep;

fn read(row: &Row) -> Stored<RefundRow> {
    let cause: String = cell(row, "cause")?;
    let step: String = cell(row, "step")?;
    let time = |name| cell::<Option<i64>>(row, name).map(|t| t.map(UtcMs));
    Ok(RefundRow {
        school: SchoolCode::stored(cell(row, "school_id")?),
        id: parsed(row, "refund_id")?,
        order: parsed(row, "order_id")?,
        trade: parsed_if_any(row, "trade_id")?,
        amount: Money::from_fen(count(row, "amount_fen")?),
        cause: Cause::from_id(&cause).ok_or_else(|| CentralError::corrupt("refund.cause"))?,
        reason: cell(row, "reason")?,
        who: cell(row, "who")?,
        step: step_from_id(&step).ok_or_else(|| CentralError::corrupt("refund.step"))?,
        asked_at: UtcMs(cell(row, "asked_at_ms")?),
        tried_at: UtcMs(cell(row, "tried_at_ms")?),
        sent_at: time("sent_at_ms")?,
        done_at: time("done_at_ms")?,
    })
}

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// A refund by id.
    pub fn refund(&self, id: &PaymentId) -> Stored<Option<RefundRow>> {
        let sql = "SELECT * FROM refund WHERE refund_id = ?1";
        self.one("reading a refund", sql, params![id.to_string()], read)
    }

    /// Refunds of an order, oldest first.
    pub fn refunds_of(&self, order: &OrderId) -> Stored<Vec<RefundRow>> {
        let sql = "SELECT * FROM refund WHERE order_id = ?1 ORDER BY asked_at_ms, refund_id";
        self.many("listing an order's refunds", sql, params![order.to_string()], read)
    }

    /// Refunds at one step, latest first; of one school, or of all.
    pub fn refunds_at(&self, step: RefundStep, school: Option<&SchoolCode>, most: usize) -> Stored<Vec<RefundRow>> {
        let sql = "SELECT * FROM refund WHERE step = ?1 AND (?2 = '' OR school_id = ?2)
         ORDER BY asked_at_ms DESC, refund_id LIMIT ?3";
        let school = school.map_or("", SchoolCode::as_str);
        self.many(
            "listing refunds",
            sql,
            params![step_id(step), school, limit(most)],
            read,
        )
    }

    /// Refunds the provider must be asked for, or about, because nobody did since this time; longest ago first.
    pub fn refunds_to_ask(&self, before: UtcMs, most: usize) -> Stored<Vec<RefundRow>> {
        let sql = "SELECT * FROM refund WHERE step = 'asked' AND tried_at_ms <= ?1 ORDER BY tried_at_ms LIMIT ?2";
        self.many("listing refunds to make", sql, params![before.0, limit(most)], read)
    }

    /// Refunds the provider took on from one time up to another.
    pub fn refunds_sent(&self, from: UtcMs, to: UtcMs) -> Stored<Vec<RefundRow>> {
        let sql = "SELECT * FROM refund WHERE sent_at_ms >= ?1 AND sent_at_ms < ?2 ORDER BY sent_at_ms, refund_id";
        self.many("listing a day's refunds", sql, params![from.0, to.0], read)
    }

    /// All refunds after one, by id.
    pub fn refunds_after(&self, after: &str, most: usize) -> Stored<Vec<RefundRow>> {
        let sql = "SELECT * FROM refund WHERE refund_id > ?1 ORDER BY refund_id LIMIT ?2";
        self.many("listing refunds", sql, params![after, limit(most)], read)
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Adds or replaces a refund.
    pub fn put_refund(&self, r: &RefundRow) -> Stored<()> {
        let params = params![
            r.school.as_str(),
            r.id.to_string(),
            r.order.to_string(),
            r.trade.map(|t| t.to_string()),
            signed(r.amount.fen()),
            r.cause.id(),
            &r.reason,
            &r.who,
            step_id(r.step),
            r.asked_at.0,
            r.tried_at.0,
            r.sent_at.map(|at| at.0),
            r.done_at.map(|at| at.0),
        ];
        let sql = "INSERT INTO refund (school_id, refund_id, order_id, trade_id, amount_fen, cause, reason, who, step, asked_at_ms,
           tried_at_ms, sent_at_ms, done_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (school_id, refund_id) DO UPDATE SET step = excluded.step, tried_at_ms = excluded.tried_at_ms,
           sent_at_ms = excluded.sent_at_ms, done_at_ms = excluded.done_at_ms";
        self.change_later("writing a refund", sql, params)
    }
}
