//! Which of the frames around a release is the best? Eyes open before sharp; nothing is thrown away.
//!
//! A person's finger is late: the frames right before the release are among them, as far as they surely show the same sitter.
use crate::core::{Core, Seat};
use crate::trouble::Trouble;
use camera::Still;
use domain::{Face, PhotoSpec, Rect};
use photo::Limits;
use std::time::{Duration, Instant};

/// Eyes this much narrower than the widest of the burst count as closing.
const OPEN_SHARE: f32 = 0.8;
/// Longest wait for a further frame; a burst that gets none is shorter.
const FURTHER: Duration = Duration::from_millis(400);

/// The frames of one release.
pub(crate) struct Burst {
    /// What is judged.
    pub best: Still,
    /// Kept beside it.
    pub others: Vec<Still>,
}

/// One release of the shutter.
pub(crate) struct Release {
    /// When.
    pub at: Instant,
    /// Frames that are chosen from, at least one.
    pub frames: u8,
    /// Longest wait for the first that begins after it.
    pub patience: Duration,
    /// From when on frames before it may be taken.
    pub calm_since: Option<Instant>,
}

/// What one frame is chosen by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merit {
    /// Nothing that is measured live speaks against it.
    pub ready: bool,
    /// Height of the eye opening over the eye's width, mean of both; zero without a face.
    pub eyes: f32,
    /// Mean squared step of brightness from pixel to pixel within the face.
    pub sharpness: f32,
}

/// The index of the best frame: the sharpest of those that are ready and have their eyes open; the first where all are alike.
pub fn best(merits: &[Merit]) -> usize {
    let widest = merits.iter().map(|m| m.eyes).fold(0.0, f32::max);
    let open = |m: &Merit| m.eyes >= widest * OPEN_SHARE;
    let better = |a: &Merit, b: &Merit| {
        (a.ready, open(a)) > (b.ready, open(b))
            || ((a.ready, open(a)) == (b.ready, open(b)) && a.sharpness > b.sharpness)
    };
    let mut chosen = 0;
    for at in 1..merits.len() {
        if better(&merits[at], &merits[chosen]) {
            chosen = at;
        }
    }
    chosen
}

/// Since when somebody sits still who surely is the sitter: the frames that may be taken from before a release.
#[derive(Debug, Clone, Copy, Default)]
pub struct Calm {
    slot: Option<i64>,
    since: Option<Instant>,
}

impl Calm {
    /// Hears of a look at a frame: whose turn it is, when the frame began, and whether nothing spoke against the shutter.
    pub fn hear(&mut self, slot: Option<i64>, frame: Option<Instant>) {
        let before = self.since.filter(|_| self.slot == slot);
        // Of a turn that begins with this look the frame itself may be older.
        let since = if self.slot == slot { before.or(frame) } else { None };
        *self = Self {
            slot,
            since: frame.and(since),
        };
    }

    /// From when on frames show this slot's sitter, ready; none when the last look said otherwise.
    pub fn since(&self, slot: i64) -> Option<Instant> {
        self.since.filter(|_| self.slot == Some(slot))
    }
}

/// How many of a burst may be from before the release.
fn before_of(count: u8) -> usize {
    usize::from(count) / 2
}

impl Core {
    /// Takes so many frames around the release and chooses one. Each is looked at while the next one is on its way.
    pub(crate) fn burst(&self, seat: &Seat, release: &Release, spec: &PhotoSpec) -> Result<Burst, Trouble> {
        let count = release.frames;
        // Before anything is waited for: they are not kept for long.
        let before = release.calm_since.map_or_else(Vec::new, |since| {
            seat.handle.before(since, release.at, before_of(count))
        });
        let before: Vec<Still> = before.into_iter().map(|still| seat.stood(still)).collect();
        let take = |patience| seat.handle.capture(patience).map(|still| seat.stood(still));
        let mut stills = vec![take(release.patience)?];
        // A camera with a shutter of its own would be released again and again, a second apart.
        if count < 2 || seat.handle.has_own_shutter() {
            let [best] = <[Still; 1]>::try_from(stills).map_err(|_| Trouble::NoCamera)?;
            return Ok(Burst {
                best,
                others: Vec::new(),
            });
        }
        let mut merits = Vec::new();
        loop {
            let newest = &stills[stills.len() - 1];
            merits.push(self.merit(newest, spec));
            if stills.len() + before.len() >= usize::from(count) {
                break;
            }
            match take(FURTHER) {
                Ok(still) => stills.push(still),
                // What is there is enough; the camera's own state is shown elsewhere.
                Err(_) => break,
            }
        }
        // The release itself comes first: of frames that are alike it is the one.
        merits.extend(before.iter().map(|still| self.merit(still, spec)));
        stills.extend(before);
        let best = stills.remove(best(&merits));
        Ok(Burst { best, others: stills })
    }

    fn merit(&self, still: &Still, spec: &PhotoSpec) -> Merit {
        let Ok(seen) = self.assessor.live_jpeg(&still.jpeg, spec, None) else {
            return Merit {
                ready: false,
                eyes: 0.0,
                sharpness: 0.0,
            };
        };
        Merit {
            ready: seen.ready,
            eyes: seen.faces.main().map_or(0.0, opening),
            sharpness: seen.face_box.map_or(0.0, |place| sharpness(&still.jpeg, place)),
        }
    }
}

/// Landmarks of the MediaPipe mesh: upper and lower lid, and the corners, of each eye.
const EYES: [[usize; 4]; 2] = [[159, 145, 33, 133], [386, 374, 362, 263]];

fn opening(face: &Face) -> f32 {
    let of = |[upper, lower, one, other]: [usize; 4]| {
        let width = face.point(one).distance(face.point(other));
        face.point(upper).distance(face.point(lower)) / width.max(1.0)
    };
    EYES.into_iter().map(of).sum::<f32>() / EYES.len() as f32
}

fn sharpness(jpeg: &[u8], place: Rect) -> f32 {
    let (Ok((size, grey)), Ok(header)) = (photo::decode_grey(jpeg, &Limits::default()), photo::inspect(jpeg)) else {
        return 0.0;
    };
    // The brightness comes as stored, the place upright.
    let place = header.orientation.stored_place(place, size);
    let (width, height) = (size.width as usize, size.height as usize);
    let within = |v: f32, most: usize| (v.max(0.0) as usize).min(most);
    let (left, right) = (within(place.x, width), within(place.x + place.width, width));
    let (top, bottom) = (within(place.y, height), within(place.y + place.height, height));
    let (mut sum, mut count) = (0_u64, 0_u64);
    for y in top..bottom {
        let row = &grey[y * width + left..y * width + right.max(left)];
        sum += row
            .windows(2)
            .map(|w| u64::from(w[0].abs_diff(w[1])).pow(2))
            .sum::<u64>();
        count += row.len() as u64;
    }
    sum as f32 / count.max(1) as f32
}
