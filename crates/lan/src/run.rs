//! Who carries the plan out? One task that owns plan and socket, and one that does the station's reads and writes in order.
use crate::claims::{Claims, Mark, Said};
use crate::datagram::{MAX_BYTES, MAX_CLAIMS};
use crate::key::SchoolKey;
use crate::place::{Place, Reach};
use crate::plan::{Action, Event, Plan, Reply};
use crate::tally::Tally;
use domain::{StationId, UtcMs};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until};

/// Jobs that may wait for the store. One more is dropped: the question for it comes again.
const JOBS: usize = 64;
/// How long before a port that is taken is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(5);
/// How often the computer's networks are looked at.
const LOOK_AT_NETWORKS: Duration = Duration::from_secs(10);
/// A pause after the socket failed, so that a network that is away costs nothing.
const PAUSE: Duration = Duration::from_millis(50);

/// Who this station is to its neighbours.
#[derive(Debug, Clone)]
pub struct Me {
    /// Its id from the center.
    pub station: StationId,
    /// The name people give it.
    pub name: String,
    /// The key of its school.
    pub key: SchoolKey,
}

/// Whether the station hears its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// Not yet.
    #[default]
    Starting,
    /// It listens.
    Listening,
    /// Another program has the port; tried again every five seconds.
    PortTaken,
    /// The socket cannot be had for another reason; tried again every five seconds.
    NoNetwork,
}

/// A neighbour that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// Its id.
    pub id: StationId,
    /// Its name.
    pub name: String,
    /// Everything it has said was taken up.
    pub up_to_date: bool,
}

/// How it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// Whether it listens.
    pub state: State,
    /// Neighbours heard of late, by name.
    pub stations: Vec<Station>,
    /// What came in.
    pub tally: Tally,
}

/// The handle. When it is dropped, the station falls silent.
#[derive(Debug)]
pub struct Lan {
    changed: Arc<Notify>,
    status: watch::Receiver<Status>,
    _alive: watch::Sender<()>,
}

impl Lan {
    /// The own row has a new line. Does not block.
    pub fn changed(&self) {
        self.changed.notify_one();
    }
    /// How it stands now.
    pub fn status(&self) -> Status {
        self.status.borrow().clone()
    }
}

/// The station's clock.
pub type Clock = Box<dyn Fn() -> UtcMs + Send + Sync>;

/// Begins to speak and to listen on a runtime.
pub fn start(on: &tokio::runtime::Handle, me: Me, place: Place, claims: Arc<dyn Claims>, clock: Clock) -> Lan {
    let (alive, gone) = watch::channel(());
    let (show, status) = watch::channel(Status::default());
    let changed = Arc::new(Notify::new());
    let lan = Lan {
        changed: Arc::clone(&changed),
        status,
        _alive: alive,
    };
    on.spawn(async move {
        let mut gone = gone;
        let work = work(me, place, claims, clock, changed, show);
        tokio::select! {
            () = work => {}
            _ = gone.changed() => {}
        }
    });
    lan
}

enum Job {
    Own,
    Read { reply: Reply, from: Mark },
    Take(crate::claims::Told),
    Networks,
}

enum Done {
    Own(Option<Mark>),
    Said(Reply, Option<Said>),
    Taken(StationId, Option<Mark>),
    Networks(Vec<SocketAddr>),
}

async fn work(
    me: Me,
    place: Place,
    claims: Arc<dyn Claims>,
    clock: Clock,
    changed: Arc<Notify>,
    show: watch::Sender<Status>,
) {
    let socket = bind(&place, &show, claims.as_ref()).await;
    let (jobs, jobs_in) = mpsc::channel(JOBS);
    let (done_out, done) = mpsc::channel(JOBS);
    let store = Arc::clone(&claims);
    let at = place.clone();
    let heard = loop {
        let store = Arc::clone(&claims);
        match tokio::task::spawn_blocking(move || store.heard()).await {
            Ok(Ok(heard)) => break heard,
            _ => sleep(TRY_AGAIN).await,
        }
    };
    let random = Box::new(|bytes: &mut [u8]| {
        // Without chance nothing can be sealed; the same nonce twice would show what is said.
        #[allow(clippy::expect_used)]
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    });
    let carrier = Carrier {
        plan: Plan::new(me, heard, random),
        socket,
        everybody: Vec::new(),
        jobs,
        claims,
        clock,
        began: Instant::now(),
        show,
        now: VecDeque::new(),
    };
    tokio::join!(at_store(store, at, jobs_in, done_out), carrier.run(done, changed));
}

