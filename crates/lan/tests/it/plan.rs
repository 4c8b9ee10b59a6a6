//! Rows reach everybody, whatever the network loses and whoever comes late.
use crate::kit::{Net, key, order, station};
use lan::Mark;

fn all_know(net: &Net, who: u32) -> bool {
    net.nodes
        .iter()
        .filter(|n| n.plan.is_some())
        .filter(|n| n.knows(who))
        .count()
        + 1
        >= net.nodes.iter().filter(|n| n.plan.is_some()).count()
}

#[test]
fn who_was_collected_at_one_is_known_at_the_other() {
    let mut net = Net::of(&[1, 1]);
    net.start_all();
    net.until("they hear each other", |n| n.stations(0) == 1 && n.stations(1) == 1);
    net.tell(0, 5, true);
    // One word, one question, one page, each at most 40 ms on its way.
    net.run(130);
    assert!(net.nodes[1].knows(5));
    assert!(!net.nodes[1].knows(6));
    let seen = net.nodes[1].plan.as_ref().unwrap().stations(net.now);
    assert_eq!((seen[0].name.as_str(), seen[0].up_to_date), ("机位 0", true));
    net.tell(0, 5, false);
    net.run(130);
    assert!(!net.nodes[1].knows(5), "taken back there, so taken back here");
}

#[test]
fn three_in_ten_lost_and_everything_arrives() {
    for seed in 0..20 {
        let mut net = Net::of(&[1, 1, 1]);
        net.dice.0 = seed;
        net.lost_per_mille = 300;
        net.start_all();
        for who in 0..120 {
            net.tell((who % 3) as usize, who, true);
            if who % 10 == 9 {
                net.tell((who % 3) as usize, who, false);
            }
            net.run(50);
        }
        let owns: Vec<Mark> = net.nodes.iter().map(super::kit::Node::own).collect();
        net.until("all rows are everywhere", |net| {
            let has = |n: usize, of: usize| {
                n == of
                    || net.nodes[n]
                        .shelves
                        .get(&station(of as u8))
                        .is_some_and(|s| s.heard == owns[of])
            };
            (0..3).all(|n| (0..3).all(|of| has(n, of)))
        });
        for node in &net.nodes {
            for (of, shelf) in &node.shelves {
                let of = (of.0.as_u128() - 1) as u8;
                let expected: Vec<_> = (0..120)
                    .filter(|w| w % 3 == u32::from(of) && w % 10 != 9)
                    .map(|w| order(of, w))
                    .collect();
                let mut found: Vec<_> = shelf.claims.keys().copied().collect();
                found.sort_by_key(|o| o.0);
                assert_eq!(found, expected, "seed {seed}");
            }
        }
    }
}

#[test]
fn a_late_station_learns_a_long_row_and_a_restart_does_not_ask_for_it_again() {
    let mut net = Net::of(&[1, 1]);
    net.start(0);
    (0..5_000).for_each(|who| net.tell(0, who, true));
    net.run(5_000);
    net.start(1);
    net.until("the late one knows the last", |n| n.nodes[1].knows(4_999));
    assert_eq!(net.nodes[1].takes, 5_000_u32.div_ceil(17));
    for n in [1, 0] {
        net.stop(n);
        net.run(20_000);
        net.start(n);
        net.run(5_000);
    }
    assert_eq!(net.nodes[1].takes, 5_000_u32.div_ceil(17), "nothing was told twice");
    assert_eq!((net.stations(0), net.stations(1)), (1, 1));
    net.tell(0, 5_000, true);
    net.run(130);
    assert!(net.nodes[1].knows(5_000));
    net.stop(0);
    net.run(15_000);
    assert_eq!(net.stations(1), 0, "who is silent is not there");
}

#[test]
fn a_store_put_back_to_an_older_copy_tells_anew() {
    let mut net = Net::of(&[1, 1]);
    net.start_all();
    (0..40).for_each(|who| net.tell(0, who, true));
    net.until("all are known", |n| n.nodes[1].knows(39));
    net.stop(0);
    net.nodes[0].lines.truncate(30);
    net.start(0);
    net.until("what the copy does not have is forgotten", |n| !n.nodes[1].knows(39));
    net.until("and the rest is there", |n| n.nodes[1].knows(29));
    // Another life's line with the same number as one that was heard.
    net.stop(0);
    net.nodes[0].lines.truncate(20);
    (100..110).for_each(|who| net.tell(0, who, true));
    net.start(0);
    net.until("the new lines are known", |n| {
        n.nodes[1].knows(109) && !n.nodes[1].knows(29)
    });
    // Emptied.
    net.stop(0);
    net.nodes[0].lines.clear();
    net.start(0);
    net.until("nothing is left", |n| !n.nodes[1].knows(0) && !n.nodes[1].knows(109));
}

#[test]
fn a_wrong_clock_moves_the_time_and_nothing_else() {
    let mut net = Net::of(&[1, 1]);
    net.nodes[0].skew_ms = -86_400_000 * 400;
    net.start_all();
    net.run(3_000);
    net.tell(0, 1, true);
    let taken = 1_000_000 + i64::try_from(net.now).unwrap();
    net.run(200);
    let at = net.nodes[1].shelves[&station(0)].claims[&order(0, 1)].taken_at.0;
    assert!((at - taken).abs() < 2_000, "{at} instead of {taken}");
}

#[test]
fn a_revoked_station_hears_nothing_more_and_is_not_heard() {
    let mut net = Net::of(&[1, 1, 1]);
    net.start_all();
    net.run(3_000);
    net.tell(2, 1, true);
    net.run(200);
    assert!(net.nodes[0].knows(1));
    // The others have the next key from their center; what they heard before is still found.
    for n in [0, 1] {
        net.stop(n);
        net.nodes[n].me.key = key(1, 1);
        net.start(n);
    }
    net.run(15_000);
    assert_eq!((net.stations(0), net.stations(1), net.stations(2)), (1, 1, 0));
    assert!(net.nodes[0].knows(1));
    net.tell(2, 2, true);
    net.tell(0, 3, true);
    net.run(5_000);
    assert!(!net.nodes[0].knows(2) && !net.nodes[1].knows(2) && !net.nodes[2].knows(3));
    assert!(all_know(&net, 3) || net.nodes[1].knows(3));
    assert!(net.nodes[0].plan.as_ref().unwrap().tally().foreign > 0);
}

#[test]
fn another_school_in_the_same_hall_is_passed_by() {
    let mut net = Net::of(&[1, 2, 1]);
    net.start_all();
    net.run(3_000);
    net.tell(0, 1, true);
    net.run(3_000);
    assert!(net.nodes[2].knows(1) && !net.nodes[1].knows(1));
    assert_eq!(net.stations(1), 0);
    assert!(net.nodes[1].plan.as_ref().unwrap().tally().foreign > 3);
}

#[test]
fn many_stations_are_quiet_when_nothing_happens() {
    let mut net = Net::of(&[1; 40]);
    net.start_all();
    net.run(10_000);
    assert!((0..40).all(|n| net.stations(n) == 39));
    net.sent.clear();
    net.run(10_000);
    // Each says every two to three seconds to all forty addresses how far it goes, and asks nothing.
    let bytes: usize = net.sent.iter().map(|(_, _, d)| d.len()).sum();
    assert!(net.sent.len() <= 40 * 40 * 6, "{}", net.sent.len());
    assert!(bytes < net.sent.len() * 130);
}
