//! Short messages about an order (F22): only to who allowed them, once, after the step stands, and again when the sender failed.
use crate::guests::{PHONE, guest, order_of, sent, world};
use crate::people::Browser;
use crate::station::{Station, fresh, id};
use crate::world::{Engine, MORNING, World};
use central::people::AccountRole;
use central::sms::FILE;
use domain::review::RejectReason;
use domain::{Money, OrderId};
use http::StatusCode;
use serde_json::{Value, json};
use wire::op::Submit;
use wire::order::ConsentDoc;

const MINUTE: i64 = 60_000;

fn allowed(body: &mut Submit) {
    body.messages = Some(ConsentDoc {
        id: id(fresh()),
        text_version: "messages-1".to_owned(),
        language: "zh-CN".to_owned(),
        at_ms: MORNING,
        asked_by: "kiosk".to_owned(),
    });
}

/// An order in review.
async fn due(world: &World, station: &Station, change: impl FnOnce(&mut Submit)) -> OrderId {
    let order = order_of(station, PHONE, change).await.parse().unwrap();
    world.central.mark_paid("coord", &order, Money::from_fen(2500)).unwrap();
    order
}

fn reject(world: &World, order: &OrderId) {
    world.central.reject("rev", order, &[RejectReason::Eyes], None).unwrap();
}

/// Everything that is due; the kinds and last four of what has gone out by now, codes aside.
async fn told(world: &World) -> Vec<(String, String)> {
    world.central.send_notices().await.unwrap();
    let lines = sent(world).into_iter().filter(|l| l["kind"] != "code");
    let word = |l: &Value, name: &str| l[name].as_str().unwrap().to_owned();
    lines.map(|l| (word(&l, "kind"), word(&l, "text"))).collect()
}

async fn rejected_and_ready(engine: Engine) {
    let (world, station) = world(engine).await;
    let (yes, no) = (
        due(&world, &station, allowed).await,
        due(&world, &station, |_| {}).await,
    );
    reject(&world, &yes);
    reject(&world, &no);
    world.clock.forward(9 * MINUTE);
    assert_eq!(told(&world).await, [], "a reviewer may take it back still");
    world.clock.forward(MINUTE);
    let after = told(&world).await;
    assert_eq!(after.len(), 1, "only who allowed it: {after:?}");
    let number = world.central.order(&yes).unwrap().row.order.number.to_string();
    assert_eq!(after[0].0, "rejected");
    assert!(after[0].1.contains(&number[number.len() - 4..]), "{after:?}");
    assert!(!after[0].1.contains("张"), "it names nobody");
    assert_eq!(told(&world).await, after, "once");
    let history = world.central.order(&yes).unwrap().history;
    assert_eq!(history.last().map(|h| h.what.as_str()), Some("told"));

    let ready = due(&world, &station, allowed).await;
    world.central.approve("rev", &ready).unwrap();
    world.central.pull("lab", &ready).unwrap();
    world.central.produce("lab", &ready).unwrap();
    let after = told(&world).await;
    assert_eq!((after.len(), after[1].0.as_str()), (2, "ready"));
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_allowed_it_is_told_once() {
    rejected_and_ready(Engine::Sqlite).await;
    rejected_and_ready(Engine::Postgres).await;
}

#[tokio::test]
async fn a_rejection_taken_back_is_not_told() {
    let (world, station) = world(Engine::Sqlite).await;
    let order = due(&world, &station, allowed).await;
    crate::people::add(&world.central, "rev-a", AccountRole::Reviewer, None);
    let rev: Browser = crate::people::browser(&world, "rev-a").await;
    let at = |what: &str| format!("/api/orders/{order}/{what}");
    assert_eq!(
        rev.post(&at("reject"), json!({ "reasons": ["eyes"] })).await.status,
        StatusCode::OK
    );
    world.clock.forward(MINUTE);
    assert_eq!(rev.post(&at("undo"), Value::Null).await.status, StatusCode::OK);
    world.clock.forward(20 * MINUTE);
    assert_eq!(told(&world).await, []);
    // The one that stands is told.
    reject(&world, &order);
    world.clock.forward(10 * MINUTE);
    assert_eq!(told(&world).await.len(), 1);
}

#[tokio::test]
async fn a_sender_that_fails_is_asked_again() {
    let (world, station) = world(Engine::Sqlite).await;
    let order = due(&world, &station, allowed).await;
    let file = world.dir.path().join("center").join(FILE);
    std::fs::create_dir(&file).unwrap();
    reject(&world, &order);
    world.clock.forward(10 * MINUTE);
    assert_eq!(world.central.send_notices().await.unwrap(), 0);
    assert_eq!(world.central.send_notices().await.unwrap(), 0, "not at once");
    std::fs::remove_dir(&file).unwrap();
    world.clock.forward(10_000);
    assert_eq!(told(&world).await.len(), 1);
    world.clock.forward(MINUTE);
    assert_eq!(told(&world).await.len(), 1);
}

#[tokio::test]
async fn a_graduate_allows_it_at_the_site_and_takes_it_back() {
    let (world, station) = world(Engine::Sqlite).await;
    let order = due(&world, &station, |_| {}).await;
    let me = guest(&world, PHONE).await;
    let (at, page) = (
        format!("/my/api/orders/{order}/messages"),
        format!("/my/api/orders/{order}"),
    );
    assert_eq!(me.get(&page).await.json["messages"], false, "not unless it was allowed");
    let yes = json!({ "allowed": true, "language": "en" });
    assert_eq!(
        me.post(&at, json!({ "allowed": true, "language": "tlh" })).await.json["code"],
        "validation"
    );
    assert_eq!(me.post(&at, yes.clone()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(me.get(&page).await.json["messages"], true);
    let consents = me.get("/my/api/data").await.json["consents"].clone();
    assert_eq!(
        consents[1]["version"], "messages-1",
        "the record says which words: {consents}"
    );
    reject(&world, &order);
    assert_eq!(
        me.post(&at, json!({ "allowed": false })).await.status,
        StatusCode::NO_CONTENT
    );
    world.clock.forward(10 * MINUTE);
    assert_eq!(told(&world).await, [], "taken back before it went out");
    let history = world.central.order(&order).unwrap().history;
    let said: Vec<_> = history
        .iter()
        .map(|h| h.what.as_str())
        .filter(|w| w.starts_with("messages"))
        .collect();
    assert_eq!(said, ["messages_allowed", "messages_refused"]);
    world.assert_consistent();
}
