//! Whoever sends anything learns nothing, changes nothing, and is answered with no more than they sent.
use crate::kit::{Dice, Net, address, key, person, random, station};
use domain::{PersonKey, StationId, UtcMs};
use lan::datagram::{Ask, Body, Here, Knock, MAX_BYTES, Page, Sealer};
use lan::plan::{Action, Event, MAX_OPENED, MAX_PEERS, Plan};
use lan::{Mark, Me};
use proptest::prelude::*;
use std::net::{Ipv4Addr, SocketAddr};

fn plan() -> Plan {
    let me = Me {
        station: station(0),
        name: "机位".to_owned(),
        key: key(1, 0),
    };
    let mut plan = Plan::new(me, Vec::new(), random(1));
    plan.step(Event::Timer, 0, UtcMs(0));
    plan
}

fn heard(plan: &mut Plan, from: SocketAddr, datagram: &[u8], now: u64) -> Vec<Action> {
    let mut todo = plan.step(Event::Heard { from, datagram }, now, UtcMs(0));
    todo.retain(|a| !matches!(a, Action::Announce(_) | Action::LookOwn));
    todo
}

fn here(run: u64, count: u64) -> Body {
    Body::Here(Here {
        run,
        count,
        token: [9; 16],
        own: Mark { seq: 3, mark: [1; 16] },
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn random_bytes_are_counted_and_nothing_else(bytes in prop::collection::vec(any::<u8>(), 0..1500)) {
        let mut plan = plan();
        prop_assert!(heard(&mut plan, address(9), &bytes, 10).is_empty());
        prop_assert_eq!(plan.tally().garbage, 1);
    }

    #[test]
    fn a_changed_bit_is_noticed(at in any::<prop::sample::Index>(), bit in 0..8_u32, cut in any::<prop::sample::Index>()) {
        let sealed = Sealer::new(&key(1, 0)).seal(station(3), &here(1, 1), [5; 24]).unwrap();
        let mut spoilt = sealed.clone();
        *at.get_mut(&mut spoilt) ^= 1 << bit;
        let mut plan = plan();
        prop_assert!(heard(&mut plan, address(9), &spoilt, 10).is_empty());
        prop_assert!(heard(&mut plan, address(9), &sealed[..cut.index(sealed.len())], 10).is_empty());
        let tally = plan.tally();
        prop_assert_eq!(tally.garbage + tally.version + tally.foreign + tally.forged, 2);
        prop_assert_eq!(tally.good, 0);
    }

    /// Somebody with the key and a broken program: any body, sealed well.
    #[test]
    fn any_sealed_page_leaves_the_plan_whole(seq in any::<u64>(), anew: bool, more: bool, to_us: bool) {
        let mut plan = plan();
        let sealer = Sealer::new(&key(1, 0));
        let page = Page {
            to: if to_us { station(0) } else { station(8) },
            question: [0; 16],
            now: UtcMs(i64::MIN),
            name: String::new(),
            anew,
            more,
            reaches: Mark { seq, mark: [2; 16] },
            claims: Vec::new(),
        };
        let sealed = sealer.seal(station(3), &Body::Page(page), [5; 24]).unwrap();
        prop_assert!(heard(&mut plan, address(9), &sealed, 10).is_empty());
        prop_assert_eq!(plan.tally().repeated, 1);
    }
}

#[test]
fn what_comes_back_is_never_longer_than_what_was_sent() {
    let sealer = Sealer::new(&key(1, 0));
    let mut plan = plan();
    let token = {
        // Our own token, as everybody with the key reads it.
        let said = plan.step(Event::Own(Mark { seq: 1, mark: [1; 16] }), 5, UtcMs(0));
        let Some(Action::Announce(datagram)) = said.last() else {
            panic!("{said:?}")
        };
        let (_, Body::Here(here)) = sealer.open(datagram).unwrap() else {
            panic!()
        };
        here.token
    };
    let ask = |token, count| {
        Body::Ask(Ask {
            run: 1,
            count,
            to: station(0),
            token,
            question: [3; 16],
            from: Mark::default(),
        })
    };
    let knock = |token| {
        Body::Knock(Knock {
            to: station(0),
            token,
            question: [4; 16],
        })
    };
    let bodies = [
        here(1, 1),
        here(1, 1),
        here(2, 1),
        ask([0; 16], 1),
        ask(token, 1),
        ask(token, 1),
        knock(token),
        knock([0; 16]),
    ];
    for body in bodies {
        let sealed = sealer.seal(station(3), &body, [5; 24]).unwrap();
        let mut todo = heard(&mut plan, address(3), &sealed, 10);
        if let Some(Action::Read { reply, .. }) = todo.first().cloned() {
            let lines = vec![
                lan::Line {
                    collected: true,
                    campaign: crate::kit::campaign(),
                    person: PersonKey::Roster("2027".repeat(40)),
                    order: crate::kit::order(0, 1),
                    taken_at: UtcMs(0),
                };
                40
            ];
            let said = Some(lan::Said {
                anew: false,
                lines,
                to: Mark { seq: 40, mark: [1; 16] },
                more: true,
            });
            todo = plan.step(Event::Said { reply, said }, 10, UtcMs(0));
        }
        let back: usize = todo
            .iter()
            .map(|a| {
                if let Action::Send { datagram, .. } = a {
                    datagram.len()
                } else {
                    0
                }
            })
            .sum();
        assert!(back <= sealed.len(), "{body:?} of {} brought back {back}", sealed.len());
    }
}

#[test]
fn words_caught_and_sent_again_make_no_station_and_move_none() {
    let mut net = Net::of(&[1, 1]);
    net.start_all();
    net.run(3_000);
    net.tell(1, 1, true);
    net.run(3_000);
    let caught: Vec<Vec<u8>> = net.sent.iter().map(|(_, _, d)| d.clone()).collect();
    net.stop(1);
    net.run(20_000);
    // Everything again, from elsewhere, to a station that was started anew and one that was not.
    let thief = SocketAddr::from((Ipv4Addr::new(10, 0, 0, 66), 5));
    for started_anew in [false, true] {
        if started_anew {
            net.nodes[0].shelves.clear();
            net.stop(0);
            net.start(0);
        }
        let takes = net.nodes[0].takes;
        for datagram in &caught {
            net.inject(thief, 0, datagram);
            net.run(5);
        }
        assert_eq!((net.stations(0), net.nodes[0].takes), (0, takes));
        assert_eq!(
            net.nodes[0].knows(1),
            !started_anew,
            "what was heard before stays, nothing comes anew"
        );
    }
    // The real one comes back and is heard, whatever was said in its name.
    net.start(1);
    net.until("it is heard again", |n| n.stations(0) == 1 && n.nodes[0].knows(1));
}

#[test]
fn a_flood_is_cut_off_and_time_heals_it() {
    let sealer = Sealer::new(&key(1, 0));
    let mut plan = plan();
    let mut forged = sealer.seal(station(3), &here(1, 1), [5; 24]).unwrap();
    *forged.last_mut().unwrap() ^= 1;
    for _ in 0..MAX_OPENED * 3 {
        heard(&mut plan, address(9), &forged, 10);
    }
    let tally = plan.tally();
    assert!(
        tally.forged <= MAX_OPENED && tally.flood >= MAX_OPENED * 2 - 1,
        "{tally:?}"
    );
    let good = sealer.seal(station(3), &here(1, 1), [5; 24]).unwrap();
    heard(&mut plan, address(3), &good, 10);
    assert_eq!(plan.tally().good, 0);
    assert_eq!(heard(&mut plan, address(3), &good, 1_010).len(), 1, "a knock");
}

#[test]
fn more_stations_than_a_school_can_have_take_no_more_room() {
    let sealer = Sealer::new(&key(1, 0));
    let mut plan = plan();
    let mut dice = Dice(3);
    let mut knocks = 0;
    for n in 0..1_500_u64 {
        let by = StationId(uuid::Uuid::from_u128(u128::from(dice.roll())));
        let sealed = sealer.seal(by, &here(n, 1), [5; 24]).unwrap();
        knocks += heard(&mut plan, address(9), &sealed, 10).len();
    }
    assert_eq!(knocks, MAX_PEERS);
    assert_eq!(plan.tally().crowded, 1_500 - MAX_PEERS as u64);
    assert!(plan.stations(10).is_empty(), "none of them answered");
}

#[test]
fn nothing_personal_is_on_the_wire_and_no_list_of_people_tells() {
    let mut net = Net::of(&[1, 1]);
    net.start_all();
    net.run(3_000);
    net.tell(0, 1, true);
    net.run(3_000);
    let text = person(1).text();
    let name = "机位".as_bytes();
    for (_, _, datagram) in &net.sent {
        let has = |what: &[u8]| datagram.windows(what.len()).any(|w| w == what);
        assert!(!has(text.as_bytes()) && !has(name) && !has(net.nodes[0].me.station.0.as_bytes()));
        assert!(datagram.len() <= MAX_BYTES);
    }
    // With another key the same person has another name.
    let campaign = crate::kit::campaign();
    assert_ne!(
        key(1, 0).subject(campaign, &person(1)),
        key(2, 0).subject(campaign, &person(1))
    );
    assert_eq!(
        key(1, 0).subject(campaign, &person(1)),
        key(1, 1).subject(campaign, &person(1))
    );
}
