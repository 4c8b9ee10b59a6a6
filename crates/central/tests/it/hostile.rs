//! Bad input and bad manners: a clear answer, nothing kept, nobody else disturbed.
use crate::station::{Ask, Station, send, submit};
use crate::world::{World, campaign, jpeg};
use axum::body::Body;
use central::Limits;
use domain::BlobId;
use http::{Method, Request};
use wire::problem::Code;

async fn put_as(station: &Station, name: &BlobId, bytes: &[u8]) -> crate::station::Answer {
    station
        .send(&station.ask(Method::PUT, &format!("/v1/blobs/{name}"), bytes))
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn photos_that_are_none() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let good = jpeg(1);
    let torn = good[..good.len() / 2].to_vec();
    let mut chimera = good[..good.len() / 2].to_vec();
    chimera.extend_from_slice(&jpeg(2)[100_000..]);
    for (what, bytes) in [
        ("torn", torn),
        ("a chimera", chimera),
        ("empty", Vec::new()),
        ("text", b"hello".to_vec()),
    ] {
        let answer = put_as(&station, &BlobId::of(&bytes), &bytes).await;
        assert_eq!(answer.code(), Code::UnsupportedMedia, "{what}");
        assert!(!answer.problem().retry, "{what}: sending it again would not help");
        assert!(!station.has(&BlobId::of(&bytes)).await, "{what}");
    }
    assert_eq!(
        put_as(&station, &BlobId::of(b"other"), &good).await.code(),
        Code::DigestMismatch
    );
    let upper = format!("/v1/blobs/sha256:{}", BlobId::of(&good).hex().to_uppercase());
    assert_eq!(
        station.send(&station.ask(Method::PUT, &upper, &*good)).await.code(),
        Code::Validation
    );
    let report = world.central.verify().unwrap();
    assert_eq!((report.photos, report.errors, report.warnings), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_of_a_hundred_megapixels_is_too_large() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let mut bomb = jpeg(1);
    let frame = bomb
        .windows(2)
        .position(|w| w == [0xff, 0xc0] || w == [0xff, 0xc2])
        .unwrap();
    bomb[frame + 5..frame + 9].copy_from_slice(&[0x27, 0x10, 0x27, 0x10]);
    assert_eq!(put_as(&station, &BlobId::of(&bomb), &bomb).await.code(), Code::TooLarge);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_that_are_too_long_are_not_read() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let ask = Ask {
        headers: vec![("content-length", (wire::MAX_BLOB_BYTES + 1).to_string())],
        ..station.ask(Method::PUT, &format!("/v1/blobs/{}", BlobId::of(b"")), "")
    };
    // Only the head is sent: the answer comes without a single byte of the body.
    let mut request = station.sign(&ask);
    *request.body_mut() = Body::from_stream(futures_util::stream::pending::<Result<bytes::Bytes, std::io::Error>>());
    assert_eq!(send(world.address, request).await.code(), Code::TooLarge);
    let long = station.ask(Method::POST, "/v1/ops", vec![b' '; wire::MAX_JSON_BYTES + 1]);
    let mut request = station.sign(&long);
    let pieces = long
        .body
        .chunks(64 * 1024)
        .map(|c| Ok::<_, std::io::Error>(bytes::Bytes::copy_from_slice(c)));
    *request.body_mut() = Body::from_stream(futures_util::stream::iter(pieces.collect::<Vec<_>>()));
    assert_eq!(send(world.address, request).await.code(), Code::TooLarge);
    assert_eq!(
        station.send(&station.ask(Method::POST, "/v1/ops", "{")).await.code(),
        Code::Validation
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unsigned_forged_changed_and_replayed_requests() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let unsigned = Request::get("/v1/snapshot")
        .header("host", "x")
        .body(Body::empty())
        .unwrap();
    assert_eq!(send(world.address, unsigned).await.code(), Code::BadSignature);

    let mut forger = Station::new(world.address, world.clock.clone(), "forger");
    forger.id = station.id.clone();
    assert_eq!(forger.get("/v1/snapshot").await.code(), Code::BadSignature);
    let stranger = Station::new(world.address, world.clock.clone(), "stranger");
    assert_eq!(stranger.get("/v1/snapshot").await.code(), Code::BadSignature);

    let ask = station.ask(Method::GET, "/v1/feed?after=0", "");
    let mut elsewhere = station.sign(&ask);
    *elsewhere.uri_mut() = "/v1/feed?after=1".parse().unwrap();
    assert_eq!(send(world.address, elsewhere).await.code(), Code::BadSignature);
    let mut swapped = station.sign(&station.ask(Method::POST, "/v1/ops", r#"{"ops":[]}"#));
    *swapped.body_mut() = Body::from(r#"{"ops": []}"#);
    assert_eq!(send(world.address, swapped).await.code(), Code::DigestMismatch);

    assert_eq!(station.send(&ask).await.status, 200);
    let replayed = station.send(&ask).await;
    assert_eq!(replayed.code(), Code::BadSignature, "the same nonce twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_clock_is_told_the_time_and_every_answer_carries_it() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let ask = Ask {
        created_s: station.now() / 1000 - 301,
        ..station.ask(Method::GET, "/v1/snapshot", "")
    };
    let answer = station.send(&ask).await;
    assert_eq!(answer.code(), Code::ClockSkew);
    assert!(answer.problem().retry);
    assert_eq!(answer.headers[wire::SERVER_TIME_HEADER], station.now().to_string());
    assert_eq!(answer.headers[wire::API_VERSION_HEADER], "1");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers["cache-control"], "no-store");
    let next = Ask {
        headers: vec![(wire::API_VERSION_HEADER, "2".to_owned())],
        ..station.ask(Method::GET, "/v1/snapshot", "")
    };
    let mut request = station.sign(&next);
    let headers = request.headers_mut();
    headers.remove(wire::API_VERSION_HEADER);
    headers.insert(wire::API_VERSION_HEADER, "2".parse().unwrap());
    assert_eq!(send(world.address, request).await.code(), Code::VersionUnsupported);
    for path in ["/healthz", "/readyz", "/metrics", "/v1/time"] {
        let plain = Request::get(path).header("host", "x").body(Body::empty()).unwrap();
        assert_eq!(send(world.address, plain).await.status, 200, "{path}");
    }
    let nothing = Request::get("/v2/ops").header("host", "x").body(Body::empty()).unwrap();
    assert_eq!(send(world.address, nothing).await.code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_station_that_asks_too_often_waits() {
    let limits = Limits {
        station_burst: 5,
        station_per_s: 1,
        ..Limits::default()
    };
    let world = World::open_with(campaign(), limits).await;
    let (greedy, modest) = (world.station("greedy").await, world.station("modest").await);
    for _ in 0..5 {
        assert_eq!(greedy.get("/v1/feed?after=0").await.status, 200);
    }
    let answer = greedy.get("/v1/feed?after=0").await;
    assert_eq!(answer.code(), Code::RateLimited);
    assert_eq!(answer.headers["retry-after"], "1");
    assert_eq!(
        modest.get("/v1/feed?after=0").await.status,
        200,
        "the others are not disturbed"
    );
    world.clock.forward(1000);
    assert_eq!(greedy.get("/v1/feed?after=0").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn schools_do_not_see_each_other() {
    let world = World::open().await;
    let here = world.station("here").await;
    let code = world.central.enrol_code("10001").unwrap().code;
    let mut there = Station::new(world.address, world.clock.clone(), "there");
    there.enrol(&code).await;
    let photo = jpeg(1);
    here.collect(1, &photo).await;
    assert!(!there.has(&BlobId::of(&photo)).await, "not even whether a photo exists");
    assert!(there.feed(0, 0).await.events.is_empty());
    let foreign = there
        .op_result(&there.op(&crate::station::id(crate::station::fresh()), 1, &submit(2, &photo)))
        .await;
    assert_eq!(
        foreign.status,
        wire::op::OpStatus::Held,
        "the campaign is another school's and does not exist here"
    );
    assert_eq!(there.put(&photo).await.status, 201, "the same bytes are sent anew");
}
