//! Rosters: a sheet taken in, changed and taken back; what the stations of the school hear, and that no others do.
use crate::people::{add, browser, school};
use crate::station::{Station, fresh, id, photo_of, submit};
use crate::world::{CAMPAIGN, SCHOOL, World, campaign, jpeg};
use central::people::AccountRole;
use http::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use wire::campaign::CampaignDoc;
use wire::feed::{FeedBody, Snapshot};
use wire::op::OpBody;

const OTHER: &str = "10001";
const SHEET: &str = "姓名,学号,班级\n欧阳一,2027001,1 班\n司马二,2027002,1 班\n诸葛三,2027003,2 班\n,2027004,2 班\n";

fn freshmen() -> CampaignDoc {
    CampaignDoc {
        job: "freshman".to_owned(),
        ..campaign()
    }
}

/// The roster as a station has it after everything it was told: key and class.
async fn told(station: &Station) -> BTreeMap<String, String> {
    let (mut roster, mut after) = (BTreeMap::new(), 0);
    loop {
        let page = station.feed(after, 0).await;
        for event in page.events {
            if let FeedBody::Roster(part) = event.body {
                assert!(part.keys.is_empty(), "only the center's own");
                for person in part.people {
                    roster.insert(person.key, person.subject.class.unwrap());
                }
                for gone in part.gone {
                    roster.remove(&gone);
                }
            }
        }
        after = page.cursor;
        if !page.more {
            return roster;
        }
    }
}

fn classes(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pair = |(number, class): &(&str, &str)| (format!("roster:{number}"), (*class).to_owned());
    pairs.iter().map(pair).collect()
}

/// A station that took a snapshot has the same.
async fn snapshot(station: &Station) -> BTreeMap<String, String> {
    let snapshot: Snapshot = station.get("/v1/snapshot").await.json();
    let people = snapshot.rosters.into_iter().flat_map(|part| part.people);
    people.map(|p| (p.key, p.subject.class.unwrap())).collect()
}

#[tokio::test]
async fn a_sheet_reaches_the_stations_of_its_school_and_no_others() {
    let world = World::open_with(freshmen(), central::Limits::default()).await;
    let mut elsewhere = freshmen();
    elsewhere.id = CAMPAIGN.replace("0001", "0002");
    elsewhere.school_code = OTHER.to_owned();
    world.central.put_campaign(&elsewhere).unwrap();
    let here = world.station("一号点").await;
    let mut far = Station::new(world.address, world.clock.clone(), "远方点");
    far.enrol(&world.central.enrol_code(OTHER).unwrap().code).await;
    add(&world.central, "coord", AccountRole::Coordinator, school(SCHOOL));
    let coord = browser(&world, "coord").await;
    let target = format!("/api/campaigns/{CAMPAIGN}/roster");
    let at = |what: &str, query: &str| format!("{target}{what}?file=roster.csv{query}");

    let look = coord.put_bytes(&at("/preview", ""), SHEET.as_bytes()).await.json;
    assert_eq!(
        (&look["row_count"], &look["mapping"]),
        (&json!(4), &json!(["name", "student_number", "class"]))
    );
    assert_eq!(
        (&look["outcome"]["added"], &look["outcome"]["refused"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(coord.get(&target).await.json["people"], 0, "looking keeps nothing");
    let gbk = encoding_rs::GB18030.encode(SHEET).0;
    let taken = coord.put_bytes(&at("", "&encoding=gb18030"), &gbk).await.json;
    assert_eq!((&taken["added"], &taken["refused"]), (&json!(3), &json!(1)), "{taken}");
    assert_eq!(taken["problems"][0]["row"], 5);
    let all = classes(&[("2027001", "1 班"), ("2027002", "1 班"), ("2027003", "2 班")]);
    assert_eq!((told(&here).await, snapshot(&here).await), (all.clone(), all));
    assert!(told(&far).await.is_empty() && snapshot(&far).await.is_empty());

    let second = "姓名,学号,班级\n欧阳一,2027001,3 班\n公孙五,2027005,1 班\n";
    let stay = coord.put_bytes(&at("", ""), second.as_bytes()).await.json;
    assert_eq!(
        (&stay["added"], &stay["changed"], &stay["gone"]),
        (&json!(1), &json!(1), &json!(0))
    );
    let go = coord.put_bytes(&at("", "&missing=go"), second.as_bytes()).await.json;
    assert_eq!((&go["unchanged"], &go["gone"]), (&json!(2), &json!(2)));
    let left = classes(&[("2027001", "3 班"), ("2027005", "1 班")]);
    assert_eq!((told(&here).await, snapshot(&here).await), (left.clone(), left.clone()));
    let late = world.station("二号点").await;
    assert_eq!(told(&late).await, left, "a station that comes later hears of it");

    let removed = coord.send("DELETE", &target, &Value::Null).await;
    assert_eq!((removed.status, &removed.json["gone"]), (StatusCode::OK, &json!(2)));
    assert!(told(&here).await.is_empty() && snapshot(&here).await.is_empty());
    let wrong = coord.put_bytes(&at("", ""), b"\x00\x01\x02").await.json;
    assert_eq!(wrong["code"], "validation");
    world.assert_consistent();
}

#[tokio::test]
async fn graduates_have_no_roster() {
    let world = World::open().await;
    add(&world.central, "chief", AccountRole::Admin, None);
    let chief = browser(&world, "chief").await;
    let said = chief
        .put_bytes(
            &format!("/api/campaigns/{CAMPAIGN}/roster?file=a.csv"),
            SHEET.as_bytes(),
        )
        .await;
    assert_eq!(said.json["code"], "validation", "{}", said.json);
}

#[tokio::test]
async fn a_package_lists_who_of_the_roster_is_missing() {
    let world = World::open_with(freshmen(), central::Limits::default()).await;
    let station = world.station("一号点").await;
    add(&world.central, "chief", AccountRole::Admin, None);
    let chief = browser(&world, "chief").await;
    let target = format!("/api/campaigns/{CAMPAIGN}/roster?file=roster.csv");
    assert_eq!(chief.put_bytes(&target, SHEET.as_bytes()).await.status, StatusCode::OK);
    for key in ["roster:2027001", "roster:2027999"] {
        let photo = jpeg(fresh() as u32);
        station.put(&photo).await;
        let OpBody::Submit(mut body) = submit(fresh(), &photo) else {
            unreachable!()
        };
        body.person.key = key.to_owned();
        body.photo = photo_of(&photo, 1);
        body.person.subject.student_number = key.strip_prefix("roster:").map(str::to_owned);
        let order = id(fresh());
        station.op_result(&station.op(&order, 1, &OpBody::Submit(body))).await;
        chief.post(&format!("/api/orders/{order}/approve"), Value::Null).await;
    }
    let preview = chief
        .post("/api/packages/preview", json!({ "campaign": CAMPAIGN }))
        .await
        .json;
    assert_eq!(
        (
            &preview["pictures"],
            &preview["unmatched"],
            &preview["absent"],
            &preview["classes"]
        ),
        (&json!(1), &json!(1), &json!(2), &json!(["1 班", "2 班"])),
        "{preview}"
    );
    let csv = chief
        .get(&format!(
            "/api/campaigns/{CAMPAIGN}/lists/absent?form=csv&class=1%20%E7%8F%AD"
        ))
        .await;
    let csv = String::from_utf8(csv.bytes).unwrap();
    assert!(
        csv.contains("司马二") && csv.contains("no_photo") && !csv.contains("诸葛三"),
        "{csv}"
    );
}
