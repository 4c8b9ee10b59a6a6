//! A small rehearsal, with half of the people sent back once, is clean; an interrupted one goes on.
use crate::kit::{frames, repository};
use station::rehearse::{self, Event, OnFail, Plan};

fn plan(data: &std::path::Path, heads: u32) -> Plan {
    Plan {
        data: data.to_owned(),
        heads,
        frames: repository("tests/portraits/studio"),
        center: None,
        reject_rate: 0.0,
        seed: 7,
        on_fail: OnFail::Override,
        resume: false,
    }
}

#[test]
fn six_heads_with_rejections_are_clean() {
    let folder = tempfile::tempdir().unwrap();
    let day = Plan {
        reject_rate: 0.5,
        ..plan(folder.path(), 6)
    };
    let (mut pictures, mut saved) = (0, 0);
    let summary = rehearse::run(&day, &mut |event| match event {
        Event::Ready => {}
        Event::Picture { .. } => pictures += 1,
        Event::Saved { .. } => saved += 1,
    })
    .unwrap();
    assert!(summary.is_clean(), "{summary:?}");
    assert_eq!((summary.orders, summary.acknowledged), (6, 6), "{summary:?}");
    assert!(summary.rejected > 0, "{summary:?}");
    assert_eq!(summary.retaken, summary.rejected);
    assert_eq!(saved, 6 + summary.retaken);
    assert!(pictures >= saved);
}

#[test]
fn a_day_goes_on_where_it_was_left() {
    let folder = tempfile::tempdir().unwrap();
    let half = Plan {
        frames: frames().to_owned(),
        ..plan(folder.path(), 2)
    };
    assert!(rehearse::run(&half, &mut |_| {}).unwrap().is_clean());
    assert!(rehearse::run(&half, &mut |_| {}).is_err(), "a day is not overwritten");
    let whole = Plan {
        heads: 4,
        resume: true,
        ..half
    };
    let mut taken = Vec::new();
    let summary = rehearse::run(&whole, &mut |event| {
        if let Event::Saved { head, .. } = event {
            taken.push(head);
        }
    });
    let summary = summary.unwrap();
    assert!(summary.is_clean(), "{summary:?}");
    assert_eq!((summary.orders, taken), (4, vec![2, 3]));
}
