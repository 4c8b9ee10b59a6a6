//! The sandbox over HTTP: checks the merchant's signatures, signs its answers, and sends callbacks with their faults.
use crate::chance::{Chance, Faults};
use crate::keys::{API_V3_KEY, APP_ID, Keys, MCH_ID};
use crate::mail::{Callback, Forgery, SignedWith, sign_headers};
use crate::provider::{Answer, Event, Provider};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::UtcMs;
use pay::bill::BillDate;
use pay::wechat::{ApiV3Key, Build, MerchantKey, PlatformKeys, Settings};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Most bytes of a request.
const MAX_BODY_BYTES: usize = 64 << 10;
/// How often a callback that was not taken is sent again. The provider does it for a day; a test does not wait that long.
const TRIES: u32 = 4;
/// First pause between tries; it doubles.
const PAUSE: Duration = Duration::from_millis(100);
/// How late a late callback is.
const LATE: Duration = Duration::from_millis(400);

/// The sandbox does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// It runs only in development builds.
    #[error("a release build runs no payment sandbox")]
    Release,
    /// The keys cannot be made.
    #[error("making the keys: {0}")]
    Keys(#[from] openssl::error::ErrorStack),
    /// The address cannot be used.
    #[error("listening on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// Only this computer may reach it.
    #[error("{0} is not a loopback address")]
    NotLoopback(SocketAddr),
}

/// A running sandbox. Clones share it.
#[derive(Clone)]
pub struct Sandbox {
    inner: Arc<Inner>,
}

struct Inner {
    keys: Keys,
    address: SocketAddr,
    now: Box<dyn Fn() -> UtcMs + Send + Sync>,
    faults: Faults,
    state: Mutex<Moving>,
    http: reqwest::Client,
}

struct Moving {
    provider: Provider,
    chance: Chance,
    nonces: BTreeMap<String, ()>,
}

