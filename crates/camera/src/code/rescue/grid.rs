//! How does a code lie in the picture? From three corners to its version and the projection of all its modules, fitted to the
//! patterns that every code of that version has.
use super::finder::Corners;
use super::layout::{Module, Version};
use super::place::{Projection, Pyramid, Spot, View, far};

/// Pixels a module at least, where patterns are compared.
const LEAST_PX: f32 = 2.0;
/// Versions tried beside the measured one: the size of a module is measured to about a tenth.
const SIZE_ERROR: f32 = 0.14;
/// Places tried as the middle of the alignment pattern.
const ALIGNMENTS: usize = 3;
/// Steps of the last fit, in modules.
const STEPS: [f32; 4] = [0.6, 0.3, 0.15, 0.07];

/// A code's modules in the picture.
pub(super) struct Grid {
    /// The version.
    pub(super) version: Version,
    /// Where its modules lie.
    pub(super) projection: Projection,
    /// Light modules on dark.
    pub(super) inverted: bool,
    /// How well its fixed patterns are there, −1 to 1.
    pub(super) fit: f32,
}

/// A pattern: places in modules with 1 for dark and −1 for light.
type Pattern = Vec<(Spot, f32)>;

/// The correlation of a pattern with the picture, −1 to 1.
fn likeness(view: View<'_>, pattern: &[(Spot, f32)], place: impl Fn(Spot) -> Spot) -> f32 {
    let (mut s, mut ss, mut t, mut tt, mut st) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (spot, sign) in pattern {
        let dark = 255.0 - view.at(place(*spot));
        s += dark;
        ss += dark * dark;
        t += sign;
        tt += sign * sign;
        st += sign * dark;
    }
    let n = pattern.len().max(1) as f32;
    let spread = (ss - s * s / n).max(1.0) * (tt - t * t / n).max(1e-3);
    (st - s * t / n) / spread.sqrt()
}

/// Nested squares of so many modules around (0, 0): light where the distance from the middle is one of these.
fn squares(reach: i32, light: &[i32]) -> Pattern {
    let each = |y: i32| (-reach..=reach).map(move |x| (x, y));
    let all = (-reach..=reach).flat_map(each);
    let sign = |d: i32| if light.contains(&d) { -1.0 } else { 1.0 };
    all.map(|(x, y)| ((x as f32, y as f32), sign(x.abs().max(y.abs()))))
        .collect()
}

/// The patterns of a version, in modules from its top left corner.
struct Patterns {
    each: Vec<Pattern>,
    count: f32,
}

impl Patterns {
    fn of(version: Version) -> Self {
        let (size, modules) = (version.size(), version.modules());
        let signed = |x: usize, y: usize| {
            let sign = match modules[y * size + x] {
                Module::Dark => 1.0,
                Module::Light => -1.0,
                Module::Format(_) | Module::Content => return None,
            };
            Some(((x as f32 + 0.5, y as f32 + 0.5), sign))
        };
        let area = |xs: std::ops::Range<usize>, ys: std::ops::Range<usize>| -> Pattern {
            ys.flat_map(|y| xs.clone().map(move |x| (x, y)))
                .filter_map(|(x, y)| signed(x, y))
                .collect()
        };
        let mut each = vec![
            area(0..8, 0..8),
            area(size - 8..size, 0..8),
            area(0..8, size - 8..size),
            area(8..size - 8, 6..7),
            area(6..7, 8..size - 8),
        ];
        let centres = version.alignment_centres();
        each.extend(centres.iter().map(|(x, y)| area(x - 2..x + 3, y - 2..y + 3)));
        if version.number() >= 7 {
            each.push(area(size - 11..size - 8, 0..6));
            each.push(area(0..6, size - 11..size - 8));
        }
        let count = each.iter().map(Vec::len).sum::<usize>() as f32;
        Self { each, count }
    }

    fn fit(&self, view: View<'_>, projection: &Projection) -> f32 {
        let weighed = |p: &Pattern| likeness(view, p, |spot| projection.at(spot)) * p.len() as f32;
        self.each.iter().map(weighed).sum::<f32>() / self.count
    }
}

