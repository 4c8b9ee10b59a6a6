//! Graduates who prove their mobile number: codes that tell nothing, sessions of their own kind, and orders of nobody else.
use crate::people::{Browser, Said, add, browser};
use crate::station::{Answer, Station, fresh, id, submit};
use crate::world::{DAY, Engine, HOUR, World, jpeg};
use central::people::AccountRole;
use central::sms::FILE;
use http::{Method, StatusCode};
use paysim::Faults;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use wire::op::{OpBody, OpStatus};
use wire::problem::Code;

pub const PHONE: &str = "13812341234";
const OTHERS: &str = "13912345678";
const NOBODYS: &str = "15000000000";
const MINUTE: i64 = 60_000;

pub async fn world(engine: Engine) -> (World, Station) {
    let world = World::open_paid(engine, Faults::NONE, 7).await;
    let station = world.station("一号点").await;
    (world, station)
}

/// An order whose record carries a number.
pub async fn order_of(station: &Station, phone: &str, change: impl FnOnce(&mut wire::op::Submit)) -> String {
    let n = fresh();
    let photo = jpeg(n as u32);
    assert!(matches!(station.put(&photo).await.status, 200 | 201));
    let OpBody::Submit(mut body) = submit(n, &photo) else {
        unreachable!()
    };
    body.person.subject.phone = Some(phone.to_owned());
    body.person.subject.name = Some("张三丰".to_owned());
    body.person.subject.id_number = Some("430102200001011234".to_owned());
    change(&mut body);
    let order = id(fresh());
    let result = station.op_result(&station.op(&order, 1, &OpBody::Submit(body))).await;
    assert_eq!(result.status, OpStatus::Applied, "{result:?}");
    order
}

/// What went out so far.
pub fn sent(world: &World) -> Vec<Value> {
    let text = std::fs::read_to_string(world.dir.path().join("center").join(FILE)).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Waits for a message after so many; sending goes on beside the answer.
async fn next(world: &World, before: usize) -> Value {
    let began = Instant::now();
    loop {
        if let Some(line) = sent(world).get(before) {
            return line.clone();
        }
        assert!(began.elapsed() < Duration::from_secs(20), "nothing was sent");
        tokio::task::yield_now().await;
    }
}

async fn ask(guest: &Browser, phone: &str) -> Said {
    guest.post("/my/api/code", json!({ "phone": phone })).await
}

async fn enter(guest: &Browser, phone: &str, code: &str) -> Said {
    guest
        .post("/my/api/login", json!({ "phone": phone, "code": code }))
        .await
}

/// Comes in by a code.
pub async fn guest(world: &World, phone: &str) -> Browser {
    let mut guest = Browser::new(world.address);
    let before = sent(world).len();
    assert_eq!(ask(&guest, phone).await.status, StatusCode::ACCEPTED);
    let line = next(world, before).await;
    assert_eq!((&line["phone"], &line["kind"]), (&json!(phone), &json!("code")));
    let said = enter(&guest, phone, line["code"].as_str().unwrap()).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.json);
    (guest.cookie, guest.csrf) = (said.cookie, said.json["csrf_token"].as_str().map(str::to_owned));
    guest
}

