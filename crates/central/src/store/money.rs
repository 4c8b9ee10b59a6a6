//! Rows of money: payments asked of the provider, refunds, and the books.
use super::SchoolCode;
use domain::{Money, OrderId, PaymentId, UtcMs};
use pay::ledger::Entry;
use pay::trade::{RefundStep, Trade, TradeState};
use pay::{OutRefundNo, OutTradeNo};

/// A payment that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TradeRow {
    /// The order's school.
    pub school: SchoolCode,
    /// Its id; the provider knows it as [`OutTradeNo::of`] this.
    pub id: PaymentId,
    /// The order it is for.
    pub order: OrderId,
    /// What it must be.
    pub amount: Money,
    /// What became of it.
    pub state: TradeState,
    /// What the QR code holds, once the provider gave it.
    pub code_url: Option<String>,
    /// When it was asked for.
    pub created_at: UtcMs,
    /// When it can no longer be begun.
    pub expires_at: UtcMs,
    /// When the provider was last asked about it.
    pub asked_at: UtcMs,
    /// When the money came in, by the provider's clock.
    pub paid_at: Option<UtcMs>,
}

impl TradeRow {
    /// Our number at the provider.
    pub fn number(&self) -> OutTradeNo {
        OutTradeNo::of(self.id)
    }
    /// As the rules of messages see it.
    pub fn trade(&self) -> Trade {
        Trade {
            number: self.number(),
            order: self.order,
            amount: self.amount,
            state: self.state.clone(),
        }
    }
}

/// Why money goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Somebody approved it (T11, T11x).
    Approved,
    /// It came in after the order was closed (T11b).
    Late,
    /// The order had its money already.
    Twice,
}

impl Cause {
    /// The stable word in rows and JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Late => "late",
            Self::Twice => "twice",
        }
    }
    /// Reads [`Cause::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Approved, Self::Late, Self::Twice]
            .into_iter()
            .find(|c| c.id() == id)
    }
}

/// The stable word for a refund's step.
pub const fn step_id(step: RefundStep) -> &'static str {
    match step {
        RefundStep::Asked => "asked",
        RefundStep::Done => "done",
        RefundStep::Stuck => "stuck",
    }
}

/// Reads [`step_id`].
pub fn step_from_id(id: &str) -> Option<RefundStep> {
    [RefundStep::Asked, RefundStep::Done, RefundStep::Stuck]
        .into_iter()
        .find(|s| step_id(*s) == id)
}

/// Money that goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRow {
    /// The order's school.
    pub school: SchoolCode,
    /// Its id; the provider knows it as [`OutRefundNo::of`] this.
    pub id: PaymentId,
    /// The order whose payment it is.
    pub order: OrderId,
    /// The payment it takes back; none for a class's money, which a coordinator gives back.
    pub trade: Option<PaymentId>,
    /// How much.
    pub amount: Money,
    /// Why.
    pub cause: Cause,
    /// Why, in words the payer is shown.
    pub reason: String,
    /// Who approved it, as the history names them.
    pub who: String,
    /// How far it is.
    pub step: RefundStep,
    /// When it was approved.
    pub asked_at: UtcMs,
    /// When the provider was last asked.
    pub tried_at: UtcMs,
    /// When the provider first said that it has it.
    pub sent_at: Option<UtcMs>,
    /// When the money was back.
    pub done_at: Option<UtcMs>,
}

impl RefundRow {
    /// Our number at the provider.
    pub fn number(&self) -> OutRefundNo {
        OutRefundNo::of(self.id)
    }
}

/// A booking with its school and time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// The school whose order it is about.
    pub school: SchoolCode,
    /// What is booked.
    pub entry: Entry,
    /// When.
    pub at: UtcMs,
}
