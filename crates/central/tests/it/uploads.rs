//! Photos in pieces: tus 1.0.0 from the outside, cut anywhere, and by clients nobody here wrote.
mod tusjs;

use crate::station::{Answer, Ask, Station};
use crate::world::{DAY, World, jpeg};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::BlobId;
use http::Method;
use std::process::Command;
use tokio::io::AsyncWriteExt;
use wire::problem::Code;

/// A photo of more than a megabyte: a portrait with comments between its head and its picture.
fn large(n: u32) -> Vec<u8> {
    let mut bytes = jpeg(n);
    let filler: Vec<u8> = (0..60_000u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    for _ in 0..20 {
        let mut comment = vec![0xff, 0xfe];
        comment.extend_from_slice(&(filler.len() as u16 + 2).to_be_bytes());
        comment.extend_from_slice(&filler);
        bytes.splice(2..2, comment);
    }
    bytes
}

fn tus(station: &Station, method: Method, target: &str, body: &[u8], headers: &[(&'static str, String)]) -> Ask {
    let mut ask = station.ask(method, target, body);
    ask.headers.push(("tus-resumable", "1.0.0".to_owned()));
    ask.headers.extend_from_slice(headers);
    ask
}

fn creation(station: &Station, blob: &BlobId, bytes: usize, also: &str) -> Ask {
    let named = format!("blob_id {}{also}", STANDARD.encode(blob.to_string()));
    let headers = [("upload-length", bytes.to_string()), ("upload-metadata", named)];
    tus(station, Method::POST, "/v1/uploads", b"", &headers)
}

async fn patch(station: &Station, target: &str, offset: usize, body: &[u8], sum: Option<&str>) -> Answer {
    let mut headers = vec![
        ("upload-offset", offset.to_string()),
        ("content-type", "application/offset+octet-stream".to_owned()),
    ];
    headers.extend(sum.map(|s| ("upload-checksum", s.to_owned())));
    station.send(&tus(station, Method::PATCH, target, body, &headers)).await
}

async fn offset(station: &Station, target: &str) -> usize {
    let answer = station.send(&tus(station, Method::HEAD, target, b"", &[])).await;
    assert_eq!(answer.status, 200);
    answer.headers["upload-offset"].to_str().unwrap().parse().unwrap()
}

fn place(answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.headers["tus-resumable"], "1.0.0");
    answer.headers["location"].to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_in_pieces_is_a_photo() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let (photo, blob) = (large(1), BlobId::of(&large(1)));
    let target = place(&station.send(&creation(&station, &blob, photo.len(), "")).await);
    let sum = format!("sha1 {}", STANDARD.encode([0; 20]));
    let wrong = patch(&station, &target, 0, &photo[..400_000], Some(&sum)).await;
    assert_eq!(wrong.status, 460, "a whole body with another checksum is thrown away");
    assert_eq!(offset(&station, &target).await, 0);
    let first = patch(&station, &target, 0, &photo[..400_000], None).await;
    assert_eq!(
        (first.status, &first.headers["upload-offset"]),
        (204, &"400000".parse().unwrap())
    );
    assert_eq!(
        patch(&station, &target, 0, &photo[..10], None).await.code(),
        Code::OffsetMismatch
    );
    assert!(!station.has(&blob).await);
    // The same photo again: a station that goes on finds its place, any other client begins anew.
    let again = station.send(&creation(&station, &blob, photo.len(), ",resume")).await;
    assert_eq!(
        (place(&again), &again.headers["upload-offset"]),
        (target.clone(), &"400000".parse().unwrap())
    );
    assert_ne!(
        place(&station.send(&creation(&station, &blob, photo.len(), "")).await),
        target
    );
    let sum = format!(
        "sha256 {}",
        STANDARD.encode(<sha2::Sha256 as sha2::Digest>::digest(&photo[400_000..]))
    );
    let last = patch(&station, &target, 400_000, &photo[400_000..], Some(&sum)).await;
    assert_eq!(last.status, 204, "{}", last.text());
    assert!(station.has(&blob).await);
    assert_eq!(offset(&station, &target).await, photo.len());
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uploads_that_are_refused() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let (photo, blob) = (large(1), BlobId::of(&large(1)));
    let long = station.send(&creation(&station, &blob, 65 * 1024 * 1024, "")).await;
    assert_eq!(long.code(), Code::TooLarge);
    let mut unsigned = creation(&station, &blob, 10, "");
    unsigned.created_s -= 4000;
    assert_eq!(station.send(&unsigned).await.code(), Code::ClockSkew);
    let other = station.ask(Method::POST, "/v1/uploads", "");
    assert_eq!(station.send(&other).await.status, 412, "another version of tus");
    // Bytes that are not the photo's take the upload with them.
    let target = place(&station.send(&creation(&station, &blob, photo.len(), "")).await);
    assert_eq!(
        patch(&station, &target, 0, &vec![7; photo.len()], None).await.code(),
        Code::DigestMismatch
    );
    assert_eq!(patch(&station, &target, 0, &photo, None).await.code(), Code::UploadGone);
    let target = place(&station.send(&creation(&station, &blob, photo.len(), "")).await);
    let more = [photo.clone(), vec![0; 10]].concat();
    assert_eq!(patch(&station, &target, 0, &more, None).await.code(), Code::TooLarge);
    let ended = station.send(&tus(&station, Method::DELETE, &target, b"", &[])).await;
    assert_eq!(ended.status, 204);
    assert_eq!(patch(&station, &target, 0, &photo, None).await.code(), Code::UploadGone);
    let target = place(&station.send(&creation(&station, &blob, photo.len(), "")).await);
    patch(&station, &target, 0, &photo[..300_000], None).await;
    world.clock.forward(DAY + 1);
    assert_eq!(
        patch(&station, &target, 300_000, &photo[300_000..], None).await.code(),
        Code::UploadGone
    );
    world.central.tick().unwrap();
    let pieces = world.dir.path().join("center/blobs/uploads");
    assert_eq!(
        std::fs::read_dir(pieces).unwrap().count(),
        0,
        "what expired is gone from the disk"
    );
}

/// The connection ends somewhere in one large request; what must be sent again is at most 256 KiB.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_cut_little_is_sent_again() {
    let world = World::open().await;
    let station = world.station("desk").await;
    for (n, cut) in [5_000, 262_144, 300_001, 777_777, 1_200_000].into_iter().enumerate() {
        let photo = large(n as u32);
        let blob = BlobId::of(&photo);
        let target = place(&station.send(&creation(&station, &blob, photo.len(), "")).await);
        let head = format!(
            "PATCH {target} HTTP/1.1\r\nhost: x\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\n\
             content-type: application/offset+octet-stream\r\ncontent-length: {}\r\n\r\n",
            photo.len()
        );
        let mut stream = tokio::net::TcpStream::connect(world.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&photo[..cut]).await.unwrap();
        stream.shutdown().await.unwrap();
        drop(stream);
        let kept = tokio::time::timeout(std::time::Duration::from_secs(30), async {
            loop {
                let kept = offset(&station, &target).await;
                if cut - kept.min(cut) <= 256 * 1024 && kept > 0 {
                    return kept;
                }
                // On a busy machine this asks often: the station's turns come back with time.
                world.clock.forward(10);
                tokio::task::yield_now().await;
            }
        });
        let mut kept = kept.await.unwrap();
        loop {
            let answer = patch(&station, &target, kept, &photo[kept..], None).await;
            if answer.status == 204 {
                break;
            }
            // The cut request may have kept its rest meanwhile; a client looks again.
            assert_eq!(answer.code(), Code::OffsetMismatch);
            kept = offset(&station, &target).await;
        }
        assert!(station.has(&blob).await);
    }
    world.assert_consistent();
}

/// tuspy, from PyPI: it learns the address from a creation the station has signed, and sends the rest its own way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tuspy_uploads_a_photo() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let (photo, blob) = (large(3), BlobId::of(&large(3)));
    let file = world.dir.path().join("photo.jpg");
    std::fs::write(&file, &photo).unwrap();
    let target = place(&station.send(&creation(&station, &blob, photo.len(), "")).await);
    let script = "
import sys
from tusclient.client import TusClient
url, path = sys.argv[1:]
client = TusClient(url.rsplit('/', 1)[0])
first = client.uploader(path, url=url, chunk_size=300_000, upload_checksum=True)
first.upload_chunk()
assert first.offset == 300_000
second = client.uploader(path, url=url, chunk_size=300_000, upload_checksum=True)
assert second.offset == 300_000, second.offset
second.upload()
";
    let url = format!("http://{}{target}", world.address);
    let python = tokio::task::spawn_blocking(|| testkit::tools::python("python"))
        .await
        .unwrap();
    let (script, url) = (script.to_owned(), url.clone());
    let ran = tokio::task::spawn_blocking(move || Command::new(python).args(["-c", &script, &url]).arg(file).output());
    let ran = ran.await.unwrap().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(station.has(&blob).await);
}

/// A request that began before another one's piece was kept brings the last byte: nothing is thrown away for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_a_photo_after_a_piece_of_another_request_is_out_of_step() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let (photo, blob) = (large(9), BlobId::of(&large(9)));
    let target = place(&station.send(&creation(&station, &blob, photo.len(), "")).await);
    let (by, stale) = world.central.upload(target.rsplit('/').next().unwrap()).unwrap();
    world.central.add_piece(&by, &stale, 0, &photo[..300_000]).unwrap();
    let late = world.central.add_piece(&by, &stale, 0, &photo);
    assert!(matches!(late, Err(central::CentralError::UploadOffset)), "{late:?}");
    assert_eq!(offset(&station, &target).await, 300_000);
    let rest = patch(&station, &target, 300_000, &photo[300_000..], None).await;
    assert_eq!(rest.status, 204, "{}", rest.text());
    assert!(station.has(&blob).await);
}
