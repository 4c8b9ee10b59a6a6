//! What does the EXIF segment tell that matters here?
use crate::orientation::Orientation;
use exif::{In, Reader, Tag, Value};

/// The EXIF entries that matter to an ID photo.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exif {
    /// Orientation, if given and valid.
    pub orientation: Option<Orientation>,
    /// Camera's local time of the shot, `YYYY:MM:DD HH:MM:SS` as written.
    pub taken: Option<String>,
    /// Whether the place of the shot is in the file.
    pub has_position: bool,
}

/// Longest time text that is kept; the standard's is 19 characters.
const MAX_TAKEN: usize = 32;

impl Exif {
    /// Reads the payload of an APP1 segment after `Exif\0\0`; a broken payload gives what could be read.
    pub(super) fn read(payload: &[u8]) -> Option<Self> {
        let entries = Reader::new()
            .continue_on_error(true)
            .read_raw(payload.to_vec())
            .or_else(|e| e.distill_partial_result(|_| ()))
            .ok()?;
        let orientation = entries
            .get_field(Tag::Orientation, In::PRIMARY)
            .and_then(|f| f.value.get_uint(0))
            .and_then(Orientation::from_exif);
        let taken = entries
            .get_field(Tag::DateTimeOriginal, In::PRIMARY)
            .and_then(|f| match &f.value {
                Value::Ascii(lines) => lines
                    .first()
                    .map(|l| String::from_utf8_lossy(l).chars().take(MAX_TAKEN).collect()),
                _ => None,
            });
        let has_position = entries.get_field(Tag::GPSLatitude, In::PRIMARY).is_some();
        Some(Self {
            orientation,
            taken,
            has_position,
        })
    }
}
