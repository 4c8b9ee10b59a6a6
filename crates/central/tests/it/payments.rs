//! Money: paid by code, late, twice, forged, lost on the way, and sent back. The provider is the sandbox, over real HTTP.
use crate::people::{Browser, add, browser, school};
use crate::station::{Station, fresh};
use crate::world::{DAY, Engine, SCHOOL, World, jpeg};
use central::people::AccountRole;
use http::{Method, StatusCode};
use pay::bill::BillDate;
use paysim::{Faults, Sandbox};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use wire::op::OpBody;
use wire::payment::PaymentCodeAnswer;
use wire::problem::Code;

const LONG: Duration = Duration::from_secs(20);
const MINUTE: i64 = 60_000;

async fn world(engine: Engine, faults: Faults, seed: u64) -> (World, Station) {
    let world = World::open_paid(engine, faults, seed).await;
    let station = world.station("一号点").await;
    (world, station)
}

fn provider(world: &World) -> &Sandbox {
    world.provider.as_ref().unwrap()
}

/// An order that waits for its money.
async fn due(station: &Station) -> String {
    let n = fresh();
    let order = station.collect(n, &jpeg(n as u32)).await;
    assert_eq!(state(station, &order).await, "pending_payment");
    order
}

async fn state(station: &Station, order: &str) -> String {
    station.told(order).await.unwrap().state
}

