//! A desk with its camera and a center to talk to, as a journey needs them. What takes time is polled with a deadline.
use central::{Central, Clock, Config, SystemClock};
use domain::OrderId;
use ipc::{DeskView, OrderDetail, QueueView, SlotView};
use station::rehearse::FrameBook;
use station::session::{Acceptance, Rules};
use station::{CameraUse, Opening, Station, Trouble};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use wire::campaign::CampaignDoc;

/// Longest wait for anything, in a debug build on a machine that does other things as well.
const PATIENCE: Duration = Duration::from_secs(60);
pub const SCHOOL: &str = "99901";
pub const FEATURE_CODE: &str = "xy2027";
/// Sitters whose picture passes the check, most of them with a warning, by the name of their frame and of their code picture.
pub const SITTERS: [&str; 5] = [
    "cory-booker",
    "cynthia-lummis",
    "jefferson-van-drew",
    "john-boozman",
    "rand-paul",
];
/// The sitter whose picture passes without a warning, and their second picture.
pub const PASSING: &str = SITTERS[4];
pub const PASSING_AGAIN: &str = "rand-paul-again";
/// A sitter who laughs, which the standard does not take.
pub const LAUGHING: &str = "antonio-delgado";

pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Waits until something holds.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "waited in vain: {what}");
        std::thread::park_timeout(Duration::from_millis(10));
    }
}

/// The code of a fault.
pub fn code<T>(outcome: Result<T, Trouble>) -> String {
    outcome
        .err()
        .map_or_else(|| "done".to_owned(), |trouble| trouble.fault().code)
}

/// The frames of the replay camera.
pub fn frames() -> &'static Path {
    static FRAMES: OnceLock<TempDir> = OnceLock::new();
    let folder = FRAMES.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let frame = |name: &str| folder.path().join(format!("{name}.jpg"));
        let copy = |name: &str| {
            let portrait = repository("tests/portraits/studio").join(format!("{name}.jpg"));
            std::fs::copy(portrait, frame(name)).unwrap();
        };
        SITTERS.iter().for_each(|name| copy(name));
        // The book is in name order, as the sitters are.
        let again = FrameBook::open(folder.path(), 1).unwrap().frame(4, 1).unwrap();
        assert_eq!(again.person, PASSING);
        std::fs::write(frame(PASSING_AGAIN), again.jpeg).unwrap();
        copy(LAUGHING);
        folder
    });
    folder.path()
}

/// SHA-256 of a frame, hex.
pub fn frame_hash(name: &str) -> String {
    sha256(&std::fs::read(frames().join(format!("{name}.jpg"))).unwrap())
}

pub fn sha256(bytes: &[u8]) -> String {
    domain::BlobId(photo::sha256(bytes)).hex()
}

/// The payload of a sitter's collection code, read from its picture.
pub fn collection_code(sitter: &str) -> Vec<u8> {
    let picture = std::fs::read(repository(&format!("assets/demo/codes/{sitter}.png"))).unwrap();
    station::codes_in(&picture).unwrap().remove(0)
}

/// A campaign of the demo.
pub fn campaign(job: &str) -> CampaignDoc {
    let text = std::fs::read_to_string(repository(&format!("assets/demo/campaign-{job}.toml"))).unwrap();
    CampaignDoc::from_toml(&text).unwrap()
}

/// The payment provider's sandbox.
pub struct Provider {
    sandbox: paysim::Sandbox,
    runtime: tokio::runtime::Runtime,
}

impl Provider {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let start = paysim::Sandbox::start(address, paysim::Faults::NONE, 1, || SystemClock.now());
        Self {
            sandbox: runtime.block_on(start).unwrap(),
            runtime,
        }
    }

    /// The payer pays; the callback goes out.
    pub fn pay(&self, out_trade_no: &str) {
        let _inside = self.runtime.enter();
        assert!(self.sandbox.with(|p, now| p.pay(out_trade_no, now)));
    }
}

/// A center that can be cut off and come back on the same port.
pub struct Center {
    pub central: Central,
    port: u16,
    serving: Option<tokio::runtime::Runtime>,
    _folder: TempDir,
}

