//! The console's pictures in `docs/screens`: a center with a day's photos in it, from a station that rehearses.
use crate::program::{Fault, cargo, command, root, succeed, target};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Of an account that lives as long as the pictures are taken.
pub const PASSWORD: &str = "correct horse battery";
/// Photos: two pages of the review and some.
const HEADS: &str = "45";
/// Two schools, so that there is something to choose.
const CAMPAIGNS: [&str; 2] = [
    r#"id = "01900000-0000-7000-8000-000000000001"
title = "2027 届毕业生图像采集"
school_code = "10533"
school_name = "示例大学"
job = "graduate"
number_prefix = "10533A"
spec = "chsi-graduate-2017"
opens_at_ms = 1767225600000
closes_at_ms = 4102444800000
consent_version = "2027-01"
"#,
    r#"id = "01900000-0000-7000-8000-000000000002"
title = "2027 级新生照片"
school_code = "10001"
school_name = "另一大学"
job = "freshman"
number_prefix = "10001B"
price_fen = 2500
spec = "chsi-graduate-2017"
opens_at_ms = 1767225600000
closes_at_ms = 4102444800000
consent_version = "2027-01"
feature_codes = [{ code = "ABC123" }]
"#,
];

/// Fills a center, serves the console and lets the browser take the pictures.
pub fn run(home: &Path, folder: &Path) -> Result<(), Fault> {
    succeed(&mut cargo("build --workspace --bin central --bin station"))?;
    filled(home, "debug", HEADS, |url| {
        let mut pictures = command("node ui/tests/console/shots.mjs");
        succeed(pictures.arg(format!("{url}/")).arg(PASSWORD).arg(folder))
    })
}

/// A serving center with so many photos that wait for a review, and what is done with its address.
pub fn filled<T>(
    home: &Path,
    profile: &'static str,
    heads: &str,
    act: impl FnOnce(&str) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let central = |data: &Path| central(profile, data);
    let data = home.join("center");
    for (at, text) in CAMPAIGNS.iter().enumerate() {
        let file = home.join(format!("campaign-{at}.toml"));
        std::fs::write(&file, text).map_err(|source| Fault::File {
            path: file.clone(),
            source,
        })?;
        succeed(central(&data).args(["campaign", "import"]).arg(&file))?;
    }
    for [name, role] in [["chief", "admin"], ["li.na", "reviewer"], ["wang.lab", "lab"]] {
        let mut add = central(&data);
        succeed(
            add.args(["user", "add", name, "--role", role])
                .env("CENTRAL_PASSWORD", PASSWORD),
        )?;
    }
    let mut serving = central(&data)
        .args(["serve", "--listen", "127.0.0.1:0", "--console", "ui/dist"])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|source| Fault::Start {
            program: "central".to_owned(),
            source,
        })?;
    let done = told(&mut serving, "url").and_then(|url| {
        photographed(home, profile, heads, &url)?;
        act(&url)
    });
    let _ = command(&format!("kill -TERM {}", serving.id())).status();
    let _ = serving.wait();
    done
}

/// A station rehearses a day and sends it there.
fn photographed(home: &Path, profile: &str, heads: &str, url: &str) -> Result<(), Fault> {
    let mut asked = central(profile, &home.join("center"))
        .args(["enrol-code", "--school", "10533", "--format", "json"])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|source| Fault::Start {
            program: "central".to_owned(),
            source,
        })?;
    let code = told(&mut asked, "code")?;
    let _ = asked.wait();
    let mut day = command(&target().join(profile).join("station").to_string_lossy());
    day.arg("--data").arg(home.join("rehearsal"));
    day.args(["rehearse", "--heads", heads, "--frames", "tests/portraits/studio"]);
    succeed(day.args(["--center", url, "--enrol-code", &code]))
}

fn central(profile: &str, data: &Path) -> Command {
    let mut central = command(&target().join(profile).join("central").to_string_lossy());
    central
        .current_dir(root())
        .env("CENTRAL_DATA", data)
        .env("CENTRAL_LOG", "warn");
    central
}

/// A word of the first line a program prints, which is JSON.
fn told(child: &mut Child, word: &str) -> Result<String, Fault> {
    let mut line = String::new();
    if let Some(output) = child.stdout.take() {
        let _ = BufReader::new(output).read_line(&mut line);
    }
    let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
    let found = said[word].as_str().map(str::to_owned);
    found.ok_or_else(|| Fault::NeedsPerson(format!("the center did not say its {word}")))
}
