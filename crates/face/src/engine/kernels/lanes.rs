//! What are eight floats that are computed with at once, on each kind of processor?
use super::{Act, LANES};

/// Eight floats that are computed with at once.
pub(super) trait Lanes: Copy {
    /// Rows of a tile that fit the registers.
    const ROWS: usize;
    /// All lanes the same.
    unsafe fn splat(value: f32) -> Self;
    unsafe fn load(from: *const f32) -> Self;
    unsafe fn store(self, to: *mut f32);
    /// `self * by + plus`.
    unsafe fn mul_add(self, by: Self, plus: Self) -> Self;
    unsafe fn add(self, other: Self) -> Self;
    unsafe fn mul(self, other: Self) -> Self;
    unsafe fn max(self, other: Self) -> Self;
    unsafe fn min(self, other: Self) -> Self;
}

/// Plain arrays, for every processor.
#[derive(Clone, Copy)]
pub(super) struct Plain([f32; LANES]);

impl Plain {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        Self(std::array::from_fn(|i| f(self.0[i], other.0[i])))
    }
}

impl Lanes for Plain {
    const ROWS: usize = if cfg!(target_arch = "aarch64") { 6 } else { 2 };
    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        Self([value; LANES])
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller's index was checked; see the module.
        Self(unsafe { from.cast::<[f32; LANES]>().read_unaligned() })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller's index was checked; see the module.
        unsafe { to.cast::<[f32; LANES]>().write_unaligned(self.0) }
    }
    #[inline(always)]
    unsafe fn mul_add(self, by: Self, plus: Self) -> Self {
        // Fused only where that is one instruction; elsewhere it would be a call for each lane.
        let fused = cfg!(any(target_arch = "aarch64", target_feature = "fma"));
        Self(std::array::from_fn(|i| {
            if fused {
                self.0[i].mul_add(by.0[i], plus.0[i])
            } else {
                self.0[i] * by.0[i] + plus.0[i]
            }
        }))
    }
    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
    #[inline(always)]
    unsafe fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }
    #[inline(always)]
    unsafe fn max(self, other: Self) -> Self {
        self.zip(other, |a, b| if a > b { a } else { b })
    }
    #[inline(always)]
    unsafe fn min(self, other: Self) -> Self {
        self.zip(other, |a, b| if a < b { a } else { b })
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::Lanes;
    use std::arch::x86_64::*;

    impl Lanes for __m256 {
        const ROWS: usize = 6;
        #[inline(always)]
        unsafe fn splat(value: f32) -> Self {
            unsafe { _mm256_set1_ps(value) }
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            unsafe { _mm256_loadu_ps(from) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            unsafe { _mm256_storeu_ps(to, self) }
        }
        #[inline(always)]
        unsafe fn mul_add(self, by: Self, plus: Self) -> Self {
            unsafe { _mm256_fmadd_ps(self, by, plus) }
        }
        #[inline(always)]
        unsafe fn add(self, other: Self) -> Self {
            unsafe { _mm256_add_ps(self, other) }
        }
        #[inline(always)]
        unsafe fn mul(self, other: Self) -> Self {
            unsafe { _mm256_mul_ps(self, other) }
        }
        #[inline(always)]
        unsafe fn max(self, other: Self) -> Self {
            unsafe { _mm256_max_ps(self, other) }
        }
        #[inline(always)]
        unsafe fn min(self, other: Self) -> Self {
            unsafe { _mm256_min_ps(self, other) }
        }
    }
}

/// Applies the activation; `slope` is read for `PRelu` only.
#[inline(always)]
pub(super) unsafe fn activate<V: Lanes>(value: V, act: Act, slope: V) -> V {
    unsafe {
        match act {
            Act::None => value,
            Act::Relu => value.max(V::splat(0.0)),
            Act::PRelu => value.min(V::splat(0.0)).mul_add(slope, value.max(V::splat(0.0))),
            Act::HardSwish => {
                let gate = value.mul_add(V::splat(1.0 / 6.0), V::splat(0.5));
                value.mul(gate.max(V::splat(0.0)).min(V::splat(1.0)))
            }
        }
    }
}
