//! Lists as JSON: one object, one row a line, so that tools can read it whole and people can compare it.
use super::Sheet;
use crate::error::DeliveryError;
use crate::spool::Spool;
use serde_json::{Map, Value};
use std::io::Write;

pub fn write(sheet: &Sheet<'_>, rows: &mut Spool, out: &mut dyn Write) -> Result<(), DeliveryError> {
    let full = || DeliveryError::files("writing the json list");
    let stem = serde_json::to_string(sheet.stem)?;
    write!(
        out,
        "{{\"format\":\"xueying-list-v1\",\"list\":{stem},\"made_at_ms\":{},\"rows\":[",
        sheet.made_at.0
    )
    .map_err(full())?;
    let mut separator = "\n";
    rows.each(|row| {
        let mut object = Map::new();
        for (column, cell) in sheet.columns.iter().zip(row) {
            object.insert(column.key.to_owned(), serde_json::to_value(cell)?);
        }
        out.write_all(separator.as_bytes()).map_err(full())?;
        serde_json::to_writer(&mut *out, &Value::Object(object))?;
        separator = ",\n";
        Ok(())
    })?;
    out.write_all(b"\n]}\n").map_err(full())
}
