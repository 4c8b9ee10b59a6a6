//! Does every answer of the routes of people and scripts have the shape `/openapi.json` says, whatever is sent? Schemathesis, from PyPI,
//! asks a real `central serve` with an admin's token: `cargo xtask test --only api`.
#![allow(clippy::unwrap_used, missing_docs, dead_code, clippy::print_stdout)]
#[path = "../it/station.rs"]
mod station;
#[path = "../it/world.rs"]
mod world;

use central::people::{AccountRole, Person};
use central::{Central, Config, SystemClock};
use serde_json::{Value, json};
use station::{Station, fresh, send};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use wire::campaign::CampaignDoc;
use world::{CAMPAIGN, SCHOOL, campaign, jpeg};

/// Requests that are made up for each route in each run; `API_EXAMPLES` for another number.
const EXAMPLES: &str = "50";
const SEED: &str = "6";
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance";
/// What may end the token or the account everything is asked with; they come last.
const ENDS: [&str; 5] = [
    "/api/logout",
    "/api/password",
    "/api/accounts/{name}/disable",
    "/api/accounts/{name}/password",
    "/api/tokens/{id}",
];
const PASSWORD: &str = "correct horse battery";

struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(data: &Path) -> (Serving, SocketAddr) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
    command.env("CENTRAL_DATA", data).env("CENTRAL_LOG", "error");
    let started = command
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn();
    let mut child = started.unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
    (Serving(child), ready["listen"].as_str().unwrap().parse().unwrap())
}

/// A campaign, an admin with a token, and what a station is enrolled with.
fn filled(data: &Path) -> (String, String) {
    let central = Central::open(Config::new(data, ([127, 0, 0, 1], 0).into())).unwrap();
    let doc = CampaignDoc {
        opens_at_ms: 0,
        closes_at_ms: 4_102_444_800_000,
        ..campaign()
    };
    central.put_campaign(&doc).unwrap();
    central
        .add_account("command", "chief", AccountRole::Admin, None, PASSWORD)
        .unwrap();
    let chief: Person = central.login("chief", PASSWORD).unwrap().person;
    let token = central.add_token(&chief, "schemathesis", 1).unwrap().secret;
    (token, central.enrol_code(SCHOOL).unwrap().code)
}

/// Asks a route as a script; the status and the JSON of the answer.
async fn ask(address: SocketAddr, token: &str, method: &str, target: &str, body: &Value) -> (u16, Value) {
    let request = http::Request::builder()
        .method(method)
        .uri(target)
        .header("host", "center");
    let request = request.header("authorization", format!("Bearer {token}"));
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let answer = send(address, request.body(axum::body::Body::from(body)).unwrap()).await;
    (
        answer.status,
        serde_json::from_slice(&answer.body).unwrap_or(Value::Null),
    )
}

/// One of each thing, and the settings that name it: without them nearly every made-up id is of nothing.
async fn settings(address: SocketAddr, token: &str, code: &str) -> String {
    let mut station = Station::with_clock(address, Arc::new(SystemClock), "desk");
    assert_eq!(station.enrol(code).await.status, 200);
    let mut orders = Vec::new();
    for n in 0..6 {
        orders.push(station.collect(fresh(), &jpeg(n)).await);
    }
    let url = json!({ "url": "https://hook.example/x" });
    let (status, hook) = ask(address, token, "POST", "/api/webhooks", &url).await;
    assert_eq!(status, 201, "{hook}");
    let (status, package) = ask(
        address,
        token,
        "POST",
        "/api/packages",
        &json!({ "campaign": CAMPAIGN, "unreviewed": true }),
    )
    .await;
    assert_eq!(status, 201, "{package}");
    let of = |path: &str, values: Value| {
        format!("[[operations]]\ninclude-path-regex = \"^/api/{path}\"\nparameters = {{ \"path.id\" = {values} }}\n")
    };
    [
        of("orders/", json!(orders)),
        of("campaigns/", json!([CAMPAIGN])),
        of("webhooks/", json!([hook["id"]])),
        of("packages/", json!([package["id"]])),
    ]
    .concat()
}

/// Runs schemathesis once; whether every answer passed.
fn fuzz(dir: &Path, address: SocketAddr, token: &str, which: &[&str]) -> bool {
    let examples = std::env::var("API_EXAMPLES").unwrap_or_else(|_| EXAMPLES.to_owned());
    let mut run = Command::new(testkit::tools::schemathesis());
    run.args([
        "run",
        &format!("http://{address}/openapi.json"),
        "--no-color",
        "--warnings",
        "off",
        "--seed",
        SEED,
    ]);
    run.args([
        "--header",
        &format!("Authorization: Bearer {token}"),
        "--checks",
        CHECKS,
    ]);
    run.args([
        "--max-examples",
        &examples,
        "--phases",
        "examples,coverage,fuzzing",
        "--request-timeout",
        "60",
    ]);
    run.args(which).current_dir(dir).status().unwrap().success()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_has_its_shape() {
    let dir = tempfile::tempdir().unwrap();
    let (token, code) = filled(&dir.path().join("center"));
    let (_serving, address) = serve(&dir.path().join("center"));
    let named = settings(address, &token, &code).await;
    let passed = tokio::task::block_in_place(|| {
        let apart: Vec<&str> = ENDS.iter().flat_map(|path| ["--exclude-path", path]).collect();
        let ends: Vec<&str> = ENDS.iter().flat_map(|path| ["--include-path", path]).collect();
        let unnamed = fuzz(dir.path(), address, &token, &apart);
        std::fs::write(dir.path().join("schemathesis.toml"), named).unwrap();
        let known = fuzz(dir.path(), address, &token, &apart);
        // Otherwise every answer was that nobody is admitted.
        let (status, me) =
            tokio::runtime::Handle::current().block_on(ask(address, &token, "GET", "/api/me", &Value::Null));
        assert_eq!(status, 200, "{me}");
        [unnamed, known, fuzz(dir.path(), address, &token, &ends)]
    });
    assert_eq!(passed, [true; 3], "an answer is not what /openapi.json says");
}
