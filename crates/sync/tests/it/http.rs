//! Does the real client keep its promises on a real socket, and does the whole pump work over it?
use crate::desk::Desk;
use crate::glue::{Dice, MORNING, SetClock};
use crate::sim_net::Server;
use domain::UtcMs;
use expect_test::{Expect, expect};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;
use sync::failure::Failure;
use sync::request::{Request, Signer};
use sync::{Enrolment, HttpRemote, Identity, Plaintext, Pump, Remote, SyncError, answer, enrol};
use testkit::build;
use testkit::center::ModelCenter;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const GENUINE: &str = "server-time: 1780000000000\r\napi-version: 1\r\n";

/// What happens to the connection after the answer's bytes.
#[derive(Clone, Copy)]
enum Then {
    Close,
    Stall,
}

/// Answers one request with exactly these bytes; gives the address and, at the end, what was asked.
async fn raw_server(answer: Vec<u8>, then: Then) -> (SocketAddr, tokio::task::JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let (mut io, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        while !asked.windows(4).any(|w| w == b"\r\n\r\n") {
            if io.read_buf(&mut asked).await.unwrap() == 0 {
                break;
            }
        }
        // The client may hang up in the middle: that is what some of these tests are about.
        let _ = io.write_all(&answer).await;
        if matches!(then, Then::Stall) {
            let _ = io.read(&mut [0; 1]).await;
        }
        asked
    });
    (address, task)
}

/// Polls the feed of a server that answers with these bytes.
async fn poll(answer: impl Into<Vec<u8>>, then: Then) -> String {
    let (address, server) = raw_server(answer.into(), then).await;
    let remote = HttpRemote::new(&format!("http://{address}"), Plaintext::LoopbackOnly).unwrap();
    let mut request = feed_request();
    request.time = Duration::from_millis(400);
    let outcome = remote
        .send(request)
        .await
        .map_err(Failure::from)
        .and_then(|raw| answer::feed(&raw));
    server.abort();
    match outcome {
        Ok(feed) => format!("{} events, cursor {}", feed.events.len(), feed.cursor),
        Err(failure) => format!("{} ({:?})", failure, failure.concern()),
    }
}

fn feed_request() -> Request {
    let key = build::key(2);
    let signer = Signer {
        key: &key,
        key_id: "station",
        now: UtcMs(MORNING),
        nonce: [1, 2],
    };
    Request::feed(&signer, 5, 0)
}