impl Center {
    pub fn with(job: &str) -> Self {
        Self::open(&campaign(job), 0, None)
    }

    /// A center whose photos cost 25 yuan, to be paid by everybody for themselves, and the provider that takes the money.
    pub fn paid(job: &str) -> (Self, Provider) {
        // The provider is told where to call before the center listens: a port that was free a moment ago.
        let free = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let provider = Provider::start();
        let back = format!("http://127.0.0.1:{port}/v1/payments/notice");
        let settings = provider.sandbox.settings(&back).unwrap();
        let gateway = pay::wechat::Client::new(settings, std::sync::Arc::new(|| SystemClock.now())).unwrap();
        let doc = CampaignDoc {
            price_fen: 2500,
            collective: false,
            ..campaign(job)
        };
        (Self::open(&doc, port, Some(gateway)), provider)
    }

    fn open(doc: &CampaignDoc, port: u16, gateway: Option<pay::wechat::Client>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let config = Config {
            gateway,
            ..Config::new(folder.path().join("center"), address)
        };
        let central = Central::open(config).unwrap();
        central.put_campaign(doc).unwrap();
        let mut center = Self {
            central,
            port,
            serving: None,
            _folder: folder,
        };
        center.come_back();
        center
    }

    pub fn come_back(&mut self) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let bind = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, self.port));
        let listener = runtime.block_on(bind).unwrap();
        self.port = listener.local_addr().unwrap().port();
        let central = self.central.clone();
        runtime.spawn(async move { central.serve(listener, std::future::pending()).await });
        self.serving = Some(runtime);
    }

    /// Every connection ends at once, as when a cable is pulled.
    pub fn go_away(&mut self) {
        self.serving.take().unwrap().shutdown_background();
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn state(&self, order: OrderId) -> &'static str {
        self.central.order(&order).map_or("unknown", |o| o.row.order.state.id())
    }

    /// Nothing contradicts itself; every photo is read and hashed.
    pub fn assert_holds(&self) {
        let report = self.central.verify().unwrap();
        assert_eq!(report.errors, 0, "{:?}", report.findings);
    }
}

/// A station with the replay camera, in a folder of its own.
pub struct Desk {
    pub station: Station,
    folder: TempDir,
    lan: Option<lan::Place>,
}

impl std::ops::Deref for Desk {
    type Target = Station;
    fn deref(&self) -> &Station {
        &self.station
    }
}

/// How long an accepted photo can be taken back.
#[derive(Clone, Copy)]
pub enum Undo {
    /// It leaves at once.
    No,
    /// For a moment, as at work.
    Short,
    /// Longer than a test lasts.
    Long,
}

fn open(folder: &Path, undo: Undo, lan: Option<lan::Place>) -> Station {
    let rules = Rules {
        accept_after_ms: None,
        ..Rules::default()
    };
    let station = Station::open(Opening {
        camera: CameraUse::ShotsOnly,
        rules,
        undo_ms: match undo {
            Undo::No => 0,
            Undo::Short => 700,
            Undo::Long => 3_600_000,
        },
        lan,
        ..Opening::new(folder.to_owned(), Some(frames().to_owned()))
    })
    .unwrap();
    on_replay(&station);
    station
}

/// Takes the replay camera and waits for its pictures.
pub fn on_replay(station: &Station) {
    let replay = station.cameras().into_iter().find(|c| c.kind == "replay").unwrap();
    station.choose_camera(&replay.id).unwrap();
    until("the camera streams", || {
        station.snapshot().status.camera.state == "streaming"
    });
}

/// A station that is switched off.
pub struct Paused {
    folder: TempDir,
    lan: Option<lan::Place>,
}

impl Paused {
    pub fn resume(self, undo: Undo) -> Desk {
        let Self { folder, lan } = self;
        let station = open(folder.path(), undo, lan.clone());
        Desk { station, folder, lan }
    }
}

impl Desk {
    /// A station nobody has set up.
    pub fn new(undo: Undo) -> Self {
        Self::at(undo, None)
    }

