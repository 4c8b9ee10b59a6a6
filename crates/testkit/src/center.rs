//! A center that is only a model: the station's half of protocol v1, request in, answer out. It knows no campaigns and no review;
//! it is strict where a station could cheat or err: signatures, nonces, digests, revisions, repeats.
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{BlobId, UtcMs};
use ed25519_dalek::{SigningKey, VerifyingKey};
use std::collections::{BTreeMap, BTreeSet};
use wire::enrol::{ENROL_KEY_ID, EnrolAnswer, EnrolRequest};
use wire::feed::{FeedAnswer, FeedBody, FeedEvent, OrderStatus, Snapshot};
use wire::op::{Op, OpResult, OpStatus, OpsAnswer, OpsRequest};
use wire::problem::{Code, Problem};
use wire::receipt::{Entry, Receipt};
use wire::signature::{MAX_SKEW_S, Parts, SignatureHeaders, claims, content_digest, verify};

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Upper case.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

/// An answer to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// The model. Everything in it outlives a restart of the server around it.
pub struct ModelCenter {
    key: SigningKey,
    enrol_codes: BTreeSet<String>,
    stations: BTreeMap<String, VerifyingKey>,
    nonces: BTreeSet<String>,
    blobs: BTreeSet<BlobId>,
    ops: BTreeMap<String, Taken>,
    orders: BTreeMap<String, OrderStatus>,
    feed: Vec<FeedEvent>,
    end: u64,
    forgotten: u64,
    /// Orders it refuses every op of.
    pub refuses: BTreeSet<String>,
    /// Bodies it takes of `PUT`, for tests that count uploads.
    pub puts: u32,
}

struct Taken {
    hash: String,
    rev: u32,
    blob: Option<BlobId>,
    at_ms: i64,
    result: OpResult,
}

const JSON: &str = "application/json";

impl ModelCenter {
    /// A center that signs receipts with this key.
    pub fn new(key: SigningKey) -> Self {
        Self {
            key,
            enrol_codes: BTreeSet::new(),
            stations: BTreeMap::new(),
            nonces: BTreeSet::new(),
            blobs: BTreeSet::new(),
            ops: BTreeMap::new(),
            orders: BTreeMap::new(),
            feed: Vec::new(),
            end: 0,
            forgotten: 0,
            refuses: BTreeSet::new(),
            puts: 0,
        }
    }

    /// Lets a station in without enrolment.
    pub fn admit(&mut self, station_id: &str, key: VerifyingKey) {
        self.stations.insert(station_id.to_owned(), key);
    }

    /// Revokes a station.
    pub fn revoke(&mut self, station_id: &str) {
        self.stations.remove(station_id);
    }

    /// Gives out a one-time code.
    pub fn allow(&mut self, code: &str) {
        self.enrol_codes.insert(code.to_owned());
    }

    /// Ids of the ops that took effect, each once by construction of the map.
    pub fn applied(&self) -> Vec<&str> {
        let applied = self.ops.iter().filter(|(_, t)| t.result.status == OpStatus::Applied);
        applied.map(|(id, _)| id.as_str()).collect()
    }

    /// Whether it holds a photo.
    pub fn holds(&self, blob: &BlobId) -> bool {
        self.blobs.contains(blob)
    }

    /// Loses a photo, as a broken disk would.
    pub fn lose(&mut self, blob: &BlobId) {
        self.blobs.remove(blob);
    }

    /// How far the feed goes.
    pub fn feed_end(&self) -> u64 {
        self.end
    }

    /// Something happens that is news to another station only: its place in the feed is not for those who ask here.
    pub fn tell_another(&mut self) {
        self.end += 1;
    }

    /// Forgets the feed so far: cursors inside it are expired.
    pub fn forget_feed(&mut self) {
        self.forgotten = self.feed_end();
        self.feed.clear();
    }

    /// Says something about an order to the stations; makes the order when it is not there.
    pub fn say(&mut self, order_id: &str, state: &str, now: UtcMs) {
        let mut status = self.orders.get(order_id).cloned().unwrap_or_else(|| status(order_id));
        state.clone_into(&mut status.state);
        self.tell(status, now);
    }

