//! Delivery packages: what goes in, who may have them, and how they survive cuts, deaths and time.
use crate::people::{Browser, add, browser, school};
use crate::station::{Station, fresh, id, person_key, submit, try_send};
use crate::world::{CAMPAIGN, DAY, SCHOOL, World, campaign, jpeg};
use central::people::AccountRole;
use central::store::CentralStore;
use central::store::packages::PackageState;
use central::store::sqlite::SqliteStore;
use central::{Clock, Limits};
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::time::Duration;
use wire::campaign::CampaignDoc;
use wire::op::OpBody;

/// No timers: the tests make packages by hand.
async fn world(doc: CampaignDoc) -> World {
    let limits = Limits {
        tick: Duration::from_secs(3600),
        ..Limits::default()
    };
    World::open_with(doc, limits).await
}

fn freshmen() -> CampaignDoc {
    CampaignDoc {
        job: "freshman".to_owned(),
        ..campaign()
    }
}

/// A photo of a freshman of a class.
async fn freshman(station: &Station, key: &str, class: &str) -> String {
    let photo = jpeg(fresh() as u32);
    station.put(&photo).await;
    let OpBody::Submit(mut body) = submit(fresh(), &photo) else {
        unreachable!()
    };
    body.person.key = key.to_owned();
    body.person.subject.name = Some("欧阳一".to_owned());
    body.person.subject.class = Some(class.to_owned());
    body.person.subject.student_number = key.strip_prefix("roster:").map(str::to_owned);
    let order = id(fresh());
    let result = station.op_result(&station.op(&order, 1, &OpBody::Submit(body))).await;
    assert_eq!(result.status, wire::op::OpStatus::Applied, "{result:?}");
    order
}

async fn approve(browser: &Browser, order: &str) {
    let said = browser.post(&format!("/api/orders/{order}/approve"), Value::Null).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.json);
}

/// Asks for a package and waits until it is made, or cannot be.
async fn package(browser: &Browser, wish: Value) -> Value {
    let asked = browser.post("/api/packages", wish).await;
    assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.json);
    ended(browser, asked.json["id"].as_str().unwrap()).await
}

async fn ended(browser: &Browser, id: &str) -> Value {
    loop {
        let said = browser.get(&format!("/api/packages/{id}")).await.json;
        if !["waiting", "making"].contains(&said["state"].as_str().unwrap()) {
            return said;
        }
        tokio::task::yield_now().await;
    }
}

fn file_of(package: &Value, at: usize) -> String {
    let name = package["files"][at]["name"].as_str().unwrap();
    format!("/api/packages/{}/files/{name}", package["id"].as_str().unwrap())
}

fn unpacked(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(file.name().unwrap().into_owned(), bytes);
    }
    files
}

