//! Cold start to a usable window, and memory at rest.
use super::{Section, median};
use crate::program::{Fault, command, root, target};
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 5;
const IDLE: Duration = Duration::from_secs(8);

/// Starts the release program five times under Xvfb, each with a fresh data folder.
pub fn run() -> Result<Section, Fault> {
    let (mut first, mut memory) = (Vec::new(), Vec::new());
    for n in 0..RUNS {
        let data = target().join(format!("bench-start-{n}"));
        let _ = std::fs::remove_dir_all(&data);
        let began = Instant::now();
        let program = target().join("release/xueying");
        let mut child = command("xvfb-run -a --server-num 91")
            .arg("--server-args=-screen 0 1366x768x24")
            .arg(program)
            .args(["--demo", "--report-start", "--data"])
            .arg(&data)
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| Fault::Start {
                program: "xvfb-run".to_owned(),
                source,
            })?;
        if let Some(output) = child.stdout.take()
            && BufReader::new(output)
                .lines()
                .map_while(Result::ok)
                .any(|l| l.contains("first_frame"))
        {
            first.push(began.elapsed().as_secs_f64() * 1000.0);
            std::thread::sleep(IDLE);
            memory.push(tree_pss_mb(&child));
        }
        stop(child);
        let _ = std::fs::remove_dir_all(&data);
    }
    Ok(Section {
        heading: "Start",
        lead: format!(
            "`xueying --demo` (release) under Xvfb with a fresh data folder, embedded center included; median of {} of {RUNS} runs. Memory is the proportional set size of the program with its WebKit processes, {} s later, the live view running.",
            first.len(),
            IDLE.as_secs()
        ),
        header: vec!["measure", "median"],
        rows: vec![
            vec![
                "cold start to the first live frame in the window".to_owned(),
                format!("{:.0} ms", median(first)),
            ],
            vec!["memory, all processes".to_owned(), format!("{:.0} MB", median(memory))],
        ],
        plot: None,
    })
}

/// Proportional memory of a process and all its descendants.
fn tree_pss_mb(child: &Child) -> f64 {
    let mut family = vec![child.id()];
    let mut at = 0;
    while at < family.len() {
        let children = format!("/proc/{0}/task/{0}/children", family[at]);
        let found = std::fs::read_to_string(children).unwrap_or_default();
        family.extend(found.split_whitespace().filter_map(|p| p.parse::<u32>().ok()));
        at += 1;
    }
    let pss = |pid: &u32| {
        let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        let line = rollup.lines().find_map(|l| l.strip_prefix("Pss:").map(str::to_owned));
        line.and_then(|l| l.split_whitespace().next()?.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    // The display server is the bench's, not the product's.
    let ours = |pid: &&u32| {
        let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        !matches!(name.trim(), "Xvfb" | "xvfb-run")
    };
    family.iter().filter(ours).map(pss).sum::<f64>() / 1024.0
}

fn stop(mut child: Child) {
    let _ = command(&format!("pkill -TERM -P {}", child.id()))
        .current_dir(root())
        .status();
    let _ = child.kill();
    let _ = child.wait();
}
