//! The client: signs what it asks, and believes an answer only when the provider signed it.
use super::message::{Payment, Prepaid, Prepay, Refund, RefundAsk};
use super::notice::{Notice, NoticeHeaders};
use super::settings::{Build, Settings};
use crate::bill::{Bill, BillDate};
use crate::error::{GatewayCode, PayError, Untrusted};
use crate::number::{OutRefundNo, OutTradeNo};
use domain::UtcMs;
use reqwest::{Method, Response};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// Most bytes of an answer.
const MAX_ANSWER_BYTES: usize = 256 << 10;
/// Most bytes of a day's bill: a million lines.
const MAX_BILL_BYTES: usize = 512 << 20;
/// Longest text a payer is shown, in characters.
const MAX_DESCRIPTION_CHARS: usize = 127;
/// Longest reason of a refund, in bytes.
const MAX_REASON_BYTES: usize = 80;

/// The time now.
pub type Now = Arc<dyn Fn() -> UtcMs + Send + Sync>;

/// A client of one merchant. Clones share the connections.
#[derive(Clone)]
pub struct Client {
    settings: Arc<Settings>,
    http: reqwest::Client,
    now: Now,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.settings.base_url)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Fault {
    #[serde(default)]
    code: String,
}

#[derive(Deserialize)]
struct CodeUrl {
    code_url: String,
}

#[derive(Deserialize)]
struct BillPlace {
    hash_type: String,
    hash_value: String,
    download_url: String,
}

