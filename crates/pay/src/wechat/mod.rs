//! WeChat Pay API v3, Native payments, after the provider's documentation (pay.weixin.qq.com/doc/v3/merchant).
mod client;
mod keys;
mod message;
mod notice;
mod seal;
mod settings;

pub use client::Client;
pub use keys::{MerchantKey, PlatformKeys};
pub use message::{Payment, PaymentState, Prepaid, Prepay, Refund, RefundAsk, RefundState};
pub use notice::{Envelope, MAX_NOTICE_BYTES, Notice, NoticeHeaders};
pub use seal::{ApiV3Key, SealedResource};
pub use settings::{Build, OFFICIAL_HOSTS, Settings};
