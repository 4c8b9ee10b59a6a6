//! Where could a corner of a code be? Places that look like the three nested squares, by their likeness to them at several sizes:
//! that takes in all the pixels of the square at once and so stands more noise and blur than counting runs along a line.
use super::super::Luma;
use super::place::{Pyramid, Spot, far};

/// Likeness (a correlation, 0 to 1) from which a place counts.
const LEAST_LIKENESS: f32 = 0.4;
/// Most places kept of a picture.
const MOST: usize = 36;
/// Modules of the smallest and the largest pattern looked for on one level, in pixels of that level, and the step between.
const MODULES: [f32; 5] = [1.5, 1.85, 2.3, 2.8, 3.4];
/// On the largest level smaller ones count too.
const SMALL_MODULES: [f32; 1] = [1.25];
/// On the smallest level larger ones too.
const LARGE_MODULES: [f32; 3] = [4.2, 5.2, 6.4];
/// A square in which brightness changes by less than this is flat, in steps of 255.
const LEAST_CONTRAST: f32 = 3.0;

/// A place that looks like a finder pattern.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finder {
    /// Its middle, in pixels of the largest level.
    pub(super) at: Spot,
    /// Pixels a module, roughly.
    pub(super) module: f32,
    /// How like, 0 to 1.
    pub(super) likeness: f32,
    /// Light where it should be dark.
    pub(super) inverted: bool,
}

/// Sums of all pixels above and left, and of their squares. They may run over: differences come out right all the same as long as
/// a square's own sum fits.
struct Sums {
    stride: usize,
    plain: Vec<u32>,
    squared: Vec<u32>,
}

impl Sums {
    fn of(luma: &Luma) -> Self {
        let (width, height) = (luma.width(), luma.height());
        let stride = width + 1;
        let mut plain = vec![0_u32; stride * (height + 1)];
        let mut squared = plain.clone();
        for (y, row) in luma.pixels().chunks_exact(width).enumerate() {
            let (mut sum, mut squares) = (0_u32, 0_u32);
            let (above, here) = plain.split_at_mut((y + 1) * stride);
            let (above2, here2) = squared.split_at_mut((y + 1) * stride);
            let (above, above2) = (&above[y * stride + 1..], &above2[y * stride + 1..]);
            let here = here[1..].iter_mut().zip(&mut here2[1..]);
            for ((v, (plain, squared)), (above, above2)) in row.iter().zip(here).zip(above.iter().zip(above2)) {
                let v = u32::from(*v);
                sum = sum.wrapping_add(v);
                squares = squares.wrapping_add(v * v);
                *plain = above.wrapping_add(sum);
                *squared = above2.wrapping_add(squares);
            }
        }
        Self { stride, plain, squared }
    }

    fn square(&self, sums: &[u32], at: usize, side: usize) -> f32 {
        let below = at + side * self.stride;
        let sum = sums[below + side].wrapping_sub(sums[below]);
        sum.wrapping_sub(sums[at + side].wrapping_sub(sums[at])) as f32
    }
}

/// Sides of the nested squares in pixels, and what follows from them alone.
struct Template {
    sides: [usize; 4],
    areas: [f32; 4],
    total: f32,
    spread: f32,
}

impl Template {
    fn of(module: f32) -> Self {
        let sides = [3.0, 5.0, 7.0, 9.0].map(|n: f32| (n * module).round() as usize);
        let areas = sides.map(|s| (s * s) as f32);
        // Dark is −1, light +1: core, ring, ring, surroundings.
        let total = areas[3] - 2.0 * areas[2] + 2.0 * areas[1] - 2.0 * areas[0];
        let spread = areas[3] - total * total / areas[3];
        Self {
            sides,
            areas,
            total,
            spread,
        }
    }

    /// Likeness −1 to 1 of the square whose top left corner is here; zero where it is flat.
    fn likeness(&self, sums: &Sums, x: usize, y: usize) -> f32 {
        let [_, s5, _, s9] = self.sides;
        let corner = |side: usize| (y + (s9 - side) / 2) * sums.stride + x + (s9 - side) / 2;
        let core = sums.square(&sums.plain, corner(self.sides[0]), self.sides[0]);
        let five = sums.square(&sums.plain, corner(s5), s5);
        let contrast = (five - core) / (self.areas[1] - self.areas[0]) - core / self.areas[0];
        if contrast.abs() < LEAST_CONTRAST {
            return 0.0;
        }
        let seven = sums.square(&sums.plain, corner(self.sides[2]), self.sides[2]);
        let nine = sums.square(&sums.plain, corner(s9), s9);
        let squares = sums.square(&sums.squared, corner(s9), s9);
        let product = nine - 2.0 * seven + 2.0 * five - 2.0 * core - self.total * nine / self.areas[3];
        let varies = squares - nine * nine / self.areas[3];
        product / (self.spread * varies.max(1.0)).sqrt()
    }
}

