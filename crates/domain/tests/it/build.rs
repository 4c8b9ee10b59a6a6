//! Builders of the values the tests start from.
use domain::campaign::{Campaign, Collection, JobKind, PictureSource, RetakeRule};
use domain::consent::Consent;
use domain::draft::Draft;
use domain::order::{LocalCheck, PhotoRevision};
use domain::order_number::{NumberPrefix, OrderNumber};
use domain::{
    BlobId, CampaignId, CodeHash, ConsentId, Money, Order, OrderId, PersonKey, RectPx, SizePx, SpecId, StationId,
    Subject, UtcMs,
};

pub const NOW: UtcMs = UtcMs(1_760_000_000_000);

pub fn campaign(price_fen: u64) -> Campaign {
    Campaign {
        id: CampaignId(uuid::Uuid::from_u128(1)),
        title: "2026 届毕业生".into(),
        school_code: "10532".into(),
        school_name: "示例大学".into(),
        job: JobKind::Graduate,
        number_prefix: NumberPrefix::parse("000015").unwrap(),
        price: Money::from_fen(price_fen),
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

pub fn photo(seed: u8) -> PhotoRevision {
    PhotoRevision {
        revision: 1,
        blob: BlobId::of(&[seed]),
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

pub fn draft() -> Draft {
    Draft {
        id: OrderId(uuid::Uuid::from_u128(7)),
        number: OrderNumber::next(&NumberPrefix::parse("000015").unwrap(), NOW, None).0,
        station: StationId(uuid::Uuid::from_u128(3)),
        person: PersonKey::Code(CodeHash::of(b"code")),
        subject: Subject::default(),
        photo: photo(1),
        consent: Some(Consent {
            id: ConsentId(uuid::Uuid::from_u128(5)),
            text_version: "2026-09".into(),
            language: "zh-CN".into(),
            at: NOW,
            asked_by: "operator".into(),
        }),
        feature_code: None,
    }
}

pub fn order(price_fen: u64) -> Order {
    Order::submit(draft(), &campaign(price_fen), NOW).unwrap()
}
