//! Table `op`: every op as it came, with its outcome. The row is written in the transaction of its effect.
use crate::error::CentralError;
use crate::store::sql::{Row, cell, count, json, limit, params, parsed, parsed_if_any, signed, small};
use crate::store::{OpOutcome, OpRow, ReadRows, SchoolCode, StationRow, Stored, Waits, WriteRows};
use domain::{OpId, OrderId, OrderState, StationId, UtcMs};
use wire::op::Op;

fn read(row: &Row) -> Stored<OpRow> {
    Ok(OpRow {
        school: SchoolCode::stored(cell(row, "school_id")?),
        station: parsed(row, "station_id")?,
        op: Op {
            op_id: cell(row, "op_id")?,
            order_id: cell(row, "order_id")?,
            rev: small(row, "rev")?,
            body: cell(row, "body")?,
            captured_at_ms: cell(row, "captured_at_ms")?,
            mono_ms: count(row, "mono_ms")?,
            boot_id: cell(row, "boot_id")?,
            chain: cell(row, "chain")?,
        },
        content_hash: cell(row, "content_hash")?,
        blob: parsed_if_any(row, "blob_id")?,
        received_at: UtcMs(cell(row, "received_at_ms")?),
        settled_at: UtcMs(cell(row, "settled_at_ms")?),
        outcome: outcome(row)?,
    })
}

fn outcome(row: &Row) -> Stored<OpOutcome> {
    let status: String = cell(row, "status")?;
    let state = || -> Stored<Option<OrderState>> {
        let id: Option<String> = cell(row, "state")?;
        id.map(|id| OrderState::from_id(&id).ok_or_else(|| CentralError::corrupt("state")))
            .transpose()
    };
    match status.as_str() {
        "applied" => Ok(OpOutcome::Applied {
            order_rev: small(row, "order_rev")?,
            state: state()?.ok_or_else(|| CentralError::corrupt("state"))?,
        }),
        "held" => Ok(OpOutcome::Held {
            waits: waits(row)?,
            problem: json(row, "problem")?,
        }),
        "rejected" => Ok(OpOutcome::Rejected {
            state: state()?,
            problem: json(row, "problem")?,
        }),
        _ => Err(CentralError::corrupt("status")),
    }
}

fn waits(row: &Row) -> Stored<Waits> {
    let kind: String = cell(row, "waits")?;
    match kind.as_str() {
        "predecessor" => Ok(Waits::Predecessor),
        "blob" => Ok(Waits::Blob(parsed(row, "waits_for")?)),
        "campaign" => Ok(Waits::Campaign(parsed(row, "waits_for")?)),
        _ => Err(CentralError::corrupt("waits")),
    }
}

/// The outcome as cells: status, order_rev, state, waits, waits_for, problem.
type OutcomeCells = (
    &'static str,
    Option<u32>,
    Option<&'static str>,
    Option<&'static str>,
    Option<String>,
    Option<String>,
);

