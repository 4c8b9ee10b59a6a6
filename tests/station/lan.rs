//! Stations of one school warn each other over the LAN, with no center in reach, whatever the LAN loses and whoever speaks on it.
use crate::kit::{Center, Desk, SITTERS, Undo, collection_code, until};
use crate::switch::{Switch, free_port};
use ::lan::Place;
use ipc::CollectedView;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

/// Places on loopback that all speak to each other.
fn places<const N: usize>() -> [Place; N] {
    let all: [SocketAddr; N] = std::array::from_fn(|_| free_port());
    std::array::from_fn(|n| {
        let others = all.iter().copied().filter(|a| *a != all[n]).collect();
        Place::only(all[n], others)
    })
}

/// What the desk says of a sitter's earlier photo when the code is scanned. Nobody sits afterwards.
fn warning(desk: &Desk, sitter: &str) -> Option<CollectedView> {
    desk.scan(&collection_code(sitter)).unwrap();
    let seat = desk.seat();
    let collected = seat.person.collected;
    assert_eq!(seat.stage, if collected.is_some() { "confirm" } else { "ready" });
    desk.undo().unwrap();
    collected
}

fn heard(desk: &Desk) -> usize {
    desk.sync_view().unwrap().lan.stations.len()
}

fn until_warned(desk: &Desk, sitter: &str) -> CollectedView {
    until(&format!("a warning of {sitter}"), || warning(desk, sitter).is_some());
    warning(desk, sitter).unwrap()
}

#[test]
fn who_was_collected_at_one_is_held_up_at_the_other_without_a_center() {
    let mut center = Center::with("graduate");
    let [a, b] = places();
    let (a, b) = (Desk::among(&center, Undo::Long, a), Desk::among(&center, Undo::Long, b));
    center.go_away();
    until("they hear each other", || heard(&a) == 1 && heard(&b) == 1);
    assert_eq!((a.snapshot().status.neighbours, warning(&b, SITTERS[0])), (1, None));

    let order = a.collect(SITTERS[0]);
    let seen = until_warned(&b, SITTERS[0]);
    let name = a.snapshot().status.station_name;
    assert_eq!(
        (seen.elsewhere, seen.station.as_deref(), &seen.order_number),
        (true, Some(name.as_str()), &None)
    );
    let kept_at = a.detail(order).row.created_at_ms;
    assert!(
        (kept_at - 60_000..=kept_at).contains(&seen.at_ms),
        "{} and {kept_at}",
        seen.at_ms
    );
    assert_eq!(warning(&b, SITTERS[1]), None);
    // A kiosk at the same station refuses them, as it does who was collected here.
    assert_eq!(a.queue().waiting, 1, "nothing of it went to a center");

    // Taken back there.
    a.undo().unwrap();
    until("no warning any more", || warning(&b, SITTERS[0]).is_none());
    // And taken after all, then closed as an order nobody wants.
    a.undo().unwrap();
    let order = a.collect(SITTERS[0]);
    until_warned(&b, SITTERS[0]);
    assert_eq!(a.detail(order).row.delivery, "queued");

    // Who sits at the other one already when it happens.
    b.scan(&collection_code(SITTERS[1])).unwrap();
    b.scan(&collection_code(SITTERS[2])).unwrap();
    a.collect(SITTERS[2]);
    until("the one on deck is marked", || b.view().on_deck[0].collected.is_some());
    assert!(b.view().notices.iter().any(|n| n.code == "collected_meanwhile"));
    assert_eq!(b.seat().person.collected, None);
    b.skip().unwrap();
    assert_eq!(b.seat().stage, "confirm");

    // The center comes back: its word and the neighbour's stand side by side.
    let (a, b) = (a.restart(Undo::No), b.restart(Undo::No));
    center.come_back();
    a.sync_now().unwrap();
    b.sync_now().unwrap();
    until("the center's word is there", || {
        b.sync_view().unwrap().queue.online && warning(&b, SITTERS[0]).is_some_and(|w| w.station.is_some())
    });
    a.assert_holds();
    b.assert_holds();
}

