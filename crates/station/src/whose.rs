//! Whose is a picture that comes some time after its shutter, and can that be told for certain? Pure: told the time.
//!
//! A file is seen when its first byte is, which is late by its way from the camera; how late is not known, and of a burst each file
//! is later than the one before. But a camera writes into each file when it was taken, by a clock of its own: set against the moments
//! at which files were seen, that clock bounds the moment of the shutter from both sides. A picture is somebody's only when all the time
//! in which its shutter can have fallen lies within one turn of theirs; else it is nobody's, and a person says whose.
use camera::hotfolder::Seen;
use photo::Stamp;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Longest way of a file that comes alone: 24 megapixels over a slow cable.
const ALONE_MS: i64 = 1500;
/// Longest way of one that others were before: by its seeing alone it may still be of whoever sat so long ago.
const QUEUED_MS: i64 = 10_000;
/// The quickest of so many files was not held up by others: it took at most [`ALONE_MS`].
const MANY: usize = 3;
/// The quickest of fewer took at most so long.
const FEW_MS: i64 = 5000;
/// A file that is later than the quickest by more came out of a backlog, or somebody set the camera's clock.
const MAX_LAG_MS: i64 = 20_000;
/// Files come in the order they are taken but for so much.
const DISORDER_MS: i64 = 2000;
/// Longest time between two pictures that are taken in one go.
const BURST_MS: i64 = 5000;
/// The clock was set back when so many files in a row, over so long, say so within so little of each other.
const SET_BACK: usize = 4;
const SET_BACK_OVER_MS: i64 = 20_000;
const SET_BACK_WITHIN_MS: i64 = 3000;
/// How long a quick file says what the clock shows: a camera's drifts by a second or two in a day.
const HOLDS_MS: i64 = 2 * 3_600_000;
/// Turns and files that are remembered, and cameras whose clock is.
const MAX_TURNS: usize = 32;
const MAX_FILES: usize = 32;
const MAX_CLOCKS: usize = 4;

/// Who sat when, and what the clocks of the cameras show. In memory only.
#[derive(Debug)]
pub struct Turns {
    /// What milliseconds are counted from.
    base: Instant,
    turns: VecDeque<Turn>,
    clocks: Vec<CameraClock>,
}

#[derive(Debug, Clone, Copy)]
struct Turn {
    slot: i64,
    since: i64,
    until: Option<i64>,
}

/// The time in which a shutter can have fallen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    from: i64,
    to: i64,
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            base: Instant::now(),
            turns: VecDeque::new(),
            clocks: Vec::new(),
        }
    }
}

impl Turns {
    /// Hears who sits now.
    pub fn seated(&mut self, slot: Option<i64>, now: Instant) {
        let now = self.ms(now);
        if let Some(last) = self.turns.back_mut().filter(|t| t.until.is_none()) {
            if Some(last.slot) == slot {
                return;
            }
            last.until = Some(now);
        }
        if let Some(slot) = slot {
            self.turns.push_back(Turn {
                slot,
                since: now,
                until: None,
            });
            while self.turns.len() > MAX_TURNS {
                self.turns.pop_front();
            }
        }
    }

    /// Another campaign begins: nobody who sat before is given anything any more. The cameras' clocks stay what they are.
    pub fn begin_anew(&mut self) {
        self.turns.clear();
    }

    /// Since when who sits now has been sitting.
    pub fn seated_since(&self) -> Option<Instant> {
        let turn = self.turns.back().filter(|t| t.until.is_none())?;
        self.base
            .checked_add(Duration::from_millis(u64::try_from(turn.since).ok()?))
    }

    /// The slot a picture belongs to; none when that cannot be told.
    pub fn owner(&mut self, seen: Seen, stamp: Option<&Stamp>) -> Option<i64> {
        let (by, told) = match seen {
            Seen::Told(at) => (self.ms(at), true),
            Seen::Found(at) => (self.ms(at), false),
            Seen::Before => return None,
        };
        let known = stamp.map(|stamp| self.clock(&stamp.camera).hear(stamp, by));
        let (span, is_of_burst) = match known {
            // The camera's clock contradicts itself.
            Some(None) => return None,
            Some(Some(heard)) => (heard.span, heard.is_of_burst),
            None if told => (self.by_sight(by), false),
            // A share that is only looked at now and then shows a file any time after it came.
            None => return None,
        };
        let within = |t: &&Turn| t.since <= span.from && t.until.is_none_or(|until| span.to <= until);
        let turn = self.turns.iter().find(within)?;
        // Somebody who has gone is given what follows their own pictures; anything else may be the work of a clock set back.
        (turn.until.is_none() || is_of_burst).then_some(turn.slot)
    }

    /// When nothing but the seeing is known: with somebody else in the chair a moment ago it may have stood in a queue behind theirs.
    fn by_sight(&self, by: i64) -> Span {
        let now = self.turns.iter().rposition(|t| t.since <= by);
        let before = now.and_then(|at| self.turns.get(at.checked_sub(1)?));
        let long = before.is_some_and(|t| t.until.is_none_or(|until| until >= by - QUEUED_MS));
        Span {
            from: by - if long { QUEUED_MS } else { ALONE_MS },
            to: by,
        }
    }

