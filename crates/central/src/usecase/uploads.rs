//! Photos that come in pieces: each piece is kept durably before it is acknowledged, and the whole goes the way of every photo.
//!
//! Pieces are beside the photos, rows say which of them count. Whoever knows an upload's id, which only its signed creation
//! gave, may go on with it; what comes in the end must have the SHA-256 the creation named.
use crate::center::Central;
use crate::error::CentralError;
use crate::store::{StationRow, UploadPiece, UploadRow};
use domain::BlobId;

/// Uploads a station may have open; one more, and its oldest is forgotten.
const MAX_OPEN: usize = 64;
/// An upload nobody goes on with is forgotten after this time.
const KEPT_MS: i64 = 24 * 3_600_000;
/// Expired uploads forgotten at one tick.
const BATCH: usize = 100;

/// How a creation treats an upload of the same photo that was begun before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// Go on with it.
    Resume,
    /// Begin anew, as every tus client expects.
    Anew,
}

impl Central {
    /// Begins an upload, or finds the one that was begun. A photo that is here already is at its end.
    ///
    /// # Errors
    /// `Invalid` for a length no photo has.
    pub fn begin_upload(
        &self,
        station: &StationRow,
        blob: &BlobId,
        bytes: u64,
        begun: Begun,
    ) -> Result<UploadRow, CentralError> {
        if bytes == 0 || bytes > wire::MAX_BLOB_BYTES as u64 {
            let most = wire::MAX_BLOB_BYTES;
            return Err(wire::Invalid::new("upload_length", format!("must be 1 to {most} bytes")).into());
        }
        let here = self.has_photo(&station.school, blob)?;
        let id = hex::encode(self.random::<32>()?);
        let (upload, dropped) = self.change(|change| {
            let mut dropped = Vec::new();
            if begun == Begun::Resume
                && let Some(found) = change.rows.upload_of(station, blob)?
                && found.bytes == bytes
                && found.expires_at > change.now
            {
                return Ok((found, dropped));
            }
            let open = change.rows.uploads(station)?;
            for old in open.iter().take(open.len().saturating_sub(MAX_OPEN - 1)) {
                change.rows.drop_upload(old)?;
                dropped.push(old.id.clone());
            }
            let upload = UploadRow {
                school: station.school.clone(),
                id: id.clone(),
                station: station.id,
                blob: *blob,
                bytes,
                received: if here { bytes } else { 0 },
                created_at: change.now,
                expires_at: change.now.plus(KEPT_MS),
            };
            change.rows.add_upload(&upload)?;
            Ok((upload, dropped))
        })?;
        dropped.iter().try_for_each(|id| self.blobs().drop_pieces(id))?;
        Ok(upload)
    }

    /// An upload that has not expired, of a station that was not revoked.
    ///
    /// # Errors
    /// `UploadGone` when there is none.
    pub fn upload(&self, id: &str) -> Result<(StationRow, UploadRow), CentralError> {
        let now = self.now();
        let found = self.read(|rows| {
            let upload = rows.upload(id)?.filter(|u| u.expires_at > now);
            let Some(upload) = upload else { return Ok(None) };
            let station = rows.station(&upload.station)?.filter(|s| s.revoked_at.is_none());
            Ok(station.map(|s| (s, upload)))
        })?;
        found.ok_or(CentralError::UploadGone)
    }

    /// Keeps the piece that follows. With the last one the photo is whole and is taken in; a photo that is refused takes its
    /// upload with it.
    ///
    /// # Errors
    /// `UploadOffset` when it does not follow; those of taking a photo in.
    pub fn add_piece(
        &self,
        station: &StationRow,
        upload: &UploadRow,
        start: u64,
        bytes: &[u8],
    ) -> Result<u64, CentralError> {
        let end = start + bytes.len() as u64;
        if start != upload.received || end > upload.bytes {
            return Err(CentralError::UploadOffset);
        }
        if end == upload.bytes {
            return self.finish_upload(station, upload, bytes).map(|()| end);
        }
        let piece = UploadPiece {
            start,
            bytes: bytes.len() as u64,
            name: format!("{start}-{}", hex::encode(self.random::<8>()?)),
        };
        self.blobs().put_piece(&upload.id, &piece.name, bytes)?;
        let added = self.change(|change| change.rows.add_upload_piece(upload, &piece, change.now.plus(KEPT_MS)))?;
        if added {
            Ok(end)
        } else {
            Err(CentralError::UploadOffset)
        }
    }

    fn finish_upload(&self, station: &StationRow, upload: &UploadRow, last: &[u8]) -> Result<(), CentralError> {
        let pieces = self.read(|rows| rows.upload_pieces(upload))?;
        let before: u64 = pieces.iter().map(|p| p.bytes).sum();
        if before + last.len() as u64 > upload.bytes {
            // A request that was cut kept its rest meanwhile: the upload stands, and the client looks where it is.
            return Err(CentralError::UploadOffset);
        }
        let mut whole = Vec::with_capacity(usize::try_from(upload.bytes).unwrap_or(0));
        for piece in &pieces {
            match self.blobs().get_piece(&upload.id, &piece.name)? {
                Some(bytes) if piece.start == whole.len() as u64 => whole.extend_from_slice(&bytes),
                _ => return self.forget_upload(upload).and(Err(CentralError::UploadGone)),
            }
        }
        whole.extend_from_slice(last);
        match self.put_photo(station, &upload.blob, &whole) {
            Ok(_) => {
                self.change(|change| change.rows.finish_upload(upload))?;
                self.blobs().drop_pieces(&upload.id)
            }
            Err(refused @ (CentralError::Digest | CentralError::Photo(_))) => {
                self.forget_upload(upload)?;
                Err(refused)
            }
            Err(fault) => Err(fault),
        }
    }

    /// Takes an upload back to where a request began whose bytes turned out to be wrong.
    ///
    /// # Errors
    /// When the store fails.
    pub fn cut_upload(&self, upload: &UploadRow, from: u64, to: u64) -> Result<(), CentralError> {
        self.change(|change| change.rows.cut_upload(upload, from, to))
    }

    /// Forgets an upload and what came of it.
    ///
    /// # Errors
    /// When store or photo place fail.
    pub fn forget_upload(&self, upload: &UploadRow) -> Result<(), CentralError> {
        self.change(|change| change.rows.drop_upload(upload))?;
        self.blobs().drop_pieces(&upload.id)
    }

    /// Forgets what nobody went on with.
    pub(crate) fn forget_expired_uploads(&self) -> Result<usize, CentralError> {
        let now = self.now();
        let expired = self.read(|rows| rows.uploads_expired(now, BATCH))?;
        expired.iter().try_for_each(|upload| self.forget_upload(upload))?;
        Ok(expired.len())
    }
}
