//! What comes out of a camera?
use crate::card::CardFile;
use domain::SizePx;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

/// A frame as a source delivers it, before the gate.
#[derive(Clone)]
pub struct RawFrame {
    /// The bytes the camera sent, no more than it sent.
    pub jpeg: Arc<[u8]>,
    /// A moment not later than the beginning of the frame's exposure, as well as the source knows it.
    pub began: Instant,
}

/// A frame that passed the gate's header walk: good enough to look at, not yet proven whole.
#[derive(Clone)]
pub struct Frame {
    /// The camera's bytes, untouched.
    pub jpeg: Arc<[u8]>,
    /// Stored size, before any EXIF orientation.
    pub size: SizePx,
    /// Counts the frames accepted since the handle was started, from 1; it goes on over re-opening.
    pub sequence: u64,
    /// When the frame began.
    pub at: Instant,
}

/// A shot: a frame that began after it was asked for and was decoded strictly to its end.
#[derive(Clone)]
pub struct Still {
    /// The camera's bytes, untouched.
    pub jpeg: Arc<[u8]>,
    /// Stored size, before any EXIF orientation.
    pub size: SizePx,
    /// The frame's sequence number.
    pub sequence: u64,
    /// When the frame began.
    pub taken: Instant,
    /// Where it lies on the camera's card, when it does.
    pub card: Option<CardFile>,
}

/// A face must not end up in a log, so `Debug` shows counts only.
macro_rules! debug_without_bytes {
    ($($name:ident { $($field:ident),* })*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).field("bytes", &self.jpeg.len())$(.field(stringify!($field), &self.$field))*.finish()
            }
        }
    )*};
}
debug_without_bytes! {
    RawFrame { began }
    Frame { size, sequence, at }
    Still { size, sequence, taken }
}