fn cells(outcome: &OpOutcome) -> Stored<OutcomeCells> {
    Ok(match outcome {
        OpOutcome::Applied { order_rev, state } => ("applied", Some(*order_rev), Some(state.id()), None, None, None),
        OpOutcome::Held { waits, problem } => {
            let kind = match waits {
                Waits::Predecessor => "predecessor",
                Waits::Blob(_) => "blob",
                Waits::Campaign(_) => "campaign",
            };
            let problem = serde_json::to_string(problem)?;
            ("held", None, None, Some(kind), waits.key(), Some(problem))
        }
        OpOutcome::Rejected { state, problem } => {
            let problem = serde_json::to_string(problem)?;
            ("rejected", None, state.map(OrderState::id), None, None, Some(problem))
        }
    })
}

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// When the latest op of a station came.
    pub fn last_op_at(&self, station: &StationRow) -> Stored<Option<UtcMs>> {
        let sql = "SELECT MAX(received_at_ms) AS at_ms FROM op WHERE school_id = ?1 AND station_id = ?2";
        let params = params![station.school.as_str(), station.id.to_string()];
        let at = self.one("looking for a station's latest op", sql, params, |row| {
            cell::<Option<i64>>(row, "at_ms")
        })?;
        Ok(at.flatten().map(UtcMs))
    }

    /// An op of a station by its id.
    pub fn op(&self, station: &StationRow, id: &OpId) -> Stored<Option<OpRow>> {
        let sql = "SELECT * FROM op WHERE school_id = ?1 AND station_id = ?2 AND op_id = ?3";
        let params = params![station.school.as_str(), station.id.to_string(), id.to_string()];
        self.one("reading an op", sql, params, read)
    }

    /// The op of a station at a revision of an order.
    pub fn op_at(&self, station: &StationRow, order: &OrderId, rev: u32) -> Stored<Option<OpRow>> {
        let sql = "SELECT * FROM op WHERE school_id = ?1 AND station_id = ?2 AND order_id = ?3 AND rev = ?4";
        let params = params![station.school.as_str(), station.id.to_string(), order.to_string(), rev];
        self.one("reading an op", sql, params, read)
    }

    /// What decides about an op that comes: the op of this id, and those at its revision of the order and on both sides of it.
    pub fn ops_near(&self, station: &StationRow, id: &OpId, order: &OrderId, rev: u32) -> Stored<Vec<OpRow>> {
        let sql = "SELECT * FROM op WHERE school_id = ?1 AND station_id = ?2 AND op_id = ?3
         UNION SELECT * FROM op WHERE school_id = ?1 AND station_id = ?2 AND order_id = ?4 AND rev >= ?5 AND rev <= ?6";
        let params = params![
            station.school.as_str(),
            station.id.to_string(),
            id.to_string(),
            order.to_string(),
            rev.saturating_sub(1),
            rev.saturating_add(1),
        ];
        self.many("looking for an op", sql, params, read)
    }

    /// The last revision of an order that an op of this station has used up; 0 when none.
    pub fn last_rev(&self, station: &StationRow, order: &OrderId) -> Stored<u32> {
        let sql = "SELECT COALESCE(MAX(rev), 0) AS rev FROM op
         WHERE school_id = ?1 AND station_id = ?2 AND order_id = ?3 AND status IN ('applied', 'rejected')";
        let params = params![station.school.as_str(), station.id.to_string(), order.to_string()];
        let found = self.one("reading an order's revision", sql, params, |row| small(row, "rev"))?;
        Ok(found.unwrap_or(0))
    }

    /// Held ops of a station.
    pub fn held_count(&self, station: &StationRow) -> Stored<u64> {
        let sql = "SELECT COUNT(*) AS n FROM op WHERE school_id = ?1 AND status = 'held' AND station_id = ?2";
        let params = params![station.school.as_str(), station.id.to_string()];
        let found = self.one("counting held ops", sql, params, |row| count(row, "n"))?;
        Ok(found.unwrap_or(0))
    }

    /// Held ops that wait for this photo or campaign (by its id's text), or whose photo or campaign is there by now.
    pub fn held_ops(&self, waits_for: Option<(&SchoolCode, &str)>, most: usize) -> Stored<Vec<(StationId, OpId)>> {
        let pair = |row: &Row| Ok((parsed(row, "station_id")?, parsed(row, "op_id")?));
        let doing = "listing held ops";
        match waits_for {
            Some((school, key)) => {
                let sql = "SELECT station_id, op_id FROM op WHERE school_id = ?1 AND status = 'held' AND waits_for = ?2
                 ORDER BY received_at_ms LIMIT ?3";
                self.many(doing, sql, params![school.as_str(), key, limit(most)], pair)
            }
            None => self.many(doing, include_str!("op_held_ready.sql"), params![limit(most)], pair),
        }
    }

    /// Ops of a station in the order of their ids, after one, at most `limit`.
    pub fn ops_after(&self, station: &StationRow, after: Option<&OpId>, most: usize) -> Stored<Vec<OpRow>> {
        let sql = "SELECT * FROM op WHERE school_id = ?1 AND station_id = ?2 AND op_id > ?3 ORDER BY op_id LIMIT ?4";
        let after = after.map(ToString::to_string).unwrap_or_default();
        let params = params![station.school.as_str(), station.id.to_string(), after, limit(most)];
        self.many("listing ops", sql, params, read)
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Adds an op.
    pub fn add_op(&self, row: &OpRow) -> Stored<()> {
        let (status, order_rev, state, waits, waits_for, problem) = cells(&row.outcome)?;
        let params = params![
            row.school.as_str(),
            row.station.to_string(),
            &row.op.op_id,
            &row.op.order_id,
            row.op.rev,
            &row.op.body,
            row.op.captured_at_ms,
            signed(row.op.mono_ms),
            &row.op.boot_id,
            &row.op.chain,
            &row.content_hash,
            row.blob.map(|b| b.to_string()),
            row.received_at.0,
            row.settled_at.0,
            status,
            order_rev,
            state,
            waits,
            waits_for,
            problem,
        ];
        self.change_later("adding an op", include_str!("op_add.sql"), params)
    }

    /// Records what became of a held op.
    pub fn settle_op(&self, row: &OpRow) -> Stored<()> {
        let (status, order_rev, state, waits, waits_for, problem) = cells(&row.outcome)?;
        let sql =
            "UPDATE op SET settled_at_ms = ?4, status = ?5, order_rev = ?6, state = ?7, waits = ?8, waits_for = ?9,
             problem = ?10
         WHERE school_id = ?1 AND station_id = ?2 AND op_id = ?3 AND status = 'held'";
        let params = params![
            row.school.as_str(),
            row.station.to_string(),
            &row.op.op_id,
            row.settled_at.0,
            status,
            order_rev,
            state,
            waits,
            waits_for,
            problem,
        ];
        self.change_later("settling an op", sql, params)
    }
}
