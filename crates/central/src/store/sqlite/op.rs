//! Table `op`: every op as it came, with its outcome. The row is written in the transaction of its effect.
use super::query::{cell, change, count, json, limit, many, one, parsed, parsed_if_any, signed, small};
use crate::error::CentralError;
use crate::store::{OpOutcome, OpRow, SchoolCode, StationRow, Stored, Waits};
use domain::{OpId, OrderId, OrderState, StationId, UtcMs};
use rusqlite::{Connection, Row};
use wire::op::Op;

fn read(row: &Row<'_>) -> Stored<OpRow> {
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

fn outcome(row: &Row<'_>) -> Stored<OpOutcome> {
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

fn waits(row: &Row<'_>) -> Stored<Waits> {
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

pub fn get(connection: &Connection, station: &StationRow, id: &OpId) -> Stored<Option<OpRow>> {
    let sql = "SELECT * FROM op WHERE school_id = ?1 AND station_id = ?2 AND op_id = ?3";
    let params = (station.school.as_str(), station.id.to_string(), id.to_string());
    one(connection, "reading an op", sql, params, read)
}

pub fn at(connection: &Connection, station: &StationRow, order: &OrderId, rev: u32) -> Stored<Option<OpRow>> {
    let sql = "SELECT * FROM op WHERE school_id = ?1 AND station_id = ?2 AND order_id = ?3 AND rev = ?4";
    let params = (station.school.as_str(), station.id.to_string(), order.to_string(), rev);
    one(connection, "reading an op", sql, params, read)
}

pub fn last_rev(connection: &Connection, station: &StationRow, order: &OrderId) -> Stored<u32> {
    let sql = "SELECT COALESCE(MAX(rev), 0) AS rev FROM op
         WHERE school_id = ?1 AND station_id = ?2 AND order_id = ?3 AND status IN ('applied', 'rejected')";
    let params = (station.school.as_str(), station.id.to_string(), order.to_string());
    let found = one(connection, "reading an order's revision", sql, params, |row| {
        small(row, "rev")
    })?;
    Ok(found.unwrap_or(0))
}

pub fn held_count(connection: &Connection, station: &StationRow) -> Stored<u64> {
    let sql = "SELECT COUNT(*) AS n FROM op WHERE school_id = ?1 AND status = 'held' AND station_id = ?2";
    let params = (station.school.as_str(), station.id.to_string());
    let found = one(connection, "counting held ops", sql, params, |row| count(row, "n"))?;
    Ok(found.unwrap_or(0))
}

pub fn held(
    connection: &Connection,
    waits_for: Option<(&SchoolCode, &str)>,
    most: usize,
) -> Stored<Vec<(StationId, OpId)>> {
    let pair = |row: &Row<'_>| Ok((parsed(row, "station_id")?, parsed(row, "op_id")?));
    let doing = "listing held ops";
    match waits_for {
        Some((school, key)) => {
            let sql = "SELECT station_id, op_id FROM op WHERE school_id = ?1 AND status = 'held' AND waits_for = ?2
                 ORDER BY received_at_ms LIMIT ?3";
            many(connection, doing, sql, (school.as_str(), key, limit(most)), pair)
        }
        None => many(
            connection,
            doing,
            include_str!("op_held_ready.sql"),
            [limit(most)],
            pair,
        ),
    }
}

pub fn after(connection: &Connection, station: &StationRow, after: Option<&OpId>, most: usize) -> Stored<Vec<OpRow>> {
    let sql = "SELECT * FROM op WHERE school_id = ?1 AND station_id = ?2 AND op_id > ?3 ORDER BY op_id LIMIT ?4";
    let after = after.map(ToString::to_string).unwrap_or_default();
    let params = (station.school.as_str(), station.id.to_string(), after, limit(most));
    many(connection, "listing ops", sql, params, read)
}

pub fn add(connection: &Connection, row: &OpRow) -> Stored<()> {
    let (status, order_rev, state, waits, waits_for, problem) = cells(&row.outcome)?;
    let params = rusqlite::params![
        row.school.as_str(),
        row.station.to_string(),
        row.op.op_id,
        row.op.order_id,
        row.op.rev,
        row.op.body,
        row.op.captured_at_ms,
        signed(row.op.mono_ms),
        row.op.boot_id,
        row.op.chain,
        row.content_hash,
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
    change(connection, "adding an op", include_str!("op_add.sql"), params).map(|_| ())
}

pub fn settle(connection: &Connection, row: &OpRow) -> Stored<()> {
    let (status, order_rev, state, waits, waits_for, problem) = cells(&row.outcome)?;
    let sql = "UPDATE op SET settled_at_ms = ?4, status = ?5, order_rev = ?6, state = ?7, waits = ?8, waits_for = ?9,
             problem = ?10
         WHERE school_id = ?1 AND station_id = ?2 AND op_id = ?3 AND status = 'held'";
    let params = (
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
    );
    change(connection, "settling an op", sql, params).map(|_| ())
}
