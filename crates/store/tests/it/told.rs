//! What an order tells the neighbours on the LAN, and what of theirs is kept.
use crate::kit::{self, NOW, order, uuid};
use domain::{OrderId, OrderState, StationId, UtcMs};
use store::heard::{self, Heard};
use store::neighbours::{self, Neighbour};
use store::told::{self, Mark};
use store::{Store, StoreError, orders};

fn lines(store: &Store) -> Vec<(u64, bool, u128)> {
    let lines = store.read(|c| told::after(c, 0, 100)).unwrap();
    lines
        .iter()
        .map(|l| (l.at.seq, l.collected, l.order.0.as_u128()))
        .collect()
}

#[test]
fn an_order_is_told_of_once_for_as_long_as_it_stands() {
    let (_dir, store) = kit::store();
    let put = |o: &domain::Order| store.write(|tx| orders::put(tx, o)).unwrap();
    put(&order(1));
    put(&order(1));
    put(&order(2));
    assert_eq!(lines(&store), [(1, true, 1), (2, true, 2)]);
    put(&domain::Order {
        withdrawn: true,
        ..order(1)
    });
    put(&order(1));
    for state in [OrderState::Closed, OrderState::Refunded] {
        put(&domain::Order { state, ..order(2) });
    }
    store.write(|tx| orders::unmake(tx, OrderId(uuid(1)))).unwrap();
    let after = [(3, false, 1), (4, true, 1), (5, false, 2), (6, false, 1)];
    assert_eq!(lines(&store)[2..], after);
    let last = store.read(told::last).unwrap();
    assert_eq!(last.seq, 6);
    let holds = |mark| store.read(|c| told::holds(c, mark)).unwrap();
    assert!(holds(last) && holds(Mark::default()));
    assert!(
        !holds(Mark { seq: 5, ..last }) && !holds(Mark { seq: 7, ..last }) && !holds(Mark { seq: u64::MAX, ..last })
    );
    let rest = store.read(|c| told::after(c, 4, 1)).unwrap();
    assert_eq!(
        (rest.len(), rest[0].at.seq, rest[0].person.clone()),
        (1, 5, order(2).person)
    );
}

#[test]
fn what_a_neighbour_told_is_found_by_its_subject_and_goes_with_it() {
    let (_dir, store) = kit::store();
    let photo = |n: u64, at: i64| Heard {
        campaign: kit::campaign().id,
        subject: [3; 16],
        order: OrderId(uuid(n)),
        at: UtcMs(NOW.0 + at),
    };
    let (one, two) = (StationId(uuid(70)), StationId(uuid(71)));
    let neighbour = |station, name: &str| Neighbour {
        station,
        name: name.to_owned(),
        heard: Mark { seq: 4, mark: [9; 16] },
    };
    store
        .write(|tx| {
            heard::put(tx, one, &photo(5, 20))?;
            heard::put(tx, one, &photo(5, 20))?;
            heard::put(tx, two, &photo(5, 10))?;
            neighbours::put(tx, &neighbour(one, "东门"))?;
            neighbours::put(tx, &neighbour(two, "西门"))
        })
        .unwrap();
    let of = || store.read(|c| heard::of(c, kit::campaign().id, &[3; 16])).unwrap();
    assert_eq!(of(), Some((photo(5, 10), "西门".to_owned())));
    store.write(|tx| heard::forget_station(tx, two)).unwrap();
    assert_eq!(of(), Some((photo(5, 20), "东门".to_owned())));
    assert_eq!(store.read(|c| heard::count(c, one)).unwrap(), 1);
    store.write(|tx| heard::forget(tx, one, OrderId(uuid(5)))).unwrap();
    assert_eq!(of(), None);
    assert_eq!(store.read(neighbours::all).unwrap().len(), 2);
    let crowd = store.write(|tx| {
        (0..u64::from(neighbours::MAX))
            .try_for_each(|n| neighbours::put(tx, &neighbour(StationId(uuid(1_000 + n)), "")))
    });
    assert!(matches!(crowd, Err(StoreError::TooLarge { .. })), "{crowd:?}");
}
