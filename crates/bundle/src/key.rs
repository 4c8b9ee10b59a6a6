//! The keys of a bundle: the center's, in the text forms of age. Whoever has the sealing key can only close bundles.
use age::secrecy::ExposeSecret;
use age::x25519;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// What the derived key is for.
const LABEL: &[u8] = b"xueying bundle key v1\x01";

/// A text that is no key of age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not a key of age (age1… to seal, AGE-SECRET-KEY-1… to open)")]
pub struct BadKey;

/// What a bundle is sealed to: `age1…`. Not a secret.
#[derive(Clone)]
pub struct SealingKey(pub(crate) x25519::Recipient);

/// What opens a bundle: `AGE-SECRET-KEY-1…`. The center's secret.
#[derive(Clone)]
pub struct OpeningKey(pub(crate) x25519::Identity);

impl std::str::FromStr for SealingKey {
    type Err = BadKey;
    fn from_str(text: &str) -> Result<Self, BadKey> {
        text.trim().parse().map(Self).map_err(|_| BadKey)
    }
}

impl std::fmt::Display for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealingKey({})", self.0)
    }
}

impl std::fmt::Debug for OpeningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OpeningKey(…)")
    }
}

impl OpeningKey {
    /// The center's key, derived from the seed of its signing key: one secret to back up, and the same bundle key in every
    /// process that has it. HMAC-SHA-256 as a key derivation function (RFC 5869's expand step, one block), labelled.
    pub fn derive(seed: &[u8; 32]) -> Self {
        // HMAC fills shorter keys up with zeros; done here, the length is right by its type.
        let mut block = Zeroizing::new([0; 64]);
        block[..32].copy_from_slice(seed);
        let mut mac = Hmac::<Sha256>::new((&*block).into());
        mac.update(LABEL);
        let secret = Zeroizing::new(<[u8; 32]>::from(mac.finalize().into_bytes()));
        Self(from_bytes(&secret))
    }

    /// The secret in the form `age -d -i` takes, for a bundle that has to be looked at by hand.
    pub fn secret_text(&self) -> String {
        self.0.to_string().expose_secret().to_owned()
    }

    /// What bundles are sealed to for this key.
    pub fn sealing_key(&self) -> SealingKey {
        SealingKey(self.0.to_public())
    }
}

/// age takes secrets only in their text form.
#[allow(clippy::expect_used)]
fn from_bytes(secret: &[u8; 32]) -> x25519::Identity {
    let prefix = bech32::Hrp::parse_unchecked("age-secret-key-");
    let text = Zeroizing::new(bech32::encode_upper::<bech32::Bech32>(prefix, secret).expect("32 bytes fit"));
    text.parse().expect("this is the form age reads")
}