    fn clock(&mut self, camera: &str) -> &mut CameraClock {
        let at = match self.clocks.iter().position(|c| c.camera == camera) {
            Some(at) => at,
            None => {
                if self.clocks.len() >= MAX_CLOCKS {
                    self.clocks.remove(0);
                }
                self.clocks.push(CameraClock::new(camera));
                self.clocks.len() - 1
            }
        };
        &mut self.clocks[at]
    }

    /// Milliseconds since the base; before it they are negative.
    fn ms(&self, at: Instant) -> i64 {
        let whole = |d: Duration| i64::try_from(d.as_millis()).unwrap_or(i64::MAX / 4);
        match at.checked_duration_since(self.base) {
            Some(after) => whole(after),
            None => -whole(self.base.duration_since(at)),
        }
    }
}

/// One camera's clock, known by the files that were seen.
#[derive(Debug)]
struct CameraClock {
    camera: String,
    /// Of files when each was seen, and how much later that was than its own time: the clock's offset and its way. Only those that no
    /// later one was quicker than, so the first is the quickest: an hour of full bursts must not drive it out.
    quick: VecDeque<(i64, i64)>,
    /// The first ones, to know when they are many.
    first: VecDeque<(i64, i64)>,
    /// Those in a row that are too late to be true.
    strange: VecDeque<(i64, i64)>,
    /// The latest time the camera wrote.
    latest: i64,
}

struct Heard {
    span: Span,
    /// It was taken right after, or among, the ones before it.
    is_of_burst: bool,
}

impl CameraClock {
    fn new(camera: &str) -> Self {
        Self {
            camera: camera.to_owned(),
            quick: VecDeque::new(),
            first: VecDeque::new(),
            strange: VecDeque::new(),
            latest: i64::MIN,
        }
    }

    /// Takes a file into account; when its shutter can have fallen, or nothing when its time cannot be believed.
    fn hear(&mut self, stamp: &Stamp, by: i64) -> Option<Heard> {
        let late = by.saturating_sub(stamp.at_ms);
        while self.quick.front().is_some_and(|q| by - q.0 > HOLDS_MS) {
            self.quick.pop_front();
        }
        if self.quick.is_empty() {
            self.first.clear();
        }
        let before = self.quick.front().map(|q| q.1);
        if before.is_some_and(|q| late > q + MAX_LAG_MS) {
            self.doubt(by, late);
            return None;
        }
        self.strange.clear();
        // No way is shorter than none: the clock was set forward, and what it showed before says nothing more.
        if before.is_some_and(|q| late < q - ALONE_MS - stamp.within_ms) {
            self.begin_anew();
        }
        self.note(by, late);
        let quickest = self.quick.front().map_or(late, |q| q.1);
        let after = stamp.at_ms.saturating_sub(self.latest);
        let is_of_burst = (-DISORDER_MS..=BURST_MS + stamp.within_ms).contains(&after);
        self.latest = self.latest.max(stamp.at_ms);
        let way = if self.first.len() >= MANY { ALONE_MS } else { FEW_MS };
        let at = stamp.at_ms.saturating_add(quickest);
        Some(Heard {
            span: Span {
                from: at.saturating_sub(stamp.within_ms + way),
                to: by.min(at.saturating_add(stamp.within_ms)),
            },
            is_of_burst,
        })
    }

    fn note(&mut self, by: i64, late: i64) {
        // One that is offered again is still one file.
        if self.first.len() < MANY && !self.first.contains(&(by, late)) {
            self.first.push_back((by, late));
        }
        while self.quick.back().is_some_and(|q| q.1 >= late) {
            self.quick.pop_back();
        }
        if self.quick.len() < MAX_FILES {
            self.quick.push_back((by, late));
        }
    }

    fn begin_anew(&mut self) {
        self.quick.clear();
        self.first.clear();
        self.latest = i64::MIN;
    }

    /// A file that is far too late. A backlog drains faster than it was taken; after a clock was set back all are late by the same.
    fn doubt(&mut self, by: i64, late: i64) {
        if !self.strange.contains(&(by, late)) {
            self.strange.push_back((by, late));
        }
        while self.strange.len() > MAX_FILES {
            self.strange.pop_front();
        }
        let lates = self.strange.iter().map(|f| f.1);
        let (least, most) = lates.fold((i64::MAX, i64::MIN), |(l, m), v| (l.min(v), m.max(v)));
        let began = self.strange.front().map_or(by, |f| f.0);
        if self.strange.len() >= SET_BACK && by - began >= SET_BACK_OVER_MS && most - least <= SET_BACK_WITHIN_MS {
            self.begin_anew();
            for (by, late) in std::mem::take(&mut self.strange) {
                self.note(by, late);
            }
        }
    }
}
