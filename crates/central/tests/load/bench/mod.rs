//! What `cargo xtask bench center` measures: orders a second of stations with the real client against centers of their own
//! processes, and how that changes with stations, stored orders and processes. One JSON line for each figure.
mod fill;
mod peer;

use crate::line::Line;
use crate::process::{self, Center};
use crate::station::id;
use crate::world::{CAMPAIGN, SCHOOL};
use crate::{Engine, verified};
use central::Central;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use sync::Identity;
use wire::campaign::CampaignDoc;

/// Until everything runs evenly.
const WARM: Duration = Duration::from_secs(3);
/// What is counted.
const MEASURED: Duration = Duration::from_secs(12);
/// Stations where their number is not what is varied.
const STATIONS: usize = 16;

/// Centers on one database, and the same rows from inside this process.
struct Site<'d> {
    engine: Engine,
    central: Central,
    centers: Vec<Center<'d>>,
    addresses: Vec<SocketAddr>,
    enrolled: Vec<Identity>,
    database: Option<String>,
    orders: usize,
    schools: usize,
}

/// Schools with a campaign each; on PostgreSQL they write side by side.
const SCHOOLS: [&str; 4] = [SCHOOL, "10534", "10535", "99999"];

fn campaign_of(school: usize) -> String {
    if school == 0 {
        CAMPAIGN.to_owned()
    } else {
        id(0xca00 + school as u64)
    }
}

impl<'d> Site<'d> {
    fn open(engine: Engine, data: &'d Path, processes: usize, schools: usize) -> Self {
        let database = engine.database();
        let central = process::inside(data, database.clone());
        for (n, school) in SCHOOLS.iter().enumerate().take(schools).skip(1) {
            let doc = CampaignDoc {
                id: campaign_of(n),
                school_code: (*school).to_owned(),
                ..process::open_campaign()
            };
            central.put_campaign(&doc).unwrap();
        }
        // All of them on one folder: the photos are shared, as in a bucket.
        let mut centers: Vec<_> = (0..processes).map(|_| Center::new(data, database.clone())).collect();
        let addresses = centers.iter_mut().map(Center::run).collect();
        Self {
            engine,
            central,
            centers,
            addresses,
            enrolled: Vec::new(),
            database,
            orders: 0,
            schools,
        }
    }

    async fn enrol(&mut self, stations: usize) {
        while self.enrolled.len() < stations {
            let n = self.enrolled.len();
            let school = SCHOOLS[n % self.schools];
            let identity = process::enrolled_in(&self.central, self.addresses[0], n, school).await;
            self.enrolled.push(identity);
        }
    }

    /// Orders a second of the first so many stations, and what an order waits for its receipt.
    async fn measure(&mut self, stations: usize, stored: usize) {
        self.enrol(stations).await;
        let mut pumps = tokio::task::JoinSet::new();
        let lines: Vec<_> = (0..stations)
            .map(|n| Arc::new(Line::of(&campaign_of(n % self.schools))))
            .collect();
        for (n, line) in lines.iter().enumerate() {
            let address = self.addresses[n % self.addresses.len()];
            let local = Arc::clone(line) as Arc<dyn sync::Local>;
            line.begin(process::pump(
                &mut pumps,
                &self.enrolled[n],
                local,
                address,
                1000 + n as u64,
            ));
        }
        tokio::time::sleep(WARM).await;
        let (from, to) = (Instant::now(), Instant::now() + MEASURED);
        tokio::time::sleep(MEASURED).await;
        lines.iter().for_each(|l| l.end());
        while !lines.iter().all(|l| l.is_done()) {
            assert!(
                to.elapsed() < Duration::from_secs(60),
                "the last orders have no receipt"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        lines.iter().for_each(|l| l.stop());
        pumps.join_all().await;
        let mut waits = Vec::new();
        for line in &lines {
            let (within, all) = line.waits(from, to);
            waits.extend(within);
            self.orders += all;
        }
        waits.sort();
        let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
        println!(
            "{{\"bench\":\"rate\",\"engine\":\"{:?}\",\"stations\":{stations},\"stored\":{stored},\"processes\":{},\"schools\":{},\
             \"orders_per_s\":{:.1},\"p50_ms\":{:.1},\"p95_ms\":{:.1},\"p99_ms\":{:.1}}}",
            self.engine,
            self.centers.len(),
            self.schools,
            waits.len() as f64 / MEASURED.as_secs_f64(),
            at(0.5),
            at(0.95),
            at(0.99)
        );
    }
}

async fn by_stations(engine: Engine) {
    let dir = tempfile::tempdir().unwrap();
    let mut site = Site::open(engine, dir.path(), 1, 1);
    for stations in [1, 4, 16, 64] {
        site.measure(stations, 0).await;
    }
    verified(&site.central, site.orders);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stations_embedded() {
    by_stations(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stations_postgres() {
    by_stations(Engine::Postgres).await;
}

async fn by_stored(engine: Engine) {
    let dir = tempfile::tempdir().unwrap();
    let mut site = Site::open(engine, dir.path(), 1, 1);
    site.enrol(STATIONS).await;
    fill::one_order(&site).await;
    for stored in [10_000, 100_000, 1_000_000] {
        fill::up_to(stored, site.database.as_deref(), dir.path());
        site.measure(STATIONS, stored).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stored_embedded() {
    by_stored(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stored_postgres() {
    by_stored(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes() {
    for (processes, schools) in [(1, 1), (2, 1), (4, 1), (1, 4), (2, 4), (4, 4)] {
        let dir = tempfile::tempdir().unwrap();
        let mut site = Site::open(Engine::Postgres, dir.path(), processes, schools);
        site.measure(STATIONS, 0).await;
        verified(&site.central, site.orders);
    }
}
