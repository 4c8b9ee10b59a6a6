//! Today: throughput per quarter of an hour, defects, coverage, and where faces were in the picture.
use super::day_began;
use crate::core::Core;
use crate::trouble::Trouble;
use domain::{Measure, Verdict};
use ipc::{CoverageView, DefectView, FindingView, PositionsView, QuarterView, ShotView, TodayView};
use std::collections::BTreeMap;
use store::shots::{Fate, Shot};
use store::{days, people, shots};

const QUARTER_MS: i64 = 15 * 60_000;
const HOUR_MS: i64 = 4 * QUARTER_MS;
/// What a photographer aims at (design "The product").
const TARGET_PER_HOUR: u32 = 300;
/// The picture is divided into this many cells; square ones in a 16:9 picture.
const COLUMNS: u32 = 48;
const ROWS: u32 = 27;
/// Most shots behind one reason.
const MAX_SHOTS: usize = 500;

impl Core {
    /// The Today screen of the campaign in use.
    pub fn today(&self) -> Result<TodayView, Trouble> {
        let (campaign, _) = self.campaign()?;
        let now = self.now();
        let from = day_began(now);
        let (shots, counts, classes) = self.store.read(|c| {
            Ok((
                shots::since(c, campaign.id, from)?,
                days::counts(c, campaign.id, from)?,
                people::coverage(c, campaign.id)?,
            ))
        })?;
        let accepted = || shots.iter().filter(|s| s.fate == Fate::Accepted);
        let classes = if campaign.job.is_blind() { Vec::new() } else { classes };
        let finished_height = self.campaign()?.1.size.value.height;
        Ok(TodayView {
            from_ms: from.0,
            now_ms: now.0,
            heads: counts.slots_kept,
            shots: count(shots.len()),
            first_try: counts.first_try,
            last_hour: count(accepted().filter(|s| now.since(s.captured_at) < HOUR_MS).count()),
            target_per_hour: TARGET_PER_HOUR,
            quarters: quarters(&shots, now.0),
            defects: defects(&shots),
            classes: classes.into_iter().map(coverage).collect(),
            positions: positions(accepted(), finished_height),
        })
    }

    /// Shots of today in which a reason was found, newest first.
    pub fn defect_shots(&self, reason: &str) -> Result<Vec<ShotView>, Trouble> {
        let (campaign, _) = self.campaign()?;
        let from = day_began(self.now());
        let shots = self.store.read(|c| shots::since(c, campaign.id, from))?;
        let found = shots.iter().rev().filter(|s| reasons(s).any(|r| r == reason));
        Ok(found.take(MAX_SHOTS).map(|s| self.shot_view(s)).collect())
    }
}

pub(super) fn coverage(c: people::Coverage) -> CoverageView {
    CoverageView {
        class: c.class,
        people: c.people,
        collected: c.collected,
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// From the quarter of the first shot to the one now.
fn quarters(shots: &[Shot], now_ms: i64) -> Vec<QuarterView> {
    let Some(first) = shots.first() else {
        return Vec::new();
    };
    let quarter = |ms: i64| ms.div_euclid(QUARTER_MS);
    let begin = quarter(first.captured_at.0);
    let mut all: Vec<QuarterView> = (begin..=quarter(now_ms).max(begin))
        .map(|q| QuarterView {
            from_ms: q * QUARTER_MS,
            accepted: 0,
            others: 0,
        })
        .collect();
    for shot in shots {
        let at = usize::try_from(quarter(shot.captured_at.0) - begin).unwrap_or(usize::MAX);
        if let Some(q) = all.get_mut(at) {
            match shot.fate {
                Fate::Accepted => q.accepted += 1,
                Fate::Retaken | Fate::Discarded | Fate::Orphan | Fate::Unconfirmed => q.others += 1,
            }
        }
    }
    all
}

fn findings(shot: &Shot) -> Vec<FindingView> {
    let json = shot.findings_json.as_deref().unwrap_or("[]");
    serde_json::from_str(json).unwrap_or_default()
}

/// Reasons found in a shot that failed or should be looked at, each once.
fn reasons(shot: &Shot) -> impl Iterator<Item = String> {
    let bad = |f: &FindingView| f.verdict == Verdict::Fail.id() || f.verdict == Verdict::Warn.id();
    let mut found: Vec<String> = findings(shot)
        .into_iter()
        .filter(bad)
        .filter_map(|f| f.reason)
        .collect();
    found.sort();
    found.dedup();
    found.into_iter()
}

fn defects(shots: &[Shot]) -> Vec<DefectView> {
    let mut counted: BTreeMap<String, u32> = BTreeMap::new();
    for reason in shots.iter().flat_map(reasons) {
        *counted.entry(reason).or_default() += 1;
    }
    let mut all: Vec<DefectView> = counted
        .into_iter()
        .map(|(reason, shots)| DefectView { reason, shots })
        .collect();
    all.sort_by_key(|d| std::cmp::Reverse(d.shots));
    all
}

/// The point between the eyes, from the crop and the eyes' height in the finished picture.
fn eyes(shot: &Shot, finished_height: u32) -> Option<(f32, f32)> {
    let crop = shot.crop?;
    let all = findings(shot);
    let value = |m: Measure| all.iter().find(|f| f.measure == m.id()).and_then(|f| f.value);
    let height = finished_height as f32;
    let from_top = value(Measure::EyesToTop).or_else(|| value(Measure::EyesToBottom).map(|v| height - v))?;
    let x = crop.x as f32 + crop.width as f32 / 2.0;
    let y = crop.y as f32 + from_top / height * crop.height as f32;
    Some((
        x / shot.original.width.max(1) as f32,
        y / shot.original.height.max(1) as f32,
    ))
}

fn positions<'a>(accepted: impl Iterator<Item = &'a Shot>, finished_height: u32) -> PositionsView {
    let mut cells = vec![0; (COLUMNS * ROWS) as usize];
    let (mut faces, mut size) = (0, domain::SizePx { width: 0, height: 0 });
    for shot in accepted {
        size = shot.original;
        let Some((x, y)) = eyes(shot, finished_height) else {
            continue;
        };
        let cell = |share: f32, of: u32| ((share * of as f32).max(0.0) as u32).min(of - 1);
        cells[(cell(y, ROWS) * COLUMNS + cell(x, COLUMNS)) as usize] += 1;
        faces += 1;
    }
    PositionsView {
        columns: COLUMNS,
        rows: ROWS,
        cells,
        faces,
        width_px: size.width,
        height_px: size.height,
    }
}
