//! Where in a compound file (the box around an xls) is a stream? Layout: [MS-CFB] 2.2 to 2.6.
use crate::RosterError;

/// Ids from here on mean end, free or table sectors ([MS-CFB] 2.1).
const LAST_SECTOR: u32 = 0xFFFF_FFFA;
const DIRECTORY_ENTRY_BYTES: usize = 128;

/// An opened compound file.
pub(crate) struct CompoundFile<'a> {
    bytes: &'a [u8],
    sector_bytes: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini_stream: Vec<u8>,
    mini_cutoff: u64,
    directory: Vec<u8>,
}

impl<'a> CompoundFile<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, RosterError> {
        let sector_bytes = match u16_at(bytes, 30) {
            Some(9) => 512,
            Some(12) => 4096,
            _ => return Err(damaged("its sector size is none")),
        };
        let mut file = Self {
            bytes,
            sector_bytes,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini_stream: Vec::new(),
            mini_cutoff: u64::from(u32_at(bytes, 56).unwrap_or(4096)),
            directory: Vec::new(),
        };
        file.fat = file.read_fat()?;
        file.directory = file.chain(u32_at(bytes, 48).unwrap_or(u32::MAX))?;
        file.mini_fat = words(&file.chain_or_nothing(u32_at(bytes, 60).unwrap_or(u32::MAX))?);
        let root = u32_at(&file.directory, 116).unwrap_or(u32::MAX);
        file.mini_stream = file.chain_or_nothing(root)?;
        Ok(file)
    }

    /// The bytes of the first stream with one of these names.
    pub fn stream(&self, names: &[&str]) -> Result<Option<Vec<u8>>, RosterError> {
        for entry in self.directory.chunks_exact(DIRECTORY_ENTRY_BYTES) {
            let (name, is_stream) = (entry_name(entry), entry.get(66) == Some(&2));
            if !is_stream || !names.iter().any(|n| n.eq_ignore_ascii_case(&name)) {
                continue;
            }
            let start = u32_at(entry, 116).unwrap_or(u32::MAX);
            let size = u64::from(u32_at(entry, 120).unwrap_or(0));
            let mut bytes = if size < self.mini_cutoff {
                self.mini_chain(start)?
            } else {
                self.chain(start)?
            };
            let wanted = usize::try_from(size).unwrap_or(usize::MAX);
            if bytes.len() < wanted {
                return Err(damaged("it breaks off"));
            }
            bytes.truncate(wanted);
            return Ok(Some(bytes));
        }
        Ok(None)
    }

    fn read_fat(&self) -> Result<Vec<u32>, RosterError> {
        let sectors = self.bytes.len() / self.sector_bytes;
        let header = words(self.bytes.get(76..512).unwrap_or_default());
        let mut tables: Vec<u32> = header;
        let mut next = u32_at(self.bytes, 68).unwrap_or(u32::MAX);
        let mut seen = 0;
        while next < LAST_SECTOR {
            let mut more = words(self.sector(next)?);
            next = more.pop().unwrap_or(u32::MAX);
            tables.append(&mut more);
            seen += 1;
            if seen > sectors {
                return Err(damaged("its table runs in circles"));
            }
        }
        let mut fat = Vec::new();
        for table in tables.into_iter().filter(|t| *t < LAST_SECTOR) {
            if fat.len() > sectors + self.sector_bytes {
                break;
            }
            fat.append(&mut words(self.sector(table)?));
        }
        Ok(fat)
    }

    fn sector(&self, id: u32) -> Result<&'a [u8], RosterError> {
        let start = (id as usize).saturating_add(1).saturating_mul(self.sector_bytes);
        let end = start.saturating_add(self.sector_bytes).min(self.bytes.len());
        match self.bytes.get(start..end) {
            Some(sector) if !sector.is_empty() => Ok(sector),
            _ => Err(damaged("it breaks off")),
        }
    }

    fn chain_or_nothing(&self, start: u32) -> Result<Vec<u8>, RosterError> {
        if start < LAST_SECTOR {
            self.chain(start)
        } else {
            Ok(Vec::new())
        }
    }

    fn chain(&self, start: u32) -> Result<Vec<u8>, RosterError> {
        let mut bytes = Vec::new();
        let mut next = start;
        while next < LAST_SECTOR {
            bytes.extend_from_slice(self.sector(next)?);
            if bytes.len() > self.bytes.len() {
                return Err(damaged("its sectors run in circles"));
            }
            next = *self.fat.get(next as usize).ok_or(damaged("it breaks off"))?;
        }
        Ok(bytes)
    }

    fn mini_chain(&self, start: u32) -> Result<Vec<u8>, RosterError> {
        const MINI_SECTOR_BYTES: usize = 64;
        let mut bytes = Vec::new();
        let mut next = start;
        while next < LAST_SECTOR {
            let at = (next as usize).saturating_mul(MINI_SECTOR_BYTES);
            let sector = self.mini_stream.get(at..at.saturating_add(MINI_SECTOR_BYTES));
            bytes.extend_from_slice(sector.ok_or(damaged("it breaks off"))?);
            if bytes.len() > self.mini_stream.len() {
                return Err(damaged("its sectors run in circles"));
            }
            next = *self.mini_fat.get(next as usize).ok_or(damaged("it breaks off"))?;
        }
        Ok(bytes)
    }
}

fn entry_name(entry: &[u8]) -> String {
    let length = usize::from(u16_at(entry, 64).unwrap_or(0)).clamp(2, 64) - 2;
    let units = entry.get(..length).unwrap_or_default().chunks_exact(2);
    let units: Vec<u16> = units.map(|c| u16_at(c, 0).unwrap_or(0)).collect();
    String::from_utf16_lossy(&units)
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).filter_map(|c| u32_at(c, 0)).collect()
}

/// Two bytes, low first.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(pair.try_into().ok()?))
}

/// Four bytes, low first.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

fn damaged(what: &'static str) -> RosterError {
    RosterError::damaged("xls", what)
}
