//! Who carries the plan out? One task that owns it, one that does the station's writes in order, and one for each exchange.
mod acts;
mod link;

pub use link::{Link, Status};

use crate::error::SyncError;
use crate::local::Local;
use crate::plan::{Event, Limits, Millis, Plan};
use crate::remote::Remote;
use acts::Acts;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::UtcMs;
use ed25519_dalek::{SigningKey, VerifyingKey};
use link::{Command, Commands};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// Events that may queue up. The plan never has more than this on its way, so no task waits for long.
const EVENTS: usize = 64;

/// Tells the station's time.
pub trait Clock: Send + Sync + 'static {
    /// Now, by the station's clock, right or wrong.
    fn now(&self) -> UtcMs;
}

/// The computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UtcMs {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        UtcMs(since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// Chance good enough for nonces: 64 bits at each call, never a known sequence. The operating system's, outside of simulations.
pub type Random = Box<dyn FnMut() -> u64 + Send>;

/// Where blocking calls to the station run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Blocking {
    /// On the blocking threads of the runtime.
    #[default]
    OnThreads,
    /// In place: for simulations on one thread, which must come out the same each time.
    InPlace,
}

/// Who this station is, as enrolment said.
#[derive(Clone)]
pub struct Identity {
    /// Goes into every signature.
    pub station_id: String,
    /// Signs every request.
    pub signing_key: SigningKey,
    /// The center signs receipts with its other half.
    pub server_key: VerifyingKey,
}

impl Identity {
    /// An identity from its stored parts; the center's key in base64, as enrolment gave it.
    ///
    /// # Errors
    /// When the center's key is no Ed25519 public key.
    pub fn new(station_id: String, signing_key_seed: &[u8; 32], server_key: &str) -> Result<Self, SyncError> {
        let bytes = STANDARD.decode(server_key).map_err(|_| SyncError::ServerKey)?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| SyncError::ServerKey)?;
        Ok(Self {
            station_id,
            signing_key: SigningKey::from_bytes(signing_key_seed),
            server_key: VerifyingKey::from_bytes(&bytes).map_err(|_| SyncError::ServerKey)?,
        })
    }
}

// The key stays out of logs.
impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identity({})", self.station_id)
    }
}

/// Everything a pump needs besides the station and the way to the center.
pub struct Pump {
    /// Who signs.
    pub identity: Identity,
    /// The limits of its plan.
    pub limits: Limits,
    /// The station's clock.
    pub clock: Arc<dyn Clock>,
    /// For nonces and for spreading the tries.
    pub random: Random,
    /// Where the station's calls run.
    pub blocking: Blocking,
}

impl Pump {
    /// A pump with the usual limits and the computer's clock.
    pub fn new(identity: Identity, random: Random) -> Self {
        Self {
            identity,
            limits: Limits::default(),
            clock: Arc::new(SystemClock),
            random,
            blocking: Blocking::default(),
        }
    }

    /// The handle for everybody else and the commands it gives; pass the latter to [`run`].
    pub fn link() -> (Link, Commands) {
        link::pair()
    }
}

/// Pumps until [`Link::stop`], or until every [`Link`] is gone. What was answered by then is recorded before it returns.
pub async fn run(pump: Pump, local: Arc<dyn Local>, remote: impl Remote, mut commands: Commands) {
    let Pump {
        identity,
        limits,
        clock,
        mut random,
        blocking,
    } = pump;
    let began = Instant::now();
    let mono = || Millis(u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX));
    let mut plan = Plan::new(limits, identity.server_key, random());
    let (events_in, mut events) = tokio::sync::mpsc::channel(EVENTS);
    let mut acts = Acts::new(
        identity,
        local,
        Arc::new(remote),
        Arc::clone(&clock),
        random,
        blocking,
        events_in,
    );
    let mut event = Event::Started;
    let mut timer: Option<Instant> = None;
    loop {
        let now = mono();
        for action in plan.step(event, now) {
            if let Some(at) = acts.carry_out(action, plan.signing_skew_ms(), &commands, now) {
                timer = Some(began + Duration::from_millis(at.0));
            }
        }
        let alarm = timer.unwrap_or(began);
        event = tokio::select! {
            // In this order, so that the same happenings always make the same day. None can crowd the next one out: commands are
            // marks that were set, and events answer what this loop began.
            biased;
            command = commands.next() => match command {
                Command::Stop => break,
                Command::Wake(wake) => Event::Wake(wake),
                Command::LinkUp => Event::LinkUp,
            },
            Some(event) = events.recv() => event,
            () = sleep_until(alarm), if timer.is_some() => {
                timer = None;
                Event::Timer
            }
        };
    }
    acts.finish(events).await;
}
