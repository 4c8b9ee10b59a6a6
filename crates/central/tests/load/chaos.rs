//! Twenty stations with the real client behind a bad network, and a center that is killed every five seconds: nothing lost, nothing
//! doubled, every photo as it was taken.
use crate::desk::Desk;
use crate::process::{self, Center};
use crate::proxy::{self, Chance, Weather};
use crate::station::{fresh, id, submit};
use crate::{Engine, scaled, small_photo};
use domain::BlobId;
use std::sync::Arc;
use std::time::{Duration, Instant};
use testkit::postgres::{Commits, Postgres};
use wire::op::Op;

const STATIONS: usize = 20;
const KILL_EVERY: Duration = Duration::from_secs(5);
const SEED: u64 = 20_270_603;
/// 10 % loss, 300 ms jitter, a cut at every 200th segment, a captive portal at every 50th connection.
const STORM: Weather = Weather {
    jitter: Duration::from_millis(300),
    loss: 0.1,
    cuts: 0.005,
    portals: 0.02,
    ..Weather::FINE
};
/// The same way without any of it but the delay.
const CALM: Weather = Weather {
    jitter: Duration::from_millis(300),
    ..Weather::FINE
};

/// A desk with so many orders in its outbox.
pub fn desk(orders: usize) -> Desk {
    let (mut desk, mut chain) = (Desk::default(), String::new());
    for _ in 0..orders {
        let photo = small_photo(fresh() as u32);
        let (op_id, order_id) = (id(fresh()), id(fresh()));
        let body = submit(fresh(), &photo).to_text().unwrap();
        chain = Op::chain_after(&chain, &op_id, &order_id, 1, &body);
        let op = Op {
            op_id,
            order_id,
            rev: 1,
            body,
            captured_at_ms: 1_812_070_800_000,
            mono_ms: 1,
            boot_id: "boot".to_owned(),
            chain: chain.clone(),
        };
        desk.add(op, photo);
    }
    desk
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn storm() {
    for engine in Engine::BOTH {
        let orders = scaled(10_000).div_ceil(STATIONS);
        let calm = drain(engine.database(), orders, CALM, Victim::Nobody).await;
        let storm = drain(engine.database(), orders, STORM, Victim::Center).await;
        println!(
            "chaos {engine:?}: {} orders from {STATIONS} stations: calm {:.1} s, storm {:.1} s ({:.2} times), {} kills; \
             bytes sent {:.3} times the payload when calm, {:.3} in the storm; 0 lost, 0 doubled, 0 other bytes",
            orders * STATIONS,
            calm.seconds,
            storm.seconds,
            storm.seconds / calm.seconds,
            storm.kills,
            calm.sent,
            storm.sent,
        );
    }
}

/// The database server dies under the center as in a power cut, every five seconds, and comes back on the same folder.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leader_kills() {
    let mut server = Postgres::start(Commits::Synced);
    let orders = scaled(30_000).div_ceil(STATIONS);
    let database = server.database();
    let drained = drain(Some(database), orders, CALM, Victim::Database(&mut server)).await;
    println!(
        "leader kills: {} orders from {STATIONS} stations in {:.1} s, {} kills, longest time without a receipt {:.1} s; \
         0 lost, 0 doubled, 0 other bytes",
        orders * STATIONS,
        drained.seconds,
        drained.kills,
        drained.gap.as_secs_f64(),
    );
    assert!(drained.kills > 0, "it was over before the first kill");
}

/// Who is killed every five seconds.
enum Victim<'v> {
    Nobody,
    Center,
    Database(&'v mut Postgres),
}

struct Drained {
    seconds: f64,
    kills: usize,
    sent: f64,
    /// Longest time without a receipt.
    gap: Duration,
}

async fn drain(database: Option<String>, orders: usize, weather: Weather, mut victim: Victim<'_>) -> Drained {
    let dir = tempfile::tempdir().unwrap();
    let central = process::inside(dir.path(), database.clone());
    let mut center = Center::new(dir.path(), database);
    let address = center.run();
    let chance = Chance::new(SEED);
    let (way, sent) = proxy::start(address, weather, Arc::clone(&chance)).await;
    let mut desks = Vec::new();
    for n in 0..STATIONS {
        let identity = process::enrolled(&central, address, n).await;
        desks.push((Arc::new(desk(orders)), identity));
    }
    let begun = Instant::now();
    let (mut links, mut pumps) = (Vec::new(), tokio::task::JoinSet::new());
    for (n, (desk, identity)) in desks.iter().enumerate() {
        let desk = Arc::clone(desk) as Arc<dyn sync::Local>;
        links.push(process::pump(&mut pumps, identity, desk, way, 1000 + n as u64));
    }
    let (mut killed, mut next) = (0, Instant::now() + KILL_EVERY);
    let (mut settled, mut since, mut gap) = (0, Instant::now(), Duration::ZERO);
    while !desks.iter().all(|(d, _)| d.is_done()) {
        assert!(begun.elapsed() < Duration::from_secs(3600), "the queue does not drain");
        tokio::time::sleep(Duration::from_millis(50)).await;
        let now_settled = desks.iter().map(|(d, _)| d.settled()).sum();
        if now_settled > settled {
            gap = gap.max(since.elapsed());
            (settled, since) = (now_settled, Instant::now());
        }
        if Instant::now() < next {
            continue;
        }
        match &mut victim {
            Victim::Nobody => continue,
            Victim::Center => {
                center.kill();
                center.run();
            }
            Victim::Database(server) => {
                server.kill();
                server.run();
            }
        }
        killed += 1;
        next = Instant::now() + KILL_EVERY;
    }
    let seconds = begun.elapsed().as_secs_f64();
    links.iter().for_each(sync::Link::stop);
    pumps.join_all().await;
    center.kill();
    let mut expected: Vec<(String, BlobId)> = desks.iter().flat_map(|(d, _)| d.orders()).collect();
    expected.sort();
    let found = held(&central);
    assert!(
        found == expected,
        "{} orders at the center, {} at the stations",
        found.len(),
        expected.len()
    );
    // Reads and hashes every photo at the center.
    crate::verified(&central, expected.len());
    let payload: usize = desks.iter().map(|(d, _)| d.bytes()).sum();
    Drained {
        seconds,
        kills: killed,
        gap,
        sent: sent.load(std::sync::atomic::Ordering::Relaxed) as f64 / payload as f64,
    }
}

/// Every order at the center with its photo, in the order of their ids.
pub fn held(central: &central::Central) -> Vec<(String, BlobId)> {
    let mut filter = central::OrderFilter::default();
    let mut found = Vec::new();
    loop {
        let page = central.orders(&filter).unwrap();
        let Some(last) = page.last() else { break };
        filter.before = Some((last.received_at, last.id));
        found.extend(page.iter().map(|o| (o.id.to_string(), o.blob)));
    }
    found.sort();
    found
}
