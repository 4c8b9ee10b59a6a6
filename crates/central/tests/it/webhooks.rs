//! Webhooks: signed, told again until they are taken, to those who may hear, and replayed. The other side is a real server.
use crate::people::{Browser, add, browser, school};
use crate::station::{Station, fresh};
use crate::world::{DAY, Engine, SCHOOL, World, jpeg};
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use central::people::{AccountRole, webhook_client};
use openssl_hmac::holds;
use paysim::Faults;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// Another implementation than the center's: OpenSSL's.
mod openssl_hmac {
    use openssl::{hash::MessageDigest, pkey::PKey, sign::Signer};
    pub fn holds(secret: &[u8], message: &[u8], signature: &[u8]) -> bool {
        let key = PKey::hmac(secret).unwrap();
        let mut signer = Signer::new(MessageDigest::sha256(), &key).unwrap();
        signer.sign_oneshot_to_vec(message).unwrap() == signature
    }
}

/// What came: id, whether the signature holds, body.
type Heard = Arc<Mutex<Vec<(String, bool, Value)>>>;

/// Somebody's server: answers as it is told, with 204 when it is told nothing.
struct Other {
    url: String,
    heard: Heard,
    answers: Arc<Mutex<VecDeque<u16>>>,
    secret: Arc<Mutex<Vec<u8>>>,
}

impl Other {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hear", listener.local_addr().unwrap());
        let other = Self {
            url,
            heard: Arc::default(),
            answers: Arc::default(),
            secret: Arc::default(),
        };
        let (heard, answers, secret) = (other.heard.clone(), other.answers.clone(), other.secret.clone());
        let hear = move |headers: HeaderMap, body: Bytes| {
            let header = |name: &str| headers[name].to_str().unwrap().to_owned();
            let id = header("webhook-id");
            let signed = [id.as_bytes(), b".", header("webhook-timestamp").as_bytes(), b".", &body].concat();
            let signature = STANDARD.decode(header("webhook-signature").strip_prefix("v1,").unwrap());
            let good = holds(&secret.lock().unwrap(), &signed, &signature.unwrap());
            heard
                .lock()
                .unwrap()
                .push((id, good, serde_json::from_slice(&body).unwrap()));
            let status = answers.lock().unwrap().pop_front().unwrap_or(204);
            async move { StatusCode::from_u16(status).unwrap() }
        };
        let app = axum::Router::new().route("/hear", axum::routing::post(hear));
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        other
    }

    /// Asks the center to be told; the answer's id.
    async fn join(&self, chief: &Browser, body: Value) -> String {
        let mut body = body;
        body["url"] = json!(self.url);
        let made = chief.post("/api/webhooks", body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.json);
        let secret = made.json["secret"].as_str().unwrap().strip_prefix("whsec_").unwrap();
        *self.secret.lock().unwrap() = STANDARD.decode(secret).unwrap();
        made.json["id"].as_str().unwrap().to_owned()
    }

    fn events(&self) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        assert!(heard.iter().all(|(_, good, _)| *good), "every signature holds");
        let event = |(_, _, body): &(String, bool, Value)| body["type"].as_str().unwrap().to_owned();
        heard.iter().map(event).collect()
    }
}

/// Tells what is due, round by round, until nothing is.
async fn tell(world: &World) {
    let client = webhook_client().unwrap();
    while world.central.tell_webhooks(&client).await.unwrap() > 0 {}
}

async fn chief(world: &World) -> Browser {
    add(&world.central, "chief", AccountRole::Admin, None);
    browser(world, "chief").await
}

async fn due(station: &Station) -> String {
    let n = fresh();
    station.collect(n, &jpeg(n as u32)).await
}

