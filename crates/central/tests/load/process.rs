//! Centers as processes of their own, and stations that enrol with them through the real client.
use crate::proxy::Chance;
use crate::station::fresh;
use crate::world::{SCHOOL, campaign};
use central::{Central, Config};
use ed25519_dalek::SigningKey;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use sync::{Enrolment, HttpRemote, Identity, Plaintext, SystemClock};

/// A center as a process of its own, started again at the same address.
pub struct Center<'d> {
    data: &'d Path,
    database: Option<String>,
    listen: String,
    child: Option<Child>,
}

impl<'d> Center<'d> {
    pub fn new(data: &'d Path, database: Option<String>) -> Self {
        Self {
            data,
            database,
            listen: "127.0.0.1:0".to_owned(),
            child: None,
        }
    }
    pub fn run(&mut self) -> SocketAddr {
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
    pub fn kill(&mut self) {
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

/// The same rows and photos from inside this process, with a campaign that is open now.
pub fn inside(data: &Path, database: Option<String>) -> Central {
    let config = Config {
        database_url: database,
        ..Config::new(data, ([127, 0, 0, 1], 0).into())
    };
    let central = Central::open(config).unwrap();
    central.put_campaign(&open_campaign()).unwrap();
    central
}

/// A campaign that is open now.
pub fn open_campaign() -> wire::campaign::CampaignDoc {
    wire::campaign::CampaignDoc {
        opens_at_ms: 0,
        closes_at_ms: 4_102_444_800_000,
        ..campaign()
    }
}

pub fn random(seed: u64) -> sync::Random {
    let chance = Chance::new(seed);
    Box::new(move || (chance.next() * u64::MAX as f64) as u64 ^ fresh().rotate_left(40))
}

/// Enrols station `n` of the usual school at an address.
pub async fn enrolled(central: &Central, address: SocketAddr, n: usize) -> Identity {
    enrolled_in(central, address, n, SCHOOL).await
}

/// Enrols station `n` of a school at an address.
pub async fn enrolled_in(central: &Central, address: SocketAddr, n: usize, school: &str) -> Identity {
    let key = SigningKey::from_bytes(&[n as u8 + 1; 32]);
    let remote = HttpRemote::new(&format!("http://{address}"), Plaintext::LoopbackOnly).unwrap();
    let code = central.enrol_code(school).unwrap().code;
    let asked = Enrolment {
        code: &code,
        name: &format!("desk {n}"),
        signing_key: &key,
        app_version: "0.1.0",
    };
    let enrolled = sync::enrol(&remote, asked, &SystemClock, &mut random(n as u64))
        .await
        .unwrap();
    Identity::new(enrolled.station_id, &key.to_bytes(), &enrolled.server_key).unwrap()
}

/// Lets the real client pump for a station until its link stops.
pub fn pump(
    to: &mut tokio::task::JoinSet<()>,
    identity: &Identity,
    local: std::sync::Arc<dyn sync::Local>,
    address: SocketAddr,
    seed: u64,
) -> sync::Link {
    let remote = HttpRemote::new(&format!("http://{address}"), Plaintext::LoopbackOnly).unwrap();
    let (link, commands) = sync::Pump::link();
    let pump = sync::Pump::new(identity.clone(), random(seed));
    to.spawn(sync::run(pump, local, remote, commands));
    link
}
