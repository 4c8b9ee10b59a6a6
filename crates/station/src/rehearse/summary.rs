//! What a rehearsal counted and measured, as the JSON of `docs/commands`.
use serde::Serialize;
use std::time::Duration;

/// The summary line. `lost`, `misfiled` and `duplicates` come from comparing files, not from counters.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct Summary {
    pub heads: u32,
    pub orders: u32,
    pub check_failed: u32,
    pub retaken: u32,
    pub submitted: u32,
    pub acknowledged: u32,
    pub rejected: u32,
    pub lost: u32,
    pub misfiled: u32,
    pub duplicates: u32,
    pub p50_ms: Stages,
    pub p95_ms: Stages,
    pub wall_s: f64,
}

/// Milliseconds for each stage of a head.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct Stages {
    pub promote: f64,
    pub shutter_to_picture: f64,
    pub verdict: f64,
    pub save: f64,
    pub machine_per_head: f64,
}

/// The times of one head.
#[derive(Debug, Clone, Copy, Default)]
pub struct HeadTimes {
    /// Code read to seated.
    pub promote: Duration,
    /// Shutter to the picture safe on disk.
    pub shutter_to_picture: Duration,
    /// Picture to verdict.
    pub verdict: Duration,
    /// Accept to saved.
    pub save: Duration,
    /// Everything the photographer waits for the machine.
    pub machine_per_head: Duration,
}

impl Summary {
    /// Whether every photo is where it belongs.
    pub fn is_clean(&self) -> bool {
        self.lost == 0 && self.misfiled == 0 && self.duplicates == 0
    }
}

/// A percentile of each stage, nearest rank; `share` in 0–1.
pub fn percentile(times: &[HeadTimes], share: f64) -> Stages {
    let pick = |stage: fn(&HeadTimes) -> Duration| {
        let mut sorted: Vec<Duration> = times.iter().map(stage).collect();
        sorted.sort_unstable();
        let rank = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len().max(1)) - 1;
        let ms = sorted.get(rank).map_or(0.0, |d| d.as_secs_f64() * 1000.0);
        (ms * 10.0).round() / 10.0
    };
    Stages {
        promote: pick(|t| t.promote),
        shutter_to_picture: pick(|t| t.shutter_to_picture),
        verdict: pick(|t| t.verdict),
        save: pick(|t| t.save),
        machine_per_head: pick(|t| t.machine_per_head),
    }
}
