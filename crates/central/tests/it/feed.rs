//! The feed: complete, in order, quick, and equal to the snapshot.
use crate::station::{Station, id, person_key};
use crate::world::{CAMPAIGN, DAY, World, campaign, jpeg};
use domain::OrderId;
use domain::review::RejectReason;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use wire::feed::{Collected, FeedBody, Snapshot};
use wire::problem::Code;

async fn replay(station: &Station) -> Snapshot {
    let (mut campaigns, mut orders, mut collected) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut after = 0;
    loop {
        let page = station.feed(after, 0).await;
        assert!(
            page.events
                .is_sorted_by(|one, next| after < one.seq && one.seq < next.seq)
        );
        for event in &page.events {
            match event.body.clone() {
                FeedBody::Campaign(doc) => drop(campaigns.insert(doc.id.clone(), *doc)),
                FeedBody::Order(status) => drop(orders.insert(status.order_id.clone(), *status)),
                FeedBody::Collected(c) => drop(
                    collected
                        .entry((c.campaign_id.clone(), c.person_key.clone()))
                        .or_insert(c),
                ),
                FeedBody::Roster(_) | FeedBody::Unknown => panic!("an event of a roster, or an unknown one"),
            }
        }
        after = page.cursor;
        if !page.more {
            break;
        }
    }
    Snapshot {
        cursor: after,
        campaigns: campaigns.into_values().collect(),
        orders: orders.into_values().collect(),
        collected: collected.into_values().collect(),
        rosters: Vec::new(),
    }
}

async fn snapshot(station: &Station) -> Snapshot {
    let mut snapshot: Snapshot = station.get("/v1/snapshot").await.json();
    snapshot.orders.sort_by(|a, b| a.order_id.cmp(&b.order_id));
    snapshot.collected.sort_by(|a, b| a.person_key.cmp(&b.person_key));
    snapshot
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replaying_the_feed_gives_the_snapshot() {
    let world = World::open().await;
    let one = world.station("one").await;
    let first = one.collect(1, &jpeg(1)).await;
    let second = one.collect(2, &jpeg(2)).await;
    // This one comes later and must learn of what was before.
    let two = world.station("two").await;
    two.collect(2, &jpeg(3)).await;
    two.collect(4, &jpeg(4)).await;
    let of = |text: &str| text.parse::<OrderId>().unwrap();
    world
        .central
        .reject("li", &of(&first), &[RejectReason::Covering], None)
        .unwrap();
    world.central.approve("li", &of(&second)).unwrap();
    let mut changed = campaign();
    changed.title = "2027 届毕业生图像采集（补拍）".to_owned();
    world.central.put_campaign(&changed).unwrap();
    world.central.put_campaign(&changed).unwrap();
    for station in [&one, &two] {
        assert_eq!(replay(station).await, snapshot(station).await);
    }
    let collected: Vec<Collected> = snapshot(&two).await.collected;
    assert_eq!(collected.len(), 2);
    assert!(
        collected
            .iter()
            .any(|c| c.person_key == person_key(1) && c.campaign_id == CAMPAIGN)
    );
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiting_feed_answers_when_something_happens() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let order = station.collect(1, &jpeg(1)).await;
    let cursor = station.feed(0, 0).await.cursor;
    let begun = Instant::now();
    let waiting = station.feed(cursor, 20);
    let acting = async {
        tokio::task::yield_now().await;
        world.central.approve("li", &order.parse().unwrap()).unwrap();
    };
    let (answer, ()) = tokio::join!(waiting, acting);
    assert_eq!(answer.events.len(), 1);
    assert!(begun.elapsed() < Duration::from_secs(10));
    // Nothing new and no wait: at once and empty.
    let empty = station.feed(answer.cursor, 0).await;
    assert!(empty.events.is_empty() && !empty.more);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_cursor_needs_a_snapshot() {
    let world = World::open().await;
    let station = world.station("desk").await;
    station.collect(1, &jpeg(1)).await;
    let cursor = station.feed(0, 0).await.cursor;
    world.clock.forward(31 * DAY);
    assert_eq!(world.central.tick().unwrap().forgotten, 3);
    assert_eq!(station.get("/v1/feed?after=0").await.code(), Code::CursorExpired);
    assert_eq!(
        station.get("/v1/feed?after=999").await.code(),
        Code::CursorExpired,
        "from another life"
    );
    let snapshot = snapshot(&station).await;
    assert_eq!((snapshot.cursor, snapshot.orders.len()), (cursor, 1));
    assert!(station.feed(cursor, 0).await.events.is_empty());
    assert_eq!(station.get("/v1/feed?after=x").await.code(), Code::Validation);
    assert_eq!(
        station.get(&format!("/v1/feed?after={}", id(1))).await.code(),
        Code::Validation
    );
    world.assert_consistent();
}
