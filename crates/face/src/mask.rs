//! What is person and what backdrop around the main face?
use crate::frame::{Beyond, Frame, Region};
use crate::network::{FaceError, Network};
use domain::{Face, PersonMask, Point, RectPx};

/// Side of the model's input and answer in pixels.
const SIDE: usize = 256;
/// Side of the looked-at square in face widths (cheek to cheek). A `chsi-graduate-2017` picture is 1.6 to 2.7 face widths
/// wide and up to 3.6 high, so the square holds every crop that can pass, with shoulders and backdrop.
const SIDE_FACES: f32 = 3.6;
/// Where the eyes stand in that square, from the top: the same standard puts them 31–47 % down.
const EYES_AT: f32 = 0.40;
/// Cheek points of the mesh, left and right in the picture.
const CHEEKS: (usize, usize) = (234, 454);

/// Tells person from backdrop around a face; `None` when the square misses the frame.
pub(crate) fn read(network: &Network, frame: &Frame, face: &Face) -> Result<Option<PersonMask>, FaceError> {
    let Some(rect) = square_around(frame, face) else {
        return Ok(None);
    };
    let (width, height) = (rect.width as f32, rect.height as f32);
    let center = Point::new(rect.x as f32 + width / 2.0, rect.y as f32 + height / 2.0);
    let region = Region {
        center,
        width,
        height,
        angle: 0.0,
    };
    let input = frame.tensor(&region, SIDE, (0.0, 1.0), Beyond::Nearest);
    let answer = network.run(&[1, SIDE, SIDE, 3], input)?;
    let values = answer
        .of(SIDE * SIDE)?
        .iter()
        .map(|p| (p.clamp(0.0, 1.0) * 255.0).round() as u8)
        .collect();
    Ok(Some(PersonMask {
        width: SIDE as u32,
        height: SIDE as u32,
        values,
        region: rect,
    }))
}

/// The part of the square that lies inside the frame.
fn square_around(frame: &Frame, face: &Face) -> Option<RectPx> {
    let (left, right) = face.eyes();
    let eyes = left.midpoint(right);
    let side = face.point(CHEEKS.0).distance(face.point(CHEEKS.1)) * SIDE_FACES;
    let size = frame.size();
    let span = |from: f32, limit: u32| {
        let start = from.clamp(0.0, limit as f32) as u32;
        let end = (from + side).clamp(0.0, limit as f32) as u32;
        (end > start).then_some((start, end - start))
    };
    let (x, width) = span(eyes.x - side / 2.0, size.width)?;
    let (y, height) = span(eyes.y - side * EYES_AT, size.height)?;
    Some(RectPx { x, y, width, height })
}