    fn tell(&mut self, status: OrderStatus, now: UtcMs) {
        self.orders.insert(status.order_id.clone(), status.clone());
        self.end += 1;
        self.feed.push(FeedEvent {
            seq: self.end,
            at_ms: now.0,
            body: FeedBody::Order(Box::new(status)),
        });
    }

    /// Answers a request. A feed with nothing new is answered at once: whoever serves this does the waiting.
    pub fn answer(&mut self, asked: &Asked, now: UtcMs) -> Answered {
        let mut answered = self.route(asked, now).unwrap_or_else(|p| refusal(&p));
        answered.headers.push((wire::SERVER_TIME_HEADER, now.0.to_string()));
        answered
            .headers
            .push((wire::API_VERSION_HEADER, wire::API_VERSION.to_string()));
        if asked.method == "HEAD" {
            answered.body.clear();
        }
        answered
    }

    fn route(&mut self, asked: &Asked, now: UtcMs) -> Result<Answered, Problem> {
        let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
        let method = asked.method.as_str();
        if (method, path) == ("POST", "/v1/enrol") {
            return self.enrol(asked, now);
        }
        self.signed(asked, now)?;
        match (method, path.strip_prefix("/v1/blobs/")) {
            ("HEAD", Some(id)) if id.parse().is_ok_and(|id| self.holds(&id)) => Ok(plain(200)),
            ("PUT", Some(id)) => self.put(id, &asked.body),
            _ => match (method, path) {
                ("POST", "/v1/ops") => self.take_ops(&asked.body, now),
                ("GET", "/v1/feed") => self.feed(query),
                ("GET", "/v1/snapshot") => Ok(self.snapshot()),
                _ => Err(Problem::new(Code::NotFound, "nothing here")),
            },
        }
    }

    fn signed(&mut self, asked: &Asked, now: UtcMs) -> Result<(), Problem> {
        let bad = || Problem::new(Code::BadSignature, "the signature does not hold");
        let input = asked.headers.get("signature-input").ok_or_else(bad)?;
        let said = claims(input).map_err(|_| bad())?;
        let revoked = || Problem::new(Code::StationRevoked, "no such station");
        let key = *self.stations.get(&said.key_id).ok_or_else(revoked)?;
        check(&key, asked).ok_or_else(bad)?;
        self.fresh(&said.nonce, said.created_s, now)
    }

    fn fresh(&mut self, nonce: &str, created_s: i64, now: UtcMs) -> Result<(), Problem> {
        if (now.0.div_euclid(1000) - created_s).abs() > MAX_SKEW_S {
            return Err(Problem::new(Code::ClockSkew, "the clocks differ"));
        }
        if !self.nonces.insert(nonce.to_owned()) {
            return Err(Problem::new(Code::BadSignature, "this was sent before"));
        }
        Ok(())
    }

