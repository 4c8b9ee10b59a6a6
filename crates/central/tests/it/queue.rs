//! The reviewer's queue: exceptions first, a page taken at once, counts, and what the console shows beside it.
use crate::people::{add, browser, school};
use crate::station::{Station, fresh, id, replace, submit};
use crate::world::{CAMPAIGN, SCHOOL, World, campaign, jpeg};
use central::people::AccountRole;
use http::StatusCode;
use serde_json::{Value, json};
use wire::op::OpBody;
use wire::order::CheckDoc;

/// An order whose check said this.
async fn judged(station: &Station, say: impl FnOnce(&mut CheckDoc)) -> String {
    let n = fresh();
    let photo = jpeg(n as u32);
    assert_eq!(station.put(&photo).await.status, 201);
    let OpBody::Submit(mut body) = submit(n, &photo) else {
        unreachable!()
    };
    say(&mut body.photo.check);
    let order = id(fresh());
    station.ops(&[station.op(&order, 1, &OpBody::Submit(body))]).await;
    order
}

/// An order whose photo was taken although the check failed.
async fn overridden(station: &Station) -> String {
    judged(station, |check| {
        check.verdict = "overridden".to_owned();
        check.failed = vec!["EyesOpen".to_owned()];
        check.override_reason = Some("best_of_several".to_owned());
    })
    .await
}

async fn calm(station: &Station) -> String {
    let n = fresh();
    station.collect(n, &jpeg(n as u32)).await
}

