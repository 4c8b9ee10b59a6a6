//! The coordinator's review window: its requests go through the station to a real center, with a session the page never sees.
use crate::kit::{self, Center, Desk, PASSING, SCHOOL, Undo, code, until};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use central::SchoolCode;
use central::people::AccountRole;
use serde_json::{Value, json};
use station::{CameraUse, Opening, Station};
use std::io::{Read, Seek};

const PASSWORD: &str = "a-long-walk-in-june";

/// The page of the window, which knows nothing but its token.
struct Page<'a> {
    desk: &'a Desk,
    token: Option<String>,
}

impl Page<'_> {
    fn ask(&self, method: &str, target: &str, body: Option<&Value>) -> (u16, Vec<u8>) {
        let body = body.map(|b| STANDARD.encode(b.to_string()));
        let answer = self
            .desk
            .ask_center(method, target, self.token.as_deref(), body.as_deref())
            .unwrap();
        (answer.status, STANDARD.decode(answer.body_base64).unwrap())
    }

    fn json(&self, method: &str, target: &str, body: Option<&Value>) -> Value {
        let (status, body) = self.ask(method, target, body);
        assert!(
            status < 300,
            "{method} {target}: {status} {}",
            String::from_utf8_lossy(&body)
        );
        serde_json::from_slice(&body).unwrap_or(Value::Null)
    }

    fn login(&mut self, password: &str) -> u16 {
        let (status, body) = self.ask(
            "POST",
            "/api/login",
            Some(&json!({ "account": "wang", "password": password })),
        );
        let said: Value = serde_json::from_slice(&body).unwrap();
        self.token = said["csrf_token"].as_str().map(str::to_owned);
        status
    }
}

/// One accepted photo awaits review, and the school has a coordinator.
fn a_photo_to_review(center: &Center) -> Desk {
    let school = Some(SchoolCode::parse(SCHOOL).unwrap());
    center
        .central
        .add_account("test", "wang", AccountRole::Coordinator, school, PASSWORD)
        .unwrap();
    let desk = Desk::of_graduates(center, Undo::No);
    let order = desk.collect(PASSING);
    desk.wait_state(order, "pending_review");
    desk
}

#[test]
fn a_coordinator_reviews_in_a_window_of_the_station() {
    let center = Center::with("graduate");
    let desk = a_photo_to_review(&center);
    let mut page = Page {
        desk: &desk,
        token: None,
    };
    assert_eq!(page.ask("GET", "/api/me", None).0, 401);
    assert_eq!(page.login("wrong-wrong-wrong"), 401);
    assert_eq!(page.login(PASSWORD), 200);
    let listed = page.json("GET", "/api/orders?state=pending_review", None);
    let id = listed["orders"][0]["id"].as_str().unwrap().to_owned();
    let (status, picture) = page.ask("GET", &format!("/api/orders/{id}/pictures/finished"), None);
    assert_eq!((status, &picture[..2]), (200, &[0xff, 0xd8][..]), "a JPEG");

    let token = page.token.take();
    let approve = format!("/api/orders/{id}/approve");
    assert_eq!(
        page.ask("POST", &approve, Some(&json!({}))).0,
        403,
        "a change needs the page's token"
    );
    page.token = token;
    page.json("POST", &approve, Some(&json!({})));
    desk.wait_state(id.parse().unwrap(), "pending_production");
    let told = page.json("GET", &format!("/api/orders/{id}/history"), None).to_string();
    assert!(told.contains("wang"), "who approved: {told}");

    // A file too large for the page goes to disk as it arrives.
    let campaign = kit::campaign("graduate").id;
    let list = format!("/api/campaigns/{campaign}/lists/absent?form=xlsx");
    let mut kept = tempfile::tempfile().unwrap();
    desk.save_center_file(&list, &mut kept).unwrap();
    let mut bytes = Vec::new();
    kept.rewind().unwrap();
    kept.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, page.ask("GET", &list, None).1);
    assert_eq!(
        code(desk.save_center_file("/api/packages/none/files/x.zip", &mut kept)),
        "not_found"
    );

    // The window closes: the session is over at the center too, not only here.
    desk.leave_center();
    assert_eq!(page.ask("GET", "/api/me", None).0, 401);
    assert_eq!(page.login(PASSWORD), 200);
    let open = page.json("GET", "/api/tokens", None);
    assert_eq!(open["tokens"].as_array().unwrap().len(), 1, "{open}");
    center.assert_holds();
}

#[test]
fn nothing_but_routes_for_people_is_passed_on() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    for (method, target) in [
        ("POST", "/v1/ops"),
        ("GET", "/api/../v1/feed"),
        ("GET", "/metrics"),
        ("PUT", "/api/me"),
        ("GET", "http://127.0.0.1:1/api/me"),
    ] {
        assert_eq!(
            code(desk.ask_center(method, target, None, None)),
            "bad_argument",
            "{method} {target}"
        );
    }
    assert_eq!(
        code(desk.ask_center("GET", "/api/me", Some("a\r\nb: c"), None)),
        "bad_argument"
    );
    assert_eq!(
        code(desk.ask_center("POST", "/api/login", None, Some("no base64!"))),
        "bad_argument"
    );

    let alone = Desk::new(Undo::No);
    assert_eq!(code(alone.ask_center("GET", "/api/me", None, None)), "not_enrolled");
    let mut center = center;
    center.go_away();
    until("the center is gone", || {
        code(desk.ask_center("GET", "/api/me", None, None)) == "unreachable"
    });
}

/// What `cargo xtask run` opens, and the account its review window names.
#[test]
fn the_demo_opens_and_its_coordinator_comes_in() {
    let folder = tempfile::tempdir().unwrap();
    let demo = || {
        let opening = Opening::demo(folder.path().to_owned(), Some(kit::frames().to_owned()));
        Station::open(Opening {
            camera: CameraUse::None,
            ..opening
        })
        .unwrap()
    };
    // A second start finds everything there.
    for _ in 0..2 {
        let station = demo();
        let login = json!({ "account": "coordinator", "password": "review-the-demo" }).to_string();
        let answer = station
            .ask_center("POST", "/api/login", None, Some(&STANDARD.encode(login)))
            .unwrap();
        assert_eq!(answer.status, 200);
        station.leave_center();
    }
}
