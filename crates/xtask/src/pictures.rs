//! `cargo xtask screens`: the pictures in `docs/screens`, from a station at work in the demo, of the graduates' site, and of
//! the center's console; or a new look accepted.
use crate::program::{Fault, cargo, command, root, succeed, target};
use crate::{accept, console_pictures, screens, system};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};

/// The portraits the pictures show.
const PORTRAITS: [&str; 6] = [
    "antonio-delgado",
    "cory-booker",
    "cynthia-lummis",
    "john-boozman",
    "rand-paul",
    "richard-shelby",
];

/// Which pictures.
#[derive(clap::Args)]
pub struct Options {
    /// Those of the `station`, of the graduates' `kiosk` or their `site`, or of the center's `console`
    #[arg(long, value_name = "NAME", value_parser = ["station", "kiosk", "site", "console"])]
    only: Option<String>,
    /// Takes no pictures: what the last test drew of this screen (`desk-orders`, in both languages), of a part (`desk`, `kiosk`,
    /// `console`) or of `all` becomes what it is compared with
    #[arg(long, value_name = "SCREEN", conflicts_with = "only")]
    accept: Vec<String>,
}

/// Builds, and lets the browser take the pictures.
pub fn run(options: &Options) -> Result<ExitCode, Fault> {
    if !options.accept.is_empty() {
        return accept::run(&options.accept);
    }
    system::install(&[system::BUILD, system::TESTS], system::Consent::Given)?;
    screens::build()?;
    let home = target().join("screens");
    let _ = std::fs::remove_dir_all(&home);
    let frames = frames(&home)?;
    let wanted = |name| options.only.as_deref().is_none_or(|only| only == name);
    if wanted("station") {
        station(&home, &frames)?;
    }
    if wanted("kiosk") {
        kiosk()?;
    }
    if wanted("site") {
        site()?;
    }
    if wanted("console") {
        console_pictures::run(&home, &root().join("docs/screens"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Starts a station, lets the browser take the pictures, and stops it.
fn station(home: &Path, frames: &Path) -> Result<(), Fault> {
    succeed(&mut cargo("build --workspace --bin station"))?;
    let mut station = command(&target().join("debug/station").to_string_lossy());
    station.arg("--data").arg(home.join("station"));
    station
        .args(["serve", "--demo", "--ui", "ui/dist", "--frames"])
        .arg(frames);
    serving(&mut station, |address| {
        let mut pictures = command("node ui/tests/states.mjs");
        succeed(pictures.arg(address).arg(root().join("docs/screens")))
    })
}

/// The kiosk's pages as the journey through it passes them.
fn kiosk() -> Result<(), Fault> {
    let mut journey = cargo("test --workspace --test screens -- --nocapture kiosk");
    succeed(journey.env("XUEYING_PICTURES", root().join("docs/screens")))
}

/// The graduates' site as the journey through it passes it.
fn site() -> Result<(), Fault> {
    let mut journey = cargo("test --workspace --test console -- --nocapture site");
    succeed(journey.env("XUEYING_PICTURES", root().join("docs/screens")))
}

/// Starts a station that serves, does something with its address, and stops it.
pub fn serving<T>(station: &mut Command, act: impl FnOnce(&str) -> Result<T, Fault>) -> Result<T, Fault> {
    let mut station = station
        .current_dir(root())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|source| Fault::Start {
            program: "station".to_owned(),
            source,
        })?;
    let done = address(&mut station).and_then(|address| act(&address));
    let _ = command(&format!("kill -TERM {}", station.id())).status();
    let _ = station.wait();
    done
}

/// The portraits and a backdrop without anybody.
fn frames(home: &Path) -> Result<PathBuf, Fault> {
    let folder = home.join("frames");
    let at = |path: &Path, source| Fault::File {
        path: path.to_owned(),
        source,
    };
    std::fs::create_dir_all(&folder).map_err(|e| at(&folder, e))?;
    for name in PORTRAITS {
        let from = root().join(format!("tests/portraits/studio/{name}.jpg"));
        std::fs::copy(&from, folder.join(format!("{name}.jpg"))).map_err(|e| at(&from, e))?;
    }
    let backdrop = "convert -size 1920x1080 radial-gradient:#6cc8ff-#55b4f0 -quality 92";
    succeed(command(backdrop).arg(folder.join("nobody.jpg")))?;
    Ok(folder)
}

/// Where the station says it serves, its token included.
fn address(station: &mut Child) -> Result<String, Fault> {
    let mut line = String::new();
    if let Some(output) = station.stdout.take() {
        let _ = BufReader::new(output).read_line(&mut line);
    }
    let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
    let url = said["url"].as_str().map(str::to_owned);
    url.ok_or_else(|| Fault::NeedsPerson("the station did not start".to_owned()))
}
