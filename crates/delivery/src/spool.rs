//! The rows of one list until they are written in each form: in an unnamed file, so that 50,000 rows need no memory and a
//! crash leaves nothing behind.
use crate::error::DeliveryError;
use crate::table::Cell;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

/// Most rows of a list: what a sheet holds, less its heading.
pub const MAX_ROWS: usize = 1_048_575;

/// Rows on their way.
pub struct Spool {
    file: BufWriter<File>,
    rows: usize,
    /// Longest cell of each column in bytes of GB18030, which a DBF must know before its first row.
    widths: Vec<usize>,
}

impl Spool {
    /// An empty list of this many columns.
    pub fn new(folder: &Path, columns: usize) -> Result<Self, DeliveryError> {
        let file = tempfile::tempfile_in(folder).map_err(DeliveryError::files("making room for the lists"))?;
        Ok(Self {
            file: BufWriter::new(file),
            rows: 0,
            widths: vec![1; columns],
        })
    }

    /// Adds a row.
    pub fn push(&mut self, row: &[Cell]) -> Result<(), DeliveryError> {
        if self.rows == MAX_ROWS {
            return Err(DeliveryError::TooManyRows { most: MAX_ROWS });
        }
        for (width, cell) in self.widths.iter_mut().zip(row) {
            *width = (*width).max(encoding_rs::GB18030.encode(&cell.text()).0.len());
        }
        serde_json::to_writer(&mut self.file, row)?;
        self.file
            .write_all(b"\n")
            .map_err(DeliveryError::files("keeping a row"))?;
        self.rows += 1;
        Ok(())
    }

    /// Rows so far.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Longest cell of each column in bytes of GB18030, at least 1.
    pub fn widths(&self) -> &[usize] {
        &self.widths
    }

    /// Goes through all rows from the first.
    pub fn each(&mut self, mut work: impl FnMut(Vec<Cell>) -> Result<(), DeliveryError>) -> Result<(), DeliveryError> {
        let lost = || DeliveryError::files("reading the rows back");
        self.file.flush().map_err(lost())?;
        let file = self.file.get_mut();
        file.seek(SeekFrom::Start(0)).map_err(lost())?;
        for line in BufReader::new(&mut *file).lines() {
            let line = line.map_err(lost())?;
            work(serde_json::from_str(&line)?)?;
        }
        file.seek(SeekFrom::End(0)).map_err(lost())?;
        Ok(())
    }
}
