//! Does the money add up: of each order by itself, of orders with the books, and of the books by themselves?
use super::{PAGE, VerifyReport};
use crate::center::Central;
use crate::change;
use crate::store::money::{Cause, RefundRow};
use crate::store::{OrderRow, ReadRows, Stored};
use domain::{Money, Order, OrderState};
use pay::ledger::Account;
use pay::trade::{RefundStep, TradeState};

/// Checks an order's price, payment and refund against each other, the state and the books.
pub fn check(rows: &ReadRows<'_>, row: &OrderRow, report: &mut VerifyReport) -> Stored<()> {
    let subject = change::subject(row);
    by_itself(&subject, &row.order, report);
    let money = &row.order.payment;
    let refunds = rows.refunds_of(&row.order.id)?;
    let on_its_way: u64 = refunds
        .iter()
        .filter(|r| r.cause == Cause::Approved && r.step != RefundStep::Done)
        .map(|r| r.amount.fen())
        .sum();
    match rows.owed(&row.school, &Account::Order(row.order.id)) {
        Ok(owed) if owed.fen() + on_its_way + money.refunded.fen() == money.paid.fen() => {}
        Ok(_) => report.error(&subject, "its money is not what the books say"),
        Err(error) => report.error(&subject, error.to_string()),
    }
    for trade in rows.trades_of(&row.order.id)? {
        let number = trade.number();
        let booked = rows.entry(&trade.school, &format!("paid:{number}"))?;
        let paid = matches!(trade.state, TradeState::Paid { .. });
        if booked.map(|b| b.entry.amount) != paid.then_some(trade.amount) {
            report.error(format!("payment:{}", trade.id), "its state is not what the books say");
        }
        if rows.owed(&trade.school, &Account::Surplus(number.to_string()))? != Money::ZERO {
            report.error(
                format!("payment:{}", trade.id),
                "nobody sends its money back, and no order has it",
            );
        }
    }
    Ok(())
}

fn by_itself(subject: &str, order: &Order, report: &mut VerifyReport) {
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

/// Checks every refund against the books.
pub fn refunds(central: &Central, report: &mut VerifyReport) -> Stored<()> {
    let mut after = String::new();
    loop {
        let page = central.read(|rows| rows.refunds_after(&after, PAGE))?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id.to_string();
        for refund in &page {
            // Read again with its account, as of one moment: the page is older.
            central.read(|rows| match rows.refund(&refund.id)? {
                Some(refund) => one(rows, &refund, report),
                None => {
                    report.error(format!("refund:{}", refund.id), "is gone");
                    Ok(())
                }
            })?;
        }
    }
}

fn one(rows: &ReadRows<'_>, refund: &RefundRow, report: &mut VerifyReport) -> Stored<()> {
    let subject = format!("refund:{}", refund.id);
    let expected = match refund.step {
        RefundStep::Asked | RefundStep::Stuck => refund.amount,
        RefundStep::Done => Money::ZERO,
    };
    match rows.owed(&refund.school, &Account::Returning(refund.number().to_string())) {
        Ok(owed) if owed == expected => {}
        Ok(_) => report.error(&subject, "its step is not what the books say"),
        Err(error) => report.error(&subject, error.to_string()),
    }
    if refund.step == RefundStep::Stuck {
        report.warning(&subject, "is stuck at the payment provider; somebody must act");
    }
    Ok(())
}
