//! Does a client of WeChat Pay API v3 that nobody here wrote (`wxpay-rs`) agree with ours? It pays, asks, closes and refunds at our
//! sandbox, believes our sandbox's signatures and not forged ones, opens what we seal, and verifies what our client signs.
#![allow(clippy::unwrap_used)]
use async_trait::async_trait;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Uri};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{Money, PaymentId, UtcMs};
use pay::wechat::{ApiV3Key, Client, MerchantKey, NoticeHeaders, PaymentState, Prepay, RefundState, Settings};
use pay::{GatewayCode, OutRefundNo, OutTradeNo, PayError};
use paysim::{API_V3_KEY, APP_ID, Callback, Chance, Event, Faults, Forgery, MCH_ID, Sandbox, SignedWith};
use std::sync::Arc;
use tokio::sync::mpsc;
use wxpay_rs::auth::{Sha256RsaSigner, Sha256RsaVerifier, Signer, Verifier};
use wxpay_rs::crypto::Aes256GcmCipher;
use wxpay_rs::http::HttpClient;
use wxpay_rs::http::client::HttpResponse;
use wxpay_rs::notify::{NotifyHandler, NotifyHeaders, PaymentExpectation, RefundExpectation};
use wxpay_rs::services::payments::jsapi::Amount;
use wxpay_rs::services::payments::native::NativeRequest;
use wxpay_rs::services::refund::{RefundAmount, RefundRequest};
use wxpay_rs::{NotifyConfig, WxPayClient, WxPayConfig, WxPayResult};

const THEIRS: &str = "https://api.mch.weixin.qq.com";

fn clock() -> UtcMs {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    UtcMs(i64::try_from(since.as_millis()).unwrap())
}

/// Takes what their client sends to the provider to the sandbox; everything else of a request is theirs.
struct ToSandbox {
    base: String,
    http: reqwest::Client,
}

impl ToSandbox {
    async fn go(
        &self,
        method: &str,
        url: &str,
        headers: Vec<(String, String)>,
        body: Option<&str>,
    ) -> WxPayResult<HttpResponse> {
        let target = url.strip_prefix(THEIRS).expect("the provider's address");
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.http.request(method, format!("{}{target}", self.base));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if let Some(body) = body {
            request = request.body(body.to_owned());
        }
        let answer = request.send().await.unwrap();
        let headers = answer.headers().iter();
        let headers = headers
            .map(|(n, v)| (n.to_string(), v.to_str().unwrap().to_owned()))
            .collect();
        let status = answer.status().as_u16();
        Ok(HttpResponse::new(status, headers, answer.text().await.unwrap()))
    }
}

#[async_trait]
impl HttpClient for ToSandbox {
    async fn get(&self, url: &str, headers: Vec<(String, String)>) -> WxPayResult<HttpResponse> {
        self.go("GET", url, headers, None).await
    }
    async fn post(&self, url: &str, headers: Vec<(String, String)>, body: &str) -> WxPayResult<HttpResponse> {
        self.go("POST", url, headers, Some(body)).await
    }
    async fn put(&self, url: &str, headers: Vec<(String, String)>, body: &str) -> WxPayResult<HttpResponse> {
        self.go("PUT", url, headers, Some(body)).await
    }
    async fn delete(&self, url: &str, headers: Vec<(String, String)>) -> WxPayResult<HttpResponse> {
        self.go("DELETE", url, headers, None).await
    }
    async fn patch(&self, url: &str, headers: Vec<(String, String)>, body: &str) -> WxPayResult<HttpResponse> {
        self.go("PATCH", url, headers, Some(body)).await
    }
}

async fn sandbox() -> Sandbox {
    let loopback = "127.0.0.1:0".parse().unwrap();
    Sandbox::start(loopback, Faults::NONE, 1, clock).await.unwrap()
}

fn config(sandbox: &Sandbox) -> WxPayConfig {
    let keys = sandbox.keys();
    WxPayConfig::builder()
        .app_id(APP_ID)
        .merchant_id(MCH_ID)
        .api_v3_key(API_V3_KEY)
        .private_key(keys.merchant_pem.clone().into_bytes())
        .cert_serial_number(&keys.merchant_serial)
        .platform_certificate(keys.certificate_pem.clone().into_bytes())
        .platform_public_key(&keys.public_key_id, keys.public_key_pem.clone().into_bytes())
        .build()
        .unwrap()
}

async fn theirs(sandbox: &Sandbox) -> WxPayClient {
    let transport = ToSandbox {
        base: sandbox.base_url(),
        http: reqwest::Client::builder().no_proxy().build().unwrap(),
    };
    let client = WxPayClient::builder().config(config(sandbox)).http_client(transport);
    client.build().await.unwrap()
}

