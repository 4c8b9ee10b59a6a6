//! One connection to the server, carried by the thread that uses it: it writes, sleeps until the answer is there, and reads. A
//! connection with a task of its own costs two more changes of thread for each statement, which a writer whose turn it is makes
//! everybody behind it wait for.
use super::tls::Way;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, Config, Error, NoTls, Statement};

/// The server's usual port.
const PORT: u16 = 5432;
/// A server that says nothing for longer than any statement may take is gone.
const SILENCE: Duration = Duration::from_secs(45);

/// A connection. Its calls block.
pub struct Line {
    client: Arc<Client>,
    driver: RefCell<Option<Driver>>,
    socket: Socket,
    statements: RefCell<HashMap<String, Statement>>,
    broken: Cell<bool>,
}

/// The protocol's half of a connection, encrypted or not.
type Driver = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// Why there is no connection.
#[derive(Debug)]
pub enum NoLine {
    /// No address of the server takes a connection.
    Unreachable(ErrorKind),
    /// The server refuses.
    Server(Error),
    /// None of the servers takes writes.
    ReadOnly,
}

impl Line {
    /// Connects to the first address that will do.
    ///
    /// # Errors
    /// What the last one said.
    pub fn open(way: &Way, wait: Duration) -> Result<Self, NoLine> {
        let config = &way.config;
        let mut last = NoLine::Unreachable(ErrorKind::NotFound);
        for n in 0..config.get_hosts().len().max(config.get_hostaddrs().len()) {
            for place in places(config, n) {
                match Self::at(way, n, &place, wait) {
                    Ok(line) => return Ok(line),
                    // An address without an answer says less than a server that refuses.
                    Err(NoLine::Unreachable(_)) if !matches!(last, NoLine::Unreachable(_)) => {}
                    Err(error) => last = error,
                }
            }
        }
        Err(last)
    }

    fn at(way: &Way, n: usize, place: &Place, wait: Duration) -> Result<Self, NoLine> {
        let unreachable = |e: std::io::Error| NoLine::Unreachable(e.kind());
        let end = match place {
            Place::Tcp(address) => {
                let stream = TcpStream::connect_timeout(address, wait).map_err(unreachable)?;
                stream.set_nodelay(true).map_err(unreachable)?;
                End::Tcp(stream)
            }
            Place::Unix(path) => End::Unix(UnixStream::connect(path).map_err(unreachable)?),
        };
        let socket = Socket(Arc::new(Inner {
            end,
            reading: AtomicU8::new(NOT),
        }));
        socket.timeout(wait).map_err(unreachable)?;
        let config = &way.config;
        let (client, driver) = match (place, way.tls.clone()) {
            (Place::Tcp(address), Some(mut tls)) => {
                let name = name(config, n).unwrap_or_else(|| address.ip().to_string());
                let Ok(tls) = MakeTlsConnect::<Socket>::make_tls_connect(&mut tls, &name);
                start(config, &socket, tls)?
            }
            (Place::Unix(_), Some(_)) => start(config.clone().ssl_mode(SslMode::Disable), &socket, NoTls)?,
            (Place::Tcp(_) | Place::Unix(_), None) => start(config, &socket, NoTls)?,
        };
        socket.timeout(SILENCE).map_err(unreachable)?;
        let line = Self {
            client: Arc::new(client),
            driver: RefCell::new(Some(driver)),
            socket,
            statements: RefCell::default(),
            broken: Cell::new(false),
        };
        if config.get_target_session_attrs() == TargetSessionAttrs::ReadWrite {
            let shown = line.run(line.client.query_one("SHOW transaction_read_only", &[]));
            if shown.map_err(NoLine::Server)?.get::<_, &str>(0) == "on" {
                return Err(NoLine::ReadOnly);
            }
        }
        Ok(line)
    }

    /// Sends what there is to send and makes no one wait.
    pub fn client(&self) -> &Arc<Client> {
        &self.client
    }

    /// Runs something on the connection to its end.
    pub fn run<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&woken));
        loop {
            woken.0.store(false, Ordering::Relaxed);
            if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(&waker)) {
                return done;
            }
            self.drive(NOT);
            // Only when nothing was passed on that is still to be looked at may the thread sleep.
            if !woken.0.load(Ordering::Relaxed) {
                self.drive(BLOCKING);
            }
        }
    }

    /// Sends something whose answer nobody waits for. It is read with the next one's.
    pub fn send<T>(&self, work: impl Future<Output = T>) {
        let _ = pin!(work).poll(&mut Context::from_waker(Waker::noop()));
        self.drive(NOT);
    }

    /// Reads what the server has said meanwhile: a connection that it has closed is of no use.
    pub fn is_alive(&self) -> bool {
        let looking = self.socket.0.nonblocking(true);
        self.drive(LOOKING);
        looking.and_then(|()| self.socket.0.nonblocking(false)).is_ok()
            && !self.broken.get()
            && !self.client.is_closed()
    }

    fn drive(&self, reading: u8) {
        self.socket.0.reading.store(reading, Ordering::Relaxed);
        let mut driver = self.driver.borrow_mut();
        if let Some(connection) = driver.as_mut()
            && connection
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_ready()
        {
            // Whoever waits for an answer learns that there will be none.
            *driver = None;
            self.broken.set(true);
        }
    }

    /// A statement that was prepared on this connection.
    pub fn prepared(&self, sql: &str) -> Option<Statement> {
        self.statements.borrow().get(sql).cloned()
    }

    /// Keeps a statement, to be prepared once.
    pub fn keep(&self, sql: &str, statement: &Statement) {
        self.statements.borrow_mut().insert(sql.to_owned(), statement.clone());
    }
}

