//! The provider's day against the books, line by line, in fen. A difference is never written away here; somebody decides.
use crate::bill::{Bill, BillWhat};
use domain::Money;
use std::collections::BTreeMap;

/// What the books say moved at the provider on that day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Movement {
    /// The payment's number, or the refund's.
    pub number: String,
    /// In or out.
    pub direction: Direction,
    /// How much.
    pub amount: Money,
}

/// Money in, or out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// A payment.
    In,
    /// A refund.
    Out,
}

impl Direction {
    /// The stable word used in rows and JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// On the bill and not in the books: a callback that never came.
    OnlyBill(Movement),
    /// In the books and not on the bill.
    OnlyBooks(Movement),
    /// On both with two amounts.
    Amount {
        /// The number.
        number: String,
        /// In or out.
        direction: Direction,
        /// On the bill.
        bill: Money,
        /// In the books.
        books: Money,
    },
    /// Twice on the bill.
    Doubled(Movement),
    /// Of another merchant.
    OtherMerchant {
        /// The number.
        number: String,
    },
}

/// What came of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Lines equal to the fen.
    pub matched: usize,
    /// All differences, in the order of the bill, then of the books.
    pub differences: Vec<Difference>,
}

/// Compares a bill with the movements of its day.
pub fn compare(bill: &Bill, mch_id: &str, books: &[Movement]) -> Outcome {
    let mut open: BTreeMap<(&str, Direction), Money> = books
        .iter()
        .map(|m| ((m.number.as_str(), m.direction), m.amount))
        .collect();
    let mut seen = BTreeMap::new();
    let mut outcome = Outcome::default();
    for line in &bill.lines {
        let (number, direction, amount) = match &line.what {
            BillWhat::Paid { amount } => (line.out_trade_no.as_str(), Direction::In, *amount),
            BillWhat::Refunded {
                out_refund_no, amount, ..
            } => (out_refund_no.as_str(), Direction::Out, *amount),
        };
        let movement = || Movement {
            number: number.to_owned(),
            direction,
            amount,
        };
        if line.mch_id != mch_id {
            outcome.differences.push(Difference::OtherMerchant {
                number: number.to_owned(),
            });
            continue;
        }
        if seen.insert((number, direction), ()).is_some() {
            outcome.differences.push(Difference::Doubled(movement()));
            continue;
        }
        match open.remove(&(number, direction)) {
            Some(books) if books == amount => outcome.matched += 1,
            Some(books) => outcome.differences.push(Difference::Amount {
                number: number.to_owned(),
                direction,
                bill: amount,
                books,
            }),
            None => outcome.differences.push(Difference::OnlyBill(movement())),
        }
    }
    outcome
        .differences
        .extend(open.into_iter().map(|((number, direction), amount)| {
            Difference::OnlyBooks(Movement {
                number: number.to_owned(),
                direction,
                amount,
            })
        }));
    outcome
}
