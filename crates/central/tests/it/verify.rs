//! Does `verify` find what was broken behind the center's back?
use crate::world::{World, jpeg};
use central::Severity;

fn findings(world: &World) -> Vec<String> {
    let report = world.central.verify().unwrap();
    let errors = report.findings.into_iter().filter(|f| f.severity == Severity::Error);
    let mut whats: Vec<_> = errors
        .map(|f| format!("{}: {}", f.subject.split(':').next().unwrap(), f.what))
        .collect();
    whats.dedup();
    whats
}

fn break_it(world: &World, sql: &str) {
    let path = world.dir.path().join("center/central.db");
    let changed = rusqlite::Connection::open(path).unwrap().execute(sql, []).unwrap();
    assert!(changed > 0, "{sql}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn planted_inconsistencies_are_found() {
    let cases = [
        (
            "UPDATE orders SET state = 'pending_production'",
            &[
                "order: its history ends in another state",
                "order: its station was not told of its present state",
            ][..],
        ),
        (
            "UPDATE orders SET paid_fen = 100",
            &["order: money without a payment, or a payment without money"],
        ),
        (
            "UPDATE op SET body = replace(body, '张', '李')",
            &["op: it is not what was received"],
        ),
        (
            "UPDATE history SET who = 'reviewer:nobody'",
            &[
                "order: its history was changed or cut",
                "station: its history was changed or cut",
            ],
        ),
        (
            "DELETE FROM feed WHERE seq = 1",
            &["school: its feed has a gap before 2"],
        ),
        (
            "UPDATE feed SET only_station = NULL, but_station = only_station WHERE body LIKE '%order_rev%'",
            &["order: its station was not told of its present state"],
        ),
        (
            "UPDATE school_feed SET seq = seq + 1",
            &["school: its feed does not end at its counter"],
        ),
        ("DELETE FROM blob", &["order: it is past payment without its photo"]),
        (
            "DELETE FROM photo_revision",
            &["order: its photo revisions are not complete"],
        ),
    ];
    for (sql, expected) in cases {
        let world = World::open().await;
        let station = world.station("desk").await;
        station.collect(1, &jpeg(1)).await;
        world.assert_consistent();
        break_it(&world, sql);
        let found = findings(&world);
        for what in expected {
            assert!(found.iter().any(|f| f == what), "{sql}: {found:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damaged_and_lost_photos_are_found_and_healed_by_sending_again() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let photo = jpeg(1);
    station.collect(1, &photo).await;
    let hex = domain::BlobId::of(&photo).hex();
    let file = world
        .dir
        .path()
        .join("center/blobs")
        .join(&hex[..2])
        .join(format!("{hex}.jpg"));
    let mut damaged = photo.clone();
    damaged[1000] ^= 1;
    std::fs::write(&file, damaged).unwrap();
    assert_eq!(findings(&world), ["photo: its bytes are damaged"]);
    assert_eq!(station.put(&photo).await.status, 200);
    assert!(findings(&world).is_empty());
    std::fs::remove_file(&file).unwrap();
    assert_eq!(findings(&world), ["photo: its bytes are not in the folder"]);
    assert!(
        !station.has(&domain::BlobId::of(&photo)).await,
        "so the station sends it again"
    );
    station.put(&photo).await;
    world.assert_consistent();
}
