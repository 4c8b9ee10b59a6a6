//! What every database engine must do. A further engine adds one test at the end, and no more.
mod ops;
mod packages;
mod queue;
mod rosters;
mod trail;
mod turns;
mod uploads;

use crate::station::{id, photo_of, submit};
use crate::world::{CAMPAIGN, MORNING, SCHOOL, campaign, database, jpeg};
use central::store::postgres::PostgresStore;
use central::store::sqlite::SqliteStore;
use central::store::{
    BlobRow, CentralStore, EnrolCodeRow, Hearers, OrderFilter, OrderRow, ReadRows, StationRow, WriteRows,
};
use central::{CentralError, SchoolCode};
use domain::draft::Draft;
use domain::order_number::OrderNumber;
use domain::review::{RejectReason, Rejection};
use domain::{BlobId, CodeHash, Money, Order, OrderId, OrderState, PaymentId, PersonKey, SizePx, Subject, UtcMs};
use wire::feed::{Collected, FeedBody};
use wire::op::OpBody;

pub fn check(store: &dyn CentralStore) {
    stations_and_codes(store);
    work_that_fails_leaves_nothing(store);
    orders_come_back_as_they_were(store);
    lists_filter_and_page(store);
    what_is_due(store);
    queue::exceptions_first(store);
    queue::alike_decisions_are_counted_together(store);
    ops::outcomes(store);
    trail::a_feed_counts_without_gaps(store);
    trail::an_event_is_for_whom_it_is_for(store);
    trail::feeds_are_cut_and_restarted(store);
    trail::histories_are_only_added_to(store);
    queue::the_latest_of_all_histories(store);
    trail::a_reader_sees_one_state(store);
    uploads::come_in_pieces(store);
    packages::take_turns(store);
    packages::orders_by_age(store);
    turns::share_commits(store);
    rosters::people_come_and_go(store);
}

fn school() -> SchoolCode {
    SchoolCode::parse(SCHOOL).unwrap()
}

fn station(n: u64) -> StationRow {
    StationRow {
        school: school(),
        id: id(n).parse().unwrap(),
        name: format!("desk {n}"),
        public_key: [n as u8; 32],
        app_version: "0.1.0".to_owned(),
        enrolled_at: UtcMs(MORNING + n as i64),
        revoked_at: None,
        feed_begin: 0,
        feed_seq: 0,
        feed_floor: 0,
    }
}

