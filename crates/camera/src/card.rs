//! What is different about a camera with a shutter and a card of its own? Its pictures are files: they come when it was released,
//! by us or by its own button, and they lie on its card until somebody has them.
use crate::fault::CameraError;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

/// A file on a camera's card, by the path the camera gives it. Not a path of this computer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CardFile(pub String);

/// Why a picture came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// It was released for a shot that is waited for.
    Asked,
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
    /// When it came: not before the shutter, and by the time it took to arrive later.
    pub appeared: Instant,
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
    /// All pictures on the card, with their lengths in bytes.
    Card(Vec<(CardFile, u64)>),
}

/// What it may be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Release the shutter.
    Release,
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