impl Sandbox {
    /// Starts a sandbox on a loopback address.
    ///
    /// # Errors
    /// When this is a release build, the address is not loopback or taken, or the keys cannot be made.
    pub async fn start(
        address: SocketAddr,
        faults: Faults,
        seed: u64,
        now: impl Fn() -> UtcMs + Send + Sync + 'static,
    ) -> Result<Self, ServeError> {
        if Build::THIS == Build::Release {
            return Err(ServeError::Release);
        }
        if !address.ip().is_loopback() {
            return Err(ServeError::NotLoopback(address));
        }
        let listen = |source| ServeError::Listen { address, source };
        let listener = tokio::net::TcpListener::bind(address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let _ = rustls::crypto::ring::default_provider().install_default();
        let sandbox = Self {
            inner: Arc::new(Inner {
                keys: Keys::make()?,
                address,
                now: Box::new(now),
                faults,
                state: Mutex::new(Moving {
                    provider: Provider::default(),
                    chance: Chance::new(seed),
                    nonces: BTreeMap::new(),
                }),
                http: reqwest::Client::builder()
                    .tls_certs_only([])
                    .no_proxy()
                    .build()
                    .unwrap_or_default(),
            }),
        };
        let app = axum::Router::new()
            .fallback(handle)
            .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
            .with_state(sandbox.clone());
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, app).await {
                eprintln!("paysim: {error}");
            }
        });
        Ok(sandbox)
    }

    /// Its base address.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.inner.address)
    }

    /// The settings of a merchant of this sandbox, with both of the platform's keys.
    ///
    /// # Errors
    /// Never for the keys the sandbox makes; the client's error is passed on.
    pub fn settings(&self, notify_url: &str) -> Result<Settings, pay::PayError> {
        let keys = &self.inner.keys;
        let mut platform = PlatformKeys::default();
        platform.add_certificate(&keys.certificate_pem)?;
        platform.add_public_key(&keys.public_key_id, &keys.public_key_pem)?;
        Ok(Settings {
            base_url: self.base_url(),
            app_id: APP_ID.to_owned(),
            mch_id: MCH_ID.to_owned(),
            key: MerchantKey::from_pem(&keys.merchant_pem, &keys.merchant_serial)?,
            api_v3_key: ApiV3Key::new(API_V3_KEY)?,
            platform,
            notify_url: notify_url.to_owned(),
            timeout: Duration::from_secs(10),
        })
    }

    /// Its keys.
    pub fn keys(&self) -> &Keys {
        &self.inner.keys
    }

    /// Works on the provider's state; callbacks of what happened go out afterwards.
    pub fn with<T>(&self, work: impl FnOnce(&mut Provider, UtcMs) -> T) -> T {
        let now = (self.inner.now)();
        let answer = work(&mut self.state().provider, now);
        self.post();
        answer
    }

    fn state(&self) -> MutexGuard<'_, Moving> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Plans the callbacks of everything that happened, with their faults.
    fn post(&self) {
        let mut state = self.state();
        let Moving { provider, chance, .. } = &mut *state;
        for event in provider.take_events() {
            let faults = self.inner.faults;
            if chance.percent(faults.forged) {
                let how = Forgery::ALL[chance.below(Forgery::ALL.len() as u64) as usize];
                let forged = provider.forged(&self.inner.keys, &event, how, (self.inner.now)(), chance);
                self.send_later(forged, Duration::ZERO);
            }
            if chance.percent(faults.missing) {
                continue;
            }
            let copies = if chance.percent(faults.doubled) {
                1 + chance.below(3)
            } else {
                1
            };
            for _ in 0..copies {
                let wait = if chance.percent(faults.late) {
                    LATE
                } else {
                    Duration::ZERO
                };
                self.deliver(event.clone(), wait);
            }
        }
    }

    fn send_later(&self, callback: Option<Callback>, wait: Duration) {
        let sandbox = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            if let Some(callback) = callback {
                sandbox.send(&callback).await;
            }
        });
    }

    /// Sends a callback until it is taken, signed anew each time and with either key, as the provider does.
    fn deliver(&self, event: Event, wait: Duration) {
        let sandbox = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            let mut pause = PAUSE;
            for _ in 0..TRIES {
                let Some(callback) = sandbox.callback(&event) else {
                    return;
                };
                if sandbox.send(&callback).await {
                    return;
                }
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
        });
    }

    fn callback(&self, event: &Event) -> Option<Callback> {
        let mut state = self.state();
        let Moving { provider, chance, .. } = &mut *state;
        let with = either(chance);
        provider.callback(&self.inner.keys, event, with, (self.inner.now)(), chance)
    }

    async fn send(&self, callback: &Callback) -> bool {
        let h = &callback.headers;
        let request = self
            .inner
            .http
            .post(&callback.to)
            .header("content-type", "application/json")
            .header("wechatpay-serial", &h.serial)
            .header("wechatpay-timestamp", &h.timestamp)
            .header("wechatpay-nonce", &h.nonce)
            .header("wechatpay-signature", &h.signature)
            .header("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048")
            .body(callback.body.clone());
        request.send().await.is_ok_and(|r| r.status().is_success())
    }

    /// Whether the merchant signed this request, and only once with this nonce.
    fn is_signed(&self, method: &Method, target: &str, headers: &HeaderMap, body: &[u8]) -> bool {
        let Some(fields) = authorization(headers) else {
            return false;
        };
        let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
        let (timestamp, nonce) = (field("timestamp"), field("nonce_str"));
        let now_s = (self.inner.now)().0.div_euclid(1000);
        let fresh = timestamp.parse::<i64>().is_ok_and(|t| t.abs_diff(now_s) <= 300);
        let ours = field("mchid") == MCH_ID && field("serial_no") == self.inner.keys.merchant_serial;
        let text = [method.as_str(), target, timestamp, nonce].join("\n");
        let message = [text.as_bytes(), b"\n", body, b"\n"].concat();
        let signature = STANDARD.decode(field("signature")).unwrap_or_default();
        fresh
            && ours
            && self.inner.keys.merchant_signed(&message, &signature)
            && self.state().nonces.insert(nonce.to_owned(), ()).is_none()
    }

    fn certificates(&self) -> Answer {
        let keys = &self.inner.keys;
        let sealed = ApiV3Key::new(API_V3_KEY).ok().and_then(|k| {
            k.seal(keys.certificate_pem.as_bytes(), "certificate", "61f9c719728a", "")
                .ok()
        });
        let body = json!({ "data": [{
            "serial_no": keys.certificate_serial,
            "effective_time": "2026-01-01T00:00:00+08:00",
            "expire_time": "2031-01-01T00:00:00+08:00",
            "encrypt_certificate": sealed,
        }]});
        Answer { status: 200, body }
    }

    fn bill_place(&self, query: &str) -> Answer {
        let day = query
            .split('&')
            .find_map(|p| p.strip_prefix("bill_date="))
            .unwrap_or_default();
        let Some(bill) = self.bill_text(day) else {
            return Answer {
                status: 400,
                body: json!({ "code": "NO_STATEMENT_EXIST", "message": "账单文件不存在" }),
            };
        };
        let hash = openssl::hash::hash(openssl::hash::MessageDigest::sha1(), bill.as_bytes());
        let hash = hash.map(hex::encode).unwrap_or_default();
        let url = format!("{}/v3/billdownload/file?token={day}", self.base_url());
        Answer {
            status: 200,
            body: json!({ "hash_type": "SHA1", "hash_value": hash, "download_url": url }),
        }
    }

    fn bill_text(&self, day: &str) -> Option<String> {
        let now = (self.inner.now)();
        let days = (0..90).scan(BillDate::of(now), |d, _| {
            let this = *d;
            *d = d.before();
            Some(this)
        });
        let day = days.into_iter().find(|d| d.to_string() == day)?;
        self.state().provider.bill(day)
    }
}

