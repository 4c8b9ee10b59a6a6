//! Several centers at once: one PostgreSQL database, one bucket, and no state of their own.
use crate::station::{Station, fresh, id, submit};
use crate::world::{Hand, MORNING, SCHOOL, campaign, database, jpeg};
use central::{Central, CentralError, Config};
use std::path::Path;
use std::sync::Arc;
use testkit::s3::S3;
use tokio::net::TcpListener;
use wire::op::OpStatus;

fn config(dir: &Path, clock: &Arc<Hand>, database: &str, bucket: &str) -> Config {
    Config {
        database_url: Some(database.to_owned()),
        object_store: Some(bucket.to_owned()),
        clock: clock.clone(),
        ..Config::new(dir, ([127, 0, 0, 1], 0).into())
    }
}

/// Two centers, each with a folder of its own that holds the same key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_centers_share_a_database_and_a_bucket() {
    let server = S3::start();
    let (bucket, database, clock) = (server.bucket("shared"), database(), Hand::at(MORNING));
    let dir = tempfile::tempdir().unwrap();
    let (first, second) = (dir.path().join("first"), dir.path().join("second"));
    let one = Central::open(config(&first, &clock, &database, &bucket)).unwrap();
    std::fs::create_dir(&second).unwrap();
    std::fs::copy(first.join("signing.key"), second.join("signing.key")).unwrap();
    let two = Central::open(config(&second, &clock, &database, &bucket)).unwrap();
    let stranger = Central::open(config(&dir.path().join("stranger"), &clock, &database, &bucket));
    assert!(matches!(stranger, Err(CentralError::OtherKey)));
    one.put_campaign(&campaign()).unwrap();

    let mut addresses = Vec::new();
    for central in [&one, &two] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        addresses.push(listener.local_addr().unwrap());
        let central = central.clone();
        tokio::spawn(async move { central.serve(listener, std::future::pending()).await });
    }
    let code = two.enrol_code(SCHOOL).unwrap().code;
    let mut station = Station::new(addresses[0], clock.clone(), "desk");
    assert_eq!(station.enrol(&code).await.status, 200);
    let photo = jpeg(1);
    assert_eq!(station.put(&photo).await.status, 201);
    let op = station.op(&id(fresh()), 1, &submit(1, &photo));
    station.move_to(addresses[1]);
    assert_eq!(station.put(&photo).await.status, 200, "the other one has it");
    let result = station.op_result(&op).await;
    assert_eq!(result.status, OpStatus::Applied);
    station.move_to(addresses[0]);
    assert_eq!(
        station.op_result(&op).await,
        result,
        "the same answer wherever it is asked"
    );
    assert_eq!(station.feed(0, 0).await.events.len(), 2);
    let order = op.order_id.parse().unwrap();
    assert_eq!(two.photo(&order).unwrap(), photo);

    // Both at once: one effect.
    let station = Arc::new(station);
    let twin = station.op(&id(fresh()), 1, &submit(2, &photo));
    let mut sent = tokio::task::JoinSet::new();
    for central in (0..20).map(|n| if n % 2 == 0 { one.clone() } else { two.clone() }) {
        let (op, station_id) = (twin.clone(), station.id.parse().unwrap());
        sent.spawn_blocking(move || {
            let row = central.station(&station_id).unwrap().unwrap();
            central.receive_ops(&row, &[op]).unwrap()
        });
    }
    let answers = sent.join_all().await;
    assert!(answers.iter().all(|a| *a == answers[0]), "{answers:#?}");
    assert_eq!(one.orders(&central::OrderFilter::default()).unwrap().len(), 2);

    // A backup of server and bucket is a folder, and goes back into another database.
    let copy = dir.path().join("backup");
    assert_eq!(one.backup(&copy).unwrap().photos, 1);
    let again = config(
        &dir.path().join("again"),
        &clock,
        &crate::world::database(),
        &server.bucket("again"),
    );
    let restored = Central::restore(&copy, again).unwrap();
    assert_eq!(restored.photo(&order).unwrap(), photo);
    for central in [one, restored] {
        let report = central.verify().unwrap();
        assert!(
            report.holds() && report.warnings == 0 && report.orders == 2,
            "{:#?}",
            report.findings
        );
    }
}
