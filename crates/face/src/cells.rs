//! How sure is a network of something in the surroundings of a face, cell by cell? For small networks of our own
//! (`crates/face/train`): is something written over the portrait, is somebody else in it?
use crate::frame::{Beyond, Frame, Region};
use crate::network::{FaceError, Network};
use domain::{CellMap, Face, Point, Rect};

/// Side of the looked-at square in face widths (cheek to cheek): a picture of `chsi-graduate-2017` is some 2.2 wide and 2.9 high.
/// The training pictures have the same.
const SIDE_FACES: f32 = 3.0;
/// Where the eyes stand in that square, from the top: the same standard puts them 31–47 % down.
const EYES_AT: f32 = 0.40;
/// Cheek points of the mesh, left and right in the picture.
const CHEEKS: (usize, usize) = (234, 454);
/// Pixels of a network's input along a cell of its answer.
const CELL: usize = 8;

/// What a network is fed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Levels {
    /// Levels 0–1 as they are.
    Plain,
    /// Their square roots: on dark cloth a step of a few levels is then as large as one of many on a wall.
    Roots,
}

/// Looks for marks written over the portrait.
pub(crate) fn marks(network: &Network, frame: &Frame, face: &Face) -> Result<CellMap, FaceError> {
    read(network, frame, face, (384, Levels::Roots))
}

/// Looks for heads of other people, also cut, blurred or turned away ones that are no face to the detector.
pub(crate) fn strangers(network: &Network, frame: &Frame, face: &Face) -> Result<CellMap, FaceError> {
    read(network, frame, face, (128, Levels::Plain))
}

/// Looks around a face with a network that takes a square of so many pixels along its side.
fn read(network: &Network, frame: &Frame, face: &Face, (side, levels): (usize, Levels)) -> Result<CellMap, FaceError> {
    let (left, right) = face.eyes();
    let eyes = left.midpoint(right);
    let square = (face.point(CHEEKS.0).distance(face.point(CHEEKS.1)) * SIDE_FACES).max(1.0);
    let center = Point::new(eyes.x, eyes.y + square * (0.5 - EYES_AT));
    let mut input = frame.tensor(&Region::square(center, square), side, (0.0, 1.0), Beyond::Black);
    if levels == Levels::Roots {
        input.iter_mut().for_each(|v| *v = v.max(0.0).sqrt());
    }
    let answer = network.run(&[1, side, side, 3], input)?;
    let cells = side / CELL;
    let values = answer.of(cells * cells)?.iter();
    Ok(CellMap {
        side: cells as u32,
        values: values.map(|p| (p.clamp(0.0, 1.0) * 255.0).round() as u8).collect(),
        region: Rect {
            x: center.x - square / 2.0,
            y: center.y - square / 2.0,
            width: square,
            height: square,
        },
    })
}