/// Greets the server.
fn start<T>(config: &Config, socket: &Socket, tls: T) -> Result<(Client, Driver), NoLine>
where
    T: TlsConnect<Socket>,
    T::Stream: Send + 'static,
{
    let mut starting = pin!(config.connect_raw(socket.clone(), tls));
    loop {
        socket.0.reading.store(BLOCKING, Ordering::Relaxed);
        if let Poll::Ready(done) = starting.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            let (client, connection) = done.map_err(NoLine::Server)?;
            return Ok((client, Box::pin(connection)));
        }
    }
}

/// The name of the server number `n`, which its certificate must be for.
fn name(config: &Config, n: usize) -> Option<String> {
    match config.get_hosts().get(n) {
        Some(Host::Tcp(name)) => Some(name.clone()),
        Some(Host::Unix(_)) | None => None,
    }
}

/// Whether an answer was passed on.
#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

enum Place {
    Tcp(SocketAddr),
    Unix(std::path::PathBuf),
}

/// Where the server number `n` of the configuration is.
fn places(config: &Config, n: usize) -> Vec<Place> {
    let ports = config.get_ports();
    let port = ports.get(n).or(ports.first()).copied().unwrap_or(PORT);
    if let Some(address) = config.get_hostaddrs().get(n) {
        return vec![Place::Tcp(SocketAddr::new(*address, port))];
    }
    match config.get_hosts().get(n) {
        Some(Host::Tcp(name)) => {
            let found = (name.as_str(), port).to_socket_addrs();
            found.map(|all| all.map(Place::Tcp).collect()).unwrap_or_default()
        }
        Some(Host::Unix(folder)) => vec![Place::Unix(folder.join(format!(".s.PGSQL.{port}")))],
        None => Vec::new(),
    }
}

/// Nothing is read.
const NOT: u8 = 0;
/// What is there is read.
const LOOKING: u8 = 1;
/// The next read waits until something is there; no further one is made.
const BLOCKING: u8 = 2;

/// The socket as the protocol's code wants it.
#[derive(Clone)]
struct Socket(Arc<Inner>);

struct Inner {
    end: End,
    reading: AtomicU8,
}

enum End {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Inner {
    fn nonblocking(&self, on: bool) -> std::io::Result<()> {
        match &self.end {
            End::Tcp(s) => s.set_nonblocking(on),
            End::Unix(s) => s.set_nonblocking(on),
        }
    }
}

impl Socket {
    fn timeout(&self, longest: Duration) -> std::io::Result<()> {
        match &self.0.end {
            End::Tcp(s) => s
                .set_read_timeout(Some(longest))
                .and(s.set_write_timeout(Some(longest))),
            End::Unix(s) => s
                .set_read_timeout(Some(longest))
                .and(s.set_write_timeout(Some(longest))),
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let how = self.0.reading.load(Ordering::Relaxed);
        if how == NOT {
            return Poll::Pending;
        }
        let space = into.initialize_unfilled();
        let read = loop {
            let read = match &self.0.end {
                End::Tcp(s) => (&mut &*s).read(space),
                End::Unix(s) => (&mut &*s).read(space),
            };
            if !read.as_ref().is_err_and(|e| e.kind() == ErrorKind::Interrupted) {
                break read;
            }
        };
        match read {
            Ok(n) => {
                if how == BLOCKING {
                    self.0.reading.store(NOT, Ordering::Relaxed);
                }
                into.advance(n);
                Poll::Ready(Ok(()))
            }
            Err(e) if e.kind() == ErrorKind::WouldBlock && how == LOOKING => {
                self.0.reading.store(NOT, Ordering::Relaxed);
                Poll::Pending
            }
            Err(e) => Poll::Ready(Err(e)),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        loop {
            let written = match &self.0.end {
                End::Tcp(s) => (&mut &*s).write(bytes),
                End::Unix(s) => (&mut &*s).write(bytes),
            };
            if !written.as_ref().is_err_and(|e| e.kind() == ErrorKind::Interrupted) {
                return Poll::Ready(written);
            }
        }
    }
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        // It is over either way.
        let _ = match &self.0.end {
            End::Tcp(s) => s.shutdown(Shutdown::Write),
            End::Unix(s) => s.shutdown(Shutdown::Write),
        };
        Poll::Ready(Ok(()))
    }
}
