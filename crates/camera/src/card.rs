//! What is different about a camera with a shutter and a card of its own? Its pictures are files: they come when it was released,
//! by us or by its own button, and they lie on its card until somebody has them.
use crate::fault::CameraError;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A file on a camera's card.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CardFile {
    /// The serial number of the camera; empty where it tells none. Two of one model have the same names on their cards.
    pub body: String,
    /// The path the camera gives it. Not a path of this computer.
    pub path: String,
}

impl fmt::Debug for CardFile {
    // A serial number is somebody's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CardFile").field(&self.path).finish()
    }
}

/// Why a picture came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// It was released for the shot of this number; whether anybody still waits for it is another question.
    Asked(u64),
    /// Somebody pressed the camera's own button.
    Button,
    /// It lay on the card and was asked for.
    Fetched,
}

/// A whole file of the card.
#[derive(Clone)]
pub struct CardPicture {
    /// Why it came.
    pub cause: Cause,
    /// Where it lies on the card.
    pub file: CardFile,
    /// The file's bytes, untouched; not yet proven whole.
    pub jpeg: Arc<[u8]>,
    /// When the camera told of it: not before the shutter. Fetching it took its time besides.
    pub appeared: Instant,
    /// From the release to the camera's word that the picture is on its card, for one that was asked for.
    pub took: Option<Duration>,
}

impl fmt::Debug for CardPicture {
    // A face must not end up in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardPicture")
            .field("cause", &self.cause)
            .field("file", &self.file)
            .field("bytes", &self.jpeg.len())
            .finish_non_exhaustive()
    }
}

/// What such a camera hands over.
#[derive(Debug, Clone)]
pub enum Delivery {
    /// A picture.
    Picture(CardPicture),
    /// A picture that was asked for does not come; the camera's own words.
    None {
        /// What it was asked for by.
        cause: Cause,
        /// Why.
        why: String,
    },
    /// All pictures on the card.
    Card {
        /// The serial number of the camera, as in [`CardFile`].
        body: String,
        /// With their lengths in bytes.
        files: Vec<(CardFile, u64)>,
    },
}

/// What it may be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Release the shutter for the shot of this number.
    Release(u64),
    /// Hand over a file.
    Fetch(CardFile),
    /// List the card.
    List,
}

/// The further abilities of an open camera with a shutter of its own. Used by the owner thread only.
pub trait OwnShutter {
    /// Passes a wish on to the camera; what comes of it is delivered later.
    ///
    /// # Errors
    /// When the camera is lost.
    fn ask(&mut self, wish: &Wish) -> Result<(), CameraError>;
    /// What came since the last look, in order.
    fn delivered(&mut self) -> Option<Delivery>;
}
