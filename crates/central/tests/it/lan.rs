//! What stations need to warn each other on the LAN: one key for a school, another for another, and a new one without the revoked.
use crate::station::Station;
use crate::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_school_has_its_key_and_a_revoked_station_does_not_get_the_next() {
    let world = World::open().await;
    let (one, two) = (world.station("one").await, world.station("two").await);
    let mut other = Station::new(world.address, world.clock.clone(), "elsewhere");
    let code = world.central.enrol_code("10999").unwrap().code;
    assert_eq!(other.enrol(&code).await.status, 200);
    let key = async |station: &Station| station.feed(0, 0).await.lan;
    let first = key(&one).await.unwrap();
    assert_eq!((first.generation, key(&two).await), (0, Some(first.clone())));
    let elsewhere = key(&other).await.unwrap();
    assert!(elsewhere.seal != first.seal && elsewhere.subject != first.subject);
    assert!(first.seal.len() == 64 && first.seal != first.subject);

    // A question that began before the revocation is answered after it.
    let id = one.id.parse().unwrap();
    world.central.revoke_station("root", &id).unwrap();
    assert_eq!(world.central.lan_key(&id).unwrap(), None);
    let next = key(&two).await.unwrap();
    assert_eq!((next.generation, &next.subject), (1, &first.subject));
    assert_ne!(next.seal, first.seal);
    assert_eq!(
        key(&other).await.unwrap(),
        elsewhere,
        "another school has not lost a station"
    );
    world.assert_consistent();
}
