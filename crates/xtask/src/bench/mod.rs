//! `cargo xtask bench`: times, sizes and memory as medians of several runs, and the page they are kept on.
mod accuracy;
mod capture;
mod center;
mod center_plot;
mod codes;
mod preview;
mod screens;
mod size;
mod start;
mod verdict;

use crate::program::{Fault, command, root};
use std::fmt::Write;
use std::process::ExitCode;

/// Which benchmarks.
#[derive(clap::Args)]
pub struct Options {
    /// One benchmark: `size` (programs and package), `start` (cold start, memory), `capture` (each stage of a head), `codes`
    /// (codes held up on phones), `verdict` (the photo check beside its peers), `preview` (the live view in the real window beside an
    /// `<img>`), `screens` (the windows: search, first paint, live view, review), `center` (orders a second on both engines, and one
    /// station beside `curl`) or, only by its name, `accuracy` (what the photo check catches, and its false alarms).
    #[arg(value_parser = ["size", "start", "capture", "codes", "verdict", "preview", "screens", "center", "accuracy"])]
    name: Option<String>,
    /// Write what was measured to `docs/benchmarks.md`.
    #[arg(long)]
    save: bool,
}

type Bench = fn() -> Result<Section, Fault>;
const ALL: [(&str, Bench); 8] = [
    ("size", size::run),
    ("start", start::run),
    ("capture", capture::run),
    ("codes", codes::run),
    ("verdict", verdict::run),
    ("preview", preview::run),
    ("screens", screens::run),
    ("center", center::run),
];

/// A part of the page: a heading, how it was measured, and a table.
pub struct Section {
    /// Heading; also what is replaced when the page is written again.
    pub heading: &'static str,
    /// How it was measured.
    pub lead: String,
    /// Column names.
    pub header: Vec<&'static str>,
    /// Rows.
    pub rows: Vec<Vec<String>>,
    /// What the lead shows a picture of.
    pub plot: Option<Plot>,
}

/// A picture beside the page.
pub struct Plot {
    /// Its name in `docs`.
    pub file: &'static str,
    /// Its text.
    pub svg: String,
}

impl Section {
    fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let header: Vec<String> = self.header.iter().map(|h| (*h).to_owned()).collect();
        let mut text = format!("## {}\n\n{}\n\n{}", self.heading, self.lead, line(&header));
        text.push_str(&line(&vec!["---".to_owned(); header.len()]));
        self.rows.iter().for_each(|r| text.push_str(&line(r)));
        text
    }
}

/// Runs the benchmarks and prints their tables.
pub fn run(options: &Options) -> Result<ExitCode, Fault> {
    if options.name.as_deref() == Some("accuracy") {
        return accuracy::run();
    }
    for (name, bench) in ALL {
        if options.name.as_deref().is_none_or(|n| n == name) {
            let section = bench()?;
            println!("{}", section.markdown());
            if options.save {
                save(&section)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Replaces the section that was measured and keeps the others.
fn save(section: &Section) -> Result<(), Fault> {
    if let Some(plot) = &section.plot {
        let path = root().join("docs").join(plot.file);
        std::fs::write(&path, &plot.svg).map_err(|source| Fault::File { path, source })?;
    }
    let path = root().join("docs/benchmarks.md");
    let old = std::fs::read_to_string(&path).unwrap_or_default();
    let mut parts: Vec<(String, String)> = old
        .split("\n## ")
        .skip(1)
        .map(|part| {
            (
                part.lines().next().unwrap_or_default().to_owned(),
                format!("## {}\n", part.trim_end()),
            )
        })
        .collect();
    let text = section.markdown();
    match parts.iter_mut().find(|(heading, _)| heading == section.heading) {
        Some(part) => part.1 = text,
        None => parts.push((section.heading.to_owned(), text)),
    }
    let mut page = format!(
        "# Benchmarks\n\nWritten by `cargo xtask bench --save`. Medians; shared machines are noisy, so read ratios before figures.\n\nMachine of the last run: {}.\n",
        machine()
    );
    for (_, text) in parts {
        let _ = write!(page, "\n{text}");
    }
    std::fs::create_dir_all(root().join("docs"))
        .and_then(|()| std::fs::write(&path, page))
        .map_err(|source| Fault::File { path, source })
}

/// Processor, cores, memory and system, in one line.
fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, key: &str| {
        text.lines()
            .find_map(|l| l.strip_prefix(key))
            .map(|v| v.trim_matches([' ', '\t', ':', '"', '=']).to_owned())
    };
    let cpu = field(&read("/proc/cpuinfo"), "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let memory =
        field(&read("/proc/meminfo"), "MemTotal").and_then(|m| m.split_whitespace().next()?.parse::<u64>().ok());
    let system = field(&read("/etc/os-release"), "PRETTY_NAME").unwrap_or_default();
    let rust = command("rustc --version").output().map_or_else(
        |_| String::new(),
        |o| String::from_utf8_lossy(&o.stdout).trim().to_owned(),
    );
    format!(
        "{cpu}, {cores} cores, {} GiB, {system}, {rust}",
        memory.unwrap_or(0) / 1024 / 1024
    )
}

/// The middle of some measurements.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
