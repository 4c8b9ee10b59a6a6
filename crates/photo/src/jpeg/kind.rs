//! Which kind of file do the first bytes announce?

/// Kind of file by its first bytes, whatever its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// Windows bitmap.
    Bmp,
    /// GIF.
    Gif,
    /// WebP.
    WebP,
    /// TIFF, and the camera raws built on it.
    Tiff,
    /// HEIC, AVIF, MP4: the ISO base media family.
    IsoMedia,
    /// PDF.
    Pdf,
    /// ZIP, so also xlsx and docx.
    Zip,
    /// A Windows program.
    Program,
    /// None of these.
    Unknown,
}

impl FileKind {
    /// Looks at the first bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let has = |at: usize, magic: &[u8]| bytes.get(at..at + magic.len()) == Some(magic);
        match () {
            () if has(0, &[0xFF, 0xD8, 0xFF]) => Self::Jpeg,
            () if has(0, b"\x89PNG\r\n\x1a\n") => Self::Png,
            () if has(0, b"BM") => Self::Bmp,
            () if has(0, b"GIF8") => Self::Gif,
            () if has(0, b"RIFF") && has(8, b"WEBP") => Self::WebP,
            () if has(0, b"II*\0") || has(0, b"MM\0*") => Self::Tiff,
            () if has(4, b"ftyp") => Self::IsoMedia,
            () if has(0, b"%PDF") => Self::Pdf,
            () if has(0, b"PK\x03\x04") => Self::Zip,
            () if has(0, b"MZ") => Self::Program,
            () => Self::Unknown,
        }
    }
}