fn verifier(sandbox: &Sandbox) -> Arc<Sha256RsaVerifier> {
    let keys = sandbox.keys();
    let certificate = keys.certificate_pem.clone().into_bytes();
    let public = (keys.public_key_id.clone(), keys.public_key_pem.clone().into_bytes());
    Arc::new(Sha256RsaVerifier::new_with_public_keys(vec![certificate], vec![public]).unwrap())
}

fn native(number: &str, fen: u64) -> NativeRequest {
    NativeRequest {
        appid: APP_ID.to_owned(),
        mchid: MCH_ID.to_owned(),
        description: "证件照 2026 届".to_owned(),
        out_trade_no: number.to_owned(),
        amount: Some(Amount {
            total: fen,
            currency: Some("CNY".to_owned()),
        }),
        notify_url: Some("https://center.example/v1/payments/notice".to_owned()),
    }
}

fn number(n: u8) -> OutTradeNo {
    OutTradeNo::of(PaymentId(uuid::Uuid::from_bytes([n; 16])))
}

/// Both clients see the same payment, whoever asked for it.
#[tokio::test]
async fn their_client_pays_asks_closes_and_refunds_at_our_sandbox() {
    let sandbox = sandbox().await;
    let client = theirs(&sandbox).await;
    let ours = Client::new(sandbox.settings("http://127.0.0.1:1/").unwrap(), Arc::new(clock)).unwrap();
    let paid = number(1);
    let code = client
        .native()
        .create_order(&native(paid.as_str(), 2500))
        .await
        .unwrap();
    assert!(code.code_url.starts_with("weixin://wxpay/"), "{}", code.code_url);
    let open = client.query_order_by_out_trade_no(paid.as_str()).await.unwrap();
    assert_eq!((open.trade_state.as_str(), open.transaction_id), ("NOTPAY", None));
    assert!(sandbox.with(|p, now| p.pay(paid.as_str(), now)));
    let said = client.query_order_by_out_trade_no(paid.as_str()).await.unwrap();
    let seen = ours.payment(&paid).await.unwrap();
    assert_eq!(
        (said.trade_state.as_str(), seen.state),
        ("SUCCESS", PaymentState::Success)
    );
    assert_eq!(said.transaction_id, seen.transaction_id);
    assert_eq!(said.amount.unwrap().total, seen.amount.unwrap().fen());
    assert!(client.query().close(paid.as_str()).await.is_err(), "it is paid");

    let refund = OutRefundNo::of(PaymentId(uuid::Uuid::from_bytes([2; 16])));
    let ask = RefundRequest {
        transaction_id: None,
        out_trade_no: Some(paid.to_string()),
        out_refund_no: refund.to_string(),
        reason: Some("订单已关闭".to_owned()),
        amount: RefundAmount {
            refund: 1000,
            total: 2500,
            currency: "CNY".to_owned(),
        },
        notify_url: None,
    };
    let asked = client.refund().create_refund(&ask).await.unwrap();
    assert_eq!(
        (asked.status.as_str(), asked.out_trade_no.as_str()),
        ("PROCESSING", paid.as_str())
    );
    assert!(sandbox.with(|p, _| p.settle_refund(refund.as_str(), "SUCCESS")));
    let done = client.query_by_out_refund_no(refund.as_str()).await.unwrap();
    let seen = ours.refund_state(&refund).await.unwrap();
    assert_eq!((done.status.as_str(), seen.state), ("SUCCESS", RefundState::Success));
    assert_eq!(
        (done.refund_id, done.amount.unwrap().refund),
        (seen.refund_id, seen.amount.fen())
    );

    // Asked for by ours, closed by theirs.
    let other = number(3);
    let ask = Prepay {
        out_trade_no: other.clone(),
        description: "证件照".to_owned(),
        amount: Money::from_fen(1),
        expires_at: clock().plus(600_000),
    };
    ours.prepay(&ask).await.unwrap();
    client.query().close(other.as_str()).await.unwrap();
    assert_eq!(ours.payment(&other).await.unwrap().state, PaymentState::Closed);
    let unknown = ours.payment(&number(9)).await.unwrap_err();
    assert!(
        matches!(
            unknown,
            PayError::Refused {
                code: GatewayCode::OrderNotExist,
                ..
            }
        ),
        "{unknown:?}"
    );
    assert!(client.query_order_by_out_trade_no(number(9).as_str()).await.is_err());
}

/// The four headers and the body of a callback, as their handler takes them.
async fn open(handler: &NotifyHandler, callback: &Callback) -> WxPayResult<wxpay_rs::notify::VerifiedNotifyRequest> {
    let h = &callback.headers;
    let headers = NotifyHeaders {
        timestamp: &h.timestamp,
        nonce: &h.nonce,
        serial: &h.serial,
        signature: &h.signature,
    };
    handler.verify_and_parse(headers, &callback.body).await
}

