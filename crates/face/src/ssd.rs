//! How do the answers of MediaPipe's detectors (BlazeFace and the palms') become boxes and points?
use crate::frame::{Beyond, Frame, Region};
use crate::network::{FaceError, Network, sigmoid};
use domain::{Point, Rect};

/// Lowest accepted score; MediaPipe's default for both detectors.
const MIN_SCORE: f32 = 0.5;
/// Boxes that overlap this much (intersection over union) are one thing; MediaPipe's default.
const SAME: f32 = 0.3;

/// The shape of a detector: what it is fed with and how its anchors lie.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// Side of the model's square input in pixels.
    pub side: usize,
    /// What 0 and 255 become in the input.
    pub range: (f32, f32),
    /// Two grids of anchors: cells along a side, anchors in each cell.
    pub grids: [(usize, usize); 2],
}

/// One detected thing with its `P` key points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Found<const P: usize> {
    /// Box in pixels of the frame.
    pub bounds: Rect,
    /// Score 0–1.
    pub score: f32,
    /// Key points in pixels of the frame, in the model's order.
    pub points: [Point; P],
}

/// Runs a detector once on a square region of the frame.
pub(crate) fn look<const P: usize>(
    network: &Network,
    layout: &Layout,
    frame: &Frame,
    region: &Region,
) -> Result<Vec<Found<P>>, FaceError> {
    let side = layout.side;
    // Box (centre x, y, width, height), then x, y of each point.
    let values_each = 4 + 2 * P;
    let anchor_count: usize = layout.grids.iter().map(|(cells, each)| cells * cells * each).sum();
    let input = frame.tensor(region, side, layout.range, Beyond::Black);
    let answer = network.run(&[1, side, side, 3], input)?;
    let (boxes, scores) = (answer.of(anchor_count * values_each)?, answer.of(anchor_count)?);
    let mut found = Vec::new();
    for ((anchor, values), logit) in anchors(layout).zip(boxes.chunks_exact(values_each)).zip(scores) {
        let score = sigmoid(*logit);
        if score < MIN_SCORE {
            continue;
        }
        // All values are pixels of the input, points relative to the anchor.
        let point = |at: usize| {
            let unit = |value: f32, anchor: f32| value / side as f32 + anchor;
            region.at(unit(values[at], anchor.0), unit(values[at + 1], anchor.1))
        };
        let center = point(0);
        let scale = region.width / side as f32;
        let (width, height) = (values[2].max(0.0) * scale, values[3].max(0.0) * scale);
        let bounds = Rect {
            x: center.x - width / 2.0,
            y: center.y - height / 2.0,
            width,
            height,
        };
        found.push(Found {
            bounds,
            score,
            points: std::array::from_fn(|i| point(4 + 2 * i)),
        });
    }
    Ok(merge(found))
}

/// Centres of the anchors, 0–1, in the order of the model's output.
fn anchors(layout: &Layout) -> impl Iterator<Item = (f32, f32)> {
    layout.grids.into_iter().flat_map(|(cells, each)| {
        (0..cells * cells).flat_map(move |cell| {
            let unit = |i: usize| (i as f32 + 0.5) / cells as f32;
            std::iter::repeat_n((unit(cell % cells), unit(cell / cells)), each)
        })
    })
}

/// Joins boxes of the same thing by their mean, weighted by score (MediaPipe's weighted non-maximum suppression).
fn merge<const P: usize>(mut found: Vec<Found<P>>) -> Vec<Found<P>> {
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut merged = Vec::new();
    while let Some(best) = found.first().copied() {
        let (same, rest): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|d| *d == best || overlap(best.bounds, d.bounds).0 > SAME);
        let total: f32 = same.iter().map(|d| d.score).sum();
        let mean = |value: &dyn Fn(&Found<P>) -> f32| same.iter().map(|d| value(d) * d.score).sum::<f32>() / total;
        merged.push(Found {
            bounds: Rect {
                x: mean(&|d| d.bounds.x),
                y: mean(&|d| d.bounds.y),
                width: mean(&|d| d.bounds.width),
                height: mean(&|d| d.bounds.height),
            },
            score: best.score,
            points: std::array::from_fn(|i| Point::new(mean(&|d| d.points[i].x), mean(&|d| d.points[i].y))),
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
