//! The peer: an endless multipart answer that an `<img>` shows by itself, from a server on loopback.
use super::film::{Film, KILOBYTES};
use super::unix_ms;
use super::window::Place;
use crate::program::Fault;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Name of the thread that sends the frames: its processor time counts.
pub const THREAD: &str = "mjpeg";
const FRAME: Duration = Duration::from_nanos(33_333_333);

type Sent = Arc<Mutex<Vec<(u32, f64)>>>;

/// A server of one page and one film.
pub struct Mjpeg {
    pub address: String,
    sent: Sent,
}

impl Mjpeg {
    /// Serves until this program ends.
    pub fn start(film: &Film, place: &Place) -> Result<Self, Fault> {
        let start = |source| Fault::Start {
            program: "the server of the MJPEG frames".to_owned(),
            source,
        };
        let listener = TcpListener::bind("127.0.0.1:0").map_err(start)?;
        let address = format!("http://{}/", listener.local_addr().map_err(start)?);
        let sent = Sent::default();
        let (frames, page, log) = (Arc::new(film.frames.clone()), place.page(), Arc::clone(&sent));
        let serve = move || {
            for stream in listener.incoming().flatten() {
                let (frames, page, log) = (Arc::clone(&frames), page.clone(), Arc::clone(&log));
                let answer = move || {
                    // The webview went away or never came: nothing to answer.
                    let _ = answer(stream, &page, &frames, &log);
                };
                let _ = std::thread::Builder::new().name(THREAD.to_owned()).spawn(answer);
            }
        };
        std::thread::Builder::new().spawn(serve).map_err(start)?;
        Ok(Self { address, sent })
    }

    /// Forgets what was sent.
    pub fn forget(&self) {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Counters of the frames that were sent, and when.
    pub fn taken(&self) -> Vec<(u32, f64)> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn answer(mut stream: TcpStream, page: &str, frames: &[Vec<u8>], sent: &Sent) -> std::io::Result<()> {
    let mut request = String::new();
    let mut reader = BufReader::new(stream.try_clone()?);
    reader.read_line(&mut request)?;
    if !request.starts_with("GET /film ") {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length:";
        return write!(stream, "{head} {}\r\n\r\n{page}", page.len());
    }
    stream.set_nodelay(true)?;
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=next\r\nCache-Control: no-store\r\n\r\n";
    stream.write_all(head.as_bytes())?;
    let began = Instant::now();
    let mut due = began;
    let mut part = Vec::with_capacity(KILOBYTES * 1024 + 200);
    for (counter, frame) in (0_u32..).zip(frames).cycle() {
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        due += FRAME;
        part.clear();
        write!(
            part,
            "--next\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n",
            frame.len()
        )?;
        part.extend(frame);
        // A browser shows a part when the next one's boundary came: sent at once, so that the peer is not a frame behind.
        part.extend(b"\r\n--next\r\n");
        sent.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((counter, unix_ms()));
        let skip = usize::from(due > began + FRAME) * "--next\r\n".len();
        stream.write_all(part.get(skip..).unwrap_or_default())?;
    }
    Ok(())
}
