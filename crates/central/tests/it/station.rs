//! A small signed client: what a station says on the wire, and no more.
use crate::world::{CAMPAIGN, Hand, size_of};
use axum::body::{Body, to_bytes};
use base64::{Engine, engine::general_purpose::STANDARD};
use central::Clock;
use domain::{BlobId, CodeHash};
use ed25519_dalek::{SigningKey, VerifyingKey};
use http::{HeaderMap, Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use wire::enrol::{ENROL_KEY_ID, EnrolAnswer, EnrolRequest};
use wire::feed::{FeedAnswer, FeedBody, OrderStatus};
use wire::op::{Op, OpBody, OpResult, OpsAnswer, OpsRequest, Submit};
use wire::order::{CheckDoc, ConsentDoc, PersonDoc, PhotoDoc, SubjectDoc};
use wire::problem::{Code, Problem};
use wire::signature::{self, Claims, Parts, content_digest};

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A number nobody in this process has had.
pub fn fresh() -> u64 {
    NEXT.fetch_add(1, Ordering::SeqCst)
}

/// An answer of the center.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        format!("{} {}", self.status, String::from_utf8_lossy(&self.body))
    }
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }
    pub fn problem(&self) -> Problem {
        assert_eq!(
            self.headers["content-type"],
            "application/problem+json",
            "{}",
            self.text()
        );
        let problem: Problem = self.json();
        assert_eq!(problem.status, self.status);
        problem
    }
    pub fn code(&self) -> Code {
        self.problem().code
    }
}

/// A request before it is signed; tests bend it.
pub struct Ask {
    pub method: Method,
    pub target: String,
    pub body: Vec<u8>,
    pub created_s: i64,
    pub nonce: String,
    pub headers: Vec<(&'static str, String)>,
}

/// A station.
pub struct Station {
    address: SocketAddr,
    clock: Arc<dyn Clock>,
    pub name: String,
    pub key: SigningKey,
    pub id: String,
    pub server_key: Option<VerifyingKey>,
    chain: Mutex<String>,
}

/// Sends a request as it is.
pub async fn send(address: SocketAddr, request: Request<Body>) -> Answer {
    try_send(address, request).await.unwrap()
}

/// As [`send`]; an error when the connection broke. A center that refuses a large body does not read all of it, and closing may be
/// faster than its answer.
pub async fn try_send(address: SocketAddr, request: Request<Body>) -> Result<Answer, hyper::Error> {
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .unwrap();
    tokio::spawn(connection);
    let (parts, body) = sender.send_request(request).await?.into_parts();
    Ok(Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: to_bytes(Body::new(body), usize::MAX).await.unwrap().to_vec(),
    })
}

impl Station {
    pub fn new(address: SocketAddr, clock: Arc<Hand>, name: &str) -> Self {
        Self::with_clock(address, clock, name)
    }

