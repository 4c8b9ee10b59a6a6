//! How is a picture turned upright by its EXIF orientation?
use domain::{Rect, SizePx};

/// EXIF orientation (tag 0x0112): what was done to the stored pixels, so what must be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Orientation {
    /// 1: stored as seen.
    #[default]
    Upright,
    /// 2: mirrored left to right.
    MirroredX,
    /// 3: turned half way round.
    Turned180,
    /// 4: mirrored top to bottom.
    MirroredY,
    /// 5: mirrored along the main diagonal.
    Transposed,
    /// 6: has to be turned 90° clockwise.
    Turn90,
    /// 7: mirrored along the other diagonal.
    Transversed,
    /// 8: has to be turned 90° anticlockwise.
    Turn270,
}

impl Orientation {
    /// All eight, in the order of their EXIF values 1–8.
    pub const ALL: [Self; 8] = [
        Self::Upright,
        Self::MirroredX,
        Self::Turned180,
        Self::MirroredY,
        Self::Transposed,
        Self::Turn90,
        Self::Transversed,
        Self::Turn270,
    ];

    /// Reads the EXIF value; anything but 1–8 is unknown.
    pub fn from_exif(value: u32) -> Option<Self> {
        let index = usize::try_from(value.checked_sub(1)?).ok()?;
        Self::ALL.get(index).copied()
    }

    /// Its EXIF value.
    pub const fn exif(self) -> u8 {
        match self {
            Self::Upright => 1,
            Self::MirroredX => 2,
            Self::Turned180 => 3,
            Self::MirroredY => 4,
            Self::Transposed => 5,
            Self::Turn90 => 6,
            Self::Transversed => 7,
            Self::Turn270 => 8,
        }
    }

    /// Whether width and height change places.
    pub fn swaps_sides(self) -> bool {
        matches!(
            self,
            Self::Transposed | Self::Turn90 | Self::Transversed | Self::Turn270
        )
    }

    /// The size after the picture is upright.
    pub fn upright_size(self, stored: SizePx) -> SizePx {
        if self.swaps_sides() {
            SizePx {
                width: stored.height,
                height: stored.width,
            }
        } else {
            stored
        }
    }
}

impl Orientation {
    /// Where a place of the upright picture lies among the stored pixels; `stored` is their size.
    pub fn stored_place(self, place: Rect, stored: SizePx) -> Rect {
        let (w, h) = (stored.width as f32, stored.height as f32);
        let of = |x: f32, y: f32| match self {
            Self::Upright => (x, y),
            Self::MirroredX => (w - x, y),
            Self::Turned180 => (w - x, h - y),
            Self::MirroredY => (x, h - y),
            Self::Transposed => (y, x),
            Self::Turn90 => (y, h - x),
            Self::Transversed => (w - y, h - x),
            Self::Turn270 => (w - y, x),
        };
        let (one, other) = (of(place.x, place.y), of(place.x + place.width, place.y + place.height));
        Rect {
            x: one.0.min(other.0),
            y: one.1.min(other.1),
            width: (one.0 - other.0).abs(),
            height: (one.1 - other.1).abs(),
        }
    }
}

/// Side of the square blocks that are moved at once: both the read and the written block stay in the level-1 cache.
const BLOCK: usize = 32;

/// Turns row-major RGB pixels upright; `rgb` holds `stored.width * stored.height * 3` bytes.
pub(crate) fn upright(rgb: Vec<u8>, stored: SizePx, orientation: Orientation) -> Vec<u8> {
    let (w, h) = (stored.width as usize, stored.height as usize);
    // Where pixel (x, y) of the upright picture is stored.
    let source: fn(usize, usize, usize, usize) -> (usize, usize) = match orientation {
        Orientation::Upright => return rgb,
        Orientation::MirroredX => |x, y, w, _| (w - 1 - x, y),
        Orientation::Turned180 => |x, y, w, h| (w - 1 - x, h - 1 - y),
        Orientation::MirroredY => |x, y, _, h| (x, h - 1 - y),
        Orientation::Transposed => |x, y, _, _| (y, x),
        Orientation::Turn90 => |x, y, _, h| (y, h - 1 - x),
        Orientation::Transversed => |x, y, w, h| (w - 1 - y, h - 1 - x),
        Orientation::Turn270 => |x, y, w, _| (w - 1 - y, x),
    };
    let out_size = orientation.upright_size(stored);
    let (out_w, out_h) = (out_size.width as usize, out_size.height as usize);
    let mut out = vec![0; rgb.len()];
    for block_y in (0..out_h).step_by(BLOCK) {
        for block_x in (0..out_w).step_by(BLOCK) {
            for y in block_y..(block_y + BLOCK).min(out_h) {
                for x in block_x..(block_x + BLOCK).min(out_w) {
                    let (sx, sy) = source(x, y, w, h);
                    let (to, from) = ((y * out_w + x) * 3, (sy * w + sx) * 3);
                    out[to..to + 3].copy_from_slice(&rgb[from..from + 3]);
                }
            }
        }
    }
    out
}
