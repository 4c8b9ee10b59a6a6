//! Can a code that no decoder reads be read all the same? Its corners are looked for by likeness, its modules laid out from the
//! patterns every code has, the mixing of neighbours undone, and unsure bytes given up to the check bytes.
//!
//! Nothing is returned that its check bytes do not prove by at least 24 bits a block and whose content is not one the standard
//! allows.
mod equal;
mod field;
mod finder;
mod grid;
mod layout;
mod place;
mod text;

use super::Luma;
use domain::SizePx;
use place::Pyramid;
use std::time::Instant;
use text::Reading;

/// Triples of corners tried.
const TRIPLES: usize = 10;
/// Below this fit of its fixed patterns a grid is no code.
const LEAST_FIT: f32 = 0.35;
/// Pixels a module of a code drawn clean.
const CLEAN_PX: usize = 4;
/// Modules of quiet zone around it.
const CLEAN_QUIET: usize = 4;

/// Looks for a code until the time is over, and draws it clean: dark modules black, light ones white. `full` is the picture and
/// `half` its half size, where there is one.
pub(super) fn rescue(full: &Luma, half: Option<&Luma>, until: Instant) -> Option<Luma> {
    let pyramid = Pyramid::of(full, half);
    let finders = finder::finders(&pyramid);
    let triples = finder::triples(&finders);
    for corners in triples.iter().take(TRIPLES) {
        if Instant::now() > until {
            return None;
        }
        for grid in grid::grids(&pyramid, corners) {
            if grid.fit >= LEAST_FIT
                && let Some(dark) = modules(&pyramid, &grid)
            {
                return clean(&dark, grid.version.size());
            }
        }
    }
    None
}

/// Which modules are dark, when the check bytes prove it.
fn modules(pyramid: &Pyramid<'_>, grid: &grid::Grid) -> Option<Vec<bool>> {
    let bright = grid::sampled(pyramid, grid, equal::MARGIN);
    let modules = grid.version.modules();
    let mut known = equal::known(grid.version, &modules);
    // What one block tells may let the next one be read.
    for _ in 0..3 {
        let mut channel = equal::Channel::new(grid.version.size(), &bright, grid.inverted);
        let soft = channel.solve(&known);
        match text::read(grid.version, &modules, &soft) {
            Reading::Whole(dark) => return Some(dark),
            Reading::Part(more) => {
                let count = |k: &[f32]| k.iter().filter(|k| **k != 0.0).count();
                if count(&more) <= count(&known) {
                    return None;
                }
                known = more;
            }
            Reading::Nothing => return None,
        }
    }
    None
}

fn clean(dark: &[bool], size: usize) -> Option<Luma> {
    let side = (size + 2 * CLEAN_QUIET) * CLEAN_PX;
    let module = |v: usize| (v / CLEAN_PX).checked_sub(CLEAN_QUIET).filter(|m| *m < size);
    let pixel = |i: usize| match (module(i / side), module(i % side)) {
        (Some(y), Some(x)) if dark[y * size + x] => 0,
        _ => 255,
    };
    let width = side as u32;
    let pixels = (0..side * side).map(pixel).collect();
    Luma::new(SizePx { width, height: width }, pixels)
}