fn either(chance: &mut Chance) -> SignedWith {
    if chance.percent(50) {
        SignedWith::Certificate
    } else {
        SignedWith::PublicKey
    }
}

fn authorization(headers: &HeaderMap) -> Option<BTreeMap<String, String>> {
    let text = headers
        .get("authorization")?
        .to_str()
        .ok()?
        .strip_prefix("WECHATPAY2-SHA256-RSA2048 ")?;
    let field = |part: &str| {
        let (name, value) = part.trim().split_once('=')?;
        Some((name.to_owned(), value.trim_matches('"').to_owned()))
    };
    text.split(',').map(field).collect()
}

async fn handle(State(sandbox): State<Sandbox>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let target = uri.path_and_query().map_or("/", |t| t.as_str());
    let path = uri.path();
    if let Some(control) = path.strip_prefix("/paysim/") {
        return steer(&sandbox, control);
    }
    if !sandbox.is_signed(&method, target, &headers, &body) {
        let fault = json!({ "code": "SIGN_ERROR", "message": "签名错误" });
        return (StatusCode::UNAUTHORIZED, axum::Json(fault)).into_response();
    }
    if path == "/v3/billdownload/file" {
        let day = uri.query().and_then(|q| q.strip_prefix("token=")).unwrap_or_default();
        // As the provider's, this answer is not signed; its hash was announced.
        return sandbox
            .bill_text(day)
            .map_or(StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response);
    }
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let answer = match (method.as_str(), parts.as_slice()) {
        ("POST", ["v3", "pay", "transactions", "native"]) => sandbox.with(|p, now| p.native(&body, now)),
        ("GET", ["v3", "pay", "transactions", "out-trade-no", number]) => sandbox.with(|p, _| p.payment(number)),
        ("POST", ["v3", "pay", "transactions", "out-trade-no", number, "close"]) => {
            sandbox.with(|p, _| p.close(number))
        }
        ("POST", ["v3", "refund", "domestic", "refunds"]) => sandbox.with(|p, now| p.refund(&body, now)),
        ("GET", ["v3", "refund", "domestic", "refunds", number]) => sandbox.with(|p, _| p.refund_state(number)),
        ("GET", ["v3", "bill", "tradebill"]) => sandbox.bill_place(uri.query().unwrap_or_default()),
        ("GET", ["v3", "certificates"]) => sandbox.certificates(),
        _ => Answer {
            status: 404,
            body: json!({ "code": "RESOURCE_NOT_EXISTS", "message": "无此接口" }),
        },
    };
    sandbox.signed(&answer, &headers)
}

impl Sandbox {
    /// The answer, signed with the key the request asks for.
    fn signed(&self, answer: &Answer, asked: &HeaderMap) -> Response {
        let body = match &answer.body {
            Value::Null => Vec::new(),
            body => body.to_string().into_bytes(),
        };
        let public = asked
            .get("wechatpay-serial")
            .is_some_and(|s| *s == self.inner.keys.public_key_id);
        let with = if public {
            SignedWith::PublicKey
        } else {
            SignedWith::Certificate
        };
        // Signing takes most of the time; nobody waits for the state meanwhile.
        let mut chance = Chance::new(self.state().chance.number());
        let signed = sign_headers(&self.inner.keys, with, &body, (self.inner.now)(), &mut chance);
        let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, body).into_response();
        let Some(h) = signed else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let named = [
            ("wechatpay-serial", h.serial),
            ("wechatpay-timestamp", h.timestamp),
            ("wechatpay-nonce", h.nonce),
            ("wechatpay-signature", h.signature),
            ("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048".to_owned()),
            ("content-type", "application/json".to_owned()),
            ("request-id", "paysim".to_owned()),
        ];
        for (name, value) in named {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// What the provider's other side does: the payer pays, the bank settles. Also the keys, for whoever sets up a client.
fn steer(sandbox: &Sandbox, control: &str) -> Response {
    let keys = &sandbox.inner.keys;
    let done = |yes: bool| if yes { StatusCode::OK } else { StatusCode::CONFLICT }.into_response();
    match control.split('/').collect::<Vec<_>>().as_slice() {
        ["pay", number] => done(sandbox.with(|p, now| p.pay(number, now))),
        ["settle", number] => done(sandbox.with(|p, _| p.settle_refund(number, "SUCCESS"))),
        ["stick", number] => done(sandbox.with(|p, _| p.settle_refund(number, "ABNORMAL"))),
        ["settings"] => axum::Json(json!({
            "base_url": sandbox.base_url(),
            "app_id": APP_ID,
            "mch_id": MCH_ID,
            "merchant_serial": keys.merchant_serial,
            "merchant_key_pem": keys.merchant_pem,
            "api_v3_key": API_V3_KEY,
            "platform_certificate_pem": keys.certificate_pem,
            "platform_public_key_id": keys.public_key_id,
            "platform_public_key_pem": keys.public_key_pem,
        }))
        .into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
