//! Time for each stage of a capture, from a rehearsal through the real parts.
use super::Section;
use crate::program::{Fault, cargo, command, succeed, target};

/// Rehearses 300 heads with the release programs and an embedded center.
pub fn run() -> Result<Section, Fault> {
    succeed(&mut cargo("build --release --package station --bins"))?;
    let data = target().join("bench-rehearsal");
    let _ = std::fs::remove_dir_all(&data);
    let program = target().join("release/station");
    let output = command(&program.to_string_lossy())
        .arg("--data")
        .arg(&data)
        .args([
            "rehearse",
            "--heads",
            "300",
            "--frames",
            "tests/portraits/studio",
            "--seed",
            "1",
        ])
        .output()
        .map_err(|source| Fault::Start {
            program: "station".to_owned(),
            source,
        })?;
    let _ = std::fs::remove_dir_all(&data);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().rev().find(|l| l.starts_with('{')).unwrap_or_default();
    let summary: serde_json::Value = serde_json::from_str(line).map_err(|_| {
        Fault::NeedsPerson(format!(
            "the rehearsal gave no summary: {}",
            String::from_utf8_lossy(&output.stderr)
        ))
    })?;
    let figure = |group: &str, stage: &str| {
        summary[group][stage]
            .as_f64()
            .map_or_else(String::new, |v| format!("{v:.1}"))
    };
    let rows = ["promote", "shutter_to_picture", "verdict", "save", "machine_per_head"]
        .map(|stage| vec![stage.to_owned(), figure("p50_ms", stage), figure("p95_ms", stage)]);
    Ok(Section {
        heading: "Capture",
        lead: format!(
            "`station rehearse --heads 300 --frames tests/portraits/studio --seed 1` (release, embedded center, sync running beside it). Lost {}, misfiled {}, duplicates {}, wall {:.0} s.",
            summary["lost"],
            summary["misfiled"],
            summary["duplicates"],
            summary["wall_s"].as_f64().unwrap_or(f64::NAN)
        ),
        header: vec!["stage", "p50 ms", "p95 ms"],
        rows: rows.to_vec(),
        plot: None,
    })
}
