//! What does a camera's process say? Words of one letter, the length of what follows (four bytes, the least first), and that.
use crate::fault::CameraError;
use crate::identity::CameraId;
use crate::source::{Cadence, Negotiated};
use domain::SizePx;
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::time::Duration;

/// Longest that may follow a word: an uncompressible frame of 5 megapixels.
const MAX_BYTES: u32 = 32 << 20;

/// One word.
#[derive(Debug)]
pub(super) enum Word {
    /// The camera is open.
    Opened(Negotiated),
    /// A frame, and when it began in the clock both processes share.
    Frame { began: Duration, jpeg: Arc<[u8]> },
    /// A frame came damaged.
    Damaged,
    /// It ends; a stable code, and what belongs to it.
    Failed { code: String, detail: String },
}

/// Writes one word.
pub(super) fn write(pipe: &mut impl Write, word: &Word) -> io::Result<()> {
    match word {
        Word::Opened(negotiated) => {
            let size = negotiated.size.unwrap_or_default();
            let fps = match negotiated.cadence {
                Cadence::Steady { fps } => fps,
                Cadence::OnDemand => 0.0,
            };
            let numbers = [size.width, size.height, fps.to_bits(), negotiated.settle_frames];
            let bytes: Vec<u8> = numbers.into_iter().flat_map(u32::to_le_bytes).collect();
            framed(pipe, b'o', &[&bytes])?;
        }
        Word::Frame { began, jpeg } => {
            let seconds = began.as_secs().to_le_bytes();
            framed(pipe, b'f', &[&seconds, &began.subsec_nanos().to_le_bytes(), jpeg])?;
        }
        Word::Damaged => framed(pipe, b'd', &[])?,
        Word::Failed { code, detail } => framed(pipe, b'x', &[code.as_bytes(), b"\n", detail.as_bytes()])?,
    }
    pipe.flush()
}

fn framed(pipe: &mut impl Write, letter: u8, parts: &[&[u8]]) -> io::Result<()> {
    let length = parts.iter().map(|p| p.len()).sum::<usize>();
    let length = u32::try_from(length).ok().filter(|l| *l <= MAX_BYTES);
    let length = length.ok_or(io::ErrorKind::InvalidInput)?;
    pipe.write_all(&[letter])?;
    pipe.write_all(&length.to_le_bytes())?;
    parts.iter().try_for_each(|part| pipe.write_all(part))
}