/// As a download program asks: with a token, and headers of its own.
async fn fetch(
    world: &World,
    token: &str,
    method: Method,
    target: &str,
    headers: &[(&str, &str)],
) -> crate::station::Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(target)
        .header("host", "center")
        .header("authorization", format!("Bearer {token}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    try_send(world.address, request.body(axum::body::Body::empty()).unwrap())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_package_holds_what_was_approved_and_says_who_is_missing() {
    let world = world(campaign()).await;
    let station = world.station("一号点").await;
    let mut orders = Vec::new();
    for _ in 0..4 {
        let n = fresh();
        orders.push((n, station.collect(n, &jpeg(n as u32)).await));
    }
    add(&world.central, "coord", AccountRole::Coordinator, school(SCHOOL));
    let coord = browser(&world, "coord").await;
    let nothing = package(&coord, json!({ "campaign": CAMPAIGN })).await;
    assert_eq!(
        (&nothing["state"], &nothing["fault"]),
        (&json!("failed"), &json!("nothing_to_deliver"))
    );

    approve(&coord, &orders[0].1).await;
    approve(&coord, &orders[1].1).await;
    let reject = format!("/api/orders/{}/reject", orders[2].1);
    coord.post(&reject, json!({ "reasons": ["eyes"] })).await;
    let preview = coord
        .post("/api/packages/preview", json!({ "campaign": CAMPAIGN }))
        .await
        .json;
    let expected = json!({
        "pictures": 2, "unmatched": 0, "rejected": 1, "absent": 1, "awaiting": 1, "classes": [], "profile": "blind",
    });
    assert_eq!(preview, expected);

    let made = package(&coord, json!({ "campaign": CAMPAIGN })).await;
    assert_eq!(made["state"], "ready", "{made}");
    assert_eq!(
        (&made["pictures"], &made["done"], &made["absent"]),
        (&json!(2), &json!(2), &json!(1))
    );
    let zip = coord.get(&file_of(&made, 0)).await.bytes;
    assert_eq!(zip.len() as u64, made["files"][0]["bytes"].as_u64().unwrap());
    let receipt = delivery::verify(vec![Cursor::new(&zip)], &world.central.server_key()).unwrap();
    assert_eq!(receipt.body.package_id, made["id"].as_str().unwrap());
    let files = unpacked(&zip);
    for (person, order) in &orders[..2] {
        let name = format!("images/{}.jpg", person_key(*person).strip_prefix("code:").unwrap());
        let shown = coord.get(&format!("/api/orders/{order}/pictures/finished")).await.bytes;
        assert_eq!(files[&name], shown, "{name}");
    }
    let absent = String::from_utf8(files["absent.csv"].clone()).unwrap();
    assert!(absent.contains("pending_review"), "{absent}");
    let rejected = String::from_utf8(files["rejected.csv"].clone()).unwrap();
    assert!(rejected.contains("eyes"), "{rejected}");

    let with_all = package(&coord, json!({ "campaign": CAMPAIGN, "unreviewed": true })).await;
    assert_eq!(with_all["pictures"], 3);
    world.assert_consistent();
}

#[tokio::test]
async fn one_class_by_number_and_a_stranger_under_no_name() {
    let world = world(freshmen()).await;
    let station = world.station("一号点").await;
    let mut orders = Vec::new();
    for (key, class) in [
        ("roster:2027001", "1 班"),
        ("roster:2027002", "1 班"),
        ("roster:2027003", "2 班"),
        ("temporary:t1", "1 班"),
    ] {
        orders.push(freshman(&station, key, class).await);
    }
    add(&world.central, "chief", AccountRole::Admin, None);
    let chief = browser(&world, "chief").await;
    for order in &orders {
        approve(&chief, order).await;
    }
    let wish = json!({ "campaign": CAMPAIGN, "class": "1 班" });
    let preview = chief.post("/api/packages/preview", wish.clone()).await.json;
    assert_eq!(preview["classes"], json!(["1 班", "2 班"]));
    let made = package(&chief, wish).await;
    assert_eq!(
        (&made["pictures"], &made["unmatched"]),
        (&json!(2), &json!(1)),
        "{made}"
    );
    let files = unpacked(&chief.get(&file_of(&made, 0)).await.bytes);
    let pictures: Vec<_> = files.keys().filter(|n| n.ends_with(".jpg")).collect();
    assert_eq!(pictures, ["images/1 班/2027001.jpg", "images/1 班/2027002.jpg"]);
    assert!(String::from_utf8_lossy(&files["unmatched.csv"]).contains("not_on_roster"));

    let own = "id = \"own\"\ntitle = \"x\"\nimage = \"{student_number}.jpg\"\npictures_only = true\nforms = [\"csv\"]\ncolumns = [\"file\"]\n";
    let only = package(&chief, json!({ "campaign": CAMPAIGN, "profile_text": own })).await;
    assert_eq!(
        (&only["files"][1]["name"], &only["own_profile"]),
        (&json!("papers.zip"), &json!(true))
    );
    let pictures = unpacked(&chief.get(&file_of(&only, 0)).await.bytes);
    assert_eq!(
        pictures.into_keys().collect::<Vec<_>>(),
        ["2027001.jpg", "2027002.jpg", "2027003.jpg"]
    );
    assert!(unpacked(&chief.get(&file_of(&only, 1)).await.bytes).contains_key("receipt.json"));

    for (wish, field) in [
        (json!({ "campaign": CAMPAIGN, "profile": "none" }), "profile"),
        (
            json!({ "campaign": CAMPAIGN, "profile_text": "id = 1" }),
            "profile_text",
        ),
    ] {
        let said = chief.post("/api/packages", wish).await.json;
        assert_eq!(said["code"], "validation");
        assert!(said["detail"].as_str().unwrap().contains(field), "{said}");
    }
    let list = chief
        .get(&format!(
            "/api/campaigns/{CAMPAIGN}/lists/unmatched?form=xlsx&class=1%20%E7%8F%AD"
        ))
        .await;
    assert_eq!((list.status, &list.bytes[..2]), (StatusCode::OK, &b"PK"[..]));
}

#[tokio::test]
async fn a_download_that_was_cut_goes_on_and_the_history_says_who_took_it() {
    let world = world(campaign()).await;
    let station = world.station("一号点").await;
    let n = fresh();
    let order = station.collect(n, &jpeg(n as u32)).await;
    add(&world.central, "chief", AccountRole::Admin, None);
    let chief = browser(&world, "chief").await;
    approve(&chief, &order).await;
    let made = package(&chief, json!({ "campaign": CAMPAIGN })).await;
    let target = file_of(&made, 0);
    let token = chief.post("/api/tokens", json!({ "title": "curl" })).await.json["token"].clone();
    let token = token.as_str().unwrap();

    let head = fetch(&world, token, Method::HEAD, &target, &[]).await;
    let etag = head.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(etag, format!("\"{}\"", made["files"][0]["sha256"].as_str().unwrap()));
    assert_eq!(
        (head.status, &head.headers["accept-ranges"]),
        (200, &"bytes".parse().unwrap())
    );
    let whole = fetch(&world, token, Method::GET, &target, &[]).await.body;
    assert_eq!(head.headers["content-length"], whole.len().to_string().as_str());
    let cut = whole.len() / 3;
    let range = format!("bytes={cut}-");
    let rest = fetch(
        &world,
        token,
        Method::GET,
        &target,
        &[("range", &range), ("if-range", &etag)],
    )
    .await;
    assert_eq!((rest.status, &rest.body[..]), (206, &whole[cut..]));
    let expected = format!("bytes {cut}-{}/{}", whole.len() - 1, whole.len());
    assert_eq!(rest.headers["content-range"], expected.as_str());
    let other = fetch(
        &world,
        token,
        Method::GET,
        &target,
        &[("range", &range), ("if-range", "\"x\"")],
    )
    .await;
    assert_eq!(
        (other.status, other.body.len()),
        (200, whole.len()),
        "another file: all of it"
    );
    let beyond = format!("bytes={}-", whole.len());
    assert_eq!(
        fetch(&world, token, Method::GET, &target, &[("range", &beyond)])
            .await
            .status,
        416
    );
    assert_eq!(
        fetch(&world, token, Method::GET, &target, &[("if-none-match", &etag)])
            .await
            .status,
        304
    );

    let subject = format!("package:{}", made["id"].as_str().unwrap());
    let audit = chief
        .get(&format!("/api/audit?school={SCHOOL}&subject={subject}"))
        .await
        .json;
    let lines: Vec<_> = audit["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|h| format!("{} {}", h["who"].as_str().unwrap(), h["what"].as_str().unwrap()))
        .collect();
    assert_eq!(
        lines,
        ["admin:chief ask", "system made", "admin:chief take"],
        "one line however often it is resumed"
    );
    world.assert_consistent();
}

#[tokio::test]
async fn a_maker_that_died_is_followed_by_another() {
    let world = world(campaign()).await;
    let station = world.station("一号点").await;
    let n = fresh();
    let order = station.collect(n, &jpeg(n as u32)).await;
    add(&world.central, "chief", AccountRole::Admin, None);
    let chief = browser(&world, "chief").await;
    approve(&chief, &order).await;
    let first = package(&chief, json!({ "campaign": CAMPAIGN })).await;

    // As the row and the parts are after a power cut in the midst of it.
    let dir = world.dir.path().join("center");
    let store: &dyn CentralStore = &SqliteStore::open(&dir).unwrap();
    let id = first["id"].as_str().unwrap().parse().unwrap();
    let now = world.clock.now();
    let dead = store
        .writing(|rows| {
            let mut row = rows.package(&id)?.unwrap();
            (row.state, row.made, row.lease_until) = (PackageState::Making, None, now.plus(60_000));
            rows.put_package(&row)?;
            Ok(row)
        })
        .unwrap();
    let parts = |tries: u32| dir.join("blobs/uploads").join(format!("package-{id}-{tries}"));
    assert!(parts(dead.tries).is_dir());
    let make = |central: central::Central| tokio::task::spawn_blocking(move || central.make_package().unwrap());
    assert!(!make(world.central.clone()).await.unwrap(), "it may still be alive");
    world.clock.forward(61_000);
    assert!(make(world.central.clone()).await.unwrap());
    let again = ended(&chief, first["id"].as_str().unwrap()).await;
    assert_eq!(again["state"], "ready");
    assert_eq!(
        again["files"], first["files"],
        "the same contents at the same time are the same bytes"
    );
    assert!(!parts(dead.tries).exists() && parts(dead.tries + 1).is_dir());

    world.clock.forward(8 * DAY);
    world.central.tick().unwrap();
    let chief = browser(&world, "chief").await;
    assert_eq!(chief.get(&file_of(&again, 0)).await.status, StatusCode::NOT_FOUND);
    assert!(!parts(dead.tries + 1).exists(), "nothing is left of an expired one");
    world.assert_consistent();
}

#[tokio::test]
async fn a_package_without_one_of_its_photos_is_none() {
    let world = world(campaign()).await;
    let station = world.station("一号点").await;
    add(&world.central, "chief", AccountRole::Admin, None);
    let chief = browser(&world, "chief").await;
    let mut photos = Vec::new();
    for _ in 0..2 {
        let n = fresh();
        let photo = jpeg(n as u32);
        approve(&chief, &station.collect(n, &photo).await).await;
        photos.push(domain::BlobId::of(&photo).hex());
    }
    let file = |hex: &str| {
        world
            .dir
            .path()
            .join("center/blobs")
            .join(&hex[..2])
            .join(format!("{hex}.jpg"))
    };
    std::fs::remove_file(file(&photos[1])).unwrap();
    let made = package(&chief, json!({ "campaign": CAMPAIGN })).await;
    assert_eq!(
        (&made["state"], &made["fault"]),
        (&json!("failed"), &json!("photo_missing"))
    );
    std::fs::write(file(&photos[1]), b"not a photo").unwrap();
    let made = package(&chief, json!({ "campaign": CAMPAIGN })).await;
    assert_eq!(
        (&made["state"], &made["fault"]),
        (&json!("failed"), &json!("photo_damaged"))
    );
    assert!(made["files"].as_array().unwrap().is_empty());
    let uploads = world.dir.path().join("center/blobs/uploads");
    let left = std::fs::read_dir(uploads).map_or(0, Iterator::count);
    assert_eq!(left, 0, "no parts are left of what was not made");
    let id = made["id"].as_str().unwrap();
    let removed = chief.send("DELETE", &format!("/api/packages/{id}"), &Value::Null).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    assert_eq!(
        chief.get(&format!("/api/packages/{id}")).await.status,
        StatusCode::NOT_FOUND
    );
}
