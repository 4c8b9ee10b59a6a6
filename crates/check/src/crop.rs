//! Which part of the frame becomes the finished picture?
//!
//! The rectangle is axis-aligned, has the shape of the standard's picture and lies inside the frame; nothing is turned or
//! mirrored. Of all such rectangles the one with the lowest cost is taken. For each bound of the standard's geometry the cost
//! adds `d²`, where `d` is the distance from the middle of the bound in half-widths (0 in the middle, 1 at the ends), and
//! `(e / `[`GRAVE`]`)²`, where `e` is how much is missing to [`SAFE`] of the bound in parts of the picture's width: meeting all
//! bounds comes first, sitting in their middle second, and where the frame leaves no room the bounds give way evenly, so
//! that a person at the side is off centre and not also too large.
use crate::head::Head;
use crate::input::Input;
use crate::landmark::MESH_POINTS;
use domain::finding::Bound;
use domain::{Faces, Measure, PhotoSpec, Reason, Rect, RectPx, Remedy, SizePx};

/// A breach that costs as much as sitting at the end of a bound: 1/240 of the width, 2 px of 480. Our own choice.
const GRAVE: f32 = 1.0 / 240.0;
/// Where the eyes go, from the top in parts of the height, when the standard does not place the head vertically: the middle
/// of what the standards that do so ask for. Our own choice.
const EYES_AT: f32 = 0.42;
/// Share of a bound that is aimed at; the rest is left for rounding to whole pixels. Our own choice.
const SAFE: f32 = 0.95;
/// Widths tried in the first, coarse pass.
const COARSE: u32 = 48;
/// Most widths tried in the second pass.
const FINE: i64 = 64;

/// Finds the rectangle of the main face, in pixels of the frame the faces were found in.
///
/// `None` without a face, or when no rectangle of the frame holds the whole face: [`crop_trouble`] then says why.
pub fn best_crop(faces: &Faces, frame: SizePx, spec: &PhotoSpec) -> Option<RectPx> {
    let head = Head::of(faces)?;
    let place = Search { head, spec }.inside(frame)?;
    let rect = place.rect_px(spec.size.value);
    holds_face(faces, rect.to_rect()).then_some(rect)
}

/// Why no rectangle could be found, and what to do: the unbounded best rectangle is compared with the frame.
pub(crate) fn crop_trouble(input: &Input, spec: &PhotoSpec) -> Option<(Reason, Remedy)> {
    let head = Head::of(input.faces)?;
    let wanted = ideal(head, spec);
    let frame = RectPx::whole(input.picture.size()).to_rect();
    let (left, right) = (wanted.x < 0.0, wanted.right() > frame.width);
    let (above, below) = (wanted.y < 0.0, wanted.bottom() > frame.height);
    Some(if (left && right) || (above && below) {
        (Reason::FaceTooLarge, Remedy::StepBack)
    } else if above {
        (Reason::HeadTooHigh, Remedy::CameraUp)
    } else if below {
        (Reason::HeadTooLow, Remedy::CameraDown)
    } else if left || right {
        (Reason::OffCentre, Remedy::MoveToCentre)
    } else {
        (Reason::CropOutside, Remedy::LeaveMoreRoom)
    })
}

/// The rectangle the standard would like, wherever the frame ends.
pub(crate) fn ideal(head: Head, spec: &PhotoSpec) -> Rect {
    let size = spec.size.value;
    let place = Search { head, spec }.anywhere();
    Rect {
        x: place.x as f32,
        y: place.y as f32,
        width: place.width as f32,
        height: height_for(place.width, size) as f32,
    }
}

/// Height of a crop of that width, rounded to whole pixels.
fn height_for(width: i64, size: SizePx) -> i64 {
    let (w, h) = (i64::from(size.width.max(1)), i64::from(size.height));
    ((2 * width * h + w) / (2 * w)).max(1)
}

/// Whether brows, chin and cheeks lie inside.
fn holds_face(faces: &Faces, rect: Rect) -> bool {
    let points = faces.main().map(|f| &f.landmarks);
    points.is_some_and(|p| p.len() >= MESH_POINTS && p.iter().take(MESH_POINTS).all(|p| rect.contains(p.xy())))
}

