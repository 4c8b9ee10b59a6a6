//! Signatures and receipts: right ones hold, and nothing else does.
use ed25519_dalek::SigningKey;
use expect_test::expect;
use proptest::prelude::*;
use wire::receipt::{Entry, Receipt};
use wire::signature::{Claims, Parts, SignatureError, SignatureHeaders, claims, content_digest, sign, verify};

fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn parts(digest: &str) -> Parts<'_> {
    Parts {
        method: "PUT",
        target: "/v1/blobs/x?y=1",
        content_digest: digest,
    }
}

fn said() -> Claims {
    Claims {
        created_s: 1_812_070_800,
        nonce: "0123456789".to_owned(),
        key_id: "station".to_owned(),
    }
}

#[test]
fn the_headers_are_those_of_rfc_9421() {
    let digest = content_digest(b"hello");
    let headers = sign(&key(1), parts(&digest), &said());
    expect!["sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:"].assert_eq(&digest);
    expect![[r#"sig1=("@method" "@request-target" "content-digest");created=1812070800;nonce="0123456789";keyid="station";alg="ed25519""#]]
        .assert_eq(&headers.input);
    assert_eq!(verify(&key(1).verifying_key(), parts(&digest), &headers), Ok(said()));
}

#[test]
fn any_other_request_or_key_does_not_fit() {
    let digest = content_digest(b"hello");
    let headers = sign(&key(1), parts(&digest), &said());
    let public = key(1).verifying_key();
    let other_digest = content_digest(b"hallo");
    let base = parts(&digest);
    let others = [
        Parts { method: "POST", ..base },
        Parts {
            target: "/v1/blobs/x?y=2",
            ..base
        },
        parts(&other_digest),
    ];
    for other in others {
        assert_eq!(verify(&public, other, &headers), Err(SignatureError::Mismatch));
    }
    assert_eq!(
        verify(&key(2).verifying_key(), base, &headers),
        Err(SignatureError::Mismatch)
    );
    let later = SignatureHeaders {
        input: headers.input.replace("1812070800", "1812070801"),
        ..headers.clone()
    };
    assert_eq!(verify(&public, base, &later), Err(SignatureError::Mismatch));
    for input in [
        headers.input.replace("\"content-digest\"", ""),
        headers.input.replace("sig1=", "sig2="),
        headers.input.replace("ed25519", "none"),
        headers.input.replace("0123456789", "short"),
        format!("{};tag=\"x\"", headers.input),
        String::new(),
    ] {
        assert_eq!(claims(&input), Err(SignatureError::Form), "{input}");
    }
}

fn entries() -> Vec<Entry> {
    let entry = |op: &str, blob: Option<&str>| Entry {
        op_id: op.to_owned(),
        rev: 1,
        blob_id: blob.map(str::to_owned),
    };
    vec![entry("b", Some("sha256:00")), entry("a", None)]
}

#[test]
fn a_receipt_holds_for_what_it_lists_and_no_more() {
    let receipt = Receipt::sign(&key(1), 7, entries());
    let public = key(1).verifying_key();
    assert_eq!(
        receipt.entries[0].op_id, "a",
        "sorted, so that the same things always sign the same"
    );
    assert!(receipt.verify(&public).is_ok());
    assert_eq!(
        receipt,
        Receipt::sign(&key(1), 7, entries().into_iter().rev().collect())
    );
    let with = |change: &dyn Fn(&mut Receipt)| {
        let mut changed = receipt.clone();
        change(&mut changed);
        changed.verify(&public)
    };
    assert!(with(&|r| r.at_ms = 8).is_err());
    assert!(with(&|r| r.entries[0].rev = 2).is_err());
    assert!(with(&|r| r.entries[0].blob_id = Some("sha256:00".to_owned())).is_err());
    assert!(with(&|r| drop(r.entries.pop())).is_err());
    assert!(with(&|r| r.entries.reverse()).is_err());
    assert!(with(&|r| r.signature.clear()).is_err());
    assert!(receipt.verify(&key(2).verifying_key()).is_err());
}

proptest! {
    #[test]
    fn whatever_is_signed_verifies_and_nothing_read_panics(
        body in proptest::collection::vec(any::<u8>(), 0..64),
        target in "/[a-z0-9/?=&%]{0,40}",
        nonce in "[a-zA-Z0-9_-]{8,64}",
        key_id in "[a-z0-9-]{1,36}",
        created_s in any::<i64>(),
        noise in ".{0,200}",
    ) {
        let digest = content_digest(&body);
        let parts = Parts { method: "POST", target: &target, content_digest: &digest };
        let said = Claims { created_s, nonce, key_id };
        let headers = sign(&key(3), parts, &said);
        prop_assert_eq!(verify(&key(3).verifying_key(), parts, &headers), Ok(said));
        let noisy = SignatureHeaders { input: noise.clone(), signature: noise };
        prop_assert!(verify(&key(3).verifying_key(), parts, &noisy).is_err());
    }
}