#[tokio::test]
async fn their_handler_opens_our_sandboxs_callbacks_and_refuses_what_ours_refuses() {
    let sandbox = sandbox().await;
    let client = theirs(&sandbox).await;
    let ours = Client::new(sandbox.settings("http://127.0.0.1:1/").unwrap(), Arc::new(clock)).unwrap();
    let notify = NotifyConfig::builder()
        .api_v3_key(API_V3_KEY)
        .cert_serial_number(&sandbox.keys().certificate_serial)
        .platform_certificate(sandbox.keys().certificate_pem.clone().into_bytes())
        .build()
        .unwrap();
    let handler = NotifyHandler::new(notify, verifier(&sandbox)).unwrap();
    let (paid, refund) = (number(1), OutRefundNo::of(PaymentId(uuid::Uuid::from_bytes([2; 16]))));
    client
        .native()
        .create_order(&native(paid.as_str(), 2500))
        .await
        .unwrap();
    let body = serde_json::json!({
        "out_trade_no": paid.as_str(), "out_refund_no": refund.as_str(),
        "amount": { "refund": 2500, "total": 2500, "currency": "CNY" },
    });
    sandbox.with(|p, now| {
        assert!(p.pay(paid.as_str(), now));
        assert_eq!(p.refund(body.to_string().as_bytes(), now).status, 200);
        assert!(p.settle_refund(refund.as_str(), "SUCCESS"));
        p.take_events();
    });
    let mut chance = Chance::new(7);
    for with in [SignedWith::Certificate, SignedWith::PublicKey] {
        let mut true_one = |event: Event| {
            let made = sandbox.with(|p, now| p.callback(sandbox.keys(), &event, with, now, &mut chance));
            made.unwrap()
        };
        let came = open(&handler, &true_one(Event::Paid(paid.to_string()))).await.unwrap();
        let data = handler.handle_verified_payment_notify(&came).await.unwrap();
        let expected = PaymentExpectation {
            appid: APP_ID,
            mchid: MCH_ID,
            out_trade_no: paid.as_str(),
            total: 2500,
            currency: "CNY",
        };
        data.validate_order(expected).unwrap();
        let back = open(&handler, &true_one(Event::Refunded(refund.to_string())))
            .await
            .unwrap();
        let data = handler.handle_verified_refund_notify(&back).await.unwrap();
        let expected = RefundExpectation {
            mchid: MCH_ID,
            out_trade_no: paid.as_str(),
            out_refund_no: refund.as_str(),
            total: 2500,
            refund: 2500,
        };
        data.validate_order(expected).unwrap();
    }
    for event in [Event::Paid(paid.to_string()), Event::Refunded(refund.to_string())] {
        for how in Forgery::ALL {
            for _ in 0..8 {
                let forged = sandbox
                    .with(|p, now| p.forged(sandbox.keys(), &event, how, now, &mut chance))
                    .unwrap();
                assert!(open(&handler, &forged).await.is_err(), "{how:?} for them");
                assert!(ours.notice(&forged.headers, &forged.body).is_err(), "{how:?} for us");
            }
        }
    }
}

#[tokio::test]
async fn their_verifier_believes_what_we_sign_and_we_sign_what_they_sign() {
    let sandbox = sandbox().await;
    let keys = sandbox.keys();
    let ours = MerchantKey::from_pem(&keys.merchant_pem, &keys.merchant_serial).unwrap();
    let theirs = Sha256RsaSigner::new(MCH_ID, keys.merchant_pem.as_bytes(), &keys.merchant_serial).unwrap();
    let mut chance = Chance::new(3);
    for n in 0..200u32 {
        let body = "照片 ".repeat(chance.below(40) as usize);
        let message =
            Sha256RsaSigner::build_sign_message("POST", "/v3/pay/transactions/native?a=1", i64::from(n), "n", &body);
        assert_eq!(
            ours.sign(message.as_bytes()).unwrap(),
            theirs.sign(&message).await.unwrap()
        );
    }
    // What their verifier takes of the sandbox, and ours of the same.
    let event = Event::Paid(number(1).to_string());
    theirs_and_ours(&sandbox, &event).await;
}

