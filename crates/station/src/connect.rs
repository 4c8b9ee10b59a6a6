//! Joining the station to a center: enrolment, the pump, and the few things asked of the center outside of it.
use crate::core::Core;
use crate::link::Outbox;
use crate::trouble::Trouble;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{OrderId, UtcMs};
use ed25519_dalek::SigningKey;
use std::sync::{Arc, PoisonError};
use store::identity::{self, Identity};
use store::{orders, settings};
use sync::request::{Request, Signer};
use sync::{Enrolment, HttpRemote, Plaintext, Pump, RawAnswer, Remote};
use wire::feed::Snapshot;
use zeroize::Zeroizing;

/// Where a center without encryption is accepted beyond this computer, set by whoever runs the machine.
const PLAINTEXT: &str = "XUEYING_ALLOW_PLAINTEXT";
/// Setting with the seed of the signing key, hex, of a station that was never enrolled.
const KEY_BEFORE_ENROLMENT: &str = "key_before_enrolment";

/// The station's clock, for the pump.
struct PumpClock(Arc<dyn crate::clock::Clock>);

impl sync::Clock for PumpClock {
    fn now(&self) -> UtcMs {
        self.0.now()
    }
}

impl Core {
    /// Introduces the station to a center: a fresh key, a one-time code, and the identity that comes back.
    pub fn enrol(self: &Arc<Self>, url: &str, code: &str) -> Result<(), Trouble> {
        let remote = remote(url)?;
        // The key of bundles that went out before, so that the center knows whose they were; a fresh one otherwise.
        let signing_key = match self.store.read(identity::get)? {
            Some(_) => SigningKey::from_bytes(&crate::clock::random::<32>()),
            None => self.key_before_enrolment()?,
        };
        let name = station_name();
        let enrolment = Enrolment {
            code: code.trim(),
            name: &name,
            signing_key: &signing_key,
            app_version: env!("CARGO_PKG_VERSION"),
        };
        let clock = PumpClock(Arc::clone(&self.clock));
        let answer = self
            .runtime
            .block_on(sync::enrol(&remote, enrolment, &clock, &mut random()))?;
        let server_key = STANDARD.decode(&answer.server_key).ok().and_then(|k| k.try_into().ok());
        let identity = Identity {
            station: answer.station_id.parse().map_err(|_| Trouble::NoSuch("station"))?,
            name,
            center_url: url.trim().to_owned(),
            school_code: answer.school_code,
            signing_seed: signing_key.to_bytes().into(),
            server_key: server_key.ok_or(Trouble::NoSuch("key of the center"))?,
            sealing_key: answer.sealing_key,
            feed_cursor: answer.cursor,
            enrolled_at: self.now(),
        };
        let now = self.now();
        self.stop_link();
        self.store.try_write(|tx| {
            identity::put(tx, &identity)?;
            settings::forget(tx, KEY_BEFORE_ENROLMENT)?;
            let detail = serde_json::json!({ "station": identity.station.to_string() });
            self.note(tx, "enrolled", None, None, &detail, now)
        })?;
        // Campaigns and everything else the center has for this station.
        let snapshot = self.snapshot_of_center()?;
        self.apply_center_snapshot(&snapshot)?;
        self.start_link()
    }

    /// The key this station signs with until it has an identity; made at the first call, kept in the encrypted store.
    pub(crate) fn key_before_enrolment(&self) -> Result<SigningKey, Trouble> {
        self.store.try_write(|tx| {
            let mut seed = Zeroizing::new([0; 32]);
            let kept = settings::get(tx, KEY_BEFORE_ENROLMENT)?;
            let known = kept.is_some_and(|text| hex::decode_to_slice(text, seed.as_mut_slice()).is_ok());
            if !known {
                *seed = crate::clock::random();
                settings::put(tx, KEY_BEFORE_ENROLMENT, &hex::encode(seed.as_slice()))?;
            }
            Ok(SigningKey::from_bytes(&seed))
        })
    }

    fn snapshot_of_center(&self) -> Result<Snapshot, Trouble> {
        let answer = self.ask(Request::snapshot)?;
        match answer.status {
            200 => serde_json::from_slice(&answer.body).map_err(|_| Trouble::BadAnswer),
            _ => Err(Trouble::BadAnswer),
        }
    }