fn write<T>(store: &dyn CentralStore, work: impl FnMut(&WriteRows<'_>) -> Result<T, CentralError>) -> T {
    store.writing(work).unwrap()
}

fn read<T>(store: &dyn CentralStore, work: impl FnMut(&ReadRows<'_>) -> Result<T, CentralError>) -> T {
    store.reading(work).unwrap()
}

fn stations_and_codes(store: &dyn CentralStore) {
    write(store, |rows| {
        rows.put_station(&station(1))?;
        rows.put_station(&station(2))?;
        rows.put_campaign(&school(), &campaign(), UtcMs(MORNING))
    });
    let changed = StationRow {
        name: "desk eins".to_owned(),
        revoked_at: Some(UtcMs(5)),
        ..station(1)
    };
    write(store, |rows| rows.put_station(&changed));
    assert_eq!(read(store, |rows| rows.station(&changed.id)), Some(changed.clone()));
    write(store, |rows| {
        rows.put_station(&StationRow {
            revoked_at: None,
            ..changed.clone()
        })
    });
    assert_eq!(read(store, |rows| rows.stations(Some(&school()))).len(), 2);
    assert!(read(store, |rows| rows.stations(Some(&SchoolCode::parse("99999").unwrap()))).is_empty());
    let code = EnrolCodeRow {
        school: school(),
        code: [7; 32],
        created_at: UtcMs(1),
        expires_at: UtcMs(2),
        used_by: None,
    };
    write(store, |rows| rows.put_enrol_code(&code));
    let used = EnrolCodeRow {
        used_by: Some(station(1).id),
        ..code
    };
    write(store, |rows| rows.put_enrol_code(&used));
    assert_eq!(read(store, |rows| rows.enrol_code(&[7; 32])), Some(used));
    assert_eq!(write(store, |rows| rows.forget_enrol_codes(UtcMs(3))), 1);
    let found = read(store, |rows| rows.campaign(&CAMPAIGN.parse().unwrap()));
    assert_eq!(found, Some((school(), campaign())));
}

fn work_that_fails_leaves_nothing(store: &dyn CentralStore) {
    let failed: Result<(), _> = store.writing(|rows| {
        rows.put_station(&station(3))?;
        assert!(rows.station(&station(3).id)?.is_some(), "work sees its own rows");
        Err(CentralError::EnrolCode)
    });
    assert!(matches!(failed, Err(CentralError::EnrolCode)));
    assert_eq!(read(store, |rows| rows.station(&station(3).id)), None);
}

fn order(n: u64, person: u64, at: i64) -> OrderRow {
    let OpBody::Submit(doc) = submit(person, &jpeg(n as u32)) else {
        panic!()
    };
    let draft = Draft {
        id: id(n).parse().unwrap(),
        number: OrderNumber::parse(&doc.number).unwrap(),
        station: station(1).id,
        person: doc.person.key().unwrap(),
        subject: Subject {
            name: Some("䶮㐂".to_owned()),
            id_number: Some("110101200001011234".to_owned()),
            phone: Some("13800000000".to_owned()),
            ..Subject::default()
        },
        photo: doc.photo.to_domain().unwrap(),
        consent: Some(doc.consent.to_domain().unwrap()),
        feature_code: None,
    };
    OrderRow {
        school: school(),
        order: Order::submit(draft, &campaign().to_domain().unwrap(), UtcMs(MORNING)).unwrap(),
        rev: 1,
        received_at: UtcMs(at),
        updated_at: UtcMs(at),
        duplicate_person: false,
        messages: None,
    }
}

fn orders_come_back_as_they_were(store: &dyn CentralStore) {
    let mut row = order(100, 1, 1000);
    let put = |row: &OrderRow| {
        write(store, |rows| {
            rows.put_order(row)?;
            rows.add_photo_revision(row)
        });
        assert_eq!(read(store, |rows| rows.order(&row.order.id)).as_ref(), Some(row));
    };
    put(&row);
    let reasons = [RejectReason::Background, RejectReason::Eyes];
    row.order.state = OrderState::Rejected;
    row.order.rejection = Rejection::new(&reasons, Some("再拍".to_owned()), UtcMs(1), UtcMs(2000));
    row.order.held_by = Some("li".to_owned());
    row.order.payment.paid = Money::from_fen(2500);
    row.order.payment.payment = Some(PaymentId(id(9).parse::<OrderId>().unwrap().0));
    row.order.withdrawn = true;
    row.order.tries = 2;
    row.order.photo.revision = 2;
    row.order.photo.blob = BlobId::of(b"second");
    (row.rev, row.updated_at, row.duplicate_person) = (7, UtcMs(1500), true);
    put(&row);
    let photos = read(store, |rows| rows.photo_revisions(&school(), &row.order.id));
    assert_eq!(photos.iter().map(|p| p.revision).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(photos[0], photo_of(&jpeg(100), 1));
    let twin = OrderRow {
        order: Order {
            id: id(101).parse().unwrap(),
            ..row.order.clone()
        },
        ..row.clone()
    };
    assert!(
        store.writing(|rows| rows.put_order(&twin)).is_err(),
        "a number is unique at its station"
    );
    let taken = |at: u64, order: u64| {
        read(store, |rows| {
            rows.taken_names(&station(at), &id(order).parse().unwrap(), row.order.number.as_str())
        })
    };
    assert_eq!(taken(1, 100), (true, true));
    assert_eq!(taken(1, 999), (false, true));
    assert_eq!(taken(2, 999), (false, false));
}

fn lists_filter_and_page(store: &dyn CentralStore) {
    for n in 0..5 {
        // Two of them in the same millisecond: paging must not lose one.
        let row = order(110 + n, 50 + n, 2000 + n as i64 / 2);
        write(store, |rows| rows.put_order(&row));
    }
    let ids = |filter: OrderFilter| -> Vec<u64> {
        let rows = read(store, |rows| rows.orders(&filter));
        rows.iter()
            .map(|r| u64::from_str_radix(&r.order.id.to_string()[24..], 16).unwrap())
            .collect()
    };
    let mut filter = OrderFilter {
        limit: 2,
        state: Some(OrderState::Paid),
        ..OrderFilter::default()
    };
    assert_eq!(ids(filter.clone()), [114, 113]);
    let mut all = Vec::new();
    loop {
        let page = read(store, |rows| rows.orders(&filter));
        let Some(last) = page.last() else { break };
        filter.before = Some((last.received_at, last.order.id));
        all.extend(page.iter().map(|r| r.order.id));
    }
    assert_eq!(all.len(), 5);
    let person = PersonKey::Code(CodeHash::of(&52u64.to_be_bytes()));
    let of_person = OrderFilter {
        person: Some(person.clone()),
        station: Some(station(1).id),
        school: Some(school()),
        campaign: Some(CAMPAIGN.parse().unwrap()),
        ..OrderFilter::default()
    };
    assert_eq!(ids(of_person.clone()), [112]);
    assert!(
        ids(OrderFilter {
            station: Some(station(2).id),
            ..of_person
        })
        .is_empty()
    );
    assert_eq!(
        read(store, |rows| rows.orders_of(
            &school(),
            &CAMPAIGN.parse().unwrap(),
            &person
        ))
        .len(),
        1
    );
    let collected: Vec<Collected> = read(store, |rows| rows.collected_elsewhere(&station(2)));
    assert_eq!((collected.len(), collected[0].at_ms), (6, 1000));
    assert!(read(store, |rows| rows.collected_elsewhere(&station(1))).is_empty());
}

fn what_is_due(store: &dyn CentralStore) {
    let rejected: OrderId = id(100).parse().unwrap();
    assert_eq!(read(store, |rows| rows.orders_run_out(UtcMs(2000), 10)), []);
    assert_eq!(read(store, |rows| rows.orders_run_out(UtcMs(2001), 10)), [rejected]);
    let (blob, size) = (
        BlobId::of(&jpeg(111)),
        SizePx {
            width: 600,
            height: 800,
        },
    );
    let row = BlobRow {
        school: school(),
        id: blob,
        bytes: 12,
        size,
        station: station(1).id,
        received_at: UtcMs(1),
    };
    assert!(read(store, |rows| rows.orders_awaiting(None, 10)).is_empty());
    write(store, |rows| rows.add_blob(&row));
    write(store, |rows| {
        rows.add_blob(&BlobRow {
            bytes: 99,
            ..row.clone()
        })
    });
    assert_eq!(
        read(store, |rows| rows.blob(&school(), &blob)),
        Some(row),
        "the first one stays"
    );
    assert_eq!(
        read(store, |rows| rows.orders_awaiting(None, 10)),
        [id(111).parse().unwrap()]
    );
    assert_eq!(
        read(store, |rows| rows.orders_awaiting(Some((&school(), &blob)), 10)).len(),
        1
    );
    let other = SchoolCode::parse("99999").unwrap();
    assert!(read(store, |rows| rows.orders_awaiting(Some((&other, &blob)), 10)).is_empty());
    assert_eq!(read(store, |rows| rows.blobs_after(None, 10)).len(), 1);
    assert!(read(store, |rows| rows.blobs_after(Some((&school(), &blob)), 10)).is_empty());
}

#[test]
fn sqlite() {
    let dir = tempfile::tempdir().unwrap();
    check(&SqliteStore::open(dir.path()).unwrap());
}

#[test]
fn postgres() {
    check(&PostgresStore::open(&database(), 8).unwrap());
}

/// Writers that touch the same rows in any order neither block each other crosswise nor run twice, whichever center they are of.
#[test]
fn writers_of_several_centers_take_turns() {
    const STATIONS: u64 = 8;
    const EACH: usize = 12;
    let address = database();
    let centers = [4, 4].map(|n| PostgresStore::open(&address, n).unwrap());
    write(&centers[0], |rows| {
        (0..STATIONS).try_for_each(|n| rows.put_station(&station(n)))
    });
    let runs = std::sync::atomic::AtomicUsize::new(0);
    let all_hear = |writer: u64| {
        let store = &centers[writer as usize % centers.len()];
        for _ in 0..EACH {
            write(store, |rows| {
                runs.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                (0..STATIONS).try_for_each(|n| {
                    let to = station((writer + n) % STATIONS).id;
                    rows.push_feed(&school(), Hearers::Only(to), UtcMs(1), &FeedBody::Unknown)
                })
            });
        }
    };
    std::thread::scope(|scope| (0..STATIONS).for_each(|writer| drop(scope.spawn(move || all_hear(writer)))));
    assert_eq!(runs.into_inner(), STATIONS as usize * EACH, "none was run again");
    for n in 0..STATIONS {
        let heard = read(&centers[0], |rows| {
            let row = rows.station(&station(n).id)?.unwrap();
            assert_eq!(row.feed_seq, STATIONS * STATIONS * EACH as u64);
            rows.feed(&row, 1..=row.feed_seq, usize::MAX)
        });
        assert_eq!(heard.len() as u64, STATIONS * EACH as u64);
    }
}

/// Schools do not wait for each other; work on everything waits for all of them.
#[test]
fn schools_write_side_by_side() {
    let store = PostgresStore::open(&database(), 8).unwrap();
    let store: &dyn CentralStore = &store;
    let other = SchoolCode::parse("99999").unwrap();
    write(store, |rows| {
        rows.put_station(&station(1))?;
        rows.put_station(&StationRow {
            school: other.clone(),
            ..station(2)
        })
    });
    let push = |rows: &WriteRows<'_>, school: &SchoolCode, n| {
        rows.push_feed(school, Hearers::Only(station(n).id), UtcMs(1), &FeedBody::Unknown)
    };
    let (inside, entered) = std::sync::mpsc::channel();
    let (go_on, may) = std::sync::mpsc::channel::<()>();
    let order = std::sync::Mutex::new(Vec::new());
    let done = |what| order.lock().unwrap().push(what);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let (inside, may) = (inside, may);
            store
                .writing_in(&school(), |rows| {
                    push(rows, &school(), 1)?;
                    inside.send(()).unwrap();
                    may.recv().unwrap();
                    done("the school that is slow");
                    Ok(())
                })
                .unwrap();
        });
        entered.recv().unwrap();
        store.writing_in(&other, |rows| push(rows, &other, 2)).unwrap();
        done("another school");
        let all = scope.spawn(|| {
            write(store, |rows| {
                done("everything");
                push(rows, &school(), 1)
            });
        });
        go_on.send(()).unwrap();
        all.join().unwrap();
    });
    let order = order.into_inner().unwrap();
    assert_eq!(order, ["another school", "the school that is slow", "everything"]);
    assert_eq!(read(store, |rows| rows.station(&station(1).id)).unwrap().feed_seq, 2);
}

