//! What colour is this person's skin, and how unlike it is a cell?
use crate::chart::{Cell, Chart, median};

/// Landmarks in the middle of patches of skin: forehead, bridge and tip of the nose, cheeks, jaw, chin. More than half of them
/// are free under a mask, a hat or dark lenses.
const PATCHES: [usize; 14] = [151, 108, 337, 6, 5, 36, 266, 50, 280, 101, 330, 214, 434, 199];
/// Half the side of a patch in face widths.
const HALF: f32 = 0.04;
/// Patches that differ less than this from the best one are skin.
const SAME: f32 = 0.22;

/// The skin's own colour.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Complexion {
    /// Luma 0–1.
    pub light: f32,
    /// ln(red / green).
    pub red: f32,
    /// ln(blue / green).
    pub blue: f32,
}

impl Complexion {
    /// The colour most patches agree on, with a bias to what skin can be (more red than green, more green than blue).
    pub(crate) fn of(chart: &Chart) -> Option<Self> {
        let patches: Vec<Self> = PATCHES
            .iter()
            .filter_map(|&i| patch(chart, chart.landmark(i)))
            .collect();
        let cost = |p: &Self| patches.iter().map(|o| p.differs(o).min(0.8)).sum::<f32>() + 4.0 * p.unlikely();
        let best = patches.iter().min_by(|a, b| cost(a).total_cmp(&cost(b)))?;
        let same: Vec<&Self> = patches.iter().filter(|p| p.differs(best) < SAME).collect();
        let mean = |of: fn(&Self) -> f32| same.iter().map(|p| of(p)).sum::<f32>() / same.len() as f32;
        Some(Self {
            light: mean(|p| p.light),
            red: mean(|p| p.red),
            blue: mean(|p| p.blue),
        })
    }

    fn differs(&self, other: &Self) -> f32 {
        (self.red - other.red).hypot(self.blue - other.blue) + 0.3 * (self.light / other.light.max(0.01)).ln().abs()
    }

    /// 0 for a colour skin often has.
    fn unlikely(&self) -> f32 {
        (0.15 - self.red).max(self.red - 1.4).max(0.0) + (self.blue + 0.02).max(0.0)
    }

    /// Distance of a cell's hue from the skin's. Towards white (a highlight) counts half.
    pub(crate) fn hue(&self, cell: &Cell) -> f32 {
        let (dr, db) = (cell.red - self.red, cell.blue - self.blue);
        let paler = cell.light > self.light && dr < 0.0 && db > 0.0;
        dr.hypot(db) * if paler { 0.6 } else { 1.0 }
    }

    /// How many times lighter (positive) or darker a cell is, as a logarithm of coded luma.
    pub(crate) fn lighter(&self, cell: &Cell) -> f32 {
        ((cell.light + 0.02) / (self.light + 0.02)).ln()
    }
}

/// The middle colour around a place.
fn patch(chart: &Chart, (u, v): (f32, f32)) -> Option<Complexion> {
    let cells: Vec<&Cell> = chart
        .within((u - HALF, v - HALF, u + HALF, v + HALF))
        .map(|(_, c)| c)
        .collect();
    let of = |f: fn(&Cell) -> f32| median(cells.iter().map(|c| f(c)).collect());
    Some(Complexion {
        light: of(|c| c.light)?,
        red: of(|c| c.red)?,
        blue: of(|c| c.blue)?,
    })
}
