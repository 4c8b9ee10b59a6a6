//! What do the programs cost? The processor time of every process they started, by name.
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Processor time is counted in hundredths of a second on every Linux.
const TICKS_A_SECOND: f64 = 100.0;

/// Seconds of processor time by program, at or over some time.
#[derive(Debug, Clone)]
pub struct Cost {
    at: Instant,
    over: Duration,
    seconds: BTreeMap<String, f64>,
}

impl Cost {
    /// What all programs this one started have spent up to now, with what they started in turn, and the threads of this program
    /// that have the name.
    pub fn up_to_now(thread: &str) -> Self {
        let mut seconds = BTreeMap::new();
        for process in descendants() {
            if let Some((name, spent)) = read(&format!("/proc/{process}/stat")) {
                *seconds.entry(name).or_insert(0.0) += spent;
            }
        }
        let own = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
        for task in own {
            let stat = read(&task.path().join("stat").to_string_lossy());
            if let Some((name, spent)) = stat.filter(|(name, _)| name == thread) {
                *seconds.entry(name).or_insert(0.0) += spent;
            }
        }
        Self {
            at: Instant::now(),
            over: Duration::ZERO,
            seconds,
        }
    }

    /// The difference to an earlier look.
    pub fn since(&self, before: &Self) -> Self {
        let spent = |(name, now): (&String, &f64)| {
            let then = before.seconds.get(name).copied().unwrap_or(0.0);
            (name.clone(), now - then)
        };
        Self {
            at: self.at,
            over: self.at.duration_since(before.at),
            seconds: self.seconds.iter().map(spent).collect(),
        }
    }

    /// Percent of one core, all together.
    pub fn percent(&self) -> f64 {
        self.seconds.values().sum::<f64>() / self.over.as_secs_f64() * 100.0
    }

    /// The same by program, those that count.
    pub fn parts(&self) -> String {
        let mut parts: Vec<(f64, &String)> = self
            .seconds
            .iter()
            .map(|(name, s)| (s / self.over.as_secs_f64() * 100.0, name))
            .filter(|(percent, _)| *percent >= 0.5)
            .collect();
        parts.sort_by(|a, b| b.0.total_cmp(&a.0));
        let words: Vec<String> = parts.iter().map(|(p, name)| format!("{name} {p:.0}")).collect();
        words.join(", ")
    }
}

fn descendants() -> Vec<u32> {
    let mut family = vec![std::process::id()];
    let mut at = 0;
    while at < family.len() {
        // A child belongs to the thread that started it.
        let tasks = std::fs::read_dir(format!("/proc/{}/task", family[at]));
        for task in tasks.into_iter().flatten().flatten() {
            let children = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
            family.extend(children.split_whitespace().filter_map(|p| p.parse::<u32>().ok()));
        }
        at += 1;
    }
    family.split_off(1)
}

/// Name and processor time of a line of `/proc`.
fn read(path: &str) -> Option<(String, f64)> {
    let stat = std::fs::read_to_string(path).ok()?;
    let (head, rest) = stat.rsplit_once(')')?;
    let name = head.split_once('(')?.1.to_owned();
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((name, (ticks(11)? + ticks(12)?) / TICKS_A_SECOND))
}
