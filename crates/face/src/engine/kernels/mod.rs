//! How are the convolutions computed? The one place of this crate with `unsafe`: vector instructions and unchecked indices.
//!
//! SAFETY, for the whole module. Each public function first compares the lengths of its slices with its geometry (`assert!`
//! in `Dense::check` and `Depthwise::check`), so the largest index any loop below forms lies inside; a wrong plan panics
//! instead of reading astray. Vector code is entered only through [`Level::Avx2`], which only [`Level::detect`] makes, after the
//! processor said it has AVX2 and FMA; everywhere else the same loops run on plain arrays, which the compiler turns into
//! whatever the target has (SSE2, NEON). Loads and stores are unaligned ones.
#![allow(unsafe_code)]
mod dense;
mod depthwise;
mod lanes;

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::__m256;

/// Lanes of a vector; channel counts are padded to a multiple of it.
pub(super) const LANES: usize = 8;
/// Channels of a full panel of packed weights: two vectors. What is left over makes a panel of one.
pub(super) const PANEL: usize = 2 * LANES;

/// Which instructions are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// Any processor.
    Portable,
    /// x86-64 with AVX2 and FMA.
    #[cfg(target_arch = "x86_64")]
    Avx2(Proof),
}

/// Exists only where the processor has been asked.
#[cfg(target_arch = "x86_64")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Proof(());

impl Level {
    /// The best one this processor has.
    pub(super) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return Self::Avx2(Proof(()));
        }
        Self::Portable
    }
}

/// What happens to each value after the sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    None,
    Relu,
    /// With a slope for each channel.
    PRelu,
    HardSwish,
}

/// What is common to all convolutions: bias, activation and the slopes it may need, each of as many values as channels.
#[derive(Debug, Clone, Copy)]
pub(super) struct After<'a> {
    pub bias: &'a [f32],
    pub act: Act,
    /// Empty unless the activation is `PRelu`.
    pub slopes: &'a [f32],
}

/// A map of another layer that is added before the activation; with fewer channels the rest counts as zero.
#[derive(Debug, Clone, Copy)]
pub(super) struct Residual<'a> {
    pub values: &'a [f32],
    pub width: usize,
}

/// A convolution over all channels, without borders: each output pixel reads `taps` runs of neighbouring floats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dense {
    /// Rows and columns of the output.
    pub rows: usize,
    pub columns: usize,
    /// Floats from the first one of an output row (column) to that of the next.
    pub row_step: usize,
    pub column_step: usize,
    /// Runs for each pixel, floats from one to the next, floats in each.
    pub taps: usize,
    pub tap_step: usize,
    pub run: usize,
    /// Channels of the output, a multiple of [`LANES`].
    pub width: usize,
}

/// A convolution of each channel by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Depthwise {
    /// Rows and columns of input and output.
    pub input: (usize, usize),
    pub output: (usize, usize),
    /// Channels, a multiple of [`LANES`].
    pub width: usize,
    /// Side of the kernel, 3 or 5.
    pub side: usize,
    /// Step between output pixels, 1 or 2.
    pub stride: usize,
    /// Rows above and columns to the left that count as zero.
    pub border: (usize, usize),
}

impl Dense {
    /// Computes the layer. `weights` are packed panel by panel: for each tap and float of its run the panel's channels.
    pub(super) fn run(
        &self,
        level: Level,
        source: &[f32],
        weights: &[f32],
        after: After,
        residual: Option<Residual>,
        target: &mut [f32],
    ) {
        self.check(source, weights, after, residual, target);
        match level {
            // SAFETY: lengths were checked; portable code needs no instruction set.
            Level::Portable => unsafe { dense::dense::<lanes::Plain>(self, source, weights, after, residual, target) },
            // SAFETY: lengths were checked; the level proves AVX2 and FMA.
            #[cfg(target_arch = "x86_64")]
            Level::Avx2(_) => unsafe { avx2::dense(self, source, weights, after, residual, target) },
        }
    }

    fn check(&self, source: &[f32], weights: &[f32], after: After, residual: Option<Residual>, target: &[f32]) {
        let pixels = self.rows * self.columns;
        assert!(self.rows > 0 && self.columns > 0 && self.taps > 0 && self.width.is_multiple_of(LANES));
        let last = (self.rows - 1) * self.row_step
            + (self.columns - 1) * self.column_step
            + (self.taps - 1) * self.tap_step
            + self.run;
        assert!(last <= source.len());
        assert_eq!(weights.len(), self.taps * self.run * self.width);
        check_after(after, self.width);
        if let Some(r) = residual {
            assert!(r.width.is_multiple_of(LANES) && r.width <= self.width && r.values.len() >= pixels * r.width);
        }
        assert!(target.len() >= pixels * self.width);
    }
}

impl Depthwise {
    /// Computes the layer. `weights` hold for each place of the kernel, row by row, all channels.
    pub(super) fn run(&self, level: Level, source: &[f32], weights: &[f32], after: After, target: &mut [f32]) {
        self.check(source, weights, after, target);
        match level {
            // SAFETY: lengths were checked; portable code needs no instruction set.
            Level::Portable => unsafe { depthwise::depthwise::<lanes::Plain>(self, source, weights, after, target) },
            // SAFETY: lengths were checked; the level proves AVX2 and FMA.
            #[cfg(target_arch = "x86_64")]
            Level::Avx2(_) => unsafe { avx2::depthwise(self, source, weights, after, target) },
        }
    }

    fn check(&self, source: &[f32], weights: &[f32], after: After, target: &[f32]) {
        assert!(self.width.is_multiple_of(LANES));
        assert!(matches!(self.side, 3 | 5) && matches!(self.stride, 1 | 2));
        assert!(self.border.0 < self.side && self.border.1 < self.side);
        assert!(self.input.0 > 0 && self.input.1 > 0);
        // The first tap of the last output pixel lies inside the input; what lies beyond it is left out by the loops.
        let inside =
            |output: usize, border: usize, input: usize| output > 0 && (output - 1) * self.stride < input + border;
        assert!(inside(self.output.0, self.border.0, self.input.0));
        assert!(inside(self.output.1, self.border.1, self.input.1));
        assert!(source.len() >= self.input.0 * self.input.1 * self.width);
        assert_eq!(weights.len(), self.side * self.side * self.width);
        check_after(after, self.width);
        assert!(target.len() >= self.output.0 * self.output.1 * self.width);
    }
}

fn check_after(after: After, width: usize) {
    assert_eq!(after.bias.len(), width);
    assert!(after.act != Act::PRelu || after.slopes.len() == width);
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{__m256, After, Dense, Depthwise, Residual};

    #[target_feature(enable = "avx2,fma")]
    pub(super) unsafe fn dense(
        layer: &Dense,
        source: &[f32],
        weights: &[f32],
        after: After,
        residual: Option<Residual>,
        target: &mut [f32],
    ) {
        unsafe { super::dense::dense::<__m256>(layer, source, weights, after, residual, target) }
    }

    #[target_feature(enable = "avx2,fma")]
    pub(super) unsafe fn depthwise(
        layer: &Depthwise,
        source: &[f32],
        weights: &[f32],
        after: After,
        target: &mut [f32],
    ) {
        unsafe { super::depthwise::depthwise::<__m256>(layer, source, weights, after, target) }
    }
}
