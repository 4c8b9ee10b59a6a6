//! People and their scripts: who comes in, who may do what to which school's orders.
use crate::station::{Station, fresh};
use crate::world::{CAMPAIGN, HOUR, SCHOOL, World, campaign, jpeg};
use central::people::{AccountRole, ROUTES};
use central::{Central, Limits, SchoolCode};
use http::StatusCode;
use serde_json::{Value, json};
use std::net::SocketAddr;

const PASSWORD: &str = "correct horse battery";
const OTHER: &str = "10001";

/// A browser of one person: it keeps the cookie and sends the token, as the console does.
pub struct Browser {
    pub address: SocketAddr,
    pub cookie: Option<String>,
    pub bearer: Option<String>,
    pub csrf: Option<String>,
}

pub struct Said {
    pub status: StatusCode,
    pub json: Value,
    pub bytes: Vec<u8>,
    pub cookie: Option<String>,
}

impl Browser {
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            cookie: None,
            bearer: None,
            csrf: None,
        }
    }

    pub async fn login(&mut self, account: &str, password: &str) -> StatusCode {
        let said = self
            .send(
                "POST",
                "/api/login",
                &json!({ "account": account, "password": password }),
            )
            .await;
        self.cookie = said.cookie.clone();
        self.csrf = said.json["csrf_token"].as_str().map(str::to_owned);
        said.status
    }

    fn request(&self, method: &str, target: &str) -> http::request::Builder {
        let mut request = http::Request::builder()
            .method(method)
            .uri(target)
            .header("host", "center");
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", format!("a=b; {cookie}"));
        }
        if let Some(token) = &self.bearer {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(csrf) = &self.csrf {
            request = request.header("x-csrf-token", csrf);
        }
        request
    }

    pub async fn send(&self, method: &str, target: &str, body: &Value) -> Said {
        let request = self.request(method, target);
        let body = if body.is_null() {
            Vec::new()
        } else {
            body.to_string().into_bytes()
        };
        self.deliver(request, body).await
    }

    async fn deliver(&self, request: http::request::Builder, body: Vec<u8>) -> Said {
        let request = request.body(axum::body::Body::from(body)).unwrap();
        let stream = tokio::net::TcpStream::connect(self.address).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(hyper_util::rt::TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(connection);
        let answer = sender.send_request(request).await.unwrap();
        let status = answer.status();
        let cookie = answer.headers().get("set-cookie").map(|v| v.to_str().unwrap());
        if let Some(cookie) = cookie {
            for word in ["__Host-xueying", "Path=/", "Secure", "HttpOnly", "SameSite=Strict"] {
                assert!(cookie.contains(word), "{cookie}");
            }
        }
        let cookie = cookie.map(|v| v.split(';').next().unwrap().to_owned());
        let bytes = axum::body::to_bytes(axum::body::Body::new(answer.into_body()), 1 << 24)
            .await
            .unwrap()
            .to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Said {
            status,
            json,
            bytes,
            cookie,
        }
    }

    pub async fn get(&self, target: &str) -> Said {
        self.send("GET", target, &Value::Null).await
    }
    /// Posts a file as it is.
    pub async fn put_bytes(&self, target: &str, bytes: &[u8]) -> Said {
        let request = self.request("POST", target);
        self.deliver(request, bytes.to_vec()).await
    }
    pub async fn post(&self, target: &str, body: Value) -> Said {
        self.send("POST", target, &body).await
    }
}

pub fn school(code: &str) -> Option<SchoolCode> {
    Some(SchoolCode::parse(code).unwrap())
}

pub fn add(central: &Central, name: &str, role: AccountRole, of: Option<SchoolCode>) {
    central.add_account("command", name, role, of, PASSWORD).unwrap();
}

pub async fn browser(world: &World, name: &str) -> Browser {
    let mut browser = Browser::new(world.address);
    assert_eq!(browser.login(name, PASSWORD).await, StatusCode::OK, "{name}");
    browser
}

/// An order that awaits review.
async fn due(station: &Station) -> String {
    let n = fresh();
    station.collect(n, &jpeg(n as u32)).await
}

