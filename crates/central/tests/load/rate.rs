//! How many orders a second does a center take, each a photo of 40 KB and an op, and how long does each wait?
use crate::station::{Ask, Station, fresh, id, submit};
use crate::world::{Hand, MORNING, SCHOOL};
use crate::{Engine, scaled, serving, small_photo, verified};
use axum::body::Body;
use domain::BlobId;
use http::Method;
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use std::time::{Duration, Instant};
use wire::op::OpsRequest;

/// Stations that send at once.
const STATIONS: usize = 16;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rate() {
    for engine in Engine::BOTH {
        let dir = tempfile::tempdir().unwrap();
        let central = engine.open(dir.path());
        let address = serving(&central).await;
        let each = scaled(20_000).div_ceil(STATIONS);
        let mut photos = Vec::new();
        for n in 0..STATIONS * each {
            photos.push(small_photo(n as u32));
        }
        let mut photos = photos.chunks(each).map(<[_]>::to_vec).collect::<Vec<_>>();
        let mut work = tokio::task::JoinSet::new();
        let begun = Instant::now();
        for (n, photos) in photos.drain(..).enumerate() {
            let mut station = Station::new(address, Hand::at(MORNING), &format!("desk {n}"));
            station.enrol(&central.enrol_code(SCHOOL).unwrap().code).await;
            work.spawn(day(station, address, photos));
        }
        let mut waits: Vec<Duration> = work.join_all().await.into_iter().flatten().collect();
        let seconds = begun.elapsed().as_secs_f64();
        waits.sort();
        let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_millis();
        verified(&central, waits.len());
        println!(
            "rate {engine:?}: {} orders from {STATIONS} stations in {seconds:.1} s: {:.0}/s, accepted in p50 {} ms, p95 {} ms, p99 {} ms",
            waits.len(),
            waits.len() as f64 / seconds,
            at(0.5),
            at(0.95),
            at(0.99)
        );
    }
}

async fn day(station: Station, address: std::net::SocketAddr, photos: Vec<Vec<u8>>) -> Vec<Duration> {
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .unwrap();
    tokio::spawn(connection);
    let mut waits = Vec::new();
    for photo in photos {
        let begun = Instant::now();
        let target = format!("/v1/blobs/{}", BlobId::of(&photo));
        send(&mut sender, &station, &station.ask(Method::PUT, &target, &*photo), 201).await;
        let op = station.op(&id(fresh()), 1, &submit(fresh(), &photo));
        let body = serde_json::to_vec(&OpsRequest { ops: vec![op] }).unwrap();
        let answer = send(&mut sender, &station, &station.ask(Method::POST, "/v1/ops", body), 200).await;
        waits.push(begun.elapsed());
        assert!(String::from_utf8_lossy(&answer).contains("\"applied\""));
    }
    waits
}

async fn send(sender: &mut SendRequest<Body>, station: &Station, ask: &Ask, status: u16) -> Vec<u8> {
    sender.ready().await.unwrap();
    let (parts, body) = sender.send_request(station.sign(ask)).await.unwrap().into_parts();
    let body = axum::body::to_bytes(Body::new(body), usize::MAX)
        .await
        .unwrap()
        .to_vec();
    assert_eq!(parts.status.as_u16(), status, "{}", String::from_utf8_lossy(&body));
    body
}
