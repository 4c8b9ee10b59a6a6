//! A list in one of its forms.
mod csv;
mod dbf;
mod json;
mod xlsx;

use crate::error::DeliveryError;
use crate::profile::Form;
use crate::spool::Spool;
use crate::table::Column;
use domain::UtcMs;
use std::io::Write;
use std::path::Path;

/// What every form needs besides the rows.
pub struct Sheet<'s> {
    /// The columns.
    pub columns: &'s [&'static Column],
    /// The stem of the file, also the name of the sheet.
    pub stem: &'s str,
    /// The time written in the file.
    pub made_at: UtcMs,
    /// Where a form may keep unnamed files.
    pub folder: &'s Path,
}

/// Writes all rows in one form.
pub fn write(form: Form, sheet: &Sheet<'_>, rows: &mut Spool, out: &mut dyn Write) -> Result<(), DeliveryError> {
    match form {
        Form::Csv => csv::write(sheet, rows, out),
        Form::Json => json::write(sheet, rows, out),
        Form::Xlsx => xlsx::write(sheet, rows, out),
        Form::Dbf => dbf::write(sheet, rows, out),
    }
}
