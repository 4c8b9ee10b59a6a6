//! The zip being written: streamed, with the hash of every file kept for the receipt.
use crate::error::DeliveryError;
use domain::UtcMs;
use domain::time::UtcOffset;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

/// One zip file on its way out. It needs no seeking, so that it can go straight to a socket.
pub struct Zip<W: Write> {
    writer: ZipWriter<StreamWriter<W>>,
    made_at: DateTime,
}

/// Passes bytes on and hashes them.
struct Hashed<'h, W> {
    to: &'h mut W,
    hash: Sha256,
}

impl<W: Write> Write for Hashed<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.to.write(bytes)?;
        self.hash.update(&bytes[..n]);
        Ok(n)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl<W: Write> Zip<W> {
    /// An empty zip whose files all bear this time.
    pub fn new(out: W, made_at: UtcMs) -> Self {
        let c = made_at.civil(UtcOffset::CHINA);
        let year = u16::try_from(c.year).unwrap_or(1980);
        Self {
            writer: ZipWriter::new_stream(out),
            made_at: DateTime::from_date_and_time(year, c.month, c.day, c.hour, c.minute, c.second).unwrap_or_default(),
        }
    }

    /// Adds a file that is already small, as a JPEG is, and returns its SHA-256 in hex.
    pub fn stored(&mut self, name: &str, bytes: &[u8]) -> Result<String, DeliveryError> {
        self.file(name, CompressionMethod::Stored, |out| {
            out.write_all(bytes).map_err(DeliveryError::files("writing a picture"))
        })
    }

    /// Adds a file that compresses well.
    pub fn deflated(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut dyn Write) -> Result<(), DeliveryError>,
    ) -> Result<String, DeliveryError> {
        self.file(name, CompressionMethod::Deflated, fill)
    }

    fn file(
        &mut self,
        name: &str,
        method: CompressionMethod,
        fill: impl FnOnce(&mut dyn Write) -> Result<(), DeliveryError>,
    ) -> Result<String, DeliveryError> {
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(self.made_at)
            .unix_permissions(0o644);
        self.writer.start_file(name, options)?;
        let mut hashed = Hashed {
            to: &mut self.writer,
            hash: Sha256::new(),
        };
        fill(&mut hashed)?;
        Ok(hex::encode(hashed.hash.finalize()))
    }

    /// Writes what ends a zip.
    pub fn finish(self) -> Result<(), DeliveryError> {
        let mut out = self.writer.finish()?.into_inner();
        out.flush().map_err(DeliveryError::files("finishing the zip"))
    }
}

/// The list of hashes, in the form `sha256sum` reads.
pub struct Checksums {
    file: BufWriter<File>,
}

impl Checksums {
    /// An empty list, in an unnamed file.
    pub fn new(folder: &Path) -> Result<Self, DeliveryError> {
        let file = tempfile::tempfile_in(folder).map_err(DeliveryError::files("making room for the hashes"))?;
        Ok(Self {
            file: BufWriter::new(file),
        })
    }

    /// Adds a file.
    pub fn push(&mut self, name: &str, sha256: &str) -> Result<(), DeliveryError> {
        writeln!(self.file, "{sha256}  {name}").map_err(DeliveryError::files("keeping a hash"))
    }

    /// Copies the list out.
    pub fn copy_to(self, out: &mut dyn Write) -> Result<(), DeliveryError> {
        let lost = || DeliveryError::files("reading the hashes back");
        let mut file = self.file.into_inner().map_err(|e| lost()(e.into_error()))?;
        file.seek(SeekFrom::Start(0)).map_err(lost())?;
        let mut buffer = vec![0; 64 << 10];
        loop {
            match file.read(&mut buffer).map_err(lost())? {
                0 => return Ok(()),
                n => out.write_all(&buffer[..n]).map_err(lost())?,
            }
        }
    }
}
