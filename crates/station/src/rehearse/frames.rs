//! The frames of a rehearsal: one picture for each head, its own even when there are more heads than portraits.
use domain::{Rgb, SizePx};
use photo::{Limits, Picture, Scale};
use std::path::{Path, PathBuf};

/// Most heads of one rehearsal.
pub const MAX_HEADS: u32 = 20_000;

/// One head's frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadFrame {
    /// The head, counted from 0.
    pub head: u32,
    /// Stem of the portrait it was made from: the person in it.
    pub person: String,
    /// The JPEG the camera shows.
    pub jpeg: Vec<u8>,
}

/// Why no frames could be made.
#[derive(Debug, thiserror::Error)]
pub enum FramesError {
    /// The folder could not be listed or a file not read.
    #[error("reading {path}: {source}")]
    Read {
        /// Folder or file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// No JPEG in the folder.
    #[error("{0} holds no .jpg files")]
    Empty(PathBuf),
    /// A portrait is no whole JPEG.
    #[error("{path}: {source}")]
    Decode {
        /// Which.
        path: PathBuf,
        /// Why.
        source: photo::DecodeError,
    },
    /// A variant could not be made.
    #[error("varying {path}: {problem}")]
    Vary {
        /// Which portrait.
        path: PathBuf,
        /// Why.
        problem: String,
    },
}

/// The portraits of a folder, in name order, and the seed their reuse is varied by.
pub struct FrameBook {
    portraits: Vec<PathBuf>,
    seed: u64,
}

impl FrameBook {
    /// Lists a folder.
    ///
    /// # Errors
    /// When it cannot be read or holds no JPEG.
    pub fn open(folder: &Path, seed: u64) -> Result<Self, FramesError> {
        let read = |source| FramesError::Read {
            path: folder.to_owned(),
            source,
        };
        let mut portraits = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(read)? {
            let path = entry.map_err(read)?.path();
            let extension = path
                .extension()
                .and_then(|e| e.to_str())
                .unwrap_or_default()
                .to_ascii_lowercase();
            if matches!(extension.as_str(), "jpg" | "jpeg") {
                portraits.push(path);
            }
        }
        portraits.sort();
        if portraits.is_empty() {
            return Err(FramesError::Empty(folder.to_owned()));
        }
        Ok(Self { portraits, seed })
    }

    /// The frame of a head on its `take`: 0 for the first photo, 1 for the first retake, and so on. The first round uses the
    /// portraits as they are; later rounds and retakes are moved by a few pixels and lit a little differently.
    ///
    /// # Errors
    /// When the portrait cannot be read, decoded or encoded.
    pub fn frame(&self, head: u32, take: u32) -> Result<HeadFrame, FramesError> {
        let count = u32::try_from(self.portraits.len()).unwrap_or(u32::MAX);
        let (round, path) = (head / count, &self.portraits[(head % count) as usize]);
        let bytes = std::fs::read(path).map_err(|source| FramesError::Read {
            path: path.clone(),
            source,
        })?;
        let person = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
        let jpeg = if round == 0 && take == 0 {
            bytes
        } else {
            self.varied(path, &bytes, round + take * 1000)?
        };
        Ok(HeadFrame { head, person, jpeg })
    }

    fn varied(&self, path: &Path, bytes: &[u8], round: u32) -> Result<Vec<u8>, FramesError> {
        let decoded = photo::decode(bytes, Scale::Full, &Limits::default()).map_err(|source| FramesError::Decode {
            path: path.to_owned(),
            source,
        })?;
        let mut dice = Dice(self.seed ^ (u64::from(round) << 32) ^ BytesHash::of(path));
        let shift = |dice: &mut Dice| i64::try_from(dice.roll(25)).unwrap_or(0) - 12;
        let (dx, dy) = (shift(&mut dice), shift(&mut dice));
        let gain = 0.96 + 0.08 * (dice.roll(1000) as f32 / 1000.0);
        let vary = |problem: String| FramesError::Vary {
            path: path.to_owned(),
            problem,
        };
        let moved = moved(&decoded.picture, dx, dy, gain).map_err(|e| vary(e.to_string()))?;
        photo::encode_jpeg(&moved, 92, 72).map_err(|e| vary(e.to_string()))
    }
}

/// Moves a picture by whole pixels, repeating its edge, and scales its light.
fn moved(picture: &Picture, dx: i64, dy: i64, gain: f32) -> Result<Picture, photo::PictureError> {
    let SizePx { width, height } = picture.size();
    let lit: Vec<u8> = (0..=255u8).map(|v| (f32::from(v) * gain).min(255.0) as u8).collect();
    let at = |i: u32, d: i64, end: u32| (i64::from(i) + d).clamp(0, i64::from(end) - 1) as u32;
    Picture::from_fn(picture.size(), |x, y| {
        let Rgb { r, g, b } = picture.pixel(at(x, dx, width), at(y, dy, height));
        Rgb {
            r: lit[usize::from(r)],
            g: lit[usize::from(g)],
            b: lit[usize::from(b)],
        }
    })
}

/// SplitMix64: a small generator that gives the same rehearsal for the same seed on every machine.
pub struct Dice(pub u64);

impl Dice {
    /// The next number below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides.max(1)
    }
}

struct BytesHash;

impl BytesHash {
    /// The first eight bytes of the name's SHA-256.
    fn of(path: &Path) -> u64 {
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let digest = photo::sha256(name.as_bytes());
        digest[..8].iter().fold(0, |n, b| n << 8 | u64::from(*b))
    }
}
