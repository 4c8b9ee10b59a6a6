//! How fast are the windows? Search and first paint with 20,000 people on the roster, frames while the live view runs, a head by one
//! input, the kiosk's self-check, and 500 photos through the review: each beside what it has to hold.
use super::Section;
use crate::console_pictures::{self, PASSWORD};
use crate::program::{Fault, cargo, command, root, succeed, target};
use crate::{pictures, screens};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

const PEOPLE: usize = 20_000;
/// Heads photographed in the window: an hour of a good photographer.
const HEADS: &str = "300";
const PHOTOS: &str = "500";
/// Who passes without a warning.
const SITTER: &str = "rand-paul";

/// Builds, fills a station and a center, and lets the browser measure.
pub fn run() -> Result<Section, Fault> {
    screens::build()?;
    succeed(&mut cargo("build --release --workspace --bin station --bin central"))?;
    let home = target().join("bench-screens");
    let _ = std::fs::remove_dir_all(&home);
    let frames = home.join("frames");
    let at = |path: &Path, source| Fault::File {
        path: path.to_owned(),
        source,
    };
    std::fs::create_dir_all(&frames).map_err(|e| at(&frames, e))?;
    let from = root().join(format!("tests/portraits/studio/{SITTER}.jpg"));
    std::fs::copy(&from, frames.join(format!("{SITTER}.jpg"))).map_err(|e| at(&from, e))?;
    let roster = home.join("roster.csv");
    std::fs::write(&roster, people()).map_err(|e| at(&roster, e))?;
    let desk = desk(&home, &frames, &roster)?;
    let review = review(&home)?;
    let _ = std::fs::remove_dir_all(&home);
    Ok(Section {
        heading: "Screens",
        lead: format!(
            "`station serve` and `central serve` (release) in headless Chromium without a graphics card, a roster of {PEOPLE} people, the replay camera at its full rate. \
             Times run from the wish to the frame that shows it. The desk photographs {HEADS} heads, each scanned while the one before sits, by one press of Space (the 0.7 s in \
             which a pass may be stopped left out); the reviewer looks at each complete page for 1.5 s and sends one photo in fifty back."
        ),
        header: vec!["what", "p50", "p95", "most", "has to be"],
        rows: rows(&desk, &review),
        plot: None,
    })
}

fn desk(home: &Path, frames: &Path, roster: &Path) -> Result<serde_json::Value, Fault> {
    let program = target().join("release/station");
    let data = home.join("station");
    let station = || {
        let mut station = command(&program.to_string_lossy());
        station.arg("--data").arg(&data);
        station
    };
    let campaign = |job: &str| format!("assets/demo/campaign-{job}.toml");
    // The one imported first stays in use, and it is the one with a roster.
    for job in ["freshman", "graduate"] {
        succeed(station().args(["campaign", "import", &campaign(job)]))?;
    }
    succeed(station().args(["roster", "import"]).arg(roster))?;
    let mut serving = station();
    serving.args(["serve", "--ui", "ui/dist", "--frames"]).arg(frames);
    pictures::serving(&mut serving, |address| {
        said(command("node ui/tests/pace/station.mjs").args([address, SITTER, HEADS]))
    })
}

fn review(home: &Path) -> Result<serde_json::Value, Fault> {
    console_pictures::filled(home, "release", PHOTOS, |url| {
        said(command("node ui/tests/pace/review.mjs").args([&format!("{url}/"), PASSWORD, PHOTOS]))
    })
}

/// The last line a script prints, which is JSON.
fn said(script: &mut Command) -> Result<serde_json::Value, Fault> {
    let output = script.output().map_err(|source| Fault::Start {
        program: "node".to_owned(),
        source,
    })?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().rev().find(|l| l.starts_with('{')).unwrap_or_default();
    let why = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        return Err(Fault::NeedsPerson(format!("the browser measured nothing: {text}{why}")));
    }
    serde_json::from_str(line).map_err(|_| Fault::NeedsPerson(format!("the browser said no figures: {text}{why}")))
}

