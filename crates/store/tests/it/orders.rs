//! Lists, counts, numbers and the center's view of orders.
use crate::kit::{self, NOW, campaign, order, photo, uuid};
use domain::order::{Delivery, PhotoRevision};
use domain::review::{RejectReason, Rejection};
use domain::{Order, OrderId, OrderState, PersonKey, UtcMs};
use store::orders::{self, Filter, ServerView};
use store::people::{self, Person};
use store::{Store, StoreError};

fn numbers(store: &Store, filter: &Filter, offset: u32, limit: u32) -> (Vec<u128>, u32) {
    let page = store.read(|c| orders::list(c, filter, offset, limit)).unwrap();
    (page.rows.iter().map(|r| r.order.id.0.as_u128()).collect(), page.total)
}

fn rejected(n: u64, deadline: i64) -> Order {
    let rejection = Rejection::new(&[RejectReason::Eyes], None, NOW, UtcMs(deadline));
    Order {
        state: OrderState::Rejected,
        rejection,
        ..order(n)
    }
}

#[test]
fn pages_are_newest_first_and_filters_meet() {
    let (_dir, store) = kit::store();
    let all = (1..=7)
        .map(order)
        .chain([rejected(8, 20), rejected(9, 10)])
        .collect::<Vec<_>>();
    store
        .write(|tx| all.iter().try_for_each(|o| orders::put(tx, o)))
        .unwrap();
    let any = Filter::default();
    assert_eq!(numbers(&store, &any, 0, 3), (vec![9, 8, 7], 9));
    assert_eq!(numbers(&store, &any, 7, 3), (vec![2, 1], 9));
    let rejected = Filter {
        state: Some(OrderState::Rejected),
        campaign: Some(campaign().id),
        ..any.clone()
    };
    assert_eq!(numbers(&store, &rejected, 0, 10), (vec![9, 8], 2));
    let elsewhere = Filter {
        campaign: Some(domain::CampaignId(uuid(99))),
        ..any.clone()
    };
    assert_eq!(numbers(&store, &elsewhere, 0, 10), (vec![], 0));
    let local = Filter {
        delivery: Some(Delivery::Acknowledged),
        ..any
    };
    assert_eq!(numbers(&store, &local, 0, 10), (vec![], 0));
    let recalls = store.read(|c| orders::recalls(c, campaign().id)).unwrap();
    assert_eq!(
        recalls.iter().map(|r| r.order.id.0.as_u128()).collect::<Vec<_>>(),
        [9, 8]
    );
    let counts = store.read(|c| orders::counts(c, None)).unwrap();
    assert_eq!(
        counts.iter().filter(|(_, n)| *n > 0).collect::<Vec<_>>(),
        [&(OrderState::Paid, 7), &(OrderState::Rejected, 2)]
    );
}

#[test]
fn text_finds_number_name_student_number_last_four_and_pinyin() {
    let (_dir, store) = kit::store();
    let mut one = order(1);
    one.subject.name = Some("欧阳娜".into());
    one.subject.id_number = Some("43010220000101123X".into());
    let person = Person {
        entry: domain::RosterEntry {
            key: one.person.clone(),
            subject: one.subject.clone(),
        },
        position: 1,
        pinyin_full: vec!["ouyangna".into()],
        pinyin_initials: vec!["oyn".into()],
    };
    store
        .write(|tx| {
            people::put(tx, campaign().id, &person)?;
            orders::put(tx, &one)?;
            orders::put(tx, &order(2))
        })
        .unwrap();
    let digits = &one.number.as_str()[12..].to_owned();
    for text in [
        "阳娜",
        "oyn",
        "ouyang",
        "ou yang",
        "123x",
        "123X",
        "s1",
        digits,
        one.number.as_str(),
    ] {
        let filter = Filter {
            text: Some(text.into()),
            ..Filter::default()
        };
        assert_eq!(numbers(&store, &filter, 0, 9), (vec![1], 1), "{text}");
    }
    // What was typed is never a pattern.
    for text in ["%", "_", "'", "yn", "nobody"] {
        let filter = Filter {
            text: Some(text.into()),
            ..Filter::default()
        };
        assert_eq!(numbers(&store, &filter, 0, 9).1, 0, "{text}");
    }
    let blank = Filter {
        text: Some("  ".into()),
        ..Filter::default()
    };
    assert_eq!(numbers(&store, &blank, 0, 9).1, 2);
}

#[test]
fn numbers_never_repeat_whatever_the_clock_does() {
    let (dir, store) = kit::store();
    let next = |store: &Store, now| store.write(|tx| orders::next_number(tx, &kit::prefix(), now)).unwrap();
    let mut made = vec![
        next(&store, NOW),
        next(&store, NOW),
        next(&store, UtcMs(NOW.0 - 60_000)),
    ];
    // A number whose transaction fails is given again; none was used.
    let failed: Result<(), _> = store.write(|tx| {
        orders::next_number(tx, &kit::prefix(), NOW)?;
        Err(StoreError::Busy { doing: "test" })
    });
    assert!(failed.unwrap_err().is_retryable());
    drop(store);
    made.push(next(&kit::open(dir.path()), NOW));
    let ends: Vec<_> = made.iter().map(|n| &n.as_str()[21..]).collect();
    assert_eq!(ends, ["000", "001", "002", "003"]);
}

#[test]
fn the_centers_view_and_delivery_outlive_a_change() {
    let (_dir, store) = kit::store();
    let server = ServerView {
        state: OrderState::PendingReview,
        rev: 1,
        duplicate_person: true,
        at: NOW,
    };
    store
        .write(|tx| {
            kit::submit(tx, 1)?;
            orders::set_server(tx, order(1).id, &server)?;
            orders::put(
                tx,
                &Order {
                    state: OrderState::PendingReview,
                    ..order(1)
                },
            )
        })
        .unwrap();
    let back = store.read(|c| orders::get(c, order(1).id)).unwrap().unwrap();
    assert_eq!(
        (back.server, back.delivery, back.last_rev),
        (Some(server), Delivery::Queued, 1)
    );
    assert_eq!(
        store
            .read(|c| orders::by_person(c, campaign().id, &PersonKey::Roster("S1".into())))
            .unwrap(),
        [back]
    );
    let unknown = store.write(|tx| orders::set_server(tx, OrderId(uuid(9)), &server));
    assert!(matches!(unknown, Err(StoreError::Unknown { .. })));
}

#[test]
fn a_number_a_consent_and_a_photo_revision_stand_for_one_thing() {
    let (_dir, store) = kit::store();
    store.write(|tx| orders::put(tx, &order(1))).unwrap();
    let taken = |other: Order| {
        let result = store.write(|tx| orders::put(tx, &other));
        assert!(matches!(result, Err(StoreError::Taken { .. })), "{result:?}");
        assert_eq!(
            store.read(|c| orders::get(c, order(1).id)).unwrap().unwrap().order,
            order(1)
        );
    };
    taken(Order {
        number: order(1).number,
        ..order(2)
    });
    taken(Order {
        photo: PhotoRevision {
            blob: photo(2).blob,
            ..photo(1)
        },
        ..order(1)
    });
    let mut consent = order(2);
    consent.consent.id = order(1).consent.id;
    taken(consent);
    assert_eq!(store.read(|c| orders::get(c, order(2).id)).unwrap(), None);
}
