//! What is asked and answered: our types, read strictly from the provider's JSON.
use crate::error::Untrusted;
use crate::number::{OutRefundNo, OutTradeNo};
use domain::{Money, UtcMs};
use serde::Deserialize;

/// A payment to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepay {
    /// Our number.
    pub out_trade_no: OutTradeNo,
    /// Shown to the payer; at most 127 characters.
    pub description: String,
    /// What is to be paid.
    pub amount: Money,
    /// When the payment can no longer be begun.
    pub expires_at: UtcMs,
}

/// The answer: what the QR code on screen holds. Valid for two hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepaid {
    /// As `weixin://wxpay/bizpayurl/up?pr=…`.
    pub code_url: String,
}

/// A payment's state at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentState {
    /// Paid.
    Success,
    /// Paid, and at least in part paid back.
    Refund,
    /// Not paid yet.
    NotPay,
    /// Closed by us or by time.
    Closed,
    /// The payer is at it.
    UserPaying,
    /// Tried and failed; may still be paid.
    PayError,
}

impl PaymentState {
    fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "SUCCESS" => Self::Success,
            "REFUND" => Self::Refund,
            "NOTPAY" => Self::NotPay,
            // Only card payments know it; the money is not ours then.
            "CLOSED" | "REVOKED" => Self::Closed,
            "USERPAYING" => Self::UserPaying,
            "PAYERROR" => Self::PayError,
            _ => return None,
        })
    }
    /// Whether money came in.
    pub const fn is_paid(self) -> bool {
        match self {
            Self::Success | Self::Refund => true,
            Self::NotPay | Self::Closed | Self::UserPaying | Self::PayError => false,
        }
    }
}

/// A payment as the provider sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The merchant it was made to.
    pub mch_id: String,
    /// The app it was made in.
    pub app_id: String,
    /// Our number.
    pub out_trade_no: OutTradeNo,
    /// The provider's number, once paid.
    pub transaction_id: Option<String>,
    /// Its state.
    pub state: PaymentState,
    /// The total, once the provider names it; always with money that came in.
    pub amount: Option<Money>,
    /// When it was paid.
    pub paid_at: Option<String>,
}

/// A refund to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundAsk {
    /// Our number of the payment.
    pub out_trade_no: OutTradeNo,
    /// Our number of the refund.
    pub out_refund_no: OutRefundNo,
    /// Why, shown to the payer; at most 80 bytes.
    pub reason: String,
    /// What goes back.
    pub amount: Money,
    /// What was paid.
    pub total: Money,
}

/// A refund's state at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefundState {
    /// The money is back.
    Success,
    /// It will not be made.
    Closed,
    /// On its way.
    Processing,
    /// The payer's account does not take it; somebody must act.
    Abnormal,
}

/// A refund as the provider sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Our number of the refund.
    pub out_refund_no: OutRefundNo,
    /// Our number of the payment.
    pub out_trade_no: OutTradeNo,
    /// The provider's number.
    pub refund_id: String,
    /// Its state.
    pub state: RefundState,
    /// What goes back.
    pub amount: Money,
    /// What was paid.
    pub total: Money,
}

#[derive(Deserialize)]
struct PaymentJson {
    appid: String,
    mchid: String,
    out_trade_no: String,
    transaction_id: Option<String>,
    trade_state: String,
    success_time: Option<String>,
    amount: Option<PaymentAmount>,
}

#[derive(Deserialize)]
struct PaymentAmount {
    total: u64,
    #[serde(default = "cny")]
    currency: String,
}

fn cny() -> String {
    "CNY".to_owned()
}

#[derive(Deserialize)]
struct RefundJson {
    refund_id: String,
    out_refund_no: String,
    out_trade_no: String,
    status: Option<String>,
    refund_status: Option<String>,
    mchid: Option<String>,
    amount: RefundAmount,
}

#[derive(Deserialize)]
struct RefundAmount {
    total: u64,
    refund: u64,
    #[serde(default = "cny")]
    currency: String,
}

impl Payment {
    /// Reads the provider's JSON.
    ///
    /// # Errors
    /// When it is not of the documented shape, names no money that came in, or money of another country.
    pub fn read(json: &[u8]) -> Result<Self, Untrusted> {
        let p: PaymentJson = serde_json::from_slice(json).map_err(|_| Untrusted::Shape("payment"))?;
        let state = PaymentState::from_word(&p.trade_state).ok_or(Untrusted::Shape("trade_state"))?;
        if p.amount.as_ref().is_some_and(|a| a.currency != "CNY") {
            return Err(Untrusted::Shape("amount.currency"));
        }
        if state.is_paid() && (p.amount.is_none() || p.transaction_id.as_deref().is_none_or(str::is_empty)) {
            return Err(Untrusted::Shape("payment"));
        }
        Ok(Self {
            mch_id: p.mchid,
            app_id: p.appid,
            out_trade_no: OutTradeNo::parse(&p.out_trade_no).map_err(|_| Untrusted::Shape("out_trade_no"))?,
            transaction_id: p.transaction_id,
            state,
            amount: p.amount.map(|a| Money::from_fen(a.total)),
            paid_at: p.success_time,
        })
    }
}

impl Refund {
    /// Reads the provider's JSON: an answer's (`status`) or a callback's (`refund_status`, with the merchant).
    ///
    /// # Errors
    /// When it is not of the documented shape, or of another merchant.
    pub fn read(json: &[u8], mch_id: &str) -> Result<Self, Untrusted> {
        let r: RefundJson = serde_json::from_slice(json).map_err(|_| Untrusted::Shape("refund"))?;
        let word = r.status.or(r.refund_status).ok_or(Untrusted::Shape("refund"))?;
        let state = match word.as_str() {
            "SUCCESS" => RefundState::Success,
            "CLOSED" => RefundState::Closed,
            "PROCESSING" => RefundState::Processing,
            "ABNORMAL" => RefundState::Abnormal,
            _ => return Err(Untrusted::Shape("refund status")),
        };
        if r.mchid.is_some_and(|m| m != mch_id) || r.amount.currency != "CNY" {
            return Err(Untrusted::Shape("refund"));
        }
        Ok(Self {
            out_refund_no: OutRefundNo::parse(&r.out_refund_no).map_err(|_| Untrusted::Shape("out_refund_no"))?,
            out_trade_no: OutTradeNo::parse(&r.out_trade_no).map_err(|_| Untrusted::Shape("out_trade_no"))?,
            refund_id: r.refund_id,
            state,
            amount: Money::from_fen(r.amount.refund),
            total: Money::from_fen(r.amount.total),
        })
    }
}