    /// The center is found at another address than before; who it is has not changed.
    pub(crate) fn use_center_at(self: &Arc<Self>, url: &str) -> Result<(), Trouble> {
        let Some(identity) = self.store.read(identity::get)? else {
            return Ok(());
        };
        if identity.center_url == url {
            return Ok(());
        }
        self.stop_link();
        self.store.write(|tx| {
            identity::put(
                tx,
                &Identity {
                    center_url: url.to_owned(),
                    ..identity
                },
            )
        })?;
        self.start_link()
    }

    /// Starts the pump; nothing happens before enrolment.
    pub(crate) fn start_link(self: &Arc<Self>) -> Result<(), Trouble> {
        let Some(identity) = self.store.read(identity::get)? else {
            return Ok(());
        };
        let who = sync::Identity::new(
            identity.station.to_string(),
            &identity.signing_seed,
            &STANDARD.encode(identity.server_key),
        )?;
        let mut pump = Pump::new(who, random());
        pump.clock = Arc::new(PumpClock(Arc::clone(&self.clock)));
        let remote = remote(&identity.center_url)?;
        let (link, commands) = Pump::link();
        let local: Arc<dyn sync::Local> = Arc::new(Outbox(Arc::clone(self)));
        self.runtime.spawn(sync::run(pump, local, remote, commands));
        link.wake();
        *self.link.lock().unwrap_or_else(PoisonError::into_inner) = Some(link);
        Ok(())
    }

    /// Stops the pump. What is queued stays queued.
    pub(crate) fn stop_link(&self) {
        if let Some(link) = self.link.lock().unwrap_or_else(PoisonError::into_inner).take() {
            link.stop();
        }
    }

    /// The original the center holds for an order of this station; nothing when it has none.
    pub fn fetch_original(&self, order: &OrderId) -> Result<Option<Vec<u8>>, Trouble> {
        let target = format!("/v1/orders/{order}/files/original");
        let answer = self.ask(|signer| Request::file(signer, target.clone()))?;
        match answer.status {
            200 => Ok(Some(answer.body.to_vec())),
            404 => Ok(None),
            _ => Err(Trouble::BadAnswer),
        }
    }

    /// The person of each order the center has of this station; an order that is not known here counts as a person of its own.
    pub fn people_of_orders_at_center(&self) -> Result<Vec<String>, Trouble> {
        let snapshot = self.snapshot_of_center()?;
        let person = |id: &str| {
            let parsed: OrderId = id.parse().map_err(|_| Trouble::BadAnswer)?;
            let known = self.store.read(|c| orders::get(c, parsed))?;
            Ok(known.map_or_else(|| format!("unknown:{id}"), |o| o.order.person.text()))
        };
        snapshot.orders.iter().map(|o| person(&o.order_id)).collect()
    }

    pub(crate) fn ask(&self, request: impl Fn(&Signer<'_>) -> Request) -> Result<RawAnswer, Trouble> {
        let identity = self.store.read(identity::get)?.ok_or(Trouble::NotEnrolled)?;
        let remote = remote(&identity.center_url)?;
        let key = SigningKey::from_bytes(&identity.signing_seed);
        let mut random = random();
        let signer = Signer {
            key: &key,
            key_id: &identity.station.to_string(),
            now: self.now(),
            nonce: [random(), random()],
        };
        self.runtime
            .block_on(remote.send(request(&signer)))
            .map_err(|_| Trouble::Unreachable)
    }
}

pub(crate) fn remote(url: &str) -> Result<HttpRemote, Trouble> {
    let allowed = std::env::var_os(PLAINTEXT).is_some_and(|v| v == "1");
    Ok(HttpRemote::new(
        url,
        if allowed {
            Plaintext::Allowed
        } else {
            Plaintext::LoopbackOnly
        },
    )?)
}

fn random() -> sync::Random {
    Box::new(|| u64::from_le_bytes(crate::clock::random()))
}

/// What the center calls this station: the computer's name, or a plain word.
pub(crate) fn station_name() -> String {
    let named = std::fs::read_to_string("/etc/hostname")
        .ok()
        .map(|n| n.trim().to_owned());
    named
        .or_else(|| std::env::var("COMPUTERNAME").ok())
        .filter(|n| !n.is_empty())
        .unwrap_or_else(|| "station".to_owned())
}
