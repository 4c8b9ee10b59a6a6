//! What becomes of the ops a station sends: each in its own transaction, so that a poisoned one never blocks another.
//!
//! - The op's row is written in the transaction of its effect. The same op again gets the stored answer; the same id with
//!   other content is refused and never applied; the same content under another id is a duplicate.
//! - Ops of one order take effect in the order of their revisions. One that came too early is held, as is one whose photo or
//!   campaign is not here; it takes effect when that comes. A refused op uses up its revision, so the next one is not stuck.
//! - Ops are looked up by station: no station can answer, block or use up revisions for another one.
use crate::center::Central;
use crate::change::Change;
use crate::error::CentralError;
use crate::store::{OpOutcome, OpRow, StationRow, Stored, Waits};
use crate::usecase::apply::{self, Judged};
use domain::{OpId, OrderId, StationId};
use wire::op::{Op, OpResult, OpStatus, OpsAnswer};
use wire::problem::{Code, Problem};
use wire::receipt::{Entry, Receipt};
use wire::{MAX_OP_BODY_BYTES, MAX_OPS};

/// Most ops that follow one another out of being held in one transaction; the rest follows at the next tick.
const MAX_FOLLOWERS: usize = 100;
/// Longest boot id.
const MAX_BOOT_ID: usize = 64;

impl Central {
    /// Takes ops of a station and answers each, with one receipt over those that took effect.
    ///
    /// # Errors
    /// When there are too many, or the store is too busy; ops that took effect before are answered next time.
    pub fn receive_ops(&self, station: &StationRow, ops: &[Op]) -> Result<OpsAnswer, CentralError> {
        if ops.len() > MAX_OPS {
            return Err(wire::Invalid::new("ops", format!("must be at most {MAX_OPS}")).into());
        }
        let mut results = Vec::with_capacity(ops.len());
        let mut entries = Vec::new();
        let mut latest = 0;
        for op in ops {
            let (result, entry) = match self.receive_op(station, op) {
                Ok(done) => done,
                Err(busy) if busy.retryable() => return Err(busy),
                // One op that the center cannot digest must not stop the others; it stays with the station.
                Err(fault) => {
                    tracing::error!(op = %op.op_id, station = %station.id, error = ?fault, "an op failed");
                    (failed(op), None)
                }
            };
            results.push(result);
            if let Some((entry, at_ms)) = entry {
                entries.push(entry);
                latest = latest.max(at_ms);
            }
        }
        entries.sort();
        entries.dedup();
        let receipt = (!entries.is_empty()).then(|| Receipt::sign(self.signing_key(), latest, entries));
        Ok(OpsAnswer { results, receipt })
    }

    fn receive_op(&self, station: &StationRow, op: &Op) -> Stored<(OpResult, Option<(Entry, i64)>)> {
        let (op_id, order_id) = match well_formed(op) {
            Ok(ids) => ids,
            Err(problem) => return Ok((refused(op, problem), None)),
        };
        let held_most = self.config().limits.held_ops;
        self.change_in(&station.school, |change| {
            let taken = take(change, station, op, &op_id, &order_id, held_most)?;
            match taken {
                Taken::Row(row, status) => answer(change, station, op, &row, &order_id, status),
                Taken::Refused(problem) => Ok((refused(op, problem), None)),
            }
        })
    }

    /// Tries held ops again whose photo or campaign has come; each on its own, in the turn of its school.
    pub(crate) fn retry_held(&self, ops: &[(StationId, OpId)]) -> Stored<usize> {
        let mut settled = 0;
        for (station, id) in ops {
            let Some(StationRow { school, .. }) = self.read(|rows| rows.station(station))? else {
                continue;
            };
            let done = self.change_in(&school, |change| {
                let Some(station) = change.rows.station(station)? else {
                    return Ok(false);
                };
                let Some(mut row) = change.rows.op(&station, id)? else {
                    return Ok(false);
                };
                settle(change, &station, &mut row)?;
                Ok(!matches!(row.outcome, OpOutcome::Held { .. }))
            })?;
            settled += usize::from(done);
        }
        Ok(settled)
    }
}

enum Taken {
    Row(Box<OpRow>, OpStatus),
    Refused(Problem),
}

