//! Bundles as center and station see them: whole ones come through byte for byte, everything else is refused.
#![allow(clippy::unwrap_used, missing_docs)]
use bundle::{Contents, Manifest, OpenError, OpeningKey, Receiver, SealError, open, seal};
use domain::BlobId;
use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use std::convert::Infallible;
use wire::op::Op;

#[derive(Default)]
struct Taken {
    station: Option<String>,
    photos: Vec<Vec<u8>>,
    ops: Option<Vec<Op>>,
    refuses: bool,
}

impl Receiver for Taken {
    type Error = &'static str;
    fn begin(&mut self, manifest: &Manifest) -> Result<(), Self::Error> {
        self.station = manifest.station.id.clone();
        if self.refuses { Err("not today") } else { Ok(()) }
    }
    fn photo(&mut self, id: &BlobId, bytes: &[u8]) -> Result<(), Self::Error> {
        assert_eq!(*id, BlobId::of(bytes));
        self.photos.push(bytes.to_vec());
        Ok(())
    }
    fn end(&mut self, ops: Vec<Op>) -> Result<(), Self::Error> {
        self.ops = Some(ops);
        Ok(())
    }
}

fn op(n: u32) -> Op {
    Op {
        op_id: format!("0190c0de-0000-7000-8000-{n:012}"),
        order_id: format!("0190c0de-0000-7000-9000-{n:012}"),
        rev: 1,
        body: format!("{{\"type\":\"close\",\"n\":{n}}}"),
        captured_at_ms: 1_780_000_000_000,
        mono_ms: 5,
        boot_id: "boot".to_owned(),
        chain: "0".repeat(64),
    }
}

fn fresh_key() -> OpeningKey {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).unwrap();
    OpeningKey::derive(&seed)
}

#[test]
fn a_seed_gives_the_same_key_everywhere() {
    let key = OpeningKey::derive(&[1; 32]);
    assert_eq!(
        key.sealing_key().to_string(),
        OpeningKey::derive(&[1; 32]).sealing_key().to_string()
    );
    assert_ne!(
        key.sealing_key().to_string(),
        OpeningKey::derive(&[2; 32]).sealing_key().to_string()
    );
    let text = key.sealing_key().to_string();
    assert!(text.starts_with("age1"), "{text}");
    assert_eq!(text.parse::<bundle::SealingKey>().unwrap().to_string(), text);
    assert!("age1nonsense".parse::<bundle::SealingKey>().is_err());
}

fn station() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn sealed(key: &OpeningKey, ops: &[Op], photos: &[Vec<u8>]) -> Vec<u8> {
    let listed: Vec<_> = photos.iter().map(|p| (BlobId::of(p), p.len())).collect();
    let contents = Contents {
        station_id: Some("0190c0de-0000-7000-8000-0000000000aa"),
        station_name: "hall 3",
        app_version: "0.1.0",
        created_at_ms: 1_780_000_000_000,
        ops,
        photos: &listed,
    };
    let by_id = |id: &BlobId| {
        let found = photos.iter().find(|p| BlobId::of(p) == *id);
        Ok::<_, Infallible>(found.unwrap().clone())
    };
    seal(Vec::new(), &key.sealing_key(), &station(), &contents, by_id).unwrap()
}

fn opened(key: &OpeningKey, file: &[u8]) -> (Result<Manifest, OpenError<&'static str>>, Taken) {
    let mut taken = Taken::default();
    (open(file, key, &mut taken), taken)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn what_goes_in_comes_out(count in 0u32..40, photos in prop::collection::hash_set(prop::collection::vec(any::<u8>(), 1..90_000), 0..5)) {
        let key = fresh_key();
        let ops: Vec<_> = (0..count).map(op).collect();
        let photos: Vec<_> = photos.into_iter().collect();
        let (manifest, taken) = opened(&key, &sealed(&key, &ops, &photos));
        prop_assert_eq!(manifest.unwrap().ops, ops.len());
        prop_assert_eq!(taken.photos, photos);
        prop_assert_eq!(taken.ops.unwrap(), ops);
    }

    #[test]
    fn any_bytes_are_refused_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        let (result, taken) = opened(&fresh_key(), &bytes);
        prop_assert!(matches!(result, Err(OpenError::NotForUs)));
        prop_assert!(taken.ops.is_none() && taken.photos.is_empty());
    }
}