/// The places most like finder patterns, best first.
pub(super) fn finders(pyramid: &Pyramid<'_>) -> Vec<Finder> {
    let mut found = Vec::new();
    let last = pyramid.levels().count() - 1;
    for (nth, luma) in pyramid.levels().enumerate() {
        let sums = Sums::of(luma);
        let scale = 2.0_f32.powi(nth as i32);
        let small = SMALL_MODULES.iter().filter(|_| nth == 0);
        let large = LARGE_MODULES.iter().filter(|_| nth == last);
        // What is large on a large level is seen on the next one for less.
        let middling = MODULES
            .iter()
            .take(if nth == 0 && last > 0 { 4 } else { MODULES.len() });
        for module in small.chain(middling).chain(large) {
            scan(luma, &sums, *module, scale, &mut found);
        }
    }
    found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
    let mut kept: Vec<Finder> = Vec::new();
    for finder in found {
        let near = |k: &Finder| far(k.at, finder.at) < 3.0 * k.module.max(finder.module);
        if kept.len() < MOST && !kept.iter().any(near) {
            kept.push(finder);
        }
    }
    kept
}

fn scan(luma: &Luma, sums: &Sums, module: f32, scale: f32, found: &mut Vec<Finder>) {
    let template = Template::of(module);
    let side = template.sides[3];
    if luma.width() <= side || luma.height() <= side {
        return;
    }
    let step = ((module * 0.8) as usize).max(1);
    let (columns, rows) = (luma.width() - side, luma.height() - side);
    for y in (0..=rows).step_by(step) {
        for x in (0..=columns).step_by(step) {
            if template.likeness(sums, x, y).abs() < LEAST_LIKENESS {
                continue;
            }
            // The best of the places around, once for each of them: the later choice among near ones drops the rest.
            let reach = step.saturating_sub(1);
            let mut best = (x, y, 0.0_f32);
            for y in y.saturating_sub(reach)..=(y + reach).min(rows) {
                for x in x.saturating_sub(reach)..=(x + reach).min(columns) {
                    let likeness = template.likeness(sums, x, y);
                    if likeness.abs() > best.2.abs() {
                        best = (x, y, likeness);
                    }
                }
            }
            let half = side as f32 / 2.0;
            found.push(Finder {
                at: ((best.0 as f32 + half) * scale, (best.1 as f32 + half) * scale),
                module: module * scale,
                likeness: best.2.abs(),
                inverted: best.2 < 0.0,
            });
        }
    }
}

/// Three finders that could belong to one code: top left, top right, bottom left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Corners {
    /// Their middles.
    pub(super) at: [Spot; 3],
    /// Pixels a module, the mean of the three.
    pub(super) module: f32,
    /// Light modules on dark.
    pub(super) inverted: bool,
    /// The better, the higher.
    score: f32,
}

/// The triples that could be the corners of a code, likeliest first.
pub(super) fn triples(finders: &[Finder]) -> Vec<Corners> {
    let mut out = Vec::new();
    for (i, a) in finders.iter().enumerate() {
        for (j, b) in finders.iter().enumerate().skip(i + 1) {
            for c in finders.iter().skip(j + 1) {
                if a.inverted == b.inverted && b.inverted == c.inverted {
                    out.extend(corners(*a, *b, *c));
                }
            }
        }
    }
    out.sort_by(|a: &Corners, b| b.score.total_cmp(&a.score));
    out
}

fn corners(a: Finder, b: Finder, c: Finder) -> Option<Corners> {
    let least = a.module.min(b.module).min(c.module);
    let most = a.module.max(b.module).max(c.module);
    if most > 1.7 * least {
        return None;
    }
    // The longest side is opposite the top left one.
    let (ab, bc, ca) = (far(a.at, b.at), far(b.at, c.at), far(c.at, a.at));
    let (first, second, third) = if bc >= ab && bc >= ca {
        (a, b, c)
    } else if ca >= ab {
        (b, c, a)
    } else {
        (c, a, b)
    };
    let leg = |f: Finder| (f.at.0 - first.at.0, f.at.1 - first.at.1);
    let (p, q) = (leg(second), leg(third));
    let (long, short) = (p.0.hypot(p.1).max(q.0.hypot(q.1)), p.0.hypot(p.1).min(q.0.hypot(q.1)));
    let cosine = (p.0 * q.0 + p.1 * q.1) / (long * short).max(1.0);
    let module = (a.module + b.module + c.module) / 3.0;
    // Version 1 has legs of 14 modules; beyond version 25 (110) no phone is held.
    if long > 1.8 * short || cosine.abs() > 0.5 || short < 10.0 * module || long > 130.0 * module {
        return None;
    }
    let turned = p.0 * q.1 - p.1 * q.0 < 0.0;
    let (right, below) = if turned { (third, second) } else { (second, third) };
    let likeness = a.likeness + b.likeness + c.likeness;
    let askew = cosine.abs() + (long / short - 1.0) + (most / least - 1.0);
    Some(Corners {
        at: [first.at, right.at, below.at],
        module,
        inverted: a.inverted,
        score: likeness - askew,
    })
}