/// A finder pattern measured along the code's own axes.
#[derive(Clone, Copy)]
struct Measured {
    at: Spot,
    /// Pixels a module along the code's rows and columns.
    module: (f32, f32),
    likeness: f32,
}

/// The grids these corners could have, best first; none where they are no corners of a code.
pub(super) fn grids(pyramid: &Pyramid<'_>, corners: &Corners) -> Vec<Grid> {
    let view = pyramid.level_for(corners.module, LEAST_PX);
    let sign = if corners.inverted { -1.0 } else { 1.0 };
    let [tl, tr, bl] = corners.at;
    let axis = |to: Spot| {
        let length = far(tl, to).max(1.0);
        ((to.0 - tl.0) / length, (to.1 - tl.1) / length)
    };
    let axes = (axis(tr), axis(bl));
    let measured = [tl, tr, bl].map(|at| measure(view, at, corners.module, axes, sign));
    if measured.iter().map(|m| m.likeness).sum::<f32>() < 1.4 {
        return Vec::new();
    }
    let [tl, tr, bl] = measured;
    let across = far(tl.at, tr.at) / ((tl.module.0 + tr.module.0) / 2.0) + 7.0;
    let down = far(tl.at, bl.at) / ((tl.module.1 + bl.module.1) / 2.0) + 7.0;
    let size = (across + down) / 2.0;
    let numbers = 1..=40_usize;
    let near = numbers.filter(|n| ((17 + 4 * n) as f32 - size).abs() <= (size * SIZE_ERROR).max(4.1));
    let tried = near.filter_map(Version::new);
    let mut out: Vec<Grid> = tried
        .filter_map(|version| laid(view, version, [tl.at, tr.at, bl.at], corners.inverted))
        .collect();
    out.sort_by(|a, b| b.fit.total_cmp(&a.fit));
    out.truncate(2);
    for grid in &mut out {
        *grid = fitted(view, grid);
    }
    out.sort_by(|a, b| b.fit.total_cmp(&a.fit));
    out
}

/// Shifts and stretches a finder pattern to where it is most like itself.
fn measure(view: View<'_>, at: Spot, module: f32, (right, down): (Spot, Spot), sign: f32) -> Measured {
    let pattern = squares(4, &[2, 4]);
    let value = |m: &Measured| {
        let place = |(u, v): Spot| {
            let (u, v) = (u * m.module.0, v * m.module.1);
            (m.at.0 + u * right.0 + v * down.0, m.at.1 + u * right.1 + v * down.1)
        };
        sign * likeness(view, &pattern, place)
    };
    let mut best = Measured {
        at,
        module: (module, module),
        likeness: 0.0,
    };
    best.likeness = value(&best);
    for step in [0.5_f32, 0.25, 0.12] {
        for _ in 0..3 {
            let before = best.likeness;
            let shift = step * module;
            let stretch = 1.0 + step * 0.3;
            let moved = [(shift, 0.0), (-shift, 0.0), (0.0, shift), (0.0, -shift)];
            let stretched = [
                (stretch, stretch),
                (1.0 / stretch, 1.0 / stretch),
                (stretch, 1.0),
                (1.0 / stretch, 1.0),
                (1.0, stretch),
                (1.0, 1.0 / stretch),
            ];
            let moves = moved.map(|m| (m, (1.0, 1.0)));
            let stretches = stretched.map(|s| ((0.0, 0.0), s));
            for ((dx, dy), (su, sv)) in moves.into_iter().chain(stretches) {
                let mut other = best;
                other.at = (best.at.0 + dx, best.at.1 + dy);
                other.module = (best.module.0 * su, best.module.1 * sv);
                other.likeness = value(&other);
                if other.likeness > best.likeness {
                    best = other;
                }
            }
            if best.likeness <= before {
                break;
            }
        }
    }
    best
}

/// Middles of the finders and, opposite the first, where a fourth would be.
fn anchors(version: Version) -> [Spot; 4] {
    let far = version.size() as f32 - 3.5;
    [(3.5, 3.5), (far, 3.5), (far, far), (3.5, far)]
}

