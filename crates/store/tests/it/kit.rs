//! A store in a temporary folder, a fixed key, and values to put into it.
use domain::campaign::{Campaign, Collection, JobKind, PictureSource, RetakeRule};
use domain::consent::Consent;
use domain::order::{LocalCheck, Payment, PhotoRevision};
use domain::order_number::{NumberPrefix, OrderNumber};
use domain::*;
use std::path::Path;
use store::outbox::NewOp;
use store::{DataKey, KeyError, KeyProvider, Store, StoreError, Tx, campaigns, journal, orders, outbox};
use tempfile::TempDir;

pub const NOW: UtcMs = UtcMs(1_760_000_000_000);

/// A provider that always gives the same key.
pub struct Fixed(pub u8);

impl KeyProvider for Fixed {
    fn data_key(&self) -> Result<DataKey, KeyError> {
        Ok(DataKey::from_bytes([self.0; 32]))
    }
    fn name(&self) -> &'static str {
        "fixed"
    }
}

pub fn open(dir: &Path) -> Store {
    Store::open(dir, &Fixed(1)).unwrap()
}

/// A new store that knows one campaign.
pub fn store() -> (TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.write(|tx| campaigns::put(tx, &campaign())).unwrap();
    (dir, store)
}

/// The database as an intruder with the key sees it.
pub fn raw(dir: &Path) -> rusqlite::Connection {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&[1; 32]).unwrap();
    mac.update(b"xueying database v1");
    let key = hex::encode(mac.finalize().into_bytes());
    let conn = rusqlite::Connection::open(dir.join("station.db")).unwrap();
    conn.execute_batch(&format!("PRAGMA key = \"x'{key}'\"")).unwrap();
    conn
}

pub fn uuid(n: u64) -> uuid::Uuid {
    uuid::Uuid::from_u128(u128::from(n))
}

pub fn campaign() -> Campaign {
    Campaign {
        id: CampaignId(uuid(1)),
        title: "2026 届毕业生".into(),
        school_code: "10532".into(),
        school_name: "示例大学".into(),
        job: JobKind::Freshman,
        number_prefix: prefix(),
        price: Money::ZERO,
        collection: Collection::Collective,
        pictures: PictureSource::CameraOnly,
        spec: SpecId("chsi-graduate-2017".into()),
        feature_codes: vec![],
        opens: UtcMs(NOW.0 - 1000),
        closes: UtcMs(NOW.0 + 1_000_000),
        retake: RetakeRule::default(),
        consent_version: "2026-09".into(),
    }
}

pub fn prefix() -> NumberPrefix {
    NumberPrefix::parse("000015").unwrap()
}

/// An order whose ids, number and photo follow from `n`.
pub fn order(n: u64) -> Order {
    let at = NOW.plus(i64::try_from(n).unwrap());
    Order {
        id: OrderId(uuid(n)),
        number: OrderNumber::next(&prefix(), at, None).0,
        campaign: campaign().id,
        station: StationId(uuid(3)),
        person: PersonKey::Roster(format!("S{n}")),
        subject: Subject {
            name: Some("张三".into()),
            student_number: Some(format!("S{n}")),
            ..Subject::default()
        },
        created_at: at,
        state: OrderState::Paid,
        photo: photo(n),
        withdrawn: false,
        tries: 0,
        rule: RetakeRule::default(),
        rejection: None,
        payment: Payment::default(),
        collection: Collection::Collective,
        address: None,
        consent: Consent {
            id: ConsentId(uuid(n)),
            text_version: "2026-09".into(),
            language: "zh-CN".into(),
            at,
            asked_by: "operator".into(),
        },
        link: None,
        held_by: None,
    }
}

pub fn bytes(n: u64) -> Vec<u8> {
    n.to_be_bytes().repeat(500)
}

pub fn photo(n: u64) -> PhotoRevision {
    PhotoRevision {
        revision: 1,
        blob: BlobId::of(&bytes(n)),
        original: SizePx {
            width: 1920,
            height: 1080,
        },
        crop: RectPx {
            x: 600,
            y: 100,
            width: 600,
            height: 800,
        },
        captured_at: NOW,
        check: LocalCheck::Passed,
        warned: Vec::new(),
    }
}

pub fn op(id: u64, order: u64) -> NewOp {
    NewOp {
        id: OpId(uuid(id)),
        order: OrderId(uuid(order)),
        kind: "submit".into(),
        body: format!("{{\"type\":\"submit\",\"n\":{id}}}"),
        blob: Some(photo(order).blob),
        at: NOW,
        mono_ms: 5,
        boot_id: "boot".into(),
    }
}

pub fn entry(what: &str, order: Option<u64>) -> journal::NewEntry {
    journal::NewEntry {
        at: NOW,
        who: "operator".into(),
        what: what.into(),
        order: order.map(|n| OrderId(uuid(n))),
        shot: None,
        detail: "{}".into(),
    }
}

/// What the station does when a photo is accepted, as one change.
pub fn submit(tx: &Tx, n: u64) -> Result<(), StoreError> {
    orders::put(tx, &order(n))?;
    outbox::push(tx, &op(n, n))?;
    journal::append(tx, &entry("created", Some(n)))?;
    Ok(())
}
