//! The provider's bill of a day against the books. Money whose callback never came is taken in; every other difference is told
//! and left to people.
use crate::center::Central;
use crate::error::CentralError;
use crate::store::Stored;
use domain::UtcMs;
use pay::bill::{Bill, BillDate, BillWhat};
use pay::reconcile::{Difference, Direction, Movement, Outcome, compare};
use pay::trade::{RefundStep, TradeState};
use pay::{GatewayCode, OutRefundNo, OutTradeNo, PayError};
use serde::Serialize;
use std::collections::BTreeSet;
use wire::Invalid;

/// A refund taken on this close to midnight may stand on the bill of either day.
const NEAR_MIDNIGHT_MS: i64 = 5 * 60_000;

/// What came of a day's comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayOutcome {
    /// The day, by China's calendar.
    pub day: String,
    /// Lines equal to the fen.
    pub matched: usize,
    /// Payments the bill knew and the books did not; taken in now.
    pub taken_in: usize,
    /// What does not agree.
    pub differences: Vec<DayPaper>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayPaper {
    /// `only_bill`, `only_books`, `amount`, `doubled` or `other_merchant`.
    pub kind: &'static str,
    /// Our number of the payment or refund.
    pub number: String,
    /// `in` or `out`, where it is known.
    pub direction: Option<&'static str>,
    /// On the bill.
    pub bill_fen: Option<u64>,
    /// In the books.
    pub books_fen: Option<u64>,
}

/// A past day, as `2026-09-01`.
///
/// # Errors
/// When it is no date.
pub fn read_day(text: &str) -> Result<BillDate, Invalid> {
    BillDate::parse(text).ok_or_else(|| Invalid::new("date", "is no day, as 2026-09-01"))
}

impl Central {
    /// Compares a day's bill with the books. The provider makes it at about ten the next morning.
    ///
    /// # Errors
    /// When this center takes no payments, or the provider does not give the bill.
    pub async fn reconcile(&self, day: BillDate) -> Result<DayOutcome, CentralError> {
        let client = self.gateway()?;
        let bill = match client.bill(day).await {
            Ok(bill) => bill,
            // Nothing happened on that day, as far as the provider knows.
            Err(PayError::Refused {
                code: GatewayCode::NoStatementExist,
                ..
            }) => Bill::default(),
            Err(error) => return Err(error.into()),
        };
        let mch_id = client.settings().mch_id.clone();
        let mut taken_in = 0;
        let missing: Vec<_> = self
            .compared(&bill, &mch_id, day)
            .await?
            .differences
            .into_iter()
            .filter_map(|d| match d {
                Difference::OnlyBill(m) if m.direction == Direction::In => OutTradeNo::parse(&m.number).ok()?.payment(),
                _ => None,
            })
            .collect();
        for id in missing {
            let trade = self.at_store(move |c| c.read(|rows| rows.trade(&id))).await?;
            if let Some(trade) = trade {
                match self.ask_about(client, &trade).await {
                    Ok(()) => taken_in += 1,
                    Err(error @ (CentralError::Odd(_) | CentralError::Pay(_))) => {
                        tracing::warn!(error = ?error, "a payment of the bill");
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        let outcome = self.compared(&bill, &mch_id, day).await?;
        Ok(DayOutcome {
            day: day.to_string(),
            matched: outcome.matched,
            taken_in,
            differences: outcome.differences.iter().map(paper).collect(),
        })
    }

    async fn compared(&self, bill: &Bill, mch_id: &str, day: BillDate) -> Result<Outcome, CentralError> {
        let (bill, mch_id) = (bill.clone(), mch_id.to_owned());
        self.at_store(move |c| {
            let (books, doubtful) = c.movements(day, &bill)?;
            let mut outcome = compare(&bill, &mch_id, &books);
            outcome
                .differences
                .retain(|d| !matches!(d, Difference::OnlyBooks(m) if doubtful.contains(&m.number)));
            Ok(outcome)
        })
        .await
    }

    /// What the books say moved on a day, and whatever else the bill names; and the refunds that may be on the neighbour's bill.
    fn movements(&self, day: BillDate, bill: &Bill) -> Stored<(Vec<Movement>, BTreeSet<String>)> {
        let (from, to) = (day.begins(), day.next().begins());
        self.read(|rows| {
            let mut trades = rows.trades_paid(from, to)?;
            let mut refunds = rows.refunds_sent(from, to)?;
            for line in &bill.lines {
                match &line.what {
                    BillWhat::Paid { .. } => {
                        let id = OutTradeNo::parse(&line.out_trade_no).ok().and_then(|n| n.payment());
                        if let Some(id) = id.filter(|id| trades.iter().all(|t| t.id != *id)) {
                            trades.extend(rows.trade(&id)?);
                        }
                    }
                    BillWhat::Refunded { out_refund_no, .. } => {
                        let id = OutRefundNo::parse(out_refund_no).ok().and_then(|n| n.refund());
                        if let Some(id) = id.filter(|id| refunds.iter().all(|r| r.id != *id)) {
                            refunds.extend(rows.refund(&id)?);
                        }
                    }
                }
            }
            let near = |at: UtcMs| at.since(from) < NEAR_MIDNIGHT_MS || to.since(at) < NEAR_MIDNIGHT_MS;
            let doubtful = refunds
                .iter()
                .filter(|r| r.step == RefundStep::Stuck || r.sent_at.is_none_or(near));
            let doubtful = doubtful.map(|r| r.number().to_string()).collect();
            let paid = trades.iter().filter(|t| matches!(t.state, TradeState::Paid { .. }));
            let ins = paid.map(|t| (t.number().to_string(), Direction::In, t.amount));
            let outs = refunds
                .iter()
                .map(|r| (r.number().to_string(), Direction::Out, r.amount));
            let movements = ins.chain(outs).map(|(number, direction, amount)| Movement {
                number,
                direction,
                amount,
            });
            Ok((movements.collect(), doubtful))
        })
    }
}

fn paper(difference: &Difference) -> DayPaper {
    let of = |kind, number: &str, direction: Option<Direction>, bill_fen, books_fen| DayPaper {
        kind,
        number: number.to_owned(),
        direction: direction.map(Direction::id),
        bill_fen,
        books_fen,
    };
    match difference {
        Difference::OnlyBill(m) => of("only_bill", &m.number, Some(m.direction), Some(m.amount.fen()), None),
        Difference::OnlyBooks(m) => of("only_books", &m.number, Some(m.direction), None, Some(m.amount.fen())),
        Difference::Amount {
            number,
            direction,
            bill,
            books,
        } => of("amount", number, Some(*direction), Some(bill.fen()), Some(books.fen())),
        Difference::Doubled(m) => of("doubled", &m.number, Some(m.direction), Some(m.amount.fen()), None),
        Difference::OtherMerchant { number } => of("other_merchant", number, None, None, None),
    }
}
