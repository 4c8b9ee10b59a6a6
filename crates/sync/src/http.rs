//! How do bytes travel in earnest? HTTP/1.1 through reqwest: no redirects, no compression, bounded answers, bounded times.
use crate::error::SyncError;
use crate::remote::{RawAnswer, Remote, Unreachable};
use crate::request::{Method, Request};
use bytes::{Bytes, BytesMut};
use reqwest::{Client, Response, Url, redirect};
use std::time::Duration;

/// Longest time to a connection.
const CONNECT_TIME: Duration = Duration::from_secs(10);
/// Connections idle for longer are not used again: many home routers forget them.
const IDLE_TIME: Duration = Duration::from_secs(20);
/// Bytes that nobody acknowledges for this long end the connection.
const UNACKNOWLEDGED_TIME: Duration = Duration::from_secs(20);
/// Longest silence within an answer that arrives piece by piece.
const PIECE_TIME: Duration = Duration::from_secs(30);

/// Where `http://` without encryption is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Plaintext {
    /// To this computer only.
    #[default]
    LoopbackOnly,
    /// To any computer, because somebody said so openly.
    Allowed,
}

/// The real way to a center.
#[derive(Debug, Clone)]
pub struct HttpRemote {
    client: Client,
    base: Url,
}

impl HttpRemote {
    /// A way to the center at this address, as `https://center.example` or `http://127.0.0.1:8080`.
    ///
    /// Installs ring as the process's TLS provider when there is none yet.
    ///
    /// # Errors
    /// When the address is none, is not encrypted and not allowed to be, or no client can be made.
    pub fn new(base_url: &str, plaintext: Plaintext) -> Result<Self, SyncError> {
        let address = |why| SyncError::Address { why };
        let base = Url::parse(base_url.trim()).map_err(|_| address("it is not a URL"))?;
        if base.cannot_be_a_base() || !base.has_host() {
            return Err(address("it names no host"));
        }
        // Signatures cover the path as it is sent; a path in front would have to be cut off on the way and break them.
        if base.path() != "/" || base.query().is_some() || base.fragment().is_some() {
            return Err(address("it must have no path"));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(address("it must name no user"));
        }
        let loopback = is_loopback(&base);
        let builder = match base.scheme() {
            "https" => Client::builder().https_only(true),
            // No certificate is looked at, so none need be installed.
            "http" if loopback || plaintext == Plaintext::Allowed => Client::builder().tls_certs_only([]),
            "http" => return Err(SyncError::NotEncrypted),
            _ => return Err(address("it must begin with https")),
        };
        // Another provider may be there already; then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = if loopback { builder.no_proxy() } else { builder };
        let client = builder
            .user_agent(concat!("xueying/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .http1_only()
            .connect_timeout(CONNECT_TIME)
            .pool_idle_timeout(IDLE_TIME)
            .pool_max_idle_per_host(4)
            .tcp_user_timeout(UNACKNOWLEDGED_TIME)
            .build()
            .map_err(SyncError::Client)?;
        Ok(Self { client, base })
    }

    /// Sends and takes the answer piece by piece: for files that need not fit in memory. The request's limits are for its head
    /// only.
    ///
    /// # Errors
    /// When no answer begins.
    pub async fn open(&self, request: Request) -> Result<Arriving, Unreachable> {
        let time = request.time;
        let begun = tokio::time::timeout(time, self.begin(request));
        Ok(Arriving(begun.await.unwrap_or(Err(Unreachable::Timeout))?))
    }

    async fn exchange(&self, request: Request) -> Result<RawAnswer, Unreachable> {
        let max_bytes = request.max_answer_bytes;
        let response = self.begin(request).await?;
        let status = response.status().as_u16();
        let text = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        };
        let headers = response.headers().iter().filter_map(text).collect();
        let body = whole_body(response, max_bytes).await?;
        Ok(RawAnswer { status, headers, body })
    }

    async fn begin(&self, request: Request) -> Result<Response, Unreachable> {
        let url = self.base.join(&request.target).map_err(|_| Unreachable::Connect)?;
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Head => reqwest::Method::HEAD,
            Method::Put => reqwest::Method::PUT,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut sending = self.client.request(method, url).body(request.body);
        for (name, value) in request.headers {
            sending = sending.header(name, value);
        }
        sending.send().await.map_err(|e| unreachable(&e))
    }
}

/// An answer whose body is still arriving.
pub struct Arriving(Response);

impl Arriving {
    /// HTTP status.
    pub fn status(&self) -> u16 {
        self.0.status().as_u16()
    }

    /// The next piece; nothing at the end. A body that ends early is an error.
    ///
    /// # Errors
    /// When the connection breaks, or brings nothing for [`PIECE_TIME`].
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Unreachable> {
        match tokio::time::timeout(PIECE_TIME, self.0.chunk()).await {
            Ok(piece) => piece.map_err(|e| unreachable(&e)),
            Err(_) => Err(Unreachable::Timeout),
        }
    }
}

impl Remote for HttpRemote {
    async fn send(&self, request: Request) -> Result<RawAnswer, Unreachable> {
        let time = request.time;
        let exchange = tokio::time::timeout(time, self.exchange(request));
        exchange.await.unwrap_or(Err(Unreachable::Timeout))
    }
}

async fn whole_body(mut response: Response, max_bytes: usize) -> Result<Bytes, Unreachable> {
    if response.content_length().is_some_and(|n| n > max_bytes as u64) {
        return Err(Unreachable::TooLarge);
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| unreachable(&e))? {
        if body.len() + chunk.len() > max_bytes {
            return Err(Unreachable::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn unreachable(error: &reqwest::Error) -> Unreachable {
    if error.is_timeout() {
        Unreachable::Timeout
    } else if error.is_connect() {
        Unreachable::Connect
    } else {
        Unreachable::Broken
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
