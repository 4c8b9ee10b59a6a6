//! Real keys of both sides, made anew for each sandbox.
use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::{Signer, Verifier};
use openssl::x509::{X509, X509NameBuilder};

/// The sandbox's merchant.
pub const MCH_ID: &str = "1900000109";
/// The sandbox's app.
pub const APP_ID: &str = "wxd678efh567hg6787";
/// The sandbox's API v3 key.
pub const API_V3_KEY: &str = "paysim-api-v3-key-32-bytes-long!";

/// All keys of a sandbox.
pub struct Keys {
    pub(crate) certificate_key: PKey<Private>,
    pub(crate) public_key: PKey<Private>,
    pub(crate) strangers_key: PKey<Private>,
    merchant: PKey<Private>,
    /// Serial of the platform certificate.
    pub certificate_serial: String,
    /// The platform certificate, PEM.
    pub certificate_pem: String,
    /// Id of the platform's public key.
    pub public_key_id: String,
    /// The platform's public key, PEM.
    pub public_key_pem: String,
    /// Serial of the merchant's certificate.
    pub merchant_serial: String,
    /// The merchant's key, PKCS #8 PEM.
    pub merchant_pem: String,
}

impl Keys {
    /// Makes them.
    ///
    /// # Errors
    /// When OpenSSL fails.
    pub fn make() -> Result<Self, ErrorStack> {
        let certificate_key = rsa()?;
        let public_key = rsa()?;
        let merchant = rsa()?;
        let (certificate_serial, certificate_pem) = certificate(&certificate_key)?;
        Ok(Self {
            strangers_key: rsa()?,
            certificate_serial,
            certificate_pem,
            public_key_id: "PUB_KEY_ID_0119000001092026010100000000000001".to_owned(),
            public_key_pem: text(public_key.public_key_to_pem()?),
            merchant_serial: certificate(&merchant)?.0,
            merchant_pem: text(merchant.private_key_to_pem_pkcs8()?),
            certificate_key,
            public_key,
            merchant,
        })
    }

    /// Whether the merchant signed this.
    pub(crate) fn merchant_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let holds = || {
            let mut verifier = Verifier::new(MessageDigest::sha256(), &self.merchant)?;
            verifier.update(message)?;
            verifier.verify(signature)
        };
        holds().unwrap_or(false)
    }
}

pub(crate) fn sign(key: &PKey<Private>, message: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let mut signer = Signer::new(MessageDigest::sha256(), key)?;
    signer.update(message)?;
    signer.sign_to_vec()
}

fn rsa() -> Result<PKey<Private>, ErrorStack> {
    PKey::from_rsa(Rsa::generate(2048)?)
}

fn certificate(key: &PKey<Private>) -> Result<(String, String), ErrorStack> {
    let mut serial = BigNum::new()?;
    serial.rand(159, MsbOption::ONE, false)?;
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_text("CN", "paysim.invalid")?;
    let name = name.build();
    let mut x509 = X509::builder()?;
    x509.set_version(2)?;
    x509.set_serial_number(serial.to_asn1_integer()?.as_ref())?;
    x509.set_subject_name(&name)?;
    x509.set_issuer_name(&name)?;
    x509.set_not_before(Asn1Time::days_from_now(0)?.as_ref())?;
    x509.set_not_after(Asn1Time::days_from_now(365)?.as_ref())?;
    x509.set_pubkey(key)?;
    x509.sign(key, MessageDigest::sha256())?;
    let serial = serial.to_hex_str()?.to_string();
    Ok((serial, text(x509.build().to_pem()?)))
}

fn text(pem: Vec<u8>) -> String {
    String::from_utf8_lossy(&pem).into_owned()
}
