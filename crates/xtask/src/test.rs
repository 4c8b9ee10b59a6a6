//! `cargo xtask test`: installs what the tests need, runs every group, counts, and closes with `N passed, N failed`.
use crate::program::{Fault, cargo, command, name, npm, root, succeed, target};
use crate::{bindings, fuzz, lab, screens, system, vusb};
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};

/// Which tests.
#[derive(clap::Args)]
pub struct Options {
    /// One group of the whole: `ui` (types and tests of the screens), `pictures` (the desk looks as it did), `rust` (every crate),
    /// `bindings` (generated types are fresh), `screens` (the station's windows in a browser: the kiosk by touch, the desk by keyboard),
    /// `console` (the center's console in a browser, by mouse and by keyboard alone), `e2e` (the real window), `camera` (webcams on a real kernel in a virtual machine) or
    /// `tether` (a camera on a cable, emulated below libgphoto2, which is fetched and built for it once).
    ///
    /// Not part of the whole: `soak` (eight hours
    /// with a bad cable at ten times the pace), `camera-soak` (ten minutes of a webcam with bad luck on a real kernel), `kill` (200 kills during a rehearsal), `pay` (100,000 random payment histories, through the rules alone
    /// and through a real center; somebody else's client against ours), `api` (thousands of made-up requests, whose answers must have the
    /// shape of `/openapi.json`), `fuzz` (100,000 spoilt pictures and standards, and a million more guided by coverage), `chaos` (stations behind a bad network, a center
    /// and a database server that are killed; a twentieth of the whole proof, `LOAD_SCALE=1` for all) and `ha` (a cluster of database
    /// servers whose leader loses its power five times).
    #[arg(long, value_name = "NAME", value_parser = ["ui", "pictures", "rust", "bindings", "screens", "console", "e2e", "camera", "tether", "soak", "camera-soak", "kill", "pay", "api", "fuzz", "chaos", "ha"])]
    only: Option<String>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    passed: u32,
    failed: u32,
}

type Group = fn() -> Result<Count, Fault>;
const WHOLE: [(&str, Group); 9] = [
    ("ui", ui),
    ("pictures", looks),
    ("bindings", types),
    ("rust", rust),
    ("screens", windows),
    ("console", console),
    ("e2e", e2e),
    ("camera", camera),
    ("tether", tether),
];

