//! Which codes are plainly no collection codes?
use domain::foreign::{Foreign, foreign};

#[test]
fn codes_of_another_use_are_known_by_their_form() {
    for payload in [
        "wxp://f2f0aBcD",
        "WEIXIN://wxpay/bizpayurl?pr=1",
        "https://qr.alipay.com/fkx1",
        "HTTPS://QR.ALIPAY.COM/FKX1",
        "https://u.wechat.com/EABC",
        "https://qr.95516.com/00010000/6",
        "WIFI:S:school;T:WPA;P:secret;;",
        "tel:+8610000",
        "  mailto:a@example.org",
        "BEGIN:VCARD\nVERSION:3.0",
        "MECARD:N:A;;",
        "otpauth://totp/a",
        "00020101021129370016A000000677010111",
    ] {
        assert_eq!(foreign(payload.as_bytes()), Some(Foreign::OtherUse), "{payload}");
    }
}

#[test]
fn addresses_and_numbers_for_paying_are_for_a_person_to_decide() {
    for payload in [
        "https://example.org/x",
        "http://school.example/collect?c=1",
        "www.example.org",
        "myapp+v2://open",
        "134567890123456789",
        "281234567890123456",
    ] {
        assert_eq!(foreign(payload.as_bytes()), Some(Foreign::Doubtful), "{payload}");
    }
}

#[test]
fn nothing_speaks_against_any_other_bytes() {
    let other: [&[u8]; 10] = [
        b"",
        b"XYDEMO1|0001|z*|430102********0011",
        b"\xff\x00\x80",
        b"430102200001010011",
        b"2027060100012345",
        b"A1B2C3D4E5F6",
        b"://nothing before",
        b"1://no scheme",
        b"tele:vision",
        "张三://".as_bytes(),
    ];
    for payload in other {
        assert_eq!(foreign(payload), None, "{payload:?}");
    }
}
