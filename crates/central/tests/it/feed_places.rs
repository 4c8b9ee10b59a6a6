//! One feed for each school: what a station makes of places that are others', how an idle one gets past them, and what becomes of
//! the feeds of a database from before.
use crate::station::Station;
use crate::world::{CAMPAIGN, Engine, Hand, MORNING, SCHOOL, World, campaign, database, jpeg};
use central::{Central, Config, Feed, Gaps};
use domain::{OrderId, StationId};
use std::path::Path;
use wire::feed::{FeedAnswer, FeedBody, FeedEvent};

/// Everything after a place, asked for as this version does or as the one before did.
async fn all(station: &Station, mut after: u64, gaps: Gaps) -> (Vec<FeedEvent>, u64, usize) {
    let (mut events, mut pages) = (Vec::new(), 0);
    loop {
        let page = match gaps {
            Gaps::Taken => station.feed(after, 0).await,
            Gaps::Filled => station.whole_feed(after, 0).await,
        };
        assert!(page.events.len() <= wire::MAX_EVENTS && (page.cursor > after || !page.more));
        pages += 1;
        events.extend(page.events);
        after = page.cursor;
        if !page.more {
            return (events, after, pages);
        }
    }
}

fn heard(events: &[FeedEvent]) -> Vec<&FeedEvent> {
    events.iter().filter(|e| e.body != FeedBody::Unknown).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_station_that_knows_no_gaps_is_shown_none() {
    let world = World::open().await;
    let one = world.station("one").await;
    one.collect(1, &jpeg(1)).await;
    let two = world.station("two").await;
    for n in 2..5 {
        let order: OrderId = one.collect(n, &jpeg(n as u32)).await.parse().unwrap();
        world.central.approve("li", &order).unwrap();
        two.collect(10 + n, &jpeg(10 + n as u32)).await;
    }
    for station in [&one, &two] {
        let (with, end, _) = all(station, 0, Gaps::Taken).await;
        let (without, same_end, _) = all(station, 0, Gaps::Filled).await;
        assert_eq!(end, same_end);
        assert_eq!(heard(&without), with.iter().collect::<Vec<_>>());
        let begin = without[0].seq - 1;
        assert!(
            without.iter().zip(begin + 1..).all(|(event, seq)| event.seq == seq) && without.last().unwrap().seq == end,
            "no place is missing"
        );
        assert!(with.len() < without.len(), "some were others'");
    }
    world.assert_consistent();
}

/// Adds so many events for one station only, and then one for another, behind the center's back.
fn add_for(world: &World, one: &str, many: i64, other: &str) {
    let file = rusqlite::Connection::open(world.dir.path().join("center/central.db")).unwrap();
    let body =
        format!(r#"{{"type":"collected","campaign_id":"{CAMPAIGN}","person_key":"code:x","collected_at_ms":1}}"#);
    let add = "INSERT INTO feed (school_id, seq, only_station, at_ms, body)
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?4)
         SELECT ?1, f.seq + n.n, ?2, ?5, ?3 FROM n, school_feed f WHERE f.school_id = ?1";
    let count = "UPDATE school_feed SET seq = seq + ?1";
    for (whom, many) in [(one, many), (other, 1)] {
        file.execute(add, (SCHOOL, whom, &body, many, MORNING)).unwrap();
        file.execute(count, [many]).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_station_gets_past_the_places_of_others_once() {
    let world = World::open().await;
    let (busy, idle) = (world.station("busy").await, world.station("idle").await);
    let order: OrderId = busy.collect(1, &jpeg(1)).await.parse().unwrap();
    let (_, before, _) = all(&idle, 0, Gaps::Taken).await;
    world.central.approve("li", &order).unwrap();
    let page = idle.feed(before, 0).await;
    let passed = FeedAnswer {
        events: Vec::new(),
        cursor: before + 1,
        more: false,
        lan: page.lan.clone(),
    };
    assert_eq!(page, passed, "nothing for it, and not to be looked at again");
    assert_eq!(idle.feed(before + 1, 0).await, passed);
    assert_eq!(idle.whole_feed(before, 0).await.events.len(), 1);

    add_for(&world, &busy.id, 12_000, &idle.id);
    let (events, end, pages) = all(&idle, before, Gaps::Taken).await;
    assert_eq!((events.len(), end, pages), (1, before + 12_002, 3));
    let (events, end, pages) = all(&idle, before, Gaps::Filled).await;
    assert_eq!((heard(&events).len(), end, pages), (1, before + 12_002, 25));
    let (events, ..) = all(&busy, before, Gaps::Taken).await;
    assert_eq!(events.len(), 12_001);
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_ends_with_news_of_ones_own_only() {
    let world = World::open().await;
    let (one, two) = (world.station("one").await, world.station("two").await);
    for (gaps, person) in [(Gaps::Taken, 1), (Gaps::Filled, 3)] {
        let mine: OrderId = one.collect(person, &jpeg(1)).await.parse().unwrap();
        let other: OrderId = two.collect(person + 1, &jpeg(2)).await.parse().unwrap();
        let (_, before, _) = all(&one, 0, Gaps::Taken).await;
        let waiting = async {
            match gaps {
                Gaps::Taken => one.feed(before, 20).await,
                Gaps::Filled => one.whole_feed(before, 20).await,
            }
        };
        let acting = async {
            tokio::task::yield_now().await;
            for order in [&other, &mine] {
                world.central.approve("li", order).unwrap();
            }
        };
        let (answer, ()) = tokio::join!(waiting, acting);
        let told = heard(&answer.events);
        assert!(
            told.iter()
                .any(|e| matches!(&e.body, FeedBody::Order(o) if o.order_id == mine.to_string())),
            "{told:?}"
        );
    }
}

/// What version 9 changed, taken back; feeds as they were in version 8, with events nobody has read yet.
fn version_eight(station: &StationId) -> String {
    format!(
        "DELETE FROM migration WHERE version = 9;
         DROP TABLE feed;
         DROP TABLE school_feed;
         ALTER TABLE station DROP COLUMN feed_begin;
         ALTER TABLE station ADD COLUMN feed_seq BIGINT NOT NULL DEFAULT 9;
         ALTER TABLE station ADD COLUMN feed_floor BIGINT NOT NULL DEFAULT 0;
         UPDATE station SET feed_seq = 40 WHERE station_id <> '{station}';
         CREATE TABLE feed (
             school_id TEXT NOT NULL, station_id TEXT NOT NULL, seq BIGINT NOT NULL, at_ms BIGINT NOT NULL, body TEXT NOT NULL,
             PRIMARY KEY (school_id, station_id, seq));
         CREATE INDEX feed_by_time ON feed (at_ms);
         INSERT INTO feed SELECT school_id, station_id, 9, {MORNING}, '{{\"type\":\"unread\"}}' FROM station;"
    )
}

async fn go_back(dir: &Path, database: Option<&str>, station: &StationId) {
    let sql = version_eight(station);
    match database {
        None => rusqlite::Connection::open(dir.join("central.db"))
            .unwrap()
            .execute_batch(&sql.replace("BIGINT", "INTEGER"))
            .unwrap(),
        Some(address) => {
            let (client, connection) = tokio_postgres::connect(address, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(&sql).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_of_version_eight_loses_no_event() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let dir = tempfile::tempdir().unwrap();
        let config = Config {
            database_url: (engine == Engine::Postgres).then(database),
            clock: Hand::at(MORNING),
            ..Config::new(dir.path(), ([127, 0, 0, 1], 0).into())
        };
        let address = config.database_url.clone();
        let before = Central::open(config.clone()).unwrap();
        before.put_campaign(&campaign()).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(async move { before.serve(listener, async { drop(stopped.await) }).await });
        let mut stations = Vec::new();
        for name in ["one", "two"] {
            let opened = Central::open(config.clone()).unwrap();
            let mut station = Station::new(at, Hand::at(MORNING), name);
            let code = opened.enrol_code(SCHOOL).unwrap().code;
            assert_eq!(station.enrol(&code).await.status, 200);
            stations.push(station);
        }
        let order = stations[0].collect(1, &jpeg(1)).await;
        stop.send(()).unwrap();
        serving.await.unwrap().unwrap();
        let ids: Vec<StationId> = stations.iter().map(|s| s.id.parse().unwrap()).collect();
        go_back(dir.path(), address.as_deref(), &ids[0]).await;

        let central = Central::open(config).unwrap();
        for id in &ids {
            // Whatever a station had read, and however it asks.
            for cursor in [0, 8, 9, 40] {
                for gaps in [Gaps::Taken, Gaps::Filled] {
                    assert_eq!(central.feed(id, cursor, gaps).unwrap(), Feed::Expired, "{engine:?}");
                }
            }
            let snapshot = central.snapshot(id).unwrap();
            assert_eq!(snapshot.campaigns, [campaign()]);
            let (orders, collected) = if *id == ids[0] { (1, 0) } else { (0, 1) };
            assert_eq!((snapshot.orders.len(), snapshot.collected.len()), (orders, collected));
            let nothing = FeedAnswer {
                events: Vec::new(),
                cursor: snapshot.cursor,
                more: false,
                lan: None,
            };
            assert_eq!(
                central.feed(id, snapshot.cursor, Gaps::Taken).unwrap(),
                Feed::Events(nothing)
            );
        }
        let read = central.snapshot(&ids[0]).unwrap().cursor;
        central.approve("li", &order.parse().unwrap()).unwrap();
        for gaps in [Gaps::Taken, Gaps::Filled] {
            let Feed::Events(answer) = central.feed(&ids[0], read, gaps).unwrap() else {
                panic!("expired");
            };
            assert!(matches!(
                answer.events[..],
                [FeedEvent {
                    body: FeedBody::Order(_),
                    ..
                }]
            ));
        }
        let report = central.verify().unwrap();
        assert!(report.holds() && report.warnings == 0, "{:#?}", report.findings);
    }
}
