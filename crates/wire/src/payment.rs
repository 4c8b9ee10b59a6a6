//! `POST /v1/orders/{order_id}/payments`: what a station shows the payer.
use serde::{Deserialize, Serialize};

/// The code with which an order is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentCodeAnswer {
    /// The merchant's number of the payment.
    pub out_trade_no: String,
    /// What the QR code holds, as `weixin://wxpay/bizpayurl?pr=…`.
    pub code_url: String,
    /// What is to be paid, in fen.
    pub amount_fen: u64,
    /// When it can no longer be paid.
    pub expires_at_ms: i64,
}
