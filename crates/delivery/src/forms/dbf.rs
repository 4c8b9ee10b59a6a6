//! Lists as dBASE III, which school systems still import: character fields in GB18030, whose first two bytes a letter are GBK.
//! Written by hand because the count of rows and the widths are known beforehand and the file is streamed. Layout:
//! dBASE III+ table file, header of 32 bytes, 32 for each field, 0x0D, records, 0x1A.
use super::Sheet;
use crate::error::DeliveryError;
use crate::spool::Spool;
use domain::time::UtcOffset;
use std::io::Write;

/// Widest character field.
const MAX_WIDTH: usize = 254;
/// Language driver: Chinese GBK (code page 936).
const GBK: u8 = 0x4d;

pub fn write(sheet: &Sheet<'_>, rows: &mut Spool, out: &mut dyn Write) -> Result<(), DeliveryError> {
    let lost = || DeliveryError::files("writing the dbf list");
    let widths: Vec<usize> = rows.widths().iter().map(|w| (*w).min(MAX_WIDTH)).collect();
    out.write_all(&header(sheet, rows.rows(), &widths)).map_err(lost())?;
    rows.each(|row| {
        let mut record = vec![b' '];
        for (cell, width) in row.iter().zip(&widths) {
            record.extend(fitted(&cell.text(), *width));
        }
        out.write_all(&record).map_err(lost())
    })?;
    out.write_all(&[0x1a]).map_err(lost())
}

fn header(sheet: &Sheet<'_>, rows: usize, widths: &[usize]) -> Vec<u8> {
    let day = sheet.made_at.civil(UtcOffset::CHINA);
    let year = u8::try_from((day.year - 1900).clamp(0, 255)).unwrap_or(u8::MAX);
    let length = 32 + 32 * widths.len() + 1;
    let record: usize = 1 + widths.iter().sum::<usize>();
    let mut out = vec![0x03, year, day.month, day.day];
    out.extend(u32::try_from(rows).unwrap_or(u32::MAX).to_le_bytes());
    out.extend(u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes());
    out.extend(u16::try_from(record).unwrap_or(u16::MAX).to_le_bytes());
    out.resize(29, 0);
    out.extend([GBK, 0, 0]);
    for (column, width) in sheet.columns.iter().zip(widths) {
        let mut field = [0u8; 32];
        field[..column.dbf.len()].copy_from_slice(column.dbf.as_bytes());
        field[11] = b'C';
        field[16] = u8::try_from(*width).unwrap_or(u8::MAX);
        out.extend(field);
    }
    out.push(0x0d);
    out
}

/// The text in exactly this many bytes, cut between letters and never within one.
fn fitted(text: &str, width: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(width);
    let mut letter = [0u8; 4];
    for c in text.chars() {
        let c = if c.is_control() { ' ' } else { c };
        let (bytes, _, _) = encoding_rs::GB18030.encode(c.encode_utf8(&mut letter));
        if out.len() + bytes.len() > width {
            break;
        }
        out.extend_from_slice(&bytes);
    }
    out.resize(width, b' ');
    out
}
