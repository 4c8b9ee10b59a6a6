//! Connections: how many, how slow they may be, and how they end. The timers run beside them.
use crate::center::Central;
use crate::error::CentralError;
use crate::usecase::webhooks;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tower::ServiceExt;

/// Pause after the system could not give a connection (no file descriptors, mostly).
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Where a request came from.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

impl Central {
    /// Serves connections, with the timers, until `shutdown` is ready; then lets open requests finish for a while.
    ///
    /// # Errors
    /// When the listener cannot be used at all.
    pub async fn serve(&self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> Result<(), CentralError> {
        listener.local_addr().map_err(CentralError::files("listening"))?;
        let limits = &self.config().limits;
        let places = Arc::new(Semaphore::new(limits.connections.max(1)));
        let router = self.router();
        let mut open = JoinSet::new();
        let mut timers = JoinSet::new();
        timers.spawn(self.clone().keep_time());
        timers.spawn(self.clone().keep_payments());
        timers.spawn(self.clone().keep_packages());
        timers.spawn(self.clone().keep_notices());
        match webhooks::client() {
            Ok(client) => drop(timers.spawn(self.clone().keep_webhooks(client))),
            // A machine without certificates, as a station's with its embedded center; messages wait.
            Err(error) => tracing::warn!(error = ?error, "webhooks are not told"),
        }
        let mut shutdown = pin!(shutdown);
        loop {
            let accept = async {
                // A place first: connections beyond the limit wait in the system's queue.
                let place = Arc::clone(&places).acquire_owned().await;
                (place, listener.accept().await)
            };
            tokio::select! {
                () = &mut shutdown => break,
                Some(_) = open.join_next(), if !open.is_empty() => {}
                (place, accepted) = accept => match (place, accepted) {
                    (Ok(place), Ok((stream, peer))) => {
                        let (central, router) = (self.clone(), router.clone());
                        open.spawn(async move {
                            central.connection(router, stream, peer).await;
                            drop(place);
                        });
                    }
                    (_, Err(error)) => {
                        tracing::warn!(%error, "accepting a connection");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                    (Err(_), _) => break,
                },
            }
        }
        drop(listener);
        self.wakes().close();
        timers.shutdown().await;
        let drained = tokio::time::timeout(limits.drain, async { while open.join_next().await.is_some() {} }).await;
        if drained.is_err() {
            tracing::warn!(connections = open.len(), "stopped with connections still open");
        }
        Ok(())
    }

    async fn connection(&self, router: Router, stream: TcpStream, peer: SocketAddr) {
        // Answers are small and waited for; a failure to say so costs only time.
        let _ = stream.set_nodelay(true);
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(Peer(peer));
            router.clone().oneshot(request)
        });
        let mut closing = self.wakes().closing();
        let mut connection = pin!(
            http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(self.config().limits.head)
                .serve_connection(TokioIo::new(stream), service)
        );
        tokio::select! {
            done = connection.as_mut() => return report(done),
            _ = closing.wait_for(|closing| *closing) => connection.as_mut().graceful_shutdown(),
        }
        report(connection.await);
    }

    /// Beside the other timers: a provider that does not answer must not hold them up.
    async fn keep_payments(self) {
        while self.config().gateway.is_some() {
            tokio::time::sleep(self.config().limits.tick).await;
            if let Err(error) = self.settle_payments().await {
                tracing::error!(error = ?error, "settling payments failed");
            }
        }
    }

    async fn keep_notices(self) {
        loop {
            tokio::time::sleep(self.config().limits.tick).await;
            if let Err(error) = self.send_notices().await {
                tracing::error!(error = ?error, "sending short messages failed");
            }
        }
    }

    async fn keep_webhooks(self, client: reqwest::Client) {
        loop {
            tokio::time::sleep(self.config().limits.tick).await;
            if let Err(error) = self.tell_webhooks(&client).await {
                tracing::error!(error = ?error, "telling webhooks failed");
            }
        }
    }

    /// One package at a time, on a thread of its own: a large one takes many minutes. It looks up when the center stops.
    async fn keep_packages(self) {
        loop {
            let central = self.clone();
            match tokio::task::spawn_blocking(move || central.make_package()).await {
                Ok(Ok(true)) => continue,
                Ok(Ok(false)) => {}
                Ok(Err(error)) => tracing::error!(error = ?error, "making packages failed"),
                Err(error) => tracing::error!(panicked = error.is_panic(), "making packages failed"),
            }
            tokio::select! {
                () = self.packages_asked().notified() => {}
                () = tokio::time::sleep(self.config().limits.tick) => {}
            }
        }
    }

    async fn keep_time(self) {
        if let Err(error) = self.at_store(Self::find_phones).await {
            tracing::error!(error = ?error, "looking for numbers in orders of an older version failed");
        }
        loop {
            tokio::time::sleep(self.config().limits.tick).await;
            if let Err(error) = self.at_store(Self::tick).await {
                tracing::error!(error = ?error, "the timers failed");
            }
        }
    }
}

/// A connection that breaks is the client's business, and daily life.
fn report(done: Result<(), hyper::Error>) {
    if let Err(error) = done {
        tracing::debug!(%error, "a connection ended early");
    }
}
