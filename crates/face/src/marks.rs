//! Is something written over a portrait? A small network of our own, trained on drawn marks (`crates/face/train`).
use crate::frame::{Beyond, Frame, Region};
use crate::network::{FaceError, Network};
use domain::{Face, MarkMap, Point, Rect};

/// Side of the model's input in pixels.
const SIDE: usize = 384;
/// Side of the model's answer in cells.
const CELLS: usize = 48;
/// Side of the looked-at square in face widths (cheek to cheek): a picture of `chsi-graduate-2017` is some 2.2 wide and 2.9 high.
/// The training pictures have the same.
const SIDE_FACES: f32 = 3.0;
/// Where the eyes stand in that square, from the top: the same standard puts them 31–47 % down.
const EYES_AT: f32 = 0.40;
/// Cheek points of the mesh, left and right in the picture.
const CHEEKS: (usize, usize) = (234, 454);

/// Looks for marks around a face.
pub(crate) fn read(network: &Network, frame: &Frame, face: &Face) -> Result<MarkMap, FaceError> {
    let (left, right) = face.eyes();
    let eyes = left.midpoint(right);
    let side = (face.point(CHEEKS.0).distance(face.point(CHEEKS.1)) * SIDE_FACES).max(1.0);
    let center = Point::new(eyes.x, eyes.y + side * (0.5 - EYES_AT));
    let input = frame.tensor(&Region::square(center, side), SIDE, (0.0, 1.0), Beyond::Black);
    let answer = network.run(&[1, SIDE, SIDE, 3], input)?;
    let values = answer.of(CELLS * CELLS)?.iter();
    Ok(MarkMap {
        side: CELLS as u32,
        values: values.map(|p| (p.clamp(0.0, 1.0) * 255.0).round() as u8).collect(),
        region: Rect {
            x: center.x - side / 2.0,
            y: center.y - side / 2.0,
            width: side,
            height: side,
        },
    })
}
