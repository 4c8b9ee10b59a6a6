//! How is the bank's result shown, and what are its floors?
use crate::Checked;
use crate::people::Half;
use domain::{Measure, Verdict};
use std::collections::BTreeMap;
use std::fmt::Write;
use testkit::bank::Drawing;

/// Least share of a defect's pictures that the right measure must catch, in percent.
fn floor(defect: &str) -> f32 {
    match defect {
        "hat" | "glare" | "watermark" | "hand" | "moiré" => 85.0,
        _ => 95.0,
    }
}

/// Least share of clean pictures with closed lips that pass or warn, in percent.
const CLEAN_FLOOR: f32 = 97.0;
/// Largest share of clean smiling pictures that one measure other than mouth and expression may fail, in percent.
const FALSE_ALARMS: f32 = 3.0;

/// Prints the table and counts the floors that were missed.
pub(crate) fn print(checked: &[Checked], half: Half, drawings: &[&Drawing]) -> usize {
    let mut below = 0;
    println!("defect               renderer    caught  (tuned)  measures that fail beside the right ones");
    let mut defects: Vec<&str> = drawings.iter().filter(|d| !d.is_harmless()).map(|d| d.defect).collect();
    defects.dedup();
    for defect in defects {
        for renderer in drawings.iter().filter(|d| d.defect == defect).map(|d| d.renderer) {
            line(checked, half, defect, Some(renderer));
        }
        let share = line(checked, half, defect, None);
        if share < floor(defect) {
            below += 1;
            println!("    ↑ below its floor of {} %", floor(defect));
        }
    }
    below + clean(checked, half)
}

fn line(checked: &[Checked], half: Half, defect: &str, renderer: Option<&str>) -> f32 {
    let of = |half: Half| -> Vec<&Checked> {
        let same = |c: &&Checked| c.drawing.defect == defect && renderer.is_none_or(|r| c.drawing.renderer == r);
        checked.iter().filter(|c| c.half == half).filter(same).collect()
    };
    let caught = |of: &[&Checked]| {
        let hits = of
            .iter()
            .filter(|c| c.drawing.caught_by.iter().any(|m| c.says(*m)))
            .count();
        100.0 * hits as f32 / of.len().max(1) as f32
    };
    let (held, tuned) = (of(half), of(Half::Tuned));
    let mut others: BTreeMap<Measure, usize> = BTreeMap::new();
    for c in &held {
        let wrong = |m: &Measure| !c.drawing.caught_by.contains(m) && !matches!(m, Measure::MouthClosed);
        for f in c
            .assessment
            .findings
            .iter()
            .filter(|f| f.verdict >= Verdict::NotMeasured && wrong(&f.measure))
        {
            *others.entry(f.measure).or_default() += 1;
        }
    }
    let mut others: Vec<(Measure, usize)> = others.into_iter().collect();
    others.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let said = others.iter().take(4).fold(String::new(), |mut s, (m, n)| {
        let _ = write!(s, "{} {}/{}  ", m.id(), n, held.len());
        s
    });
    let name = if renderer.is_some() { "" } else { defect };
    println!(
        "{name:20} {:10} {:6.1}  ({:5.1})  {said}",
        renderer.unwrap_or("all"),
        caught(&held),
        caught(&tuned)
    );
    caught(&held)
}

fn clean(checked: &[Checked], half: Half) -> usize {
    let mut below = 0;
    let harmless = |c: &&Checked| c.drawing.is_harmless() && c.half == half;
    let of: Vec<&Checked> = checked.iter().filter(harmless).collect();
    if of.is_empty() {
        return 0;
    }
    let closed: Vec<&&Checked> = of.iter().filter(|c| c.closed_lips).collect();
    let good = closed.iter().filter(|c| c.assessment.verdict != Verdict::Fail).count();
    let share = 100.0 * good as f32 / closed.len().max(1) as f32;
    println!(
        "\nclean, closed lips: {good} of {} pass or warn ({share:.1} %)",
        closed.len()
    );
    for c in closed.iter().filter(|c| c.assessment.verdict == Verdict::Fail) {
        let why: Vec<String> = c
            .assessment
            .findings
            .iter()
            .filter(|f| f.verdict >= Verdict::NotMeasured)
            .map(|f| format!("{} {:.3}", f.measure.id(), f.value.unwrap_or(f32::NAN)))
            .collect();
        println!("    {} {}: {}", c.person, c.drawing.renderer, why.join(", "));
    }
    below += usize::from(share < CLEAN_FLOOR);
    println!("clean, all: measure             fails   warns");
    for measure in Measure::ALL {
        let count = |v: fn(Verdict) -> bool| of.iter().filter(|c| c.verdict(*measure).is_some_and(v)).count();
        let (fails, warns) = (count(|v| v >= Verdict::NotMeasured), count(|v| v == Verdict::Warn));
        if fails + warns > 0 {
            let percent = |n: usize| 100.0 * n as f32 / of.len() as f32;
            let who: Vec<String> = of
                .iter()
                .filter(|c| c.fails(*measure))
                .take(6)
                .map(|c| format!("{}/{}", c.person, c.drawing.renderer))
                .collect();
            let mouth = matches!(measure, Measure::MouthClosed | Measure::ExpressionNeutrality);
            let over = percent(fails) > FALSE_ALARMS && !mouth;
            below += usize::from(over);
            println!(
                "    {:28} {:5.1}   {:5.1} {} {}",
                measure.id(),
                percent(fails),
                percent(warns),
                if over { "↑" } else { " " },
                if mouth { String::new() } else { who.join(" ") }
            );
        }
    }
    below
}

/// Every value, for setting thresholds: one line a picture.
pub(crate) fn dump(checked: &[Checked]) -> String {
    let mut text = String::new();
    for c in checked {
        let _ = write!(
            text,
            "{}\t{}\t{}\t{:?}\t{}",
            c.drawing.defect, c.drawing.renderer, c.person, c.half, c.closed_lips
        );
        for f in &c.assessment.findings {
            let _ = write!(text, "\t{}={}", f.measure.id(), f.value.unwrap_or(f32::NAN));
        }
        for (name, values) in &c.signs {
            let _ = write!(text, "\t#{name}={values:?}");
        }
        text.push('\n');
    }
    text
}