/// Runs the groups in order; all of them, even when one fails.
pub fn run(options: &Options) -> Result<ExitCode, Fault> {
    system::install(&[system::BUILD, system::TESTS], system::Consent::Given)?;
    let mut total = Count::default();
    let groups: Vec<(&str, Group)> = match options.only.as_deref() {
        Some("soak") => vec![("soak", soak)],
        Some("camera-soak") => vec![("camera-soak", camera_soak)],
        Some("kill") => vec![("kill", kill)],
        Some("pay") => vec![("pay", pay), ("oracle", oracle)],
        Some("api") => vec![("api", api)],
        Some("fuzz") => vec![("fuzz", spoilt), ("coverage", coverage)],
        Some("chaos") => vec![("chaos", chaos)],
        Some("ha") => vec![("ha", ha)],
        only => WHOLE
            .into_iter()
            .filter(|(n, _)| only.is_none_or(|o| o == *n))
            .collect(),
    };
    for (group, tests) in groups {
        println!("\n== {group} ==");
        let count = tests().unwrap_or_else(|fault| {
            eprintln!("{group}: {fault}");
            Count { passed: 0, failed: 1 }
        });
        println!("{group}: {} passed, {} failed", count.passed, count.failed);
        total.passed += count.passed;
        total.failed += count.failed;
    }
    println!("\n{} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 && total.passed > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn ui() -> Result<Count, Fault> {
    screens::packages()?;
    let types = counted(&mut npm("run check"))?;
    let tests = counted(&mut npm("test"))?;
    screens::build()?;
    Ok(Count {
        passed: tests.passed,
        failed: tests.failed + types.failed,
    })
}

/// Every screen of the desk and of the sitter's display beside its kept picture; the kiosk's and the console's are compared on their journeys.
fn looks() -> Result<Count, Fault> {
    screens::build()?;
    counted(&mut command("node ui/tests/pictures.mjs"))
}

fn types() -> Result<Count, Fault> {
    let fresh = bindings::run(&bindings::Options::checking())? == ExitCode::SUCCESS;
    Ok(Count {
        passed: u32::from(fresh),
        failed: u32::from(!fresh),
    })
}

fn rust() -> Result<Count, Fault> {
    screens::build()?;
    counted(&mut cargo("test --workspace --no-fail-fast"))
}

/// The built windows of a station in chromium, against one that serves them.
fn windows() -> Result<Count, Fault> {
    screens::build()?;
    counted(&mut cargo("test --workspace --test screens -- --nocapture"))
}

/// The built console in chromium, against a center that serves it.
fn console() -> Result<Count, Fault> {
    screens::build()?;
    counted(&mut cargo("test --workspace --test console -- --nocapture"))
}

/// The real window under Xvfb, driven through WebDriver.
fn e2e() -> Result<Count, Fault> {
    screens::build()?;
    let tools = system::tauri_driver()?;
    // `--workspace` everywhere: with another set of crates cargo picks other features and builds half of everything again.
    const FEATURES: &str = "--workspace --features custom-protocol,e2e --test e2e";
    succeed(&mut cargo(&format!("build {FEATURES} --bin xueying --bin central")))?;
    counted(cargo(&format!("test {FEATURES} -- --test-threads 1")).env("XUEYING_E2E_TOOLS", &tools))
}

/// Webcams of ours on Debian's kernel in a virtual machine.
fn camera() -> Result<Count, Fault> {
    let outcome = lab::run()?;
    Ok(Count {
        passed: outcome.passed,
        failed: outcome.failed,
    })
}

/// The emulated camera of libgphoto2 through the station's own helper.
fn tether() -> Result<Count, Fault> {
    let camera = vusb::ready()?;
    // Words and framing of the helper first; the program itself is built with them.
    let alone = counted(&mut cargo("test --workspace --bin xueying-tether"))?;
    succeed(&mut cargo("build --workspace --bin xueying-tether"))?;
    let whole = counted(
        cargo("test --workspace --test journeys tether -- --ignored --nocapture --test-threads 1")
            .env("LD_LIBRARY_PATH", &camera.libraries)
            .env("XUEYING_VUSB", &camera.home),
    )?;
    Ok(Count {
        passed: alone.passed + whole.passed,
        failed: alone.failed + whole.failed,
    })
}

/// Lost and doubled orders are looked for on both engines, under loss, cuts and kills, and from many senders at once.
fn chaos() -> Result<Count, Fault> {
    counted(&mut cargo(&format!("{LOAD} --skip bench:: --skip ha::")))
}

/// The real client, the real center and its servers; in release, for their times count.
const LOAD: &str = "test --workspace --release --features central/load --test load -- --nocapture --test-threads 1";

/// Three database servers under Patroni and etcd behind HAProxy.
fn ha() -> Result<Count, Fault> {
    system::install(&[system::CLUSTER], system::Consent::Given)?;
    counted(&mut cargo(&format!("{LOAD} ha::")))
}

/// A webcam on a real kernel, unplugged, silent, torn and opened anew at random for ten minutes; `SOAK_S` for another number of seconds.
fn camera_soak() -> Result<Count, Fault> {
    let seconds = std::env::var("SOAK_S").ok().and_then(|s| s.parse().ok()).unwrap_or(600);
    let outcome = lab::soak(seconds)?;
    Ok(Count {
        passed: outcome.passed,
        failed: outcome.failed,
    })
}

/// Eight hours with a camera that is unplugged, stalls, tears and sleeps, at ten times the pace; `SOAK_S` for another number of seconds.
fn soak() -> Result<Count, Fault> {
    counted(&mut cargo(
        "test --package station --test journeys soak -- --ignored --nocapture",
    ))
}

/// 200 kills of a rehearsing station.
fn kill() -> Result<Count, Fault> {
    succeed(&mut cargo("build --package station --bins"))?;
    counted(&mut cargo(
        "test --package station --features kill --test kill -- --nocapture",
    ))
}

/// Random payment histories, as many as the issue of the center asks for: by the rules alone, then through a center with its rows on
/// disk (a twentieth on PostgreSQL).
fn pay() -> Result<Count, Fault> {
    counted(
        cargo("test --workspace --test it histories -- --nocapture --test-threads 1").env("PAY_HISTORIES", "100000"),
    )
}

/// Somebody else's client of the same provider. A workspace of its own, for its cryptography stays out of ours.
fn oracle() -> Result<Count, Fault> {
    let folder = root().join("crates/pay/oracle");
    counted(
        cargo("test --locked")
            .current_dir(folder)
            .env("CARGO_TARGET_DIR", target().join("oracle")),
    )
}

/// A fuzzer of routes against a real center.
fn api() -> Result<Count, Fault> {
    counted(&mut cargo("test --workspace --test api -- --nocapture"))
}

/// Spoilt pictures, profiles and standards, as many as the issue of the photo check asks for.
fn spoilt() -> Result<Count, Fault> {
    counted(cargo("test --workspace --test fuzz -- --nocapture").env("FUZZ_INPUTS", "100000"))
}

/// A million more, found by what they reach.
fn coverage() -> Result<Count, Fault> {
    Ok(Count {
        passed: fuzz::run()?,
        failed: 0,
    })
}

/// Runs a test command, lets its output through and counts what it reports.
fn counted(command: &mut Command) -> Result<Count, Fault> {
    let program = name(command);
    eprintln!("$ {program}");
    let start = |source| Fault::Start {
        program: program.clone(),
        source,
    };
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(start)?;
    let mut count = Count::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            println!("{line}");
            let found = read(&line);
            count.passed += found.passed;
            count.failed += found.failed;
        }
    }
    let status = child.wait().map_err(start)?;
    if !status.success() && count.failed == 0 {
        count.failed = 1;
    }
    Ok(count)
}