async fn theirs_and_ours(sandbox: &Sandbox, event: &Event) {
    let client = theirs(sandbox).await;
    client
        .native()
        .create_order(&native(number(1).as_str(), 1))
        .await
        .unwrap();
    sandbox.with(|p, now| p.pay(number(1).as_str(), now));
    let mut chance = Chance::new(4);
    let callback = sandbox.with(|p, now| p.callback(sandbox.keys(), event, SignedWith::PublicKey, now, &mut chance));
    let Callback { headers, body, .. } = callback.unwrap();
    let message = Sha256RsaVerifier::build_verify_message(
        headers.timestamp.parse().unwrap(),
        &headers.nonce,
        std::str::from_utf8(&body).unwrap(),
    );
    let theirs = verifier(sandbox);
    assert!(
        theirs
            .verify_with_serial(&message, &headers.signature, &headers.serial)
            .await
            .unwrap()
    );
    let settings: Settings = sandbox.settings("http://127.0.0.1:1/").unwrap();
    headers.verify(&body, &settings.platform, clock()).unwrap();
    let swapped = NoticeHeaders {
        serial: sandbox.keys().certificate_serial.clone(),
        ..headers.clone()
    };
    assert!(swapped.verify(&body, &settings.platform, clock()).is_err());
    let said = theirs
        .verify_with_serial(&message, &headers.signature, &swapped.serial)
        .await;
    assert!(!said.unwrap());
}

/// A request of our client, caught on the wire: their verifier, given our merchant's public key, believes its signature.
#[tokio::test]
async fn a_request_of_our_client_is_signed_as_they_would() {
    let sandbox = sandbox().await;
    let keys = sandbox.keys();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, mut told) = mpsc::unbounded_channel();
    let catch = move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
        let named = headers["authorization"].to_str().unwrap().to_owned();
        tell.send((method.to_string(), uri.to_string(), named, body)).unwrap();
        async { axum::http::StatusCode::BAD_GATEWAY }
    };
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(catch)).await });
    let mut settings = sandbox.settings("http://127.0.0.1:1/").unwrap();
    settings.base_url = format!("http://{address}");
    let client = Client::new(settings, Arc::new(clock)).unwrap();
    let theirs = Sha256RsaSigner::new(MCH_ID, keys.merchant_pem.as_bytes(), &keys.merchant_serial).unwrap();
    let ask = Prepay {
        out_trade_no: number(5),
        description: "证件照".to_owned(),
        amount: Money::from_fen(1990),
        expires_at: clock(),
    };
    assert!(client.prepay(&ask).await.is_err());
    assert!(client.payment(&number(5)).await.is_err());
    assert!(client.close(&number(5)).await.is_err());
    for _ in 0..3 {
        let (method, target, named, body) = told.recv().await.unwrap();
        let fields = named.strip_prefix("WECHATPAY2-SHA256-RSA2048 ").unwrap();
        let field = |name: &str| {
            let found = fields
                .split(',')
                .find_map(|f| f.strip_prefix(name)?.strip_prefix("=\""));
            found.and_then(|f| f.strip_suffix('"')).unwrap()
        };
        let (timestamp, body) = (field("timestamp").parse().unwrap(), std::str::from_utf8(&body).unwrap());
        let message = Sha256RsaSigner::build_sign_message(&method, &target, timestamp, field("nonce_str"), body);
        assert_eq!(
            theirs.sign(&message).await.unwrap(),
            field("signature"),
            "{method} {target}"
        );
        assert_eq!(
            (field("mchid"), field("serial_no")),
            (MCH_ID, keys.merchant_serial.as_str())
        );
    }
}

#[test]
fn what_we_seal_they_open_and_the_other_way() {
    let (ours, theirs) = (
        ApiV3Key::new(API_V3_KEY).unwrap(),
        Aes256GcmCipher::new(API_V3_KEY).unwrap(),
    );
    let mut chance = Chance::new(5);
    for n in 0..200u32 {
        let plain = format!("{{\"n\":{n},\"名\":\"{}\"}}", "张".repeat(chance.below(60) as usize));
        let nonce = format!("{:012x}", chance.below(1 << 48));
        let sealed = ours
            .seal(plain.as_bytes(), "transaction", &nonce, "transaction")
            .unwrap();
        let opened = theirs
            .decrypt_notification(&nonce, &sealed.ciphertext, "transaction")
            .unwrap();
        assert_eq!(opened, plain);
        assert!(
            theirs
                .decrypt_notification(&nonce, &sealed.ciphertext, "refund")
                .is_err()
        );
        // Without associated data, as certificates come.
        let bare = ours.seal(plain.as_bytes(), "", &nonce, "certificate").unwrap();
        assert_eq!(
            theirs.encrypt_with_nonce(&plain, nonce.as_bytes()).unwrap(),
            bare.ciphertext
        );
        let mut spoilt = STANDARD.decode(&bare.ciphertext).unwrap();
        spoilt[chance.below(10) as usize] ^= 1;
        let spoilt = pay::wechat::SealedResource {
            ciphertext: STANDARD.encode(spoilt),
            ..bare
        };
        assert!(ours.open(&spoilt).is_err());
        assert!(theirs.decrypt_notification(&nonce, &spoilt.ciphertext, "").is_err());
    }
}
