//! A class paid for in one sum (T2): the sum must be price × heads, and then each order is paid in full.
use crate::id::PaymentId;
use crate::lifecycle::{Actor, OrderEvent, Refused};
use crate::money::Money;
use crate::order::{Order, OrderState};
use crate::time::UtcMs;

/// Most orders in one batch.
pub const MAX_HEADS: usize = 2000;

/// Why a class payment was not taken. Nothing was paid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchRefused {
    /// No order, or too many.
    #[error("a batch has 1 to {MAX_HEADS} orders")]
    Size,
    /// The sum differs from what the orders cost.
    #[error("the orders cost {expected}, not {got}")]
    WrongSum {
        /// What they cost.
        expected: Money,
        /// What was paid.
        got: Money,
    },
    /// One of them cannot be paid.
    #[error("order {index} of the batch: {refused}")]
    Order {
        /// Position in the batch.
        index: usize,
        /// Why.
        refused: Refused,
    },
}

/// Pays all orders of a class at once, or none.
///
/// # Errors
/// When the sum or any one order does not hold.
pub fn pay_class(orders: &[Order], payment: PaymentId, sum: Money, now: UtcMs) -> Result<Vec<Order>, BatchRefused> {
    if orders.is_empty() || orders.len() > MAX_HEADS {
        return Err(BatchRefused::Size);
    }
    let expected = orders
        .iter()
        .filter(|o| o.state == OrderState::PendingPayment || o.payment.payment == Some(payment))
        .try_fold(Money::ZERO, |total, o| total.plus(o.payment.price))
        .ok_or(BatchRefused::Size)?;
    if expected != sum {
        return Err(BatchRefused::WrongSum { expected, got: sum });
    }
    orders
        .iter()
        .enumerate()
        .map(|(index, order)| {
            let event = OrderEvent::Pay {
                payment,
                amount: order.payment.price,
            };
            order
                .apply(&event, &Actor::Coordinator, now)
                .map_err(|refused| BatchRefused::Order { index, refused })
        })
        .collect()
}