#[test]
fn centers_that_start_at_once_migrate_once() {
    let address = database();
    std::thread::scope(|scope| {
        let open = || PostgresStore::open(&address, 2).map(drop);
        let starts: Vec<_> = (0..4).map(|_| scope.spawn(open)).collect();
        for start in starts {
            start.join().unwrap().unwrap();
        }
    });
}

#[test]
fn a_server_that_is_not_there_is_away() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let refused = PostgresStore::open(&format!("postgres://x@{nobody}/x"), 2);
    assert!(matches!(refused, Err(CentralError::Away { .. })), "{refused:?}");
    let wrong = PostgresStore::open("mysql://x", 2);
    assert!(matches!(wrong, Err(CentralError::Invalid(_))), "{wrong:?}");
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    drop(SqliteStore::open(dir.path()).unwrap());
    let file = rusqlite::Connection::open(dir.path().join("central.db")).unwrap();
    file.execute("INSERT INTO migration VALUES (999, 999)", []).unwrap();
    let refused = SqliteStore::open(dir.path());
    assert!(matches!(
        refused,
        Err(CentralError::NewerStore { found: 999, known: 10 })
    ));
    file.execute("UPDATE migration SET oldest_program = 2 WHERE version = 999", [])
        .unwrap();
    assert!(
        SqliteStore::open(dir.path()).is_ok(),
        "unless it says that older programs may"
    );
    drop(file);
    std::fs::write(dir.path().join("central.db"), vec![7; 8192]).unwrap();
    assert!(SqliteStore::open(dir.path()).is_err());
}
