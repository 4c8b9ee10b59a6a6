//! Which layers does a lowered network consist of, and what does each compute?
use super::kernels::{Act, After, Dense, Depthwise, Level, Residual};

/// Number of a slot that holds a map.
pub(super) type Slot = usize;

/// Size of a map: rows, columns, and floats from one pixel to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub height: usize,
    pub width: usize,
    pub stride: usize,
}

impl Size {
    /// Floats of the whole map.
    pub(super) fn floats(self) -> usize {
        self.height * self.width * self.stride
    }
}

/// Constants of a convolution.
#[derive(Debug)]
pub(super) struct Weights {
    pub weights: Vec<f32>,
    pub bias: Vec<f32>,
    pub act: Act,
    pub slopes: Vec<f32>,
}

impl Weights {
    fn after(&self) -> After<'_> {
        After {
            bias: &self.bias,
            act: self.act,
            slopes: &self.slopes,
        }
    }
}

/// What a layer computes.
#[derive(Debug)]
pub(super) enum Work {
    /// A convolution over all channels; the residual's slot and stride.
    Dense {
        layer: Dense,
        weights: Weights,
        residual: Option<(Slot, usize)>,
    },
    /// A convolution of each channel by itself.
    Depthwise { layer: Depthwise, weights: Weights },
    /// Zeros around a map: rows above, columns to the left.
    Border {
        from: Size,
        to: Size,
        above: usize,
        left: usize,
    },
    /// The largest of each 2 × 2 pixels.
    MaxPool { from: Size },
    /// The mean of all pixels.
    Mean { from: Size },
    /// Twice the size, bilinear, pixel centres at halves.
    Double { from: Size },
    /// Four channels become 2 × 2 pixels of one channel.
    Unfold { from: Size },
    /// Adds the map of another slot.
    Add { other: Slot },
    /// Multiplies each channel with the one pixel of another slot.
    Scale { other: Slot, stride: usize },
    /// The logistic function.
    Sigmoid,
}

/// One step of the network: reads `source`, writes `target`.
#[derive(Debug)]
pub(super) struct Layer {
    pub work: Work,
    pub source: Slot,
    pub target: Slot,
    /// Floats it writes; a slot may be larger than the map in it.
    pub floats: usize,
}

/// A stretch of an output: the first `channels` of each pixel of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub slot: Slot,
    pub size: Size,
    pub channels: usize,
}

impl Part {
    /// Reads the values without the padding.
    pub(super) fn read<'a>(&self, slots: &'a [Vec<f32>]) -> impl Iterator<Item = f32> + 'a {
        let (stride, channels) = (self.size.stride, self.channels);
        let pixels = slots[self.slot][..self.size.floats()].chunks_exact(stride);
        pixels.flat_map(move |p| p[..channels].iter().copied())
    }
}

impl Layer {
    /// The slot of the second map it reads, if there is one.
    pub(super) fn other(&mut self) -> Option<&mut Slot> {
        match &mut self.work {
            Work::Dense { residual, .. } => residual.as_mut().map(|(slot, _)| slot),
            Work::Add { other } | Work::Scale { other, .. } => Some(other),
            Work::Depthwise { .. }
            | Work::Border { .. }
            | Work::MaxPool { .. }
            | Work::Mean { .. }
            | Work::Double { .. }
            | Work::Unfold { .. }
            | Work::Sigmoid => None,
        }
    }

    /// Computes the layer; no slot is read and written at once, see `memory`.
    pub(super) fn run(&self, level: Level, slots: &mut [Vec<f32>]) {
        let mut target = std::mem::take(&mut slots[self.target]);
        let source = slots[self.source].as_slice();
        let out = &mut target[..self.floats];
        match &self.work {
            Work::Dense {
                layer,
                weights,
                residual,
            } => {
                let residual = residual.map(|(slot, width)| Residual {
                    values: &slots[slot],
                    width,
                });
                layer.run(level, source, &weights.weights, weights.after(), residual, out);
            }
            Work::Depthwise { layer, weights } => layer.run(level, source, &weights.weights, weights.after(), out),
            Work::Border { from, to, above, left } => border(source, *from, out, *to, (*above, *left)),
            Work::MaxPool { from } => max_pool(source, *from, out),
            Work::Mean { from } => mean(source, *from, out),
            Work::Double { from } => double(source, *from, out),
            Work::Unfold { from } => unfold(source, *from, out),
            Work::Add { other } => zip(source, &slots[*other], out, |a, b| a + b),
            Work::Scale { other, stride } => {
                for (out, pixel) in out.chunks_exact_mut(*stride).zip(source.chunks_exact(*stride)) {
                    zip(pixel, &slots[*other], out, |a, b| a * b);
                }
            }
            Work::Sigmoid => {
                for (out, x) in out.iter_mut().zip(source) {
                    *out = crate::network::sigmoid(*x);
                }
            }
        }
        slots[self.target] = target;
    }
}

