//! Nothing forged is believed, and what is true is believed with either of the provider's keys.
use crate::keys::{KEYS, NOW, api_key, platform};
use domain::Money;
use pay::Untrusted;
use pay::wechat::{Notice, NoticeHeaders};
use paysim::{Callback, Chance, Event, Forgery, MCH_ID, Provider, SignedWith};

fn paid() -> (Provider, Event) {
    let mut provider = Provider::default();
    let body = format!(
        r#"{{"appid":"{}","mchid":"{MCH_ID}","description":"照片","out_trade_no":"trade-0001","notify_url":"http://127.0.0.1:1/","amount":{{"total":2500,"currency":"CNY"}}}}"#,
        paysim::APP_ID
    );
    assert_eq!(provider.native(body.as_bytes(), NOW).status, 200);
    assert!(provider.pay("trade-0001", NOW));
    let event = provider.take_events().pop().unwrap();
    (provider, event)
}

fn open(callback: &Callback) -> Result<Notice, Untrusted> {
    Notice::open(&callback.headers, &callback.body, &platform(), &api_key(), MCH_ID, NOW)
}

#[test]
fn both_keys_of_the_provider_are_believed_at_once() {
    let (provider, event) = paid();
    for with in [SignedWith::Certificate, SignedWith::PublicKey] {
        let callback = provider
            .callback(&KEYS, &event, with, NOW, &mut Chance::new(1))
            .unwrap();
        let Notice::Paid(payment) = open(&callback).unwrap() else {
            panic!("a payment")
        };
        assert_eq!(payment.amount, Some(Money::from_fen(2500)));
        assert_eq!(payment.out_trade_no.as_str(), "trade-0001");
    }
}

#[test]
fn every_forgery_is_refused_for_its_reason() {
    let (provider, event) = paid();
    let said: Vec<_> = Forgery::ALL
        .iter()
        .map(|how| {
            let callback = provider.forged(&KEYS, &event, *how, NOW, &mut Chance::new(3)).unwrap();
            format!("{how:?}: {}", open(&callback).unwrap_err())
        })
        .collect();
    expect_test::expect![[r#"
        OtherKey: the signature does not hold
        UnknownSerial: no key with this serial is configured
        SwappedSerial: the signature does not hold
        ChangedBody: the signature does not hold
        Stale: it was signed 3600 s away from now
        Renewed: the signature does not hold
        SignTest: the signature does not hold
        Amount: the signature does not hold"#]]
    .assert_eq(&said.join("\n"));
}

#[test]
fn a_header_must_be_there_once() {
    let values = |name: &'static str| match name {
        "wechatpay-serial" => vec!["A", "B"],
        _ => vec!["1"],
    };
    let doubled = NoticeHeaders::find(|name| values(name).into_iter());
    assert_eq!(doubled, Err(Untrusted::Header("wechatpay-serial")));
    let missing = NoticeHeaders::find(|_| std::iter::empty::<&str>());
    assert_eq!(missing, Err(Untrusted::Header("wechatpay-serial")));
}

#[test]
fn every_changed_bit_of_a_callback_is_seen() {
    let (provider, event) = paid();
    let callback = provider
        .callback(&KEYS, &event, SignedWith::PublicKey, NOW, &mut Chance::new(5))
        .unwrap();
    for at in 0..callback.body.len() {
        let mut changed = callback.clone();
        changed.body[at] ^= 1 << (at % 8);
        assert!(open(&changed).is_err(), "byte {at}");
    }
    for (field, text) in [
        ("timestamp", " 1790000000"),
        ("timestamp", "+1790000000"),
        ("nonce", "other"),
    ] {
        let mut changed = callback.clone();
        match field {
            "timestamp" => changed.headers.timestamp = text.to_owned(),
            _ => changed.headers.nonce = text.to_owned(),
        }
        assert!(open(&changed).is_err(), "{field} {text:?}");
    }
}
