//! Tables `upload` and `upload_piece`: photos that come in pieces, and how far each has come.
use crate::store::sql::{Row, cell, count, limit, params, parsed, signed};
use crate::store::{ReadRows, SchoolCode, StationRow, Stored, UploadPiece, UploadRow, WriteRows};
use domain::{BlobId, UtcMs};

fn read(row: &Row) -> Stored<UploadRow> {
    Ok(UploadRow {
        school: SchoolCode::stored(cell(row, "school_id")?),
        id: cell(row, "upload_id")?,
        station: parsed(row, "station_id")?,
        blob: parsed(row, "blob_id")?,
        bytes: count(row, "bytes")?,
        received: count(row, "received")?,
        created_at: UtcMs(cell(row, "created_at_ms")?),
        expires_at: UtcMs(cell(row, "expires_at_ms")?),
    })
}

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// An upload by its id.
    pub fn upload(&self, id: &str) -> Stored<Option<UploadRow>> {
        let sql = "SELECT * FROM upload WHERE upload_id = ?1";
        self.one("reading an upload", sql, params![id], read)
    }

    /// The latest upload of a photo that a station has begun.
    pub fn upload_of(&self, station: &StationRow, blob: &BlobId) -> Stored<Option<UploadRow>> {
        let sql = "SELECT * FROM upload WHERE school_id = ?1 AND station_id = ?2 AND blob_id = ?3
             ORDER BY created_at_ms DESC, upload_id DESC LIMIT 1";
        let params = params![station.school.as_str(), station.id.to_string(), blob.to_string()];
        self.one("looking for an upload", sql, params, read)
    }

    /// Uploads of a station, oldest first.
    pub fn uploads(&self, station: &StationRow) -> Stored<Vec<UploadRow>> {
        let sql = "SELECT * FROM upload WHERE school_id = ?1 AND station_id = ?2 ORDER BY created_at_ms, upload_id";
        let params = params![station.school.as_str(), station.id.to_string()];
        self.many("listing uploads", sql, params, read)
    }

    /// Uploads that have expired, at most so many.
    pub fn uploads_expired(&self, now: UtcMs, most: usize) -> Stored<Vec<UploadRow>> {
        let sql = "SELECT * FROM upload WHERE expires_at_ms <= ?1 ORDER BY expires_at_ms LIMIT ?2";
        self.many("listing expired uploads", sql, params![now.0, limit(most)], read)
    }

    /// The pieces of an upload, in their order.
    pub fn upload_pieces(&self, upload: &UploadRow) -> Stored<Vec<UploadPiece>> {
        let sql = "SELECT start, bytes, name FROM upload_piece WHERE school_id = ?1 AND upload_id = ?2 ORDER BY start";
        let params = params![upload.school.as_str(), &upload.id];
        self.many("listing the pieces of an upload", sql, params, |row| {
            Ok(UploadPiece {
                start: count(row, "start")?,
                bytes: count(row, "bytes")?,
                name: cell(row, "name")?,
            })
        })
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Adds an upload.
    pub fn add_upload(&self, upload: &UploadRow) -> Stored<()> {
        let sql = "INSERT INTO upload
                 (school_id, upload_id, station_id, blob_id, bytes, received, created_at_ms, expires_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let params = params![
            upload.school.as_str(),
            &upload.id,
            upload.station.to_string(),
            upload.blob.to_string(),
            signed(upload.bytes),
            signed(upload.received),
            upload.created_at.0,
            upload.expires_at.0,
        ];
        self.change_later("adding an upload", sql, params)
    }

    /// Adds the piece that follows; says whether it did, which it does not when another one has come before.
    pub fn add_upload_piece(&self, upload: &UploadRow, piece: &UploadPiece, expires: UtcMs) -> Stored<bool> {
        let move_on = "UPDATE upload SET received = ?4, expires_at_ms = ?5
             WHERE school_id = ?1 AND upload_id = ?2 AND received = ?3";
        let (school, id) = (upload.school.as_str(), &upload.id);
        let (start, end) = (signed(piece.start), signed(piece.start + piece.bytes));
        if self.change(
            "moving an upload on",
            move_on,
            params![school, id, start, end, expires.0],
        )? == 0
        {
            return Ok(false);
        }
        let sql = "INSERT INTO upload_piece (school_id, upload_id, start, bytes, name) VALUES (?1, ?2, ?3, ?4, ?5)";
        let params = params![school, id, start, signed(piece.bytes), &piece.name];
        self.change("adding a piece of an upload", sql, params)?;
        Ok(true)
    }

    /// Takes an upload back to where it was, when it has come as far as said and no farther.
    pub fn cut_upload(&self, upload: &UploadRow, from: u64, to: u64) -> Stored<()> {
        let (school, id) = (upload.school.as_str(), &upload.id);
        let back = "UPDATE upload SET received = ?4 WHERE school_id = ?1 AND upload_id = ?2 AND received = ?3";
        if self.change(
            "taking an upload back",
            back,
            params![school, id, signed(from), signed(to)],
        )? > 0
        {
            let cut = "DELETE FROM upload_piece WHERE school_id = ?1 AND upload_id = ?2 AND start >= ?3";
            self.change("taking an upload back", cut, params![school, id, signed(to)])?;
        }
        Ok(())
    }

    /// Marks an upload as whole; its pieces are not needed any more.
    pub fn finish_upload(&self, upload: &UploadRow) -> Stored<()> {
        let (school, id) = (upload.school.as_str(), &upload.id);
        let done = "UPDATE upload SET received = bytes WHERE school_id = ?1 AND upload_id = ?2";
        self.change("finishing an upload", done, params![school, id])?;
        let cut = "DELETE FROM upload_piece WHERE school_id = ?1 AND upload_id = ?2";
        self.change_later("finishing an upload", cut, params![school, id])
    }

    /// Forgets an upload and its pieces.
    pub fn drop_upload(&self, upload: &UploadRow) -> Stored<()> {
        let (school, id) = (upload.school.as_str(), &upload.id);
        let pieces = "DELETE FROM upload_piece WHERE school_id = ?1 AND upload_id = ?2";
        self.change("forgetting an upload", pieces, params![school, id])?;
        let row = "DELETE FROM upload WHERE school_id = ?1 AND upload_id = ?2";
        self.change("forgetting an upload", row, params![school, id])
            .map(|_| ())
    }
}
