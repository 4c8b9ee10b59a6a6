//! Callbacks as they go out: sealed and signed, or forged.
use crate::chance::Chance;
use crate::keys::{API_V3_KEY, Keys, sign};
use crate::provider::{Event, Provider};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::UtcMs;
use pay::wechat::{ApiV3Key, NoticeHeaders};
use serde_json::{Value, json};

/// A callback on its way.
#[derive(Debug, Clone)]
pub struct Callback {
    /// The four headers.
    pub headers: NoticeHeaders,
    /// The body.
    pub body: Vec<u8>,
    /// Where it goes.
    pub to: String,
}

/// Which of the platform's two keys signs; both are in use while it moves from one to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedWith {
    /// The key of the platform certificate.
    Certificate,
    /// The public key.
    PublicKey,
}

/// What somebody else might send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forgery {
    /// Signed by another key under the platform's serial.
    OtherKey,
    /// A serial nobody knows.
    UnknownSerial,
    /// A true signature under the serial of the platform's other key.
    SwappedSerial,
    /// A true callback whose body was changed by one blank.
    ChangedBody,
    /// A true callback of an hour ago.
    Stale,
    /// A true callback whose time was set to now.
    Renewed,
    /// The platform's own probe: a signature that must fail.
    SignTest,
    /// Another amount, sealed with the true API v3 key, with the signature of the true one.
    Amount,
    /// Truly signed and sealed, about another merchant's money.
    OtherMerchant,
    /// Truly signed and sealed, one fen more than was asked for.
    OtherAmount,
    /// Truly signed and sealed, about a number nobody asked for.
    UnknownNumber,
}

impl Forgery {
    /// Those whose signature is good: what they say must not be believed all the same.
    pub const SIGNED: [Self; 3] = [Self::OtherMerchant, Self::OtherAmount, Self::UnknownNumber];
    /// All whose signature does not hold.
    pub const ALL: [Self; 8] = [
        Self::OtherKey,
        Self::UnknownSerial,
        Self::SwappedSerial,
        Self::ChangedBody,
        Self::Stale,
        Self::Renewed,
        Self::SignTest,
        Self::Amount,
    ];
}

impl Provider {
    /// The callback of an event, signed now. `None` when there is no such payment or refund.
    pub fn callback(
        &self,
        keys: &Keys,
        event: &Event,
        with: SignedWith,
        now: UtcMs,
        chance: &mut Chance,
    ) -> Option<Callback> {
        let (resource, event_type, to) = self.resource(event)?;
        let body = envelope(event, &resource, event_type, chance)?;
        let headers = sign_headers(keys, with, &body, now, chance)?;
        Some(Callback { headers, body, to })
    }

    /// A forged callback of an event.
    pub fn forged(
        &self,
        keys: &Keys,
        event: &Event,
        how: Forgery,
        now: UtcMs,
        chance: &mut Chance,
    ) -> Option<Callback> {
        let with = if chance.percent(50) {
            SignedWith::Certificate
        } else {
            SignedWith::PublicKey
        };
        let at = match how {
            Forgery::Stale | Forgery::Renewed => now.plus(-3_600_000),
            _ => now,
        };
        let mut made = self.callback(keys, event, with, at, chance)?;
        match how {
            Forgery::OtherKey => {
                let message = signed_text(&made.headers.timestamp, &made.headers.nonce, &made.body);
                made.headers.signature = STANDARD.encode(sign(&keys.strangers_key, &message).ok()?);
            }
            Forgery::UnknownSerial => made.headers.serial = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1".to_owned(),
            Forgery::SwappedSerial => {
                made.headers.serial = match with {
                    SignedWith::Certificate => keys.public_key_id.clone(),
                    SignedWith::PublicKey => keys.certificate_serial.clone(),
                };
            }
            Forgery::ChangedBody => made.body.push(b' '),
            Forgery::Stale => {}
            Forgery::Renewed => made.headers.timestamp = now.0.div_euclid(1000).to_string(),
            Forgery::SignTest => made.headers.signature = format!("WECHATPAY/SIGNTEST/{}", made.headers.signature),
            Forgery::Amount => {
                let (mut resource, event_type, _) = self.resource(event)?;
                resource["amount"]["total"] = json!(1);
                made.body = envelope(event, &resource, event_type, chance)?;
            }
            Forgery::OtherMerchant | Forgery::OtherAmount | Forgery::UnknownNumber => {
                let (mut resource, event_type, _) = self.resource(event)?;
                bend(&mut resource, how)?;
                made.body = envelope(event, &resource, event_type, chance)?;
                made.headers = sign_headers(keys, with, &made.body, now, chance)?;
            }
        }
        Some(made)
    }
}

/// Changes what a resource says, before it is sealed and signed.
fn bend(resource: &mut Value, how: Forgery) -> Option<()> {
    let refund = resource.get("out_refund_no").is_some();
    match how {
        Forgery::OtherMerchant => resource["mchid"] = json!("1900000110"),
        Forgery::OtherAmount => {
            let name = if refund { "refund" } else { "total" };
            resource["amount"][name] = json!(resource["amount"][name].as_u64()? + 1);
        }
        _ => {
            let name = if refund { "out_refund_no" } else { "out_trade_no" };
            let mut number = resource[name].as_str()?.to_owned();
            let other = if number.pop()? == '0' { '1' } else { '0' };
            number.push(other);
            resource[name] = json!(number);
        }
    }
    Some(())
}

pub(crate) fn sign_headers(
    keys: &Keys,
    with: SignedWith,
    body: &[u8],
    now: UtcMs,
    chance: &mut Chance,
) -> Option<NoticeHeaders> {
    let (key, serial) = match with {
        SignedWith::Certificate => (&keys.certificate_key, &keys.certificate_serial),
        SignedWith::PublicKey => (&keys.public_key, &keys.public_key_id),
    };
    let timestamp = now.0.div_euclid(1000).to_string();
    let nonce = format!("{:016X}{:016X}", chance.number(), chance.number());
    let signature = sign(key, &signed_text(&timestamp, &nonce, body)).ok()?;
    Some(NoticeHeaders {
        serial: serial.clone(),
        timestamp,
        nonce,
        signature: STANDARD.encode(signature),
    })
}

fn signed_text(timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    [timestamp.as_bytes(), b"\n", nonce.as_bytes(), b"\n", body, b"\n"].concat()
}

fn envelope(event: &Event, resource: &Value, event_type: &str, chance: &mut Chance) -> Option<Vec<u8>> {
    let (name, kind) = match event {
        Event::Paid(number) => (number, "transaction"),
        Event::Refunded(number) => (number, "refund"),
    };
    let nonce = format!("{:012x}", chance.below(1 << 48));
    let sealed = ApiV3Key::new(API_V3_KEY)
        .ok()?
        .seal(resource.to_string().as_bytes(), kind, &nonce, kind)
        .ok()?;
    let body = json!({
        "id": format!("EV-{kind}-{name}"),
        "create_time": "2026-01-01T00:00:00+08:00",
        "resource_type": "encrypt-resource",
        "event_type": event_type,
        "summary": "支付通知",
        "resource": sealed,
    });
    serde_json::to_vec(&body).ok()
}
