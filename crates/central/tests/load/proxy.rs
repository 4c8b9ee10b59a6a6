//! A bad network in user space, from a seed: delay, loss as the pauses it costs TCP, resets, truncation, and captive portals.
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How bad.
#[derive(Debug, Clone, Copy)]
pub struct Weather {
    /// Most delay of a segment.
    pub jitter: Duration,
    /// Share of segments that are lost once and sent again after [`RESENT`].
    pub loss: f64,
    /// Share of segments at which the connection ends for both, half of them after a part of the segment went through.
    pub cuts: f64,
    /// Share of connections that a captive portal answers.
    pub portals: f64,
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

/// Starts a proxy in front of a center.
pub async fn start(to: SocketAddr, weather: Weather, chance: Arc<Chance>) -> (SocketAddr, Sent) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let sent = Sent::default();
    let count = Arc::clone(&sent);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(connection(client, to, weather, Arc::clone(&chance), Arc::clone(&count)));
        }
    });
    (address, sent)
}

async fn connection(mut client: TcpStream, to: SocketAddr, weather: Weather, chance: Arc<Chance>, sent: Sent) {
    if chance.next() < weather.portals {
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
    let up = carry(client_in, server_out, weather, Arc::clone(&chance), Some(sent));
    let down = carry(server_in, client_out, weather, chance, None);
    // Either end or a cut ends both.
    tokio::select! {
        () = up => {}
        () = down => {}
    }
}

async fn carry(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    weather: Weather,
    chance: Arc<Chance>,
    sent: Option<Sent>,
) {
    let (queue, mut due) = mpsc::channel::<(Instant, Vec<u8>)>(64);
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
            let at = Instant::now() + weather.jitter.mul_f64(chance.next()) + lost;
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
