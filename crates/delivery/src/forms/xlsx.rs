//! Lists as a workbook: numbers of people are text cells, and nothing is a formula.
use super::Sheet;
use crate::error::DeliveryError;
use crate::spool::Spool;
use crate::table::Cell;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use std::io::{Seek, SeekFrom, Write};

pub fn write(sheet: &Sheet<'_>, rows: &mut Spool, out: &mut dyn Write) -> Result<(), DeliveryError> {
    let lost = || DeliveryError::files("writing the xlsx list");
    let mut book = Workbook::new();
    book.set_tempdir(sheet.folder)?;
    let made = ExcelDateTime::from_timestamp(sheet.made_at.0.div_euclid(1000))?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let page = book.add_worksheet_with_constant_memory()?;
    page.set_name(sheet.stem)?;
    page.set_freeze_panes(1, 0)?;
    for (at, column) in (0u16..).zip(sheet.columns) {
        page.write_string(0, at, column.title_zh)?;
    }
    let mut line = 1u32;
    rows.each(|row| {
        for (at, cell) in (0u16..).zip(row) {
            match cell {
                Cell::Empty => {}
                // Excel keeps 15 digits; a count, a size and a length have fewer.
                Cell::Number(n) => {
                    page.write_number(line, at, n as f64)?;
                }
                Cell::Text(text) => {
                    page.write_string(line, at, text)?;
                }
            }
        }
        line += 1;
        Ok(())
    })?;
    let mut file = tempfile::tempfile_in(sheet.folder).map_err(lost())?;
    book.save_to_writer(&mut file)?;
    file.seek(SeekFrom::Start(0)).map_err(lost())?;
    std::io::copy(&mut file, out).map_err(lost())?;
    Ok(())
}
