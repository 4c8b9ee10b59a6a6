//! Which sheets, strings and formats does an xls workbook declare? Layout: [MS-XLS] 2.1 and 2.4; BIFF8 and BIFF5.
//!
//! Written here because readers that build a whole grid reserve memory by what the file declares; two cells in far
//! corners of a hostile sheet would then take the machine down.
use super::cfb::{CompoundFile, u16_at, u32_at};
use super::{Extent, Line, MAX_CELLS, Workbook, xls_cells};
use crate::RosterError;

/// Record numbers used here ([MS-XLS] 2.3.2).
pub(crate) mod record {
    pub const EOF: u16 = 0x000A;
    pub const DATE_MODE: u16 = 0x0022;
    pub const FILE_PASS: u16 = 0x002F;
    pub const CONTINUE: u16 = 0x003C;
    pub const CODE_PAGE: u16 = 0x0042;
    pub const BOUND_SHEET: u16 = 0x0085;
    pub const EXTENDED_FORMAT: u16 = 0x00E0;
    pub const STRINGS: u16 = 0x00FC;
    pub const FORMAT: u16 = 0x041E;
    pub const BOF: u16 = 0x0809;
}

/// Which generation wrote the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Biff {
    /// Excel 5 and 95: strings are bytes in a code page.
    Five(&'static encoding_rs::Encoding),
    /// Excel 97 and later.
    Eight,
}

/// What the cells of every sheet refer to.
pub(crate) struct Globals {
    pub biff: Biff,
    pub strings: Vec<String>,
    /// For each extended format, whether it shows a date.
    pub dates: Vec<bool>,
    pub starts_1904: bool,
}

/// An xls workbook.
pub(crate) struct Xls {
    stream: Vec<u8>,
    globals: Globals,
    /// Name and place in the stream.
    sheets: Vec<(String, usize)>,
}

impl Xls {
    pub fn open(bytes: &[u8]) -> Result<Self, RosterError> {
        let file = CompoundFile::open(bytes)?;
        if file.stream(&["EncryptedPackage"])?.is_some() {
            return Err(RosterError::Encrypted);
        }
        let Some(stream) = file.stream(&["Workbook", "Book"])? else {
            return Err(RosterError::NotASheet {
                looks_like: "another kind of Office file",
            });
        };
        let (globals, sheets) = read_globals(&stream)?;
        Ok(Self {
            stream,
            globals,
            sheets,
        })
    }
}

impl Workbook for Xls {
    fn sheets(&self) -> Vec<String> {
        self.sheets.iter().map(|(name, _)| name.clone()).collect()
    }
    fn lines(&mut self, sheet: &str, extent: Extent) -> Result<Vec<Line>, RosterError> {
        let found = self.sheets.iter().find(|(name, _)| name == sheet);
        let (_, at) = found.ok_or(RosterError::NoSuchSheet)?;
        let records = self
            .stream
            .get(*at..)
            .ok_or(RosterError::damaged("xls", "a sheet lies outside of it"))?;
        xls_cells::read(Records::new(records), &self.globals, extent)
    }
}

/// One record: number and content.
pub(crate) type Record<'a> = (u16, &'a [u8]);

/// Walks the records of a stream; stops where it breaks off.
#[derive(Clone)]
pub(crate) struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Records<'a> {
    pub fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;
    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, length) = (u16_at(self.rest, 0)?, usize::from(u16_at(self.rest, 2)?));
        let content = self.rest.get(4..4 + length)?;
        self.rest = self.rest.get(4 + length..)?;
        Some((kind, content))
    }
}

fn read_globals(stream: &[u8]) -> Result<(Globals, Vec<(String, usize)>), RosterError> {
    let mut globals = Globals {
        biff: Biff::Eight,
        strings: Vec::new(),
        dates: Vec::new(),
        starts_1904: false,
    };
    let (mut sheets, mut formats) = (Vec::new(), Vec::new());
    let mut records = Records::new(stream);
    while let Some((kind, content)) = records.next() {
        match kind {
            record::BOF => globals.biff = generation(content)?,
            record::CODE_PAGE => {
                if let (Biff::Five(_), Some(page)) = (globals.biff, u16_at(content, 0)) {
                    globals.biff = Biff::Five(code_page(page));
                }
            }
            record::FILE_PASS => return Err(RosterError::Encrypted),
            record::DATE_MODE => globals.starts_1904 = u16_at(content, 0) == Some(1),
            record::FORMAT => {
                if let Some(number) = u16_at(content, 0) {
                    let text = format_text(globals.biff, content.get(2..).unwrap_or_default());
                    formats.push((number, shows_date(&text)));
                }
            }
            record::EXTENDED_FORMAT => {
                let number = u16_at(content, 2).unwrap_or(0);
                let custom = formats.iter().rev().find(|(n, _)| *n == number);
                globals
                    .dates
                    .push(custom.map_or(is_date_number(number), |(_, date)| *date));
            }
            record::BOUND_SHEET => sheets.extend(bound_sheet(globals.biff, content)),
            record::STRINGS => globals.strings = read_strings(content, &mut records),
            record::EOF => break,
            _ => {}
        }
    }
    Ok((globals, sheets))
}

fn generation(content: &[u8]) -> Result<Biff, RosterError> {
    match u16_at(content, 0) {
        Some(0x0600) => Ok(Biff::Eight),
        Some(0x0500) => Ok(Biff::Five(encoding_rs::GB18030)),
        _ => Err(RosterError::Unsupported {
            kind: "an Excel 2 to 4 sheet",
        }),
    }
}

