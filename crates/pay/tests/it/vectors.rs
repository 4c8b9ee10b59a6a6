//! Our cryptography against OpenSSL's.
use crate::keys::{KEYS, api_key, platform};
use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::{Signer, Verifier};
use openssl::symm::{Cipher, encrypt_aead};
use pay::Untrusted;
use pay::wechat::{MerchantKey, SealedResource};

#[test]
fn our_request_signature_is_openssls() {
    let message = "POST\n/v3/pay/transactions/native\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n{\"a\":1}\n";
    let ours = MerchantKey::from_pem(&KEYS.merchant_pem, &KEYS.merchant_serial)
        .unwrap()
        .sign(message.as_bytes())
        .unwrap();
    let key = PKey::private_key_from_pem(KEYS.merchant_pem.as_bytes()).unwrap();
    let mut signer = Signer::new(MessageDigest::sha256(), &key).unwrap();
    signer.update(message.as_bytes()).unwrap();
    assert_eq!(
        ours,
        STANDARD.encode(signer.sign_to_vec().unwrap()),
        "PKCS #1 v1.5 has one signature for a message"
    );
    let mut verifier = Verifier::new(MessageDigest::sha256(), &key).unwrap();
    verifier.update(message.as_bytes()).unwrap();
    assert!(verifier.verify(&STANDARD.decode(ours).unwrap()).unwrap());
}

#[test]
fn the_openssl_program_agrees() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key.pem"), &KEYS.merchant_pem).unwrap();
    std::fs::write(folder.path().join("message"), "GET\n/v3/certificates\n1\nn\n\n").unwrap();
    let run = std::process::Command::new("openssl")
        .args(["dgst", "-sha256", "-sign", "key.pem", "message"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let key = MerchantKey::from_pem(&KEYS.merchant_pem, &KEYS.merchant_serial).unwrap();
    assert_eq!(
        key.sign(b"GET\n/v3/certificates\n1\nn\n\n").unwrap(),
        STANDARD.encode(run.stdout)
    );
}

#[test]
fn what_openssl_seals_we_open() {
    let mut tag = [0; 16];
    let plain = r#"{"out_trade_no":"1217752501201407033233368018"}"#.as_bytes();
    let key = paysim::API_V3_KEY.as_bytes();
    let mut sealed = encrypt_aead(
        Cipher::aes_256_gcm(),
        key,
        Some(b"61f9c719728a"),
        b"transaction",
        plain,
        &mut tag,
    )
    .unwrap();
    sealed.extend_from_slice(&tag);
    let mut resource = SealedResource {
        algorithm: "AEAD_AES_256_GCM".to_owned(),
        ciphertext: STANDARD.encode(&sealed),
        associated_data: "transaction".to_owned(),
        nonce: "61f9c719728a".to_owned(),
        original_type: "transaction".to_owned(),
    };
    assert_eq!(api_key().open(&resource).unwrap(), plain);
    let ours = api_key()
        .seal(plain, "transaction", "61f9c719728a", "transaction")
        .unwrap();
    assert_eq!(ours, resource);
    resource.associated_data = "refund".to_owned();
    assert_eq!(api_key().open(&resource), Err(Untrusted::Sealed));
    resource.nonce = "short".to_owned();
    assert_eq!(api_key().open(&resource), Err(Untrusted::Shape("resource.nonce")));
}

#[test]
fn keys_are_known_by_the_serials_the_provider_uses() {
    let keys = platform();
    let serials: Vec<_> = keys.serials().collect();
    assert!(serials.contains(&KEYS.certificate_serial.as_str()), "{serials:?}");
    assert!(serials.contains(&KEYS.public_key_id.as_str()));
    let key = PKey::private_key_from_pem(KEYS.merchant_pem.as_bytes()).unwrap();
    let mut signer = Signer::new(MessageDigest::sha256(), &key).unwrap();
    signer.update(b"x").unwrap();
    let signature = STANDARD.encode(signer.sign_to_vec().unwrap());
    assert_eq!(
        keys.verify(&KEYS.certificate_serial, b"x", &signature),
        Err(Untrusted::Signature)
    );
    assert_eq!(keys.verify("00", b"x", &signature), Err(Untrusted::UnknownSerial));
}
