//! Which modules are dark when neighbours run into one another? Blur, motion and beats mix each module with those around it in the
//! same way all over the code. That mixture is learnt from the patterns every code has, then from the code itself, and undone:
//! each module gets a sign and how much the picture would speak against the other one.
use super::layout::{Module, Version};

/// Modules around the code that are taken along, light as its quiet zone is.
pub(super) const MARGIN: usize = 2;
/// Neighbours on each side that a module may mix with.
const REACH: isize = 2;
const TAPS: usize = 25;
/// Half the window in which brightness and contrast count as the same, in modules.
const WINDOW: usize = 5;
/// Steps towards the likeliest modules for one mixture.
const STEPS: usize = 14;
/// What a known module counts: far more than any other.
const SURE: f32 = 1e4;

/// What is known of the modules before looking: 1 dark, −1 light, 0 unknown; row by row.
pub(super) fn known(version: Version, modules: &[Module]) -> Vec<f32> {
    let size = version.size();
    let sign = |m: &Module| match m {
        Module::Dark => 1.0,
        Module::Light => -1.0,
        Module::Format(_) | Module::Content => 0.0,
    };
    let signs: Vec<f32> = modules.iter().map(sign).collect();
    debug_assert_eq!(signs.len(), size * size);
    signs
}

/// The code as a channel: what was seen, against what may have been sent.
pub(super) struct Channel {
    size: usize,
    side: usize,
    /// Seen darkness of each module of the code, as it came.
    dark: Vec<f32>,
    /// The same against its surroundings, in units of their contrast.
    seen: Vec<f32>,
    /// How much each of these tells: the square of the contrast.
    weight: Vec<f32>,
    /// What each module may be, −1 light to 1 dark; with the margin.
    sent: Vec<f32>,
    mixture: [f32; TAPS],
}

/// The nth tap as steps right and down.
fn step(nth: usize) -> (isize, isize) {
    let span = 2 * REACH + 1;
    (nth as isize % span - REACH, nth as isize / span - REACH)
}

/// Sums over the window around each of `size` × `size` places, cut at the edges, and the number of places in it.
fn windowed(size: usize, values: &[f32]) -> Vec<f32> {
    let stride = size + 1;
    let mut sums = vec![0.0_f64; stride * stride];
    for y in 0..size {
        let mut row = 0.0;
        for x in 0..size {
            row += f64::from(values[y * size + x]);
            sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
        }
    }
    let mut out = Vec::with_capacity(size * size);
    for y in 0..size {
        let (top, bottom) = (y.saturating_sub(WINDOW), (y + WINDOW + 1).min(size));
        for x in 0..size {
            let (left, right) = (x.saturating_sub(WINDOW), (x + WINDOW + 1).min(size));
            let sum = sums[bottom * stride + right] - sums[bottom * stride + left] - sums[top * stride + right]
                + sums[top * stride + left];
            out.push((sum / ((bottom - top) * (right - left)) as f64) as f32);
        }
    }
    out
}

impl Channel {
    /// From the brightness of the modules with [`MARGIN`] around them.
    pub(super) fn new(size: usize, bright: &[f32], inverted: bool) -> Self {
        let side = size + 2 * MARGIN;
        let code = (0..size).flat_map(|y| &bright[(y + MARGIN) * side + MARGIN..][..size]);
        let dark: Vec<f32> = code.map(|v| if inverted { *v } else { 255.0 - v }).collect();
        let mean = windowed(size, &dark);
        let away: Vec<f32> = dark.iter().zip(&mean).map(|(v, m)| (v - m).abs()).collect();
        let contrast = windowed(size, &away);
        let mut channel = Self {
            size,
            side,
            dark,
            seen: Vec::new(),
            weight: Vec::new(),
            sent: vec![-1.0; side * side],
            mixture: [0.0; TAPS],
        };
        channel.level(&mean, &contrast);
        channel
    }

    fn level(&mut self, mean: &[f32], contrast: &[f32]) {
        let mut sorted = contrast.to_vec();
        sorted.sort_by(f32::total_cmp);
        let usual = sorted[sorted.len() / 2].max(0.5);
        let least = usual * 0.1;
        let levelled = self.dark.iter().zip(mean).zip(contrast);
        self.seen = levelled
            .map(|((v, m), c)| ((v - m) / c.max(least)).clamp(-4.0, 4.0))
            .collect();
        self.weight = contrast.iter().map(|c| (c / usual).powi(2).clamp(0.01, 3.0)).collect();
    }

