//! Is the file of a camera whole?
use crate::gate;
use domain::SizePx;

/// Why it is not.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
#[error("looking at a picture of the folder: {0}")]
pub struct NotWhole(#[from] gate::Refusal);

/// How far in front the index of a multi-picture file stands.
const INDEX_WITHIN: usize = 128 << 10;

/// Whether the picture is there to its last bit; its stored size.
///
/// As [`gate::strict`] asks of a frame, but a file of several pictures (CIPA DC-007: the large one first, previews behind it) is a
/// file of a camera too. It says so itself, in front; anything else behind the end is the rest of another file.
///
/// # Errors
/// The first thing that does not hold.
pub fn whole(jpeg: &[u8]) -> Result<SizePx, NotWhole> {
    let front = &jpeg[..jpeg.len().min(INDEX_WITHIN)];
    let is_several = front.windows(4).any(|w| w == b"MPF\0");
    let end = match photo::inspect(jpeg) {
        Ok(header) if is_several => header.eoi.map(|at| at + 2),
        _ => None,
    };
    Ok(gate::strict(end.map_or(jpeg, |end| &jpeg[..end]), None)?)
}
