//! What happens by itself as time passes: orders run out, campaigns end, old news is forgotten, nothing waits unnoticed.
use crate::center::Central;
use crate::change::{self, By};
use crate::error::CentralError;
use crate::store::OpOutcome;
use domain::{OrderEvent, OrderId, OrderState, UtcMs};

/// Orders and ops handled in one tick; the rest follows in the next.
const BATCH: usize = 500;
/// A retake that was announced in time but whose photo is still on its way keeps its order open this much longer.
const RETAKE_ON_ITS_WAY_MS: i64 = 24 * 3_600_000;

/// What a tick did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tick {
    /// Orders closed because tries, time or the campaign were over.
    pub closed: usize,
    /// Orders that went on because their photo is here.
    pub moved_on: usize,
    /// Held ops that took effect or were refused.
    pub settled: usize,
    /// Feed events forgotten.
    pub forgotten: usize,
}

impl Central {
    /// Does what is due. `serve` calls it every few seconds; tests call it when they have moved the clock.
    ///
    /// # Errors
    /// When the store fails; the next tick takes it up again.
    pub fn tick(&self) -> Result<Tick, CentralError> {
        let now = self.now();
        let waiting = self.read(|rows| rows.orders_awaiting(None, BATCH))?;
        let moved_on = self.move_on(&waiting)?;
        let held = self.read(|rows| rows.held_ops(None, BATCH))?;
        let settled = self.retry_held(&held)?;
        let mut closed = 0;
        for order in self.read(|rows| rows.orders_run_out(now, BATCH))? {
            closed += usize::from(self.close_if_over(&order)?);
        }
        let kept_ms = i64::try_from(self.config().limits.feed_kept.as_millis()).unwrap_or(i64::MAX);
        self.forget_expired_uploads()?;
        self.forget_expired_packages()?;
        let forgotten = self.change(|change| {
            change.rows.forget_enrol_codes(now.plus(-24 * 3_600_000))?;
            change.rows.forget_credentials(now)?;
            change.rows.forget_guest_sessions(now)?;
            change
                .rows
                .forget_phone_codes(now.plus(-crate::usecase::phone::KEPT_MS))?;
            change
                .rows
                .forget_short_messages(now.plus(-crate::usecase::notices::KEPT_MS))?;
            change
                .rows
                .forget_messages(now.plus(-crate::usecase::webhooks::KEPT_MS))?;
            change.rows.prune_feeds(UtcMs(now.0.saturating_sub(kept_ms)))
        })?;
        Ok(Tick {
            closed,
            moved_on,
            settled,
            forgotten,
        })
    }

    /// Looks at the order again in its own transaction: it may have moved since it was listed.
    fn close_if_over(&self, id: &OrderId) -> Result<bool, CentralError> {
        self.change(|change| {
            let mut row = change::order(change, id)?;
            if change.refund_under_way(id)? {
                return Ok(false);
            }
            let event = match row.order.state {
                OrderState::PendingPayment => {
                    let campaign = change.rows.campaign(&row.order.campaign)?;
                    if campaign.is_none_or(|(_, c)| change.now.0 < c.closes_at_ms) {
                        return Ok(false);
                    }
                    OrderEvent::Close
                }
                OrderState::Rejected => {
                    if retake_on_its_way(change, &row)? || row.order.can_be_retaken(change.now).is_ok() {
                        return Ok(false);
                    }
                    OrderEvent::RunOut
                }
                OrderState::Paid
                | OrderState::PendingReview
                | OrderState::PendingProduction
                | OrderState::InProduction
                | OrderState::Completed
                | OrderState::Closed
                | OrderState::Refunded => return Ok(false),
            };
            change.step(&mut row, &event, &By::system(), change.now)?;
            change.save(&mut row)?;
            Ok(true)
        })
    }
}

fn retake_on_its_way(change: &change::Change<'_>, row: &crate::store::OrderRow) -> Result<bool, CentralError> {
    let Some(rejection) = &row.order.rejection else {
        return Ok(false);
    };
    let Some(station) = change.rows.station(&row.order.station)? else {
        return Ok(false);
    };
    let next = change.rows.op_at(&station, &row.order.id, row.rev + 1)?;
    Ok(next.is_some_and(|op| {
        matches!(op.outcome, OpOutcome::Held { .. })
            && op.received_at <= rejection.deadline
            && change.now <= rejection.deadline.plus(RETAKE_ON_ITS_WAY_MS)
    }))
}