    fn enrol(&mut self, asked: &Asked, now: UtcMs) -> Result<Answered, Problem> {
        let invalid = || Problem::new(Code::Validation, "the request does not hold");
        let bad = || Problem::new(Code::BadSignature, "the signature does not hold");
        let request: EnrolRequest = serde_json::from_slice(&asked.body).map_err(|_| invalid())?;
        let bytes = STANDARD.decode(&request.public_key).map_err(|_| invalid())?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| invalid())?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| invalid())?;
        let input = asked.headers.get("signature-input").ok_or_else(bad)?;
        let said = claims(input).map_err(|_| bad())?;
        check(&key, asked)
            .filter(|()| said.key_id == ENROL_KEY_ID)
            .ok_or_else(bad)?;
        self.fresh(&said.nonce, said.created_s, now)?;
        if !self.enrol_codes.remove(&request.code) {
            return Err(Problem::new(Code::EnrolCodeInvalid, "no such code"));
        }
        let station_id = crate::build::id(0x05, self.stations.len() as u64 + 1);
        self.admit(&station_id, key);
        Ok(json(&EnrolAnswer {
            station_id,
            cursor: self.feed_end(),
            server_key: STANDARD.encode(self.key.verifying_key().to_bytes()),
            school_code: "10001".to_owned(),
            sealing_key: None,
        }))
    }

    fn put(&mut self, id: &str, body: &[u8]) -> Result<Answered, Problem> {
        self.puts += 1;
        let id: BlobId = id
            .parse()
            .map_err(|_| Problem::new(Code::Validation, "no photo's id"))?;
        if body.len() > wire::MAX_BLOB_BYTES {
            return Err(Problem::new(Code::TooLarge, "too large"));
        }
        if BlobId::of(body) != id {
            return Err(Problem::new(Code::DigestMismatch, "the bytes are not those of the id"));
        }
        Ok(plain(if self.blobs.insert(id) { 201 } else { 200 }))
    }

    fn take_ops(&mut self, body: &[u8], now: UtcMs) -> Result<Answered, Problem> {
        let request: OpsRequest =
            serde_json::from_slice(body).map_err(|_| Problem::new(Code::Validation, "these are no ops"))?;
        if request.ops.len() > wire::MAX_OPS {
            return Err(Problem::new(Code::TooLarge, "too many ops"));
        }
        let results: Vec<_> = request.ops.iter().map(|op| self.take(op, now)).collect();
        let held = |r: &&OpResult| matches!(r.status, OpStatus::Applied | OpStatus::Duplicate);
        let entries: Vec<_> = results
            .iter()
            .filter(held)
            .filter_map(|r| self.entry(&r.op_id))
            .collect();
        let at_ms = results
            .iter()
            .filter_map(|r| self.ops.get(&r.op_id))
            .map(|t| t.at_ms)
            .max();
        let receipt = (!entries.is_empty()).then(|| Receipt::sign(&self.key, at_ms.unwrap_or(now.0), entries));
        Ok(json(&OpsAnswer { results, receipt }))
    }

    fn entry(&self, op_id: &str) -> Option<Entry> {
        let taken = self.ops.get(op_id)?;
        let blob = taken.blob.filter(|b| self.holds(b));
        Some(Entry {
            op_id: op_id.to_owned(),
            rev: taken.rev,
            blob_id: blob.map(|b| b.to_string()),
        })
    }

    fn take(&mut self, op: &Op, now: UtcMs) -> OpResult {
        if let Some(taken) = self.ops.get(&op.op_id) {
            if taken.hash != op.content_hash() {
                let problem = Problem::new(Code::IdempotencyMismatch, "another op under the same id");
                return result(op, OpStatus::Rejected, Some(problem));
            }
            let lost = taken.blob.filter(|b| !self.holds(b));
            return OpResult {
                missing_blobs: lost.iter().map(BlobId::to_string).collect(),
                ..taken.result.clone()
            };
        }
        let rev = self.orders.get(&op.order_id).map_or(0, |o| o.order_rev);
        if op.rev > rev + 1 {
            return result(
                op,
                OpStatus::Held,
                Some(Problem::new(Code::MissingPredecessor, "one is missing")),
            );
        }
        let body = op
            .read()
            .ok()
            .filter(|_| op.rev == rev + 1 && !self.refuses.contains(&op.order_id));
        let blob = body
            .as_ref()
            .and_then(|b| b.photo())
            .and_then(|p| p.blob_id.parse::<BlobId>().ok());
        if let Some(missing) = blob.filter(|b| !self.holds(b)) {
            let problem = Problem::new(Code::MissingBlob, "a photo is missing");
            return OpResult {
                missing_blobs: vec![missing.to_string()],
                ..result(op, OpStatus::Held, Some(problem))
            };
        }
        let outcome = match body {
            Some(_) => result(op, OpStatus::Applied, None),
            None => result(
                op,
                OpStatus::Rejected,
                Some(Problem::new(Code::Validation, "it does not hold")),
            ),
        };
        let taken = Taken {
            hash: op.content_hash(),
            rev: op.rev,
            blob,
            at_ms: now.0,
            result: outcome.clone(),
        };
        self.ops.insert(op.op_id.clone(), taken);
        let mut status = self
            .orders
            .get(&op.order_id)
            .cloned()
            .unwrap_or_else(|| status(&op.order_id));
        status.order_rev = op.rev;
        status.blob_id = blob.map_or(status.blob_id, |b| b.to_string());
        self.tell(status, now);
        outcome
    }

    fn feed(&self, query: &str) -> Result<Answered, Problem> {
        let after = query
            .split('&')
            .find_map(|q| q.strip_prefix("after=")?.parse::<u64>().ok());
        let after = after.ok_or_else(|| Problem::new(Code::Validation, "after is missing"))?;
        if after < self.forgotten || after > self.feed_end() {
            return Err(Problem::new(Code::CursorExpired, "ask for a snapshot"));
        }
        let events: Vec<_> = self
            .feed
            .iter()
            .filter(|e| e.seq > after)
            .take(wire::MAX_EVENTS)
            .cloned()
            .collect();
        let last = events.last().map(|e| e.seq);
        let cursor = last.filter(|_| events.len() == wire::MAX_EVENTS).unwrap_or(self.end);
        let more = cursor < self.end;
        Ok(json(&FeedAnswer {
            events,
            cursor,
            more,
            lan: None,
        }))
    }

    fn snapshot(&self) -> Answered {
        json(&Snapshot {
            cursor: self.feed_end(),
            campaigns: Vec::new(),
            orders: self.orders.values().cloned().collect(),
            collected: Vec::new(),
            rosters: Vec::new(),
        })
    }
}

