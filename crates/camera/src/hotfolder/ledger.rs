//! What is known of each file? When it was first seen, since when it is quiet, and whether it was taken. Pure: told the time.
use super::look::{File, Shape};
use super::{Limits, Seen};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// First wait after a file was found not whole; each further one doubles it.
const RETRY_FIRST: Duration = Duration::from_millis(250);
/// How far an event may come behind the look that found its file and still be the file's first.
const BEHIND: Duration = Duration::from_millis(250);
/// Longest wait.
const RETRY_MOST: Duration = Duration::from_secs(4);
/// Most files that are named as stuck.
const MAX_NAMES: usize = 5;

/// A file at one moment: a hash of its name in the folder, its size and its time. It tells nothing of either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mark(pub u64);

impl Mark {
    pub(super) fn of(folder: &Path, file: &File) -> Self {
        let name = file.path.strip_prefix(folder).unwrap_or(&file.path);
        let since = file.shape.changed.duration_since(SystemTime::UNIX_EPOCH);
        // Kept over restarts and updates, so of a hash that never changes.
        let mut text = name.to_string_lossy().into_owned().into_bytes();
        text.extend(file.shape.bytes.to_le_bytes());
        text.extend(since.unwrap_or_default().as_nanos().to_le_bytes());
        let hash = photo::sha256(&text);
        Self(u64::from_le_bytes([
            hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7],
        ]))
    }
}

#[derive(Debug)]
struct Entry {
    shape: Shape,
    /// Since when it waits.
    appeared: Instant,
    seen: Seen,
    /// Since when the shape is the same.
    quiet_since: Instant,
    /// The writer said it is done with this shape.
    closed: bool,
    /// Not to be read again before.
    not_before: Option<(Instant, Duration)>,
    is_taken: bool,
}

impl Entry {
    fn due_at(&self, limits: &Limits) -> Instant {
        let quiet = if self.closed { limits.quiet_closed } else { limits.quiet };
        let due = self.quiet_since + quiet;
        self.not_before.map_or(due, |(at, _)| due.max(at))
    }
}

/// The files of a folder.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: HashMap<PathBuf, Entry>,
    passed: HashSet<Mark>,
    /// What was taken in this run.
    known: HashSet<[u8; 32]>,
}

impl Ledger {
    pub(super) fn new(passed: HashSet<Mark>) -> Self {
        Self {
            passed,
            ..Self::default()
        }
    }

    /// The folder was looked through: these are all its files. `seen` is how a new one was noticed.
    pub(super) fn seen(&mut self, folder: &Path, files: &[File], seen: Seen, now: Instant) {
        for file in files {
            self.hinted(folder, file, false, seen, now);
        }
        if self.entries.len() > files.len() {
            let there: HashSet<&Path> = files.iter().map(|f| f.path.as_path()).collect();
            self.entries.retain(|path, _| there.contains(path.as_path()));
        }
    }

    /// One file was seen; `closed` when its writer is done.
    pub(super) fn hinted(&mut self, folder: &Path, file: &File, closed: bool, seen: Seen, now: Instant) {
        if let Some(entry) = self.entries.get_mut(&file.path) {
            let is_new = entry.is_taken && entry.shape != file.shape;
            if entry.shape != file.shape {
                // Written again: as new.
                let (appeared, seen) = if is_new {
                    (now, seen)
                } else {
                    (entry.appeared, entry.seen)
                };
                *entry = Entry::new(file.shape, appeared, seen, now);
            }
            if !entry.is_taken {
                entry.seen = earlier(entry.seen, seen);
            }
            if closed && !entry.is_taken {
                (entry.closed, entry.not_before) = (true, None);
                entry.quiet_since = now;
            }
            return;
        }
        let mut entry = Entry::new(file.shape, now, seen, now);
        entry.closed = closed;
        entry.is_taken = self.passed.contains(&Mark::of(folder, file));
        self.entries.insert(file.path.clone(), entry);
    }

    /// What may be read now, in the order it was written.
    pub(super) fn due(&self, limits: &Limits, now: Instant) -> Vec<PathBuf> {
        let due = |entry: &Entry| !entry.is_taken && entry.due_at(limits) <= now;
        let mut paths: Vec<_> = self
            .entries
            .iter()
            .filter(|(_, e)| due(e))
            .map(|(p, e)| (e.shape, p.clone()))
            .collect();
        paths.sort();
        paths.into_iter().map(|(_, path)| path).collect()
    }

    /// How long until something may be read; absent when nothing waits.
    pub(super) fn next_due(&self, limits: &Limits) -> Option<Duration> {
        let waiting = self.entries.values().filter(|e| !e.is_taken);
        let next = waiting.map(|e| e.due_at(limits)).min()?;
        Some(
            next.saturating_duration_since(Instant::now())
                .max(Duration::from_millis(1)),
        )
    }

    pub(super) fn first_seen(&self, path: &Path) -> Option<Seen> {
        self.entries.get(path).map(|e| e.seen)
    }

    /// It was read and is not whole, or could not be kept: later.
    pub(super) fn not_whole(&mut self, path: &Path, now: Instant) {
        if let Some(entry) = self.entries.get_mut(path) {
            let wait = entry
                .not_before
                .map_or(RETRY_FIRST, |(_, last)| (last * 2).min(RETRY_MOST));
            entry.not_before = Some((now + wait, wait));
        }
    }

    /// It is kept as it was when it was read.
    pub(super) fn taken(&mut self, path: &Path, read: &Shape, sha256: [u8; 32]) {
        self.known.insert(sha256);
        if let Some(entry) = self.entries.get_mut(path).filter(|e| e.shape == *read) {
            entry.is_taken = true;
        }
    }

    pub(super) fn holds(&self, sha256: &[u8; 32]) -> bool {
        self.known.contains(sha256)
    }

    /// Files that wait, and of them those that have waited too long.
    pub(super) fn waiting(&self, limits: &Limits, now: Instant) -> (u32, u32) {
        let mut counts = (0, 0);
        for entry in self.entries.values().filter(|e| !e.is_taken) {
            counts.0 += 1;
            counts.1 += u32::from(now.duration_since(entry.appeared) >= limits.stuck);
        }
        counts
    }

    /// Names of the longest waiting files, without the way to them.
    pub(super) fn stuck_names(&self, limits: &Limits, now: Instant) -> Vec<String> {
        let is_stuck = |e: &Entry| !e.is_taken && now.duration_since(e.appeared) >= limits.stuck;
        let mut stuck: Vec<_> = self.entries.iter().filter(|(_, e)| is_stuck(e)).collect();
        stuck.sort_by_key(|(_, e)| e.appeared);
        let name = |path: &Path| path.file_name().map(|n| n.to_string_lossy().into_owned());
        stuck
            .into_iter()
            .filter_map(|(path, _)| name(path))
            .take(MAX_NAMES)
            .collect()
    }
}

/// What is known of a file's first moment when it is noticed once more. The look through the folder may have been quicker than the
/// event of the same moment, which then tells it better.
fn earlier(known: Seen, again: Seen) -> Seen {
    match (known, again) {
        (Seen::Told(one), Seen::Told(other)) => Seen::Told(one.min(other)),
        (Seen::Found(found), Seen::Told(told)) if told <= found + BEHIND => Seen::Told(told),
        (known, _) => known,
    }
}

impl Entry {
    fn new(shape: Shape, appeared: Instant, seen: Seen, quiet_since: Instant) -> Self {
        Self {
            shape,
            appeared,
            seen,
            quiet_since,
            closed: false,
            not_before: None,
            is_taken: false,
        }
    }
}