fn answer_of(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn only_the_centers_whole_answer_counts() {
    let feed = r#"{"events":[],"cursor":5,"more":false}"#;
    let json = format!("{GENUINE}content-type: application/json\r\n");
    let many = |n: usize| {
        format!(
            "HTTP/1.1 200 OK\r\n{json}transfer-encoding: chunked\r\n\r\n{}",
            format!("10000\r\n{}\r\n", "x".repeat(0x10000)).repeat(n)
        )
    };
    let cases: [(&str, String, Then); 13] = [
        ("whole", answer_of("200 OK", &json, feed), Then::Close),
        (
            "page",
            answer_of("200 OK", "content-type: text/html\r\n", "<html>log in</html>"),
            Then::Close,
        ),
        (
            "page with our headers",
            answer_of("200 OK", &format!("{GENUINE}content-type: text/html\r\n"), "<html>"),
            Then::Close,
        ),
        (
            "json of somebody else",
            answer_of("200 OK", "content-type: application/json\r\n", feed),
            Then::Close,
        ),
        (
            "redirect",
            answer_of("302 Found", "location: http://127.0.0.1:1/login\r\n", ""),
            Then::Close,
        ),
        (
            "redirect with our headers",
            answer_of("307 Temporary Redirect", &format!("{GENUINE}location: /\r\n"), ""),
            Then::Close,
        ),
        ("other json", answer_of("200 OK", &json, "[]"), Then::Close),
        (
            "compressed",
            answer_of("200 OK", &format!("{json}content-encoding: gzip\r\n"), "\x1f\u{8b}"),
            Then::Close,
        ),
        (
            "giant, said so",
            format!("HTTP/1.1 200 OK\r\n{json}content-length: 99999999999\r\n\r\n"),
            Then::Stall,
        ),
        ("giant, in pieces", many(80), Then::Stall),
        (
            "torn",
            format!("HTTP/1.1 200 OK\r\n{json}content-length: 900\r\n\r\n{{"),
            Then::Close,
        ),
        (
            "slow",
            format!("HTTP/1.1 200 OK\r\n{json}content-length: 900\r\n\r\n{{"),
            Then::Stall,
        ),
        ("silent", String::new(), Then::Stall),
    ];
    let mut text = String::new();
    for (name, answer, then) in cases {
        text += &format!("{name}: {}\n", poll(answer, then).await);
    }
    check(
        &text,
        expect![[r#"
        whole: 0 events, cursor 5
        page: what answered is not the center: it does not tell the time (Link)
        page with our headers: what answered is not the center: it is a page for people (Link)
        json of somebody else: what answered is not the center: it does not tell the time (Link)
        redirect: what answered is not the center: it does not tell the time (Link)
        redirect with our headers: what answered is not the center: it sends us elsewhere (Link)
        other json: the center's answer does not hold: feed (Doubtful)
        compressed: what answered is not the center: it is compressed, which nobody asked for (Link)
        giant, said so: the answer is too large (Link)
        giant, in pieces: the answer is too large (Link)
        torn: the connection to the center broke (Link)
        slow: the center did not answer in time (Link)
        silent: the center did not answer in time (Link)
    "#]],
    );
}

#[tokio::test]
async fn refusals_say_whom_they_concern() {
    let refusal = |status: &str, code: &str| {
        let number = status.split(' ').next().unwrap();
        let body = format!(r#"{{"type":"about:blank","title":"t","status":{number},"code":"{code}","retry":false}}"#);
        answer_of(
            status,
            &format!("{GENUINE}content-type: application/problem+json\r\nretry-after: 7\r\n"),
            &body,
        )
    };
    let cases = [
        refusal("401 Unauthorized", "clock_skew"),
        refusal("403 Forbidden", "station_revoked"),
        refusal("410 Gone", "cursor_expired"),
        refusal("413 Content Too Large", "too_large"),
        refusal("423 Locked", "upload_busy"),
        refusal("425 Too Early", "of_a_later_version"),
        refusal("426 Upgrade Required", "version_unsupported"),
        refusal("429 Too Many Requests", "rate_limited"),
        refusal("500 Internal Server Error", "internal"),
        answer_of(
            "502 Bad Gateway",
            "content-type: text/html\r\nretry-after: 7\r\n",
            "<html>",
        ),
        answer_of("503 Service Unavailable", GENUINE, ""),
    ];
    let mut text = String::new();
    for answer in cases {
        text += &format!("{}\n", poll(answer, Then::Close).await);
    }
    check(
        &text,
        expect![[r#"
        the center refused: clock_skew (Clock)
        the center refused: station_revoked (Station)
        the center refused: cursor_expired (ItemForGood)
        the center refused: too_large (ItemForGood)
        the center refused: upload_busy (ItemForNow)
        the center refused: unknown (ItemForNow)
        the center refused: version_unsupported (Station)
        the center refused: rate_limited (Link)
        the center refused: internal (Doubtful)
        what answered is not the center: it does not tell the time (Link)
        the center refused: unknown (Link)
    "#]],
    );
}

#[tokio::test]
async fn a_request_on_the_wire() {
    let (address, server) = raw_server(answer_of("204 No Content", GENUINE, "").into(), Then::Close).await;
    let remote = HttpRemote::new(&format!("http://{address}"), Plaintext::LoopbackOnly).unwrap();
    remote.send(feed_request()).await.unwrap();
    let asked = String::from_utf8(server.await.unwrap()).unwrap();
    let asked = asked.replace(&address.to_string(), "HOST").replace("\r\n", "\n");
    check(
        &asked,
        expect![[r#"
            GET /v1/feed?after=5&wait=0&gaps=1 HTTP/1.1
            accept: application/json, application/problem+json
            accept-encoding: identity
            api-version: 1
            content-digest: sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:
            signature-input: sig1=("@method" "@request-target" "content-digest");created=1780000000;nonce="00000000000000010000000000000002";keyid="station";alg="ed25519"
            signature: sig1=:v2Ii12NwsihHznQmm+Xg3Eq1elJdsG4q8pb5yg3dYRMJIXlPcBQGwaqcsKiJ9KQK718Wl3STAM/uas73OU3tAA==:
            user-agent: xueying/0.1.0
            host: HOST

        "#]],
    );
}

#[test]
fn addresses_that_are_no_centers_are_told_apart() {
    let mut text = String::new();
    for address in [
        "https://center.example",
        "http://127.0.0.1:8080",
        "http://localhost:8080/",
        "http://[::1]:80",
        "http://center.example",
        "http://127.0.0.1.example",
        "ftp://center.example",
        "center.example",
        "https://center.example/path",
        "https://user:secret@center.example",
        "",
    ] {
        let outcome = HttpRemote::new(address, Plaintext::LoopbackOnly);
        let outcome = outcome.map_or_else(
            |e| {
                // A computer without certificates cannot speak to it, but the address is one.
                if matches!(e, SyncError::Client(_)) {
                    "ok".to_owned()
                } else {
                    e.to_string()
                }
            },
            |_| "ok".to_owned(),
        );
        text += &format!("{address:?}: {outcome}\n");
    }
    assert!(HttpRemote::new("http://center.example", Plaintext::Allowed).is_ok());
    check(
        &text,
        expect![[r#"
        "https://center.example": ok
        "http://127.0.0.1:8080": ok
        "http://localhost:8080/": ok
        "http://[::1]:80": ok
        "http://center.example": the center's address is not encrypted (https), and plain http to another machine was not allowed
        "http://127.0.0.1.example": the center's address is not encrypted (https), and plain http to another machine was not allowed
        "ftp://center.example": reading the center's address: it must begin with https
        "center.example": reading the center's address: it is not a URL
        "https://center.example/path": reading the center's address: it must have no path
        "https://user:secret@center.example": reading the center's address: it must name no user
        "": reading the center's address: it is not a URL
    "#]],
    );
}

/// A real server on a real socket, until the end of the test.
async fn center(model: ModelCenter, clock: Arc<SetClock>) -> (SocketAddr, Server) {
    let server = Server::new(model, clock, Dice(3));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = server.clone();
    tokio::spawn(async move {
        while let Ok((io, _)) = listener.accept().await {
            tokio::spawn(serving.clone().serve(io));
        }
    });
    (address, server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enrolled_with_a_wrong_clock_and_everything_goes_up_and_down() {
    let center_clock = Arc::new(SetClock(AtomicI64::new(MORNING)));
    let station_clock = Arc::new(SetClock(AtomicI64::new(MORNING + 86_400_000)));
    let mut model = ModelCenter::new(build::key(1));
    model.allow("ABCD-2345");
    let (address, server) = center(model, center_clock).await;
    let remote = HttpRemote::new(&format!("http://{address}"), Plaintext::LoopbackOnly).unwrap();
    let key = build::key(9);
    let mut random = Dice(9).random();
    let asked = |code| Enrolment {
        code,
        name: "desk 1",
        signing_key: &key,
        app_version: "0.1.0",
    };
    let wrong = enrol(&remote, asked("WRONG-CODE"), station_clock.as_ref(), &mut random)
        .await
        .unwrap_err();
    assert!(matches!(&wrong, SyncError::Enrol(Failure::Refused(p)) if p.code == wire::problem::Code::EnrolCodeInvalid));
    let answer = enrol(&remote, asked("ABCD-2345"), station_clock.as_ref(), &mut random)
        .await
        .unwrap();
    let again = enrol(&remote, asked("ABCD-2345"), station_clock.as_ref(), &mut random).await;
    assert!(again.is_err(), "a code is good for once");

    let identity = Identity::new(answer.station_id, key.as_bytes(), &answer.server_key).unwrap();
    let desk = Desk::new(station_clock.clone(), identity.server_key);
    for order in 1..=250 {
        desk.push_photo(order, 1);
    }
    let mut pump = Pump::new(identity, Dice(10).random());
    pump.clock = station_clock;
    let (link, commands) = Pump::link();
    let mut status = link.watch();
    let running = tokio::spawn(sync::run(pump, Arc::new(desk.clone()), remote, commands));
    status
        .wait_for(|s| s.online && s.waiting == 0 && desk.all_acknowledged())
        .await
        .unwrap();
    assert_eq!(link.status().trouble, None);
    assert!((link.status().skew_ms + 86_400_000).abs() < 10_000);

    server.with(|c| c.say(&build::order_id(7), "rejected", UtcMs(MORNING)));
    while desk.with(|b| b.orders.get(&build::order_id(7)).is_none_or(|s| s != "rejected")) {
        desk.changed.notified().await;
    }
    link.stop();
    running.await.unwrap();
    assert_eq!(server.with(|c| c.applied().len()), 250);
    assert_eq!(server.with(|c| c.puts), 250, "each photo is sent once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pump_whose_handles_are_gone_ends() {
    let clock = Arc::new(SetClock(AtomicI64::new(MORNING)));
    let identity = Identity {
        station_id: "s".to_owned(),
        signing_key: build::key(2),
        server_key: build::key(1).verifying_key(),
    };
    let desk = Arc::new(Desk::new(clock, identity.server_key));
    let (link, commands) = Pump::link();
    // Nobody listens there.
    let remote = HttpRemote::new("http://127.0.0.1:9", Plaintext::LoopbackOnly).unwrap();
    let running = tokio::spawn(sync::run(Pump::new(identity, Dice(1).random()), desk, remote, commands));
    let mut status = link.watch();
    status
        .wait_for(|s| s.trouble.is_some_and(|t| t.is_offline()) && s.next_try_at.is_some())
        .await
        .unwrap();
    drop((link, status));
    running.await.unwrap();
}

fn check(text: &str, expect: Expect) {
    expect.assert_eq(text);
}