#[test]
fn a_bundle_that_ends_early_gives_no_ops() {
    let key = fresh_key();
    let file = sealed(&key, &[op(1), op(2)], &[vec![1; 200_000], vec![2; 70_000]]);
    for cut in (0..file.len()).step_by(997).chain([file.len() - 1]) {
        let (result, taken) = opened(&key, &file[..cut]);
        assert!(
            matches!(result, Err(OpenError::Damaged | OpenError::NotForUs)),
            "cut at {cut}: {result:?}"
        );
        assert!(taken.ops.is_none(), "cut at {cut}");
    }
}

#[test]
fn a_changed_byte_is_noticed_wherever_it_is() {
    let key = fresh_key();
    let file = sealed(&key, &[op(1)], &[vec![3; 150_000]]);
    for at in (0..file.len()).step_by(499) {
        let mut changed = file.clone();
        changed[at] ^= 0x20;
        let (result, taken) = opened(&key, &changed);
        assert!(result.is_err(), "byte {at}");
        assert!(taken.ops.is_none(), "byte {at}");
    }
    let mut longer = file;
    longer.push(0);
    assert!(matches!(opened(&key, &longer).0, Err(OpenError::Damaged)));
}

#[test]
fn another_center_cannot_open_it() {
    let file = sealed(&fresh_key(), &[op(1)], &[]);
    assert!(matches!(opened(&fresh_key(), &file).0, Err(OpenError::NotForUs)));
}

#[test]
fn a_refusal_of_the_station_ends_the_reading() {
    let key = fresh_key();
    let file = sealed(&key, &[op(1)], &[vec![1; 10]]);
    let mut taken = Taken {
        refuses: true,
        ..Taken::default()
    };
    assert!(matches!(
        open(&file[..], &key, &mut taken),
        Err(OpenError::Refused("not today"))
    ));
    assert!(taken.photos.is_empty());
}

/// Whoever can reach the center's sealing key can seal a file; only the station can sign it.
#[test]
fn a_manifest_signed_by_somebody_else_is_refused() {
    use std::io::Write;
    let key = fresh_key();
    let plain = |file: &[u8]| {
        let mut text = Vec::new();
        let identity: age::x25519::Identity = key.secret_text().parse().unwrap();
        let reader = age::Decryptor::new_buffered(file).unwrap();
        let mut reader = reader
            .decrypt(std::iter::once(&identity as &dyn age::Identity))
            .unwrap();
        std::io::Read::read_to_end(&mut reader, &mut text).unwrap();
        text
    };
    let again = |text: &[u8]| {
        let recipient: age::x25519::Recipient = key.sealing_key().to_string().parse().unwrap();
        let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient)).unwrap();
        let mut out = encryptor.wrap_output(Vec::new()).unwrap();
        out.write_all(text).unwrap();
        out.finish().unwrap()
    };
    let text = plain(&sealed(&key, &[op(1)], &[vec![9; 100]]));
    assert!(opened(&key, &again(&text)).0.is_ok());
    let swap = |from: &str, to: &str| {
        let at = text.windows(from.len()).position(|w| w == from.as_bytes()).unwrap();
        let mut changed = text.clone();
        changed[at..at + from.len()].copy_from_slice(to.as_bytes());
        opened(&key, &again(&changed)).0
    };
    assert!(matches!(swap("hall 3", "hall 4"), Err(OpenError::Signature)));
    assert!(matches!(
        swap("\"version\":1", "\"version\":2"),
        Err(OpenError::Version(2))
    ));
    assert!(matches!(
        swap("\\\"close\\\"", "\\\"clone\\\""),
        Err(OpenError::Form(_))
    ));
    let mut photo = text.clone();
    *photo.last_mut().unwrap() ^= 1;
    assert!(matches!(opened(&key, &again(&photo)).0, Err(OpenError::Form(_))));
    let more = [text.as_slice(), b"!"].concat();
    assert!(matches!(opened(&key, &again(&more)).0, Err(OpenError::Form(_))));
    assert!(matches!(
        opened(&key, &again(&text[..text.len() - 1])).0,
        Err(OpenError::Damaged)
    ));
}

#[test]
fn a_damaged_photo_is_not_sealed() {
    let key = fresh_key();
    let id = BlobId::of(b"right");
    let contents = Contents {
        station_id: None,
        station_name: "hall 3",
        app_version: "0.1.0",
        created_at_ms: 0,
        ops: &[],
        photos: &[(id, 5)],
    };
    let wrong = |_: &BlobId| Ok::<_, Infallible>(b"wrong".to_vec());
    let result = seal(Vec::new(), &key.sealing_key(), &station(), &contents, wrong);
    assert!(matches!(result, Err(SealError::Damaged { id: found }) if found == id));
}
