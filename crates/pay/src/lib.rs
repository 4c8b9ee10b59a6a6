//! Money: what a payment provider is asked and says, and the books kept over it.
//!
//! [`wechat`] is the client of WeChat Pay API v3 (Native) and the only thing here that uses the network. [`trade`] decides
//! what a verified message of the provider means; [`ledger`] books it in double entry; [`bill`] reads the provider's day and
//! [`reconcile`] compares it with the books. Deliberately absent: rows, and which order wants how much.
pub mod bill;
mod error;
pub mod ledger;
pub mod number;
pub mod reconcile;
pub mod trade;
pub mod wechat;

pub use error::{GatewayCode, PayError, Untrusted};
pub use number::{OutRefundNo, OutTradeNo};