/// Reads the closing line of cargo's and vitest's test runners; any other line counts nothing.
fn read(line: &str) -> Count {
    let plain: String = strip_colours(line);
    let words: Vec<&str> = plain.split_whitespace().collect();
    let is_closing = plain.starts_with("test result:") || plain.trim_start().starts_with("Tests  ");
    if !is_closing {
        return Count::default();
    }
    let before = |word: &str| {
        words
            .windows(2)
            .find(|w| w[1].trim_end_matches([';', '|']) == word)
            .and_then(|w| w[0].parse().ok())
            .unwrap_or(0)
    };
    Count {
        passed: before("passed"),
        failed: before("failed"),
    }
}

/// Drops terminal colour sequences.
fn strip_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut inside = false;
    for c in line.chars() {
        match (inside, c) {
            (false, '\u{1b}') => inside = true,
            (false, c) => plain.push(c),
            (true, 'm') => inside = false,
            (true, _) => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_read() {
        let count = |line| {
            let c = read(line);
            (c.passed, c.failed)
        };
        assert_eq!(
            count("test result: ok. 22 passed; 0 failed; 0 ignored; 0 measured"),
            (22, 0)
        );
        assert_eq!(count("test result: FAILED. 21 passed; 1 failed; 0 ignored"), (21, 1));
        assert_eq!(
            count(
                "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m34 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (34)\u{1b}[39m"
            ),
            (34, 0)
        );
        assert_eq!(count("      Tests  1 failed | 33 passed (34)"), (33, 1));
        assert_eq!(count("a line about 3 passed and 4 failed"), (0, 0));
    }
}
