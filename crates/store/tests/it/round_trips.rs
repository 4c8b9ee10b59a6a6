//! Every value of the domain comes back as it went in.
use crate::kit::{self, NOW, campaign, uuid};
use domain::campaign::{Campaign, Collection, JobKind, PictureSource, RetakeRule};
use domain::consent::Consent;
use domain::feature_code::{FeatureCode, IssuedFeatureCode};
use domain::order::{Link, LinkKind, LocalCheck, OverrideReason, Payment, PhotoRevision};
use domain::order_number::OrderNumber;
use domain::review::{RejectReason, Rejection};
use domain::*;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use store::people::Person;
use store::{campaigns, identity, orders, people, photo_revisions, settings};

/// Text as people and sheets make it: empty, Chinese, quotes, separators, line ends.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[a-zA-Z0-9,;'\"% \n_-]{1,12}", "[一-龥·𠮷]{1,6}"]
}

fn subject() -> impl Strategy<Value = Subject> {
    proptest::collection::vec(of(text()), 16).prop_map(|texts| {
        let mut texts = texts.into_iter();
        let mut next = || texts.next().flatten();
        Subject {
            name: next(),
            masked_name: next(),
            id_number: next(),
            masked_id: next(),
            sex: next(),
            student_number: next(),
            exam_number: next(),
            school_code: next(),
            faculty: next(),
            major: next(),
            level: next(),
            years: next(),
            class: next(),
            entry_year: next(),
            graduation_year: next(),
            phone: next(),
        }
    })
}

fn person_key() -> impl Strategy<Value = PersonKey> {
    prop_oneof![
        any::<[u8; 32]>().prop_map(|h| PersonKey::Code(CodeHash(h))),
        "[a-zA-Z0-9:]{1,12}".prop_map(PersonKey::Roster),
        "[一-龥]{1,6}".prop_map(PersonKey::Temporary),
    ]
}

fn time() -> impl Strategy<Value = UtcMs> {
    prop_oneof![
        (0i64..4_000_000_000_000).prop_map(UtcMs),
        Just(UtcMs(i64::MIN)),
        Just(UtcMs(i64::MAX))
    ]
}

fn id() -> impl Strategy<Value = uuid::Uuid> {
    any::<u128>().prop_map(uuid::Uuid::from_u128)
}

fn check() -> impl Strategy<Value = LocalCheck> {
    let failed = || subsequence(Measure::ALL.to_vec(), 0..Measure::ALL.len());
    prop_oneof![
        Just(LocalCheck::Passed),
        failed().prop_map(LocalCheck::Failed),
        (failed(), select(OverrideReason::ALL.to_vec()))
            .prop_map(|(failed, reason)| LocalCheck::Overridden { failed, reason }),
    ]
}

fn warned() -> impl Strategy<Value = Vec<Measure>> {
    subsequence(Measure::ALL.to_vec(), 0..Measure::ALL.len())
}

fn photo() -> impl Strategy<Value = PhotoRevision> {
    let numbers = any::<[u32; 6]>();
    (1u32..9, any::<[u8; 32]>(), numbers, time(), check(), warned()).prop_map(
        |(revision, blob, n, captured_at, check, warned)| PhotoRevision {
            revision,
            blob: BlobId(blob),
            original: SizePx {
                width: n[0],
                height: n[1],
            },
            crop: RectPx {
                x: n[2],
                y: n[3],
                width: n[4],
                height: n[5],
            },
            captured_at,
            check,
            warned,
        },
    )
}

fn rejection() -> impl Strategy<Value = Rejection> {
    let reasons = subsequence(RejectReason::ALL.to_vec(), 1..=9);
    (reasons, of(text()), time(), time()).prop_map(|(r, note, at, until)| Rejection::new(&r, note, at, until).unwrap())
}

