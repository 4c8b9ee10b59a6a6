//! `tus-js-client`, from npm: it sends a photo through a line that breaks twice, finds its place each time, and sends little again.
use super::{creation, large, place};
use crate::world::World;
use domain::BlobId;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a cut may cost.
const SENT_AGAIN: usize = 256 * 1024;
/// Heads of all requests together.
const HEADS: usize = 16 * 1024;

const SCRIPT: &str = r"
const fs = require('fs');
const tus = require('tus-js-client');
const [url, path] = process.argv.slice(1);
let retries = 0;
const upload = new tus.Upload(fs.createReadStream(path), {
  uploadUrl: url,
  uploadSize: fs.statSync(path).size,
  retryDelays: Array(50).fill(50),
  onShouldRetry: () => { retries += 1; return true; },
  onError: (error) => { console.error(String(error)); process.exit(1); },
  onSuccess: () => { console.log(retries); },
});
upload.start();
";

/// A line to the center that ends after so many bytes of its n-th large request; what went over it is counted.
async fn line(center: SocketAddr, cuts: Vec<usize>) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (sent, cuts) = (Arc::new(AtomicUsize::new(0)), Arc::new(std::sync::Mutex::new(cuts)));
    let counted = sent.clone();
    tokio::spawn(async move {
        loop {
            let (client, _) = listener.accept().await.unwrap();
            let server = TcpStream::connect(center).await.unwrap();
            let (mut from, mut back) = client.into_split();
            let (mut answers, mut to) = server.into_split();
            let down = tokio::spawn(async move { tokio::io::copy(&mut answers, &mut back).await });
            let (sent, cuts) = (counted.clone(), cuts.clone());
            tokio::spawn(async move {
                let (mut here, mut piece) = (0, vec![0; 16 * 1024]);
                loop {
                    let n = from.read(&mut piece).await.unwrap_or(0);
                    let over = cuts.lock().unwrap().first().is_some_and(|cut| here + n > *cut);
                    if over {
                        cuts.lock().unwrap().remove(0);
                        down.abort();
                    }
                    if over || n == 0 || to.write_all(&piece[..n]).await.is_err() {
                        return;
                    }
                    here += n;
                    sent.fetch_add(n, Ordering::SeqCst);
                }
            });
        }
    });
    (address, sent)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tus_js_client_goes_on_after_two_cuts() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let (photo, blob) = (large(4), BlobId::of(&large(4)));
    let file = world.dir.path().join("photo.jpg");
    std::fs::write(&file, &photo).unwrap();
    let target = place(&station.send(&creation(&station, &blob, photo.len(), "")).await);
    let (address, sent) = line(world.address, vec![700_000, 300_000]).await;
    let url = format!("http://{address}{target}");
    let ran = tokio::task::spawn_blocking(move || {
        let mut node = Command::new("node");
        node.args(["-e", SCRIPT, &url])
            .arg(file)
            .current_dir(testkit::tools::node());
        node.output()
    });
    let ran = ran.await.unwrap().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(station.has(&blob).await);
    let retries: usize = String::from_utf8_lossy(&ran.stdout).trim().parse().unwrap();
    assert!(retries >= 2, "both cuts were felt, {retries}");
    let again = sent.load(Ordering::SeqCst) - photo.len();
    assert!(
        again <= 2 * SENT_AGAIN + HEADS,
        "{again} bytes more than the photo's went over the line"
    );
    world.assert_consistent();
}