/// Reads one word.
///
/// # Errors
/// At the end, and at anything that is not of the protocol: nothing behind it can be trusted.
pub(super) fn read(pipe: &mut impl Read) -> io::Result<Word> {
    let mut head = [0; 5];
    pipe.read_exact(&mut head)?;
    let [letter, length @ ..] = head;
    let length = u32::from_le_bytes(length);
    if length > MAX_BYTES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = Vec::new();
    pipe.take(u64::from(length)).read_to_end(&mut bytes)?;
    if bytes.len() != length as usize {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    word(letter, &bytes).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

fn word(letter: u8, bytes: &[u8]) -> Option<Word> {
    match letter {
        b'o' => {
            let number = |at: usize| Some(u32::from_le_bytes(bytes.get(at * 4..at * 4 + 4)?.try_into().ok()?));
            let size = SizePx {
                width: number(0)?,
                height: number(1)?,
            };
            let fps = f32::from_bits(number(2)?);
            Some(Word::Opened(Negotiated {
                size: (size.width > 0 && size.height > 0).then_some(size),
                cadence: if fps > 0.0 {
                    Cadence::Steady { fps }
                } else {
                    Cadence::OnDemand
                },
                settle_frames: number(3)?,
            }))
        }
        b'f' => {
            let (stamp, jpeg) = bytes.split_at_checked(12)?;
            let seconds = u64::from_le_bytes(stamp.get(..8)?.try_into().ok()?);
            let nanos = u32::from_le_bytes(stamp.get(8..)?.try_into().ok()?);
            (nanos < 1_000_000_000).then(|| Word::Frame {
                began: Duration::new(seconds, nanos),
                jpeg: jpeg.into(),
            })
        }
        b'd' => Some(Word::Damaged),
        b'x' => {
            let text = String::from_utf8_lossy(bytes);
            let (code, detail) = text.split_once('\n').unwrap_or((&text, ""));
            Some(Word::Failed {
                code: code.to_owned(),
                detail: detail.to_owned(),
            })
        }
        _ => None,
    }
}

/// How an error is said.
pub(super) fn failed(error: &CameraError) -> Word {
    let (code, detail) = match error {
        CameraError::Absent { .. } => ("absent", String::new()),
        CameraError::Busy { holder, .. } => ("busy", holder.clone().unwrap_or_default()),
        CameraError::NoUsableMode { .. } => ("no_usable_mode", String::new()),
        CameraError::Device { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
            ("access_denied", String::new())
        }
        other => ("driver", other.to_string()),
    };
    Word::Failed {
        code: code.to_owned(),
        detail,
    }
}

/// The error that was said.
pub(super) fn error(camera: &CameraId, code: &str, detail: &str) -> CameraError {
    let camera = camera.clone();
    match code {
        "absent" => CameraError::Absent { camera },
        "busy" => CameraError::Busy {
            camera,
            holder: (!detail.is_empty()).then(|| detail.to_owned()),
        },
        "no_usable_mode" => CameraError::NoUsableMode { camera },
        "access_denied" => CameraError::Device {
            camera,
            doing: "opening",
            source: io::ErrorKind::PermissionDenied.into(),
        },
        _ => CameraError::Library {
            camera,
            doing: "driving",
            message: detail.to_owned(),
        },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn written(word: &Word) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, word).unwrap();
        bytes
    }

    #[test]
    fn what_is_written_is_read() {
        let negotiated = Negotiated {
            size: Some(SizePx {
                width: 1920,
                height: 1080,
            }),
            cadence: Cadence::Steady { fps: 29.97 },
            settle_frames: 5,
        };
        let began = Duration::new(86_400, 999_999_999);
        let jpeg: Arc<[u8]> = Arc::from(*b"\xff\xd8\xff\xd9");
        let mut pipe = written(&Word::Opened(negotiated));
        pipe.extend(written(&Word::Frame {
            began,
            jpeg: Arc::clone(&jpeg),
        }));
        pipe.extend(written(&Word::Damaged));
        let busy = CameraError::Busy {
            camera: CameraId::Named("x".to_owned()),
            holder: Some("cheese".to_owned()),
        };
        pipe.extend(written(&failed(&busy)));
        let mut pipe = pipe.as_slice();
        assert!(matches!(read(&mut pipe).unwrap(), Word::Opened(n) if n == negotiated));
        assert!(matches!(read(&mut pipe).unwrap(), Word::Frame { began: b, jpeg: j } if b == began && j == jpeg));
        assert!(matches!(read(&mut pipe).unwrap(), Word::Damaged));
        let Word::Failed { code, detail } = read(&mut pipe).unwrap() else {
            panic!("it failed");
        };
        let said = error(&CameraId::Named("x".to_owned()), &code, &detail);
        assert_eq!(said.state(), busy.state());
        assert!(read(&mut pipe).is_err());
    }

    #[test]
    fn a_process_that_dies_in_a_frame_hands_over_nothing() {
        let whole = written(&Word::Frame {
            began: Duration::from_secs(1),
            jpeg: Arc::from([7; 100]),
        });
        for end in 0..whole.len() {
            assert!(read(&mut &whole[..end]).is_err(), "{end}");
        }
        for wrong in [
            b"f\xff\xff\xff\xff".as_slice(),
            b"f\x04\0\0\0abcd",
            b"o\x04\0\0\0abcd",
            b"?\0\0\0\0",
        ] {
            assert!(read(&mut &*wrong).is_err(), "{wrong:?}");
        }
    }
}