/// Checks what can be checked without the store. Ids must be in their one spelling: it is what is hashed and signed.
fn well_formed(op: &Op) -> Result<(OpId, OrderId), Problem> {
    let invalid = |detail: &str| Problem::new(Code::Validation, "The op does not hold").detail(detail);
    let op_id: OpId = op.op_id.parse().map_err(|_| invalid("op_id must be a UUID"))?;
    let order_id: OrderId = op.order_id.parse().map_err(|_| invalid("order_id must be a UUID"))?;
    if op_id.to_string() != op.op_id || order_id.to_string() != op.order_id {
        return Err(invalid("ids must be lower-case UUIDs with dashes"));
    }
    if op.rev == 0 {
        return Err(invalid("rev begins with 1"));
    }
    if op.chain.len() != 64 || !op.chain.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(invalid("chain must be 64 hex digits"));
    }
    if op.boot_id.len() > MAX_BOOT_ID {
        return Err(invalid("boot_id is too long"));
    }
    // JSON never holds this character as it is, and not every database's text can.
    if op.body.contains('\0') || op.boot_id.contains('\0') {
        return Err(invalid("U+0000 is no text"));
    }
    if op.body.len() > MAX_OP_BODY_BYTES {
        return Err(Problem::new(Code::TooLarge, "The op's body is too long"));
    }
    Ok((op_id, order_id))
}

fn take(
    change: &Change<'_>,
    station: &StationRow,
    op: &Op,
    op_id: &OpId,
    order_id: &OrderId,
    held_most: u64,
) -> Stored<Taken> {
    let mut near = change.rows.ops_near(station, op_id, order_id, op.rev)?;
    let mut take = |which: &dyn Fn(&OpRow) -> bool| near.iter().position(which).map(|at| near.swap_remove(at));
    if let Some(row) = take(&|row| row.op.op_id == op.op_id) {
        return again(change, station, op, row);
    }
    if let Some(row) = take(&|row| row.op.rev == op.rev) {
        return Ok(same_revision(op, row));
    }
    // Revisions are used up in their order: the one before this one is the last, or it is not this one's turn.
    let before = take(&|row| row.op.rev == op.rev - 1);
    let its_turn = op.rev == 1 || before.is_some_and(|row| !matches!(row.outcome, OpOutcome::Held { .. }));
    let mut row = OpRow {
        school: station.school.clone(),
        station: station.id,
        op: op.clone(),
        content_hash: op.content_hash(),
        blob: named_photo(op),
        received_at: change.now,
        settled_at: change.now,
        outcome: held_by_predecessor(),
    };
    if its_turn {
        row.outcome = outcome(change, station, &row)?;
    }
    if matches!(row.outcome, OpOutcome::Held { .. }) && change.rows.held_count(station)? >= held_most {
        let detail = "too many ops of this station are held";
        return Ok(Taken::Refused(
            Problem::new(Code::Overloaded, "Try again later").detail(detail),
        ));
    }
    change.rows.add_op(&row)?;
    if !near.is_empty() {
        follow(change, station, &row)?;
    }
    Ok(Taken::Row(Box::new(row), OpStatus::Applied))
}

/// The same op id again.
fn again(change: &Change<'_>, station: &StationRow, op: &Op, mut row: OpRow) -> Stored<Taken> {
    if row.content_hash != op.content_hash() {
        let problem = Problem::new(Code::IdempotencyMismatch, "This op_id came before with other content");
        return Ok(Taken::Refused(problem));
    }
    settle(change, station, &mut row)?;
    Ok(Taken::Row(Box::new(row), OpStatus::Applied))
}

/// Another op id for a revision that is used up or held.
fn same_revision(op: &Op, row: OpRow) -> Taken {
    if row.op.body == op.body {
        Taken::Row(Box::new(row), OpStatus::Duplicate)
    } else {
        Taken::Refused(Problem::new(
            Code::StaleRev,
            "This revision of the order came before with other content",
        ))
    }
}

fn named_photo(op: &Op) -> Option<domain::BlobId> {
    op.read().ok()?.photo()?.blob_id.parse().ok()
}

fn held_by_predecessor() -> OpOutcome {
    OpOutcome::Held {
        waits: Waits::Predecessor,
        problem: Problem::new(Code::MissingPredecessor, "The op before this one has not come"),
    }
}

/// Tries a held op whose turn it is; when it is settled, those behind it follow.
fn settle(change: &Change<'_>, station: &StationRow, row: &mut OpRow) -> Stored<()> {
    if !matches!(row.outcome, OpOutcome::Held { .. }) {
        return Ok(());
    }
    let order_id = parse_order_id(row)?;
    if change.rows.last_rev(station, &order_id)? + 1 != row.op.rev {
        return Ok(());
    }
    let before = row.outcome.clone();
    row.outcome = outcome(change, station, row)?;
    if row.outcome != before {
        row.settled_at = change.now;
        change.rows.settle_op(row)?;
    }
    follow(change, station, row)
}