    /// The likeliest modules: positive dark, negative light, the further from zero the surer. What is `known` is kept.
    pub(super) fn solve(&mut self, known: &[f32]) -> Vec<f32> {
        let size = self.size;
        for (nth, known) in known.iter().enumerate() {
            let at = self.place(nth);
            self.sent[at] = if *known == 0.0 {
                (self.seen[nth] * 0.8).clamp(-1.0, 1.0)
            } else {
                *known
            };
        }
        let certain: Vec<usize> = (0..size * size).filter(|nth| self.surely_known(*nth, known)).collect();
        self.learn(&certain, 1, 8.0);
        self.descend(known);
        let all: Vec<usize> = (0..size * size).collect();
        for reach in [1, REACH] {
            self.harden();
            self.learn(&all, reach, 4.0);
            self.relevel();
            self.descend(known);
        }
        self.harden();
        self.learn(&all, REACH, 4.0);
        self.flip(known)
    }

    fn place(&self, nth: usize) -> usize {
        (nth / self.size + MARGIN) * self.side + nth % self.size + MARGIN
    }

    /// Whether the eight modules around are known too, or lie in the quiet zone.
    fn surely_known(&self, nth: usize, known: &[f32]) -> bool {
        let (x, y) = ((nth % self.size) as isize, (nth / self.size) as isize);
        let inside = |v: isize| (0..self.size as isize).contains(&v);
        let around = (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (x + dx, y + dy)));
        let mut around = around.filter(|(x, y)| inside(*x) && inside(*y));
        around.all(|(x, y)| known[y as usize * self.size + x as usize] != 0.0)
    }

    fn offsets(&self) -> [isize; TAPS] {
        std::array::from_fn(|nth| {
            let (dx, dy) = step(nth);
            dy * self.side as isize + dx
        })
    }

    /// Learns the mixture from these modules by least squares; `firm` pulls it towards none at all.
    fn learn(&mut self, from: &[usize], reach: isize, firm: f32) {
        let used: Vec<usize> = (0..TAPS)
            .filter(|nth| step(*nth).0.abs() <= reach && step(*nth).1.abs() <= reach)
            .collect();
        let offsets = self.offsets();
        let count = used.len();
        let mut normal = vec![0.0_f64; count * count];
        let mut right = vec![0.0_f64; count];
        let mut row = vec![0.0_f32; count];
        for nth in from {
            let at = self.place(*nth) as isize;
            for (value, tap) in row.iter_mut().zip(&used) {
                *value = self.sent[(at + offsets[*tap]) as usize];
            }
            let weight = self.weight[*nth];
            for i in 0..count {
                let weighed = weight * row[i];
                right[i] += f64::from(weighed * self.seen[*nth]);
                for j in 0..=i {
                    normal[i * count + j] += f64::from(weighed * row[j]);
                }
            }
        }
        for (i, tap) in used.iter().enumerate() {
            normal[i * count + i] += f64::from(firm);
            if *tap == TAPS / 2 {
                right[i] += f64::from(firm);
            }
        }
        if let Some(solution) = solved(&mut normal, &right) {
            self.mixture = [0.0; TAPS];
            for (tap, value) in used.iter().zip(solution) {
                self.mixture[*tap] = value as f32;
            }
        }
    }

    /// What would be seen of what may have been sent.
    fn mixed(&self, sent: &[f32]) -> Vec<f32> {
        let offsets = self.offsets();
        let used: Vec<(isize, f32)> = offsets
            .into_iter()
            .zip(self.mixture)
            .filter(|(_, tap)| tap.abs() > 0.004)
            .collect();
        let at = |nth: usize| self.place(nth) as isize;
        (0..self.size * self.size)
            .map(|nth| used.iter().map(|(o, tap)| tap * sent[(at(nth) + o) as usize]).sum())
            .collect()
    }

    /// Goes down to the modules between light and dark that explain best what was seen (accelerated projected gradient).
    fn descend(&mut self, known: &[f32]) {
        let offsets = self.offsets();
        let strength: f32 = self.mixture.iter().map(|t| t.abs()).sum();
        let pace = 1.0 / (strength * strength * 1.5).max(0.05);
        let mut ahead = self.sent.clone();
        let mut momentum = 1.0_f32;
        for _ in 0..STEPS {
            let mixed = self.mixed(&ahead);
            let mut slope = vec![0.0_f32; ahead.len()];
            for (nth, mixed) in mixed.iter().enumerate() {
                let pull = self.weight[nth].min(1.5) * (mixed - self.seen[nth]);
                let at = self.place(nth) as isize;
                for (offset, tap) in offsets.iter().zip(self.mixture) {
                    slope[(at + offset) as usize] += tap * pull;
                }
            }
            let next_momentum = (1.0 + (1.0 + 4.0 * momentum * momentum).sqrt()) / 2.0;
            let push = (momentum - 1.0) / next_momentum;
            momentum = next_momentum;
            for (nth, known) in known.iter().enumerate() {
                if *known != 0.0 {
                    continue;
                }
                let at = self.place(nth);
                let moved = (ahead[at] - pace * slope[at]).clamp(-1.0, 1.0);
                ahead[at] = moved + push * (moved - self.sent[at]);
                self.sent[at] = moved;
            }
        }
    }

    /// Each module fully light or fully dark.
    fn harden(&mut self) {
        self.sent
            .iter_mut()
            .for_each(|v| *v = if *v < 0.0 { -1.0 } else { 1.0 });
    }

    /// Brightness and contrast anew, from what the modules should look like: in a gradient the mean of a window misleads.
    fn relevel(&mut self) {
        let mixed = self.mixed(&self.sent);
        let of = |f: &dyn Fn(f32, f32) -> f32| -> Vec<f32> {
            let each: Vec<f32> = mixed.iter().zip(&self.dark).map(|(m, d)| f(*m, *d)).collect();
            windowed(self.size, &each)
        };
        let (m, d) = (of(&|m, _| m), of(&|_, d| d));
        let (mm, md) = (of(&|m, _| m * m), of(&|m, d| m * d));
        let mut mean = Vec::with_capacity(m.len());
        let mut contrast = Vec::with_capacity(m.len());
        for i in 0..m.len() {
            let slope = (md[i] - m[i] * d[i]) / (mm[i] - m[i] * m[i]).max(0.02);
            let slope = slope.max(0.2);
            mean.push(d[i] - slope * m[i]);
            contrast.push(slope);
        }
        self.level(&mean, &contrast);
    }

    /// Turns single modules over as long as that explains what was seen better, then says how much worse it would make each.
    fn flip(&mut self, known: &[f32]) -> Vec<f32> {
        let size = self.size;
        let mixed = self.mixed(&self.sent);
        let mut rest: Vec<f32> = self.seen.iter().zip(&mixed).map(|(s, m)| s - m).collect();
        let around: Vec<(isize, isize, f32)> = (0..TAPS)
            .filter(|nth| self.mixture[*nth].abs() > 0.004)
            // A module is seen where the mixture of a neighbour reaches it.
            .map(|nth| (-step(nth).0, -step(nth).1, self.mixture[nth]))
            .collect();
        let mut cost = vec![0.0_f32; size * size];
        for sweep in 0..5 {
            let mut turned = 0;
            for nth in 0..size * size {
                let (x, y) = ((nth % size) as isize, (nth / size) as isize);
                let at = self.place(nth);
                let now = self.sent[at];
                let seen_at = |dx: isize, dy: isize| {
                    let (x, y) = (x + dx, y + dy);
                    let inside = (0..size as isize).contains(&x) && (0..size as isize).contains(&y);
                    inside.then(|| y as usize * size + x as usize)
                };
                let mut worse = 0.0;
                for (dx, dy, tap) in &around {
                    if let Some(j) = seen_at(*dx, *dy) {
                        worse += self.weight[j] * (4.0 * now * tap * rest[j] + 4.0 * tap * tap);
                    }
                }
                if known[nth] != 0.0 {
                    cost[nth] = known[nth] * SURE;
                    continue;
                }
                cost[nth] = now * worse;
                if worse < 0.0 && sweep < 4 {
                    turned += 1;
                    self.sent[at] = -now;
                    cost[nth] = now * worse;
                    for (dx, dy, tap) in &around {
                        if let Some(j) = seen_at(*dx, *dy) {
                            rest[j] += 2.0 * now * tap;
                        }
                    }
                }
            }
            // The sweep after the last change has the final costs.
            if turned == 0 {
                break;
            }
        }
        cost
    }
}

/// Solves a symmetric system given by its lower half (Cholesky); absent when it has no single solution.
fn solved(normal: &mut [f64], right: &[f64]) -> Option<Vec<f64>> {
    let n = right.len();
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| normal[i * n + k] * normal[j * n + k]).sum();
            let rest = normal[i * n + j] - sum;
            if i == j {
                if rest <= 1e-9 {
                    return None;
                }
                normal[i * n + i] = rest.sqrt();
            } else {
                normal[i * n + j] = rest / normal[j * n + j];
            }
        }
    }
    let mut x = right.to_vec();
    for i in 0..n {
        let sum: f64 = (0..i).map(|k| normal[i * n + k] * x[k]).sum();
        x[i] = (x[i] - sum) / normal[i * n + i];
    }
    for i in (0..n).rev() {
        let sum: f64 = (i + 1..n).map(|k| normal[k * n + i] * x[k]).sum();
        x[i] = (x[i] - sum) / normal[i * n + i];
    }
    Some(x)
}
