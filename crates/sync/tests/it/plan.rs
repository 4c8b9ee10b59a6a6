//! What does the plan do, step by step?
use crate::trace::{Trace, close, photo, receipt, refused, result};
use expect_test::expect;
use sync::failure::Failure;
use sync::plan::{Action, Event, Wake};
use sync::{LocalFailure, Unreachable};
use wire::feed::{FeedAnswer, FeedBody, FeedEvent, Snapshot};
use wire::op::{OpResult, OpStatus};
use wire::problem::{Code, Problem};

#[test]
fn photos_go_first_and_then_the_ops_whose_photos_are_there() {
    let (a, b, c) = (photo(1, 1), photo(2, 1), close(3, 1));
    let mut t = Trace::polling();
    t.batch(vec![a.clone(), b.clone(), c.clone()]);
    t.at(20).sent(a.blobs[0]);
    t.at(30)
        .answered(vec![result(&c, OpStatus::Applied, None)], receipt(&[&c], 1));
    t.at(40).sent(b.blobs[0]);
    t.recorded();
    t.answered(vec![result(&a, OpStatus::Applied, None)], receipt(&[&a], 1));
    t.recorded();
    t.check(expect![[r#"
        0     batch of 3 → send ops [3.1], put photo 1.1, put photo 2.1, report(offline 3 waiting fine)
        20    photo 1.1 sent ok → report(online 3 waiting fine)
        30    ops answered ok → record 1 ack ["bb9"] off [] out [], send ops [1.1], report(online 3 waiting fine)
        40    photo 2.1 sent ok → report(online 3 waiting fine)
        40    recorded 1 ok → report(online 2 waiting fine)
        40    ops answered ok → record 2 ack ["3e9"] off [] out [], send ops [2.1]
        40    recorded 2 ok → report(online 1 waiting fine)
    "#]]);
}

#[test]
fn nothing_is_acknowledged_without_a_receipt_that_holds() {
    let (a, b, c, d) = (close(1, 1), close(2, 1), close(3, 1), photo(4, 1));
    let mut t = Trace::polling();
    let all = [&a, &b, &c, &d];
    t.batch(all.map(Clone::clone).to_vec());
    t.sent(d.blobs[0]);
    // No receipt; signed by another key; another revision; signed for the op but not for its photo.
    t.answered(
        all[..3].iter().map(|o| result(o, OpStatus::Applied, None)).collect(),
        None,
    );
    t.recorded();
    t.answered(vec![result(&d, OpStatus::Applied, None)], receipt(&[&close(4, 1)], 1));
    t.wait();
    t.batch(vec![a.clone()]);
    t.answered(vec![result(&a, OpStatus::Applied, None)], receipt(&[&a], 2));
    let mut other = b.clone();
    other.op.rev = 9;
    t.recorded();
    t.wait();
    t.batch(vec![b.clone()]);
    t.answered(vec![result(&b, OpStatus::Duplicate, None)], receipt(&[&other], 1));
    t.check(expect![[r#"
        0     batch of 4 → send ops [1.1 2.1 3.1], put photo 4.1, report(offline 4 waiting fine)
        0     photo 4.1 sent ok → report(online 4 waiting fine)
        0     ops answered ok → record 1 ack [] off ["3e9 bad_receipt 500ms", "7d1 bad_receipt 500ms", "bb9 bad_receipt 959ms"] out [], send ops [4.1], report(online 4 waiting bad_receipt)
        0     recorded 1 ok → timer 500
        0     ops answered ok → put photo 4.1
        500   Timer → LoadBatch { limit: 101 }, timer 959
        500   batch of 1 → send ops [1.1], report(online 1 waiting bad_receipt)
        500   ops answered ok → record 3 ack [] off ["3e9 bad_receipt 570ms"] out [], report(online 1 waiting bad_receipt)
        500   recorded 3 ok → 
        959   Timer → LoadBatch { limit: 101 }, timer 1070
        959   batch of 1 → send ops [2.1]
        959   ops answered ok → record 4 ack [] off ["7d1 bad_receipt 1030ms"] out [], report(online 1 waiting bad_receipt)
    "#]]);
}

#[test]
fn a_refused_op_stops_its_own_order_and_no_other() {
    let (a1, a2, b) = (close(1, 1), close(1, 2), close(2, 1));
    let mut t = Trace::polling();
    t.batch(vec![a1.clone(), a2.clone(), b.clone()]);
    t.answered(
        vec![
            result(&a1, OpStatus::Rejected, Some(Code::StateForbidden)),
            result(&b, OpStatus::Applied, None),
        ],
        receipt(&[&b], 1),
    );
    t.recorded();
    t.step(Event::Wake(Wake::Change));
    t.batch(vec![]);
    t.check(expect![[r#"
        0     batch of 3 → send ops [1.1 2.1], report(offline 3 waiting fine)
        0     ops answered ok → record 1 ack ["7d1"] off [] out ["3e9 state_forbidden"], report(online 3 waiting fine)
        0     recorded 1 ok → report(online 1 waiting fine)
        0     Wake(Change) → LoadBatch { limit: 100 }
        0     batch of 0 → report(online 0 waiting fine)
    "#]]);
}

#[test]
fn a_request_refused_as_a_whole_is_halved_until_the_bad_op_stands_alone() {
    let ops: Vec<_> = (1..=4).map(|n| close(n, 1)).collect();
    let mut t = Trace::polling();
    t.batch(ops.clone());
    let mut done = Vec::new();
    let mut actions = t.step(Event::OpsAnswered(Err(refused(Code::Validation))));
    for _ in 0..12 {
        let sent = actions.iter().find_map(|a| match a {
            Action::SendOps { ops, .. } => Some(ops.clone()),
            _ => None,
        });
        let Some(sent) = sent else { break };
        let sent: Vec<_> = ops
            .iter()
            .filter(|p| sent.iter().any(|o| o.op_id == p.op.op_id))
            .collect();
        actions = if sent.contains(&&ops[2]) {
            t.step(Event::OpsAnswered(Err(refused(Code::Validation))))
        } else {
            done.extend(sent.iter().map(|p| p.op.order_id.clone()));
            t.answered(
                sent.iter().map(|p| result(p, OpStatus::Applied, None)).collect(),
                receipt(&sent, 1),
            )
        };
    }
    assert_eq!(done.len(), 3);
    t.check(expect![[r#"
        0     batch of 4 → send ops [1.1 2.1 3.1 4.1], report(offline 4 waiting fine)
        0     ops answered validation → send ops [1.1 2.1], report(online 4 waiting fine)
        0     ops answered ok → record 2 ack ["3e9", "7d1"] off [] out [], send ops [3.1 4.1]
        0     ops answered validation → send ops [3.1]
        0     ops answered validation → record 4 ack [] off [] out ["bb9 validation"], send ops [4.1]
        0     ops answered ok → record 5 ack ["fa1"] off [] out []
    "#]]);
}

#[test]
fn held_ops_wait_and_photos_the_center_lacks_are_sent_again() {
    let (a, b) = (photo(1, 1), close(2, 2));
    let mut t = Trace::polling();
    t.batch(vec![a.clone(), b.clone()]);
    t.answered(vec![result(&b, OpStatus::Held, Some(Code::MissingPredecessor))], None);
    t.recorded();
    t.sent(a.blobs[0]);
    let lacks = OpResult {
        missing_blobs: vec![a.blobs[0].to_string()],
        ..result(&a, OpStatus::Held, Some(Code::MissingBlob))
    };
    t.answered(vec![lacks.clone()], None);
    t.sent(a.blobs[0]);
    t.answered(vec![lacks], None);
    t.recorded();
    t.wait();
    t.batch(vec![b.clone()]);
    t.answered(vec![result(&b, OpStatus::Held, Some(Code::MissingPredecessor))], None);
    t.recorded();
    t.step(Event::Wake(Wake::Person));
    t.check(expect![[r#"
        0     batch of 2 → send ops [2.2], put photo 1.1, report(offline 2 waiting fine)
        0     ops answered ok → record 1 ack [] off ["7d2 missing_predecessor 500ms"] out [], report(online 2 waiting fine)
        0     recorded 1 ok → timer 500
        0     photo 1.1 sent ok → send ops [1.1]
        0     ops answered ok → put photo 1.1
        0     photo 1.1 sent ok → send ops [1.1]
        0     ops answered ok → record 3 ack [] off ["3e9 missing_blob 500ms"] out []
        0     recorded 3 ok → 
        500   Timer → LoadBatch { limit: 100 }, timer 300500
        500   batch of 1 → send ops [2.2], report(online 1 waiting fine)
        500   ops answered ok → record 4 ack [] off ["7d2 missing_predecessor 500ms"] out [], report(online 1 waiting fine)
        500   recorded 4 ok → timer 1000
        500   Wake(Person) → RetryAll, LoadBatch { limit: 100 }, timer 300500
    "#]]);
}

#[test]
fn without_a_link_it_tries_for_ever_more_seldom_and_at_once_when_the_link_is_up() {
    let a = photo(1, 1);
    let mut t = Trace::polling();
    t.batch(vec![a.clone()]);
    let offline = || Failure::from(Unreachable::Connect);
    t.step(Event::BlobSent {
        blob: a.blobs[0],
        outcome: Err(offline()),
    });
    for _ in 0..5 {
        t.wait();
        t.now += 10;
        t.step(Event::BlobKnown {
            blob: a.blobs[0],
            outcome: Err(offline()),
        });
    }
    t.now += 100;
    t.step(Event::LinkUp);
    t.wait();
    t.step(Event::BlobKnown {
        blob: a.blobs[0],
        outcome: Ok(false),
    });
    t.sent(a.blobs[0]);
    t.check(expect![[r#"
        0     batch of 1 → put photo 1.1, report(offline 1 waiting fine)
        0     photo 1.1 sent offline → timer 500, report(offline 1 waiting offline)
        500   Timer → ask photo 1.1, timer 300000, report(offline 1 waiting offline)
        510   photo 1.1 known Err(Unreachable(Connect)) → timer 2398, report(offline 1 waiting offline)
        2398  Timer → ask photo 1.1, timer 300000, report(offline 1 waiting offline)
        2408  photo 1.1 known Err(Unreachable(Connect)) → timer 3616, report(offline 1 waiting offline)
        3616  Timer → ask photo 1.1, timer 300000, report(offline 1 waiting offline)
        3626  photo 1.1 known Err(Unreachable(Connect)) → timer 11573, report(offline 1 waiting offline)
        11573 Timer → ask photo 1.1, timer 300000, report(offline 1 waiting offline)
        11583 photo 1.1 known Err(Unreachable(Connect)) → timer 24145, report(offline 1 waiting offline)
        24145 Timer → ask photo 1.1, timer 300000, report(offline 1 waiting offline)
        24155 photo 1.1 known Err(Unreachable(Connect)) → timer 26063, report(offline 1 waiting offline)
        24255 LinkUp → RetryAll, LoadBatch { limit: 101 }, timer 24655, report(offline 1 waiting offline)
        24655 Timer → ask photo 1.1, timer 324255, report(offline 1 waiting offline)
        24655 photo 1.1 known Ok(false) → put photo 1.1, report(online 1 waiting fine)
        24655 photo 1.1 sent ok → send ops [1.1]
    "#]]);
}

#[test]
fn the_wait_the_center_asks_for_is_kept_also_when_somebody_hurries() {
    let a = close(1, 1);
    let mut t = Trace::polling();
    t.batch(vec![a.clone()]);
    let mut problem = Problem::new(Code::RateLimited, "");
    problem.retry_after_ms = Some(90_000);
    t.step(Event::OpsAnswered(Err(Failure::Refused(Box::new(problem)))));
    t.at(10_000).step(Event::Wake(Wake::Person));
    t.wait();
    t.check(expect![[r#"
        0     batch of 1 → send ops [1.1], report(offline 1 waiting fine)
        0     ops answered rate_limited → timer 90000, report(online 1 waiting overloaded)
        10000 Wake(Person) → RetryAll, LoadBatch { limit: 101 }
        90000 Timer → send ops [1.1], timer 310000, report(online 1 waiting overloaded)
    "#]]);
}

#[test]
fn after_an_outage_of_the_center_the_feed_opens_the_way_up() {
    let mut t = Trace::fresh();
    t.step(Event::Started);
    t.step(Event::CursorLoaded(Ok(3)));
    t.batch(vec![close(1, 1)]);
    for _ in 0..12 {
        let mut busy = Problem::new(Code::Overloaded, "");
        busy.retry_after_ms = Some(1_000);
        t.step(Event::OpsAnswered(Err(Failure::Refused(Box::new(busy)))));
        t.wait();
    }
    t.step(Event::OpsAnswered(Err(refused(Code::Overloaded))));
    let grown = t.plan.standing().next_try_at;
    t.step(Event::FeedAnswered(Ok(FeedAnswer {
        events: vec![],
        cursor: 3,
        more: false,
        lan: None,
    })));
    // What the center asked for, and half a second, stay; what grew by itself goes.
    let now = t.plan.standing();
    assert!(now.next_try_at < grown, "{now:?} after {grown:?}");
    let next = t.wait();
    assert!(next.iter().any(|a| matches!(a, Action::SendOps { .. })), "{next:?}");
}

#[test]
fn a_wrong_clock_is_corrected_with_the_centers_time_at_once() {
    let a = close(1, 1);
    let mut t = Trace::polling();
    t.batch(vec![a.clone()]);
    assert_eq!(t.plan.signing_skew_ms(), 0);
    t.step(Event::Heard { skew_ms: -7_200_000 });
    t.step(Event::OpsAnswered(Err(refused(Code::ClockSkew))));
    assert_eq!(t.plan.signing_skew_ms(), -7_200_000);
    t.answered(vec![result(&a, OpStatus::Applied, None)], receipt(&[&a], 1));
    t.step(Event::Heard { skew_ms: 900 });
    assert_eq!(t.plan.signing_skew_ms(), 0);
    t.check(expect![[r#"
        0     batch of 1 → send ops [1.1], report(offline 1 waiting fine)
        0     Heard { skew_ms: -7200000 } → report(offline 1 waiting fine)
        0     ops answered clock_skew → send ops [1.1], report(online 1 waiting fine)
        0     ops answered ok → record 2 ack ["3e9"] off [] out [], report(online 1 waiting fine)
        0     Heard { skew_ms: 900 } → report(online 1 waiting fine)
    "#]]);
}

#[test]
fn a_station_that_was_revoked_quarantines_nothing() {
    let (a, b) = (photo(1, 1), close(2, 1));
    let mut t = Trace::polling();
    t.batch(vec![a.clone(), b.clone()]);
    t.step(Event::BlobSent {
        blob: a.blobs[0],
        outcome: Err(refused(Code::StationRevoked)),
    });
    t.step(Event::OpsAnswered(Err(refused(Code::VersionUnsupported))));
    t.check(expect![[r#"
        0     batch of 2 → send ops [2.1], put photo 1.1, report(offline 2 waiting fine)
        0     photo 1.1 sent station_revoked → timer 500, report(online 2 waiting station_revoked)
        0     ops answered version_unsupported → report(online 2 waiting version_unsupported)
    "#]]);
}

#[test]
fn bad_photos_are_set_aside_alone() {
    let (a, b, c) = (photo(1, 1), photo(2, 1), photo(3, 1));
    let mut t = Trace::polling();
    t.batch(vec![a.clone(), b.clone(), c.clone()]);
    t.step(Event::BlobSent {
        blob: a.blobs[0],
        outcome: Err(refused(Code::UnsupportedMedia)),
    });
    t.step(Event::BlobSent {
        blob: b.blobs[0],
        outcome: Err(LocalFailure::Photo.into()),
    });
    t.step(Event::BlobSent {
        blob: c.blobs[0],
        outcome: Err(refused(Code::DigestMismatch)),
    });
    t.recorded();
    t.recorded();
    t.recorded();
    t.check(expect![[r#"
        0     batch of 3 → put photo 1.1, put photo 2.1, put photo 3.1, report(offline 3 waiting fine)
        0     photo 1.1 sent unsupported_media → record 1 ack [] off [] out ["3e9 unsupported_media"], report(online 3 waiting fine)
        0     photo 2.1 sent photo → record 2 ack [] off ["7d1 photo 500ms"] out [], report(online 3 waiting photo)
        0     photo 3.1 sent digest_mismatch → record 3 ack [] off ["bb9 digest_mismatch 500ms"] out []
        0     recorded 1 ok → report(online 2 waiting photo)
        0     recorded 2 ok → timer 500
        0     recorded 3 ok → 
    "#]]);
}

#[test]
fn what_cannot_be_recorded_is_sent_again_once_the_store_works() {
    let a = close(1, 1);
    let mut t = Trace::polling();
    t.batch(vec![a.clone()]);
    t.answered(vec![result(&a, OpStatus::Applied, None)], receipt(&[&a], 1));
    let id = t.settlements.remove(0);
    t.step(Event::Recorded {
        id,
        outcome: Err(LocalFailure::Store),
    });
    t.wait();
    t.batch(vec![a.clone()]);
    t.answered(vec![result(&a, OpStatus::Applied, None)], receipt(&[&a], 1));
    t.recorded();
    t.check(expect![[r#"
        0     batch of 1 → send ops [1.1], report(offline 1 waiting fine)
        0     ops answered ok → record 1 ack ["3e9"] off [] out [], report(online 1 waiting fine)
        0     recorded 1 failed → timer 500, report(online 1 waiting store)
        500   Timer → RetryAll, LoadBatch { limit: 100 }, timer 300500, report(online 1 waiting store)
        500   batch of 1 → send ops [1.1]
        500   ops answered ok → record 2 ack ["3e9"] off [] out [], report(online 1 waiting store)
        500   recorded 2 ok → report(online 0 waiting fine)
    "#]]);
}

fn snapshot(cursor: u64) -> Snapshot {
    Snapshot {
        cursor,
        campaigns: vec![],
        orders: vec![],
        collected: vec![],
        rosters: vec![],
    }
}

fn event(seq: u64) -> FeedEvent {
    FeedEvent {
        seq,
        at_ms: 0,
        body: FeedBody::Unknown,
    }
}

#[test]
fn the_feed_is_followed_past_places_of_others_and_lost_only_to_a_snapshot() {
    let mut t = Trace::fresh();
    let feed = |events: &[u64], cursor, more| {
        let events = events.iter().map(|s| event(*s)).collect();
        Event::FeedAnswered(Ok(FeedAnswer {
            events,
            cursor,
            more,
            lan: None,
        }))
    };
    t.step(Event::Started);
    t.step(Event::CursorLoaded(Ok(3)));
    t.batch(vec![]);
    t.step(feed(&[3, 4, 5], 5, true));
    t.step(Event::Applied(Ok(5)));
    t.step(feed(&[], 5, false));
    t.wait();
    t.step(feed(&[7, 9], 12, false));
    t.step(Event::Applied(Ok(12)));
    // Nothing for this station, but places of others' events: passed by, and not asked for again at once.
    t.step(feed(&[], 40, false));
    t.step(Event::Applied(Ok(40)));
    t.wait();
    t.step(feed(&[], 5_040, true));
    t.step(Event::Applied(Ok(5_040)));
    // A center that takes events back, or knows less than it said.
    t.step(feed(&[5_042, 5_041], 5_042, false));
    t.step(Event::SnapshotAnswered(Ok(snapshot(5_050))));
    t.step(Event::Applied(Ok(5_050)));
    t.step(feed(&[], 9, false));
    t.step(Event::SnapshotAnswered(Ok(snapshot(9))));
    t.step(Event::Applied(Ok(9)));
    t.at(30_000)
        .step(Event::FeedAnswered(Err(refused(Code::CursorExpired))));
    t.step(Event::SnapshotAnswered(Err(Unreachable::Broken.into())));
    t.check(expect![[r#"
        0     Started → RetryAll, LoadBatch { limit: 100 }, LoadCursor, timer 300000, report(offline 0 waiting fine)
        0     CursorLoaded(Ok(3)) → pull after 3 wait 0
        0     batch of 0 → 
        0     feed answered ok → apply 2 to 5, report(online 0 waiting fine)
        0     Applied(Ok(5)) → pull after 5 wait 0
        0     feed answered ok → timer 1000
        1000  Timer → pull after 5 wait 25, timer 300000
        1000  feed answered ok → apply 2 to 12, report(online 0 waiting fine)
        1000  Applied(Ok(12)) → pull after 12 wait 25
        1000  feed answered ok → apply 0 to 40
        1000  Applied(Ok(40)) → timer 2000
        2000  Timer → pull after 40 wait 25, timer 300000
        2000  feed answered ok → apply 0 to 5040, report(online 0 waiting fine)
        2000  Applied(Ok(5040)) → pull after 5040 wait 0
        2000  feed answered ok → PullSnapshot
        2000  snapshot answered ok → apply snapshot 5050
        2000  Applied(Ok(5050)) → RetryAll, LoadBatch { limit: 100 }, pull after 5050 wait 0, timer 302000
        2000  feed answered ok → timer 2500
        2000  snapshot answered ok → apply snapshot 9
        2000  Applied(Ok(9)) → RetryAll
        30000 feed answered cursor_expired → pull after 9 wait 0, timer 302000
        30000 snapshot answered offline → timer 30500, report(offline 0 waiting offline)
    "#]]);
}