/// Settles the held ops behind one that has just been settled.
fn follow(change: &Change<'_>, station: &StationRow, row: &OpRow) -> Stored<()> {
    let order_id = parse_order_id(row)?;
    let (mut rev, mut open) = (row.op.rev, !matches!(row.outcome, OpOutcome::Held { .. }));
    for _ in 0..MAX_FOLLOWERS {
        let next = if open {
            change.rows.op_at(station, &order_id, rev + 1)?
        } else {
            None
        };
        let Some(mut next) = next.filter(|n| matches!(n.outcome, OpOutcome::Held { .. })) else {
            return Ok(());
        };
        next.outcome = outcome(change, station, &next)?;
        next.settled_at = change.now;
        change.rows.settle_op(&next)?;
        open = !matches!(next.outcome, OpOutcome::Held { .. });
        rev += 1;
    }
    Ok(())
}

/// Applies an op whose turn it is.
fn outcome(change: &Change<'_>, station: &StationRow, row: &OpRow) -> Stored<OpOutcome> {
    let order_id = parse_order_id(row)?;
    match apply::judge(change, station, &row.op, &order_id)? {
        Judged::Applied(state) => Ok(OpOutcome::Applied {
            order_rev: row.op.rev,
            state,
        }),
        Judged::Waits(waits, problem) => Ok(OpOutcome::Held { waits, problem }),
        Judged::Never(problem) => {
            // The refusal uses up the revision; the station learns of both.
            let mut order = own_order(change, station, &order_id)?;
            if let Some(order) = &mut order {
                order.rev = row.op.rev;
                change.save(order)?;
            }
            let state = order.map(|o| o.order.state);
            Ok(OpOutcome::Rejected { state, problem })
        }
    }
}

fn parse_order_id(row: &OpRow) -> Stored<OrderId> {
    row.op.order_id.parse().map_err(|_| CentralError::corrupt("order_id"))
}

fn own_order(change: &Change<'_>, station: &StationRow, id: &OrderId) -> Stored<Option<crate::store::OrderRow>> {
    Ok(change
        .order(id)?
        .filter(|o| o.school == station.school && o.order.station == station.id))
}

fn refused(op: &Op, problem: Problem) -> OpResult {
    OpResult {
        op_id: op.op_id.clone(),
        status: OpStatus::Rejected,
        order_rev: None,
        state: None,
        missing_blobs: Vec::new(),
        problem: Some(problem),
    }
}

fn failed(op: &Op) -> OpResult {
    OpResult {
        status: OpStatus::Held,
        ..refused(
            op,
            Problem::new(Code::Internal, "The center could not take the op; it is not lost"),
        )
    }
}

/// The answer for an op's row. Only the missing photos are looked up anew: they come while the outcome stays.
fn answer(
    change: &Change<'_>,
    station: &StationRow,
    op: &Op,
    row: &OpRow,
    order_id: &OrderId,
    applied: OpStatus,
) -> Stored<(OpResult, Option<(Entry, i64)>)> {
    let order = own_order(change, station, order_id)?;
    let mut missing = Vec::new();
    for blob in row.blob.into_iter().chain(order.as_ref().map(|o| o.order.photo.blob)) {
        if !missing.contains(&blob.to_string()) && !change.has_photo(&station.school, &blob)? {
            missing.push(blob.to_string());
        }
    }
    let (status, order_rev, state, problem) = match &row.outcome {
        OpOutcome::Applied { order_rev, state } => (applied, Some(*order_rev), Some(*state), None),
        OpOutcome::Held { problem, .. } => {
            let order_rev = order.as_ref().map(|o| o.rev);
            let state = order.as_ref().map(|o| o.order.state);
            (OpStatus::Held, order_rev, state, Some(problem.clone()))
        }
        OpOutcome::Rejected { state, problem } => {
            let order_rev = state.map(|_| row.op.rev);
            (OpStatus::Rejected, order_rev, *state, Some(problem.clone()))
        }
    };
    let held_photo = row.blob.map(|b| b.to_string()).filter(|b| !missing.contains(b));
    let entry = matches!(status, OpStatus::Applied | OpStatus::Duplicate).then(|| {
        let entry = Entry {
            op_id: op.op_id.clone(),
            rev: op.rev,
            blob_id: held_photo,
        };
        (entry, row.settled_at.0)
    });
    let result = OpResult {
        op_id: op.op_id.clone(),
        status,
        order_rev,
        state: state.map(|s| s.id().to_owned()),
        missing_blobs: missing,
        problem,
    };
    Ok((result, entry))
}
