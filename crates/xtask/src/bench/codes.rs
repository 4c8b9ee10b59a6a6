//! Codes held up on phones: how many are read and how fast, beside zxing-cpp alone and rqrr alone.
use super::Section;
use crate::program::{Fault, cargo, command, succeed, target};

/// Frames of each kind and strength.
const FRAMES: &str = "20";
/// The readers, ours first.
const READERS: [&str; 3] = ["station", "zxing-cpp", "rqrr"];

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
    let of = |reader: &str, kind: &str, strength: &str| {
        let wanted = |l: &&serde_json::Value| l["reader"] == reader && l["kind"] == kind && l["strength"] == strength;
        lines.iter().find(wanted)
    };
    let figure = |reader: &str, kind: &str, strength: &str, key: &str| {
        of(reader, kind, strength).map_or_else(String::new, |l| l[key].to_string())
    };
    let mut rows = Vec::new();
    for line in lines.iter().filter(|l| l["reader"] == "station") {
        let of = |key: &str| line[key].as_str().unwrap_or_default();
        let name = match (of("kind"), of("strength")) {
            ("readable", _) => "**mild and medium**".to_owned(),
            (kind, "all") => kind.to_owned(),
            (kind, strength) => format!("{kind}, {strength}"),
        };
        let percent = |reader| figure(reader, of("kind"), of("strength"), "read_percent");
        rows.push([vec![name], READERS.map(percent).to_vec()].concat());
    }
    if rows.is_empty() {
        return Err(Fault::NeedsPerson(format!(
            "the readers gave no figures: {}",
            String::from_utf8_lossy(&output.stderr)
        )));
    }
    for (frames, kind) in [("mild and medium", "readable"), ("all", "all")] {
        for (name, key) in [("median ms", "p50_ms"), ("p95 ms", "p95_ms"), ("wrong texts", "wrong")] {
            let values = READERS.map(|reader| figure(reader, kind, "all", key)).to_vec();
            rows.push([vec![format!("{name}, {frames}")], values].concat());
        }
    }
    Ok(Section {
        heading: "Codes",
        lead: format!(
            "{FRAMES} frames of each kind and strength, 1920 × 1080, drawn by `testkit::phone` with versions 3 to 15; percent read, decoding of the JPEG included in the times. Mild and medium are the frames in which the code is still there: blur up to a deviation of 0.6 modules, motion up to 1.5 modules, noise up to 40 steps of 255, reflections up to 0.8 and beats down to half of paper white, an exposure from a tenth, 40° askew, modules of at least 2.5 pixels, and a screen up to 2.4 of white, where paper clips and single dark modules of small codes may already be lost. Harsh goes on to where parts of the code are lost: 0.95 modules, 2.2 modules, 75 steps, 1.8 and a quarter of white, a fiftieth, 58°, 1.5 pixels, 3.4 of white. The limits follow from sampling and from what check bytes replace (`crates/testkit/src/phone/lens.rs`), not from what is read."
        ),
        header: vec!["kind", "station", "zxing-cpp alone", "rqrr alone"],
        rows,
        plot: None,
    })
}
