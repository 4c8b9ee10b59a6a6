//! Table `orders` as reviewers see it: whose turn it is, and how many there are.
use super::order_cells::read;
use crate::store::sql::{cell, count, limit, params};
use crate::store::{OrderRow, ReadRows, ReviewFilter, SchoolCode, StateCount, Stored, Turn};
use domain::order::LocalCheck;
use domain::{CampaignId, OrderState};

impl OrderRow {
    /// When its turn comes in review. The same as in `order_review.sql`.
    pub fn turn(&self) -> Turn {
        let photo = &self.order.photo;
        if photo.check != LocalCheck::Passed || self.order.tries > 0 || self.duplicate_person {
            Turn::Exception
        } else if photo.warned.is_empty() {
            Turn::Calm
        } else {
            Turn::Warned
        }
    }
}

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// Orders of one state by [`Turn`], then whoever waits longest.
    pub fn review_queue(&self, filter: &ReviewFilter) -> Stored<Vec<OrderRow>> {
        let (turn, at, id) = match &filter.after {
            Some((turn, at, id)) => (turn.place(), at.0, id.to_string()),
            None => (-1, i64::MIN, String::new()),
        };
        let params = params![
            filter.state.id(),
            filter.school.as_ref().map(SchoolCode::as_str),
            filter.campaign.map(|c| c.to_string()),
            filter.station.map(|s| s.to_string()),
            turn,
            at,
            id,
            limit(filter.limit),
        ];
        self.many(
            "listing orders for review",
            include_str!("order_review.sql"),
            params,
            read,
        )
    }

    /// How many orders there are in each state that has any.
    pub fn order_counts(&self, school: Option<&SchoolCode>, campaign: Option<&CampaignId>) -> Stored<Vec<StateCount>> {
        let params = params![school.map(SchoolCode::as_str), campaign.map(ToString::to_string)];
        self.many("counting orders", include_str!("order_count.sql"), params, |row| {
            let id: String = cell(row, "state")?;
            Ok(StateCount {
                state: OrderState::from_id(&id).ok_or_else(|| crate::error::CentralError::corrupt("state"))?,
                orders: count(row, "orders")?,
                exceptions: count(row, "exceptions")?,
                warned: count(row, "warned")?,
            })
        })
    }
}
