//! Where the station's one data key comes from, and the keys made from it. The OS keyring will be another provider.
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use std::io;
use zeroize::Zeroizing;

/// Gives the data key. The provider is chosen openly at enrolment; there is no fallback from one to another.
pub trait KeyProvider {
    /// The data key.
    ///
    /// # Errors
    /// When the provider cannot give it.
    fn data_key(&self) -> Result<DataKey, KeyError>;
    /// Name shown on the status page, as `sealed file`.
    fn name(&self) -> &'static str;
}

/// The 32 random bytes everything at rest is encrypted under. Wiped from memory when dropped.
#[derive(Clone)]
pub struct DataKey(Zeroizing<[u8; 32]>);

/// What tells two data keys apart without revealing either: eight bytes of an HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyId(pub [u8; 8]);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No sealed file.
    #[error("opening the sealed key: there is none")]
    Missing,
    /// A sealed file is there already; overwriting it would lose everything written under it.
    #[error("creating the sealed key: there is one already")]
    AlreadyThere,
    /// The unlock secret does not open it (or somebody changed the file).
    #[error("opening the sealed key: the secret does not fit")]
    WrongSecret,
    /// Not a sealed key.
    #[error("opening the sealed key: the file is damaged")]
    Malformed,
    /// Written by a later version.
    #[error("opening the sealed key: it has format {0}, which this version does not know")]
    Newer(u8),
    /// Parameters beyond what Argon2 or this version takes.
    #[error("sealing the key: these cost parameters are not possible")]
    BadCost,
    /// No room on the disk.
    #[error("{doing}: the disk is full")]
    DiskFull {
        /// What was being done.
        doing: &'static str,
    },
    /// The file or its folder failed.
    #[error("{doing}: {source}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The system gave no randomness.
    #[error("making a key: the system gives no randomness")]
    NoRandomness,
    /// The provider is not usable on this machine now.
    #[error("{provider} cannot give the key")]
    Unavailable {
        /// Its name.
        provider: &'static str,
    },
}

impl DataKey {
    /// Takes the bytes of a key made elsewhere.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
    /// A new key from the system's randomness. Keys and nonces are never passed in: a caller's mistake would void them.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn generate() -> Result<Self, KeyError> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(&mut bytes[..]).map_err(|_| KeyError::NoRandomness)?;
        Ok(Self(bytes))
    }
    /// The identifier of this key, as written in the header of each photo file.
    pub fn id(&self) -> KeyId {
        let full = self.derive("xueying key id v1");
        let mut id = [0; 8];
        id.copy_from_slice(&full[..8]);
        KeyId(id)
    }
    /// The bytes, to be sealed.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
    /// A key of its own for one purpose, so that no two uses share one.
    pub(crate) fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(mac(&self.0, purpose.as_bytes()))
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// HMAC-SHA-256.
pub(crate) fn mac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    // A key of one block, zeros after ours: what HMAC does to a short key anyway, and it cannot fail.
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// Keys for looking up ID numbers without a plain index of them.
pub(crate) struct IndexKey(Zeroizing<[u8; 32]>);

impl IndexKey {
    pub(crate) fn new(key: &DataKey) -> Self {
        Self(key.derive("xueying id number index v1"))
    }
    /// The blind index of an ID number; blanks and case do not matter.
    pub(crate) fn of(&self, id_number: &str) -> [u8; 32] {
        mac(&self.0, id_number.trim().to_uppercase().as_bytes())
    }
}
