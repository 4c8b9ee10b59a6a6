//! Where are faces in a frame? BlazeFace (short range) on the whole frame, then on tiles for small faces.
use crate::frame::{Frame, Region};
use crate::network::{FaceError, Network};
use crate::ssd::{self, Layout, overlap};
use domain::{Point, Rect};

/// BlazeFace: 16 × 16 cells with two anchors and 8 × 8 cells with six (strides 8, 16, 16, 16 with two each).
const LAYOUT: Layout = Layout {
    side: 128,
    range: (-1.0, 1.0),
    grids: [(16, 2), (8, 6)],
};
/// Key points BlazeFace gives; the first two are the eyes left and right in the picture.
const POINTS: usize = 6;
/// A box with this score is exact enough to read points from: on the raw portraits the lowest score is 0.84.
const SURE_SCORE: f32 = 0.8;
/// A tile's box that lies this much inside a known one (intersection over the smaller area) is part of that face.
const PART_OF_FACE: f32 = 0.4;
/// Neighbouring tiles overlap by at least this part of their side, so that a face on the seam is whole in one of them.
const TILE_OVERLAP: f32 = 0.2;
/// Tiles along a frame at most; a panorama is no still of one person.
const MAX_TILES: usize = 4;
/// Side of the tile around the main face in widths of its box: about what a finished picture shows of the frame.
const CLOSE_TILE_FACES: f32 = 3.0;
/// A tile must be this much smaller than what was looked at before, or it shows nothing new.
const WORTH_A_LOOK: f32 = 0.8;

/// One detected face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Detection {
    /// Box in pixels of the frame.
    pub bounds: Rect,
    /// Score 0–1.
    pub score: f32,
    /// Eye left in the picture, in pixels of the frame.
    pub left_eye: Point,
    /// Eye right in the picture.
    pub right_eye: Point,
}

/// Finds faces in one look at the whole frame.
pub(crate) fn whole(network: &Network, frame: &Frame) -> Result<Vec<Detection>, FaceError> {
    let size = frame.size();
    let center = Point::new(size.width as f32 / 2.0, size.height as f32 / 2.0);
    look(
        network,
        frame,
        &Region::square(center, size.width.max(size.height) as f32),
    )
}

/// Looks closer, tile by tile: adds faces that were too small for the look at the whole frame, and replaces a box that was
/// found at the limit of that look, where boxes are rough, by the closer look's.
pub(crate) fn tiled(network: &Network, frame: &Frame, known: &mut Vec<Detection>) -> Result<(), FaceError> {
    for tile in tiles(frame, known) {
        for found in look(network, frame, &tile)? {
            if cut_by(&found.bounds, &tile, frame) {
                continue;
            }
            match known
                .iter_mut()
                .find(|k| overlap(k.bounds, found.bounds).1 > PART_OF_FACE)
            {
                Some(rough) if rough.score < SURE_SCORE && rough.score < found.score => *rough = found,
                Some(_) => {}
                None => known.push(found),
            }
        }
    }
    Ok(())
}

/// What the look at the whole frame shows too small: squares along the longer side, and the surroundings of the main face.
///
/// Measured with a second portrait pasted into a 1920 × 1080 studio frame: found from 96–128 px face width by the squares, a
/// ninth to an eighth of their side, and in proportion smaller next to the main face; the look at the whole frame alone
/// needs 200 px.
fn tiles(frame: &Frame, known: &[Detection]) -> Vec<Region> {
    let size = frame.size();
    let (w, h) = (size.width as f32, size.height as f32);
    let (long, short) = (w.max(h), w.min(h));
    let mut tiles = Vec::new();
    if short < long * WORTH_A_LOOK {
        let steps = ((long - short) / (short * (1.0 - TILE_OVERLAP)))
            .ceil()
            .clamp(1.0, MAX_TILES as f32 - 1.0);
        for i in 0..=steps as usize {
            let along = short / 2.0 + (long - short) * i as f32 / steps;
            let center = if w > h {
                Point::new(along, h / 2.0)
            } else {
                Point::new(w / 2.0, along)
            };
            tiles.push(Region::square(center, short));
        }
    }
    if let Some(main) = known.iter().max_by(|a, b| a.bounds.area().total_cmp(&b.bounds.area())) {
        let side = main.bounds.width * CLOSE_TILE_FACES;
        if side < short * WORTH_A_LOOK {
            tiles.push(Region::square(main.bounds.center(), side));
        }
    }
    tiles
}

/// Whether a box reaches over a side of the tile that is not also a side of the frame: the tile shows half a face.
fn cut_by(bounds: &Rect, tile: &Region, frame: &Frame) -> bool {
    let size = frame.size();
    let (from, to) = (tile.at(0.0, 0.0), tile.at(1.0, 1.0));
    let over = |low: f32, high: f32, from: f32, to: f32, length: f32| {
        (low < from && from > 0.5) || (high > to && to < length - 0.5)
    };
    over(bounds.x, bounds.x + bounds.width, from.x, to.x, size.width as f32)
        || over(bounds.y, bounds.y + bounds.height, from.y, to.y, size.height as f32)
}

/// Runs the model once on a square region.
fn look(network: &Network, frame: &Frame, region: &Region) -> Result<Vec<Detection>, FaceError> {
    let found = ssd::look::<POINTS>(network, &LAYOUT, frame, region)?;
    let detection = |f: ssd::Found<POINTS>| Detection {
        bounds: f.bounds,
        score: f.score,
        left_eye: f.points[0],
        right_eye: f.points[1],
    };
    Ok(found.into_iter().map(detection).collect())
}
