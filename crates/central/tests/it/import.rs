//! Sealed bundles over HTTP: they prove themselves, whoever carries them, and count once.
use crate::station::{Answer, Station, id, submit, try_send};
use crate::world::{World, campaign, jpeg};
use axum::body::Body;
use bundle::{Contents, seal};
use central::Limits;
use domain::BlobId;
use http::Request;
use std::convert::Infallible;
use wire::import::ImportAnswer;
use wire::op::{Op, OpStatus};
use wire::problem::Code;

/// A bundle of this station, sealed to the center of the world.
fn bundle(world: &World, station: &Station, ops: &[Op], photos: &[Vec<u8>]) -> Vec<u8> {
    let listed: Vec<_> = photos.iter().map(|p| (BlobId::of(p), p.len())).collect();
    let contents = Contents {
        station_id: Some(&station.id),
        station_name: &station.name,
        app_version: "0.1.0",
        created_at_ms: station.now(),
        ops,
        photos: &listed,
    };
    let by_id = |id: &BlobId| Ok::<_, Infallible>(photos.iter().find(|p| BlobId::of(p) == *id).unwrap().clone());
    let to = world.central.sealing_key().parse().unwrap();
    seal(Vec::new(), &to, &station.key, &contents, by_id).unwrap()
}

/// Posted by anybody, unsigned.
async fn carry(world: &World, bundle: &[u8]) -> Answer {
    let mut tries = 0;
    loop {
        let request = Request::post("/v1/import")
            .header("host", world.address.to_string())
            .body(Body::from(bundle.to_vec()))
            .unwrap();
        match try_send(world.address, request).await {
            Ok(answer) => return answer,
            Err(_) if tries < 20 => tries += 1,
            Err(broken) => panic!("{broken}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bundle_counts_once_and_is_answered_like_the_network() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let photos: Vec<_> = (1..=3).map(jpeg).collect();
    let mut ops: Vec<_> = photos
        .iter()
        .zip(1u64..)
        .map(|(photo, person)| station.op(&id(crate::station::fresh()), 1, &submit(person, photo)))
        .collect();
    // One order came over the network before.
    station.put(&photos[0]).await;
    station.op_result(&ops[0]).await;
    // One change can never be applied, and one names a photo that is not in the bundle.
    ops.push(station.op_of_text(&id(crate::station::fresh()), 1, "{\"type\":\"dance\"}"));
    ops.push(station.op(&id(crate::station::fresh()), 1, &submit(9, &jpeg(9))));

    let file = bundle(&world, &station, &ops, &photos);
    let first: ImportAnswer = carry(&world, &file).await.json();
    let statuses: Vec<_> = first.results.iter().map(|r| r.status).collect();
    use OpStatus::{Applied, Rejected};
    assert_eq!(statuses, [Applied, Applied, Applied, Rejected, Applied]);
    assert_eq!(first.results[4].missing_blobs, [BlobId::of(&jpeg(9)).to_string()]);
    assert_eq!((first.photos_stored, first.photos_already), (2, 1));
    assert_eq!(first.station_id, station.id);
    let [receipt] = first.receipts.as_slice() else {
        panic!("one receipt")
    };
    receipt.verify(station.server_key.as_ref().unwrap()).unwrap();
    // The photo that is not here is not signed for.
    assert_eq!(receipt.entries.iter().filter(|e| e.blob_id.is_some()).count(), 3);

    let second: ImportAnswer = carry(&world, &file).await.json();
    assert_eq!(second.results, first.results);
    assert_eq!(second.receipts, first.receipts);
    assert_eq!((second.photos_stored, second.photos_already), (0, 3));
    // Sent again over the network: the same answers.
    let again = station.ops(&ops).await;
    assert_eq!(again.results, first.results);
    assert_eq!(world.central.orders(&Default::default()).unwrap().len(), 4);
    assert_eq!(
        std::fs::read_dir(world.dir.path().join("center"))
            .unwrap()
            .filter(|f| {
                f.as_ref()
                    .unwrap()
                    .file_name()
                    .to_string_lossy()
                    .starts_with("incoming")
            })
            .count(),
        0
    );
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_torn_photo_in_a_bundle_keeps_only_its_own_order_waiting() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let whole = jpeg(1);
    let torn = jpeg(2)[..50_000].to_vec();
    let ops = [
        station.op(&id(crate::station::fresh()), 1, &submit(1, &whole)),
        station.op(&id(crate::station::fresh()), 1, &{
            let mut body = submit(2, &jpeg(2));
            if let wire::op::OpBody::Submit(submit) = &mut body {
                submit.photo.blob_id = BlobId::of(&torn).to_string();
            }
            body
        }),
    ];
    let file = bundle(&world, &station, &ops, &[torn.clone(), whole]);
    let answer: ImportAnswer = carry(&world, &file).await.json();
    assert_eq!(answer.results[0].status, OpStatus::Applied);
    assert_eq!(answer.results[1].missing_blobs, [BlobId::of(&torn).to_string()]);
    assert_eq!(answer.photos_refused[0].blob_id, BlobId::of(&torn).to_string());
    assert_eq!(answer.photos_refused[0].problem.code, Code::UnsupportedMedia);
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bundles_of_strangers_and_for_others_are_refused() {
    let limits = Limits {
        enrol_failures: 4,
        bundle_bytes: 2 << 20,
        ..Limits::default()
    };
    let world = World::open_with(campaign(), limits).await;
    let elsewhere = World::open().await;
    let station = world.station("desk").await;
    let thief = Station::new(world.address, world.clock.clone(), "thief");
    let mut named = Station::new(world.address, world.clock.clone(), "desk");
    named.id = station.id.clone();
    let good = bundle(&world, &station, &[], &[]);
    let mut damaged = good.clone();
    *damaged.last_mut().unwrap() ^= 1;
    for (what, file) in [
        ("a key nobody enrolled", bundle(&world, &thief, &[], &[])),
        ("another station's name", bundle(&world, &named, &[], &[])),
        ("sealed to another center", bundle(&elsewhere, &station, &[], &[])),
        ("damaged", damaged),
    ] {
        let answer = carry(&world, &file).await;
        assert_eq!(answer.code(), Code::Validation, "{what}");
    }
    // Guessing is stopped, and ends with time.
    assert_eq!(carry(&world, &good).await.code(), Code::RateLimited);
    world.clock.forward(10 * 60_000);
    assert_eq!(carry(&world, &good).await.status, 200);
    assert_eq!(carry(&world, &vec![0; (2 << 20) + 1]).await.code(), Code::TooLarge);
    world
        .central
        .revoke_station("ann", &station.id.parse().unwrap())
        .unwrap();
    let answer = carry(&world, &good).await;
    assert_eq!(answer.code(), Code::Validation);
    assert!(answer.problem().detail.unwrap_or_default().contains("revoked"));
    assert_eq!(carry(&world, b"not a bundle").await.code(), Code::Validation);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_station_of_another_center_is_taken_in_once() {
    let (world, elsewhere) = (World::open().await, World::open().await);
    let station = elsewhere.station("desk").await;
    let photo = jpeg(1);
    let op = station.op(&id(crate::station::fresh()), 1, &submit(1, &photo));
    let file = bundle(&world, &station, &[op], &[photo]);
    let welcome = central::Strangers::Welcome {
        school: central::SchoolCode::parse(crate::world::SCHOOL).unwrap(),
        admin: "ann".to_owned(),
    };
    let first = world.central.import_bundle(&file[..], &welcome).unwrap();
    let second = world.central.import_bundle(&file[..], &welcome).unwrap();
    assert_eq!(
        (&first.station_id, &first.results),
        (&second.station_id, &second.results)
    );
    // Known from here on, whoever carries the next one.
    let third: ImportAnswer = carry(&world, &file).await.json();
    assert_eq!(third.results, first.results);
    assert_eq!(world.central.stations().unwrap().len(), 1);
    world.assert_consistent();
}