#[tokio::test]
async fn a_reviewer_holds_decides_and_takes_back() {
    let world = World::open().await;
    let station = world.station("一号点").await;
    let order = due(&station).await;
    add(&world.central, "rev-a", AccountRole::Reviewer, None);
    add(&world.central, "rev-b", AccountRole::Reviewer, None);
    let (a, b) = (browser(&world, "rev-a").await, browser(&world, "rev-b").await);
    let at = |what: &str| format!("/api/orders/{order}/{what}");

    let list = a.get("/api/orders?state=pending_review").await.json;
    assert_eq!(list["orders"][0]["id"], order.as_str());
    let picture = a.get(&at("pictures/finished")).await;
    assert_eq!(
        (picture.status, &picture.bytes[..3]),
        (StatusCode::OK, &b"\xff\xd8\xff"[..])
    );

    assert_eq!(a.post(&at("hold"), Value::Null).await.json["held_by"], "rev-a");
    assert_eq!(
        b.post(&at("approve"), Value::Null).await.json["code"],
        "state_forbidden",
        "held by another"
    );
    world.clock.forward(16 * 60_000);
    assert_eq!(
        b.post(&at("hold"), Value::Null).await.json["held_by"],
        "rev-b",
        "left lying, taken over"
    );
    assert_eq!(
        b.post(&at("reject"), json!({ "reasons": [] })).await.json["code"],
        "state_forbidden"
    );
    let rejected = b
        .post(&at("reject"), json!({ "reasons": ["eyes"], "note": "左眼被头发遮挡" }))
        .await;
    assert_eq!(rejected.json["state"], "rejected");
    assert_eq!(
        a.post(&at("undo"), Value::Null).await.json["code"],
        "state_forbidden",
        "another's decision"
    );
    assert_eq!(b.post(&at("undo"), Value::Null).await.json["state"], "pending_review");
    assert_eq!(
        b.post(&at("approve"), Value::Null).await.json["state"],
        "pending_production"
    );
    world.clock.forward(11 * 60_000);
    assert_eq!(
        b.post(&at("undo"), Value::Null).await.json["code"],
        "state_forbidden",
        "eleven minutes later"
    );
    assert_eq!(
        a.post(&at("recall"), json!({ "reasons": ["wrong_person"] })).await.json["state"],
        "rejected"
    );

    let history = a.get(&at("history")).await.json;
    let steps: Vec<_> = history["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|h| format!("{} {}", h["who"].as_str().unwrap(), h["what"].as_str().unwrap()))
        .collect();
    for line in [
        "reviewer:rev-a hold",
        "reviewer:rev-b hold",
        "reviewer:rev-b T6",
        "reviewer:rev-b T6u",
        "reviewer:rev-b T5",
        "reviewer:rev-a T9r",
    ] {
        assert!(steps.iter().any(|s| s == line), "{line}: {steps:#?}");
    }
    world.assert_consistent();
}

#[tokio::test]
async fn the_lab_gives_a_receipt_for_what_it_got() {
    let world = World::open().await;
    let station = world.station("一号点").await;
    let order = due(&station).await;
    add(&world.central, "rev-a", AccountRole::Reviewer, None);
    add(&world.central, "lab-1", AccountRole::Lab, None);
    let (reviewer, lab) = (browser(&world, "rev-a").await, browser(&world, "lab-1").await);
    let at = |what: &str| format!("/api/orders/{order}/{what}");
    reviewer.post(&at("approve"), Value::Null).await;
    let wrong = lab.post(&at("pull"), json!({ "sha256": "00".repeat(32) })).await;
    assert_eq!(wrong.json["code"], "validation");
    let picture = lab.get(&at("pictures/finished")).await.bytes;
    let sha256 = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&picture));
    assert_eq!(
        lab.post(&at("pull"), json!({ "sha256": sha256 })).await.json["state"],
        "in_production"
    );
    assert_eq!(lab.post(&at("produced"), Value::Null).await.json["state"], "completed");
    world.assert_consistent();
}

