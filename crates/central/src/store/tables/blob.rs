//! Table `blob`: which photos each school has sent. The bytes are elsewhere.
use crate::store::sql::{Row, cell, count, limit, params, parsed, signed, small};
use crate::store::{BlobRow, ReadRows, SchoolCode, Stored, WriteRows};
use domain::{BlobId, SizePx, UtcMs};

fn read(row: &Row) -> Stored<BlobRow> {
    Ok(BlobRow {
        school: SchoolCode::stored(cell(row, "school_id")?),
        id: parsed(row, "blob_id")?,
        bytes: count(row, "bytes")?,
        size: SizePx {
            width: small(row, "width_px")?,
            height: small(row, "height_px")?,
        },
        station: parsed(row, "station_id")?,
        received_at: UtcMs(cell(row, "received_at_ms")?),
    })
}

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// A photo a school has sent.
    pub fn blob(&self, school: &SchoolCode, id: &BlobId) -> Stored<Option<BlobRow>> {
        let sql = "SELECT * FROM blob WHERE school_id = ?1 AND blob_id = ?2";
        let params = params![school.as_str(), id.to_string()];
        self.one("reading a photo's row", sql, params, read)
    }

    /// Photos in the order of school and id, after one, at most `limit`.
    pub fn blobs_after(&self, after: Option<(&SchoolCode, &BlobId)>, most: usize) -> Stored<Vec<BlobRow>> {
        let sql = "SELECT * FROM blob WHERE school_id > ?1 OR (school_id = ?1 AND blob_id > ?2)
         ORDER BY school_id, blob_id LIMIT ?3";
        let (school, id) = after.map_or((String::new(), String::new()), |(s, b)| {
            (s.as_str().to_owned(), b.to_string())
        });
        self.many("listing photos", sql, params![school, id, limit(most)], read)
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Adds a photo; one that is there stays.
    pub fn add_blob(&self, b: &BlobRow) -> Stored<()> {
        let sql = "INSERT INTO blob (school_id, blob_id, bytes, width_px, height_px, station_id, received_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (school_id, blob_id) DO NOTHING";
        let params = params![
            b.school.as_str(),
            b.id.to_string(),
            signed(b.bytes),
            b.size.width,
            b.size.height,
            b.station.to_string(),
            b.received_at.0,
        ];
        self.change_later("adding a photo's row", sql, params)
    }
}
