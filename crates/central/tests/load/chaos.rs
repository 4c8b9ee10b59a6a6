//! Twenty stations with the real client behind a bad network, and a center that is killed every five seconds: nothing lost, nothing
//! doubled, every photo as it was taken.
use crate::desk::Desk;
use crate::proxy::{self, Chance, Weather};
use crate::station::{fresh, id, submit};
use crate::world::{SCHOOL, campaign};
use crate::{Engine, scaled, small_photo};
use central::{Central, Config};
use domain::BlobId;
use ed25519_dalek::SigningKey;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use sync::{Enrolment, HttpRemote, Identity, Plaintext, Pump, SystemClock};
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
};
/// The same way without any of it but the delay.
const CALM: Weather = Weather {
    jitter: Duration::from_millis(300),
    loss: 0.0,
    cuts: 0.0,
    portals: 0.0,
};

/// A center as a process of its own, started again at the same address.
struct Center<'d> {
    data: &'d Path,
    database: Option<String>,
    listen: String,
    child: Option<Child>,
}

impl Center<'_> {
    fn run(&mut self) -> SocketAddr {
        let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
        command.env("CENTRAL_DATA", self.data).env("CENTRAL_LOG", "error");
        if let Some(address) = &self.database {
            command.env("CENTRAL_DATABASE_URL", address);
        }
        let mut child = command
            .args(["serve", "--listen", &self.listen])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
        self.child = Some(child);
        let address: SocketAddr = ready["listen"].as_str().unwrap().parse().unwrap();
        self.listen = address.to_string();
        address
    }
    fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

impl Drop for Center<'_> {
    fn drop(&mut self) {
        self.kill();
    }
}

fn random(seed: u64) -> sync::Random {
    let chance = Chance::new(seed);
    Box::new(move || (chance.next() * u64::MAX as f64) as u64 ^ fresh().rotate_left(40))
}

fn desk(orders: usize) -> Desk {
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
    let config = Config {
        database_url: database.clone(),
        ..Config::new(dir.path(), ([127, 0, 0, 1], 0).into())
    };
    let central = Central::open(config).unwrap();
    let mut doc = campaign();
    (doc.opens_at_ms, doc.closes_at_ms) = (0, 4_102_444_800_000);
    central.put_campaign(&doc).unwrap();
    let mut center = Center {
        data: dir.path(),
        database,
        listen: "127.0.0.1:0".to_owned(),
        child: None,
    };
    let address = center.run();
    let chance = Chance::new(SEED);
    let (way, sent) = proxy::start(address, weather, Arc::clone(&chance)).await;
    let mut desks = Vec::new();
    for n in 0..STATIONS {
        let key = SigningKey::from_bytes(&[n as u8 + 1; 32]);
        let direct = HttpRemote::new(&format!("http://{address}"), Plaintext::LoopbackOnly).unwrap();
        let code = central.enrol_code(SCHOOL).unwrap().code;
        let asked = Enrolment {
            code: &code,
            name: &format!("desk {n}"),
            signing_key: &key,
            app_version: "0.1.0",
        };
        let enrolled = sync::enrol(&direct, asked, &SystemClock, &mut random(n as u64))
            .await
            .unwrap();
        let identity = Identity::new(enrolled.station_id, &key.to_bytes(), &enrolled.server_key).unwrap();
        desks.push((Arc::new(desk(orders)), identity));
    }
    let begun = Instant::now();
    let (mut links, mut pumps) = (Vec::new(), tokio::task::JoinSet::new());
    for (n, (desk, identity)) in desks.iter().enumerate() {
        let remote = HttpRemote::new(&format!("http://{way}"), Plaintext::LoopbackOnly).unwrap();
        let (link, commands) = Pump::link();
        let pump = Pump::new(identity.clone(), random(1000 + n as u64));
        pumps.spawn(sync::run(
            pump,
            Arc::clone(desk) as Arc<dyn sync::Local>,
            remote,
            commands,
        ));
        links.push(link);
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
    let mut filter = central::OrderFilter::default();
    let mut found = Vec::new();
    loop {
        let page = central.orders(&filter).unwrap();
        let Some(last) = page.last() else { break };
        filter.before = Some((last.received_at, last.id));
        found.extend(page.iter().map(|o| (o.id.to_string(), o.blob)));
    }
    found.sort();
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
