//! Callbacks: verified over the raw body with the key they name, then opened. Nothing in them is read before that.
use super::keys::PlatformKeys;
use super::message::{Payment, Refund};
use super::seal::{ApiV3Key, SealedResource};
use crate::error::Untrusted;
use domain::UtcMs;
use serde::Deserialize;

/// Most bytes of a callback.
pub const MAX_NOTICE_BYTES: usize = 64 << 10;
/// A message signed longer ago or farther ahead than this is not taken: the documentation's five minutes.
const MAX_AGE_S: u64 = 300;

/// The headers a signature consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeHeaders {
    /// `Wechatpay-Serial`.
    pub serial: String,
    /// `Wechatpay-Timestamp`, seconds.
    pub timestamp: String,
    /// `Wechatpay-Nonce`.
    pub nonce: String,
    /// `Wechatpay-Signature`, base64.
    pub signature: String,
}

impl NoticeHeaders {
    /// Takes the four headers, each of which must be there once. `find` gives all values of a header.
    ///
    /// # Errors
    /// Names the header that is missing or doubled.
    pub fn find<'h, I: Iterator<Item = &'h str>>(find: impl Fn(&'static str) -> I) -> Result<Self, Untrusted> {
        let once = |name: &'static str| {
            let mut all = find(name);
            match (all.next(), all.next()) {
                (Some(value), None) if !value.is_empty() => Ok(value.to_owned()),
                _ => Err(Untrusted::Header(name)),
            }
        };
        Ok(Self {
            serial: once("wechatpay-serial")?,
            timestamp: once("wechatpay-timestamp")?,
            nonce: once("wechatpay-nonce")?,
            signature: once("wechatpay-signature")?,
        })
    }

    /// Checks the signature over the bytes as they came.
    ///
    /// # Errors
    /// When it does not hold, or is not of this time.
    pub fn verify(&self, body: &[u8], keys: &PlatformKeys, now: UtcMs) -> Result<(), Untrusted> {
        // Only digits: a sign or blanks would be another text than the one that was signed.
        let digits = self.timestamp.bytes().all(|b| b.is_ascii_digit());
        let signed_s: i64 = match self.timestamp.parse() {
            Ok(s) if digits => s,
            _ => return Err(Untrusted::Header("wechatpay-timestamp")),
        };
        let age = now.0.div_euclid(1000).abs_diff(signed_s);
        if age > MAX_AGE_S {
            return Err(Untrusted::Stale(age));
        }
        let mut message = format!("{}\n{}\n", self.timestamp, self.nonce).into_bytes();
        message.extend_from_slice(body);
        message.push(b'\n');
        keys.verify(&self.serial, &message, &self.signature)
    }
}

/// The envelope of a callback.
#[derive(Debug, Deserialize)]
pub struct Envelope {
    /// The callback's id; the same when it is sent again.
    pub id: String,
    /// As `TRANSACTION.SUCCESS`.
    pub event_type: String,
    /// The sealed part.
    pub resource: SealedResource,
}

/// What a verified callback says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A payment came in.
    Paid(Payment),
    /// A refund is through, closed or stuck.
    Refunded(Refund),
    /// An event this client does not use; answered, and otherwise left alone.
    Other(String),
}

impl Notice {
    /// Verifies and opens a callback.
    ///
    /// # Errors
    /// When anything about it is not the provider's.
    pub fn open(
        headers: &NoticeHeaders,
        body: &[u8],
        keys: &PlatformKeys,
        key: &ApiV3Key,
        mch_id: &str,
        now: UtcMs,
    ) -> Result<Self, Untrusted> {
        if body.len() > MAX_NOTICE_BYTES {
            return Err(Untrusted::Shape("callback"));
        }
        headers.verify(body, keys, now)?;
        let envelope: Envelope = serde_json::from_slice(body).map_err(|_| Untrusted::Shape("callback"))?;
        match envelope.event_type.as_str() {
            "TRANSACTION.SUCCESS" => Payment::read(&key.open(&envelope.resource)?).map(Self::Paid),
            "REFUND.SUCCESS" | "REFUND.ABNORMAL" | "REFUND.CLOSED" => {
                Refund::read(&key.open(&envelope.resource)?, mch_id).map(Self::Refunded)
            }
            other => Ok(Self::Other(other.to_owned())),
        }
    }
}