fn rows(desk: &serde_json::Value, review: &serde_json::Value) -> Vec<Vec<String>> {
    let figure = |v: &serde_json::Value| v.as_f64().map_or_else(String::new, |v| format!("{v:.1} ms"));
    let timed = |what: &str, v: &serde_json::Value, least: &str| {
        vec![
            what.to_owned(),
            figure(&v["p50"]),
            figure(&v["p95"]),
            figure(&v["most"]),
            least.to_owned(),
        ]
    };
    let plain = |what: &str, value: String, least: &str| {
        vec![what.to_owned(), value, String::new(), String::new(), least.to_owned()]
    };
    let mut rows = vec![
        timed("search among 20,000, the call", &desk["search_call"], "50 ms"),
        timed("search among 20,000, key to answer in view", &desk["search_window"], ""),
    ];
    for (screen, times) in desk["screens"].as_object().into_iter().flatten() {
        rows.push(timed(&format!("first paint of {screen}"), times, "300 ms"));
    }
    for (screen, times) in review["screens"].as_object().into_iter().flatten() {
        rows.push(timed(
            &format!("first paint of the console's {screen}"),
            times,
            "300 ms",
        ));
    }
    for (page, times) in desk["kiosk_pages"].as_object().into_iter().flatten() {
        rows.push(timed(&format!("first paint of the kiosk's {page}"), times, "300 ms"));
    }
    rows.push(plain(
        "kiosk: touches of a self-check",
        desk["kiosk_touches"].to_string(),
        "3",
    ));
    rows.push(plain(
        "first paint of the kiosk's window",
        figure(&desk["kiosk_start"]),
        "300 ms",
    ));
    rows.push(timed(
        "kiosk: scan to one's photo in view",
        &desk["kiosk_check"],
        "20 s",
    ));
    rows.push(vec![
        "frames while the live view runs".to_owned(),
        figure(&desk["live"]["p50"]),
        figure(&desk["live"]["p99"]) + " (p99)",
        figure(&desk["live"]["most"]),
        "50 ms".to_owned(),
    ]);
    let longest = format!(
        "{} of {}, longest {}",
        desk["live"]["tasks_over_50"],
        desk["live"]["frames"],
        figure(&desk["live"]["longest_task"])
    );
    rows.push(plain("tasks over 50 ms meanwhile, of frames", longest, "none"));
    rows.push(timed("machine time a head in the window", &desk["heads"], "2 s at p95"));
    let inputs = format!("{} for {}", desk["heads"]["inputs"], desk["heads"]["count"]);
    rows.push(plain("inputs for the heads", inputs, "one a head"));
    rows.push(plain(
        "review: keys",
        format!("{} for {}", review["keys"], review["photos"]),
        "130 for 500",
    ));
    let wall = review["wall_s"].as_f64().unwrap_or(f64::NAN);
    rows.push(plain("review: time", format!("{:.0} s", wall), "480 s"));
    let mut page = plain(
        "review: until the next page may be approved, 1.5 s of looking at it included",
        figure(&review["page_p50"]),
        "",
    );
    page[3] = figure(&review["page_most"]);
    rows.push(page);
    rows
}

/// A roster of invented people as CSV.
fn people() -> String {
    const FAMILY: [&str; 16] = [
        "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "欧阳",
    ];
    const GIVEN: [&str; 20] = [
        "晓", "雨", "子", "明", "文", "嘉", "思", "浩", "欣", "宇", "涵", "轩", "怡", "航", "琳", "志", "美", "俊",
        "雪", "辰",
    ];
    let mut text = "姓名,学号,身份证号,学院,专业,班级\n".to_owned();
    for n in 0..PEOPLE {
        let name = format!(
            "{}{}{}",
            FAMILY[n % FAMILY.len()],
            GIVEN[(n / 16) % GIVEN.len()],
            GIVEN[(n / 320) % GIVEN.len()]
        );
        let id = id_number(n);
        let _ = writeln!(
            text,
            "{name},2026{n:06},{id},第{}学院,专业{},{}班",
            n % 12,
            n % 40,
            n / 40
        );
    }
    text
}

/// A made-up ID number whose check digit holds.
fn id_number(n: usize) -> String {
    let body = format!(
        "430102{}{:02}{:02}{:03}",
        2006 + n % 3,
        1 + n % 12,
        1 + (n / 12) % 28,
        n % 1000
    );
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body
        .chars()
        .zip(WEIGHTS)
        .filter_map(|(c, w)| Some(c.to_digit(10)? * w))
        .sum();
    format!("{body}{}", b"10X98765432"[(sum % 11) as usize] as char)
}
