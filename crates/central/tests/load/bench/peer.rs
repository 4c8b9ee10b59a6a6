//! One station beside `curl`: the same photos and orders to the same center, in the same run, over the same way. `curl` puts them
//! with signatures made beforehand and keeps its connections; the station hashes and signs while it sends.
use super::Site;
use crate::desk::Desk;
use crate::proxy::{self, Chance, Weather};
use crate::station::{fresh, id, submit};
use crate::{Engine, process, small_photo, verified, world};
use domain::{BlobId, UtcMs};
use std::fmt::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use sync::Identity;
use sync::request::{Method, Request, Signer};
use wire::op::Op;

/// Photos of each size.
const SMALL: usize = 600;
const LARGE: usize = 120;
/// Uploads of `curl` at once: as many as the station's.
const AT_ONCE: &str = "3";
/// A campus's own network in the middle of the day: 50 Mbit/s, 20 ms there and back.
const CAMPUS: Weather = Weather {
    delay: Duration::from_millis(10),
    bytes_per_s: Some(50_000_000 / 8),
    ..Weather::FINE
};

/// An order for each photo.
fn ops(photos: &[Vec<u8>]) -> Vec<Op> {
    let mut chain = String::new();
    let mut op = |photo: &Vec<u8>| {
        let (op_id, order_id) = (id(fresh()), id(fresh()));
        let body = submit(fresh(), photo).to_text().unwrap();
        chain = Op::chain_after(&chain, &op_id, &order_id, 1, &body);
        Op {
            op_id,
            order_id,
            rev: 1,
            body,
            captured_at_ms: 1_812_070_800_000,
            mono_ms: 1,
            boot_id: "boot".to_owned(),
            chain: chain.clone(),
        }
    };
    photos.iter().map(&mut op).collect()
}

/// Seconds until every photo and order has its receipt.
async fn station(identity: &Identity, way: SocketAddr, photos: &[Vec<u8>]) -> f64 {
    let mut desk = Desk::default();
    for (op, photo) in ops(photos).into_iter().zip(photos) {
        desk.add(op, photo.clone());
    }
    let desk = Arc::new(desk);
    let mut pumps = tokio::task::JoinSet::new();
    let begun = Instant::now();
    let local = Arc::clone(&desk) as Arc<dyn sync::Local>;
    let link = process::pump(&mut pumps, identity, local, way, fresh());
    while !desk.is_done() {
        assert!(begun.elapsed() < Duration::from_secs(300), "the queue does not drain");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let seconds = begun.elapsed().as_secs_f64();
    link.stop();
    pumps.join_all().await;
    seconds
}

/// What `curl` is told.
struct Script {
    /// Each photo with its signature.
    photos: String,
    /// The orders, as many in a request as one may hold.
    orders: String,
}

impl Script {
    fn write(identity: &Identity, way: SocketAddr, dir: &Path, photos: &[Vec<u8>]) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        let signer = || Signer {
            key: &identity.signing_key,
            key_id: &identity.station_id,
            now: UtcMs(now as i64),
            nonce: [fresh(), 7],
        };
        let put = |photo: &Vec<u8>| Request::put_blob(&signer(), &BlobId::of(photo), photo.clone().into());
        let post = |ops: &[Op]| Request::ops(&signer(), ops.to_vec()).unwrap();
        let asks = |requests: &mut dyn Iterator<Item = Request>| {
            let asks: Vec<String> = requests.map(|request| ask(&request, way, dir)).collect();
            asks.join("next\n")
        };
        Self {
            photos: asks(&mut photos.iter().map(put)),
            orders: asks(&mut ops(photos).chunks(wire::MAX_OPS).map(post)),
        }
    }

    /// Seconds until `curl` has put the photos, one after the other or several at once, and seconds for the orders behind them.
    fn run(&self, dir: &Path, at_once: Option<&str>) -> (f64, f64) {
        (curl(&self.photos, dir, at_once), curl(&self.orders, dir, None))
    }
}