impl Client {
    /// A client with checked settings. Installs ring as the process's TLS provider when there is none yet.
    ///
    /// # Errors
    /// When the settings do not hold for this build.
    pub fn new(settings: Settings, now: Now) -> Result<Self, PayError> {
        settings.check(Build::THIS)?;
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = if settings.base_url.starts_with("https://") {
            reqwest::Client::builder().https_only(true)
        } else {
            reqwest::Client::builder().tls_certs_only([]).no_proxy()
        };
        let http = builder
            .user_agent(concat!("xueying/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .timeout(settings.timeout)
            .build()
            .map_err(|source| PayError::Network {
                doing: "making the client",
                source,
            })?;
        Ok(Self {
            settings: Arc::new(settings),
            http,
            now,
        })
    }

    /// The merchant, the app and the keys.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Native prepayment. Asked again with the same number and the same contents, the provider gives a code again.
    ///
    /// # Errors
    /// When the provider refuses, is not reached or not believed.
    pub async fn prepay(&self, ask: &Prepay) -> Result<Prepaid, PayError> {
        let description: String = ask.description.chars().take(MAX_DESCRIPTION_CHARS).collect();
        let body = json!({
            "appid": self.settings.app_id,
            "mchid": self.settings.mch_id,
            "description": description,
            "out_trade_no": ask.out_trade_no.as_str(),
            "time_expire": rfc3339(ask.expires_at),
            "notify_url": self.settings.notify_url,
            "amount": { "total": ask.amount.fen(), "currency": "CNY" },
        });
        let doing = "asking for a payment code";
        let answer = self
            .ask(doing, Method::POST, "/v3/pay/transactions/native", Some(body))
            .await?;
        let code: CodeUrl = read(doing, &answer)?;
        Ok(Prepaid {
            code_url: code.code_url,
        })
    }

    /// What became of a payment.
    ///
    /// # Errors
    /// As [`Client::prepay`]; [`GatewayCode::OrderNotExist`] when the provider never saw it.
    pub async fn payment(&self, number: &OutTradeNo) -> Result<Payment, PayError> {
        let doing = "asking what became of a payment";
        let target = format!(
            "/v3/pay/transactions/out-trade-no/{number}?mchid={}",
            self.settings.mch_id
        );
        let answer = self.ask(doing, Method::GET, &target, None).await?;
        let payment = Payment::read(&answer).map_err(untrusted(doing))?;
        let ours = payment.mch_id == self.settings.mch_id && payment.out_trade_no == *number;
        if ours {
            Ok(payment)
        } else {
            Err(untrusted(doing)(Untrusted::Shape("payment")))
        }
    }

    /// Closes a payment that was not made, so that it can no longer be.
    ///
    /// # Errors
    /// As [`Client::prepay`]; [`GatewayCode::OrderPaid`] when it was made after all.
    pub async fn close(&self, number: &OutTradeNo) -> Result<(), PayError> {
        let target = format!("/v3/pay/transactions/out-trade-no/{number}/close");
        let body = json!({ "mchid": self.settings.mch_id });
        self.ask("closing a payment", Method::POST, &target, Some(body))
            .await
            .map(drop)
    }

    /// Asks for a refund. Asked again with the same number, it is the same refund.
    ///
    /// # Errors
    /// As [`Client::prepay`].
    pub async fn refund(&self, ask: &RefundAsk) -> Result<Refund, PayError> {
        let mut reason = ask.reason.clone();
        while reason.len() > MAX_REASON_BYTES {
            reason.pop();
        }
        let body = json!({
            "out_trade_no": ask.out_trade_no.as_str(),
            "out_refund_no": ask.out_refund_no.as_str(),
            "reason": reason,
            "notify_url": self.settings.notify_url,
            "amount": { "refund": ask.amount.fen(), "total": ask.total.fen(), "currency": "CNY" },
        });
        let doing = "asking for a refund";
        let answer = self
            .ask(doing, Method::POST, "/v3/refund/domestic/refunds", Some(body))
            .await?;
        self.read_refund(doing, &answer, &ask.out_refund_no)
    }

    /// What became of a refund.
    ///
    /// # Errors
    /// As [`Client::prepay`]; [`GatewayCode::ResourceNotExists`] when the provider never saw it.
    pub async fn refund_state(&self, number: &OutRefundNo) -> Result<Refund, PayError> {
        let doing = "asking what became of a refund";
        let target = format!("/v3/refund/domestic/refunds/{number}");
        let answer = self.ask(doing, Method::GET, &target, None).await?;
        self.read_refund(doing, &answer, number)
    }

    fn read_refund(&self, doing: &'static str, answer: &[u8], number: &OutRefundNo) -> Result<Refund, PayError> {
        let refund = Refund::read(answer, &self.settings.mch_id).map_err(untrusted(doing))?;
        if refund.out_refund_no == *number {
            Ok(refund)
        } else {
            Err(untrusted(doing)(Untrusted::Shape("out_refund_no")))
        }
    }

    /// The bill of a past day: every payment and refund of it. The provider makes it at about ten the next morning.
    ///
    /// # Errors
    /// As [`Client::prepay`]; [`GatewayCode::NoStatementExist`] when nothing happened on that day, or it is not made yet.
    pub async fn bill(&self, day: BillDate) -> Result<Bill, PayError> {
        let doing = "asking for a bill";
        let target = format!("/v3/bill/tradebill?bill_date={day}&bill_type=ALL");
        let place: BillPlace = read(doing, &self.ask(doing, Method::GET, &target, None).await?)?;
        let base = &self.settings.base_url;
        // The token in the address is all a download needs; it is asked of nobody but the provider.
        let target = place
            .download_url
            .strip_prefix(base.as_str())
            .filter(|t| t.starts_with("/v3/"));
        let target = target.ok_or_else(|| untrusted(doing)(Untrusted::Shape("download_url")))?;
        let doing = "downloading a bill";
        let response = self.send(doing, Method::GET, target, None).await?;
        if !response.status().is_success() {
            return Err(refused(doing, response).await);
        }
        let bytes = body(doing, response, MAX_BILL_BYTES).await?;
        let hash = hex::encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &bytes));
        if place.hash_type != "SHA1" || !place.hash_value.eq_ignore_ascii_case(&hash) {
            return Err(PayError::BillChanged);
        }
        Bill::parse(&bytes).map_err(|_| untrusted(doing)(Untrusted::Shape("bill")))
    }

    /// Verifies and opens a callback.
    ///
    /// # Errors
    /// When anything about it is not the provider's; the caller answers with an error and changes nothing.
    pub fn notice(&self, headers: &NoticeHeaders, body: &[u8]) -> Result<Notice, Untrusted> {
        let s = &self.settings;
        Notice::open(headers, body, &s.platform, &s.api_v3_key, &s.mch_id, (self.now)())
    }

