//! How often does each measure catch its defect, and how often does it cry wolf?
//!
//! `cargo xtask bench accuracy`. Draws the calibration bank of `testkit` from the studio portraits, checks every picture by the
//! same path as the station, and checks the labelled raw portraits too. People are split in two: thresholds were set on one
//! half, the table is of the other. Exit 1 when a figure is below its floor.
#![allow(clippy::print_stdout)]
mod people;
mod table;
mod truth;

use assess::{Assessment, Assessor, Specs};
use domain::{Measure, PhotoSpec, SpecId, Verdict};
use people::{Half, Person};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use testkit::bank::{DRAWINGS, Drawing};

pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The seed of the bank.
const SEED: u64 = 3_390_417;

/// One checked picture.
pub(crate) struct Checked {
    pub(crate) drawing: &'static Drawing,
    pub(crate) person: String,
    pub(crate) half: Half,
    pub(crate) closed_lips: bool,
    pub(crate) assessment: Assessment,
    pub(crate) signs: Vec<(&'static str, Vec<f32>)>,
}

impl Checked {
    pub(crate) fn verdict(&self, measure: Measure) -> Option<Verdict> {
        self.assessment
            .findings
            .iter()
            .find(|f| f.measure == measure)
            .map(|f| f.verdict)
    }

    /// Whether a measure warns or fails, or could not be taken.
    pub(crate) fn says(&self, measure: Measure) -> bool {
        self.verdict(measure).is_some_and(|v| v != Verdict::Pass)
    }

    pub(crate) fn fails(&self, measure: Measure) -> bool {
        self.verdict(measure).is_some_and(|v| v >= Verdict::NotMeasured)
    }
}

fn main() -> Result<ExitCode, Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| words.iter().position(|w| w == name).and_then(|i| words.get(i + 1));
    let specs = Specs::builtin()?;
    let spec = specs
        .get(&SpecId("chsi-graduate-2017".to_owned()))
        .ok_or("no such standard")?;
    let every: usize = option("--every").map_or(Ok(1), |n| n.parse())?;
    let people: Vec<Person> = people::load()?.into_iter().step_by(every.max(1)).collect();
    let only = option("--only");
    let drawings: Vec<&Drawing> = DRAWINGS
        .iter()
        .filter(|d| only.is_none_or(|o| o.split(',').any(|o| o == d.defect)))
        .collect();
    let checked = check_all(
        &people,
        &drawings,
        spec,
        option("--pictures").map(String::as_str),
        option("--dump").is_some(),
    )?;
    if let Some(path) = option("--dump") {
        std::fs::write(path, table::dump(&checked) + &truth::dump(spec)?)?;
    }
    let mut below = table::print(&checked, Half::Held, &drawings);
    if only.is_none() {
        below += truth::print(spec)?;
    }
    println!("\n{} floors missed", below);
    Ok(if below == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// Draws and checks everything, two pictures at a time.
fn check_all(
    people: &[Person],
    drawings: &[&'static Drawing],
    spec: &PhotoSpec,
    pictures: Option<&str>,
    signs: bool,
) -> Result<Vec<Checked>, Failure> {
    let jobs: Vec<(usize, &'static Drawing)> = drawings
        .iter()
        .flat_map(|d| (0..people.len()).map(move |p| (p, *d)))
        .collect();
    let (next, workers) = (
        AtomicUsize::new(0),
        std::thread::available_parallelism().map_or(1, usize::from).min(4),
    );
    let (send, receive) = channel();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let (send, jobs, next) = (send.clone(), &jobs, &next);
            scope.spawn(move || -> Result<(), Failure> {
                let assessor = Assessor::new()?;
                while let Some((p, drawing)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (person, other) = (&people[*p], &people[(p + 7) % people.len()]);
                    let drawn = drawing.draw(&person.sitter, &other.sitter, SEED);
                    let jpeg = photo::encode_jpeg(&drawn.picture, drawn.quality, 300)?;
                    if let Some(folder) = pictures {
                        let name = format!(
                            "{folder}/{}-{}-{}.jpg",
                            drawing.defect, drawing.renderer, person.sitter.name
                        );
                        std::fs::write(name.replace(' ', "_"), &jpeg)?;
                    }
                    send.send(Checked {
                        drawing,
                        person: person.sitter.name.clone(),
                        half: person.half,
                        closed_lips: person.closed_lips,
                        assessment: assessor.assess(&jpeg, spec),
                        signs: if signs { assessor.signs(&jpeg, spec) } else { Vec::new() },
                    })?;
                }
                Ok(())
            });
        }
        drop(send);
    });
    let mut checked: Vec<Checked> = receive.into_iter().collect();
    checked.sort_by(|a, b| {
        (a.drawing.defect, a.drawing.renderer, &a.person).cmp(&(b.drawing.defect, b.drawing.renderer, &b.person))
    });
    Ok(checked)
}