/// A version laid on the corners; the last one where the alignment pattern says.
fn laid(view: View<'_>, version: Version, [tl, tr, bl]: [Spot; 3], inverted: bool) -> Option<Grid> {
    let sign = if inverted { -1.0 } else { 1.0 };
    let patterns = Patterns::of(version);
    let fourth = (tr.0 + bl.0 - tl.0, tr.1 + bl.1 - tl.1);
    let flat = Projection::between(anchors(version), [tl, tr, fourth, bl])?;
    let mut best = (sign * patterns.fit(view, &flat), flat);
    if version.number() > 1 {
        let size = version.size() as f32;
        let middle = size - 6.5;
        let pattern = squares(2, &[1]);
        let mut likely: Vec<(f32, Spot)> = Vec::new();
        let reach = (size * 0.07).clamp(2.0, 5.0);
        let steps = (2.0 * reach / 0.5) as i32;
        for i in 0..=steps {
            for j in 0..=steps {
                let spot = (middle - reach + i as f32 * 0.5, middle - reach + j as f32 * 0.5);
                let value = sign * likeness(view, &pattern, |(u, v)| flat.at((spot.0 + u, spot.1 + v)));
                likely.push((value, spot));
            }
        }
        likely.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut tried: Vec<Spot> = Vec::new();
        for (_, spot) in likely {
            if tried.len() >= ALIGNMENTS {
                break;
            }
            if tried.iter().any(|t| far(*t, spot) < 1.1) {
                continue;
            }
            tried.push(spot);
            let mut from = anchors(version);
            from[2] = (middle, middle);
            let bent = Projection::between(from, [tl, tr, flat.at(spot), bl]);
            if let Some(bent) = bent {
                let value = sign * patterns.fit(view, &bent);
                if value > best.0 {
                    best = (value, bent);
                }
            }
        }
    }
    Some(Grid {
        version,
        projection: best.1,
        inverted,
        fit: best.0,
    })
}

/// Moves the four anchors until the patterns fit best.
fn fitted(view: View<'_>, grid: &Grid) -> Grid {
    let sign = if grid.inverted { -1.0 } else { 1.0 };
    let patterns = Patterns::of(grid.version);
    let from = anchors(grid.version);
    let mut at = from.map(|spot| grid.projection.at(spot));
    let middle = grid.version.size() as f32 / 2.0;
    let module = grid.projection.module_px((middle, middle)).0;
    let mut best = (grid.fit, grid.projection);
    for step in STEPS {
        for _ in 0..3 {
            let before = best.0;
            for nth in 0..4 {
                for (dx, dy) in [(step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step)] {
                    let mut moved = at;
                    moved[nth] = (at[nth].0 + dx * module, at[nth].1 + dy * module);
                    let Some(projection) = Projection::between(from, moved) else {
                        continue;
                    };
                    let value = sign * patterns.fit(view, &projection);
                    if value > best.0 {
                        best = (value, projection);
                        at = moved;
                    }
                }
            }
            if best.0 <= before + 1e-4 {
                break;
            }
        }
    }
    Grid {
        version: grid.version,
        projection: best.1,
        inverted: grid.inverted,
        fit: best.0,
    }
}

/// Brightness of each module, row by row, with a margin of `margin` modules around the code: the mean of nine places in each.
pub(super) fn sampled(pyramid: &Pyramid<'_>, grid: &Grid, margin: usize) -> Vec<f32> {
    let size = grid.version.size();
    let middle = size as f32 / 2.0;
    let module = grid.projection.module_px((middle, middle)).0;
    let view = pyramid.level_for(module, 3.0);
    let side = size + 2 * margin;
    let mut out = Vec::with_capacity(side * side);
    for y in 0..side {
        for x in 0..side {
            let (u, v) = (x as f32 - margin as f32 + 0.5, y as f32 - margin as f32 + 0.5);
            let mut sum = 0.0;
            for i in [-0.3_f32, 0.0, 0.3] {
                for j in [-0.3_f32, 0.0, 0.3] {
                    sum += view.at(grid.projection.at((u + i, v + j)));
                }
            }
            out.push(sum / 9.0);
        }
    }
    out
}
