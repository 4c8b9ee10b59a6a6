//! Settings that would lose money are refused at the start.
use crate::keys::{KEYS, api_key, platform};
use pay::wechat::{Build, MerchantKey, PlatformKeys, Settings};
use std::time::Duration;

fn settings(base_url: &str) -> Settings {
    Settings {
        base_url: base_url.to_owned(),
        app_id: "wxd678efh567hg6787".to_owned(),
        mch_id: "1900000109".to_owned(),
        key: MerchantKey::from_pem(&KEYS.merchant_pem, &KEYS.merchant_serial).unwrap(),
        api_v3_key: api_key(),
        platform: platform(),
        notify_url: "https://center.example/v1/payments/notice".to_owned(),
        timeout: Duration::from_secs(1),
    }
}

#[test]
fn a_release_talks_to_the_provider_alone() {
    let official = settings("https://api.mch.weixin.qq.com");
    assert!(official.check(Build::Release).is_ok());
    assert!(official.check(Build::Development).is_ok());
    let sandbox = settings("http://127.0.0.1:8089");
    assert!(sandbox.check(Build::Development).is_ok());
    assert!(sandbox.check(Build::Release).is_err());
    for url in [
        "http://api.mch.weixin.qq.com",
        "https://api.mch.weixin.qq.com.example",
        "http://127.0.0.1:80@pay.example",
        "http://127.0.0.1.example:80",
        "https://pay.example",
    ] {
        assert!(settings(url).check(Build::Development).is_err(), "{url}");
        assert!(settings(url).check(Build::Release).is_err(), "{url}");
    }
}

#[test]
fn what_cannot_work_is_said_at_the_start() {
    let official = || settings("https://api.mch.weixin.qq.com");
    let said = |s: Settings| s.check(Build::Release).unwrap_err().to_string();
    expect_test::expect!["the payment settings: neither a platform certificate nor a public key is configured"]
        .assert_eq(&said(Settings {
            platform: PlatformKeys::default(),
            ..official()
        }));
    expect_test::expect!["the payment settings: notify_url must be https and without a query"].assert_eq(&said(
        Settings {
            notify_url: "http://center.example/".to_owned(),
            ..official()
        },
    ));
    expect_test::expect!["the payment settings: mch_id has 1 to 32 digits"].assert_eq(&said(Settings {
        mch_id: "merchant".to_owned(),
        ..official()
    }));
    assert!(MerchantKey::from_pem("no key", "AB").is_err());
    assert!(MerchantKey::from_pem(&KEYS.merchant_pem, "not hex").is_err());
    assert!(pay::wechat::ApiV3Key::new("short").is_err());
}