/// One request, as `curl` is told of it.
fn ask(request: &Request, way: SocketAddr, dir: &Path) -> String {
    let file = dir.join(format!("{}.body", fresh()));
    std::fs::write(&file, &request.body).unwrap();
    let how = match request.method {
        Method::Post => "data-binary = \"@",
        _ => "upload-file = \"",
    };
    let mut text = format!("url = \"http://{way}{}\"\n{how}{}\"\n", request.target, file.display());
    text.push_str("output = \"/dev/null\"\nfail\nsilent\nheader = \"Expect:\"\n");
    for (name, value) in &request.headers {
        writeln!(text, "header = \"{name}: {}\"", value.replace('"', "\\\"")).unwrap();
    }
    text
}

fn curl(script: &str, dir: &Path, at_once: Option<&str>) -> f64 {
    let file = dir.join("curl.txt");
    std::fs::write(&file, script).unwrap();
    let mut command = Command::new("curl");
    if let Some(at_once) = at_once {
        command.args(["--parallel", "--parallel-max", at_once]);
    }
    let begun = Instant::now();
    let done = command.arg("-K").arg(&file).stdout(Stdio::null()).output().unwrap();
    assert!(done.status.success(), "curl: {}", String::from_utf8_lossy(&done.stderr));
    begun.elapsed().as_secs_f64()
}

fn photos(count: usize, large: bool) -> Vec<Vec<u8>> {
    let make = |_| {
        if large {
            world::jpeg(fresh() as u32)
        } else {
            small_photo(fresh() as u32)
        }
    };
    (0..count).map(make).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_curl() {
    let dir = tempfile::tempdir().unwrap();
    let mut site = Site::open(Engine::Sqlite, dir.path(), 1, 1);
    let direct = site.addresses[0];
    let (campus, _) = proxy::start(direct, CAMPUS, Chance::new(1)).await;
    let mut orders = 0;
    for (network, way) in [("loopback", direct), ("50 Mbit/s, 20 ms", campus)] {
        for (large, count) in [(false, SMALL), (true, LARGE)] {
            let (mut ours, mut alone, mut several, mut bare, mut bytes) = (vec![], vec![], vec![], vec![], 0);
            for _ in 0..3 {
                let mine = photos(count, large);
                bytes = mine.iter().map(Vec::len).sum();
                // A station for each run: how often one may ask is limited, and none is to pay for the one before.
                let mut fresh_station = async || {
                    site.enrol(site.enrolled.len() + 1).await;
                    site.enrolled.last().unwrap().clone()
                };
                ours.push(station(&fresh_station().await, way, &mine).await);
                orders += count;
                for (to, at_once) in [(&mut alone, None), (&mut several, Some(AT_ONCE))] {
                    let script = Script::write(&fresh_station().await, way, dir.path(), &photos(count, large));
                    orders += count;
                    let dir = dir.path().to_owned();
                    let (puts, posts) = tokio::task::spawn_blocking(move || script.run(&dir, at_once))
                        .await
                        .unwrap();
                    to.push(puts + posts);
                    if at_once.is_some() {
                        bare.push(puts);
                    }
                }
            }
            let rate = |mut seconds: Vec<f64>| {
                seconds.sort_by(f64::total_cmp);
                bytes as f64 / 1e6 / seconds[seconds.len() / 2]
            };
            println!(
                "{{\"bench\":\"peer\",\"network\":\"{network}\",\"photos\":{count},\"photo_kb\":{},\"station_mb_per_s\":{:.2},\
                 \"curl_mb_per_s\":{:.2},\"curl_parallel_mb_per_s\":{:.2},\"curl_photos_only_mb_per_s\":{:.2}}}",
                bytes / count / 1000,
                rate(ours),
                rate(alone),
                rate(several),
                rate(bare)
            );
        }
    }
    verified(&site.central, orders);
}
