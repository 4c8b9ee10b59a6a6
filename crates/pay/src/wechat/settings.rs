//! Where the provider is and who we are to it; and why the sandbox cannot be switched on in a release by accident.
use super::keys::{MerchantKey, PlatformKeys};
use super::seal::ApiV3Key;
use crate::error::PayError;
use std::time::Duration;

/// The provider's two hosts; the second is its documented standby.
pub const OFFICIAL_HOSTS: [&str; 2] = ["https://api.mch.weixin.qq.com", "https://api2.mch.weixin.qq.com"];

/// How this program was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// With debug assertions: tests and development. A sandbox on loopback is allowed.
    Development,
    /// What people install. Only the provider itself is allowed.
    Release,
}

impl Build {
    /// This program's.
    pub const THIS: Self = if cfg!(debug_assertions) {
        Self::Development
    } else {
        Self::Release
    };
}

/// Everything the client needs.
#[derive(Debug)]
pub struct Settings {
    /// Base of every request.
    pub base_url: String,
    /// The public account or app the payment is made in.
    pub app_id: String,
    /// The merchant.
    pub mch_id: String,
    /// Our signing key.
    pub key: MerchantKey,
    /// The key callbacks are sealed with.
    pub api_v3_key: ApiV3Key,
    /// The provider's keys.
    pub platform: PlatformKeys,
    /// Where callbacks shall go. Must be https without a query, except for the sandbox.
    pub notify_url: String,
    /// The longest a request may take.
    pub timeout: Duration,
}

impl Settings {
    /// Checks what can be checked without asking the provider.
    ///
    /// # Errors
    /// Names what does not hold. In a release, any address but the provider's is one.
    pub fn check(&self, build: Build) -> Result<(), PayError> {
        let bad = |what: &str| Err(PayError::Settings(what.to_owned()));
        let official = OFFICIAL_HOSTS.contains(&self.base_url.as_str());
        let loopback = ["http://127.0.0.1:", "http://[::1]:", "http://localhost:"]
            .iter()
            .any(|p| {
                let port = self.base_url.strip_prefix(p);
                port.is_some_and(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
            });
        match build {
            _ if official => {}
            Build::Development if loopback => {}
            Build::Development => return bad("base_url is neither the provider's nor a sandbox on loopback"),
            Build::Release => return bad("base_url is not the provider's; a release takes no sandbox"),
        }
        if official && (!self.notify_url.starts_with("https://") || self.notify_url.contains('?')) {
            return bad("notify_url must be https and without a query");
        }
        if self.app_id.is_empty() || self.app_id.len() > 32 {
            return bad("app_id has 1 to 32 characters");
        }
        if self.mch_id.is_empty() || self.mch_id.len() > 32 || !self.mch_id.bytes().all(|b| b.is_ascii_digit()) {
            return bad("mch_id has 1 to 32 digits");
        }
        if self.platform.is_empty() {
            return bad("neither a platform certificate nor a public key is configured");
        }
        Ok(())
    }
}