async fn told_again(engine: Engine) {
    let world = World::open_paid(engine, Faults::NONE, 1).await;
    let chief = chief(&world).await;
    let other = Other::start().await;
    let hook = other.join(&chief, json!({})).await;
    other.answers.lock().unwrap().extend([500, 503]);
    let station = world.station("一号点").await;
    let order = due(&station).await;
    tell(&world).await;
    assert_eq!(other.events().len(), 1);
    tell(&world).await;
    assert_eq!(other.events().len(), 1, "not before its time");
    world.clock.forward(6_000);
    tell(&world).await;
    world.clock.forward(301_000);
    tell(&world).await;
    tell(&world).await;
    assert_eq!(other.events(), ["order.pending_payment"; 3]);
    let heard = other.heard.lock().unwrap().clone();
    assert!(heard.iter().all(|(id, _, _)| *id == heard[0].0), "one id in every try");
    assert_eq!(heard[0].2["data"]["order_id"], order.as_str());
    assert!(!heard[0].2.to_string().contains('张'), "no person is named");
    let messages = chief.get(&format!("/api/webhooks/{hook}/messages")).await.json;
    assert_eq!(
        (&messages["messages"][0]["state"], &messages["messages"][0]["tries"]),
        (&json!("sent"), &json!(3))
    );
    let again = chief.post(&format!("/api/webhooks/{hook}/replay"), json!({})).await;
    assert_eq!(again.json["messages"], 1);
    tell(&world).await;
    assert_eq!(other.events().len(), 4);
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_told_again_until_it_is_taken() {
    told_again(Engine::Sqlite).await;
    told_again(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_hear_hears_what_they_asked_for() {
    let world = World::open_paid(Engine::Sqlite, Faults::NONE, 2).await;
    let chief = chief(&world).await;
    let (own, far, some) = (Other::start().await, Other::start().await, Other::start().await);
    own.join(&chief, json!({ "school": SCHOOL })).await;
    far.join(&chief, json!({ "school": "10001" })).await;
    some.join(&chief, json!({ "events": ["order.pending_review", "order.rejected"] }))
        .await;
    let station = world.station("一号点").await;
    let order = due(&station).await;
    let at = |what: &str| format!("/api/orders/{order}/{what}");
    chief.post(&at("class-payment"), json!({ "amount_fen": 2500 })).await;
    chief.post(&at("reject"), json!({ "reasons": ["eyes"] })).await;
    tell(&world).await;
    assert_eq!(
        own.events(),
        [
            "order.pending_payment",
            "order.paid",
            "order.pending_review",
            "order.rejected"
        ]
    );
    assert!(far.events().is_empty());
    assert_eq!(some.events(), ["order.pending_review", "order.rejected"]);
    let rejected = some.heard.lock().unwrap()[1].2.clone();
    assert_eq!(rejected["data"]["reasons"], json!(["eyes"]));

    add(&world.central, "near", AccountRole::Admin, school(SCHOOL));
    let near = browser(&world, "near").await;
    let seen = near.get("/api/webhooks").await.json;
    assert_eq!(seen["webhooks"].as_array().unwrap().len(), 1, "{seen}");
    assert!(!seen.to_string().contains("secret"));
    let all = chief.get("/api/webhooks").await.json;
    for hook in all["webhooks"].as_array().unwrap() {
        let target = format!("/api/webhooks/{}", hook["id"].as_str().unwrap());
        let own = hook["school_code"] == SCHOOL;
        let status = near.send("DELETE", &target, &Value::Null).await.status;
        assert_eq!(status == StatusCode::NO_CONTENT, own, "{hook}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_is_gone_is_left_alone_and_one_that_never_answers_is_given_up() {
    let world = World::open_paid(Engine::Sqlite, Faults::NONE, 3).await;
    let chief = chief(&world).await;
    let (gone, deaf) = (Other::start().await, Other::start().await);
    gone.join(&chief, json!({})).await;
    let hook = deaf.join(&chief, json!({})).await;
    gone.answers.lock().unwrap().push_back(410);
    deaf.answers.lock().unwrap().extend([500; 20]);
    let station = world.station("一号点").await;
    due(&station).await;
    tell(&world).await;
    due(&station).await;
    for _ in 0..20 {
        world.clock.forward(2 * DAY);
        tell(&world).await;
    }
    assert_eq!(gone.events().len(), 1);
    // The second order's message begins when the first one's round is over; both have ten tries.
    assert_eq!(deaf.events().len(), 20);
    add(&world.central, "later", AccountRole::Admin, None);
    let later = browser(&world, "later").await;
    let messages = later.get(&format!("/api/webhooks/{hook}/messages")).await.json;
    let states: Vec<_> = messages["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| &m["state"])
        .collect();
    assert_eq!(states, [&json!("given_up"), &json!("given_up")]);
    for (body, field) in [
        (json!({ "url": "http://example.org/x" }), "url"),
        (json!({ "url": "https://a:b@example.org/x" }), "url"),
        (
            json!({ "url": "https://example.org/x", "events": ["order.nothing"] }),
            "events",
        ),
    ] {
        let refused = later.post("/api/webhooks", body.clone()).await.json;
        assert_eq!(refused["code"], "validation", "{body}");
        assert!(refused["detail"].as_str().unwrap().starts_with(field), "{refused}");
    }
}
