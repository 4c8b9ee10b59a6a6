//! The keys of both sides: ours to sign requests with, the provider's to check answers and callbacks by their serial.
use crate::error::{PayError, Untrusted};
use base64::{Engine, engine::general_purpose::STANDARD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};
use std::collections::BTreeMap;
use webpki::{EndEntityCert, RawPublicKeyEntity, ring::RSA_PKCS1_2048_8192_SHA256};

/// Our key, and the serial of the certificate the provider knows it by.
pub struct MerchantKey {
    pair: RsaKeyPair,
    serial: String,
    random: SystemRandom,
}

impl std::fmt::Debug for MerchantKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MerchantKey")
            .field("serial", &self.serial)
            .finish_non_exhaustive()
    }
}

impl MerchantKey {
    /// Reads `apiclient_key.pem` (PKCS #8) and takes the certificate's serial.
    ///
    /// # Errors
    /// When it is no RSA key of 2,048 bits or more, or the serial is no hex number.
    pub fn from_pem(pem: &str, serial: &str) -> Result<Self, PayError> {
        let bad = |what: &str| PayError::Settings(format!("the merchant's {what}"));
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| bad("key is no PKCS #8 PEM"))?;
        let pair = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der())
            .map_err(|_| bad("key is no RSA key of 2,048 bits or more"))?;
        if serial.is_empty() || !serial.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(bad("certificate serial is no hex number"));
        }
        Ok(Self {
            pair,
            serial: serial.to_ascii_uppercase(),
            random: SystemRandom::new(),
        })
    }

    /// The serial, in upper case.
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// SHA256 with RSA (PKCS #1 v1.5), base64.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn sign(&self, message: &[u8]) -> Result<String, PayError> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &self.random, message, &mut signature)
            .map_err(|_| PayError::Signing)?;
        Ok(STANDARD.encode(signature))
    }
}

/// Every key the provider may sign with at this time. While it moves merchants from certificates to public keys, answers
/// and callbacks come with either, so any number of both is configured at once.
#[derive(Debug, Default, Clone)]
pub struct PlatformKeys {
    by_serial: BTreeMap<String, PlatformKey>,
}

#[derive(Debug, Clone)]
enum PlatformKey {
    Certificate(CertificateDer<'static>),
    Public(SubjectPublicKeyInfoDer<'static>),
}

impl PlatformKeys {
    /// Adds a platform certificate; its serial is its own.
    ///
    /// # Errors
    /// When it is no X.509 certificate.
    pub fn add_certificate(&mut self, pem: &str) -> Result<(), PayError> {
        let bad = || PayError::Settings("a platform certificate does not read".to_owned());
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|_| bad())?;
        let serial = EndEntityCert::try_from(&der).map_err(|_| bad())?.serial().to_vec();
        // DER puts a zero in front of a serial whose first bit is set; the provider does not.
        let serial = hex::encode_upper(serial.strip_prefix(&[0]).unwrap_or(&serial));
        self.by_serial.insert(serial, PlatformKey::Certificate(der));
        Ok(())
    }

    /// Adds the platform's public key with its id, as `PUB_KEY_ID_…`.
    ///
    /// # Errors
    /// When it is no public key, or the id is empty.
    pub fn add_public_key(&mut self, id: &str, pem: &str) -> Result<(), PayError> {
        let bad = || PayError::Settings("a platform public key does not read".to_owned());
        let der = SubjectPublicKeyInfoDer::from_pem_slice(pem.as_bytes()).map_err(|_| bad())?;
        RawPublicKeyEntity::try_from(&der).map_err(|_| bad())?;
        if id.trim().is_empty() {
            return Err(bad());
        }
        self.by_serial.insert(id.to_owned(), PlatformKey::Public(der));
        Ok(())
    }

    /// The serials and ids that are known.
    pub fn serials(&self) -> impl Iterator<Item = &str> {
        self.by_serial.keys().map(String::as_str)
    }

    /// Whether no key is configured.
    pub fn is_empty(&self) -> bool {
        self.by_serial.is_empty()
    }

    /// Checks a base64 signature with the key named by its serial, and no other.
    ///
    /// # Errors
    /// When the serial is unknown or the signature does not hold.
    pub fn verify(&self, serial: &str, message: &[u8], signature: &str) -> Result<(), Untrusted> {
        let key = self.by_serial.get(serial).ok_or(Untrusted::UnknownSerial)?;
        let signature = STANDARD.decode(signature).map_err(|_| Untrusted::Signature)?;
        let holds = match key {
            PlatformKey::Certificate(der) => EndEntityCert::try_from(der)
                .and_then(|c| c.verify_signature(RSA_PKCS1_2048_8192_SHA256, message, &signature)),
            PlatformKey::Public(der) => RawPublicKeyEntity::try_from(der)
                .and_then(|k| k.verify_signature(RSA_PKCS1_2048_8192_SHA256, message, &signature)),
        };
        holds.map_err(|_| Untrusted::Signature)
    }
}
