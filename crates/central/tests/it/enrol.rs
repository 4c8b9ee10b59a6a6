//! Enrolment: once, in time, with the key that signs.
use crate::station::Station;
use crate::world::{SCHOOL, World};
use central::Limits;
use wire::enrol::EnrolAnswer;
use wire::problem::Code;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_enrols_one_station_and_answers_it_again() {
    let world = World::open().await;
    let code = world.central.enrol_code(SCHOOL).unwrap().code;
    let mut first = Station::new(world.address, world.clock.clone(), "desk 1");
    // People mistype: lower case, no dash, letters for digits.
    let typed = code
        .replace('-', " ")
        .to_lowercase()
        .replace('0', "o")
        .replace('1', "l");
    let answer: EnrolAnswer = first.enrol(&typed).await.json();
    assert_eq!(answer.school_code, SCHOOL);
    // The answer was lost on the way: the same station asks again and is still the same one.
    let again: EnrolAnswer = first.enrol(&code).await.json();
    assert_eq!(answer, again);
    let mut second = Station::new(world.address, world.clock.clone(), "desk 2");
    assert_eq!(second.enrol(&code).await.code(), Code::EnrolCodeInvalid);
    assert_eq!(world.central.stations().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_ends_after_fifteen_minutes() {
    let world = World::open().await;
    let code = world.central.enrol_code(SCHOOL).unwrap().code;
    world.clock.forward(15 * 60_000);
    let mut late = Station::new(world.address, world.clock.clone(), "late");
    assert_eq!(late.enrol(&code).await.code(), Code::EnrolCodeInvalid);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_codes_is_stopped() {
    let limits = Limits {
        enrol_failures: 3,
        ..Limits::default()
    };
    let world = World::open_with(crate::world::campaign(), limits).await;
    let mut guesser = Station::new(world.address, world.clock.clone(), "guesser");
    for _ in 0..3 {
        assert_eq!(guesser.enrol("AAAAA-AAAAA").await.code(), Code::EnrolCodeInvalid);
    }
    let answer = guesser.enrol("AAAAA-AAAAA").await;
    assert_eq!(answer.code(), Code::RateLimited);
    assert!(answer.headers.contains_key("retry-after"));
    // Nothing hints at whether a code exists: also a right one has to wait now.
    let code = world.central.enrol_code(SCHOOL).unwrap().code;
    assert_eq!(guesser.enrol(&code).await.code(), Code::RateLimited);
    world.clock.forward(10 * 60_000);
    assert_eq!(guesser.enrol(&code).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_one_does_not_have_cannot_be_enrolled() {
    let world = World::open().await;
    let code = world.central.enrol_code(SCHOOL).unwrap().code;
    let mut thief = Station::new(world.address, world.clock.clone(), "thief");
    let honest = Station::new(world.address, world.clock.clone(), "honest");
    let body = serde_json::json!({
        "code": code, "public_key": base64_of(&honest), "name": "x", "app_version": "1",
    });
    let ask = thief.ask(http::Method::POST, "/v1/enrol", body.to_string());
    assert_eq!(thief.send(&ask).await.code(), Code::BadSignature);
    assert_eq!(thief.enrol(&code).await.status, 200);
}

fn base64_of(station: &Station) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(station.key.verifying_key().to_bytes())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_station_is_told_so() {
    let world = World::open().await;
    let station = world.station("desk").await;
    world
        .central
        .revoke_station("root", &station.id.parse().unwrap())
        .unwrap();
    assert_eq!(station.get("/v1/feed?after=0").await.code(), Code::StationRevoked);
    world.assert_consistent();
}