/// Top-left corner and width of a candidate.
#[derive(Debug, Clone, Copy)]
struct Place {
    x: i64,
    y: i64,
    width: i64,
    cost: f32,
}

impl Place {
    fn rect_px(self, size: SizePx) -> RectPx {
        RectPx {
            x: self.x as u32,
            y: self.y as u32,
            width: self.width as u32,
            height: height_for(self.width, size) as u32,
        }
    }
}

struct Search<'a> {
    head: Head,
    spec: &'a PhotoSpec,
}

/// Where the top-left corner may be, for a crop of a given width; `None` when such a crop does not fit at all.
type Room<'a> = dyn Fn(i64) -> Option<(std::ops::RangeInclusive<i64>, std::ops::RangeInclusive<i64>)> + 'a;

impl Search<'_> {
    fn inside(&self, frame: SizePx) -> Option<Place> {
        let (fw, fh) = (i64::from(frame.width), i64::from(frame.height));
        let room = |width: i64| {
            let height = height_for(width, self.spec.size.value);
            (width <= fw && height <= fh).then(|| (0..=fw - width, 0..=fh - height))
        };
        self.best(fw, &room)
    }

    fn anywhere(&self) -> Place {
        let reach = self.head.face_width().max(1.0);
        let around = |middle: f32| {
            let spread = reach * 20.0;
            (middle - spread) as i64..=(middle + spread) as i64
        };
        let room = |_| Some((around(self.head.middle_x()), around(self.head.eyes().y)));
        let widest = (reach * 8.0) as i64;
        // The room is endless, so there is always a best; the fall-back keeps this total.
        self.best(widest, &room).unwrap_or(Place {
            x: 0,
            y: 0,
            width: widest.max(1),
            cost: f32::INFINITY,
        })
    }

    /// Tries widths from "the face fills the picture" to the widest, first coarsely, then each one around the best.
    fn best(&self, widest: i64, room: &Room) -> Option<Place> {
        let narrowest = (self.head.face_width() as i64).max(1);
        if narrowest > widest {
            return None;
        }
        let ratio = widest as f32 / narrowest as f32;
        let coarse = (0..=COARSE).map(|i| (narrowest as f32 * ratio.powf(i as f32 / COARSE as f32)) as i64);
        let coarse_best = self.best_of(coarse.chain([widest]), room)?;
        let reach = (coarse_best.width as f32 * (ratio.powf(1.0 / COARSE as f32) - 1.0)).ceil() as i64;
        let step = (2 * reach / FINE).max(1);
        let fine = (-reach..=reach).step_by(step as usize);
        let widths = fine.map(|d| (coarse_best.width + d).clamp(narrowest, widest));
        self.best_of(widths.chain([coarse_best.width]), room)
    }

    fn best_of(&self, widths: impl Iterator<Item = i64>, room: &Room) -> Option<Place> {
        widths
            .filter_map(|width| self.best_at(width, room))
            .min_by(|a, b| a.cost.total_cmp(&b.cost))
    }

    /// The cost is convex in the height of the rectangle's top, so a ternary search finds its lowest point.
    fn best_at(&self, width: i64, room: &Room) -> Option<Place> {
        let (xs, ys) = room(width)?;
        let x = (self.head.middle_x() - width as f32 / 2.0).round() as i64;
        let x = x.clamp(*xs.start(), *xs.end());
        let at = |y: i64| self.cost(x, y, width);
        let (mut low, mut high) = (*ys.start(), *ys.end());
        while high - low > 2 {
            let third = (high - low) / 3;
            if at(low + third) <= at(high - third) {
                high -= third;
            } else {
                low += third;
            }
        }
        let y = (low..=high).min_by(|a, b| at(*a).total_cmp(&at(*b)))?;
        Some(Place {
            x,
            y,
            width,
            cost: at(y),
        })
    }

    fn cost(&self, x: i64, y: i64, width: i64) -> f32 {
        let size = self.spec.size.value;
        let scale = size.width as f32 / width as f32;
        let head = self
            .head
            .map(|p| domain::Point::new((p.x - x as f32) * scale, (p.y - y as f32) * scale));
        let bounds = GEOMETRY
            .iter()
            .filter_map(|&m| self.spec.geometry.bound(m).map(|b| (b.value, length(m, &head, size))));
        let asked: f32 = bounds
            .map(|(bound, value)| {
                let missing = missing(bound, value) / size.width as f32 / GRAVE;
                deviation(bound, value).powi(2) + missing * missing
            })
            .sum();
        let geometry = &self.spec.geometry;
        let vertical = [
            &geometry.crown_to_top_px,
            &geometry.eyes_to_top_px,
            &geometry.eyes_to_bottom_px,
        ];
        if vertical.iter().any(|b| b.is_some()) {
            return asked;
        }
        asked + (head.eyes().y / size.height as f32 - EYES_AT).powi(2)
    }
}

