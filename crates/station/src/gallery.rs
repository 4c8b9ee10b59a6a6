//! The picture door: newest preview frame, shots, orders, and small versions of them.
use crate::core::Core;
use crate::picture::{Picture, Size, Wanted, wanted};
use crate::trouble::Trouble;
use domain::{BlobId, PhotoSpec, RectPx, SizePx};
use photo::{Limits, Scale};
use std::time::{Duration, Instant};
use store::campaigns;

/// Height of a thumbnail.
const THUMB_HEIGHT: u32 = 240;
const THUMB_QUALITY: u8 = 82;
/// Longest wait for a newer preview frame.
const PREVIEW_PATIENCE: Duration = Duration::from_secs(1);

impl Core {
    /// Answers a path and query of the picture door.
    pub fn picture(&self, path: &str, query: &str) -> Picture {
        match wanted(path, query) {
            None => Picture::none(404),
            Some(Wanted::Preview { after }) => self.preview(after),
            Some(Wanted::Shot { id, size }) => self.answer(self.shot_picture(&id.to_string(), size)),
            Some(Wanted::Order { id, size }) => self.answer(self.order_picture(&id.to_string(), size)),
        }
    }

    fn answer(&self, picture: Result<Vec<u8>, Trouble>) -> Picture {
        match picture {
            Ok(bytes) => Picture::jpeg(bytes),
            Err(Trouble::NoSuch(_)) => Picture::none(404),
            Err(_) => Picture::none(500),
        }
    }

    fn preview(&self, after: u64) -> Picture {
        let seat = self.seat();
        let frame = seat.and_then(|s| Some((s.handle.wait_newer(after, PREVIEW_PATIENCE)?, s.turns())));
        match frame {
            Some((frame, turns)) => Picture {
                headers: vec![
                    ("X-Sequence", frame.sequence.to_string()),
                    ("X-Taken-Ms", self.clock_of(frame.at).to_string()),
                    ("X-Width", frame.size.width.to_string()),
                    ("X-Height", frame.size.height.to_string()),
                    // Of the bytes as they are; whoever shows them turns them by so many quarters.
                    ("X-Turns", turns.to_string()),
                ],
                ..Picture::jpeg(frame.jpeg.to_vec())
            },
            None => Picture::none(204),
        }
    }

    /// A moment by the station's clock, in Unix milliseconds.
    fn clock_of(&self, moment: Instant) -> i64 {
        self.now().0 - i64::try_from(moment.elapsed().as_millis()).unwrap_or(0)
    }

    fn shot_picture(&self, id: &str, size: Size) -> Result<Vec<u8>, Trouble> {
        let shot = self.stored_shot(id)?;
        let spec = match shot.campaign {
            Some(campaign) => self.store.read(|c| campaigns::get(c, campaign))?.map(|c| c.spec),
            None => None,
        };
        let spec = spec.and_then(|s| self.specs.get(&s).cloned());
        self.sized(&shot.blob, shot.crop, spec.as_ref(), size)
    }

    fn order_picture(&self, id: &str, size: Size) -> Result<Vec<u8>, Trouble> {
        let order = self.stored_order(id)?.order;
        let campaign = self.store.read(|c| campaigns::get(c, order.campaign))?;
        let spec = campaign.and_then(|c| self.specs.get(&c.spec).cloned());
        self.sized(&order.photo.blob, Some(order.photo.crop), spec.as_ref(), size)
    }

    /// A kept photo as it is, as the delivered picture, or small.
    fn sized(
        &self,
        blob: &BlobId,
        crop: Option<RectPx>,
        spec: Option<&PhotoSpec>,
        size: Size,
    ) -> Result<Vec<u8>, Trouble> {
        let original = self.store.blobs().get(blob)?;
        match (size, crop, spec) {
            (Size::Full, _, _) => Ok(original),
            (Size::Finished, Some(crop), Some(spec)) => Ok(self.assessor.finish(&original, spec, crop)?.jpeg),
            (Size::Finished, _, _) => Err(Trouble::NoSuch("finished picture")),
            (Size::Thumb, crop, _) => thumb(&original, crop),
        }
    }
}

/// A small picture of the crop, or of the whole when there is none.
fn thumb(original: &[u8], crop: Option<RectPx>) -> Result<Vec<u8>, Trouble> {
    let small = |_| Trouble::Bad("the picture cannot be made smaller");
    let wanted = SizePx {
        width: 1,
        height: crop.map_or(THUMB_HEIGHT, |_| THUMB_HEIGHT * 2),
    };
    let decoded = photo::decode(original, Scale::AtLeast(wanted), &Limits::default())?;
    let part = match crop {
        Some(c) => {
            let scaled = |v: u32| (v as f32 * decoded.scale) as u32;
            let all = decoded.picture.size();
            let (x, y) = (scaled(c.x).min(all.width - 1), scaled(c.y).min(all.height - 1));
            let width = scaled(c.width).clamp(1, all.width - x);
            let height = scaled(c.height).clamp(1, all.height - y);
            decoded.picture.crop(RectPx { x, y, width, height }).map_err(small)?
        }
        None => decoded.picture,
    };
    let SizePx { width, height } = part.size();
    let width = (u64::from(width) * u64::from(THUMB_HEIGHT) / u64::from(height.max(1))).max(1) as u32;
    let resized = part.resize(SizePx {
        width,
        height: THUMB_HEIGHT,
    });
    photo::encode_jpeg(&resized, THUMB_QUALITY, 72).map_err(|_| Trouble::Bad("the picture cannot be encoded"))
}
