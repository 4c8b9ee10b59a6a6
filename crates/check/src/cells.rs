//! What does a network that looks cell by cell say of the delivered picture?
use crate::scene::Scene;
use domain::{CellMap, RectPx};

/// What it says, 0–1, of each of its cells in what is delivered; of all cells where there is no crop, of none where it did not look.
pub(crate) fn delivered(scene: &Scene, map: Option<&CellMap>) -> Vec<f32> {
    let crop = scene.input.crop.map(RectPx::to_rect);
    let cells = map.into_iter().flat_map(CellMap::cells);
    let inside = cells.filter(|(p, _)| crop.is_none_or(|c| c.contains(*p)));
    inside.map(|(_, v)| f32::from(v) / 255.0).collect()
}

/// What it says, 0–1, of all its cells.
pub(crate) fn all(map: Option<&CellMap>) -> Vec<f32> {
    let values = map.into_iter().flat_map(|m| &m.values);
    values.map(|v| f32::from(*v) / 255.0).collect()
}

/// How sure it is of something, 0–1: the mean of its surest cells, so that one cell alone says little.
pub(crate) fn surest(mut values: Vec<f32>, count: usize) -> f32 {
    values.sort_by(|a, b| b.total_cmp(a));
    values.truncate(count);
    values.iter().sum::<f32>() / count as f32
}
