//! What does a verdict cost at each of its speeds, beside what others would run for parts of it?
use super::Section;
use crate::program::{Fault, cargo, command, root, succeed, target};
use crate::system;
use serde_json::Value;

/// What the peers need; OpenCV comes with MediaPipe.
const PEERS: [&str; 2] = ["mediapipe==0.10.14", "onnxruntime==1.20.1"];
/// Files for `photo-check` on a folder.
const FOLDER: &str = "tests/portraits/studio";

/// Measures ours and the peers one after the other on the same pictures.
pub fn run() -> Result<Section, Fault> {
    succeed(&mut cargo(
        "build --release --package assess --example verdict_cost --bin photo-check",
    ))?;
    let ours = lines(&target().join("release/examples/verdict_cost").to_string_lossy(), &[])?;
    let ours = ours.first().cloned().unwrap_or_default();
    let mut rows = Vec::new();
    for (name, key) in [
        ("shutter gate, 1080p, decode included", "gate"),
        ("verdict with finished picture, 1080p, decode included", "verdict"),
        ("decode alone, 1080p", "decode"),
        ("comparing a face, decode included, beside the verdict", "template"),
        ("live hint, looking afresh", "live_fresh"),
        ("live hint, following a face", "live_followed"),
        ("24 MP JPEG, bytes to verdict", "large_gate"),
        ("24 MP JPEG, verdict with finished picture", "large_verdict"),
    ] {
        rows.push(row(name, &ours[key]));
    }
    for (stage, value) in ours["stages"].as_object().into_iter().flatten() {
        rows.push(vec![
            format!("stage of the verdict: {stage}"),
            value.to_string(),
            String::new(),
        ]);
    }
    rows.push(vec![
        "peak memory, MB".to_owned(),
        ours["peak_mb"].to_string(),
        String::new(),
    ]);
    rows.push(vec![
        "`photo-check`, pictures a second".to_owned(),
        folder()?,
        String::new(),
    ]);
    for peer in peers()? {
        let name = format!(
            "{}: {}, decode excluded",
            peer["peer"].as_str().unwrap_or_default(),
            peer["what"].as_str().unwrap_or_default()
        );
        rows.push(row(&name, &peer));
    }
    Ok(Section {
        heading: "Verdict",
        lead: format!(
            "Medians over three passes of the {} studio portraits (1920 × 1080) with two threads, release; ours first, then what \
             others would run for a part of it, in the same run. A peer's figure holds no measures, no crop and no finished picture.",
            ours["pictures"]
        ),
        header: vec!["what", "wall ms", "CPU ms"],
        rows,
        plot: None,
    })
}

fn row(name: &str, cost: &Value) -> Vec<String> {
    vec![name.to_owned(), cost["wall_ms"].to_string(), cost["cpu_ms"].to_string()]
}

/// Starts a program and reads its JSON lines.
fn lines(program: &str, args: &[String]) -> Result<Vec<Value>, Fault> {
    let start = |source| Fault::Start {
        program: program.to_owned(),
        source,
    };
    let output = command(program)
        .args(args)
        .current_dir(root())
        .output()
        .map_err(start)?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines: Vec<Value> = text.lines().filter_map(|l| serde_json::from_str(l).ok()).collect();
    if lines.is_empty() {
        return Err(Fault::NeedsPerson(format!(
            "{program} gave no figures: {}",
            String::from_utf8_lossy(&output.stderr)
        )));
    }
    Ok(lines)
}

/// A folder at full speed: the studio portraits eight times over.
fn folder() -> Result<String, Fault> {
    let mut args = vec!["--format".to_owned(), "json".to_owned()];
    args.extend(std::iter::repeat_n(FOLDER.to_owned(), 8));
    let start = std::time::Instant::now();
    let program = target().join("release/photo-check");
    let count = lines(&program.to_string_lossy(), &args)?.len();
    Ok(format!("{:.1}", count as f64 / start.elapsed().as_secs_f64()))
}

fn peers() -> Result<Vec<Value>, Fault> {
    let tools = target().join("tools/peers");
    let python = tools.join("bin/python");
    if !python.exists() {
        system::install(&[system::PEERS], system::Consent::Given)?;
        succeed(command("python3").args(["-m", "venv"]).arg(&tools))?;
        succeed(
            command(&tools.join("bin/pip").to_string_lossy())
                .args(["install", "--quiet"])
                .args(PEERS),
        )?;
    }
    let mut args = vec![
        root()
            .join("crates/xtask/src/bench/verdict_peers.py")
            .display()
            .to_string(),
        root().join("assets/models").display().to_string(),
    ];
    let entries = std::fs::read_dir(root().join(FOLDER)).map_err(|source| Fault::File {
        path: FOLDER.into(),
        source,
    })?;
    let mut files: Vec<String> = entries.flatten().map(|e| e.path().display().to_string()).collect();
    files.sort();
    args.extend(files);
    lines(&python.to_string_lossy(), &args)
}
