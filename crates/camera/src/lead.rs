//! How long is it from the release to the exposure? A countdown ends by so much earlier, so that its zero is the picture.
use std::collections::VecDeque;
use std::time::Duration;

/// Releases of a camera's own shutter that are remembered.
const MANY: usize = 5;
/// What an own shutter takes before it was ever released: focus held, the mirror goes up (a guess between 0.1 and 0.5 s).
const UNKNOWN: Duration = Duration::from_millis(250);
/// Bounds of what is believed of one.
const OWN: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(1000)];
/// A stream whose rate is not known yet has 30 frames a second.
const USUAL_PERIOD: Duration = Duration::from_millis(33);
/// Bounds of what is believed of a stream.
const STREAM: [Duration; 2] = [Duration::from_millis(5), Duration::from_millis(250)];

/// What earlier releases took.
#[derive(Debug, Default)]
pub struct Lead(VecDeque<Duration>);

impl Lead {
    /// Hears of a release of the camera's own shutter: the time until it said that the picture is on its card.
    pub fn took(&mut self, time: Duration) {
        self.0.push_back(time);
        while self.0.len() > MANY {
            self.0.pop_front();
        }
    }

    /// Of a camera with a shutter of its own: the exposure lies between the release and the camera's word, before it wrote the file.
    /// Half of the median: wrong by at most that much either way.
    pub fn of_own_shutter(&self) -> Duration {
        let mut times: Vec<_> = self.0.iter().copied().collect();
        times.sort();
        let half = times.get(times.len() / 2).map_or(UNKNOWN, |median| *median / 2);
        half.clamp(OWN[0], OWN[1])
    }

    /// Of a camera whose shot is the next frame that begins: half the time between two frames, on the average.
    pub fn of_stream(period: Option<Duration>) -> Duration {
        (period.unwrap_or(USUAL_PERIOD) / 2).clamp(STREAM[0], STREAM[1])
    }
}
