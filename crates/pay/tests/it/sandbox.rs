//! The client over real HTTP with real keys.
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use domain::{Money, PaymentId, UtcMs};
use pay::bill::BillDate;
use pay::wechat::{Client, Notice, NoticeHeaders, PaymentState, Prepay, RefundAsk, RefundState};
use pay::{GatewayCode, OutRefundNo, OutTradeNo, PayError, Untrusted};
use paysim::{Faults, Sandbox};
use std::sync::Arc;
use tokio::sync::mpsc;

fn clock() -> UtcMs {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    UtcMs(i64::try_from(since.as_millis()).unwrap())
}

struct World {
    sandbox: Sandbox,
    client: Client,
    /// Every callback that came, true or forged.
    inbox: mpsc::UnboundedReceiver<Result<Notice, Untrusted>>,
}

async fn world(faults: Faults, seed: u64) -> World {
    let sandbox = Sandbox::start("127.0.0.1:0".parse().unwrap(), faults, seed, clock)
        .await
        .unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let notify_url = format!("http://{}/notice", listener.local_addr().unwrap());
    let client = Client::new(sandbox.settings(&notify_url).unwrap(), Arc::new(clock)).unwrap();
    let (tell, inbox) = mpsc::unbounded_channel();
    let verifier = client.clone();
    let receive = move |headers: HeaderMap, body: Bytes| {
        let find = |name: &'static str| headers.get_all(name).iter().filter_map(|v| v.to_str().ok());
        let notice = NoticeHeaders::find(find).and_then(|h| verifier.notice(&h, &body));
        let status = if notice.is_ok() {
            StatusCode::OK
        } else {
            StatusCode::UNAUTHORIZED
        };
        tell.send(notice).unwrap();
        async move { status }
    };
    let app = axum::Router::new().route("/notice", axum::routing::post(receive));
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    World { sandbox, client, inbox }
}

fn prepay(n: u8) -> Prepay {
    Prepay {
        out_trade_no: OutTradeNo::of(PaymentId(uuid::Uuid::from_bytes([n; 16]))),
        description: "证件照 2026 届".to_owned(),
        amount: Money::from_fen(2500),
        expires_at: clock().plus(900_000),
    }
}

