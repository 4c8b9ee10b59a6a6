//! May this zip archive be handed to the workbook reader? Everything in it is unpacked once, into nothing, and counted.
use super::MAX_UNPACKED_BYTES;
use crate::RosterError;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// Most parts a workbook may have.
const MAX_PARTS: usize = 10_000;
/// Most bytes of shared strings: the reader makes 24 bytes of each empty one, which takes 5 bytes in the file.
const MAX_STRINGS_BYTES: u64 = 96 << 20;
/// Shortest string in the file, `<si/>`.
const SHORTEST_STRING_BYTES: u64 = 5;

/// Refuses archives that unpack to too much, lie about themselves, or are no workbook.
pub(crate) fn check(bytes: &[u8]) -> Result<(), RosterError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > MAX_PARTS {
        return Err(RosterError::damaged("xlsx", "it has too many parts"));
    }
    refuse_other_kinds(&archive)?;
    let mut left = MAX_UNPACKED_BYTES;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|e| match e {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => RosterError::Encrypted,
            other => damaged(other),
        })?;
        let is_strings = part
            .name()
            .map_err(damaged)?
            .to_ascii_lowercase()
            .ends_with("sharedstrings.xml");
        left = left.saturating_sub(if is_strings {
            strings(part, left)?
        } else {
            count(part, left)?
        });
    }
    Ok(())
}

fn refuse_other_kinds<R>(archive: &ZipArchive<R>) -> Result<(), RosterError>
where
    R: Read + std::io::Seek,
{
    let has = |wanted: &str| {
        archive
            .file_names()
            .flatten()
            .any(|n| n.replace('\\', "/").eq_ignore_ascii_case(wanted))
    };
    if has("xl/workbook.bin") {
        return Err(RosterError::Unsupported {
            kind: "a binary workbook (xlsb)",
        });
    }
    if has("xl/workbook.xml") || has("_rels/.rels") {
        return Ok(());
    }
    if has("content.xml") {
        return Err(RosterError::Unsupported {
            kind: "an OpenDocument sheet",
        });
    }
    Err(RosterError::NotASheet {
        looks_like: "a packed archive",
    })
}

/// Unpacks a part into nothing; its size in bytes.
fn count(part: impl Read, left: u64) -> Result<u64, RosterError> {
    let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(unreadable)?;
    within(unpacked, left, MAX_UNPACKED_BYTES)
}

/// The same for the shared strings, whose declared number the reader reserves memory for.
fn strings(part: impl Read, left: u64) -> Result<u64, RosterError> {
    let limit = left.min(MAX_STRINGS_BYTES);
    let mut xml = Vec::new();
    part.take(limit + 1).read_to_end(&mut xml).map_err(unreadable)?;
    let size = within(xml.len() as u64, limit, limit)?;
    if xml.iter().take(64).any(|b| *b == 0) {
        return Err(RosterError::damaged("xlsx", "its strings are not UTF-8"));
    }
    for declared in declared_counts(&xml) {
        if declared > size / SHORTEST_STRING_BYTES {
            return Err(RosterError::damaged("xlsx", "it declares more strings than it has"));
        }
    }
    Ok(size)
}

/// Every number that follows `uniqueCount`.
fn declared_counts(xml: &[u8]) -> impl Iterator<Item = u64> {
    const NAME: &[u8] = b"uniqueCount";
    let starts = xml
        .windows(NAME.len())
        .enumerate()
        .filter(|(_, w)| *w == NAME)
        .map(|(at, _)| at);
    starts.map(|at| {
        let rest = xml.get(at + NAME.len()..).unwrap_or_default();
        let digits = rest
            .iter()
            .skip_while(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\''));
        digits
            .take_while(|b| b.is_ascii_digit())
            .fold(0u64, |n, d| n.saturating_mul(10).saturating_add(u64::from(d - b'0')))
    })
}

fn within(unpacked: u64, left: u64, limit: u64) -> Result<u64, RosterError> {
    if unpacked > left {
        Err(RosterError::Bomb { limit })
    } else {
        Ok(unpacked)
    }
}

fn damaged(source: ZipError) -> RosterError {
    RosterError::damaged_by("xlsx", "its archive cannot be read", source)
}

fn unreadable(source: std::io::Error) -> RosterError {
    RosterError::damaged_by("xlsx", "a part of it cannot be unpacked", source)
}
