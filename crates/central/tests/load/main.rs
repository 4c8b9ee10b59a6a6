//! The long proofs of the center, on both engines: `cargo xtask test --only chaos` and `cargo xtask bench center`. Seeded; sizes come
//! from `LOAD_SCALE` (1 is the whole proof). Every run ends in the center's own verification.
#![allow(clippy::unwrap_used, missing_docs, dead_code, clippy::print_stdout)]
mod bench;
mod chaos;
mod desk;
mod ha;
mod line;
mod once;
mod process;
mod proxy;
#[path = "../it/station.rs"]
mod station;
mod week;
#[path = "../it/world.rs"]
mod world;

use central::{Central, Config};
use std::path::Path;
use std::sync::LazyLock;
use testkit::postgres::{Commits, Postgres};

/// Where a center keeps its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub const BOTH: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// A database whose commits wait for the disk; `None` is the embedded one.
    pub fn database(self) -> Option<String> {
        static SERVER: LazyLock<Postgres> = LazyLock::new(|| Postgres::start(Commits::Synced));
        (self == Self::Postgres).then(|| SERVER.database())
    }

    /// A center with the free campaign and no limit on how often one station asks.
    pub fn open(self, dir: &Path) -> Central {
        let limits = central::Limits {
            station_burst: u32::MAX,
            connections: 4096,
            ..central::Limits::default()
        };
        let config = Config {
            database_url: self.database(),
            limits,
            clock: world::Hand::at(world::MORNING),
            ..Config::new(dir, ([127, 0, 0, 1], 0).into())
        };
        let central = Central::open(config).unwrap();
        central.put_campaign(&world::campaign()).unwrap();
        central
    }
}

/// A size of the whole proof, as far as this run goes.
pub fn scaled(whole: usize) -> usize {
    let scale: f64 = std::env::var("LOAD_SCALE").map_or(0.05, |s| s.parse().unwrap());
    ((whole as f64 * scale) as usize).max(1)
}

/// A center that serves on a loopback port of this process.
pub async fn serving(central: &Central) -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let central = central.clone();
    tokio::spawn(async move { central.serve(listener, std::future::pending()).await });
    address
}

/// A photo of 40 KB, give or take a tenth, whose bytes are its own.
pub fn small_photo(n: u32) -> Vec<u8> {
    static BASE: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let picture = photo::decode_any(&world::jpeg(1), &photo::Limits::default()).unwrap();
        let small = picture.resize(domain::SizePx {
            width: 480,
            height: 640,
        });
        let coded = (80..=100).map(|quality| photo::encode_jpeg(&small, quality, 300).unwrap());
        coded.min_by_key(|bytes| bytes.len().abs_diff(40_000)).unwrap()
    });
    assert!(BASE.len().abs_diff(40_000) < 4_000, "{} bytes", BASE.len());
    let mut bytes = BASE.clone();
    let mut comment = vec![0xff, 0xfe, 0, 6];
    comment.extend_from_slice(&n.to_be_bytes());
    bytes.splice(2..2, comment);
    bytes
}

pub fn verified(central: &Central, orders: usize) {
    let report = central.verify().unwrap();
    assert!(report.holds(), "{:#?}", report.findings);
    assert_eq!(report.orders as usize, orders);
}
