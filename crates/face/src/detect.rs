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
/// Boxes that overlap this much (intersection over union) are one face; MediaPipe's default.
const SAME_FACE: f32 = 0.3;
/// A tile's box that lies this much inside a known one (intersection over the smaller area) is part of that face.
const PART_OF_FACE: f32 = 0.4;
/// Side of a tile as a part of the frame's shorter side. The model misses faces under about a tenth of what it sees; with
/// these tiles a face down to some 6 % of the shorter side is found.
const TILE: f32 = 0.7;
/// Tiles at most, for very long frames.
const MAX_TILES_ACROSS: usize = 4;

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

/// Finds faces that are too small for the look at the whole frame, tile by tile; the known ones stay as they are.
pub(crate) fn tiled(network: &Network, frame: &Frame, known: &mut Vec<Detection>) -> Result<(), FaceError> {
    for tile in tiles(frame) {
        for found in look(network, frame, &tile)? {
            let part = known.iter().any(|k| overlap(k.bounds, found.bounds).1 > PART_OF_FACE);
            if !part && !cut_by(&found.bounds, &tile, frame) {
                known.push(found);
            }
        }
    }
    Ok(())
}

/// Overlapping squares that cover the frame.
fn tiles(frame: &Frame) -> Vec<Region> {
    let size = frame.size();
    let (w, h) = (size.width as f32, size.height as f32);
    let side = w.min(h) * TILE;
    let starts = |length: f32| {
        // The least number of tiles that overlap by a fifth or more.
        let count = (((length - side) / (side * 0.8)).ceil() as usize + 1).clamp(1, MAX_TILES_ACROSS);
        (0..count).map(move |i| (length - side) * i as f32 / (count - 1).max(1) as f32)
    };
    let half = side / 2.0;
    starts(h)
        .flat_map(|y| starts(w).map(move |x| Region::square(Point::new(x + half, y + half), side)))
        .collect()
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