/// The measures a crop decides.
const GEOMETRY: [Measure; 7] = [
    Measure::CrownToTop,
    Measure::EyesToTop,
    Measure::EyesToBottom,
    Measure::FaceWidth,
    Measure::HeadHeight,
    Measure::InterEyeDistance,
    Measure::Centring,
];

/// The length behind a measure of geometry, for a head in pixels of the finished picture; NaN for other measures.
pub(crate) fn length(measure: Measure, head: &Head, size: SizePx) -> f32 {
    match measure {
        Measure::CrownToTop => head.crown.y,
        Measure::EyesToTop => head.eyes().y,
        Measure::EyesToBottom => size.height as f32 - head.eyes().y,
        Measure::FaceWidth => head.face_width(),
        Measure::HeadHeight => head.height(),
        Measure::InterEyeDistance => head.inter_eye(),
        Measure::Centring => (head.middle_x() - size.width as f32 / 2.0).abs(),
        _ => f32::NAN,
    }
}

/// Distance from the middle of a bound in half-widths. With one open end: 0 where the bound holds by far.
fn deviation(bound: Bound, value: f32) -> f32 {
    match (bound.min, bound.max) {
        (Some(min), Some(max)) => (value - (min + max) / 2.0).abs() / half(min, max),
        (None, Some(max)) => (value / max.max(0.5)).max(0.0),
        (Some(_), None) | (None, None) => 0.0,
    }
}

/// How far a value is outside the safe part of a bound, in pixels.
fn missing(bound: Bound, value: f32) -> f32 {
    let (min, max) = match (bound.min, bound.max) {
        (Some(min), Some(max)) => {
            let edge = (1.0 - SAFE) * half(min, max);
            (Some(min + edge), Some(max - edge))
        }
        (min, max) => (min.map(|m| m * (2.0 - SAFE)), max.map(|m| m * SAFE)),
    };
    let below = min.map_or(0.0, |m| m - value);
    let above = max.map_or(0.0, |m| value - m);
    below.max(above).max(0.0)
}

fn half(min: f32, max: f32) -> f32 {
    ((max - min) / 2.0).max(0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviation_is_one_at_the_ends_of_a_bound() {
        let between = Bound::between(50.0, 110.0);
        assert_eq!([50.0, 80.0, 110.0].map(|v| deviation(between, v)), [1.0, 0.0, 1.0]);
        assert_eq!(deviation(Bound::at_most(12.0), 12.0), 1.0);
        assert_eq!(deviation(Bound::at_least(200.0), 400.0), 0.0);
    }

    #[test]
    fn what_is_missing_is_in_pixels_and_begins_before_the_end() {
        let between = Bound::between(100.0, 200.0);
        assert_eq!(
            [90.0, 150.0, 203.0].map(|v| missing(between, v).round()),
            [13.0, 0.0, 6.0]
        );
        assert_eq!(missing(Bound::at_most(100.0), 95.0).round(), 0.0);
        assert_eq!(missing(Bound::at_least(100.0), 95.0).round(), 10.0);
    }

    #[test]
    fn height_keeps_the_shape_to_half_a_pixel() {
        let size = SizePx {
            width: 480,
            height: 640,
        };
        assert_eq!([1, 3, 5, 480, 481].map(|w| height_for(w, size)), [1, 4, 7, 640, 641]);
    }
}