/// A socket, tried for until there is one.
async fn bind(place: &Place, show: &watch::Sender<Status>, claims: &dyn Claims) -> UdpSocket {
    loop {
        let state = match UdpSocket::bind(place.bind).await {
            Ok(socket) if place.reach != Reach::Broadcast || socket.set_broadcast(true).is_ok() => {
                show.send_modify(|s| s.state = State::Listening);
                claims.report();
                return socket;
            }
            Ok(_) => State::NoNetwork,
            Err(e) if e.kind() == std::io::ErrorKind::AddrInUse => State::PortTaken,
            Err(error) => {
                tracing::warn!(%error, "no socket for the LAN");
                State::NoNetwork
            }
        };
        show.send_modify(|s| s.state = state);
        claims.report();
        sleep(TRY_AGAIN).await;
    }
}

/// Does what may block, one after the other.
async fn at_store(claims: Arc<dyn Claims>, place: Place, mut jobs: mpsc::Receiver<Job>, done: mpsc::Sender<Done>) {
    while let Some(job) = jobs.recv().await {
        let (claims, place) = (Arc::clone(&claims), place.clone());
        let result = tokio::task::spawn_blocking(move || match job {
            Job::Own => Done::Own(claims.own().ok()),
            Job::Read { reply, from } => Done::Said(reply, claims.after(from, MAX_CLAIMS).ok()),
            Job::Take(told) => Done::Taken(told.station, claims.take(&told).ok()),
            Job::Networks => Done::Networks(place.everybody()),
        });
        let Ok(result) = result.await else { continue };
        if done.send(result).await.is_err() {
            return;
        }
    }
}

struct Carrier {
    plan: Plan,
    socket: UdpSocket,
    everybody: Vec<SocketAddr>,
    jobs: mpsc::Sender<Job>,
    claims: Arc<dyn Claims>,
    clock: Clock,
    began: Instant,
    show: watch::Sender<Status>,
    /// Results of jobs there was no room for.
    now: VecDeque<Done>,
}

impl Carrier {
    async fn run(mut self, mut done: mpsc::Receiver<Done>, changed: Arc<Notify>) {
        let mut buffer = [0; 2 * MAX_BYTES];
        let mut look_at = self.began;
        self.ask(Job::Own);
        loop {
            while let Some(result) = self.now.pop_front() {
                self.done(result);
            }
            if look_at <= Instant::now() {
                look_at = Instant::now() + LOOK_AT_NETWORKS;
                self.ask(Job::Networks);
            }
            let alarm = (self.began + Duration::from_millis(self.plan.alarm_ms())).min(look_at);
            tokio::select! {
                // In this order: a flood of datagrams holds up neither the store's answers nor the station's own word.
                biased;
                Some(result) = done.recv() => self.done(result),
                () = changed.notified() => self.ask(Job::Own),
                () = sleep_until(alarm) => self.step(Event::Timer),
                came = self.socket.recv_from(&mut buffer) => match came {
                    Ok((length, from)) => self.step(Event::Heard { from, datagram: &buffer[..length] }),
                    // Some systems report here that nobody listens where a word went.
                    Err(_) => sleep(PAUSE).await,
                },
            }
        }
    }

    fn done(&mut self, result: Done) {
        match result {
            Done::Own(own) => {
                if let Some(own) = own {
                    self.step(Event::Own(own));
                }
            }
            Done::Said(reply, said) => self.step(Event::Said { reply, said }),
            Done::Taken(station, heard) => self.step(Event::Taken { station, heard }),
            Done::Networks(everybody) => self.everybody = everybody,
        }
    }

    fn step(&mut self, event: Event<'_>) {
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        for action in self.plan.step(event, now, (self.clock)()) {
            match action {
                Action::Announce(datagram) => self.everybody.iter().for_each(|to| self.send(&datagram, *to)),
                Action::Send { to, datagram } => self.send(&datagram, to),
                Action::LookOwn => self.ask(Job::Own),
                Action::Read { reply, from } => self.ask(Job::Read { reply, from }),
                Action::Take(told) => self.ask(Job::Take(told)),
            }
        }
        let (stations, tally) = (self.plan.stations(now), self.plan.tally());
        let mut news = false;
        self.show.send_modify(|status| {
            news = status.stations != stations;
            (status.stations, status.tally) = (stations, tally);
        });
        if news {
            self.claims.report();
        }
    }

    /// What does not go out at once is lost, as on any LAN; it is said again.
    fn send(&self, datagram: &[u8], to: SocketAddr) {
        let _ = self.socket.try_send_to(datagram, to);
    }

    fn ask(&mut self, job: Job) {
        match self.jobs.try_send(job).map_err(mpsc::error::TrySendError::into_inner) {
            Ok(()) | Err(Job::Own | Job::Networks) => {}
            Err(Job::Read { reply, .. }) => self.now.push_back(Done::Said(reply, None)),
            Err(Job::Take(told)) => self.now.push_back(Done::Taken(told.station, None)),
        }
    }
}
