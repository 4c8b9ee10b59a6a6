//! The web console as people use it: chromium against a real `central serve` with real photos (`ui/tests/console/journey.mjs`), and
//! again by keyboard alone (`keyboard.mjs`); and the graduates' site (`site`).
//! `cargo xtask test --only console` builds the screens first.
#![allow(clippy::unwrap_used, missing_docs, dead_code, clippy::print_stdout)]
mod site;
#[path = "../it/station.rs"]
mod station;
#[path = "../it/world.rs"]
mod world;

use central::SystemClock;
use serde_json::Value;
use station::{Station, fresh, id, replace, submit};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use wire::campaign::CampaignDoc;
use wire::op::OpBody;
use world::{SCHOOL, campaign, jpeg};

/// Photos of the day: two pages of the review screen.
const PHOTOS: u64 = 42;
/// Enough to walk through.
const FEW: u64 = 4;
/// Of these, two were taken although the check failed.
const OVERRIDDEN: [u64; 2] = [10, 30];
/// Of one the check only warned.
const WARNED: u64 = 40;
/// One was sent back before, and taken again.
const RETAKEN: u64 = 20;
/// The other school.
const FAR: &str = "10001";
const PASSWORD: &str = "correct horse battery";
const PEOPLE: [(&str, &str, Option<&str>); 6] = [
    ("chief", "admin", None),
    ("rev", "reviewer", None),
    ("coord", "coordinator", Some(SCHOOL)),
    ("far", "coordinator", Some(FAR)),
    ("lab", "lab", None),
    ("aud", "auditor", None),
];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn central(data: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
    command.env("CENTRAL_DATA", data).env("CENTRAL_LOG", "warn").args(args);
    command
}

fn done(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A serving `central`; killed when dropped.
struct Serving {
    child: Child,
    url: String,
    address: std::net::SocketAddr,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(data: &Path) -> Serving {
    let console = root().join("ui/dist");
    let args = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--console",
        console.to_str().unwrap(),
    ];
    let mut child = central(data, &args).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let ready: Value = serde_json::from_str(&line).expect("the center starts: are the screens built?");
    Serving {
        child,
        url: format!("{}/", ready["url"].as_str().unwrap()),
        address: ready["listen"].as_str().unwrap().parse().unwrap(),
    }
}

/// A campaign as a file.
fn import(dir: &Path, data: &Path, doc: &CampaignDoc) {
    let file = dir.join(format!("{}.toml", doc.id));
    std::fs::write(&file, toml::to_string(doc).unwrap()).unwrap();
    done(&mut central(data, &["campaign", "import", file.to_str().unwrap()]));
}

async fn enrolled(data: &Path, serving: &Serving, school: &str, name: &str) -> Station {
    let code = done(&mut central(
        data,
        &["enrol-code", "--school", school, "--format", "json"],
    ));
    let code: Value = serde_json::from_str(&code).unwrap();
    let mut station = Station::with_clock(serving.address, Arc::new(SystemClock), name);
    assert_eq!(station.enrol(code["code"].as_str().unwrap()).await.status, 200);
    station
}

/// An order of the other school that awaits its part of a class's payment.
async fn unpaid(station: &Station) {
    let photo = jpeg(1000);
    assert_eq!(station.put(&photo).await.status, 201);
    let OpBody::Submit(mut body) = submit(1000, &photo) else {
        unreachable!()
    };
    body.campaign_id = far_campaign().id;
    let result = station
        .op_result(&station.op(&id(fresh()), 1, &OpBody::Submit(body)))
        .await;
    assert_eq!(result.state.as_deref(), Some("pending_payment"), "{result:?}");
}

fn open_for_years(doc: CampaignDoc) -> CampaignDoc {
    CampaignDoc {
        opens_at_ms: 0,
        closes_at_ms: 4_102_444_800_000,
        ..doc
    }
}

fn far_campaign() -> CampaignDoc {
    CampaignDoc {
        id: world::CAMPAIGN.replace("0001", "0002"),
        school_code: FAR.to_owned(),
        school_name: "远方大学".to_owned(),
        price_fen: 2500,
        ..open_for_years(campaign())
    }
}

async fn collect(station: &Station, n: u64) -> String {
    let photo = jpeg(u32::try_from(n).unwrap());
    assert_eq!(station.put(&photo).await.status, 201);
    let OpBody::Submit(mut body) = submit(n, &photo) else {
        unreachable!()
    };
    if OVERRIDDEN.contains(&n) {
        body.photo.check.verdict = "overridden".to_owned();
        body.photo.check.failed = vec!["EyesOpen".to_owned(), "BackgroundShadow".to_owned()];
        body.photo.check.override_reason = Some("best_of_several".to_owned());
    }
    if n == WARNED {
        body.photo.check.warned = vec!["GlassesGlare".to_owned()];
    }
    let order = id(fresh());
    let result = station.op_result(&station.op(&order, 1, &OpBody::Submit(body))).await;
    assert_eq!(result.status, wire::op::OpStatus::Applied, "{result:?}");
    order
}

/// An order whose first photo was sent back.
async fn retaken(station: &Station, data: &Path, order: &str) {
    done(&mut central(data, &["reject", order, "--reason", "light"]));
    let photo = jpeg(2000);
    assert_eq!(station.put(&photo).await.status, 201);
    let result = station.op_result(&station.op(order, 2, &replace(&photo, 2))).await;
    assert_eq!(result.state.as_deref(), Some("pending_review"), "{result:?}");
}

/// A center with the day's photos in it.
struct Day {
    _folder: tempfile::TempDir,
    data: std::path::PathBuf,
    serving: Serving,
}

impl Day {
    async fn of(photos: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("center");
        import(folder.path(), &data, &open_for_years(campaign()));
        import(folder.path(), &data, &far_campaign());
        for (name, role, school) in PEOPLE {
            let mut args = vec!["user", "add", name, "--role", role];
            args.extend(school.iter().flat_map(|s| ["--school", s]));
            done(central(&data, &args).env("CENTRAL_PASSWORD", PASSWORD));
        }
        let serving = serve(&data);
        let station = enrolled(&data, &serving, SCHOOL, "一号点").await;
        unpaid(&enrolled(&data, &serving, FAR, "远方点").await).await;
        for n in 0..photos {
            let order = collect(&station, n).await;
            if n == RETAKEN {
                retaken(&station, &data, &order).await;
            }
        }
        Self {
            _folder: folder,
            data,
            serving,
        }
    }

    /// Lets the browser go through it; the center is whole afterwards.
    fn journey(&self, script: &str) {
        let journey = Command::new("node")
            .arg(root().join("ui/tests/console").join(script))
            .args([&self.serving.url, PASSWORD])
            .status()
            .expect("node is there");
        assert!(journey.success(), "{script}");
        let report = done(&mut central(&self.data, &["verify", "--format", "json"]));
        assert!(report.contains("\"errors\":0"), "{report}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_at_the_console() {
    Day::of(PHOTOS).await.journey("journey.mjs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_flow_by_keyboard_alone() {
    Day::of(FEW).await.journey("keyboard.mjs");
}
