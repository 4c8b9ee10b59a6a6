//! Feeds, histories, and what a reader sees.
use super::{read, school, station, write};
use crate::world::CAMPAIGN;
use central::CentralError;
use central::store::{CentralStore, HistoryRow, StationRow};
use domain::{StationId, UtcMs};
use wire::feed::{Collected, FeedBody};

pub fn feeds_count_without_gaps(store: &dyn CentralStore) {
    let body = FeedBody::Collected(Collected {
        campaign_id: CAMPAIGN.to_owned(),
        person_key: "code:x".to_owned(),
        at_ms: 1,
    });
    let push = |to: &StationId, at: i64| write(store, |rows| rows.push_feed(&school(), to, UtcMs(at), &body));
    let two = station(2);
    assert!(
        store
            .writing(|rows| rows.push_feed(&school(), &station(9).id, UtcMs(1), &body))
            .is_err()
    );
    // Work that fails after pushing must give its place back.
    let failed: Result<(), _> = store.writing(|rows| {
        rows.push_feed(&school(), &two.id, UtcMs(1), &body)?;
        Err(CentralError::EnrolCode)
    });
    assert!(failed.is_err());
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let push = &push;
            let to = two.id;
            scope.spawn(move || (0..10).for_each(|i| assert!(push(&to, 10 * thread + i) > 0)));
        }
    });
    assert_eq!(push(&station(1).id, 1), 1, "each feed has a counter of its own");
    let now = || read(store, |rows| rows.station(&two.id)).unwrap();
    assert_eq!((now().feed_seq, now().feed_floor), (40, 0));
    let events = read(store, |rows| rows.feed(&now(), 0, 100));
    assert_eq!(
        events.iter().map(|e| e.seq).collect::<Vec<_>>(),
        (1..=40).collect::<Vec<_>>()
    );
    assert_eq!(events[0].body, body);
    assert_eq!(read(store, |rows| rows.feed(&now(), 38, 1)).len(), 1);
    let forgotten = write(store, |rows| rows.prune_feeds(UtcMs(5)));
    let floor = now().feed_floor;
    assert!(
        floor > 0 && forgotten as u64 == floor + 1,
        "cut from the beginning: {forgotten} {floor}"
    );
    assert_eq!(
        read(store, |rows| rows.feed(&now(), floor, 100)).len() as u64,
        40 - floor
    );
    write(store, |rows| rows.restart_feeds());
    assert!(now().feed_floor == now().feed_seq && now().feed_seq > 1_000_000);
    assert_eq!(push(&two.id, 1), now().feed_seq);
}

pub fn histories_are_only_added_to(store: &dyn CentralStore) {
    let line = |seq: u64| HistoryRow {
        school: school(),
        subject: "order:1".to_owned(),
        seq,
        at: UtcMs(3),
        who: "reviewer:li".to_owned(),
        what: "T5".to_owned(),
        detail: "{}".to_owned(),
        previous: String::new(),
        hash: "h".to_owned(),
    };
    for seq in 1..=3 {
        write(store, |rows| rows.add_history(&line(seq)));
    }
    assert!(
        store.writing(|rows| rows.add_history(&line(3))).is_err(),
        "a place is taken once"
    );
    assert_eq!(read(store, |rows| rows.history(&school(), "order:1")).len(), 3);
    assert_eq!(
        read(store, |rows| rows.history_head(&school(), "order:1")).map(|h| h.seq),
        Some(3)
    );
    assert_eq!(read(store, |rows| rows.history_head(&school(), "order:2")), None);
    assert_eq!(
        read(store, |rows| rows.history_subjects(None, 10)),
        [(school(), "order:1".to_owned())]
    );
    assert!(read(store, |rows| rows.history_subjects(Some((&school(), "order:1")), 10)).is_empty());
}

pub fn a_reader_sees_one_state(store: &dyn CentralStore) {
    let one = station(1).id;
    let (before, after) = read(store, |rows| {
        let before = rows.station(&one)?.map(|s| s.name);
        store.writing(|rows| {
            rows.put_station(&StationRow {
                name: "renamed".to_owned(),
                ..station(1)
            })
        })?;
        Ok((before, rows.station(&one)?.map(|s| s.name)))
    });
    assert_eq!(before, after, "a write in between is not seen");
    assert_eq!(read(store, |rows| rows.station(&one)).unwrap().name, "renamed");
}
