//! In which encoding is a text written, and what does it say?

/// An encoding of text and DBF files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// GB 18030, which contains GBK and GB 2312.
    Gb18030,
    /// UTF-16, low byte first: what Excel calls Unicode text.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Big5; never guessed, its bytes cannot be told from GBK's.
    Big5,
}

impl Encoding {
    /// Every encoding one may choose.
    pub const ALL: [Self; 5] = [Self::Utf8, Self::Gb18030, Self::Utf16Le, Self::Utf16Be, Self::Big5];

    /// The stable word used in options and on screen.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Gb18030 => "gb18030",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Big5 => "big5",
        }
    }
    /// Reads [`Encoding::id`]; `gbk`, `gb2312` and `utf8` are taken too.
    pub fn from_id(id: &str) -> Option<Self> {
        match id.trim().to_ascii_lowercase().as_str() {
            "utf8" | "utf-8-sig" => Some(Self::Utf8),
            "gbk" | "gb2312" | "cp936" => Some(Self::Gb18030),
            other => Self::ALL.into_iter().find(|e| e.id() == other),
        }
    }

    /// The encoding the bytes look like. A mark decides; else valid UTF-8 is UTF-8; else the one that breaks less.
    pub fn guess(bytes: &[u8]) -> Self {
        match bytes {
            [0xEF, 0xBB, 0xBF, ..] => return Self::Utf8,
            [0xFF, 0xFE, ..] => return Self::Utf16Le,
            [0xFE, 0xFF, ..] => return Self::Utf16Be,
            _ => {}
        }
        if std::str::from_utf8(bytes).is_ok() {
            return Self::Utf8;
        }
        // A few broken bytes in a long UTF-8 file: GB 18030 would read all of it, and all of it wrongly.
        let text = String::from_utf8_lossy(bytes);
        let broken = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
        let wide = text.chars().filter(|c| !c.is_ascii()).count() - broken;
        if wide > 20 * broken { Self::Utf8 } else { Self::Gb18030 }
    }

    /// The text; bytes that mean nothing become U+FFFD, one for each run.
    pub(crate) fn decode(self, bytes: &[u8]) -> String {
        let codec = match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Gb18030 => encoding_rs::GB18030,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Big5 => encoding_rs::BIG5,
        };
        codec.decode_with_bom_removal(bytes).0.into_owned()
    }
}

/// Whether a text is UTF-8 that someone read as GBK: written back, its bytes are Han characters again.
pub(crate) fn is_garbled(text: &str) -> bool {
    let is_han = |c: char| matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}');
    if text.is_empty() || !text.chars().all(is_han) {
        return false;
    }
    let (bytes, _, lost) = encoding_rs::GB18030.encode(text);
    !lost && std::str::from_utf8(&bytes).is_ok_and(|again| !again.is_empty() && again.chars().all(is_han))
}
