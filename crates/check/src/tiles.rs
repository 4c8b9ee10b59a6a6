//! Which colours does the backdrop have, tile by tile?
use crate::scene::{Scene, lab, mean_colour};
use domain::{Point, RectPx};
use photo::Lab;

/// Side of a tile in pixels of the view; large enough that grain averages out, small enough for a shadow's edge.
const SIDE: u32 = 16;
/// Share of a tile that must be certain backdrop.
const COVERED: f32 = 0.9;
/// Fewest tiles a judgement is based on.
pub(crate) const ENOUGH: usize = 8;

/// A tile of certain backdrop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tile {
    /// Its middle, in pixels of the view.
    pub at: Point,
    /// Its mean colour.
    pub colour: Lab,
}

/// The tiles of a view; empty without a person mask.
pub(crate) fn tiles(scene: &Scene) -> Vec<Tile> {
    let Some(backdrop) = scene.backdrop.as_ref() else {
        return Vec::new();
    };
    let size = scene.view.size();
    let mut tiles = Vec::new();
    for y in (0..(size.height + 1).saturating_sub(SIDE)).step_by(SIDE as usize) {
        for x in (0..(size.width + 1).saturating_sub(SIDE)).step_by(SIDE as usize) {
            let cells = (y..y + SIDE).flat_map(|r| (x..x + SIDE).map(move |c| (c as usize, r as usize)));
            let certain = cells.filter(|&(c, r)| backdrop.holds(c, r)).count();
            if certain as f32 >= COVERED * (SIDE * SIDE) as f32 {
                let tile = RectPx {
                    x,
                    y,
                    width: SIDE,
                    height: SIDE,
                };
                let half = SIDE as f32 / 2.0;
                tiles.push(Tile {
                    at: Point::new(x as f32 + half, y as f32 + half),
                    colour: lab(mean_colour(&scene.view, tile)),
                });
            }
        }
    }
    tiles
}