fn code(error: PayError) -> GatewayCode {
    match error {
        PayError::Refused { code, .. } => code,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_payment_from_code_to_refund_and_bill() {
    let mut w = world(Faults::NONE, 1).await;
    let ask = prepay(1);
    let number = ask.out_trade_no.clone();
    let first = w.client.prepay(&ask).await.unwrap();
    assert!(first.code_url.starts_with("weixin://wxpay/"));
    assert_eq!(
        w.client.prepay(&ask).await.unwrap(),
        first,
        "asked again, the same code"
    );
    assert_eq!(w.client.payment(&number).await.unwrap().state, PaymentState::NotPay);

    assert!(w.sandbox.with(|p, now| p.pay(number.as_str(), now)));
    let Notice::Paid(paid) = w.inbox.recv().await.unwrap().unwrap() else {
        panic!("a payment")
    };
    assert_eq!(
        (paid.out_trade_no, paid.amount),
        (number.clone(), Some(Money::from_fen(2500)))
    );
    assert_eq!(w.client.payment(&number).await.unwrap().state, PaymentState::Success);
    assert_eq!(code(w.client.close(&number).await.unwrap_err()), GatewayCode::OrderPaid);

    let refund = RefundAsk {
        out_trade_no: number.clone(),
        out_refund_no: OutRefundNo::parse("refund-1").unwrap(),
        reason: "采集取消".repeat(20),
        amount: Money::from_fen(2500),
        total: Money::from_fen(2500),
    };
    assert_eq!(w.client.refund(&refund).await.unwrap().state, RefundState::Processing);
    assert_eq!(
        w.client.refund(&refund).await.unwrap().state,
        RefundState::Processing,
        "asked again, the same refund"
    );
    let second = RefundAsk {
        out_refund_no: OutRefundNo::parse("refund-2").unwrap(),
        ..refund.clone()
    };
    assert_eq!(
        code(w.client.refund(&second).await.unwrap_err()),
        GatewayCode::NotEnough
    );
    assert!(w.sandbox.with(|p, _| p.settle_refund("refund-1", "SUCCESS")));
    let Notice::Refunded(back) = w.inbox.recv().await.unwrap().unwrap() else {
        panic!("a refund")
    };
    assert_eq!((back.state, back.amount), (RefundState::Success, Money::from_fen(2500)));
    assert_eq!(
        w.client.refund_state(&refund.out_refund_no).await.unwrap().state,
        RefundState::Success
    );

    let bill = w.client.bill(BillDate::of(clock())).await.unwrap();
    assert_eq!(
        (bill.paid(), bill.refunded()),
        (Some(Money::from_fen(2500)), Some(Money::from_fen(2500)))
    );
    assert_eq!(
        code(w.client.bill(BillDate::of(clock()).before()).await.unwrap_err()),
        GatewayCode::NoStatementExist
    );
}

#[tokio::test]
async fn a_closed_payment_can_no_longer_be_paid() {
    let w = world(Faults::NONE, 2).await;
    let ask = prepay(2);
    w.client.prepay(&ask).await.unwrap();
    w.client.close(&ask.out_trade_no).await.unwrap();
    assert!(!w.sandbox.with(|p, now| p.pay(ask.out_trade_no.as_str(), now)));
    assert_eq!(
        w.client.payment(&ask.out_trade_no).await.unwrap().state,
        PaymentState::Closed
    );
    assert_eq!(code(w.client.prepay(&ask).await.unwrap_err()), GatewayCode::OrderClosed);
    let unknown = OutTradeNo::parse("never-asked").unwrap();
    assert_eq!(
        code(w.client.payment(&unknown).await.unwrap_err()),
        GatewayCode::OrderNotExist
    );
}

#[tokio::test]
async fn callbacks_with_every_fault_tell_the_truth_or_nothing() {
    let mut w = world(
        Faults {
            missing: 0,
            ..Faults::MANY
        },
        3,
    )
    .await;
    let mut open: Vec<_> = (10..30).map(prepay).collect();
    for ask in &open {
        w.client.prepay(ask).await.unwrap();
        assert!(w.sandbox.with(|p, now| p.pay(ask.out_trade_no.as_str(), now)));
    }
    let mut forged = 0;
    while !open.is_empty() {
        match w.inbox.recv().await.unwrap() {
            Ok(Notice::Paid(paid)) => open.retain(|a| a.out_trade_no != paid.out_trade_no),
            Ok(other) => panic!("{other:?}"),
            Err(_) => forged += 1,
        }
    }
    assert!(forged > 0, "forgeries came, and none was believed");
}

#[tokio::test]
async fn an_answer_of_somebody_else_is_not_believed() {
    let w = world(Faults::NONE, 4).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = w.sandbox.settings("http://127.0.0.1:1/").unwrap();
    settings.base_url = format!("http://{}", listener.local_addr().unwrap());
    let app = axum::Router::new().fallback(|| async { axum::Json(serde_json::json!({ "code_url": "weixin://evil" })) });
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let error = Client::new(settings, Arc::new(clock))
        .unwrap()
        .prepay(&prepay(4))
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            PayError::Untrusted {
                source: Untrusted::Header(_),
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_merchant_with_another_key_is_refused() {
    let w = world(Faults::NONE, 5).await;
    let other = paysim::Keys::make().unwrap();
    let mut settings = w.sandbox.settings("http://127.0.0.1:1/").unwrap();
    settings.key = pay::wechat::MerchantKey::from_pem(&other.merchant_pem, &w.sandbox.keys().merchant_serial).unwrap();
    let error = Client::new(settings, Arc::new(clock))
        .unwrap()
        .prepay(&prepay(5))
        .await
        .unwrap_err();
    assert_eq!(code(error), GatewayCode::SignError);
}
