//! Photos: taking them in, and giving them out as they came or as the finished picture.
use crate::center::Central;
use crate::error::CentralError;
use crate::store::{BlobRow, OrderRow, ReadRows, SchoolCode, StationRow};
use domain::{BlobId, OrderId, RectPx, SizePx};
use photo::{Limits, Scale};

/// Orders and ops that follow a photo at once; the rest follows with the timers.
const MAX_FOLLOWERS: usize = 100;

/// What became of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upload {
    /// The photo is new here.
    Stored,
    /// The school had sent it before.
    Already,
}

/// What photos the center takes: the station's limits (see `photo::Limits`), and no more bytes than the protocol allows.
pub fn limits() -> Limits {
    Limits {
        max_bytes: wire::MAX_BLOB_BYTES as u64,
        ..Limits::default()
    }
}

impl Central {
    /// Whether a school has sent this photo.
    ///
    /// # Errors
    /// When the store fails.
    pub fn has_photo(&self, school: &SchoolCode, id: &BlobId) -> Result<bool, CentralError> {
        let known = self.read(|rows| rows.blob(school, id))?.is_some();
        Ok(known && self.blobs().has(id)?)
    }

    /// Takes a photo in: bytes that are not those of the id, not a JPEG, torn or too large are refused. The bytes are on disk
    /// before the row that names them; then the orders and ops that waited for it move on.
    ///
    /// # Errors
    /// `Digest` or `Photo` when it is refused; those of store and folder.
    pub fn put_photo(&self, station: &StationRow, id: &BlobId, bytes: &[u8]) -> Result<Upload, CentralError> {
        let size = self.check_photo(&station.school, id, bytes)?;
        self.keep_photo(station, id, bytes, size)
    }

    /// The first half of [`Central::put_photo`], which needs the processor: the size of a photo that is new to this school.
    pub(crate) fn check_photo(
        &self,
        school: &SchoolCode,
        id: &BlobId,
        bytes: &[u8],
    ) -> Result<Option<SizePx>, CentralError> {
        if BlobId::of(bytes) != *id {
            return Err(CentralError::Digest);
        }
        if self.read(|rows| rows.blob(school, id))?.is_some() {
            return Ok(None);
        }
        // An eighth of the size is enough: the decoder reads, and checks, all of the coded picture at each scale.
        let tiny = Scale::AtLeast(SizePx { width: 1, height: 1 });
        Ok(Some(photo::decode(bytes, tiny, &limits())?.original))
    }

    /// The second half, which waits for the disk: bytes, row, and what waited for them.
    pub(crate) fn keep_photo(
        &self,
        station: &StationRow,
        id: &BlobId,
        bytes: &[u8],
        new: Option<SizePx>,
    ) -> Result<Upload, CentralError> {
        self.blobs().put(id, bytes)?;
        let school = &station.school;
        let waiting = |rows: &ReadRows<'_>| {
            let orders = rows.orders_awaiting(Some((school, id)), MAX_FOLLOWERS)?;
            Ok((orders, rows.held_ops(Some((school, &id.to_string())), MAX_FOLLOWERS)?))
        };
        let (orders, held) = match new {
            Some(size) => self.change_in(school, |change| {
                change.rows.add_blob(&BlobRow {
                    school: school.clone(),
                    id: *id,
                    bytes: bytes.len() as u64,
                    size,
                    station: station.id,
                    received_at: change.now,
                })?;
                // Whoever comes after this transaction finds the row; whoever came before it is found here.
                waiting(change.rows)
            })?,
            None => self.read(waiting)?,
        };
        self.move_on(&orders)?;
        self.retry_held(&held)?;
        Ok(new.map_or(Upload::Already, |_| Upload::Stored))
    }

    /// Lets paid orders whose photo is here go on to review; each on its own, in the turn of its school.
    pub(crate) fn move_on(&self, orders: &[OrderId]) -> Result<usize, CentralError> {
        let mut moved = 0;
        for id in orders {
            let Some(OrderRow { school, .. }) = self.read(|rows| rows.order(id))? else {
                continue;
            };
            moved += self.change_in(&school, |change| {
                let Some(mut row) = change.rows.order(id)? else {
                    return Ok(0);
                };
                let before = row.order.state;
                change.advance(&mut row)?;
                if row.order.state == before {
                    return Ok(0);
                }
                change.save(&mut row)?;
                Ok(1)
            })?;
        }
        Ok(moved)
    }

    /// Says whether store and photo folder can be used now.
    ///
    /// # Errors
    /// When one of them cannot.
    pub fn ready(&self) -> Result<(), CentralError> {
        self.read(|rows| rows.campaigns(None).map(|_| ()))?;
        self.blobs().ready()
    }

    /// The untouched original of an order's current photo, checked against its id.
    ///
    /// # Errors
    /// When the order or its photo is not here, or the bytes are damaged.
    pub fn photo(&self, order: &OrderId) -> Result<Vec<u8>, CentralError> {
        self.photo_of(order, None).map(|(bytes, _)| bytes)
    }

    /// The untouched original of one revision of an order's photo, the current one when none is named, and what is cut out of it.
    ///
    /// # Errors
    /// As [`Central::photo`], and when there is no such revision.
    pub fn photo_of(&self, order: &OrderId, revision: Option<u32>) -> Result<(Vec<u8>, RectPx), CentralError> {
        let (school, photo) = self.read(|rows| {
            let row = rows
                .order(order)?
                .ok_or_else(|| CentralError::not_found("order", order))?;
            let Some(wanted) = revision.filter(|r| *r != row.order.photo.revision) else {
                return Ok((row.school, row.order.photo));
            };
            let earlier = rows.photo_revisions(&row.school, order)?;
            let doc = earlier.iter().find(|p| p.revision == wanted);
            let doc = doc.ok_or_else(|| CentralError::not_found("photo", wanted))?;
            Ok((row.school, doc.to_domain()?))
        })?;
        let blob = photo.blob;
        // The row decides: bytes another school has sent are not this school's.
        self.read(|rows| rows.blob(&school, &blob))?
            .ok_or_else(|| CentralError::not_found("photo", blob))?;
        let bytes = self.blobs().get(&blob)?;
        let bytes = bytes.ok_or_else(|| CentralError::not_found("photo", blob))?;
        Ok((bytes, photo.crop))
    }
}
