//! What does a torn frame look like? As a loose cable and a careless buffer make it.
use std::sync::Arc;

/// The ways a frame is torn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tear {
    /// The second half is missing.
    Half,
    /// The second half is that of another frame: the chimera, two people in one photo.
    Chimera,
}

/// Tears a frame. A chimera without another frame is a half.
pub(super) fn tear(whole: &[u8], other: Option<&[u8]>, way: Tear) -> Arc<[u8]> {
    let cut = whole.len() / 2;
    let mut bytes = whole[..cut].to_vec();
    if let (Tear::Chimera, Some(other)) = (way, other) {
        // Stale bytes of a shared buffer keep their place; a shorter frame gives its own second half.
        let from = if other.len() > cut + 2 { cut } else { other.len() / 2 };
        bytes.extend_from_slice(&other[from..]);
    }
    bytes.into()
}
