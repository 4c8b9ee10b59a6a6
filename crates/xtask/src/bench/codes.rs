//! Codes held up on phones: how many are read and how fast, beside zxing-cpp alone and rqrr alone.
use super::Section;
use crate::program::{Fault, cargo, command, succeed, target};

/// Frames of each kind.
const FRAMES: &str = "20";

/// Draws the frames and reads each with all three.
pub fn run() -> Result<Section, Fault> {
    succeed(&mut cargo("build --release --package camera --example codes_bench"))?;
    let program = target().join("release/examples/codes_bench");
    let output = command(&program.to_string_lossy())
        .arg(FRAMES)
        .output()
        .map_err(|source| Fault::Start {
            program: "codes_bench".to_owned(),
            source,
        })?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines: Vec<serde_json::Value> = text.lines().filter_map(|l| serde_json::from_str(l).ok()).collect();
    let of = |reader: &str, kind: &str| lines.iter().find(|l| l["reader"] == reader && l["kind"] == kind);
    let mut rows = Vec::new();
    for line in lines.iter().filter(|l| l["reader"] == "station") {
        let kind = line["kind"].as_str().unwrap_or_default();
        let percent = |reader: &str| of(reader, kind).map_or_else(String::new, |l| l["read_percent"].to_string());
        rows.push(vec![
            kind.to_owned(),
            percent("station"),
            percent("zxing-cpp"),
            percent("rqrr"),
        ]);
    }
    for (name, key) in [("median ms", "p50_ms"), ("p95 ms", "p95_ms"), ("wrong texts", "wrong")] {
        let figure = |reader: &str| of(reader, "all").map_or_else(String::new, |l| l[key].to_string());
        rows.push(vec![
            name.to_owned(),
            figure("station"),
            figure("zxing-cpp"),
            figure("rqrr"),
        ]);
    }
    if rows.len() <= 3 {
        return Err(Fault::NeedsPerson(format!(
            "the readers gave no figures: {}",
            String::from_utf8_lossy(&output.stderr)
        )));
    }
    Ok(Section {
        heading: "Codes",
        lead: format!(
            "{FRAMES} frames of each kind, 1920 × 1080, drawn by `testkit::phone` with versions 3 to 15 and spoilt up to where no decoder reads them; percent read, decoding of the JPEG included in the times."
        ),
        header: vec!["kind", "station", "zxing-cpp alone", "rqrr alone"],
        rows,
    })
}
