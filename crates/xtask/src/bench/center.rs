//! How many orders a second does a center take, on each engine, as stations, stored orders and processes grow; and how fast does one
//! station sync beside `curl`?
use super::{Plot, Section, center_plot};
use crate::program::{Fault, cargo};
use crate::system;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

/// Runs the load harness and reads its figures.
pub fn run() -> Result<Section, Fault> {
    system::install(&[system::BUILD, system::TESTS, system::LOAD], system::Consent::Given)?;
    let figures = figures()?;
    let of = |bench: &str| {
        figures
            .iter()
            .filter(|f| f["bench"] == bench)
            .cloned()
            .collect::<Vec<_>>()
    };
    let (rates, peers) = (of("rate"), of("peer"));
    let mut rows: Vec<Vec<String>> = rates.iter().map(rate).collect();
    rows.extend(peers.iter().map(peer));
    Ok(Section {
        heading: "Center",
        lead: "`cargo xtask bench center`: stations with the real client (`crates/sync`) over loopback, each with one order and its photo of 40 KB \
             on the way at a time; `central` as processes of their own, SQLite with its folder or PostgreSQL 15 with synced commits, and \
             the stations on the same two cores. An order's wait is from the outbox to the verified receipt. Stored orders are copies made by \
             SQL. `curl` sends photos and orders of the same sizes to the same center with signatures made beforehand, orders last and a hundred a \
             request; the station hashes and signs while it sends.\n\n![Orders a second](center.svg)"
            .to_owned(),
        header: vec![
            "engine", "stations", "schools", "stored orders", "processes", "orders/s", "p50 ms", "p95 ms", "p99 ms",
        ],
        rows,
        plot: Some(Plot {
            file: "center.svg",
            svg: center_plot::draw(&rates),
        }),
    })
}

fn rate(f: &Value) -> Vec<String> {
    let mut cells = vec![engine(f)];
    for key in [
        "stations",
        "schools",
        "stored",
        "processes",
        "orders_per_s",
        "p50_ms",
        "p95_ms",
        "p99_ms",
    ] {
        cells.push(f[key].to_string());
    }
    cells
}

/// The engine's name, as people write it.
pub fn engine(f: &Value) -> String {
    match f["engine"].as_str() {
        Some("Postgres") => "PostgreSQL",
        _ => "SQLite",
    }
    .to_owned()
}

fn peer(f: &Value) -> Vec<String> {
    let number = |key: &str| f[key].as_f64().unwrap_or(f64::NAN);
    let (ours, best) = (
        number("station_mb_per_s"),
        number("curl_mb_per_s").max(number("curl_parallel_mb_per_s")),
    );
    vec![
        format!(
            "one station beside `curl`, {} photos of {} KB, {}: {ours} MB/s; `curl` one by one {} MB/s, three at once {} MB/s ({} MB/s \
             without the orders); {:.0} % of the better",
            f["photos"],
            f["photo_kb"],
            f["network"].as_str().unwrap_or_default(),
            f["curl_mb_per_s"],
            f["curl_parallel_mb_per_s"],
            f["curl_photos_only_mb_per_s"],
            100.0 * ours / best
        ),
        "1".to_owned(),
        "1".to_owned(),
        String::new(),
        "1".to_owned(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
    ]
}

fn figure(line: &str) -> Option<Value> {
    line.find('{').and_then(|at| serde_json::from_str(&line[at..]).ok())
}

/// The harness prints a JSON line for each figure, behind the name of its test. `CENTER_FIGURES` names the kept output of a run to
/// be read in place of a new one.
fn figures() -> Result<Vec<Value>, Fault> {
    if let Some(path) = std::env::var_os("CENTER_FIGURES").map(std::path::PathBuf::from) {
        let text = std::fs::read_to_string(&path).map_err(|source| Fault::File { path, source })?;
        return Ok(text.lines().filter_map(figure).collect());
    }
    const HARNESS: &str =
        "test --workspace --release --features central/load --test load -- bench:: --nocapture --test-threads 1";
    let start = |source| Fault::Start {
        program: "cargo test".to_owned(),
        source,
    };
    let mut child = cargo(HARNESS).stdout(Stdio::piped()).spawn().map_err(start)?;
    let mut figures = Vec::new();
    for line in child
        .stdout
        .take()
        .into_iter()
        .flat_map(|out| BufReader::new(out).lines())
    {
        let line = line.map_err(start)?;
        eprintln!("{line}");
        figures.extend(figure(&line));
    }
    if child.wait().map_err(start)?.success() && !figures.is_empty() {
        Ok(figures)
    } else {
        Err(Fault::NeedsPerson("the load harness failed; see above".to_owned()))
    }
}
