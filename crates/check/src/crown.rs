//! Where does the head end at the top, hair included?
use crate::landmark::{CHEEKS, CHIN, FOREHEAD};
use domain::{Face, Faces, PersonMask, Point};

/// Top of the head and how it was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crown {
    /// Pixels of the frame from its top edge.
    pub y: f32,
    /// How it was found.
    pub by: CrownBy,
}

/// How the top of the head was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrownBy {
    /// From the person mask: the topmost hair above the face.
    Mask,
    /// From the proportions of the face, where there is no mask (live view). Hair may rise higher.
    Proportions,
}

/// Crown above the forehead point as a share of forehead to chin: the mean of our 24 studio portraits, measured on their masks
/// (0.29 with little hair to 0.51 with much).
const CROWN_SHARE: f32 = 0.39;
/// Half the width of the strip above the face that is searched, in face widths: the rounding of the skull begins beyond.
const STRIP: f32 = 0.3;
/// Mask value from which a cell is person.
const PERSON: f32 = 128.0;

/// Finds the crown of the main face, in pixels of the frame.
pub fn crown(faces: &Faces) -> Option<Crown> {
    let face = faces.main()?;
    let by_mask = faces.mask.as_ref().and_then(|mask| from_mask(mask, face));
    Some(match by_mask {
        Some(y) => Crown { y, by: CrownBy::Mask },
        None => Crown {
            y: from_proportions(face),
            by: CrownBy::Proportions,
        },
    })
}

fn from_proportions(face: &Face) -> f32 {
    let (forehead, chin) = (face.point(FOREHEAD), face.point(CHIN));
    forehead.y - (chin.y - forehead.y) * CROWN_SHARE
}

/// The topmost person pixel of columns that are person without a gap from the forehead up; the second highest column counts,
/// so that a single stray cell does not.
fn from_mask(mask: &PersonMask, face: &Face) -> Option<f32> {
    let (left, right) = (face.point(CHEEKS.0), face.point(CHEEKS.1));
    let middle = left.midpoint(right).x;
    let half = left.distance(right) * STRIP;
    let cell = (
        mask.region.width as f32 / mask.width as f32,
        mask.region.height as f32 / mask.height as f32,
    );
    let start = face.point(FOREHEAD).y;
    let mut tops = Vec::new();
    let columns = (2.0 * half / cell.0).ceil().max(1.0) as u32;
    for i in 0..=columns {
        let x = middle - half + 2.0 * half * i as f32 / columns as f32;
        tops.extend(top_of_column(mask, x, start, cell.1));
    }
    tops.sort_by(f32::total_cmp);
    tops.get(1).or(tops.first()).copied()
}

/// Walks up one column; where the mask crosses the threshold between two cells the crossing is interpolated.
fn top_of_column(mask: &PersonMask, x: f32, start: f32, step: f32) -> Option<f32> {
    let value = |y: f32| f32::from(mask.at(Point::new(x, y)));
    // Cell centres, from the one at the forehead upwards.
    let row = ((start - mask.region.y as f32) / step).floor();
    let mut y = mask.region.y as f32 + (row + 0.5) * step;
    let mut here = value(y);
    if here < PERSON {
        return None;
    }
    while y - step > mask.region.y as f32 {
        let above = value(y - step);
        if above < PERSON {
            return Some(y - step * (here - PERSON) / (here - above).max(1.0));
        }
        (y, here) = (y - step, above);
    }
    // Person up to the edge of what the mask covers: the hair is cut or reaches beyond.
    Some(mask.region.y as f32)
}
