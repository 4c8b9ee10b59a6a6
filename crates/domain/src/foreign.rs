//! Is a QR code plainly something else than a collection code? The official format is not public, so nothing is taken for one by its looks;
//! but payment codes, contacts and passwords of wireless networks are known, and whoever holds one of them up must not be seated by it.

/// What speaks against a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// It belongs to another use, by its published form: it is never a collection code.
    OtherUse,
    /// It looks like a web address or a number shown for paying. A school may use such codes, so a person decides.
    Doubtful,
}

/// Beginnings that belong to another use, in small letters. Payment and contact codes of WeChat, Alipay, UnionPay and QQ; the forms a
/// phone's camera offers to act on (ZXing, "Barcode Contents"); EMVCo QR Code Specification for Payment Systems, 4.7.
const OTHER_USE: [&str; 31] = [
    "wxp://",
    "weixin://",
    "alipays://",
    "alipay://",
    "alipayqr://",
    "https://qr.alipay.com/",
    "http://qr.alipay.com/",
    "https://render.alipay.com/",
    "https://u.wechat.com/",
    "http://u.wechat.com/",
    "https://weixin.qq.com/",
    "http://weixin.qq.com/",
    "https://wx.tenpay.com/",
    "https://payapp.weixin.qq.com/",
    "https://qr.95516.com/",
    "https://qm.qq.com/",
    "wifi:",
    "dpp:",
    "tel:",
    "sms:",
    "smsto:",
    "mailto:",
    "matmsg:",
    "mecard:",
    "begin:v",
    "geo:",
    "otpauth:",
    "bitcoin:",
    "market:",
    "00020101021",
    "urlto:",
];

/// Longest beginning that is looked at.
const LOOKED_AT: usize = 64;

/// What speaks against a payload being a collection code; nothing for most.
pub fn foreign(payload: &[u8]) -> Option<Foreign> {
    let payload = payload.trim_ascii();
    let front = &payload[..payload.len().min(LOOKED_AT)];
    let front = front.to_ascii_lowercase();
    if OTHER_USE.iter().any(|begins| front.starts_with(begins.as_bytes())) {
        return Some(Foreign::OtherUse);
    }
    (is_link(&front) || is_paying_number(payload)).then_some(Foreign::Doubtful)
}

/// A scheme and two strokes (RFC 3986, 3.1), or a name as people write it.
fn is_link(front: &[u8]) -> bool {
    let scheme = front.windows(3).position(|w| w == b"://");
    let is_scheme = |s: &[u8]| {
        s.first().is_some_and(u8::is_ascii_lowercase)
            && s.iter().all(|b| b.is_ascii_alphanumeric() || b"+.-".contains(b))
    };
    front.starts_with(b"www.") || scheme.is_some_and(|at| is_scheme(&front[..at]))
}

/// What a phone shows for paying: WeChat 18 digits from 10 to 15, Alipay 16 to 24 digits from 25 to 30 (their documents for merchants).
fn is_paying_number(payload: &[u8]) -> bool {
    let begins = match payload {
        [a @ b'0'..=b'9', b @ b'0'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => {
            (a - b'0') * 10 + (b - b'0')
        }
        _ => return false,
    };
    match payload.len() {
        18 if (10..=15).contains(&begins) => true,
        16..=24 => (25..=30).contains(&begins),
        _ => false,
    }
}
