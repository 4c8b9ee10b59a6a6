//! Which frames are shown? One portrait that sways a little under fresh noise, with a counter on the chest that a camera cannot read
//! wrongly: neighbouring counts differ in one block only.
use crate::program::{Fault, command, root, succeed};
use std::path::{Path, PathBuf};

/// Frames before the counter begins again: two seconds, far more than a frame may be late.
pub const COUNT: u32 = 64;
/// Blocks of the counter: one always white, one always black, then the bits, highest first.
pub const BLOCKS: u32 = 8;
/// Every frame is filled up to this and its counter, so that its length names it. About what webcams send at 1080p.
pub const KILOBYTES: usize = 300;
/// Left upper corner of the first block and side of a block, in pixels of the frame.
const CORNER: (u32, u32) = (720, 850);
const SIDE: u32 = 60;
/// Passes the check; his chest lies where the counter is drawn.
const PORTRAIT: &str = "tests/portraits/studio/rand-paul.jpg";

/// The frames as files, and in memory.
pub struct Film {
    /// Where they lie.
    pub folder: PathBuf,
    /// Their bytes, in the order of their counters.
    pub frames: Vec<Vec<u8>>,
}

impl Film {
    /// Draws all frames.
    pub fn make(folder: &Path) -> Result<Self, Fault> {
        let at = |path: &Path, source| Fault::File {
            path: path.to_owned(),
            source,
        };
        std::fs::create_dir_all(folder).map_err(|e| at(folder, e))?;
        let mut frames = Vec::new();
        for counter in 0..COUNT {
            let file = folder.join(format!("{counter:03}.jpg"));
            draw(counter, &file)?;
            let plain = std::fs::read(&file).map_err(|e| at(&file, e))?;
            let frame = named(&plain, KILOBYTES * 1024 + counter as usize)?;
            std::fs::write(&file, &frame).map_err(|e| at(&file, e))?;
            frames.push(frame);
        }
        Ok(Self {
            folder: folder.to_owned(),
            frames,
        })
    }

    /// The counter of a frame, by its length.
    pub fn counter(length: u64) -> Option<u32> {
        let counter = length.checked_sub(KILOBYTES as u64 * 1024)?;
        u32::try_from(counter).ok().filter(|c| *c < COUNT)
    }
}

/// Where the middle of a block lies, in pixels of the frame.
pub fn middle(block: u32) -> (f64, f64) {
    let half = f64::from(SIDE) / 2.0;
    (f64::from(CORNER.0 + block * SIDE) + half, f64::from(CORNER.1) + half)
}

/// What a row of blocks says, white ones being true; nothing when the first two do not stand as they must.
pub fn read(blocks: &[bool]) -> Option<u32> {
    let (frame, bits) = blocks.split_at_checked(2)?;
    if frame != [true, false] {
        return None;
    }
    let mut counter = 0;
    let mut last = 0;
    for bit in bits {
        last ^= u32::from(*bit);
        counter = counter << 1 | last;
    }
    Some(counter)
}

fn draw(counter: u32, file: &Path) -> Result<(), Fault> {
    let turn = f64::from(counter) / f64::from(COUNT) * std::f64::consts::TAU;
    let (x, y) = ((turn.sin() * 4.0).round(), ((turn * 2.0).cos() * 3.0).round());
    let gray = counter ^ (counter >> 1);
    let mut convert = command("convert");
    convert
        .arg(root().join(PORTRAIT))
        .args(["-roll", &format!("{x:+}{y:+}")]);
    convert.args([
        "-seed",
        &counter.to_string(),
        "-attenuate",
        "0.12",
        "+noise",
        "Gaussian",
    ]);
    for block in 0..BLOCKS {
        let white = match block {
            0 => true,
            1 => false,
            bit => gray >> (BLOCKS - 1 - bit) & 1 == 1,
        };
        let (left, top) = (CORNER.0 + block * SIDE, CORNER.1);
        let (right, bottom) = (left + SIDE - 1, top + SIDE - 1);
        let area = format!("rectangle {left},{top} {right},{bottom}");
        convert.args(["-fill", if white { "white" } else { "black" }, "-draw", &area]);
    }
    succeed(convert.args(["-quality", "90"]).arg(file))
}

/// Fills a JPEG up to a length with comments behind its first marker.
fn named(jpeg: &[u8], length: usize) -> Result<Vec<u8>, Fault> {
    const LONGEST: usize = 60_000;
    let mut missing = length
        .checked_sub(jpeg.len())
        .filter(|m| *m > 4)
        .ok_or_else(|| Fault::NeedsPerson(format!("a frame has {} bytes, more than {length}", jpeg.len())))?;
    let mut out = jpeg.get(..2).unwrap_or_default().to_vec();
    while missing > 0 {
        // What is left for the last comment must hold its own head.
        let part = if missing > LONGEST {
            LONGEST.min(missing - 4)
        } else {
            missing
        };
        let inside = u16::try_from(part - 2).unwrap_or(u16::MAX);
        out.extend([0xff, 0xfe]);
        out.extend(inside.to_be_bytes());
        out.resize(out.len() + part - 4, b' ');
        missing -= part;
    }
    out.extend(jpeg.get(2..).unwrap_or_default());
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_reads_back_and_neighbours_differ_in_one_block() {
        let blocks = |counter: u32| {
            let gray = counter ^ (counter >> 1);
            let bits = (0..6).map(move |b| gray >> (5 - b) & 1 == 1);
            [true, false].into_iter().chain(bits).collect::<Vec<_>>()
        };
        for counter in 0..COUNT {
            let (here, next) = (blocks(counter), blocks((counter + 1) % COUNT));
            assert_eq!(read(&here), Some(counter));
            assert_eq!(here.iter().zip(&next).filter(|(a, b)| a != b).count(), 1);
        }
        assert_eq!(read(&[false; 8]), None);
    }

    #[test]
    fn a_frame_is_filled_to_its_length() {
        let jpeg = [0xff, 0xd8, 0xff, 0xd9];
        for length in [9, 60_004, 60_007, 120_010, 307_200] {
            let frame = named(&jpeg, length).unwrap_or_default();
            assert_eq!(frame.len(), length);
        }
        assert!(named(&jpeg, 6).is_err());
        assert_eq!(Film::counter(KILOBYTES as u64 * 1024 + 5), Some(5));
        assert_eq!(Film::counter(5), None);
    }
}
