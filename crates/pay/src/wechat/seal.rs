//! The sealed part of a callback: AEAD_AES_256_GCM under the merchant's API v3 key.
use crate::error::{PayError, Untrusted};
use base64::{Engine, engine::general_purpose::STANDARD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};

/// The API v3 key: 32 bytes the merchant chose.
pub struct ApiV3Key(LessSafeKey);

impl std::fmt::Debug for ApiV3Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ApiV3Key")
    }
}

/// A sealed resource, as the provider writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedResource {
    /// Always `AEAD_AES_256_GCM`.
    pub algorithm: String,
    /// Ciphertext and tag, base64.
    pub ciphertext: String,
    /// Authenticated beside it; may be empty or absent.
    #[serde(default)]
    pub associated_data: String,
    /// Twelve characters.
    pub nonce: String,
    /// `transaction` or `refund`.
    #[serde(default)]
    pub original_type: String,
}

impl ApiV3Key {
    /// Takes the key.
    ///
    /// # Errors
    /// When it is not 32 bytes.
    pub fn new(key: &str) -> Result<Self, PayError> {
        let bad = || PayError::Settings("the API v3 key is not 32 bytes".to_owned());
        UnboundKey::new(&AES_256_GCM, key.as_bytes())
            .map(|k| Self(LessSafeKey::new(k)))
            .map_err(|_| bad())
    }

    /// Opens a resource.
    ///
    /// # Errors
    /// When the algorithm, the nonce, the key or the tag is another.
    pub fn open(&self, sealed: &SealedResource) -> Result<Vec<u8>, Untrusted> {
        if sealed.algorithm != "AEAD_AES_256_GCM" {
            return Err(Untrusted::Shape("resource.algorithm"));
        }
        let nonce: [u8; NONCE_LEN] = sealed
            .nonce
            .as_bytes()
            .try_into()
            .map_err(|_| Untrusted::Shape("resource.nonce"))?;
        let mut bytes = STANDARD.decode(&sealed.ciphertext).map_err(|_| Untrusted::Sealed)?;
        let aad = Aad::from(sealed.associated_data.as_bytes());
        let plain = self
            .0
            .open_in_place(Nonce::assume_unique_for_key(nonce), aad, &mut bytes)
            .map_err(|_| Untrusted::Sealed)?;
        Ok(plain.to_vec())
    }

    /// Seals a resource, as the provider (here: the sandbox) does.
    ///
    /// # Errors
    /// When the nonce is not twelve bytes.
    pub fn seal(
        &self,
        plain: &[u8],
        associated_data: &str,
        nonce: &str,
        kind: &str,
    ) -> Result<SealedResource, Untrusted> {
        let bytes: [u8; NONCE_LEN] = nonce
            .as_bytes()
            .try_into()
            .map_err(|_| Untrusted::Shape("resource.nonce"))?;
        let mut sealed = plain.to_vec();
        let aad = Aad::from(associated_data.as_bytes());
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(bytes), aad, &mut sealed)
            .map_err(|_| Untrusted::Sealed)?;
        Ok(SealedResource {
            algorithm: "AEAD_AES_256_GCM".to_owned(),
            ciphertext: STANDARD.encode(sealed),
            associated_data: associated_data.to_owned(),
            nonce: nonce.to_owned(),
            original_type: kind.to_owned(),
        })
    }
}