fn payment() -> impl Strategy<Value = Payment> {
    (0..u64::from(u32::MAX), 0u64..1000, 0u64..1000, of(id()), of(id())).prop_map(|(price, kept, back, p, r)| Payment {
        price: Money::from_fen(price),
        paid: Money::from_fen(kept + back),
        refunded: Money::from_fen(back),
        payment: p.map(PaymentId),
        refund: r.map(PaymentId),
    })
}

fn rule() -> impl Strategy<Value = RetakeRule> {
    (any::<u8>(), any::<i64>()).prop_map(|(tries, within_ms)| RetakeRule { tries, within_ms })
}

fn consent() -> impl Strategy<Value = Consent> {
    (id(), text(), text(), time(), text()).prop_map(|(id, text_version, language, at, asked_by)| Consent {
        id: ConsentId(id),
        text_version,
        language,
        at,
        asked_by,
    })
}

fn collection() -> impl Strategy<Value = Collection> {
    select(vec![Collection::Collective, Collection::Individual])
}

fn order() -> impl Strategy<Value = Order> {
    let name = (id(), "[a-zA-Z0-9]{6}-[0-9]{17}", id(), person_key(), subject(), time());
    let work = (
        select(OrderState::ALL.to_vec()),
        photo(),
        any::<bool>(),
        any::<u8>(),
        rule(),
        of(rejection()),
    );
    let rest = (
        payment(),
        collection(),
        of(text()),
        consent(),
        of((any::<bool>(), id())),
        of(text()),
    );
    (name, work, rest).prop_map(|(name, work, rest)| Order {
        id: OrderId(name.0),
        number: OrderNumber::parse(&name.1).unwrap(),
        campaign: campaign().id,
        station: StationId(name.2),
        person: name.3,
        subject: name.4,
        created_at: name.5,
        state: work.0,
        photo: work.1,
        withdrawn: work.2,
        tries: work.3,
        rule: work.4,
        rejection: work.5,
        payment: rest.0,
        collection: rest.1,
        address: rest.2,
        consent: rest.3,
        link: rest.4.map(|(reprint, id)| Link {
            kind: if reprint {
                LinkKind::Reprint
            } else {
                LinkKind::Correction
            },
            order: OrderId(id),
        }),
        held_by: rest.5,
    })
}

fn any_campaign() -> impl Strategy<Value = Campaign> {
    let code = ("[a-z0-9]{6}", text(), time(), time()).prop_map(|(code, school_code, from, until)| IssuedFeatureCode {
        code: FeatureCode::parse(&code).unwrap(),
        school_code,
        from,
        until,
    });
    let words = (id(), text(), text(), text(), text(), text());
    let kinds = (
        select(vec![JobKind::Graduate, JobKind::Freshman, JobKind::Staff]),
        collection(),
        select(vec![PictureSource::CameraOnly, PictureSource::CameraOrFile]),
    );
    let rest = (
        0..u64::from(u32::MAX),
        time(),
        time(),
        rule(),
        proptest::collection::vec(code, 0..4),
    );
    (words, kinds, rest).prop_map(|(words, kinds, rest)| Campaign {
        id: CampaignId(words.0),
        title: words.1,
        school_code: words.2,
        school_name: words.3,
        job: kinds.0,
        number_prefix: kit::prefix(),
        price: Money::from_fen(rest.0),
        collection: kinds.1,
        pictures: kinds.2,
        spec: SpecId(words.4),
        feature_codes: rest.4,
        opens: rest.1,
        closes: rest.2,
        retake: rest.3,
        consent_version: words.5,
    })
}

