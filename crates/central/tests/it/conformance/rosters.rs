//! Rosters on every engine.
use super::{read, school, write};
use crate::world::{CAMPAIGN, MORNING};
use central::SchoolCode;
use central::store::{CentralStore, RosterRow};
use domain::UtcMs;
use wire::order::SubjectDoc;

fn line(n: u32, name: Option<&str>) -> RosterRow {
    RosterRow {
        school: school(),
        campaign: CAMPAIGN.parse().unwrap(),
        key: format!("roster:{n:03}"),
        position: n,
        subject: name.map(|name| SubjectDoc {
            name: Some(name.to_owned()),
            ..SubjectDoc::default()
        }),
        updated_at: UtcMs(MORNING),
    }
}

pub fn people_come_and_go(store: &dyn CentralStore) {
    let all: Vec<_> = (1..=5).map(|n| line(n, Some("某"))).collect();
    write(store, |rows| all.iter().rev().try_for_each(|l| rows.put_roster_line(l)));
    let campaign = CAMPAIGN.parse().unwrap();
    let page = |after: &str, most| read(store, |rows| rows.roster(&school(), &campaign, after, most));
    assert_eq!(page("", 100), all);
    assert_eq!(page("roster:002", 2), all[2..4]);
    let other = SchoolCode::parse("99999").unwrap();
    assert!(read(store, |rows| rows.roster(&other, &campaign, "", 9)).is_empty());
    write(store, |rows| rows.put_roster_line(&line(3, None)));
    write(store, |rows| rows.put_roster_line(&line(4, Some("别"))));
    let one = |key: &str| read(store, |rows| rows.roster_line(&school(), &campaign, key));
    assert_eq!(
        one("roster:003"),
        Some(line(3, None)),
        "taken off, and nothing of theirs is kept"
    );
    assert_eq!(one("roster:004"), Some(line(4, Some("别"))));
    assert_eq!(one("roster:006"), None);
}
