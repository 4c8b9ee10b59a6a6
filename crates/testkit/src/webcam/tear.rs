//! In which ways does a bus damage a frame?

/// A kind of damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tear {
    /// The second half never comes: what lies behind it in the driver's buffer is an older frame.
    Cut,
    /// A payload in the middle is lost.
    Hole,
    /// The first half is lost.
    Headless,
    /// The head of one frame, the tail of another: both ends are whole, two people in one picture.
    Joined,
}

impl Tear {
    /// The kinds in turn.
    pub(super) fn nth(number: u64) -> Self {
        [Self::Cut, Self::Hole, Self::Headless, Self::Joined][(number % 4) as usize]
    }

    /// The pieces of the frame that are sent.
    pub(super) fn pieces<'a>(self, frame: &'a [u8], other: &'a [u8]) -> Vec<&'a [u8]> {
        let half = frame.len() / 2;
        match self {
            Self::Cut => vec![&frame[..half]],
            Self::Hole => vec![&frame[..half], &frame[(half + 4096).min(frame.len())..]],
            Self::Headless => vec![&frame[half..]],
            Self::Joined => vec![&frame[..half], &other[other.len() / 2..]],
        }
    }
}
