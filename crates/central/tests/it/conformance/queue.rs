//! What the console asks: whose photo is next, how many there are, what was done last.
use super::{order, read, school, station, write};
use crate::world::CAMPAIGN;
use central::store::{CentralStore, HistoryRow, OrderRow, ReviewFilter};
use domain::order::{LocalCheck, OverrideReason};
use domain::review::RejectReason;
use domain::{Measure, OrderState, UtcMs};

pub fn exceptions_first(store: &dyn CentralStore) {
    let due = |n: u64, at: i64| {
        let mut row = order(n, n, at);
        row.order.state = OrderState::PendingReview;
        row
    };
    let overridden = |row: OrderRow| {
        let mut row = row;
        row.order.photo.check = LocalCheck::Overridden {
            failed: vec![Measure::EyesOpen],
            reason: OverrideReason::CheckWrong,
        };
        row
    };
    let mut rows = vec![
        due(150, 10),
        due(151, 10),
        overridden(due(152, 30)),
        overridden(due(153, 20)),
    ];
    rows.push(OrderRow {
        duplicate_person: true,
        messages: None,
        ..due(154, 40)
    });
    let mut again = due(155, 50);
    again.order.tries = 1;
    rows.push(again);
    // What only warned comes after all of these, however late, and before what passed cleanly.
    let mut warned = due(156, 60);
    warned.order.photo.warned = vec![Measure::EyesOpen];
    rows.push(warned);
    for row in &rows {
        write(store, |w| w.put_order(row));
    }
    let mut filter = ReviewFilter {
        state: OrderState::PendingReview,
        school: Some(school()),
        campaign: None,
        station: Some(station(1).id),
        after: None,
        limit: 1,
    };
    let mut found = Vec::new();
    loop {
        let page = read(store, |r| r.review_queue(&filter));
        let Some(last) = page.last() else { break };
        filter.after = Some((last.turn(), last.received_at, last.order.id));
        found.extend(
            page.iter()
                .map(|r| u64::from_str_radix(&r.order.id.to_string()[24..], 16).unwrap()),
        );
    }
    assert_eq!(found, [153, 152, 154, 155, 156, 150, 151]);
    let counts = read(store, |r| r.order_counts(Some(&school()), None));
    let pending = counts.iter().find(|c| c.state == OrderState::PendingReview).unwrap();
    assert_eq!((pending.orders, pending.exceptions, pending.warned), (7, 4, 1));
    assert_eq!(read(store, |r| r.last_op_at(&station(9))), None);
    // The other parts of this suite count on what they wrote themselves.
    for mut row in rows {
        row.order.state = OrderState::Closed;
        write(store, |w| w.put_order(&row));
    }
}

pub fn alike_decisions_are_counted_together(store: &dyn CentralStore) {
    let photo = |n: u64, failed: &[Measure], warned: &[Measure]| {
        let mut row = order(n, n, 10);
        if !failed.is_empty() {
            row.order.photo.check = LocalCheck::Overridden {
                failed: failed.to_vec(),
                reason: OverrideReason::CheckWrong,
            };
        }
        row.order.photo.warned = warned.to_vec();
        row
    };
    let (one, two) = (photo(160, &[], &[Measure::Gaze]), photo(161, &[], &[Measure::Gaze]));
    let three = photo(162, &[Measure::Sharpness, Measure::EyesOpen], &[]);
    write(store, |w| {
        w.put_outcome(&one, &[], UtcMs(1))?;
        w.put_outcome(&two, &[RejectReason::Quality], UtcMs(1))?;
        // Decided anew: the later decision stands.
        w.put_outcome(&two, &[], UtcMs(2))?;
        let twice = [RejectReason::Quality, RejectReason::Eyes, RejectReason::Eyes];
        w.put_outcome(&three, &twice, UtcMs(3))
    });
    let told = |campaign: &str| {
        let found = read(store, |r| r.outcomes(Some(&school()), Some(&campaign.parse().unwrap())));
        found
            .into_iter()
            .map(|c| (c.failed, c.warned, c.approved, c.reasons, c.photos))
            .collect::<Vec<_>>()
    };
    let warned = |photos| (vec![], vec![Measure::Gaze], true, vec![], photos);
    let failed = vec![Measure::EyesOpen, Measure::Sharpness];
    let rejected = (
        failed,
        vec![],
        false,
        vec![RejectReason::Eyes, RejectReason::Quality],
        1,
    );
    assert_eq!(told(CAMPAIGN), [warned(2), rejected.clone()]);
    assert_eq!(told(&CAMPAIGN.replace("0001", "0099")), []);
    write(store, |w| w.forget_outcome(&one));
    assert_eq!(told(CAMPAIGN), [warned(1), rejected]);
    write(store, |w| {
        w.forget_outcome(&two)?;
        w.forget_outcome(&three)
    });
    assert_eq!(told(CAMPAIGN), []);
}

pub fn the_latest_of_all_histories(store: &dyn CentralStore) {
    let line = |subject: &str, seq: u64, at: i64, what: &str| HistoryRow {
        school: school(),
        subject: subject.to_owned(),
        seq,
        at: UtcMs(at),
        who: "system".to_owned(),
        what: what.to_owned(),
        detail: "{}".to_owned(),
        previous: String::new(),
        hash: "0".repeat(64),
    };
    // Three in the same millisecond, later than all the others of this suite.
    let late = i64::MAX - 10;
    for row in [
        line("queue:a", 1, late, "T5"),
        line("queue:a", 2, late, "hold"),
        line("queue:a", 3, late, "T6"),
        line("queue:b", 1, late, "T5"),
    ] {
        write(store, |w| w.add_history(&row));
    }
    let mut found = Vec::new();
    let mut before: Option<HistoryRow> = None;
    while found.len() < 3 {
        let cursor = before
            .as_ref()
            .map(|h| (h.at, h.school.as_str(), h.subject.as_str(), h.seq));
        let page = read(store, |r| r.history_latest(Some(&school()), cursor, 1));
        found.extend(page.iter().map(|h| format!("{} {}", h.subject, h.seq)));
        before = page.into_iter().next();
    }
    assert_eq!(found, ["queue:b 1", "queue:a 3", "queue:a 1"], "holds are left out");
}