fn ids(json: &Value) -> Vec<String> {
    json.as_array()
        .unwrap()
        .iter()
        .map(|o| o["id"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn exceptions_come_first_and_pages_lose_none() {
    let world = World::open().await;
    let station = world.station("一号点").await;
    let first = calm(&station).await;
    world.clock.forward(1000);
    let second = calm(&station).await;
    world.clock.forward(1000);
    let warned = judged(&station, |check| check.warned = vec!["GlassesGlare".to_owned()]).await;
    world.clock.forward(1000);
    let odd = overridden(&station).await;
    // A retake is an exception too, however early its order came.
    let again = calm(&station).await;
    add(&world.central, "rev-a", AccountRole::Reviewer, None);
    let a = browser(&world, "rev-a").await;
    a.post(&format!("/api/orders/{again}/reject"), json!({ "reasons": ["eyes"] }))
        .await;
    let photo = jpeg(fresh() as u32);
    station.put(&photo).await;
    station.op_result(&station.op(&again, 2, &replace(&photo, 2))).await;

    let mut expected = vec![odd.clone(), again.clone()];
    expected.sort();
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let page = a.get(&format!("/api/review?limit=1{after}")).await.json;
        found.extend(ids(&page["orders"]));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    found[..2].sort();
    expected.extend([warned.clone(), first.clone(), second.clone()]);
    assert_eq!(found, expected);

    let all = a
        .get(&format!("/api/review?campaign={CAMPAIGN}&school={SCHOOL}"))
        .await
        .json;
    let line = all["orders"]
        .as_array()
        .unwrap()
        .iter()
        .find(|o| o["id"] == odd.as_str())
        .unwrap();
    assert_eq!(line["exception"], true);
    assert_eq!(
        line["check"],
        json!({ "verdict": "overridden", "failed": ["EyesOpen"], "override_reason": "best_of_several" })
    );
    let line = all["orders"]
        .as_array()
        .unwrap()
        .iter()
        .find(|o| o["id"] == warned.as_str());
    let line = line.unwrap();
    assert_eq!(line["exception"], false);
    assert_eq!(line["check"]["warned"], json!(["GlassesGlare"]));
    let counts = a.get("/api/counts").await.json;
    let pending = counts["states"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["state"] == "pending_review")
        .unwrap();
    assert_eq!(
        (&pending["orders"], &pending["exceptions"], &pending["warned"]),
        (&json!(5), &json!(2), &json!(1))
    );
    assert_eq!(
        counts["states"].as_array().unwrap().len(),
        9,
        "states without orders are told too"
    );
    world.assert_consistent();
}

#[tokio::test]
async fn what_check_and_review_say_apart_is_counted() {
    let world = World::open().await;
    let (here, there) = (world.station("一号点").await, world.station("二号点").await);
    add(&world.central, "rev-a", AccountRole::Reviewer, None);
    let a = browser(&world, "rev-a").await;
    let decide = async |order: &str, what: &str, body: Value| {
        let said = a.post(&format!("/api/orders/{order}/{what}"), body).await;
        assert_eq!(said.status, StatusCode::OK, "{what}: {}", said.json);
    };
    // Passed here, rejected there: the check missed it, unless only a person can tell.
    let blurred = calm(&here).await;
    decide(&blurred, "reject", json!({ "reasons": ["quality"] })).await;
    let stranger = calm(&here).await;
    decide(&stranger, "reject", json!({ "reasons": ["wrong_person"] })).await;
    // Failed or warned here, and good enough there.
    let eyes = overridden(&here).await;
    decide(&eyes, "approve", Value::Null).await;
    let glare = |check: &mut CheckDoc| check.warned = vec!["GlassesGlare".to_owned()];
    let shining = judged(&here, glare).await;
    decide(&shining, "approve", Value::Null).await;
    // Both saw it; which of the two measures of the eyes it was is no disagreement.
    let seen = judged(&there, glare).await;
    decide(&seen, "reject", json!({ "reasons": ["eyes"] })).await;
    // Taken back, and decided otherwise.
    let again = calm(&there).await;
    decide(&again, "reject", json!({ "reasons": ["light"] })).await;
    decide(&again, "undo", Value::Null).await;
    let of = |station: &Station, list: &Value| -> Vec<Value> {
        let lines = list.as_array().unwrap().iter();
        lines
            .filter(|l| l["station_id"] == station.id.as_str())
            .cloned()
            .collect()
    };
    let found = a.get(&format!("/api/review/feedback?campaign={CAMPAIGN}")).await.json;
    let (mine, theirs) = (&of(&here, &found["stations"])[0], &of(&there, &found["stations"])[0]);
    let said = |s: &Value| {
        ["decided", "rejected", "missed", "approved_failed", "approved_warned"].map(|n| s[n].as_u64().unwrap())
    };
    assert_eq!((said(mine), said(theirs)), ([4, 2, 1, 1, 1], [1, 1, 0, 0, 0]));
    let lines = |station: &Station| -> Vec<String> {
        let lines = of(station, &found["measures"]);
        let line = |l: &Value| {
            let n = ["missed", "caught", "approved_failed", "approved_warned"].map(|n| l[n].as_u64().unwrap());
            format!(
                "{} {} {n:?}",
                l["measure"].as_str().unwrap(),
                l["reason"].as_str().unwrap_or("-")
            )
        };
        lines.iter().map(line).collect()
    };
    assert_eq!(
        lines(&here),
        [
            "EyesOpen eyes [0, 0, 1, 0]",
            "GlassesGlare eyes [0, 0, 0, 1]",
            "Sharpness quality [1, 0, 0, 0]",
            "CompressionArtifacts quality [1, 0, 0, 0]",
            "Moire quality [1, 0, 0, 0]",
        ]
    );
    assert_eq!(lines(&there), ["GlassesGlare eyes [0, 1, 0, 0]"]);
    // Called back after it was approved: the latest decision about the photo counts.
    decide(&shining, "recall", json!({ "reasons": ["eyes"] })).await;
    let found = a.get("/api/review/feedback").await.json;
    assert_eq!(said(&of(&here, &found["stations"])[0]), [4, 3, 1, 1, 0]);
    add(&world.central, "far", AccountRole::Reviewer, school("10001"));
    let far = browser(&world, "far").await;
    assert_eq!(
        far.get("/api/review/feedback").await.json,
        json!({ "stations": [], "measures": [] })
    );
    world.assert_consistent();
}

#[tokio::test]
async fn a_page_is_taken_at_once_and_let_go() {
    let world = World::open().await;
    let station = world.station("一号点").await;
    let orders = [calm(&station).await, calm(&station).await, calm(&station).await];
    add(&world.central, "rev-a", AccountRole::Reviewer, None);
    add(&world.central, "rev-b", AccountRole::Reviewer, None);
    add(&world.central, "coord", AccountRole::Coordinator, school("10001"));
    let (a, b) = (browser(&world, "rev-a").await, browser(&world, "rev-b").await);

    a.post("/api/review/hold", json!({ "orders": [orders[0]] })).await;
    let page = b.post("/api/review/hold", json!({ "orders": orders })).await.json;
    assert_eq!(page["held"], json!([orders[1], orders[2]]));
    assert_eq!(
        (&page["others"][0]["id"], &page["others"][0]["held_by"]),
        (&json!(orders[0]), &json!("rev-a"))
    );
    assert_eq!(
        a.post(&format!("/api/orders/{}/approve", orders[1]), Value::Null)
            .await
            .json["code"],
        "state_forbidden"
    );
    b.post("/api/review/hold", json!({ "release": orders })).await;
    let page = a.post("/api/review/hold", json!({ "orders": orders })).await.json;
    assert_eq!(page["held"].as_array().unwrap().len(), 3);

    let many: Vec<_> = (0..51).map(|_| orders[0].clone()).collect();
    assert_eq!(
        a.post("/api/review/hold", json!({ "orders": many })).await.json["code"],
        "validation"
    );
    let stranger = browser(&world, "coord").await;
    assert_eq!(
        stranger
            .post("/api/review/hold", json!({ "orders": [orders[0]] }))
            .await
            .status,
        StatusCode::NOT_FOUND,
        "of another school"
    );
    assert_eq!(stranger.get("/api/review").await.json["orders"], json!([]));
    assert_eq!(
        stranger.get(&format!("/api/review?school={SCHOOL}")).await.status,
        StatusCode::NOT_FOUND
    );
    world.assert_consistent();
}

#[tokio::test]
async fn holds_are_no_news_to_a_station_and_are_written_down_once() {
    let world = World::open().await;
    let station = world.station("一号点").await;
    let order = calm(&station).await;
    add(&world.central, "rev-a", AccountRole::Reviewer, None);
    let a = browser(&world, "rev-a").await;
    let cursor = station.feed(0, 0).await.cursor;
    let lines = async || {
        let history = a.get(&format!("/api/orders/{order}/history")).await.json;
        let what = |h: &Value| h["what"].as_str().unwrap().to_owned();
        let all: Vec<_> = history["history"].as_array().unwrap().iter().map(what).collect();
        all.iter().filter(|w| *w == "hold" || *w == "release").count()
    };
    for _ in 0..3 {
        a.post("/api/review/hold", json!({ "orders": [order] })).await;
        world.clock.forward(60_000);
    }
    assert_eq!(lines().await, 1);
    world.clock.forward(6 * 60_000);
    a.post("/api/review/hold", json!({ "orders": [order] })).await;
    assert_eq!(lines().await, 2, "renewed");
    a.post("/api/review/hold", json!({ "release": [order] })).await;
    assert_eq!(lines().await, 3);
    assert_eq!(station.feed(cursor, 0).await.events.len(), 0);
    world.assert_consistent();
}

#[tokio::test]
async fn what_a_browser_shows_was_made_here() {
    let world = World::open().await;
    let station = world.station("一号点").await;
    let order = calm(&station).await;
    add(&world.central, "rev-a", AccountRole::Reviewer, None);
    let a = browser(&world, "rev-a").await;
    let original = a.get(&format!("/api/orders/{order}/pictures/original")).await.bytes;
    let preview = a.get(&format!("/api/orders/{order}/pictures/preview")).await.bytes;
    assert_ne!(original, preview);
    let size = photo::inspect(&preview).unwrap().upright_size();
    assert!(size.width.max(size.height) <= 1600, "{size:?}");
    // After a retake the earlier photo is still there, to be set beside.
    let finished = a.get(&format!("/api/orders/{order}/pictures/finished")).await.bytes;
    a.post(&format!("/api/orders/{order}/reject"), json!({ "reasons": ["eyes"] }))
        .await;
    let photo = jpeg(fresh() as u32);
    station.put(&photo).await;
    station.op_result(&station.op(&order, 2, &replace(&photo, 2))).await;
    let now = a.get(&format!("/api/orders/{order}/pictures/finished")).await.bytes;
    let earlier = a
        .get(&format!("/api/orders/{order}/pictures/finished?revision=1"))
        .await
        .bytes;
    assert!(now != finished && earlier == finished);
    let first = a
        .get(&format!("/api/orders/{order}/pictures/original?revision=1"))
        .await;
    assert_eq!(first.bytes, original);
    let none = a
        .get(&format!("/api/orders/{order}/pictures/original?revision=9"))
        .await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    assert!(
        preview.windows(4).all(|w| w != [0xff, 0xfe, 0, 6]),
        "the sender's comment is gone"
    );
}

#[tokio::test]
async fn the_audit_shows_the_latest_of_all_and_stations_when_they_spoke() {
    let world = World::open().await;
    let station = world.station("一号点").await;
    let order = calm(&station).await;
    let mut elsewhere = campaign();
    elsewhere.id = CAMPAIGN.replace("0001", "0002");
    elsewhere.school_code = "10001".to_owned();
    world.clock.forward(1000);
    world.central.put_campaign(&elsewhere).unwrap();
    add(&world.central, "aud", AccountRole::Auditor, None);
    add(&world.central, "aud-10533", AccountRole::Auditor, school(SCHOOL));
    let (all, one) = (browser(&world, "aud").await, browser(&world, "aud-10533").await);
    let lines = all.get("/api/audit").await.json;
    let lines = lines["history"].as_array().unwrap();
    let times: Vec<_> = lines.iter().map(|l| l["at_ms"].as_i64().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b) && lines.iter().any(|l| l["school_code"] == "10001"));
    assert!(lines.iter().any(|l| l["subject"] == format!("order:{order}")));
    let before = lines[0].clone();
    let cursor = format!(
        "{}~{}~{}~{}",
        before["at_ms"],
        before["school_code"].as_str().unwrap(),
        before["seq"],
        before["subject"].as_str().unwrap()
    );
    let rest = all.get(&format!("/api/audit?before={cursor}")).await.json;
    assert_eq!(rest["history"].as_array().unwrap().len(), lines.len() - 1);
    let own = one.get("/api/audit").await.json;
    assert!(
        own["history"]
            .as_array()
            .unwrap()
            .iter()
            .all(|l| l["school_code"] == SCHOOL)
    );

    let stations = all.get("/api/stations").await.json;
    assert!(stations["stations"][0]["seen_at_ms"].is_i64(), "{stations}");
}
