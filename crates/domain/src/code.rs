//! The collection code (图像采集码): an opaque payload keyed by its SHA-256, and the boundary behind which it may be decoded.
//! The official format is not public and nothing here claims to know it.
use crate::foreign::{Foreign, foreign};
use crate::id::CodeHash;

/// Longest payload taken: a QR code of version 40 holds 2,953 bytes.
pub const MAX_PAYLOAD_BYTES: usize = 4096;

/// A scanned payload. Any bytes are a payload; only empty and oversized ones are refused, and codes that belong to another use.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CollectionCode(Vec<u8>);

/// Why bytes are no collection code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Nothing but blanks.
    #[error("the code is empty")]
    Empty,
    /// A code for paying, a contact, the password of a network.
    #[error("the code belongs to another use")]
    OtherUse,
    /// More bytes than any QR code holds.
    #[error("the code is longer than a QR code can be")]
    TooLong,
}

impl CollectionCode {
    /// Takes a payload. ASCII blanks around it are dropped: scanner guns add them.
    ///
    /// # Errors
    /// When nothing is left or more than [`MAX_PAYLOAD_BYTES`], and for a code of another use ([`Foreign::OtherUse`]): a photo under its
    /// key would be nobody's.
    pub fn new(payload: &[u8]) -> Result<Self, CodeError> {
        let payload = payload.trim_ascii();
        match payload.len() {
            0 => Err(CodeError::Empty),
            n if n > MAX_PAYLOAD_BYTES => Err(CodeError::TooLong),
            _ if foreign(payload) == Some(Foreign::OtherUse) => Err(CodeError::OtherUse),
            _ => Ok(Self(payload.to_vec())),
        }
    }
    /// The payload.
    pub fn payload(&self) -> &[u8] {
        &self.0
    }
    /// The key of the person this code was made for.
    pub fn hash(&self) -> CodeHash {
        CodeHash::of(&self.0)
    }
}

impl std::fmt::Debug for CollectionCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CollectionCode({:?})", self.hash())
    }
}

/// What a decoder may tell of a code. All of it is already masked by the issuer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DecodedCode {
    /// Masked name, as 张*.
    pub masked_name: Option<String>,
    /// Masked ID number.
    pub masked_id: Option<String>,
}

/// Turns a payload into what may be shown. A licensed collector plugs in their own.
pub trait CollectionCodeDecoder: Send + Sync {
    /// Name shown on the settings page.
    fn name(&self) -> &'static str;
    /// What the code says, or nothing when this decoder cannot read it. Never fails: an unreadable code is still a key.
    fn decode(&self, code: &CollectionCode) -> DecodedCode;
}

/// Knows only the hash; the operator or the graduate fills in the rest.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpaqueDecoder;

impl CollectionCodeDecoder for OpaqueDecoder {
    fn name(&self) -> &'static str {
        "opaque"
    }
    fn decode(&self, _: &CollectionCode) -> DecodedCode {
        DecodedCode::default()
    }
}

/// Reads our own demo codes: `XYDEMO1|serial|masked name|masked id`. For the demo and tests; not the official format.
#[derive(Debug, Clone, Copy, Default)]
pub struct DemoDecoder;

impl DemoDecoder {
    /// Makes a demo payload. `|` and line breaks in the parts are replaced by blanks.
    pub fn encode(serial: &str, masked_name: &str, masked_id: &str) -> String {
        let clean = |part: &str| part.replace(['|', '\n', '\r'], " ");
        format!("XYDEMO1|{}|{}|{}", clean(serial), clean(masked_name), clean(masked_id))
    }
}

impl CollectionCodeDecoder for DemoDecoder {
    fn name(&self) -> &'static str {
        "demo"
    }
    fn decode(&self, code: &CollectionCode) -> DecodedCode {
        let Ok(text) = std::str::from_utf8(code.payload()) else {
            return DecodedCode::default();
        };
        let parts: Vec<&str> = text.split('|').collect();
        let ["XYDEMO1", _, name, id] = parts[..] else {
            return DecodedCode::default();
        };
        let part = |s: &str| (!s.is_empty()).then(|| s.to_owned());
        DecodedCode {
            masked_name: part(name),
            masked_id: part(id),
        }
    }
}
