//! Does the money of an order add up?
use super::VerifyReport;
use domain::{Money, Order, OrderState};

/// Checks price, payment and refund against each other and the state.
pub fn check(subject: &str, order: &Order, report: &mut VerifyReport) {
    let money = &order.payment;
    if money.refunded > money.paid {
        report.error(subject, "more was refunded than came in");
    }
    if (money.paid == Money::ZERO) != money.payment.is_none() {
        report.error(subject, "money without a payment, or a payment without money");
    }
    let must_be_paid = match order.state {
        OrderState::PendingPayment | OrderState::Closed | OrderState::Refunded => false,
        OrderState::Paid
        | OrderState::PendingReview
        | OrderState::Rejected
        | OrderState::PendingProduction
        | OrderState::InProduction
        | OrderState::Completed => true,
    };
    if must_be_paid && money.paid != money.price {
        report.error(subject, "its state says paid, but the price has not come in");
    }
}