#[test]
fn three_in_ten_lost_and_a_late_and_a_restarted_station_know_everything() {
    let mut center = Center::with("graduate");
    let switch = Switch::new(3, 300, 7);
    let places = switch.places();
    let [a, b, c] = [0, 1, 2].map(|n| Desk::among(&center, Undo::No, places[n].clone()));
    center.go_away();
    let c = c.pause();
    a.collect(SITTERS[0]);
    b.collect(SITTERS[1]);
    until_warned(&b, SITTERS[0]);
    until_warned(&a, SITTERS[1]);
    // One that was off.
    let c = c.resume(Undo::No);
    until_warned(&c, SITTERS[0]);
    until_warned(&c, SITTERS[1]);
    // What was heard outlives the program, and those it was heard of.
    let (b, a) = (b.restart(Undo::No), a.pause());
    assert!(warning(&b, SITTERS[0]).is_some());
    c.collect(SITTERS[2]);
    until_warned(&b, SITTERS[2]);
    let a = a.resume(Undo::No);
    until_warned(&a, SITTERS[2]);
    until("all three are there", || [&a, &b, &c].iter().all(|d| heard(d) == 2));
    for desk in [&a, &b, &c] {
        desk.assert_holds();
    }
    assert!(switch.lost() > 0);
}

#[test]
fn others_on_the_lan_change_nothing() {
    let (mut center, mut elsewhere) = (Center::with("graduate"), Center::with("graduate"));
    let [a, b, stranger] = places();
    let doors = [a.bind, b.bind];
    let (a, b) = (Desk::among(&center, Undo::Long, a), Desk::among(&center, Undo::Long, b));
    // The same campaign, the same people, another center: another school's key.
    let stranger = Desk::among(&elsewhere, Undo::Long, stranger);
    center.go_away();
    elsewhere.go_away();
    let order = stranger.collect(SITTERS[0]);
    until("they hear each other", || heard(&a) == 1 && heard(&b) == 1);
    until("the stranger is heard as one", || {
        a.sync_view().unwrap().lan.foreign > 0
    });
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mut noise = 1_u32;
    for n in 0..4_000_u32 {
        let mut bytes: Vec<u8> = (0..(n % 1_300))
            .map(|_| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                noise.to_be_bytes()[0]
            })
            .collect();
        let magic = b"XYLN\x01";
        let front = bytes.len().min(magic.len());
        bytes[..front].copy_from_slice(&magic[..front]);
        doors.iter().for_each(|door| drop(socket.send_to(&bytes, door)));
    }
    assert_eq!((warning(&a, SITTERS[0]), heard(&a), heard(&stranger)), (None, 1, 0));
    a.collect(SITTERS[1]);
    until_warned(&b, SITTERS[1]);
    assert_eq!(warning(&stranger, SITTERS[1]), None);
    assert_eq!(stranger.detail(order).row.state, "paid");
    // Nobody is told anything once it is switched off.
    let silent = ipc::Preferences {
        lan: false,
        ..b.preferences().unwrap()
    };
    b.set_preferences(silent).unwrap();
    assert_eq!(b.sync_view().unwrap().lan.state, "off");
    until("it is not heard any more", || heard(&a) == 0);
    for desk in [&a, &b, &stranger] {
        desk.assert_holds();
    }
}

#[test]
fn a_revoked_station_is_left_out_once_the_others_have_met_the_center() {
    let center = Center::with("graduate");
    let [a, b, thief] = places();
    let (a, b) = (Desk::among(&center, Undo::Long, a), Desk::among(&center, Undo::Long, b));
    let thief = Desk::among(&center, Undo::Long, thief);
    until("all hear each other", || [&a, &b, &thief].iter().all(|d| heard(d) == 2));
    thief.collect(SITTERS[0]);
    until_warned(&a, SITTERS[0]);
    let id = thief.sync_view().unwrap().station_id.unwrap().parse().unwrap();
    center.central.revoke_station("root", &id).unwrap();
    // Each learns the next key with its next answer, which after a start comes at once.
    let (a, b) = (a.restart(Undo::Long), b.restart(Undo::Long));
    until("the two hear each other only", || {
        heard(&a) == 1 && heard(&b) == 1 && heard(&thief) == 0
    });
    assert!(warning(&b, SITTERS[0]).is_some(), "what was heard before stands");
    a.collect(SITTERS[1]);
    thief.collect(SITTERS[2]);
    until_warned(&b, SITTERS[1]);
    assert_eq!((warning(&b, SITTERS[2]), warning(&thief, SITTERS[1])), (None, None));
}
