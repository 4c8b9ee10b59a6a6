//! Does a package of fifty thousand photos cost more memory than one of five hundred, in making and in fetching? Minutes long, and beside the
//! gate: `cargo test --workspace --test packages -- --nocapture`; `PACKAGE_PHOTOS` says how many.
#![allow(clippy::unwrap_used, missing_docs, dead_code, clippy::print_stdout)]
#[path = "../it/station.rs"]
mod station;
#[path = "../it/world.rs"]
mod world;

use central::people::{AccountRole, Person};
use central::store::packages::{PackageRow, PackageState, Wish};
use domain::{BlobId, OrderId};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::time::Instant;
use world::{CAMPAIGN, World, jpeg};

/// What a larger package may add: people's marks, names' hashes and the zip's directory.
const MAX_GROWTH_KB: u64 = 64 << 10;
const PASSWORD: &str = "correct horse battery";

/// The most memory this process ever held, in KB.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Photo `n` in the size it is delivered in, about 40 KB; its bytes are its own.
fn small_photo(base: &[u8], n: u64) -> Vec<u8> {
    let mut bytes = base.to_vec();
    let mut comment = vec![0xff, 0xfe, 0, 10];
    comment.extend_from_slice(&n.to_be_bytes());
    bytes.splice(2..2, comment);
    bytes
}

fn base() -> Vec<u8> {
    let picture = photo::decode_any(&jpeg(1), &photo::Limits::default()).unwrap();
    let small = picture.resize(domain::SizePx {
        width: 480,
        height: 640,
    });
    photo::encode_jpeg(&small, 90, 300).unwrap()
}

/// Copies an approved order with its photo to as many others as wanted, in the database and beside it.
fn multiply(center: &Path, order: &OrderId, base: &[u8], wanted: std::ops::Range<u64>) {
    let mut rows = rusqlite::Connection::open(center.join("central.db")).unwrap();
    let all = rows.transaction().unwrap();
    let copy = |sql: &str| all.execute_batch(sql).unwrap();
    copy(&format!(
        "CREATE TEMP TABLE o AS SELECT * FROM orders WHERE order_id = '{order}';
         CREATE TEMP TABLE b AS SELECT blob.* FROM blob JOIN o ON blob.blob_id = o.blob_id;"
    ));
    for n in wanted {
        let photo = small_photo(base, n);
        let id = BlobId::of(&photo);
        let hex = id.hex();
        let shard = center.join("blobs").join(&hex[..2]);
        std::fs::create_dir_all(&shard).unwrap();
        std::fs::write(shard.join(format!("{hex}.jpg")), &photo).unwrap();
        copy(&format!(
            "UPDATE o SET photo = replace(photo, blob_id, '{id}'), blob_id = '{id}', number = '10533A-2027{n:013}',
               order_id = '0190aaaa-0000-7000-8000-{n:012x}', person_key = 'code:{}';
             UPDATE b SET blob_id = '{id}', bytes = {};
             INSERT INTO blob SELECT * FROM b; INSERT INTO orders SELECT * FROM o;",
            domain::CodeHash::of(&n.to_be_bytes()).hex(),
            photo.len()
        ));
    }
    copy("DROP TABLE o; DROP TABLE b;");
    all.commit().unwrap();
}

fn made(world: &World, person: &Person) -> PackageRow {
    let campaign = CAMPAIGN.parse().unwrap();
    let asked = world.central.ask_package(person, &campaign, &Wish::default()).unwrap();
    loop {
        // The center's own thread may have been faster.
        world.central.make_package().unwrap();
        let row = world.central.package_for(person, &asked.id).unwrap();
        match row.state {
            PackageState::Waiting | PackageState::Making => std::thread::yield_now(),
            PackageState::Ready => return row,
            PackageState::Failed => panic!("{:?}", row.fault),
        }
    }
}

/// Fetches the whole file as a browser does, without keeping it.
async fn fetched(world: &World, token: &str, row: &PackageRow) -> (u64, String) {
    use futures_util::StreamExt;
    let file = &row.made.as_ref().unwrap().files[0];
    let url = format!("http://{}/api/packages/{}/files/{}", world.address, row.id, file.name);
    let answer = reqwest::Client::new().get(url).bearer_auth(token).send().await.unwrap();
    assert!(answer.status().is_success());
    let (mut bytes, mut hash) = (0, Sha256::new());
    let mut stream = answer.bytes_stream();
    while let Some(piece) = stream.next().await {
        let piece = piece.unwrap();
        bytes += piece.len() as u64;
        hash.update(&piece);
    }
    (bytes, hex::encode(hash.finalize()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_thousand_cost_no_more_memory_than_five_hundred() {
    let photos: u64 = std::env::var("PACKAGE_PHOTOS").map_or(50_000, |n| n.parse().unwrap());
    let few = (photos / 100).max(2);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let world = World::open().await;
    let (center, base) = (world.dir.path().join("center"), base());
    let station = world.station("一号点").await;
    // Nobody of those who are counted below.
    let first: OrderId = station.collect(u64::MAX, &small_photo(&base, 0)).await.parse().unwrap();
    world.central.approve("reviewer", &first).unwrap();
    world
        .central
        .add_account("command", "chief", AccountRole::Admin, None, PASSWORD)
        .unwrap();
    let person = world.central.login("chief", PASSWORD).unwrap().person;
    let token = world.central.add_token(&person, "measure", 1).unwrap().secret;
    let mut peaks = Vec::new();
    for (from, until) in [(1, few), (few, photos)] {
        multiply(&center, &first, &base, from..until);
        let begun = Instant::now();
        let row = tokio::task::block_in_place(|| made(&world, &person));
        let making_s = begun.elapsed().as_secs_f64();
        let package = row.made.clone().unwrap();
        assert_eq!((package.pictures, package.unmatched), (until, 0));
        let after_making = peak_kb();
        let begun = Instant::now();
        let (bytes, sha256) = fetched(&world, &token, &row).await;
        assert_eq!((bytes, &sha256), (package.files[0].bytes, &package.files[0].sha256));
        let fetching_s = begun.elapsed().as_secs_f64();
        peaks.push(peak_kb());
        println!(
            "{until} photos, {bytes} bytes: made in {making_s:.1} s ({:.0}/s), fetched in {fetching_s:.1} s; peak memory {after_making} KB after \
             making, {} KB after fetching",
            until as f64 / making_s,
            peak_kb()
        );
    }
    let growth = peaks[1] - peaks[0];
    println!("{photos} photos need {growth} KB more than {few}");
    assert!(growth < MAX_GROWTH_KB, "{growth} KB");
}
