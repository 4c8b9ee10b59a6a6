//! What becomes of an order when a package is made?
use domain::OrderState;
use domain::order::Order;

/// Where an order goes in a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Its picture is delivered.
    Picture,
    /// Onto the list of what was sent back.
    Rejected,
    /// No picture yet, or none any more, for this reason.
    Open(&'static str),
}

/// The fate of an order; pictures that wait for their review go in only when that is wished.
pub fn fate(order: &Order, unreviewed: bool) -> Fate {
    match order.state {
        OrderState::PendingProduction | OrderState::InProduction | OrderState::Completed => Fate::Picture,
        OrderState::PendingReview if order.withdrawn => Fate::Open("withdrawn"),
        OrderState::PendingReview if unreviewed => Fate::Picture,
        OrderState::Rejected => Fate::Rejected,
        OrderState::PendingPayment
        | OrderState::Paid
        | OrderState::PendingReview
        | OrderState::Closed
        | OrderState::Refunded => Fate::Open(order.state.id()),
    }
}