fn zip(a: &[f32], b: &[f32], out: &mut [f32], f: impl Fn(f32, f32) -> f32) {
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        *out = f(*a, *b);
    }
}

fn border(source: &[f32], from: Size, out: &mut [f32], to: Size, (above, left): (usize, usize)) {
    out.fill(0.0);
    let line = from.width * from.stride;
    for row in 0..from.height {
        let at = ((row + above) * to.width + left) * to.stride;
        out[at..at + line].copy_from_slice(&source[row * line..][..line]);
    }
}

fn max_pool(source: &[f32], from: Size, out: &mut [f32]) {
    let (line, stride) = (from.width * from.stride, from.stride);
    let rows = source.chunks_exact(2 * line).zip(out.chunks_exact_mut(line / 2));
    for (pair, out) in rows.take(from.height / 2) {
        let (upper, lower) = pair.split_at(line);
        let pixels = upper.chunks_exact(2 * stride).zip(lower.chunks_exact(2 * stride));
        for ((upper, lower), out) in pixels.zip(out.chunks_exact_mut(stride)) {
            let (a, b) = upper.split_at(stride);
            let (c, d) = lower.split_at(stride);
            for i in 0..stride {
                out[i] = a[i].max(b[i]).max(c[i].max(d[i]));
            }
        }
    }
}

fn mean(source: &[f32], from: Size, out: &mut [f32]) {
    out.fill(0.0);
    // Row by row, so that the sums stay small enough for single precision.
    let mut line = vec![0.0_f32; from.stride];
    for row in source[..from.floats()].chunks_exact(from.width * from.stride) {
        line.fill(0.0);
        for pixel in row.chunks_exact(from.stride) {
            line.iter_mut().zip(pixel).for_each(|(sum, x)| *sum += x);
        }
        out.iter_mut().zip(&line).for_each(|(sum, x)| *sum += x);
    }
    let share = 1.0 / (from.height * from.width) as f32;
    out.iter_mut().for_each(|sum| *sum *= share);
}

fn double(source: &[f32], from: Size, out: &mut [f32]) {
    let (line, stride) = (from.width * from.stride, from.stride);
    // The middle of an output pixel lies a quarter of an input pixel from the nearer one.
    let near_and_far = |at: usize, count: usize| {
        let near = at / 2;
        let far = if at.is_multiple_of(2) {
            near.saturating_sub(1)
        } else {
            (near + 1).min(count - 1)
        };
        (near, far)
    };
    let mut mixed = vec![0.0_f32; line];
    for (row, out) in out.chunks_exact_mut(line * 2).enumerate() {
        let (near, far) = near_and_far(row, from.height);
        zip(
            &source[near * line..][..line],
            &source[far * line..][..line],
            &mut mixed,
            |n, f| 0.75 * n + 0.25 * f,
        );
        for (column, out) in out.chunks_exact_mut(stride).enumerate() {
            let (near, far) = near_and_far(column, from.width);
            zip(
                &mixed[near * stride..][..stride],
                &mixed[far * stride..][..stride],
                out,
                |n, f| 0.75 * n + 0.25 * f,
            );
        }
    }
}

fn unfold(source: &[f32], from: Size, out: &mut [f32]) {
    let rows = source.chunks_exact(from.width * from.stride);
    for (row, out) in rows.zip(out.chunks_exact_mut(4 * from.width)).take(from.height) {
        let (upper, lower) = out.split_at_mut(2 * from.width);
        let pairs = upper
            .as_chunks_mut::<2>()
            .0
            .iter_mut()
            .zip(lower.as_chunks_mut::<2>().0);
        for (pixel, (upper, lower)) in row.chunks_exact(from.stride).zip(pairs) {
            upper.copy_from_slice(&pixel[..2]);
            lower.copy_from_slice(&pixel[2..4]);
        }
    }
}
