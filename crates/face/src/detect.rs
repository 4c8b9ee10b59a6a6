//! Where are faces in a frame? BlazeFace (short range): anchors, boxes, and what to do with overlapping ones.
use crate::frame::{Beyond, Frame, Region};
use crate::network::{FaceError, Network, sigmoid};
use domain::{Point, Rect};

/// Side of the model's input in pixels.
const SIDE: usize = 128;
/// Anchors: 16 × 16 cells with two and 8 × 8 cells with six (strides 8, 16, 16, 16 with two each).
const ANCHORS: usize = 16 * 16 * 2 + 8 * 8 * 6;
/// Values for each anchor: box (centre x, y, width, height), then x, y of six key points.
const VALUES: usize = 16;
/// Lowest accepted score; MediaPipe's default.
const MIN_SCORE: f32 = 0.5;
/// A box with this score is exact enough to read points from: on the raw portraits the lowest score is 0.84.
const SURE_SCORE: f32 = 0.8;
/// Boxes that overlap this much (intersection over union) are one face; MediaPipe's default.
const SAME_FACE: f32 = 0.3;
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
    let input = frame.tensor(region, SIDE, (-1.0, 1.0), Beyond::Black);
    let answer = network.run(&[1, SIDE, SIDE, 3], input)?;
    let (boxes, scores) = (answer.of(ANCHORS * VALUES)?, answer.of(ANCHORS)?);
    let mut found = Vec::new();
    for ((anchor, values), logit) in anchors().zip(boxes.chunks_exact(VALUES)).zip(scores) {
        let score = sigmoid(*logit);
        if score < MIN_SCORE {
            continue;
        }
        // All values are pixels of the input, points relative to the anchor.
        let point = |at: usize| {
            let unit = |value: f32, anchor: f32| value / SIDE as f32 + anchor;
            region.at(unit(values[at], anchor.0), unit(values[at + 1], anchor.1))
        };
        let center = point(0);
        let scale = region.width / SIDE as f32;
        let (width, height) = (values[2].max(0.0) * scale, values[3].max(0.0) * scale);
        let bounds = Rect {
            x: center.x - width / 2.0,
            y: center.y - height / 2.0,
            width,
            height,
        };
        found.push(Detection {
            bounds,
            score,
            left_eye: point(4),
            right_eye: point(6),
        });
    }
    Ok(merge(found))
}

/// Centres of the anchors, 0–1, in the order of the model's output.
fn anchors() -> impl Iterator<Item = (f32, f32)> {
    [(16_usize, 2), (8, 6)].into_iter().flat_map(|(cells, each)| {
        (0..cells * cells).flat_map(move |cell| {
            let unit = |i: usize| (i as f32 + 0.5) / cells as f32;
            std::iter::repeat_n((unit(cell % cells), unit(cell / cells)), each)
        })
    })
}

/// Joins boxes of the same face by their mean, weighted by score (MediaPipe's weighted non-maximum suppression).
fn merge(mut found: Vec<Detection>) -> Vec<Detection> {
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut merged = Vec::new();
    while let Some(best) = found.first().copied() {
        let (same, rest): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|d| *d == best || overlap(best.bounds, d.bounds).0 > SAME_FACE);
        let total: f32 = same.iter().map(|d| d.score).sum();
        let mean = |value: fn(&Detection) -> f32| same.iter().map(|d| value(d) * d.score).sum::<f32>() / total;
        merged.push(Detection {
            bounds: Rect {
                x: mean(|d| d.bounds.x),
                y: mean(|d| d.bounds.y),
                width: mean(|d| d.bounds.width),
                height: mean(|d| d.bounds.height),
            },
            score: best.score,
            left_eye: Point::new(mean(|d| d.left_eye.x), mean(|d| d.left_eye.y)),
            right_eye: Point::new(mean(|d| d.right_eye.x), mean(|d| d.right_eye.y)),
        });
        found = rest;
    }
    merged
}

/// Overlap of two boxes: intersection over union, and over the smaller area.
pub(crate) fn overlap(a: Rect, b: Rect) -> (f32, f32) {
    let side = |a: f32, a_len: f32, b: f32, b_len: f32| ((a + a_len).min(b + b_len) - a.max(b)).max(0.0);
    let shared = side(a.x, a.width, b.x, b.width) * side(a.y, a.height, b.y, b.height);
    if shared <= 0.0 {
        return (0.0, 0.0);
    }
    (shared / (a.area() + b.area() - shared), shared / a.area().min(b.area()))
}
