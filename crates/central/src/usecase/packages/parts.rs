//! A package's file on its way to where photos are kept: parts of equal length, each durable before the next, so that any center can
//! give out any stretch of it.
use super::make::Maker;
use crate::center::Central;
use crate::error::CentralError;
use crate::store::packages::{PackageFile, PackageRow};
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// Length of a part; a fetch holds one in memory.
pub const PART_BYTES: usize = 4 << 20;

/// The name a part is kept under.
fn part_name(file: &str, number: u64) -> String {
    format!("{file}-{number:06}")
}

/// Takes a file's bytes and keeps them part by part.
pub struct Parts<'m> {
    maker: &'m Maker<'m>,
    name: &'static str,
    part: Vec<u8>,
    kept: u64,
    hash: Sha256,
    bytes: u64,
}

impl<'m> Parts<'m> {
    pub fn new(maker: &'m Maker<'m>, name: &'static str) -> Self {
        Self {
            maker,
            name,
            part: Vec::with_capacity(PART_BYTES),
            kept: 0,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    fn keep(&mut self) -> Result<(), CentralError> {
        let name = part_name(self.name, self.kept);
        self.maker.put_part(&name, &self.part)?;
        self.hash.update(&self.part);
        self.bytes += self.part.len() as u64;
        self.kept += 1;
        self.part.clear();
        Ok(())
    }

    /// Keeps the rest; the file is whole then.
    pub fn finish(mut self) -> Result<PackageFile, CentralError> {
        if !self.part.is_empty() {
            self.keep()?;
        }
        Ok(PackageFile {
            name: self.name.to_owned(),
            bytes: self.bytes,
            sha256: hex::encode(self.hash.finalize()),
            part_bytes: PART_BYTES as u64,
        })
    }
}

impl Write for Parts<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.part.len() == PART_BYTES {
            self.keep().map_err(|e| self.maker.stumbled(e))?;
        }
        let taken = bytes.len().min(PART_BYTES - self.part.len());
        self.part.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Central {
    /// The bytes of a package's file from a position on, up to the end of the part it lies in.
    ///
    /// # Errors
    /// `NotFound` when the part is not there any more.
    pub(crate) fn package_bytes(
        &self,
        package: &PackageRow,
        file: &PackageFile,
        from: u64,
    ) -> Result<Vec<u8>, CentralError> {
        let part_bytes = file.part_bytes.max(1);
        let name = part_name(&file.name, from / part_bytes);
        let part = self.blobs().get_piece(&package.place(), &name)?;
        let mut part = part.ok_or_else(|| CentralError::not_found("package", package.id))?;
        let skipped = usize::try_from(from % part_bytes).unwrap_or(usize::MAX);
        if skipped >= part.len() {
            return Err(CentralError::not_found("package", package.id));
        }
        part.drain(..skipped);
        Ok(part)
    }
}
