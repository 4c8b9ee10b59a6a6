//! What the console asks: whose photo is next, how many there are, what was done last.
use super::{order, read, school, station, write};
use central::store::{CentralStore, HistoryRow, OrderRow, ReviewFilter};
use domain::order::{LocalCheck, OverrideReason};
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
        ..due(154, 40)
    });
    let mut again = due(155, 50);
    again.order.tries = 1;
    rows.push(again);
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
        filter.after = Some((last.is_exception(), last.received_at, last.order.id));
        found.extend(
            page.iter()
                .map(|r| u64::from_str_radix(&r.order.id.to_string()[24..], 16).unwrap()),
        );
    }
    assert_eq!(found, [153, 152, 154, 155, 150, 151]);
    let counts = read(store, |r| r.order_counts(Some(&school()), None));
    let pending = counts.iter().find(|c| c.state == OrderState::PendingReview).unwrap();
    assert_eq!((pending.orders, pending.exceptions), (6, 4));
    assert_eq!(read(store, |r| r.last_op_at(&station(9))), None);
    // The other parts of this suite count on what they wrote themselves.
    for mut row in rows {
        row.order.state = OrderState::Closed;
        write(store, |w| w.put_order(&row));
    }
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
