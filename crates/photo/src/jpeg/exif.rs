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
    /// When the camera says it was taken, if it says so in full.
    pub stamp: Option<Stamp>,
}

/// A moment by a camera's own clock, which may be wrong and says nothing of its time zone: good for comparing pictures of one camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Which camera: maker, model and serial number, as far as it names them. Not for logs.
    pub camera: String,
    /// Milliseconds since 1970 on the camera's clock.
    pub at_ms: i64,
    /// The shutter fell less than so many milliseconds later: 1000 where the clock writes whole seconds.
    pub within_ms: i64,
}

impl Stamp {
    /// From `DateTimeOriginal` and `SubSecTimeOriginal` (CIPA DC-008, EXIF 2.32, 4.6.5 F); none when the time is not one.
    fn read(taken: &str, fraction: Option<&str>, camera: String) -> Option<Self> {
        let mut parts = taken.split([':', ' ']);
        let mut next = |least: i64, most: i64| {
            let part = parts.next()?;
            let digits = part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
            let value = digits.then(|| part.parse::<i64>().ok())??;
            (least..=most).contains(&value).then_some(value)
        };
        let (year, month, day) = (next(1970, 9999)?, next(1, 12)?, next(1, 31)?);
        let (hour, minute, second) = (next(0, 23)?, next(0, 59)?, next(0, 60)?);
        // Days of the proleptic calendar, counted from the 1st of March so that the leap day is a year's last.
        let years = if month > 2 { year } else { year - 1 };
        let in_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let days = 365 * years + years / 4 - years / 100 + years / 400 + in_year - 719_468;
        let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
        let fraction = fraction.map(str::trim).filter(|f| !f.is_empty());
        let fraction = fraction.filter(|f| f.len() <= 9 && f.bytes().all(|b| b.is_ascii_digit()));
        // One digit counts tenths, two hundredths; more than three are finer than needed.
        let (sub, within_ms) = fraction.map_or((0, 1000), |f| {
            let digits = f.len().min(3);
            let unit = [100, 10, 1][digits - 1];
            (f[..digits].parse::<i64>().unwrap_or(0) * unit, unit)
        });
        Some(Self {
            camera,
            at_ms: seconds * 1000 + sub,
            within_ms,
        })
    }
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
        let text = |tag| -> Option<String> {
            match &entries.get_field(tag, In::PRIMARY)?.value {
                Value::Ascii(lines) => {
                    let line = String::from_utf8_lossy(lines.first()?);
                    Some(line.chars().take(MAX_TAKEN).collect())
                }
                _ => None,
            }
        };
        let taken = text(Tag::DateTimeOriginal);
        let names = [Tag::Make, Tag::Model, Tag::BodySerialNumber].map(|tag| text(tag).unwrap_or_default());
        let fraction = text(Tag::SubSecTimeOriginal);
        let stamp = taken
            .as_deref()
            .and_then(|taken| Stamp::read(taken.trim(), fraction.as_deref(), names.join("\n")));
        let has_position = entries.get_field(Tag::GPSLatitude, In::PRIMARY).is_some();
        Some(Self {
            orientation,
            taken,
            has_position,
            stamp,
        })
    }
}