fn code_page(page: u16) -> &'static encoding_rs::Encoding {
    match page {
        950 => encoding_rs::BIG5,
        1252 => encoding_rs::WINDOWS_1252,
        65001 => encoding_rs::UTF_8,
        _ => encoding_rs::GB18030,
    }
}

/// A worksheet's name and place; other kinds of sheet are left out ([MS-XLS] 2.4.28).
fn bound_sheet(biff: Biff, content: &[u8]) -> Option<(String, usize)> {
    let at = usize::try_from(u32_at(content, 0)?).ok()?;
    if *content.get(5)? != 0 {
        return None;
    }
    let length = usize::from(*content.get(6)?);
    let name = match biff {
        Biff::Eight => {
            let mut segments = Segments::new(vec![content.get(8..)?]);
            segments.characters(length, content.get(7)? & 1 == 1)
        }
        Biff::Five(codec) => codec.decode(content.get(7..7 + length)?).0.into_owned(),
    };
    Some((name, at))
}

fn format_text(biff: Biff, content: &[u8]) -> String {
    match biff {
        Biff::Eight => {
            let length = usize::from(u16_at(content, 0).unwrap_or(0));
            let wide = content.get(2).is_some_and(|flags| flags & 1 == 1);
            Segments::new(vec![content.get(3..).unwrap_or_default()]).characters(length, wide)
        }
        Biff::Five(codec) => codec.decode(content.get(1..).unwrap_or_default()).0.into_owned(),
    }
}

/// Built-in number formats that show dates ([ECMA-376] 18.8.30; 27–36 and 50–58 are those of Chinese Excel).
const fn is_date_number(number: u16) -> bool {
    matches!(number, 14..=17 | 22 | 27..=31 | 36 | 50..=58)
}

/// Whether a custom format writes a year or a day: letters y and d outside quotes and brackets.
fn shows_date(format: &str) -> bool {
    let (mut quoted, mut bracketed) = (false, false);
    for c in format.chars() {
        match c {
            '"' => quoted = !quoted,
            '[' => bracketed = true,
            ']' => bracketed = false,
            'y' | 'Y' | 'd' | 'D' if !quoted && !bracketed => return true,
            _ => {}
        }
    }
    false
}

/// The shared strings, which run on over CONTINUE records ([MS-XLS] 2.4.265).
fn read_strings(content: &[u8], records: &mut Records<'_>) -> Vec<String> {
    let declared = u32_at(content, 4).unwrap_or(0) as usize;
    let mut parts = vec![content.get(8..).unwrap_or_default()];
    let mut ahead = records.clone();
    while let Some((record::CONTINUE, more)) = ahead.next() {
        parts.push(more);
        *records = ahead.clone();
    }
    let mut segments = Segments::new(parts);
    let mut strings = Vec::new();
    while strings.len() < declared.min(MAX_CELLS) {
        match segments.rich_string() {
            Some(text) => strings.push(text),
            None => break,
        }
    }
    strings
}

/// Bytes that run on over several records. Where a string's characters cross into the next one, a byte of flags
/// comes first ([MS-XLS] 2.5.293).
pub(crate) struct Segments<'a> {
    parts: std::collections::VecDeque<&'a [u8]>,
}

impl<'a> Segments<'a> {
    pub fn new(parts: Vec<&'a [u8]>) -> Self {
        Self { parts: parts.into() }
    }

    /// A string with its length, flags, and the runs and extras that follow it.
    fn rich_string(&mut self) -> Option<String> {
        let length = usize::from(self.u16()?);
        let flags = self.u8()?;
        let runs = if flags & 8 != 0 { usize::from(self.u16()?) } else { 0 };
        let extra = if flags & 4 != 0 {
            usize::from(self.u16()?) | usize::from(self.u16()?) << 16
        } else {
            0
        };
        let text = self.characters(length, flags & 1 == 1);
        self.skip(runs * 4 + extra);
        Some(text)
    }

    /// So many UTF-16 units, `wide` or as Latin-1 bytes.
    pub fn characters(&mut self, length: usize, wide: bool) -> String {
        let mut units = Vec::with_capacity(length.min(1024));
        let mut wide = wide;
        while units.len() < length {
            let Some(part) = self.parts.front_mut() else {
                break;
            };
            let width = if wide { 2 } else { 1 };
            let taken = (length - units.len()).min(part.len() / width);
            let (now, rest) = part.split_at(taken * width);
            units.extend(now.chunks_exact(width).map(|c| match c {
                [low, high] => u16::from_le_bytes([*low, *high]),
                [byte] => u16::from(*byte),
                _ => 0,
            }));
            *part = rest;
            if units.len() < length {
                self.parts.pop_front();
                let Some(flags) = self.u8() else {
                    break;
                };
                wide = flags & 1 == 1;
            }
        }
        String::from_utf16_lossy(&units)
    }

    fn u8(&mut self) -> Option<u8> {
        while self.parts.front()?.is_empty() {
            self.parts.pop_front();
        }
        let part = self.parts.front_mut()?;
        let (first, rest) = part.split_first()?;
        *part = rest;
        Some(*first)
    }
    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }
    fn skip(&mut self, mut count: usize) {
        while let Some(part) = self.parts.front_mut() {
            let now = count.min(part.len());
            *part = part.get(now..).unwrap_or_default();
            count -= now;
            if count == 0 {
                return;
            }
            self.parts.pop_front();
        }
    }
}
