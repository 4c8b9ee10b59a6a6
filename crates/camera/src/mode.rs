//! Which picture format, size and rate is asked of a camera? We choose; "the highest" of a library was 3840 × 2160 at 2 a second.
use domain::SizePx;

/// How a camera codes its frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coding {
    /// A JPEG a frame: taken as it is.
    Mjpeg,
    /// Packed 4:2:2 pixels: encoded once.
    Yuyv,
    /// A plane of brightness and one of colour, 4:2:0: encoded once.
    Nv12,
}

impl Coding {
    /// All that are understood, the preferred one first.
    pub const ALL: [Self; 3] = [Self::Mjpeg, Self::Yuyv, Self::Nv12];

    /// A stable short name: `mjpeg`, `yuyv`, `nv12`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mjpeg => "mjpeg",
            Self::Yuyv => "yuyv",
            Self::Nv12 => "nv12",
        }
    }
}

/// Something a camera offers. The interval between two frames is a fraction of a second, exactly as the camera gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mode {
    /// Coding.
    pub coding: Coding,
    /// Picture size.
    pub size: SizePx,
    /// Numerator of the interval in seconds.
    pub interval_numerator: u32,
    /// Denominator of the interval in seconds.
    pub interval_denominator: u32,
}

impl Mode {
    /// Frames a second; 0 for a senseless interval.
    pub fn fps(&self) -> f32 {
        if self.interval_numerator == 0 {
            return 0.0;
        }
        self.interval_denominator as f32 / self.interval_numerator as f32
    }

    fn pixels(&self) -> u64 {
        u64::from(self.size.width) * u64::from(self.size.height)
    }
}

/// What is wanted of a camera.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wish {
    /// Most pixels of a frame: a preview of more costs more than it shows.
    pub most_pixels: u64,
    /// Fewest frames a second for people to pose by.
    pub least_fps: f32,
    /// Rate preferred among modes of one size.
    pub best_fps: f32,
    /// Only this coding, where the camera has it; absent to choose.
    pub coding: Option<Coding>,
}

impl Default for Wish {
    /// Up to 5 megapixels (2560 × 1920), at least 15 a second, 30 preferred.
    fn default() -> Self {
        Self {
            most_pixels: 5_000_000,
            least_fps: 15.0,
            best_fps: 30.0,
            coding: None,
        }
    }
}

/// Most modes of one camera that are tried at an opening.
pub const MAX_TRIES: usize = 6;

/// Chooses the mode after some could not be opened: the best of another coding, for a driver that breaks on one size mostly breaks on its
/// JPEG as such; where none is left, the best of the rest. Absent when all have been tried, or [`MAX_TRIES`] of them.
pub fn choose_after(offered: &[Mode], wish: &Wish, failed: &[Mode]) -> Option<Mode> {
    if failed.len() >= MAX_TRIES {
        return None;
    }
    let left: Vec<Mode> = offered.iter().filter(|mode| !failed.contains(mode)).copied().collect();
    let is_sound = |mode: &Mode| failed.iter().all(|f| f.coding != mode.coding);
    let sound: Vec<Mode> = left.iter().filter(|mode| is_sound(mode)).copied().collect();
    choose(&sound, wish).or_else(|| choose(&left, wish))
}

/// Chooses the mode: the wished coding first, fast enough before large, JPEG before pixels, then the largest, then the rate nearest to the wished one.
/// Where nothing is fast enough or small enough, the best of the rest is taken. Absent only when nothing is offered.
pub fn choose(offered: &[Mode], wish: &Wish) -> Option<Mode> {
    let rank = |mode: &Mode| {
        let fps = mode.fps();
        let fast = fps + 0.01 >= wish.least_fps;
        let fits = mode.pixels() <= wish.most_pixels;
        let jpeg = mode.coding == Coding::Mjpeg;
        // Among fitting modes larger is better, among too large ones smaller; rates by their distance, in thousandths.
        let size = if fits {
            mode.pixels() as i64
        } else {
            -(mode.pixels() as i64)
        };
        let rate = -((fps - wish.best_fps).abs() * 1000.0) as i64;
        // Too slow: the rate matters more than the size.
        let (first, second) = if fast { (size, rate) } else { (rate, size) };
        let wished = wish.coding.is_none_or(|coding| coding == mode.coding);
        (wished, fast && fits, fits, fast, jpeg, first, second)
    };
    offered
        .iter()
        .filter(|mode| mode.pixels() > 0 && mode.fps() > 0.0)
        .max_by_key(|mode| rank(mode))
        .copied()
}