fn check(key: &VerifyingKey, asked: &Asked) -> Option<()> {
    let headers = SignatureHeaders {
        input: asked.headers.get("signature-input")?.clone(),
        signature: asked.headers.get("signature")?.clone(),
    };
    let digest = asked
        .headers
        .get("content-digest")
        .filter(|d| **d == content_digest(&asked.body))?;
    let parts = Parts {
        method: &asked.method,
        target: &asked.target,
        content_digest: digest,
    };
    verify(key, parts, &headers).ok().map(drop)
}

fn status(order_id: &str) -> OrderStatus {
    OrderStatus {
        order_id: order_id.to_owned(),
        state: "pending_review".to_owned(),
        order_rev: 0,
        blob_id: String::new(),
        tries: 0,
        paid_fen: 0,
        refunded_fen: 0,
        payment_id: None,
        refund_id: None,
        withdrawn: false,
        rejection: None,
        duplicate_person: false,
    }
}

fn result(op: &Op, status: OpStatus, problem: Option<Problem>) -> OpResult {
    OpResult {
        op_id: op.op_id.clone(),
        status,
        order_rev: None,
        state: None,
        missing_blobs: Vec::new(),
        problem,
    }
}

fn plain(status: u16) -> Answered {
    Answered {
        status,
        headers: Vec::new(),
        body: Vec::new(),
    }
}

macro_rules! json_of {
    ($($kind:ty),+) => { $(impl Json for $kind {
        fn bytes(&self) -> Vec<u8> { serde_json::to_vec(self).unwrap_or_default() }
    })+ };
}
trait Json {
    fn bytes(&self) -> Vec<u8>;
}
json_of!(EnrolAnswer, OpsAnswer, FeedAnswer, Snapshot);

fn json(value: &impl Json) -> Answered {
    Answered {
        status: 200,
        headers: vec![("content-type", JSON.to_owned())],
        body: value.bytes(),
    }
}

fn refusal(problem: &Problem) -> Answered {
    let mut headers = vec![("content-type", "application/problem+json".to_owned())];
    let seconds = problem.retry_after_ms.map(|ms| ms.div_ceil(1000));
    headers.extend(seconds.map(|s| ("retry-after", s.to_string())));
    Answered {
        status: problem.status,
        headers,
        body: serde_json::to_vec(problem).unwrap_or_default(),
    }
}
