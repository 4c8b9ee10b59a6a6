//! How is a convolution of each channel by itself computed? Eight channels at once, along the rows.
use super::lanes::{Lanes, activate};
use super::{Act, After, Depthwise, LANES};

#[inline(always)]
pub(super) unsafe fn depthwise<V: Lanes>(
    layer: &Depthwise,
    source: &[f32],
    weights: &[f32],
    after: After,
    target: &mut [f32],
) {
    unsafe {
        match (layer.side, layer.stride) {
            (3, 1) => depthwise_of::<V, 3, 1>(layer, source, weights, after, target),
            (3, _) => depthwise_of::<V, 3, 2>(layer, source, weights, after, target),
            (_, 1) => depthwise_of::<V, 5, 1>(layer, source, weights, after, target),
            (_, _) => depthwise_of::<V, 5, 2>(layer, source, weights, after, target),
        }
    }
}

/// Output pixels that are computed together, so that inputs and weights are loaded once for several of them.
const TOGETHER: usize = 4;

#[inline(always)]
unsafe fn depthwise_of<V: Lanes, const K: usize, const S: usize>(
    layer: &Depthwise,
    source: &[f32],
    weights: &[f32],
    after: After,
    target: &mut [f32],
) {
    let (height, width) = layer.input;
    let (rows, columns) = layer.output;
    let (above, left) = layer.border;
    // Columns whose whole kernel lies inside the input.
    let first = left.div_ceil(S).min(columns);
    let last = (width + left)
        .checked_sub(K)
        .map_or(0, |room| room / S + 1)
        .clamp(first, columns);
    for row in 0..rows {
        let taps = above.saturating_sub(row * S)..K.min(height + above - row * S);
        for channel in (0..layer.width).step_by(LANES) {
            // SAFETY: `Depthwise::check` has compared rows, columns and channels with the lengths; the ranges above and the
            // clipped ones at the sides leave out every place beyond the input.
            unsafe {
                let slope = match after.act {
                    Act::PRelu => V::load(after.slopes.as_ptr().add(channel)),
                    Act::None | Act::Relu | Act::HardSwish => V::splat(0.0),
                };
                let line = Line {
                    // The row of the first tap that is inside; its offset is never negative.
                    source: source
                        .as_ptr()
                        .add((row * S + taps.start - above) * width * layer.width + channel),
                    row_step: width * layer.width,
                    step: layer.width,
                    weights: weights.as_ptr().add(taps.start * K * layer.width + channel),
                    taps: taps.len(),
                    bias: V::load(after.bias.as_ptr().add(channel)),
                    slope,
                    act: after.act,
                    target: target.as_mut_ptr().add(row * columns * layer.width + channel),
                };
                for column in (0..first).chain(last..columns) {
                    let reach = left.saturating_sub(column * S)..K.min(width + left - column * S);
                    line.edge::<K>(column, (column * S + reach.start) - left, reach);
                }
                let mut column = first;
                while column + TOGETHER <= last {
                    line.several::<K, S, TOGETHER>(column, column * S - left);
                    column += TOGETHER;
                }
                while column < last {
                    line.several::<K, S, 1>(column, column * S - left);
                    column += 1;
                }
            }
        }
    }
}

/// One row of the output for eight channels.
struct Line<V> {
    /// The first tap's row at its first column.
    source: *const f32,
    row_step: usize,
    step: usize,
    weights: *const f32,
    taps: usize,
    bias: V,
    slope: V,
    act: Act,
    target: *mut f32,
}

impl<V: Lanes> Line<V> {
    /// A pixel at the side: only the columns `reach` of the kernel lie inside, the first of them at `from`.
    #[inline(always)]
    unsafe fn edge<const K: usize>(&self, column: usize, from: usize, reach: std::ops::Range<usize>) {
        unsafe {
            let mut sum = self.bias;
            for tap in 0..self.taps {
                let source = self.source.add(tap * self.row_step + from * self.step);
                for (i, k) in reach.clone().enumerate() {
                    let x = V::load(source.add(i * self.step));
                    sum = x.mul_add(V::load(self.weights.add((tap * K + k) * self.step)), sum);
                }
            }
            activate(sum, self.act, self.slope).store(self.target.add(column * self.step));
        }
    }

    /// `T` neighbouring pixels whose kernels lie inside, the first one's beginning at input column `from`.
    #[inline(always)]
    unsafe fn several<const K: usize, const S: usize, const T: usize>(&self, column: usize, from: usize) {
        unsafe {
            let mut sums = [self.bias; T];
            for tap in 0..self.taps {
                let source = self.source.add(tap * self.row_step + from * self.step);
                let mut weights = [self.bias; K];
                for (k, w) in weights.iter_mut().enumerate() {
                    *w = V::load(self.weights.add((tap * K + k) * self.step));
                }
                for i in 0..(T - 1) * S + K {
                    let x = V::load(source.add(i * self.step));
                    for (t, sum) in sums.iter_mut().enumerate() {
                        if let Some(k) = i.checked_sub(t * S).filter(|k| *k < K) {
                            *sum = x.mul_add(weights[k], *sum);
                        }
                    }
                }
            }
            for (t, sum) in sums.into_iter().enumerate() {
                activate(sum, self.act, self.slope).store(self.target.add((column + t) * self.step));
            }
        }
    }
}
