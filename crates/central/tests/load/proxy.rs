//! A bad network in user space, from a seed: delay, loss as the pauses it costs TCP, resets, truncation, and captive portals.
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How bad.
#[derive(Debug, Clone, Copy)]
pub struct Weather {
    /// Least delay of a segment.
    pub delay: Duration,
    /// Most delay of a segment on top of that.
    pub jitter: Duration,
    /// What the way takes to the center in a second, all connections together, and as much the other way.
    pub bytes_per_s: Option<u32>,
    /// Share of segments that are lost once and sent again after [`RESENT`].
    pub loss: f64,
    /// Share of segments at which the connection ends for both, half of them after a part of the segment went through.
    pub cuts: f64,
    /// Share of connections that a captive portal answers.
    pub portals: f64,
}

impl Weather {
    /// As if there were no network.
    pub const FINE: Self = Self {
        delay: Duration::ZERO,
        jitter: Duration::ZERO,
        bytes_per_s: None,
        loss: 0.0,
        cuts: 0.0,
        portals: 0.0,
    };
}

/// TCP's first wait before it sends again.
const RESENT: Duration = Duration::from_millis(200);
/// Bytes of a segment.
const SEGMENT: usize = 1448 * 4;

/// A sequence of chances from a seed.
#[derive(Debug)]
pub struct Chance(AtomicU64);

impl Chance {
    pub fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(seed)))
    }
    /// From 0 to 1.
    pub fn next(&self) -> f64 {
        let mut z = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Bytes that went to the center through a proxy.
pub type Sent = Arc<AtomicU64>;

/// One direction of a way that all connections share: when its last byte will have gone.
#[derive(Debug, Clone)]
struct Way {
    weather: Weather,
    chance: Arc<Chance>,
    free_at: Arc<Mutex<Instant>>,
}

impl Way {
    fn new(weather: Weather, chance: Arc<Chance>) -> Self {
        Self {
            weather,
            chance,
            free_at: Arc::new(Mutex::new(Instant::now())),
        }
    }

    /// Takes the turn of so many bytes; gives when the last of them has gone.
    fn take(&self, bytes: usize) -> Instant {
        let now = Instant::now();
        let Some(rate) = self.weather.bytes_per_s else {
            return now;
        };
        let mut free_at = self.free_at.lock().unwrap();
        *free_at = (*free_at).max(now) + Duration::from_secs_f64(bytes as f64 / f64::from(rate));
        *free_at
    }
}

/// Starts a proxy in front of a center.
pub async fn start(to: SocketAddr, weather: Weather, chance: Arc<Chance>) -> (SocketAddr, Sent) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let sent = Sent::default();
    let count = Arc::clone(&sent);
    let (up, down) = (Way::new(weather, Arc::clone(&chance)), Way::new(weather, chance));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(connection(client, to, up.clone(), down.clone(), Arc::clone(&count)));
        }
    });
    (address, sent)
}

async fn connection(mut client: TcpStream, to: SocketAddr, up: Way, down: Way, sent: Sent) {
    if up.chance.next() < up.weather.portals {
        let page = "<html><body>Please log in to the Wi-Fi</body></html>";
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n{page}",
            page.len()
        );
        let mut asked = [0; 1024];
        let _ = client.read(&mut asked).await;
        let _ = client.write_all(head.as_bytes()).await;
        return;
    }
    let Ok(server) = TcpStream::connect(to).await else {
        return;
    };
    let (client_in, client_out) = client.into_split();
    let (server_in, server_out) = server.into_split();
    let up = carry(client_in, server_out, up, Some(sent));
    let down = carry(server_in, client_out, down, None);
    // Either end or a cut ends both.
    tokio::select! {
        () = up => {}
        () = down => {}
    }
}

async fn carry(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    way: Way,
    sent: Option<Sent>,
) {
    let (weather, chance) = (way.weather, &way.chance);
    // A narrow way has a short queue, as a modem has.
    let most = if weather.bytes_per_s.is_some_and(|rate| rate < 1_000_000) {
        4
    } else {
        64
    };
    let (queue, mut due) = mpsc::channel::<(Instant, Vec<u8>)>(most);
    let reading = async {
        let mut segment = vec![0; SEGMENT];
        while let Ok(n @ 1..) = from.read(&mut segment).await {
            if let Some(sent) = &sent {
                sent.fetch_add(n as u64, Ordering::Relaxed);
            }
            let cut = chance.next() < weather.cuts;
            let whole = if cut { (n as f64 * chance.next()) as usize } else { n };
            let lost = if chance.next() < weather.loss {
                RESENT
            } else {
                Duration::ZERO
            };
            let at = way.take(whole) + weather.delay + weather.jitter.mul_f64(chance.next()) + lost;
            if queue.send((at, segment[..whole].to_vec())).await.is_err() || cut {
                break;
            }
        }
        drop(queue);
    };
    let writing = async {
        while let Some((at, bytes)) = due.recv().await {
            tokio::time::sleep_until(at).await;
            if to.write_all(&bytes).await.is_err() {
                break;
            }
        }
    };
    tokio::join!(reading, writing);
}