    /// Sends a signed request and returns the body of a signed, good answer.
    async fn ask(
        &self,
        doing: &'static str,
        method: Method,
        target: &str,
        json: Option<Value>,
    ) -> Result<Vec<u8>, PayError> {
        let response = self.send(doing, method, target, json).await?;
        if !response.status().is_success() {
            return Err(refused(doing, response).await);
        }
        let headers = response.headers().clone();
        let bytes = body(doing, response, MAX_ANSWER_BYTES).await?;
        let find = |name: &'static str| headers.get_all(name).iter().filter_map(|v| v.to_str().ok());
        NoticeHeaders::find(find)
            .and_then(|h| h.verify(&bytes, &self.settings.platform, (self.now)()))
            .map_err(untrusted(doing))?;
        Ok(bytes)
    }

    async fn send(
        &self,
        doing: &'static str,
        method: Method,
        target: &str,
        json: Option<Value>,
    ) -> Result<Response, PayError> {
        let text = json.map(|j| j.to_string()).unwrap_or_default();
        let authorization = self.authorization(method.as_str(), target, &text)?;
        let mut request = self
            .http
            .request(method, format!("{}{target}", self.settings.base_url))
            .header("accept", "application/json")
            .header("authorization", authorization);
        // With an id of a public key the provider answers with that key; else with its newest certificate.
        let public = self.settings.platform.serials().find(|s| s.starts_with("PUB_KEY_ID_"));
        if let Some(id) = public {
            request = request.header("wechatpay-serial", id);
        }
        if !text.is_empty() {
            request = request.header("content-type", "application/json").body(text);
        }
        request
            .send()
            .await
            .map_err(|source| PayError::Network { doing, source })
    }

    fn authorization(&self, method: &str, target: &str, body: &str) -> Result<String, PayError> {
        let mut nonce = [0u8; 16];
        getrandom::fill(&mut nonce).map_err(|_| PayError::Signing)?;
        let nonce = hex::encode_upper(nonce);
        let timestamp = (self.now)().0.div_euclid(1000);
        let message = format!("{method}\n{target}\n{timestamp}\n{nonce}\n{body}\n");
        let key = &self.settings.key;
        Ok(format!(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"{}\",nonce_str=\"{nonce}\",signature=\"{}\",timestamp=\"{timestamp}\",serial_no=\"{}\"",
            self.settings.mch_id,
            key.sign(message.as_bytes())?,
            key.serial(),
        ))
    }
}

fn untrusted(doing: &'static str) -> impl FnOnce(Untrusted) -> PayError {
    move |source| PayError::Untrusted { doing, source }
}

fn read<T: for<'d> Deserialize<'d>>(doing: &'static str, answer: &[u8]) -> Result<T, PayError> {
    serde_json::from_slice(answer).map_err(|_| untrusted(doing)(Untrusted::Shape("answer")))
}

/// An error answer. It is not signed when a proxy gave it, so nothing is done on its word but to stop.
async fn refused(doing: &'static str, response: Response) -> PayError {
    let status = response.status().as_u16();
    let bytes = match body(doing, response, MAX_ANSWER_BYTES).await {
        Ok(bytes) => bytes,
        Err(error) => return error,
    };
    let word = serde_json::from_slice::<Fault>(&bytes)
        .map(|f| f.code)
        .unwrap_or_default();
    PayError::Refused {
        doing,
        status,
        code: GatewayCode::from_word(&word),
    }
}

async fn body(doing: &'static str, mut response: Response, most: usize) -> Result<Vec<u8>, PayError> {
    let mut bytes = Vec::new();
    while let Some(piece) = response
        .chunk()
        .await
        .map_err(|source| PayError::Network { doing, source })?
    {
        if bytes.len() + piece.len() > most {
            return Err(PayError::TooLong { doing });
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// As `2026-09-01T10:00:00+08:00`.
fn rfc3339(at: UtcMs) -> String {
    let c = at.civil(domain::time::UtcOffset::CHINA);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+08:00",
        c.year, c.month, c.day, c.hour, c.minute, c.second
    )
}
