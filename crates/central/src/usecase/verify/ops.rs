//! Is each op what was received, did it come to what its row says, and does each station's chain hold?
use super::{PAGE, VerifyReport};
use crate::center::Central;
use crate::store::{OpOutcome, OpRow, ReadRows, StationRow, Stored, Waits};
use domain::{OpId, OrderId};
use std::collections::VecDeque;
use wire::op::Op;

/// How far in the order of ids an op's predecessor is looked for: ids of one millisecond may be in any order.
const WINDOW: usize = 64;

/// Checks every op of every station.
pub fn check(central: &Central, report: &mut VerifyReport) -> Stored<()> {
    for station in central.read(|rows| rows.stations(None))? {
        let mut chain = Chain::default();
        let mut after: Option<OpId> = None;
        loop {
            let page = central.read(|rows| {
                let page = rows.ops_after(&station, after.as_ref(), PAGE)?;
                for row in &page {
                    check_one(rows, &station, row, report)?;
                }
                Ok(page)
            })?;
            let Some(last) = page.last() else { break };
            after = last.op.op_id.parse().ok();
            report.ops += page.len() as u64;
            for row in page {
                chain.add(row.op);
            }
            if after.is_none() {
                break;
            }
        }
        let gaps = chain.gaps();
        if gaps > 0 {
            let what = format!("{gaps} of its ops follow an op that has not come, or were changed on the way");
            report.warning(format!("station:{}", station.id), what);
        }
    }
    Ok(())
}

fn check_one(rows: &ReadRows<'_>, station: &StationRow, row: &OpRow, report: &mut VerifyReport) -> Stored<()> {
    let subject = format!("op:{}", row.op.op_id);
    if row.op.content_hash() != row.content_hash {
        report.error(&subject, "it is not what was received");
    }
    let Ok(order_id) = row.op.order_id.parse::<OrderId>() else {
        report.error(&subject, "its order's id does not read");
        return Ok(());
    };
    let last = rows.last_rev(station, &order_id)?;
    match &row.outcome {
        OpOutcome::Applied { .. } => {
            if rows.order(&order_id)?.is_none_or(|o| o.order.station != station.id) {
                report.error(&subject, "it took effect on an order that is not here");
            }
        }
        OpOutcome::Rejected { .. } => {}
        OpOutcome::Held { waits, .. } => {
            let ready = row.op.rev == last + 1
                && match waits {
                    Waits::Predecessor => true,
                    Waits::Blob(blob) => rows.blob(&station.school, blob)?.is_some(),
                    Waits::Campaign(id) => rows.campaign(id)?.is_some_and(|(school, _)| school == station.school),
                };
            if ready {
                report.warning(
                    &subject,
                    "it is held, but nothing is missing; the next tick takes it up",
                );
            }
        }
    }
    if row.op.rev > last && !matches!(row.outcome, OpOutcome::Held { .. }) {
        report.error(&subject, "its revision counts, but is beyond the last one");
    }
    Ok(())
}

/// Follows a station's chain of hashes. An op does not name its predecessor, so it is looked for among its neighbours.
#[derive(Default)]
struct Chain {
    /// Chain hashes of ops before, latest last; the empty one begins the chain.
    before: VecDeque<String>,
    /// Ops whose predecessor has not been seen yet, oldest first.
    open: VecDeque<Op>,
    begun: bool,
    gaps: u64,
}

impl Chain {
    fn add(&mut self, op: Op) {
        if !self.begun {
            self.before.push_back(String::new());
            self.begun = true;
        }
        self.open.push_back(op);
        self.link();
        if self.open.len() > WINDOW {
            // Its predecessor would have come by now: a gap. What follows it may still follow from it.
            if let Some(op) = self.open.pop_front() {
                self.gaps += 1;
                self.remember(op.chain);
                self.link();
            }
        }
    }

    /// Links what can be linked, again and again until nothing new can.
    fn link(&mut self) {
        let mut linked = true;
        while linked {
            linked = false;
            for i in (0..self.open.len()).rev() {
                let op = &self.open[i];
                if self.before.iter().rev().any(|p| follows(p, op)) {
                    if let Some(op) = self.open.remove(i) {
                        self.remember(op.chain);
                    }
                    linked = true;
                }
            }
        }
    }

    fn remember(&mut self, chain: String) {
        self.before.push_back(chain);
        if self.before.len() > WINDOW {
            self.before.pop_front();
        }
    }

    fn gaps(mut self) -> u64 {
        while let Some(op) = self.open.pop_front() {
            self.gaps += 1;
            self.remember(op.chain);
            self.link();
        }
        self.gaps
    }
}

fn follows(previous: &str, op: &Op) -> bool {
    Op::chain_after(previous, &op.op_id, &op.order_id, op.rev, &op.body) == op.chain
}
