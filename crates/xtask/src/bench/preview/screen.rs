//! What is on the display? The X server keeps it in a file; the counter is read there without asking anybody.
use super::window::Place;
use super::{film, unix_ms};
use crate::program::Fault;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How often the counter is looked at.
const LOOK: Duration = Duration::from_millis(1);
/// Pixels in a row that are looked at in the middle of a block, so that a line of the guide across it does not count.
const ACROSS: usize = 7;

/// A frame that was seen for the first time.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    pub counter: u32,
    /// Unix milliseconds.
    pub at_ms: f64,
}

/// The counter's blocks on the display.
pub struct Screen {
    memory: File,
    /// Where the first pixel of each block stands in the file.
    blocks: Vec<u64>,
}

impl Screen {
    /// Finds the blocks of a picture at this place of the display. `file` is the server's, in the form of `xwd`.
    pub fn open(file: &Path, place: &Place) -> Result<Self, Fault> {
        let at = |source| Fault::File {
            path: PathBuf::from(file),
            source,
        };
        let memory = File::open(file).map_err(at)?;
        let mut head = [0; 100];
        memory.read_exact_at(&mut head, 0).map_err(at)?;
        let word = |n: usize| {
            let bytes: [u8; 4] = head[n * 4..n * 4 + 4].try_into().unwrap_or_default();
            u64::from(u32::from_be_bytes(bytes))
        };
        // The head's own length, bits of a pixel, bytes of a line, and colours of 12 bytes each between the head and the pixels.
        let (length, bits, line, colours) = (word(0), word(11), word(12), word(19));
        if bits != 32 {
            return Err(Fault::NeedsPerson(format!(
                "the display has {bits} bits a pixel, not 32"
            )));
        }
        let blocks = (0..film::BLOCKS).map(|block| {
            let (x, y) = place.on_display(film::middle(block));
            length + colours * 12 + y * line + (x - ACROSS as u64 / 2) * 4
        });
        Ok(Self {
            memory,
            blocks: blocks.collect(),
        })
    }

    /// Looks for so long and notes each new count. A count holds when two looks agree on it: frames are not painted at once.
    pub fn watch(&mut self, span: Duration) -> Vec<Change> {
        let began = Instant::now();
        let (mut shown, mut coming) = (None, None);
        let mut changes = Vec::new();
        while began.elapsed() < span {
            let (counter, at_ms) = (self.counter(), unix_ms());
            match (counter, coming) {
                (Some(counter), _) if Some(counter) == shown => coming = None,
                (Some(counter), Some(Change { counter: before, at_ms })) if counter == before => {
                    changes.push(Change { counter, at_ms });
                    (shown, coming) = (Some(counter), None);
                }
                (Some(counter), _) => coming = Some(Change { counter, at_ms }),
                (None, _) => coming = None,
            }
            std::thread::sleep(LOOK);
        }
        changes
    }

    fn counter(&self) -> Option<u32> {
        let bright = |at: &u64| {
            let mut pixels = [0; ACROSS * 4];
            self.memory.read_exact_at(&mut pixels, *at).ok()?;
            let bright = pixels.chunks_exact(4).filter(|p| p[1] > 127).count();
            Some(bright > ACROSS / 2)
        };
        film::read(&self.blocks.iter().map(bright).collect::<Option<Vec<_>>>()?)
    }
}
