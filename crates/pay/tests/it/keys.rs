//! One set of keys for all tests: making RSA keys takes long.
use pay::wechat::{ApiV3Key, PlatformKeys};
use paysim::Keys;
use std::sync::LazyLock;

pub static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys::make().unwrap());
/// Some moment.
pub const NOW: domain::UtcMs = domain::UtcMs(1_790_000_000_000);

pub fn platform() -> PlatformKeys {
    let mut keys = PlatformKeys::default();
    keys.add_certificate(&KEYS.certificate_pem).unwrap();
    keys.add_public_key(&KEYS.public_key_id, &KEYS.public_key_pem).unwrap();
    keys
}

pub fn api_key() -> ApiV3Key {
    ApiV3Key::new(paysim::API_V3_KEY).unwrap()
}
