//! HTTP over whatever carries bytes: a hyper server around the model of the center, as reliable as it is told to be, and a client.
use crate::glue::Dice;
use axum::body::{Body, to_bytes};
use domain::UtcMs;
use futures_util::stream;
use http::{Request as HttpRequest, Response};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use sync::plan::Limits;
use sync::request::Request;
use sync::{Clock, RawAnswer, Remote, Unreachable};
use testkit::center::{Answered, Asked, ModelCenter};
use tokio::io::{AsyncRead, AsyncWrite};

/// How badly the way to the center behaves; each a share of 100 requests.
#[derive(Debug, Clone, Copy, Default)]
pub struct Weather {
    /// A captive portal answers.
    pub captive: u64,
    /// The center works, and its answer is torn.
    pub torn: u64,
    /// The request arrives twice.
    pub twice: u64,
    /// The center breaks before it works.
    pub broken: u64,
    /// The center is busy.
    pub busy: u64,
}

/// The center's side. The model outlives the server.
#[derive(Clone)]
pub struct Server {
    pub center: Arc<Mutex<ModelCenter>>,
    pub clock: Arc<dyn Clock>,
    pub weather: Arc<Mutex<(Weather, Dice)>>,
}

impl Server {
    pub fn new(center: ModelCenter, clock: Arc<dyn Clock>, dice: Dice) -> Self {
        Self {
            center: Arc::new(Mutex::new(center)),
            clock,
            weather: Arc::new(Mutex::new((Weather::default(), dice))),
        }
    }

    pub fn with<T>(&self, f: impl FnOnce(&mut ModelCenter) -> T) -> T {
        f(&mut self.center.lock().unwrap())
    }

    /// Serves one connection to its end.
    pub async fn serve(self, io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let service = service_fn(move |request: HttpRequest<hyper::body::Incoming>| {
            let server = self.clone();
            async move { Ok::<_, Infallible>(server.respond(request).await) }
        });
        let mut http = hyper::server::conn::http1::Builder::new();
        // A connection that breaks is the client's affair.
        let _ = http.keep_alive(true).serve_connection(TokioIo::new(io), service).await;
    }

    async fn respond(&self, request: HttpRequest<hyper::body::Incoming>) -> Response<Body> {
        let (head, body) = request.into_parts();
        let Ok(body) = to_bytes(Body::new(body), 80 << 20).await else {
            return Response::new(Body::empty());
        };
        let text =
            |(n, v): (&http::HeaderName, &http::HeaderValue)| (n.as_str().to_owned(), v.to_str().unwrap().to_owned());
        let asked = Asked {
            method: head.method.to_string(),
            target: head.uri.path_and_query().unwrap().to_string(),
            headers: head.headers.iter().map(text).collect(),
            body: body.to_vec(),
        };
        let (roll, weather) = {
            let mut weather = self.weather.lock().unwrap();
            (weather.1.below(100), weather.0)
        };
        let bounds = [
            weather.captive,
            weather.broken,
            weather.busy,
            weather.twice,
            weather.torn,
        ];
        let mut end = 0;
        let which = bounds.iter().position(|share| {
            end += share;
            roll < end
        });
        match which {
            Some(0) => page(),
            Some(1) => error(500, self.clock.now()),
            Some(2) => error(503, self.clock.now()),
            Some(3) => {
                self.answer(&asked).await;
                whole(self.answer(&asked).await)
            }
            Some(_) => torn(self.answer(&asked).await),
            None => whole(self.answer(&asked).await),
        }
    }

    /// Answers as the center does: a feed with nothing new waits.
    async fn answer(&self, asked: &Asked) -> Answered {
        let query = |name: &str| -> Option<u64> {
            let value = asked.target.split(['?', '&']).find_map(|q| q.strip_prefix(name))?;
            value.parse().ok()
        };
        if asked.target.starts_with("/v1/feed")
            && let (Some(after), Some(wait_s)) = (query("after="), query("wait="))
        {
            for _ in 0..wait_s * 10 {
                if self.with(|c| c.feed_end()) != after {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        let now = self.clock.now();
        self.with(|c| c.answer(asked, now))
    }
}

fn whole(answered: Answered) -> Response<Body> {
    let (head, body) = (Response::builder().status(answered.status), answered.body);
    let head = answered
        .headers
        .into_iter()
        .fold(head, |head, (n, v)| head.header(n, v));
    head.body(Body::from(body)).unwrap()
}

/// Half the body, and then the connection breaks.
fn torn(answered: Answered) -> Response<Body> {
    let mut answered = answered;
    let length = answered.body.len().max(2);
    answered.body.truncate(length / 2);
    let parts = [Ok(answered.body.clone()), Err(std::io::Error::other("torn"))];
    let (mut head, _) = whole(answered).into_parts();
    head.headers.insert("content-length", length.into());
    Response::from_parts(head, Body::from_stream(stream::iter(parts)))
}

fn page() -> Response<Body> {
    let body = Body::from("<html>Please log in</html>");
    Response::builder()
        .header("content-type", "text/html")
        .body(body)
        .unwrap()
}

fn error(status: u16, now: UtcMs) -> Response<Body> {
    let head = Response::builder()
        .status(status)
        .header(wire::SERVER_TIME_HEADER, now.0.to_string());
    let head = head.header(wire::API_VERSION_HEADER, "1").header("retry-after", "2");
    head.body(Body::empty()).unwrap()
}

/// A client over the simulated network: a connection for each request.
pub struct SimRemote;

impl Remote for SimRemote {
    async fn send(&self, request: Request) -> Result<RawAnswer, Unreachable> {
        let time = request.time;
        tokio::time::timeout(time, exchange(request))
            .await
            .unwrap_or(Err(Unreachable::Timeout))
    }
}

async fn exchange(request: Request) -> Result<RawAnswer, Unreachable> {
    let connected = turmoil::net::TcpStream::connect(("center", 80)).await;
    let io = TokioIo::new(connected.map_err(|_| Unreachable::Connect)?);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io)
        .await
        .map_err(|_| Unreachable::Connect)?;
    let connection = tokio::spawn(connection);
    let head = HttpRequest::builder()
        .method(request.method.as_str())
        .uri(&request.target)
        .header("host", "center");
    let head = request.headers.into_iter().fold(head, |head, (n, v)| head.header(n, v));
    let sent = sender.send_request(head.body(Body::from(request.body)).unwrap()).await;
    let (head, body) = sent.map_err(|_| Unreachable::Broken)?.into_parts();
    let body = to_bytes(Body::new(body), request.max_answer_bytes)
        .await
        .map_err(|_| Unreachable::Broken)?;
    connection.abort();
    let text =
        |(n, v): (&http::HeaderName, &http::HeaderValue)| Some((n.as_str().to_owned(), v.to_str().ok()?.to_owned()));
    Ok(RawAnswer {
        status: head.status.as_u16(),
        headers: head.headers.iter().filter_map(text).collect(),
        body,
    })
}

/// The usual limits, so that what is simulated is what runs.
pub fn limits() -> Limits {
    Limits::default()
}