fn other_than(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

async fn a_code_proves_once_and_tells_nothing(engine: Engine) {
    let (world, station) = world(engine).await;
    order_of(&station, "+86 138-1234 1234", |_| {}).await;
    let stranger = Browser::new(world.address);

    let known = ask(&stranger, "138 1234 1234").await;
    let unknown = ask(&stranger, NOBODYS).await;
    assert_eq!(known.status, StatusCode::ACCEPTED);
    assert_eq!((known.status, &known.json), (unknown.status, &unknown.json));
    let first = next(&world, 0).await;
    let first = first["code"].as_str().unwrap();
    assert_eq!(first.len(), 6);
    // A code, a wrong code and a number without one are answered alike.
    let wrong = enter(&stranger, PHONE, &other_than(first)).await;
    let nobody = enter(&stranger, NOBODYS, first).await;
    let never = enter(&stranger, OTHERS, first).await;
    assert_eq!(wrong.json["code"], "phone_code_invalid");
    assert_eq!((&wrong.json, &wrong.json), (&nobody.json, &never.json));
    // Soon again is refused alike, too.
    let again = ask(&stranger, PHONE).await;
    assert_eq!(
        (again.json["code"].as_str(), again.json.to_string()),
        (Some("rate_limited"), ask(&stranger, NOBODYS).await.json.to_string(),)
    );

    // The next code takes the place of the one before.
    world.clock.forward(MINUTE);
    assert_eq!(ask(&stranger, PHONE).await.status, StatusCode::ACCEPTED);
    let second = next(&world, 1).await;
    let second = second["code"].as_str().unwrap().to_owned();
    if first != second {
        assert_eq!(enter(&stranger, PHONE, first).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(enter(&stranger, PHONE, &second).await.status, StatusCode::OK);
    assert_eq!(
        enter(&stranger, PHONE, &second).await.status,
        StatusCode::UNAUTHORIZED,
        "used"
    );

    // Five wrong ones, and the right one is worth nothing.
    world.clock.forward(MINUTE);
    ask(&stranger, PHONE).await;
    let third = next(&world, 2).await;
    let third = third["code"].as_str().unwrap();
    for _ in 0..5 {
        assert_eq!(
            enter(&stranger, PHONE, &other_than(third)).await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    assert_eq!(enter(&stranger, PHONE, third).await.status, StatusCode::UNAUTHORIZED);

    // Five minutes, and it is over.
    world.clock.forward(MINUTE);
    ask(&stranger, PHONE).await;
    let fourth = next(&world, 3).await;
    world.clock.forward(5 * MINUTE);
    assert_eq!(
        enter(&stranger, PHONE, fourth["code"].as_str().unwrap()).await.status,
        StatusCode::UNAUTHORIZED
    );

    // Ten a day; the next day there are more.
    for n in 4..10 {
        assert_eq!(ask(&stranger, PHONE).await.status, StatusCode::ACCEPTED, "{n}");
        world.clock.forward(MINUTE);
        next(&world, n).await;
    }
    assert_eq!(ask(&stranger, PHONE).await.json["code"], "rate_limited");
    world.clock.forward(DAY);
    world.central.tick().unwrap();
    assert_eq!(ask(&stranger, PHONE).await.status, StatusCode::ACCEPTED);
    next(&world, 10).await;
    assert_eq!(sent(&world).len(), 11, "nothing was ever sent to a number nobody has");
    assert_eq!(ask(&stranger, "12345").await.json["code"], "validation");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_proves_a_number_once() {
    a_code_proves_once_and_tells_nothing(Engine::Sqlite).await;
    a_code_proves_once_and_tells_nothing(Engine::Postgres).await;
}

#[tokio::test]
async fn one_address_asks_only_so_often() {
    let (world, _) = world(Engine::Sqlite).await;
    let stranger = Browser::new(world.address);
    for n in 0..60 {
        let number = format!("150000{n:05}");
        assert_eq!(ask(&stranger, &number).await.status, StatusCode::ACCEPTED, "{n}");
    }
    assert_eq!(ask(&stranger, "15100000000").await.json["code"], "rate_limited");
    assert_eq!(
        enter(&stranger, "15100000000", "000000").await.json["code"],
        "rate_limited"
    );
    world.clock.forward(10 * MINUTE);
    assert_eq!(ask(&stranger, "15100000000").await.status, StatusCode::ACCEPTED);
}

async fn only_ones_own_orders(engine: Engine) {
    let (world, station) = world(engine).await;
    let mine = order_of(&station, PHONE, |_| {}).await;
    world.clock.forward(MINUTE);
    let newer = order_of(&station, PHONE, |_| {}).await;
    let others = order_of(&station, OTHERS, |_| {}).await;
    let me = guest(&world, PHONE).await;

    let list = me.get("/my/api/orders").await;
    let ids: Vec<_> = list.json["orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, [&newer, &mine], "newest first, and nobody else's");
    let page = me.get(&format!("/my/api/orders/{mine}")).await.json;
    let person = &page["row"]["person"];
    assert_eq!(
        (&person["name"], &person["id_masked"]),
        (&json!("张*"), &json!("430102********1234"))
    );
    assert_eq!(person["phone_masked"], "138****1234");
    for clear in ["张三丰", "430102200001011234", PHONE] {
        let all = [
            list.json.to_string(),
            page.to_string(),
            me.get("/my/api/data").await.json.to_string(),
        ];
        assert!(
            all.iter().all(|text| !text.contains(clear)),
            "{clear} is masked everywhere"
        );
    }
    let picture = me.get(&format!("/my/api/orders/{mine}/picture")).await;
    assert_eq!(
        (picture.status, &picture.bytes[..3]),
        (StatusCode::OK, &b"\xff\xd8\xff"[..])
    );

    add(&world.central, "chief", AccountRole::Admin, None);
    let chief = browser(&world, "chief").await;
    let before = me.get("/my/api/data").await.json;
    for (method, path) in central::site_routes() {
        let body = match path {
            "/my/api/orders/{id}/address" => json!({ "address": "别处" }),
            "/my/api/orders/{id}/messages" => json!({ "allowed": true, "language": "zh-CN" }),
            _ => Value::Null,
        };
        let target = |order: &str| path.replace("{id}", order);
        let stranger = Browser::new(world.address);
        assert_eq!(
            stranger.send(method, &target(&mine), &body).await.status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
        assert_eq!(
            chief.send(method, &target(&mine), &body).await.status,
            StatusCode::UNAUTHORIZED,
            "{path} by an account"
        );
        if path.contains("{id}") {
            assert_eq!(
                me.send(method, &target(&others), &body).await.status,
                StatusCode::NOT_FOUND,
                "{path}"
            );
            assert_eq!(
                me.send(method, &target("x"), &body).await.status,
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
        if method == "POST" {
            let forged = Browser {
                csrf: None,
                cookie: me.cookie.clone(),
                ..Browser::new(world.address)
            };
            assert_eq!(
                forged.send(method, &target(&mine), &body).await.json["code"],
                "csrf_needed",
                "{path}"
            );
        }
    }
    assert_eq!(me.get("/my/api/data").await.json, before, "nothing changed");
    let console = Browser {
        csrf: me.csrf.clone(),
        cookie: me.cookie.clone(),
        ..Browser::new(world.address)
    };
    assert_eq!(
        console.get("/api/me").await.status,
        StatusCode::UNAUTHORIZED,
        "a graduate is no account"
    );

    world.clock.forward(HOUR);
    assert_eq!(
        me.get("/my/api/me").await.status,
        StatusCode::UNAUTHORIZED,
        "nobody used it for an hour"
    );
    let me = guest(&world, PHONE).await;
    assert_eq!(
        me.post("/my/api/logout", Value::Null).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(me.get("/my/api/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graduate_sees_and_changes_only_their_own() {
    only_ones_own_orders(Engine::Sqlite).await;
    only_ones_own_orders(Engine::Postgres).await;
}

async fn pays_edits_takes_back_and_reprints(engine: Engine) {
    let (world, station) = world(engine).await;
    let order = order_of(&station, PHONE, |_| {}).await;
    let me = guest(&world, PHONE).await;
    let at = |what: &str| format!("/my/api/orders/{order}/{what}");
    let state = async || me.get(&format!("/my/api/orders/{order}")).await.json["row"]["state"].clone();

    let code = me.post(&at("payment"), Value::Null).await.json;
    assert_eq!(code["amount_fen"], 2500);
    let modules = code["modules"].as_u64().unwrap();
    assert_eq!(code["dark"].as_str().unwrap().len() as u64, modules * modules);
    assert_eq!(
        me.post(&at("payment"), Value::Null).await.json["link"],
        code["link"],
        "the same one while it holds"
    );
    // The station is given the same one.
    let theirs = station.ask(Method::POST, &format!("/v1/orders/{order}/payments"), "");
    let theirs: wire::payment::PaymentCodeAnswer = station.send(&theirs).await.json();
    assert_eq!(json!(theirs.code_url), code["link"]);
    assert!(
        world
            .provider
            .as_ref()
            .unwrap()
            .with(|p, now| p.pay(&theirs.out_trade_no, now))
    );
    world.clock.forward(30_000);
    let began = Instant::now();
    while state().await != "pending_review" {
        world.central.settle_payments().await.unwrap();
        assert!(began.elapsed() < Duration::from_secs(20));
    }

    let long = me.post(&at("address"), json!({ "address": "长".repeat(1000) })).await;
    assert_eq!(long.json["code"], "state_forbidden");
    assert_eq!(
        me.post(&at("address"), json!({ "address": "湖南省长沙市岳麓区 1 号" }))
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        me.get(&format!("/my/api/orders/{order}")).await.json["address_masked"],
        "湖南省长*********"
    );
    assert_eq!(
        me.post(&at("reprint"), Value::Null).await.json["code"],
        "state_forbidden",
        "not approved yet"
    );
    assert_eq!(
        me.post(&at("withdraw"), Value::Null).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        me.post(&at("withdraw"), Value::Null).await.json["code"],
        "state_forbidden"
    );
    assert!(station.told(&order).await.unwrap().withdrawn, "its station hears of it");

    let good = order_of(&station, PHONE, |_| {}).await;
    world
        .central
        .mark_paid("coord", &good.parse().unwrap(), domain::Money::from_fen(2500))
        .unwrap();
    world.central.approve("rev", &good.parse().unwrap()).unwrap();
    for _ in 0..5 {
        assert_eq!(
            me.post(&format!("/my/api/orders/{good}/reprint"), Value::Null)
                .await
                .status,
            StatusCode::CREATED
        );
    }
    let many = me.post(&format!("/my/api/orders/{good}/reprint"), Value::Null).await;
    assert_eq!(many.json["code"], "validation", "five wait for their money");
    let list = me.get("/my/api/orders").await.json;
    let mut numbers: Vec<_> = list["orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["number"].to_string())
        .collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 7);
    assert_eq!(me.post("/my/api/erase", Value::Null).await.json, "asked");
    let history = world.central.order(&good.parse().unwrap()).unwrap().history;
    assert_eq!(
        history.last().map(|h| (h.who.as_str(), h.what.as_str())),
        Some(("graduate", "erasure_asked"))
    );
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graduate_pays_edits_takes_back_and_orders_reprints() {
    pays_edits_takes_back_and_reprints(Engine::Sqlite).await;
    pays_edits_takes_back_and_reprints(Engine::Postgres).await;
}

async fn by_station(station: &Station, target: &str, body: &Value) -> Answer {
    station.send(&station.ask(Method::POST, target, body.to_string())).await
}

#[tokio::test]
async fn a_station_has_a_number_proved() {
    let (world, station) = world(Engine::Sqlite).await;
    let asked = async |phone: &str, known: bool| {
        by_station(&station, "/v1/phone-codes", &json!({ "phone": phone, "known": known })).await
    };
    let checked = async |phone: &str, code: &str| {
        by_station(
            &station,
            "/v1/phone-codes/check",
            &json!({ "phone": phone, "code": code }),
        )
        .await
    };
    // Known to the station, although none of its orders is here yet.
    let (known, unknown) = (asked(PHONE, true).await, asked(NOBODYS, false).await);
    assert_eq!((known.status, known.body.clone()), (200, unknown.body));
    let line = next(&world, 0).await;
    let code = line["code"].as_str().unwrap();
    assert_eq!(checked(PHONE, &other_than(code)).await.code(), Code::PhoneCodeInvalid);
    assert_eq!(checked(PHONE, code).await.status, 204);
    assert_eq!(checked(PHONE, code).await.code(), Code::PhoneCodeInvalid);
    assert_eq!(sent(&world).len(), 1, "nothing for a number it does not know");
    let soon = asked(PHONE, true).await.problem();
    assert_eq!((soon.code, soon.retry_after_ms), (Code::RateLimited, Some(60_000)));
    assert_eq!(asked("1381234", true).await.code(), Code::Validation);
    assert_eq!(
        by_station(&station, "/v1/phone-codes", &json!({})).await.code(),
        Code::Validation
    );
    let unsigned = Browser::new(world.address);
    let said = unsigned
        .post("/v1/phone-codes", json!({ "phone": PHONE, "known": true }))
        .await;
    assert_eq!(said.json["code"], "bad_signature");
}

/// Rows of a program that knew no numbers are found by them after the next start.
#[tokio::test]
async fn orders_of_an_older_program_are_found() {
    let (world, station) = world(Engine::Sqlite).await;
    let order = order_of(&station, PHONE, |_| {}).await;
    order_of(&station, "0731-1234567", |_| {}).await;
    let data = &world.central.config().data_dir;
    let old = rusqlite::Connection::open(data.join("central.db")).unwrap();
    assert_eq!(old.execute("UPDATE orders SET phone = NULL", []).unwrap(), 2);
    let phone = || -> Vec<(String, Option<String>)> {
        let mut rows = old
            .prepare("SELECT order_id, phone FROM orders WHERE phone IS NOT NULL")
            .unwrap();
        let read = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        read.collect::<Result<_, _>>().unwrap()
    };
    assert!(phone().is_empty());
    assert_eq!(world.central.find_phones().unwrap(), 1, "a number that is none is left");
    assert_eq!(phone(), [(order, Some(PHONE.to_owned()))]);
}