    /// One that may speak to its neighbours on the LAN.
    pub fn at(undo: Undo, lan: Option<lan::Place>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            station: open(folder.path(), undo, lan.clone()),
            folder,
            lan,
        }
    }

    /// A station opened in another way in this folder, of the graduate job and ready to work.
    pub fn opened(center: &Center, folder: TempDir, opening: Opening) -> Self {
        let station = Station::open(opening).unwrap();
        let desk = Self {
            station,
            folder,
            lan: None,
        };
        if desk.sync_view().unwrap().enrolled {
            return desk;
        }
        let desk = Self::enrol_with(desk, center);
        desk.enter_feature_code(FEATURE_CODE).unwrap();
        desk
    }

    /// A station that knows its center, and from it its campaign.
    pub fn enrolled(center: &Center, undo: Undo) -> Self {
        Self::enrol_with(Self::new(undo), center)
    }

    /// One of the graduate job that speaks to its neighbours, with the school's key.
    pub fn among(center: &Center, undo: Undo, lan: lan::Place) -> Self {
        let desk = Self::enrol_with(Self::at(undo, Some(lan)), center);
        desk.enter_feature_code(FEATURE_CODE).unwrap();
        until("the school's key", || {
            desk.sync_view().unwrap().lan.state == "listening"
        });
        desk
    }

    fn enrol_with(desk: Self, center: &Center) -> Self {
        let invitation = center.central.enrol_code(SCHOOL).unwrap();
        desk.enrol(&center.url(), &invitation.code).unwrap();
        desk
    }

    /// One of the graduate job, ready to work.
    pub fn of_graduates(center: &Center, undo: Undo) -> Self {
        let desk = Self::enrolled(center, undo);
        desk.enter_feature_code(FEATURE_CODE).unwrap();
        desk
    }

    /// The program ends and starts again.
    pub fn restart(self, undo: Undo) -> Self {
        self.pause().resume(undo)
    }

    /// The program ends.
    pub fn pause(self) -> Paused {
        let Self { station, folder, lan } = self;
        drop(station);
        Paused { folder, lan }
    }

    /// The program ends; what it kept.
    pub fn pause_into(self) -> TempDir {
        let Self { station, folder, .. } = self;
        drop(station);
        folder
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn view(&self) -> DeskView {
        self.snapshot().desk
    }

    /// Who sits.
    pub fn seat(&self) -> SlotView {
        self.view().current.expect("somebody sits")
    }

    pub fn queue(&self) -> QueueView {
        self.snapshot().status.queue
    }

    /// Lets a sitter sit down before the camera.
    pub fn show(&self, frame: &str) {
        self.replay(&format!("show {frame}")).unwrap();
    }

    /// Releases the shutter and waits for the verdict.
    pub fn shoot_and_wait(&self, frame: &str) -> String {
        self.show(frame);
        self.shoot().unwrap();
        self.wait_verdict()
    }

    pub fn wait_verdict(&self) -> String {
        until("a verdict", || self.seat().stage == "verdict");
        self.seat().verdict.unwrap().verdict
    }

    /// From the code to the saved order.
    pub fn collect(&self, sitter: &str) -> OrderId {
        self.scan(&collection_code(sitter)).unwrap();
        let verdict = self.shoot_and_wait(sitter);
        assert_ne!(verdict, "fail", "{sitter}");
        self.accept(Acceptance::Passed).unwrap()
    }

    pub fn detail(&self, order: OrderId) -> OrderDetail {
        self.order(&order.to_string()).unwrap()
    }

    pub fn wait_acknowledged(&self, order: OrderId) {
        until("the order is acknowledged", || {
            self.detail(order).row.delivery == "acknowledged"
        });
    }

    pub fn wait_state(&self, order: OrderId, state: &str) {
        until(&format!("the order is {state}"), || {
            self.detail(order).row.state == state
        });
    }

    /// Every row and photo of the store is consistent.
    pub fn assert_holds(&self) {
        assert_eq!(self.verify().unwrap(), Vec::<String>::new());
    }
}
