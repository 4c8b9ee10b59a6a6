//! Lists as csv: UTF-8 with a byte order mark, and no cell that a sheet program would take for a formula.
use super::Sheet;
use crate::error::DeliveryError;
use crate::spool::Spool;
use crate::table::Cell;
use std::io::Write;

pub fn write(sheet: &Sheet<'_>, rows: &mut Spool, out: &mut dyn Write) -> Result<(), DeliveryError> {
    out.write_all("\u{feff}".as_bytes())
        .map_err(DeliveryError::files("writing the csv list"))?;
    let mut csv = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(out);
    csv.write_record(sheet.columns.iter().map(|c| c.key))?;
    rows.each(|row| Ok(csv.write_record(row.iter().map(harmless))?))?;
    csv.flush().map_err(DeliveryError::files("writing the csv list"))
}

/// Text that begins like a formula gets an apostrophe in front, as OWASP's page on CSV injection advises.
fn harmless(cell: &Cell) -> String {
    let text = cell.text();
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text
    }
}
