//! How large is a picture decoded, and how do places of the decoded picture and of the original correspond?
//!
//! A large still holds several times the pixels of its finished picture. Decoding half or a quarter of them each way costs a
//! fraction of the time, and the decoder's halving is a clean one (it leaves the upper frequencies of each block out). The
//! rule depends on nothing but the original's size, the rectangle and the standard, so making a finished picture again takes
//! the same pixels as the first time.
use domain::{PhotoSpec, Point, Rect, RectPx, SizePx};
use photo::{Decoded, Scale};

/// Fewest pixels a still is looked at with: as many as 1920 × 1080 have, which small faces in the background need.
const ENOUGH_PX: u64 = 1920 * 1080;
/// Pixels of the decoded crop for each one of the finished picture, each way, at least; with less room the resample would have
/// to work with edges the halving has already softened.
const ROOM: f32 = 1.25;
/// Halvings at most.
const MAX_HALVINGS: u32 = 2;

/// The scale a still is looked at.
pub(crate) fn of_look(original: SizePx) -> Scale {
    halved(original, halvings(original))
}

/// The scale a finished picture is made from: that of the look, if the rectangle lies on its pixels and leaves enough of them.
pub(crate) fn of_finish(original: SizePx, crop: RectPx, spec: &PhotoSpec) -> Scale {
    let halvings = halvings(original);
    let step = 1 << halvings;
    let on_pixels = [crop.x, crop.y, crop.width, crop.height].iter().all(|v| v % step == 0);
    let enough = (crop.width / step) as f32 >= spec.size.value.width as f32 * ROOM;
    if on_pixels && enough {
        halved(original, halvings)
    } else {
        Scale::Full
    }
}

fn halvings(original: SizePx) -> u32 {
    let pixels = u64::from(original.width) * u64::from(original.height);
    (1..=MAX_HALVINGS)
        .take_while(|n| pixels >> (2 * n) >= ENOUGH_PX)
        .last()
        .unwrap_or(0)
}

fn halved(original: SizePx, halvings: u32) -> Scale {
    match halvings {
        0 => Scale::Full,
        n => Scale::AtLeast(SizePx {
            width: original.width >> n,
            height: original.height >> n,
        }),
    }
}

/// The part of a decoded picture whose pixels each stand for whole ones of the original: the decoder rounds an odd side up.
pub(crate) fn whole_steps(decoded: &Decoded) -> SizePx {
    let step = (1.0 / decoded.scale) as u32;
    SizePx {
        width: decoded.original.width / step,
        height: decoded.original.height / step,
    }
}

/// A point of the decoded picture in pixels of the original.
pub(crate) fn up_point(point: Point, scale: f32) -> Point {
    Point::new(point.x / scale, point.y / scale)
}

/// A point of the original in pixels of the decoded picture.
pub(crate) fn down_point(point: Point, scale: f32) -> Point {
    Point::new(point.x * scale, point.y * scale)
}

/// A place of the decoded picture in pixels of the original.
pub(crate) fn up(place: Rect, scale: f32) -> Rect {
    Rect {
        x: place.x / scale,
        y: place.y / scale,
        width: place.width / scale,
        height: place.height / scale,
    }
}

/// The same for whole pixels; a scale is 1, 1/2, 1/4 or 1/8, so this is exact.
pub(crate) fn up_px(place: RectPx, scale: f32) -> RectPx {
    mapped(place, |v| (v as f32 / scale).round() as u32)
}

/// Whole pixels of the original in pixels of the decoded picture; exact for what came from [`up_px`].
pub(crate) fn down_px(place: RectPx, scale: f32) -> RectPx {
    mapped(place, |v| (v as f32 * scale).round() as u32)
}

fn mapped(place: RectPx, map: impl Fn(u32) -> u32) -> RectPx {
    RectPx {
        x: map(place.x),
        y: map(place.y),
        width: map(place.width),
        height: map(place.height),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_stills_are_looked_at_smaller_and_small_ones_are_not() {
        let of = |width, height| halvings(SizePx { width, height });
        assert_eq!(
            [
                of(1920, 1080),
                of(3000, 2000),
                of(4000, 3000),
                of(6000, 4000),
                of(8000, 6000)
            ],
            [0, 0, 1, 1, 2]
        );
        assert_eq!(
            of_look(SizePx {
                width: 480,
                height: 640
            }),
            Scale::Full
        );
    }

    #[test]
    fn whole_pixels_go_up_and_come_back() {
        let place = RectPx {
            x: 701,
            y: 3,
            width: 935,
            height: 1247,
        };
        for scale in [1.0, 0.5, 0.25, 0.125] {
            assert_eq!(down_px(up_px(place, scale), scale), place);
        }
    }
}
