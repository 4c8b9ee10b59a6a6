//! What the store of a dead station holds, beside what the station announced while it lived.
use crate::life::Announced;
use central::{Central, Config};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Command;
use store::{Depth, SealedFile, Store, orders, shots};

/// What was found.
pub struct Checked {
    pictures: usize,
    lost_pictures: usize,
    orders: usize,
    lost_orders: usize,
    wrong_bytes: usize,
    pub problems: Vec<String>,
}

impl Checked {
    /// Opens the store as the station would and looks for everything announced; every photo is read and hashed.
    pub fn of(data: &Path, announced: &Announced) -> Self {
        let secret = std::fs::read(data.join("key.secret")).unwrap();
        let key = SealedFile::open(&data.join("key.sealed"), &secret).unwrap();
        let store = Store::open(&data.join("store"), &key).unwrap();
        let report = store.verify(Depth::Rows).unwrap();
        let mut checked = Self {
            pictures: announced.pictures.len(),
            lost_pictures: 0,
            orders: announced.orders.len(),
            lost_orders: 0,
            wrong_bytes: 0,
            problems: report.problems.iter().map(|p| format!("{p:?}")).collect(),
        };
        for (id, sha256) in &announced.pictures {
            match store.read(|c| shots::get(c, id.parse().unwrap())).unwrap() {
                None => checked.lost_pictures += 1,
                Some(shot) => match store.blobs().get(&shot.blob) {
                    Err(_) => checked.lost_pictures += 1,
                    Ok(bytes) if hex(&bytes) == *sha256 => {}
                    Ok(_) => checked.wrong_bytes += 1,
                },
            }
        }
        for (id, sha256) in &announced.orders {
            match store.read(|c| orders::get(c, id.parse().unwrap())).unwrap() {
                None => checked.lost_orders += 1,
                Some(stored) if stored.order.photo.blob.hex() == *sha256 => {}
                Some(_) => checked.wrong_bytes += 1,
            }
        }
        checked
    }

    pub fn is_whole(&self) -> bool {
        self.lost_pictures == 0 && self.lost_orders == 0 && self.wrong_bytes == 0 && self.problems.is_empty()
    }
}

impl std::fmt::Display for Checked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            pictures,
            lost_pictures,
            orders,
            lost_orders,
            wrong_bytes,
            problems,
        } = self;
        let problems = problems.len();
        write!(
            f,
            "pictures {pictures}, lost {lost_pictures}; orders {orders}, lost {lost_orders}; wrong bytes {wrong_bytes}; \
             problems in the store {problems}"
        )
    }
}

/// What an operator sees agrees: the orders and the state of the station as the commands print them.
pub fn assert_commands_agree(program: &Path, data: &Path, announced: &Announced) {
    let status = answer(program, data, &["status"]);
    assert_eq!(status[0]["problems"], serde_json::json!([]), "{status:?}");
    assert_eq!(status[0]["queue"]["waiting"], 0, "{status:?}");
    assert_eq!(status[0]["queue"]["quarantined"], 0, "{status:?}");
    let listed = answer(program, data, &["orders", "--limit", "100000"]);
    let listed: BTreeMap<&str, &Value> = listed.iter().filter_map(|o| Some((o["id"].as_str()?, o))).collect();
    for id in announced.orders.keys() {
        assert_eq!(listed[id.as_str()]["delivery"], "acknowledged", "{id}");
    }
}

fn answer(program: &Path, data: &Path, command: &[&str]) -> Vec<Value> {
    let mut asked = Command::new(program);
    let output = asked
        .arg("--data")
        .arg(data)
        .args(["--format", "json"])
        .args(command)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The center, killed as often as the station, is consistent; it reads and hashes every photo.
pub fn assert_center_holds(data: &Path, heads: u32) {
    let center = Central::open(Config::new(data, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))).unwrap();
    let report = center.verify().unwrap();
    assert_eq!(report.errors, 0, "{:?}", report.findings);
    // One more when the last kill came after a head was saved, before it was announced.
    let orders = u64::from(heads)..=u64::from(heads) + 1;
    assert!(
        orders.contains(&report.orders),
        "{} orders of {heads} heads",
        report.orders
    );
    assert!(report.photos >= u64::from(heads));
}

fn hex(bytes: &[u8]) -> String {
    domain::BlobId(photo::sha256(bytes)).hex()
}