#[test]
fn orders_come_back() {
    let (_dir, store) = kit::store();
    proptest!(ProptestConfig::with_cases(150), |(order in order(), changed in order())| {
        store.write(|tx| orders::put(tx, &order)).unwrap();
        let back = store.read(|c| orders::get(c, order.id)).unwrap().unwrap();
        prop_assert_eq!(&back.order, &order);
        // Everything but the identity may change; the photo becomes a further revision and the old one stays.
        let photo = PhotoRevision { revision: order.photo.revision + 1, ..changed.photo.clone() };
        let changed = Order { id: order.id, photo: photo.clone(), ..changed };
        store.write(|tx| orders::put(tx, &changed)).unwrap();
        let back = store.read(|c| orders::by_number(c, &changed.number)).unwrap().unwrap();
        prop_assert_eq!(&back.order, &changed);
        let photos = store.read(|c| photo_revisions::of(c, order.id)).unwrap();
        prop_assert_eq!(photos, vec![order.photo, photo]);
    });
}

#[test]
fn campaigns_come_back() {
    let (_dir, store) = kit::store();
    proptest!(ProptestConfig::with_cases(60), |(campaign in any_campaign(), changed in any_campaign())| {
        store.write(|tx| campaigns::put(tx, &campaign)).unwrap();
        prop_assert_eq!(store.read(|c| campaigns::get(c, campaign.id)).unwrap(), Some(campaign.clone()));
        let changed = Campaign { id: campaign.id, ..changed };
        store.write(|tx| campaigns::put(tx, &changed)).unwrap();
        prop_assert!(store.read(campaigns::all).unwrap().contains(&changed));
    });
}

#[test]
fn people_come_back() {
    let (_dir, store) = kit::store();
    let id = campaign().id;
    proptest!(ProptestConfig::with_cases(100), |(key in person_key(), subject in subject(), other in subject())| {
        let person = Person {
            entry: RosterEntry { key: key.clone(), subject: subject.clone() },
            position: 3,
            pinyin_full: vec!["zhangsan".into(), "zhangcan".into()],
            pinyin_initials: vec!["zs".into()],
        };
        let before = store.read(|c| people::get(c, id, &key)).unwrap();
        let put = store.write(|tx| people::put(tx, id, &person)).unwrap();
        prop_assert_eq!(put == people::Put::Imported, before.is_none());
        prop_assert_eq!(store.write(|tx| people::put(tx, id, &person)).unwrap(), people::Put::Unchanged);
        prop_assert_eq!(store.read(|c| people::get(c, id, &key)).unwrap(), Some(person.clone()));
        let same = other == subject;
        let person = Person { entry: RosterEntry { key: key.clone(), subject: other }, ..person };
        let expected = if same { people::Put::Unchanged } else { people::Put::Updated };
        prop_assert_eq!(store.write(|tx| people::put(tx, id, &person)).unwrap(), expected);
        prop_assert_eq!(store.read(|c| people::get(c, id, &key)).unwrap(), Some(person));
    });
}

#[test]
fn identity_and_settings_come_back_after_a_restart() {
    let (dir, store) = kit::store();
    assert_eq!(store.read(identity::get).unwrap(), None);
    let identity = identity::Identity {
        station: StationId(uuid(3)),
        name: "一号机".into(),
        center_url: "http://127.0.0.1:1".into(),
        school_code: "10532".into(),
        signing_seed: [7; 32].into(),
        server_key: [8; 32],
        sealing_key: Some("age1invented".to_owned()),
        feed_cursor: 5,
        enrolled_at: NOW,
    };
    store
        .write(|tx| {
            identity::put(tx, &identity)?;
            campaigns::activate(tx, campaign().id)?;
            settings::put(tx, "language", "en")?;
            settings::put(tx, "language", "zh-CN")
        })
        .unwrap();
    drop(store);
    let store = kit::open(dir.path());
    assert_eq!(store.read(identity::get).unwrap(), Some(identity));
    assert_eq!(store.read(campaigns::active).unwrap(), Some(campaign()));
    assert_eq!(
        store.read(|c| settings::get(c, "language")).unwrap().as_deref(),
        Some("zh-CN")
    );
    assert_eq!(store.read(settings::all).unwrap().len(), 2);
    store.write(|tx| settings::forget(tx, "language")).unwrap();
    assert_eq!(store.read(|c| settings::get(c, "language")).unwrap(), None);
}
