//! Packages on every engine: whose turn it is, what is listed, and orders in the order they came.
use super::{order, read, school, write};
use crate::station::id;
use crate::world::{CAMPAIGN, MORNING};
use central::SchoolCode;
use central::store::CentralStore;
use central::store::packages::{Made, PackageFile, PackageRow, PackageState, Wish};
use domain::UtcMs;

fn package(n: u64) -> PackageRow {
    PackageRow {
        school: school(),
        id: id(900_000 + n).parse().unwrap(),
        campaign: CAMPAIGN.parse().unwrap(),
        wish: Wish {
            class: Some("一班".to_owned()),
            unreviewed: n == 2,
            ..Wish::default()
        },
        who: "lab:x".to_owned(),
        asked_at: UtcMs(MORNING + n as i64),
        state: PackageState::Waiting,
        tries: 0,
        lease_until: UtcMs(0),
        begun_at: None,
        done: 0,
        total: 0,
        fault: None,
        made: None,
        ready_at: None,
        expires_at: UtcMs(MORNING + 1000 + n as i64),
    }
}

pub fn take_turns(store: &dyn CentralStore) {
    for n in [2, 1] {
        write(store, |rows| rows.put_package(&package(n)));
    }
    let now = UtcMs(MORNING);
    let next = || read(store, |rows| rows.package_to_make(now));
    assert_eq!(next(), Some(package(1)), "whoever asked first");
    let making = PackageRow {
        state: PackageState::Making,
        tries: 1,
        lease_until: UtcMs(MORNING + 60),
        begun_at: Some(now),
        total: 50_000,
        ..package(1)
    };
    write(store, |rows| rows.put_package(&making));
    assert_eq!(next(), Some(package(2)));
    let later = UtcMs(MORNING + 60);
    assert_eq!(
        read(store, |rows| rows.package_to_make(later)),
        Some(making.clone()),
        "its maker is silent"
    );
    let ready = PackageRow {
        state: PackageState::Ready,
        made: Some(Made {
            files: vec![PackageFile {
                name: "pictures.zip".to_owned(),
                bytes: u64::from(u32::MAX) + 7,
                sha256: "ab".repeat(32),
                part_bytes: 4 << 20,
            }],
            pictures: 3,
            unmatched: 0,
            rejected: 1,
            absent: 2,
            checksums_sha256: "cd".repeat(32),
        }),
        ready_at: Some(later),
        ..making
    };
    write(store, |rows| rows.put_package(&ready));
    assert_eq!(read(store, |rows| rows.package(&ready.id)), Some(ready.clone()));
    let of = |school: Option<&SchoolCode>| read(store, |rows| rows.packages(school, None, 10)).len();
    assert_eq!(
        (
            of(None),
            of(Some(&school())),
            of(Some(&SchoolCode::parse("99999").unwrap()))
        ),
        (2, 2, 0)
    );
    let listed = read(store, |rows| rows.packages(None, Some(&ready.campaign), 1));
    assert_eq!(listed, [package(2)], "latest first");
    let expired = read(store, |rows| rows.packages_expired(UtcMs(MORNING + 1001), 10));
    assert_eq!(expired, std::slice::from_ref(&ready));
    write(store, |rows| rows.drop_package(&ready));
    write(store, |rows| rows.drop_package(&package(2)));
    assert_eq!(of(None), 0);
}

pub fn orders_by_age(store: &dyn CentralStore) {
    let campaign = order(1, 1, 0).order.campaign;
    let all = read(store, |rows| rows.orders_to_deliver(&campaign, None, 1000));
    assert!(all.len() > 3, "orders of the checks before");
    let mut paged: Vec<central::store::OrderRow> = Vec::new();
    while let page = read(store, |rows| {
        let after = paged.last().map(|r| (r.received_at, r.order.id));
        rows.orders_to_deliver(&campaign, after, 2)
    }) && !page.is_empty()
    {
        paged.extend(page);
    }
    assert_eq!(paged, all);
    assert!(all.is_sorted_by_key(|r| (r.received_at, r.order.id.to_string())));
}
