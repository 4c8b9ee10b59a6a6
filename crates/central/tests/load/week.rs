//! A week without a network, and then a narrow one: 3,000 orders wait at a station that gets 256 kbit/s. What is sent is hardly more
//! than what must be: photos and orders.
use crate::chaos::desk;
use crate::process::{self, Center};
use crate::proxy::{self, Chance, Weather};
use crate::{Engine, scaled, verified};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use sync::Local;

/// 256 kbit/s.
const BYTES_PER_S: u32 = 256_000 / 8;
/// How long the station looks for a center in vain before there is a network. The rest of the week nothing is sent either.
const IN_VAIN: Duration = Duration::from_secs(10);

/// `LINK_FASTER=1` for the link as it is; by default it is sixteen times as fast. Time passes faster by as much, bytes do not change.
fn faster() -> u32 {
    std::env::var("LINK_FASTER").map_or(16, |text| text.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn week() {
    let dir = tempfile::tempdir().unwrap();
    let central = process::inside(dir.path(), Engine::Sqlite.database());
    let mut center = Center::new(dir.path(), None);
    let address = center.run();
    let identity = process::enrolled(&central, address, 0).await;
    let narrow = Weather {
        delay: Duration::from_millis(30),
        bytes_per_s: Some(BYTES_PER_S * faster()),
        ..Weather::FINE
    };
    let (way, sent) = proxy::start(address, narrow, Chance::new(7)).await;
    center.kill();
    let orders = scaled(3000);
    let desk = Arc::new(desk(orders));
    let mut pumps = tokio::task::JoinSet::new();
    let link = process::pump(&mut pumps, &identity, Arc::clone(&desk) as Arc<dyn Local>, way, 7);
    tokio::time::sleep(IN_VAIN).await;
    assert_eq!(desk.settled(), 0);
    assert_eq!(center.run(), address);
    link.link_up();
    let begun = Instant::now();
    while !desk.is_done() {
        assert!(
            begun.elapsed() < Duration::from_secs(3 * 3600),
            "the queue does not drain"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let seconds = begun.elapsed().as_secs_f64();
    link.stop();
    pumps.join_all().await;
    drop(center);
    verified(&central, orders);
    let (sent, photos, ops) = (sent.load(Ordering::Relaxed), desk.bytes(), desk.op_bytes());
    let payload = photos + ops;
    println!(
        "week: {orders} orders, {photos} bytes of photos and {ops} of orders over {} kbit/s in {seconds:.0} s ({:.0} s at 256 kbit/s \
         would be ideal for photos and orders): {sent} bytes sent, {:.4} times photos and orders, {:.4} times the photos alone",
        BYTES_PER_S * faster() * 8 / 1000,
        payload as f64 / f64::from(BYTES_PER_S),
        sent as f64 / payload as f64,
        sent as f64 / photos as f64,
    );
    assert!(sent as f64 <= 1.05 * payload as f64, "{sent} bytes sent for {payload}");
}