#[tokio::test]
async fn wrong_passwords_lock_and_say_nothing() {
    let limits = Limits {
        enrol_failures: 1000,
        ..Limits::default()
    };
    let world = World::open_with(campaign(), limits).await;
    add(&world.central, "someone", AccountRole::Auditor, None);
    let mut browser = Browser::new(world.address);
    assert_eq!(browser.login("nobody", "wrong").await, StatusCode::UNAUTHORIZED);
    for _ in 0..5 {
        assert_eq!(browser.login("someone", "wrong").await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(
        browser.login("someone", PASSWORD).await,
        StatusCode::UNAUTHORIZED,
        "locked, and not told so"
    );
    world.clock.forward(31_000);
    assert_eq!(browser.login("someone", PASSWORD).await, StatusCode::OK);
}

#[tokio::test]
async fn sessions_end_by_time_by_hand_and_with_the_account() {
    let world = World::open().await;
    add(&world.central, "someone", AccountRole::Auditor, None);
    let idle = browser(&world, "someone").await;
    world.clock.forward(HOUR);
    assert_eq!(
        idle.get("/api/me").await.status,
        StatusCode::UNAUTHORIZED,
        "nobody used it for an hour"
    );
    let out = browser(&world, "someone").await;
    assert_eq!(
        out.post("/api/logout", Value::Null).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(out.get("/api/me").await.status, StatusCode::UNAUTHORIZED);
    let cut = browser(&world, "someone").await;
    world.central.disable_account("command", "someone").unwrap();
    assert_eq!(cut.get("/api/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        Browser::new(world.address).login("someone", PASSWORD).await,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_change_needs_the_token_of_the_page_or_of_a_script() {
    let world = World::open().await;
    add(&world.central, "chief", AccountRole::Admin, None);
    let page = browser(&world, "chief").await;
    let forged = Browser {
        csrf: None,
        cookie: page.cookie.clone(),
        bearer: None,
        ..Browser::new(world.address)
    };
    assert_eq!(forged.get("/api/me").await.status, StatusCode::OK);
    let said = forged.post("/api/enrol-codes", json!({ "school": SCHOOL })).await;
    assert_eq!(
        (said.status, &said.json["code"]),
        (StatusCode::FORBIDDEN, &json!("csrf_needed"))
    );
    let made = page.post("/api/tokens", json!({ "title": "每晚导出" })).await.json;
    let script = Browser {
        bearer: made["token"].as_str().map(str::to_owned),
        ..Browser::new(world.address)
    };
    assert_eq!(
        script
            .post("/api/enrol-codes", json!({ "school": SCHOOL }))
            .await
            .status,
        StatusCode::OK
    );
    let both = Browser {
        cookie: page.cookie.clone(),
        bearer: script.bearer.clone(),
        ..Browser::new(world.address)
    };
    assert_eq!(both.get("/api/me").await.status, StatusCode::UNAUTHORIZED);
    let ended = page
        .send(
            "DELETE",
            &format!("/api/tokens/{}", made["id"].as_str().unwrap()),
            &Value::Null,
        )
        .await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(script.get("/api/me").await.status, StatusCode::UNAUTHORIZED);
}

/// Every route, every role, both schools: generated from the router's own table, so that a new route is in it.
#[tokio::test]
async fn every_route_keeps_to_the_matrix_of_roles_and_schools() {
    let world = World::open().await;
    let station = world.station("一号点").await;
    let order = due(&station).await;
    let mut elsewhere = campaign();
    elsewhere.id = CAMPAIGN.replace("0001", "0002");
    elsewhere.school_code = OTHER.to_owned();
    world.central.put_campaign(&elsewhere).unwrap();
    add(&world.central, "asker", AccountRole::Lab, school(SCHOOL));
    let asked = browser(&world, "asker").await;
    let asked = asked.post("/api/packages", json!({ "campaign": CAMPAIGN })).await.json;
    let package = asked["id"].as_str().unwrap().to_owned();
    let stranger = Browser::new(world.address);
    let mut people = Vec::new();
    for role in AccountRole::ALL {
        for (of, sees) in [(SCHOOL, true), (OTHER, false)] {
            let name = format!("{}-{of}", role.id());
            add(&world.central, &name, role, school(of));
            people.push((role, sees, browser(&world, &name).await));
        }
    }
    let mut checked = 0;
    for route in ROUTES {
        // What changes the session itself is tested above.
        let target = route
            .path
            .replace("/orders/{id}", &format!("/orders/{order}"))
            .replace("/stations/{id}", &format!("/stations/{}", station.id))
            .replace(
                "/campaigns/{id}/lists/{kind}",
                &format!("/campaigns/{CAMPAIGN}/lists/absent"),
            )
            .replace("/campaigns/{id}/roster", &format!("/campaigns/{CAMPAIGN}/roster"))
            .replace("/packages/{id}", &format!("/packages/{package}"))
            .replace("/files/{name}", "/files/pictures.zip")
            .replace("{kind}", "original")
            .replace("{name}", &format!("auditor-{SCHOOL}"))
            .replace("{id}", "none");
        let target = match target.as_str() {
            roster if route.method == "POST" && roster.contains("/roster") => format!("{roster}?file=a.csv"),
            "/api/audit" => format!("/api/audit?school={SCHOOL}&subject=order:{order}"),
            "/api/stations" | "/api/campaigns" | "/api/accounts" | "/api/orders" | "/api/counts" | "/api/review"
            | "/api/packages"
                if route.method == "GET" =>
            {
                format!("{target}?school={SCHOOL}")
            }
            _ => target,
        };
        let body = match route.path {
            "/api/campaigns" if route.method == "POST" => serde_json::to_value(campaign()).unwrap(),
            "/api/packages" | "/api/packages/preview" if route.method == "POST" => json!({ "campaign": CAMPAIGN }),
            "/api/enrol-codes" => json!({ "school": SCHOOL }),
            "/api/review/hold" => json!({ "orders": [order] }),
            "/api/accounts" if route.method == "POST" => {
                json!({ "name": "x", "role": "auditor", "school": SCHOOL, "password": PASSWORD })
            }
            "/api/orders/{id}/class-payment" => json!({ "amount_fen": 1 }),
            "/api/accounts/{name}/password" => json!({ "password": PASSWORD }),
            "/api/webhooks" if route.method == "POST" => json!({ "url": "https://example.org/x", "school": SCHOOL }),
            "/api/orders/{id}/refund" => json!({ "reason": "x" }),
            "/api/orders/{id}/pull" => json!({ "sha256": "" }),
            _ => Value::Null,
        };
        let said = stranger.send(route.method, &target, &body).await;
        assert_eq!(
            said.status,
            StatusCode::UNAUTHORIZED,
            "{} {target} without a session",
            route.method
        );
        let ends = matches!(
            route.path,
            "/api/logout"
                | "/api/password"
                | "/api/accounts/{name}/disable"
                | "/api/accounts/{name}/password"
                | "/api/stations/{id}/revoke"
        ) || route.method == "DELETE" && route.path == "/api/packages/{id}";
        let scoped = target.contains(SCHOOL)
            || target.contains(&order)
            || target.contains(&station.id)
            || target.contains(&package)
            || target.contains(CAMPAIGN)
            || body.to_string().contains(CAMPAIGN)
            || body.to_string().contains(SCHOOL)
            || body.to_string().contains(&order);
        for (role, sees, browser) in &people {
            let allowed = role.may(route.needs);
            if ends && allowed && (*sees || !scoped) {
                continue;
            }
            let said = browser.send(route.method, &target, &body).await;
            let what = format!(
                "{} {target} as {} of {}: {}",
                route.method,
                role.id(),
                if *sees { SCHOOL } else { OTHER },
                said.json
            );
            match (allowed, *sees || !scoped) {
                (false, _) => assert_eq!(said.json["code"], "not_allowed", "{what}"),
                (true, false) => assert_eq!(said.status, StatusCode::NOT_FOUND, "{what}"),
                (true, true) => {
                    assert!(
                        said.status != StatusCode::UNAUTHORIZED && said.json["code"] != "not_allowed",
                        "{what}"
                    );
                    assert!(said.status.as_u16() < 500, "{what}");
                }
            }
            checked += 1;
        }
    }
    assert!(checked > ROUTES.len() * 9);
    world.assert_consistent();
}

#[tokio::test]
async fn an_admin_helps_somebody_who_forgot_their_password() {
    let world = World::open().await;
    add(&world.central, "chief", AccountRole::Admin, None);
    add(&world.central, "near", AccountRole::Admin, school(OTHER));
    add(&world.central, "someone", AccountRole::Reviewer, school(SCHOOL));
    let (chief, near) = (browser(&world, "chief").await, browser(&world, "near").await);
    let before = browser(&world, "someone").await;
    let target = "/api/accounts/someone/password";
    let new = "a quite different sentence";
    assert_eq!(
        near.post(target, json!({ "password": new })).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        chief.post(target, json!({ "password": "short" })).await.json["code"],
        "validation"
    );
    assert_eq!(
        chief.post(target, json!({ "password": new })).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        before.get("/api/me").await.status,
        StatusCode::UNAUTHORIZED,
        "its session is over"
    );
    let mut browser = Browser::new(world.address);
    assert_eq!(browser.login("someone", PASSWORD).await, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.login("someone", new).await, StatusCode::OK);
}

/// docs/central-api.md names every route with what it needs, and no other.
#[test]
fn the_documentation_names_every_route() {
    let text = include_str!("../../../../docs/central-api.md");
    let rows: Vec<_> = text
        .lines()
        .filter(|l| l.starts_with("| `"))
        .map(|l| l.split('|').nth(1).unwrap().trim().trim_matches('`').to_owned())
        .collect();
    let mut routes: Vec<_> = ROUTES.iter().map(|r| format!("{} {}", r.method, r.path)).collect();
    routes.insert(0, "POST /api/login".to_owned());
    assert_eq!(rows, routes);
}
