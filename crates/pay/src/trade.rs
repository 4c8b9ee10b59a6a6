//! What a verified message of the provider means for us: money for an order, or money that must go back. Pure, so that every
//! order of messages can be tried.
use crate::number::OutTradeNo;
use crate::wechat::{Payment, Refund, RefundState};
use domain::{Money, OrderId};

/// A payment we asked for, as the books know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trade {
    /// Our number.
    pub number: OutTradeNo,
    /// The order it is for.
    pub order: OrderId,
    /// What it must be.
    pub amount: Money,
    /// What became of it.
    pub state: TradeState,
}

/// What became of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TradeState {
    /// Nothing came in yet.
    Open,
    /// Closed without money.
    Closed,
    /// Money came in, under this number of the provider.
    Paid {
        /// The provider's number.
        transaction_id: String,
    },
}

/// Whether an order can still take money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It waits for it.
    Payable,
    /// It has it, or needs none.
    Settled,
    /// It is closed.
    Closed,
}

/// What to do about a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Nothing; it was taken before, or there is no money in the message.
    Nothing,
    /// It pays the order (T2).
    PaysOrder,
    /// The order is closed: book it and send it back (T11b).
    Late,
    /// The order has its money: book it and send it back.
    Twice,
}

/// A message that is the provider's, and yet is not taken. Somebody must look at it; nothing is booked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Odd {
    /// Of another merchant or app.
    #[error("it is for another merchant")]
    OtherMerchant,
    /// Another amount than was asked for.
    #[error("the amount is {got}, not {expected}")]
    OtherAmount {
        /// What was asked for.
        expected: Money,
        /// What the message names.
        got: Money,
    },
    /// The same payment under two numbers of the provider.
    #[error("the payment came in before under another number of the provider")]
    OtherTransaction,
    /// It says there is money, and does not say what money.
    #[error("it names no amount")]
    NoAmount,
}

impl Trade {
    /// Decides about a payment message: an answer, a callback, late, early or repeated.
    ///
    /// # Errors
    /// When it does not fit what was asked for.
    pub fn take(&self, said: &Payment, mch_id: &str, app_id: &str, order: Standing) -> Result<Taken, Odd> {
        if said.mch_id != mch_id || said.app_id != app_id || said.out_trade_no != self.number {
            return Err(Odd::OtherMerchant);
        }
        if !said.state.is_paid() {
            return Ok(Taken::Nothing);
        }
        let (Some(amount), Some(transaction)) = (said.amount, said.transaction_id.as_ref()) else {
            return Err(Odd::NoAmount);
        };
        if amount != self.amount {
            return Err(Odd::OtherAmount {
                expected: self.amount,
                got: amount,
            });
        }
        match (&self.state, order) {
            (TradeState::Paid { transaction_id }, _) if transaction_id == transaction => Ok(Taken::Nothing),
            (TradeState::Paid { .. }, _) => Err(Odd::OtherTransaction),
            // Closed by us, and paid in the moment before the provider heard of it: the order decides.
            (TradeState::Open | TradeState::Closed, Standing::Payable) => Ok(Taken::PaysOrder),
            (TradeState::Open | TradeState::Closed, Standing::Closed) => Ok(Taken::Late),
            (TradeState::Open | TradeState::Closed, Standing::Settled) => Ok(Taken::Twice),
        }
    }
}

/// How far a refund is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefundStep {
    /// Decided here; the provider may not know it yet.
    Asked,
    /// The money is back.
    Done,
    /// The provider will not make it, or somebody must act there.
    Stuck,
}

impl RefundStep {
    /// The next step after a message. A finished refund stays finished, whatever comes late.
    pub const fn after(self, said: RefundState) -> Self {
        match (self, said) {
            (Self::Done, _) | (_, RefundState::Success) => Self::Done,
            (_, RefundState::Closed | RefundState::Abnormal) => Self::Stuck,
            (step, RefundState::Processing) => step,
        }
    }
}

/// Whether a refund message is of the refund that was asked for.
///
/// # Errors
/// When the payment or the amount is another.
pub fn fits(said: &Refund, trade: &OutTradeNo, amount: Money) -> Result<(), Odd> {
    if said.out_trade_no != *trade {
        return Err(Odd::OtherMerchant);
    }
    if said.amount != amount {
        return Err(Odd::OtherAmount {
            expected: amount,
            got: said.amount,
        });
    }
    Ok(())
}
