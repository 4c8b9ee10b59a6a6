//! A backup is whole, and a center made of it goes on where it was.
use crate::station::Station;
use crate::world::{World, jpeg};
use central::{Central, CentralError, Config};
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_center_comes_back_from_its_backup() {
    let world = World::open().await;
    let station: Station = world.station("desk").await;
    let order = station.collect(1, &jpeg(1)).await;
    let dir = world.dir.path().join("backup");
    assert_eq!(world.central.backup(&dir).unwrap().photos, 1);
    station.collect(2, &jpeg(2)).await;
    assert_eq!(world.central.backup(&dir).unwrap().photos, 1, "only what is new");
    let told = station.feed(0, 0).await.cursor;

    let config = |name: &str| Config {
        clock: Arc::clone(&world.central.config().clock),
        ..Config::new(world.dir.path().join(name), world.address)
    };
    let restored = Central::restore(&dir, config("restored")).unwrap();
    assert!(matches!(
        Central::restore(&dir, config("restored")),
        Err(CentralError::NotEmpty { .. })
    ));
    assert!(restored.verify().unwrap().holds());
    assert_eq!(
        restored.server_key(),
        world.central.server_key(),
        "old receipts still hold"
    );
    assert_eq!(restored.photo(&order.parse().unwrap()).unwrap(), jpeg(1));
    let feed = restored
        .feed(&station.id.parse().unwrap(), told, central::Gaps::Taken)
        .unwrap();
    assert_eq!(
        feed,
        central::Feed::Expired,
        "the station takes a snapshot: positions may have been given out twice"
    );
}
