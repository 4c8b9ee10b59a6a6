//! A real center inside the station's process, on a loopback port that stays the same from start to start.
//! Used by the demo and by rehearsals; a station at work has its center elsewhere.
use central::{Central, CentralError, Config};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

/// Time open connections get to end.
const DRAIN: Duration = Duration::from_secs(3);

/// An embedded center that could not be started.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// Its data.
    #[error("opening the embedded center: {0}")]
    Open(#[from] CentralError),
    /// Its port, its threads, or the file that keeps its port.
    #[error("starting the embedded center: {0}")]
    Start(#[from] std::io::Error),
}

/// A running center; stops when dropped.
pub(crate) struct Embedded {
    pub central: Central,
    pub url: String,
    runtime: Option<tokio::runtime::Runtime>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
}

impl Embedded {
    /// Opens the center kept in `folder/center` and serves it.
    pub fn open(folder: &Path) -> Result<Self, EmbeddedError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("center")
            .enable_all()
            .build()?;
        let central = Central::open(Config::new(
            folder.join("center"),
            SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        ))?;
        let port_file = folder.join("center.port");
        let known = std::fs::read_to_string(&port_file)
            .ok()
            .and_then(|p| p.trim().parse().ok())
            .unwrap_or(0);
        let bind = |port: u16| runtime.block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)));
        // Somebody else may have the port by now; the caller tells the station the new address.
        let listener = bind(known).or_else(|_| bind(0))?;
        let address = listener.local_addr()?;
        std::fs::write(&port_file, address.port().to_string())?;
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = central.clone();
        runtime.spawn(async move {
            let ended = serving.serve(listener, async { drop(stopped.await) }).await;
            if let Err(error) = ended {
                tracing::error!(%error, "the embedded center ended");
            }
        });
        Ok(Self {
            central,
            url: format!("http://{address}"),
            runtime: Some(runtime),
            stop: Some(stop),
        })
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The receiver is gone when the server has ended by itself.
            let _ = stop.send(());
        }
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(DRAIN);
        }
    }
}