    pub fn with_clock(address: SocketAddr, clock: Arc<dyn Clock>, name: &str) -> Self {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&fresh().to_be_bytes());
        Self {
            address,
            clock,
            name: name.to_owned(),
            key: SigningKey::from_bytes(&seed),
            id: ENROL_KEY_ID.to_owned(),
            server_key: None,
            chain: Mutex::default(),
        }
    }

    /// The center has another address now.
    pub fn move_to(&mut self, address: SocketAddr) {
        self.address = address;
    }

    pub fn now(&self) -> i64 {
        self.clock.now().0
    }

    pub fn ask(&self, method: Method, target: &str, body: impl Into<Vec<u8>>) -> Ask {
        Ask {
            method,
            target: target.to_owned(),
            body: body.into(),
            created_s: self.now() / 1000,
            nonce: format!("nonce-{:08}", fresh()),
            headers: Vec::new(),
        }
    }

    /// Signs a request.
    pub fn sign(&self, ask: &Ask) -> Request<Body> {
        let digest = content_digest(&ask.body);
        let parts = Parts {
            method: ask.method.as_str(),
            target: &ask.target,
            content_digest: &digest,
        };
        let claims = Claims {
            created_s: ask.created_s,
            nonce: ask.nonce.clone(),
            key_id: self.id.clone(),
        };
        let signed = signature::sign(&self.key, parts, &claims);
        let mut request = Request::builder()
            .method(ask.method.clone())
            .uri(&ask.target)
            .header("host", self.address.to_string())
            .header("content-digest", digest)
            .header("signature-input", signed.input)
            .header("signature", signed.signature)
            .header(wire::API_VERSION_HEADER, "1");
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        request.body(Body::from(ask.body.clone())).unwrap()
    }

    pub async fn send(&self, ask: &Ask) -> Answer {
        send(self.address, self.sign(ask)).await
    }

    pub async fn get(&self, target: &str) -> Answer {
        self.send(&self.ask(Method::GET, target, "")).await
    }

    pub async fn enrol(&mut self, code: &str) -> Answer {
        let request = EnrolRequest {
            code: code.to_owned(),
            public_key: STANDARD.encode(self.key.verifying_key().to_bytes()),
            name: self.name.clone(),
            app_version: "0.1.0".to_owned(),
        };
        self.id = ENROL_KEY_ID.to_owned();
        let body = serde_json::to_vec(&request).unwrap();
        let answer = self.send(&self.ask(Method::POST, "/v1/enrol", body)).await;
        if answer.status == 200 {
            let enrolled: EnrolAnswer = answer.json();
            let key: [u8; 32] = STANDARD.decode(&enrolled.server_key).unwrap().try_into().unwrap();
            self.server_key = Some(VerifyingKey::from_bytes(&key).unwrap());
            self.id = enrolled.station_id;
        }
        answer
    }

    pub async fn put(&self, jpeg: &[u8]) -> Answer {
        let target = format!("/v1/blobs/{}", BlobId::of(jpeg));
        self.send(&self.ask(Method::PUT, &target, jpeg)).await
    }

    pub async fn has(&self, blob: &BlobId) -> bool {
        let ask = self.ask(Method::HEAD, &format!("/v1/blobs/{blob}"), "");
        self.send(&ask).await.status == StatusCode::OK.as_u16()
    }

    /// An op that goes on this station's chain.
    pub fn op(&self, order: &str, rev: u32, body: &OpBody) -> Op {
        self.op_of_text(order, rev, &body.to_text().unwrap())
    }

    pub fn op_of_text(&self, order: &str, rev: u32, body: &str) -> Op {
        let op_id = id(fresh());
        let mut chain = self.chain.lock().unwrap();
        *chain = Op::chain_after(&chain, &op_id, order, rev, body);
        Op {
            op_id,
            order_id: order.to_owned(),
            rev,
            body: body.to_owned(),
            captured_at_ms: self.now(),
            mono_ms: 1000,
            boot_id: "boot-1".to_owned(),
            chain: chain.clone(),
        }
    }

    pub async fn send_ops(&self, ops: &[Op]) -> Answer {
        let body = serde_json::to_vec(&OpsRequest { ops: ops.to_vec() }).unwrap();
        self.send(&self.ask(Method::POST, "/v1/ops", body)).await
    }

    /// Sends ops that are all answered; the receipt is checked.
    pub async fn ops(&self, ops: &[Op]) -> OpsAnswer {
        let answer = self.send_ops(ops).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let answer: OpsAnswer = answer.json();
        assert_eq!(answer.results.len(), ops.len());
        if let Some(receipt) = &answer.receipt {
            receipt.verify(self.server_key.as_ref().unwrap()).unwrap();
        }
        answer
    }

    /// Sends one op.
    pub async fn op_result(&self, op: &Op) -> OpResult {
        self.ops(std::slice::from_ref(op)).await.results.remove(0)
    }

    /// Photo and order of one person, sent. Returns the order's id.
    pub async fn collect(&self, person: u64, jpeg: &[u8]) -> String {
        let order = id(fresh());
        self.put(jpeg).await;
        let result = self.op_result(&self.op(&order, 1, &submit(person, jpeg))).await;
        assert_eq!(result.status, wire::op::OpStatus::Applied, "{result:?}");
        order
    }

    pub async fn feed(&self, after: u64, wait_s: u64) -> FeedAnswer {
        self.feed_at(&format!("/v1/feed?after={after}&wait={wait_s}&gaps=1"))
            .await
    }

    /// As stations asked while each had a feed of its own.
    pub async fn whole_feed(&self, after: u64, wait_s: u64) -> FeedAnswer {
        self.feed_at(&format!("/v1/feed?after={after}&wait={wait_s}")).await
    }

    async fn feed_at(&self, target: &str) -> FeedAnswer {
        let answer = self.get(target).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// The last word of the feed on an order.
    pub async fn told(&self, order: &str) -> Option<OrderStatus> {
        let mut last = None;
        let mut after = 0;
        loop {
            let page = self.feed(after, 0).await;
            for event in page.events {
                match event.body {
                    FeedBody::Order(status) if status.order_id == order => last = Some(*status),
                    FeedBody::Order(_)
                    | FeedBody::Collected(_)
                    | FeedBody::Campaign(_)
                    | FeedBody::Roster(_)
                    | FeedBody::Unknown => {}
                }
            }
            after = page.cursor;
            if !page.more {
                return last;
            }
        }
    }
}

/// A UUIDv7 from a number: ids grow with it.
pub fn id(n: u64) -> String {
    format!("01900000-0000-7000-8000-{n:012x}")
}

/// An order number nobody in this process has had.
pub fn number() -> String {
    format!("10533A-{:017}", 20_270_603_090_000_000 + fresh())
}

pub fn photo_of(jpeg: &[u8], revision: u32) -> PhotoDoc {
    let [width, height] = size_of(jpeg);
    let unit = (width / 3).min(height / 4);
    PhotoDoc {
        revision,
        blob_id: BlobId::of(jpeg).to_string(),
        original_px: [width, height],
        crop_px: [0, 0, unit * 3, unit * 4],
        captured_at_ms: crate::world::MORNING,
        check: CheckDoc {
            verdict: "passed".to_owned(),
            failed: Vec::new(),
            override_reason: None,
            warned: Vec::new(),
        },
    }
}

pub fn person_key(person: u64) -> String {
    format!("code:{}", CodeHash::of(&person.to_be_bytes()).hex())
}

pub fn submit(person: u64, jpeg: &[u8]) -> OpBody {
    OpBody::Submit(Box::new(Submit {
        number: number(),
        campaign_id: CAMPAIGN.to_owned(),
        person: PersonDoc {
            key: person_key(person),
            subject: SubjectDoc {
                masked_name: Some("张*".to_owned()),
                ..SubjectDoc::default()
            },
        },
        photo: photo_of(jpeg, 1),
        consent: ConsentDoc {
            id: id(fresh()),
            text_version: "2027-01".to_owned(),
            language: "zh-CN".to_owned(),
            at_ms: crate::world::MORNING,
            asked_by: "photographer".to_owned(),
        },
        messages: None,
        feature_code: None,
    }))
}

pub fn replace(jpeg: &[u8], revision: u32) -> OpBody {
    OpBody::ReplacePhoto {
        photo: photo_of(jpeg, revision),
    }
}