async fn code(station: &Station, order: &str) -> PaymentCodeAnswer {
    let answer = asked(station, order).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

async fn asked(station: &Station, order: &str) -> crate::station::Answer {
    let target = format!("/v1/orders/{order}/payments");
    station.send(&station.ask(Method::POST, &target, "")).await
}

fn pay(world: &World, code: &PaymentCodeAnswer) {
    assert!(provider(world).with(|p, now| p.pay(&code.out_trade_no, now)));
}

/// Waits until an order is in a state; callbacks are on their way.
async fn becomes(station: &Station, order: &str, expected: &str) {
    let began = Instant::now();
    while state(station, order).await != expected {
        let now = state(station, order).await;
        assert!(began.elapsed() < LONG, "{order} is {now}, not {expected}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn money(browser: &Browser, order: &str) -> Value {
    browser.get(&format!("/api/orders/{order}/payments")).await.json
}

/// The refund that begins by itself, asked of the provider.
async fn sent_back(world: &World, browser: &Browser, order: &str) -> Value {
    let began = Instant::now();
    while money(browser, order).await["refunds"][0].is_null() {
        assert!(began.elapsed() < LONG);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    settle(world).await;
    money(browser, order).await["refunds"][0].clone()
}

/// Asks the provider about everything that is due.
async fn settle(world: &World) {
    world.clock.forward(MINUTE);
    assert_eq!(world.central.settle_payments().await.unwrap().unanswered, 0);
}

async fn reviewer(world: &World) -> Browser {
    add(&world.central, "rev-a", AccountRole::Reviewer, None);
    browser(world, "rev-a").await
}

async fn paid_by_code(engine: Engine) {
    let (world, station) = world(engine, Faults::NONE, 1).await;
    let order = due(&station).await;
    let first = code(&station, &order).await;
    assert!(first.code_url.starts_with("weixin://wxpay/"));
    assert_eq!(first.amount_fen, 2500);
    assert_eq!(code(&station, &order).await, first, "asked again, the same code");
    pay(&world, &first);
    becomes(&station, &order, "pending_review").await;
    let again = asked(&station, &order).await;
    assert_eq!(again.code(), Code::StateForbidden, "it is paid");
    let other = world.station("二号点").await;
    assert_eq!(asked(&other, &order).await.code(), Code::NotFound, "another's order");
    let seen = money(&reviewer(&world).await, &order).await;
    assert_eq!(seen["payments"][0]["state"], "paid");
    assert_eq!(seen["payments"][0]["out_trade_no"], first.out_trade_no.as_str());
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_is_paid_by_code() {
    paid_by_code(Engine::Sqlite).await;
    paid_by_code(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callback_that_never_comes_is_asked_for() {
    let faults = Faults {
        missing: 100,
        ..Faults::NONE
    };
    let (world, station) = world(Engine::Sqlite, faults, 2).await;
    let order = due(&station).await;
    let paid = code(&station, &order).await;
    settle(&world).await;
    assert_eq!(state(&station, &order).await, "pending_payment", "nobody paid yet");
    pay(&world, &paid);
    settle(&world).await;
    assert_eq!(state(&station, &order).await, "pending_review");
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_ran_out_is_closed_and_another_one_is_given() {
    let (world, station) = world(Engine::Sqlite, Faults::NONE, 3).await;
    let order = due(&station).await;
    let first = code(&station, &order).await;
    world.clock.forward(20 * MINUTE);
    settle(&world).await;
    assert!(
        !provider(&world).with(|p, now| p.pay(&first.out_trade_no, now)),
        "closed there too"
    );
    let second = code(&station, &order).await;
    assert_ne!(second.out_trade_no, first.out_trade_no);
    pay(&world, &second);
    becomes(&station, &order, "pending_review").await;
    world.assert_consistent();
}

/// T11b: money that comes after closing goes back by itself.
async fn paid_late(engine: Engine) {
    let (world, station) = world(engine, Faults::NONE, 4).await;
    let order = due(&station).await;
    let late = code(&station, &order).await;
    station.op_result(&station.op(&order, 2, &OpBody::Close)).await;
    assert_eq!(state(&station, &order).await, "closed");
    pay(&world, &late);
    let reviewer = reviewer(&world).await;
    let refund = sent_back(&world, &reviewer, &order).await;
    assert_eq!((&refund["step"], &refund["cause"]), (&json!("asked"), &json!("late")));
    let number = refund["out_refund_no"].as_str().unwrap();
    assert!(provider(&world).with(|p, _| p.settle_refund(number, "SUCCESS")));
    becomes(&station, &order, "refunded").await;
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_after_closing_goes_back() {
    paid_late(Engine::Sqlite).await;
    paid_late(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_that_comes_twice_goes_back_once() {
    let (world, station) = world(Engine::Sqlite, Faults::NONE, 5).await;
    let order = due(&station).await;
    let first = code(&station, &order).await;
    world.clock.forward(14 * MINUTE + MINUTE / 2);
    let second = code(&station, &order).await;
    assert_ne!(first.out_trade_no, second.out_trade_no, "the first is nearly over");
    pay(&world, &second);
    becomes(&station, &order, "pending_review").await;
    pay(&world, &first);
    let reviewer = reviewer(&world).await;
    let refund = sent_back(&world, &reviewer, &order).await;
    assert_eq!(refund["cause"], "twice");
    let number = refund["out_refund_no"].as_str().unwrap();
    assert!(provider(&world).with(|p, _| p.settle_refund(number, "SUCCESS")));
    settle(&world).await;
    assert_eq!(money(&reviewer, &order).await["refunds"][0]["step"], "done");
    assert_eq!(
        state(&station, &order).await,
        "pending_review",
        "it keeps its own money"
    );
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_is_approved_and_confirmed_and_the_lab_waits_for_it() {
    let (world, station) = world(Engine::Sqlite, Faults::NONE, 6).await;
    let order = due(&station).await;
    pay(&world, &code(&station, &order).await);
    becomes(&station, &order, "pending_review").await;
    let reviewer = reviewer(&world).await;
    add(&world.central, "lab-1", AccountRole::Lab, None);
    let lab = browser(&world, "lab-1").await;
    let at = |what: &str| format!("/api/orders/{order}/{what}");
    reviewer.post(&at("approve"), Value::Null).await;
    let nothing = reviewer.post(&at("refund"), json!({ "reason": " " })).await;
    assert_eq!(nothing.json["code"], "validation");
    let refused = lab.post(&at("refund"), json!({ "reason": "不要了" })).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let asked = reviewer.post(&at("refund"), json!({ "reason": "不要了" })).await.json;
    assert_eq!(asked["step"], "asked");
    let twice = reviewer.post(&at("refund"), json!({ "reason": "不要了" })).await.json;
    assert_eq!(twice["id"], asked["id"], "asked again, the same refund");

    let picture = lab.get(&at("pictures/finished")).await.bytes;
    let sha256 = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&picture));
    let pulled = lab.post(&at("pull"), json!({ "sha256": sha256 })).await;
    assert_eq!(pulled.json["code"], "state_forbidden", "its money is on its way back");
    let number = asked["out_refund_no"].as_str().unwrap();
    assert!(provider(&world).with(|p, _| p.settle_refund(number, "SUCCESS")));
    becomes(&station, &order, "refunded").await;
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_that_is_stuck_is_listed_and_tried_again() {
    let (world, station) = world(Engine::Sqlite, Faults::NONE, 7).await;
    let order = due(&station).await;
    pay(&world, &code(&station, &order).await);
    becomes(&station, &order, "pending_review").await;
    let reviewer = reviewer(&world).await;
    let at = format!("/api/orders/{order}/refund");
    let refund = reviewer.post(&at, json!({ "reason": "拍错了" })).await.json;
    let number = refund["out_refund_no"].as_str().unwrap();
    assert!(provider(&world).with(|p, _| p.settle_refund(number, "ABNORMAL")));
    let began = Instant::now();
    while reviewer.get("/api/refunds").await.json["refunds"][0]["id"] != refund["id"] {
        assert!(began.elapsed() < LONG);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let report = world.central.verify().unwrap();
    assert_eq!((report.errors, report.warnings), (0, 1), "{:?}", report.findings);
    add(&world.central, "other", AccountRole::Reviewer, school("10001"));
    let other = browser(&world, "other").await;
    let again = format!("/api/refunds/{}/again", refund["id"].as_str().unwrap());
    assert_eq!(other.post(&again, Value::Null).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.get("/api/refunds").await.json["refunds"], json!([]));
    // The payer's bank has taken it after all.
    assert!(provider(&world).with(|p, _| p.settle_refund(number, "SUCCESS")));
    reviewer.post(&again, Value::Null).await;
    becomes(&station, &order, "refunded").await;
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_that_paid_in_one_sum_gets_its_money_from_the_coordinator() {
    let (world, station) = world(Engine::Sqlite, Faults::NONE, 8).await;
    let order = due(&station).await;
    add(&world.central, "clerk", AccountRole::Coordinator, school(SCHOOL));
    let coordinator = browser(&world, "clerk").await;
    let at = |what: &str| format!("/api/orders/{order}/{what}");
    let wrong = coordinator
        .post(&at("class-payment"), json!({ "amount_fen": 2400 }))
        .await;
    assert_eq!(wrong.json["code"], "state_forbidden");
    coordinator
        .post(&at("class-payment"), json!({ "amount_fen": 2500 }))
        .await;
    assert_eq!(state(&station, &order).await, "pending_review");
    let refund = reviewer(&world)
        .await
        .post(&at("refund"), json!({ "reason": "转学" }))
        .await;
    assert_eq!(refund.json["step"], "done");
    assert_eq!(state(&station, &order).await, "refunded");
    world.assert_consistent();
}

/// Nothing forged, doubled, late or missing is booked wrongly: at the end the books are the bill, to the fen.
async fn a_bad_day(engine: Engine) {
    const ORDERS: usize = 24;
    let (world, station) = world(engine, Faults::MANY, 9).await;
    let reviewer = reviewer(&world).await;
    let day = BillDate::of(world.central.config().clock.now());
    let mut orders = Vec::new();
    for n in 0..ORDERS {
        let order = due(&station).await;
        let paid = code(&station, &order).await;
        if n.is_multiple_of(5) {
            station.op_result(&station.op(&order, 2, &OpBody::Close)).await;
        }
        pay(&world, &paid);
        orders.push((n, order));
    }
    let target = |n: usize| {
        if n.is_multiple_of(5) {
            "refunded"
        } else {
            "pending_review"
        }
    };
    for _ in 0..6 {
        settle(&world).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        for (_, order) in orders.iter().filter(|(n, _)| n.is_multiple_of(5)) {
            let refund = money(&reviewer, order).await["refunds"][0].clone();
            if let Some(number) = refund["out_refund_no"].as_str() {
                provider(&world).with(|p, _| p.settle_refund(number, "SUCCESS"));
            }
        }
    }
    for (n, order) in &orders {
        becomes(&station, order, target(*n)).await;
    }
    world.assert_consistent();
    world.clock.forward(DAY);
    let outcome = world.central.reconcile(day).await.unwrap();
    assert_eq!(outcome.differences, [], "{outcome:?}");
    assert_eq!(outcome.matched, ORDERS + ORDERS.div_ceil(5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_books_are_the_bill_after_a_bad_day() {
    a_bad_day(Engine::Sqlite).await;
    a_bad_day(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bill_brings_what_no_callback_brought() {
    let faults = Faults {
        missing: 100,
        ..Faults::NONE
    };
    let (world, station) = world(Engine::Sqlite, faults, 10).await;
    let day = BillDate::of(world.central.config().clock.now());
    let order = due(&station).await;
    let paid = code(&station, &order).await;
    pay(&world, &paid);
    world.clock.forward(DAY);
    add(&world.central, "chief", AccountRole::Admin, None);
    let chief = browser(&world, "chief").await;
    let outcome = chief.get(&format!("/api/payments/days/{day}")).await.json;
    assert_eq!(
        (&outcome["taken_in"], &outcome["matched"]),
        (&json!(1), &json!(1)),
        "{outcome}"
    );
    assert_eq!(outcome["differences"], json!([]));
    assert_eq!(state(&station, &order).await, "pending_review");
    let none = chief.get("/api/payments/days/2027-02-30").await;
    assert_eq!(none.json["code"], "validation");
    world.assert_consistent();
}

#[tokio::test]
async fn a_center_without_a_provider_says_so() {
    let world = World::open().await;
    let station = world.station("一号点").await;
    let order = station.collect(fresh(), &jpeg(1)).await;
    let answer = asked(&station, &order).await;
    assert_eq!(answer.code(), Code::StateForbidden);
    let forged = station
        .send(&station.ask(Method::POST, "/v1/payments/notice", "{}"))
        .await;
    assert_eq!(forged.code(), Code::StateForbidden);
}
