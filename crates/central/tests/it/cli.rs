//! The command: the same center from the outside, by its contract.
use crate::station::Station;
use crate::world::{SCHOOL, campaign, jpeg};
use central::{Clock, SystemClock};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use wire::campaign::CampaignDoc;

/// A serving `central`; killed when dropped.
pub struct Serving {
    pub child: Child,
    pub address: std::net::SocketAddr,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn central(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
    command.env("CENTRAL_DATA", data).env("CENTRAL_LOG", "warn");
    command
}

pub fn serve(data: &Path) -> Serving {
    serve_with(data, &["--listen", "127.0.0.1:0"])
}

fn serve_with(data: &Path, args: &[&str]) -> Serving {
    let mut child = central(data)
        .arg("serve")
        .args(args)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(ready["ready"], true);
    let address = ready["listen"].as_str().unwrap().parse().unwrap();
    Serving { child, address }
}

fn run(data: &Path, args: &[&str]) -> Output {
    central(data).args(args).output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

/// The campaign as a file, open for years by the computer's clock.
pub fn campaign_file(dir: &Path) -> std::path::PathBuf {
    campaign_file_of(dir, campaign())
}

fn campaign_file_of(dir: &Path, mut doc: CampaignDoc) -> std::path::PathBuf {
    (doc.opens_at_ms, doc.closes_at_ms) = (0, 4_102_444_800_000);
    let file = dir.join("campaign.toml");
    std::fs::write(&file, toml::to_string(&doc).unwrap()).unwrap();
    file
}

pub async fn enrolled(data: &Path, serving: &Serving) -> Station {
    let made = lines(&run(data, &["enrol-code", "--school", SCHOOL, "--format", "json"]));
    let mut station = Station::with_clock(serving.address, Arc::new(SystemClock), "desk");
    let answer = station.enrol(made[0]["code"].as_str().unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    station
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_at_the_command_line_while_the_center_serves() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("center");
    let file = campaign_file(dir.path());
    let imported = run(&data, &["campaign", "import", file.to_str().unwrap()]);
    assert!(
        imported.status.success(),
        "{}",
        String::from_utf8_lossy(&imported.stderr)
    );
    assert_eq!(lines(&run(&data, &["campaign", "list", "--format", "json"])).len(), 1);
    let mut serving = serve(&data);
    let station = enrolled(&data, &serving).await;
    let (first, second) = (station.collect(1, &jpeg(1)).await, station.collect(2, &jpeg(2)).await);

    let waiting = lines(&run(
        &data,
        &["orders", "--state", "pending_review", "--format", "json"],
    ));
    assert_eq!(waiting.len(), 2);
    let number = waiting[1]["number"].as_str().unwrap().to_owned();
    let table = String::from_utf8(run(&data, &["orders"]).stdout).unwrap();
    assert!(table.contains("待审核") && table.contains("张*"), "{table}");

    // A running feed hears of what another process has done.
    let cursor = station.feed(0, 0).await.cursor;
    let rejecting = tokio::task::spawn_blocking({
        let (data, number) = (data.clone(), number.clone());
        move || {
            run(
                &data,
                &["reject", &number, "--reason", "eyes", "--reason", "pose", "--by", "li"],
            )
        }
    });
    let (heard, rejected) = tokio::join!(station.feed(cursor, 20), rejecting);
    assert!(rejected.unwrap().status.success());
    assert_eq!(heard.events.len(), 1);
    assert_eq!(
        station.told(&first).await.unwrap().rejection.unwrap().reasons,
        ["pose", "eyes"]
    );

    // One refusal does not stop the other order.
    let mixed = run(&data, &["approve", &number, &second]);
    assert_eq!(mixed.status.code(), Some(1));
    assert_eq!(station.told(&second).await.unwrap().state, "pending_production");
    let out = dir.path().join("photo.jpg");
    assert!(
        run(&data, &["photo", &second, "--out", out.to_str().unwrap()])
            .status
            .success()
    );
    assert_eq!(std::fs::read(&out).unwrap(), jpeg(2));
    assert_eq!(
        run(&data, &["photo", &second, "--out", out.to_str().unwrap()])
            .status
            .code(),
        Some(2),
        "never overwritten"
    );
    assert_eq!(lines(&run(&data, &["history", &number, "--format", "json"])).len(), 3);
    let report = lines(&run(&data, &["verify", "--format", "json"]));
    assert_eq!((&report[0]["errors"], &report[0]["orders"]), (&0.into(), &2.into()));

    for (args, code) in [
        (&["orders", "--state", "nonsense"][..], 2),
        (&["approve", "nonsense"], 1),
        (&["history", "01900000-0000-7000-8000-00000000ffff"], 1),
        (&["campaign", "import", "/nowhere.toml"], 2),
        (&["--help"], 0),
        (&["reject", "--help"], 0),
    ] {
        assert_eq!(run(&data, args).status.code(), Some(code), "{args:?}");
    }
    let revoked = run(&data, &["station", "revoke", &station.id]);
    assert!(revoked.status.success());
    assert_eq!(station.get("/v1/snapshot").await.status, 403);

    let stopped = Command::new("kill")
        .args(["-TERM", &serving.child.id().to_string()])
        .status()
        .unwrap();
    assert!(stopped.success());
    assert!(serving.child.wait().unwrap().success(), "a told stop is no failure");
}

/// The provider as its settings file names it: keys in files beside it, paths from where it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payments_are_set_up_by_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("center");
    let loopback = (std::net::Ipv4Addr::LOCALHOST, 0);
    let provider = paysim::Sandbox::start(loopback.into(), paysim::Faults::NONE, 1, || SystemClock.now());
    let provider = provider.await.unwrap();
    let free = std::net::TcpListener::bind(loopback).unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let keys = provider.keys();
    for (name, text) in [
        ("merchant.pem", keys.merchant_pem.as_str()),
        ("api_v3.key", paysim::API_V3_KEY),
        ("platform.pem", &keys.certificate_pem),
        ("public.pem", &keys.public_key_pem),
    ] {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    let settings = dir.path().join("payments.toml");
    let text = format!(
        "base_url = \"{}\"\napp_id = \"{}\"\nmch_id = \"{}\"\nnotify_url = \"http://{address}/v1/payments/notice\"\n\
         merchant_serial = \"{}\"\nmerchant_key = \"merchant.pem\"\napi_v3_key = \"api_v3.key\"\n\
         platform_certificates = [\"platform.pem\"]\nplatform_public_keys = [{{ id = \"{}\", file = \"public.pem\" }}]\n",
        provider.base_url(),
        paysim::APP_ID,
        paysim::MCH_ID,
        keys.merchant_serial,
        keys.public_key_id,
    );
    std::fs::write(&settings, &text).unwrap();
    let payments = settings.to_str().unwrap();
    let priced = CampaignDoc {
        price_fen: 2500,
        collective: false,
        ..campaign()
    };
    let file = campaign_file_of(dir.path(), priced);
    assert!(
        run(&data, &["campaign", "import", file.to_str().unwrap()])
            .status
            .success()
    );
    let serving = serve_with(&data, &["--listen", &address, "--payments", payments]);
    let station = enrolled(&data, &serving).await;
    let order = station.collect(1, &jpeg(1)).await;
    let target = format!("/v1/orders/{order}/payments");
    let answer = station.send(&station.ask(http::Method::POST, &target, "")).await;
    let code: wire::payment::PaymentCodeAnswer = answer.json();
    assert!(provider.with(|p, now| p.pay(&code.out_trade_no, now)));
    let began = std::time::Instant::now();
    while station.told(&order).await.unwrap().state != "pending_review" {
        assert!(began.elapsed() < std::time::Duration::from_secs(30));
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let day = pay::bill::BillDate::of(SystemClock.now()).to_string();
    let args = ["reconcile", &day, "--payments", payments, "--format", "json"];
    // Somewhere else: this thread also answers for the provider.
    let compared = tokio::task::spawn_blocking({
        let (data, args) = (data.clone(), args.map(str::to_owned));
        move || central(&data).args(args).output().unwrap()
    });
    let compared = lines(&compared.await.unwrap());
    assert_eq!(
        (&compared[0]["matched"], &compared[0]["differences"]),
        (&1.into(), &0.into())
    );

    std::fs::write(&settings, text.replace("merchant.pem", "public.pem")).unwrap();
    let refused = run(&data, &["reconcile", &day, "--payments", payments]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("payments.toml") && said.contains("key"), "{said}");
}

/// A settings file fills in what nobody says otherwise; the example that is shipped reads.
#[test]
fn settings_come_from_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let settings = dir.path().join("central.toml");
    std::fs::write(&settings, "data = \"kept\"\nlog_format = \"json\"\nlog = \"info\"\n").unwrap();
    let run = |file: &Path, more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
        command.arg("--config").arg(file).args(more).output().unwrap()
    };
    assert!(run(&settings, &["campaign", "list"]).status.success());
    assert!(dir.path().join("kept/central.db").exists(), "beside the file");
    let named = dir.path().join("named");
    assert!(
        run(&settings, &["verify", "--data", named.to_str().unwrap()])
            .status
            .success()
    );
    assert!(named.join("central.db").exists(), "the command line wins");

    std::fs::write(&settings, "datta = \"x\"\n").unwrap();
    let refused = run(&settings, &["verify"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("datta") && said.contains("central.toml"), "{said}");

    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/center/central.toml");
    let shown = run(&example, &["campaign", "list", "--data", named.to_str().unwrap()]);
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
}

#[test]
fn the_first_account_is_made_on_the_machine() {
    let dir = tempfile::tempdir().unwrap();
    let run = |args: &[&str], password: &str| {
        central(dir.path())
            .env("CENTRAL_PASSWORD", password)
            .args(args)
            .output()
            .unwrap()
    };
    const PASSWORD: &str = "correct horse battery";
    let add = ["user", "add", "chief", "--role", "admin"];
    assert_eq!(run(&add, "short").status.code(), Some(2));
    assert!(run(&add, PASSWORD).status.success());
    assert_eq!(run(&add, PASSWORD).status.code(), Some(2), "taken");
    let forgotten = ["user", "password", "chief"];
    assert_eq!(run(&forgotten, "short").status.code(), Some(2));
    assert!(run(&forgotten, "another horse, another battery").status.success());
    assert!(run(&["user", "disable", "chief"], PASSWORD).status.success());
    let listed = run(&["user", "list", "--format", "json"], PASSWORD);
    let line: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!((&line["name"], &line["role"]), (&json!("chief"), &json!("admin")));
    assert!(line["disabled_at_ms"].is_i64());
}

/// The operator's program is given each message, and the card of whom to ask is written from outside.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_sends_the_codes_graduates_come_in_with() {
    use crate::guests::{PHONE, order_of};
    use crate::people::Browser;
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("center");
    let (program, kept) = (dir.path().join("send"), dir.path().join("kept"));
    let script = format!("#!/bin/sh\ncat > {0}.part && mv {0}.part {0}\n", kept.display());
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
    let doc = CampaignDoc {
        opens_at_ms: 0,
        closes_at_ms: 4_102_444_800_000,
        ..campaign()
    };
    let file = dir.path().join("campaign.toml");
    std::fs::write(&file, toml::to_string(&doc).unwrap()).unwrap();
    assert!(
        run(&data, &["campaign", "import", file.to_str().unwrap()])
            .status
            .success()
    );
    assert!(run(&data, &["contact", "--hours", "9:00–17:00"]).status.success());
    let none = dir.path().join("none");
    let refused = run(
        &data,
        &["serve", "--listen", "127.0.0.1:0", "--messages", none.to_str().unwrap()],
    );
    assert_eq!(
        refused.status.code(),
        Some(2),
        "a program that is not there is told at the start"
    );

    let serving = serve_with(
        &data,
        &["--listen", "127.0.0.1:0", "--messages", program.to_str().unwrap()],
    );
    let code = &lines(&run(&data, &["enrol-code", "--school", SCHOOL, "--format", "json"]))[0];
    let mut station = Station::with_clock(serving.address, Arc::new(SystemClock), "一号点");
    assert_eq!(station.enrol(code["code"].as_str().unwrap()).await.status, 200);
    order_of(&station, PHONE, |_| {}).await;
    let guest = Browser::new(serving.address);
    assert_eq!(guest.get("/my/api/contact").await.json["hours"], "9:00–17:00");
    assert_eq!(guest.post("/my/api/code", json!({ "phone": PHONE })).await.status, 202);
    let began = std::time::Instant::now();
    while !kept.exists() {
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "nothing was sent");
        tokio::task::yield_now().await;
    }
    let message: Value = serde_json::from_str(&std::fs::read_to_string(&kept).unwrap()).unwrap();
    let login = json!({ "phone": PHONE, "code": message["code"] });
    assert_eq!(guest.post("/my/api/login", login).await.status, 200);
}
