//! A center on a loopback port with a clock that is moved by hand, and the campaign of the tests.
use crate::station::Station;
use central::{Central, Clock, Config, Limits};
use domain::UtcMs;
use pay::wechat::Client;
use paysim::{Faults, Sandbox};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;
use testkit::postgres::{Commits, Postgres};
use tokio::sync::oneshot;
use wire::campaign::CampaignDoc;

/// 2027-06-03 09:00 in Beijing.
pub const MORNING: i64 = 1_812_070_800_000;
pub const SCHOOL: &str = "10533";
pub const CAMPAIGN: &str = "01900000-0000-7000-8000-000000000001";
pub const HOUR: i64 = 3_600_000;
pub const DAY: i64 = 24 * HOUR;

/// An empty PostgreSQL database, on one server for all tests.
pub fn database() -> String {
    static SERVER: LazyLock<Postgres> = LazyLock::new(|| Postgres::start(Commits::Lazy));
    SERVER.database()
}

/// A clock that stands until it is moved.
#[derive(Debug)]
pub struct Hand(AtomicI64);

impl Hand {
    pub fn at(ms: i64) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(ms)))
    }
    pub fn forward(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> UtcMs {
        UtcMs(self.0.load(Ordering::SeqCst))
    }
}

/// A center that serves.
pub struct World {
    pub central: Central,
    pub clock: Arc<Hand>,
    pub address: SocketAddr,
    pub dir: TempDir,
    /// The payment provider, when the center was opened with one.
    pub provider: Option<Sandbox>,
    _stop: oneshot::Sender<()>,
}

/// Which engine a center keeps its rows in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

pub fn campaign() -> CampaignDoc {
    CampaignDoc {
        id: CAMPAIGN.to_owned(),
        title: "2027 届毕业生图像采集".to_owned(),
        school_code: SCHOOL.to_owned(),
        school_name: "示例大学".to_owned(),
        job: "graduate".to_owned(),
        number_prefix: "10533A".to_owned(),
        price_fen: 0,
        collective: true,
        picture_files: false,
        spec: "chsi-graduate-2017".to_owned(),
        opens_at_ms: MORNING - DAY,
        closes_at_ms: MORNING + 30 * DAY,
        retake_tries: 3,
        retake_within_hours: 48,
        consent_version: "2027-01".to_owned(),
        feature_codes: Vec::new(),
    }
}

impl World {
    /// A center with the free campaign.
    pub async fn open() -> Self {
        Self::open_with(campaign(), Limits::default()).await
    }

    /// A center with a campaign and limits of its own.
    pub async fn open_with(doc: CampaignDoc, limits: Limits) -> Self {
        Self::open_at(doc, limits, Engine::Sqlite, None).await
    }

    /// A center whose orders cost 25 yuan, and a payment provider with these faults. Its timers stand still: tests settle by hand.
    pub async fn open_paid(engine: Engine, faults: Faults, seed: u64) -> Self {
        let doc = CampaignDoc {
            price_fen: 2500,
            collective: false,
            ..campaign()
        };
        let limits = Limits {
            tick: std::time::Duration::from_secs(3600),
            ..Limits::default()
        };
        Self::open_at(doc, limits, engine, Some((faults, seed))).await
    }

    async fn open_at(doc: CampaignDoc, limits: Limits, engine: Engine, provider: Option<(Faults, u64)>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Hand::at(MORNING);
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let provider = match provider {
            Some((faults, seed)) => {
                let now = clock.clone();
                let loopback = (Ipv4Addr::LOCALHOST, 0).into();
                Some(Sandbox::start(loopback, faults, seed, move || now.now()).await.unwrap())
            }
            None => None,
        };
        let gateway = provider.as_ref().map(|p| {
            let (now, back) = (clock.clone(), format!("http://{address}/v1/payments/notice"));
            Client::new(p.settings(&back).unwrap(), Arc::new(move || now.now())).unwrap()
        });
        let config = Config {
            limits,
            gateway,
            database_url: (engine == Engine::Postgres).then(database),
            clock: clock.clone(),
            ..Config::new(dir.path().join("center"), address)
        };
        let central = Central::open(config).unwrap();
        central.put_campaign(&doc).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = central.clone();
        tokio::spawn(async move { serving.serve(listener, async { drop(stopped.await) }).await });
        Self {
            central,
            clock,
            address,
            dir,
            provider,
            _stop: stop,
        }
    }

    /// A station of the school, enrolled over HTTP.
    pub async fn station(&self, name: &str) -> Station {
        let code = self.central.enrol_code(SCHOOL).unwrap().code;
        let mut station = Station::new(self.address, self.clock.clone(), name);
        let answer = station.enrol(&code).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        station
    }

    /// Panics unless everything the center keeps is consistent.
    pub fn assert_consistent(&self) {
        let report = self.central.verify().unwrap();
        assert!(report.holds() && report.warnings == 0, "{:#?}", report.findings);
    }
}

/// Photo `n` of as many as wanted: a studio portrait with a comment that makes its bytes its own.
pub fn jpeg(n: u32) -> Vec<u8> {
    let mut names: Vec<PathBuf> =
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/portraits/studio"))
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.extension().is_some_and(|e| e == "jpg"))
            .collect();
    names.sort();
    let mut bytes = std::fs::read(&names[n as usize % names.len()]).unwrap();
    let mut comment = vec![0xff, 0xfe, 0, 6];
    comment.extend_from_slice(&n.to_be_bytes());
    bytes.splice(2..2, comment);
    bytes
}

/// The upright size of a photo.
pub fn size_of(jpeg: &[u8]) -> [u32; 2] {
    let size = photo::inspect(jpeg).unwrap().upright_size();
    [size.width, size.height]
}
