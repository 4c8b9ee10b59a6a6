//! Feeds, histories, and what a reader sees.
use super::{read, school, station, write};
use crate::world::CAMPAIGN;
use central::store::{CentralStore, Hearers, HistoryRow, StationRow};
use central::{CentralError, SchoolCode};
use domain::UtcMs;
use wire::feed::{Collected, FeedBody};

fn collected(person: &str) -> FeedBody {
    FeedBody::Collected(Collected {
        campaign_id: CAMPAIGN.to_owned(),
        person_key: person.to_owned(),
        at_ms: 1,
    })
}

fn push(store: &dyn CentralStore, to: Hearers, at: i64, body: &FeedBody) {
    write(store, |rows| rows.push_feed(&school(), to, UtcMs(at), body));
}

fn now(store: &dyn CentralStore, n: u64) -> StationRow {
    read(store, |rows| rows.station(&station(n).id)).unwrap()
}

/// Places of the events a station reads after one.
fn heard(store: &dyn CentralStore, n: u64, after: u64) -> Vec<u64> {
    let row = now(store, n);
    let events = read(store, |rows| rows.feed(&row, after + 1..=row.feed_seq, usize::MAX));
    events.iter().map(|e| e.seq).collect()
}

pub fn a_feed_counts_without_gaps(store: &dyn CentralStore) {
    let body = collected("code:x");
    let two = Hearers::Only(station(2).id);
    // Work that fails after pushing must give its place back.
    let failed: Result<(), _> = store.writing(|rows| {
        rows.push_feed(&school(), two, UtcMs(1), &body)?;
        Err(CentralError::EnrolCode)
    });
    assert!(failed.is_err());
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let body = &body;
            scope.spawn(move || (0..10).for_each(|i| push(store, two, 10 * thread + i, body)));
        }
    });
    assert_eq!((now(store, 2).feed_seq, now(store, 2).feed_floor), (40, 0));
    assert_eq!(heard(store, 2, 0), (1..=40).collect::<Vec<_>>());
    let row = now(store, 2);
    let events = read(store, |rows| rows.feed(&row, 39..=40, 1));
    assert_eq!((events.len(), events[0].seq, &events[0].body), (1, 39, &body));
    // Another school counts for itself; one without stations has no feed, and nobody who would miss it.
    let other = SchoolCode::parse("99999").unwrap();
    write(store, |rows| rows.push_feed(&other, Hearers::All, UtcMs(1), &body));
    assert_eq!(read(store, |rows| rows.feed_end(&other)), 0);
    assert!(read(store, |rows| rows.whole_feed(&other, 0, 10)).is_empty());
}

pub fn an_event_is_for_whom_it_is_for(store: &dyn CentralStore) {
    let (one, two) = (station(1).id, station(2).id);
    for to in [
        Hearers::All,
        Hearers::Only(one),
        Hearers::AllBut(one),
        Hearers::AllBut(two),
        Hearers::Only(two),
    ] {
        push(store, to, 50, &collected("code:y"));
    }
    assert_eq!(heard(store, 1, 40), [41, 42, 44]);
    assert_eq!(heard(store, 2, 40), [41, 43, 45]);
    let whole = read(store, |rows| rows.whole_feed(&school(), 42, 2));
    let whole: Vec<_> = whole.iter().map(|(event, who)| (event.seq, *who)).collect();
    assert_eq!(whole, [(43, Hearers::AllBut(one)), (44, Hearers::AllBut(two))]);
}

pub fn feeds_are_cut_and_restarted(store: &dyn CentralStore) {
    assert_eq!(write(store, |rows| rows.prune_feeds(UtcMs(0))), 0, "nothing is so old");
    let forgotten = write(store, |rows| rows.prune_feeds(UtcMs(5)));
    let floor = now(store, 2).feed_floor;
    assert!(
        floor > 0 && forgotten as u64 == floor,
        "cut from the beginning: {forgotten} {floor}"
    );
    assert_eq!(heard(store, 2, floor).first(), Some(&(floor + 1)));
    write(store, |rows| rows.restart_feeds());
    let restarted = now(store, 2);
    assert!(restarted.feed_floor == restarted.feed_seq && restarted.feed_seq > 1_000_000);
    push(store, Hearers::Only(station(2).id), 1, &collected("code:z"));
    assert_eq!(heard(store, 2, restarted.feed_seq), [restarted.feed_seq + 1]);
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
