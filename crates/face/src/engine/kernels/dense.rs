//! How is a convolution over all channels computed? Tiles of pixels by channels stay in the registers.
use super::lanes::{Lanes, activate};
use super::{Act, After, Dense, LANES, PANEL, Residual};

/// Bytes of input that are kept in the level-1 cache while all weights pass over them.
const BLOCK_BYTES: usize = 16 << 10;

/// Where a tile of pixels and channels stands.
struct Tile<'a> {
    layer: &'a Dense,
    /// First float of the first pixel's first tap.
    source: *const f32,
    /// The panel's weights.
    weights: *const f32,
    after: After<'a>,
    residual: Option<Residual<'a>>,
    /// Number of the first pixel in the output.
    pixel: usize,
    /// First channel of the panel.
    channel: usize,
    target: *mut f32,
}

#[inline(always)]
pub(super) unsafe fn dense<V: Lanes>(
    layer: &Dense,
    source: &[f32],
    weights: &[f32],
    after: After,
    residual: Option<Residual>,
    target: &mut [f32],
) {
    let depth = layer.taps * layer.run;
    let block = (BLOCK_BYTES / 4 / depth.max(1)).max(1).next_multiple_of(V::ROWS);
    for row in 0..layer.rows {
        for from in (0..layer.columns).step_by(block) {
            let to = (from + block).min(layer.columns);
            for channel in (0..layer.width).step_by(PANEL) {
                let mut column = from;
                while column < to {
                    let height = (to - column).min(V::ROWS);
                    // SAFETY: `Dense::check` has compared the largest of these offsets with the lengths.
                    unsafe {
                        let tile = Tile {
                            layer,
                            source: source.as_ptr().add(row * layer.row_step + column * layer.column_step),
                            weights: weights.as_ptr().add(channel * depth),
                            after,
                            residual,
                            pixel: row * layer.columns + column,
                            channel,
                            target: target.as_mut_ptr(),
                        };
                        if layer.width - channel >= PANEL {
                            tiles::<V, 2>(&tile, height);
                        } else {
                            tiles::<V, 1>(&tile, height);
                        }
                    }
                    column += height;
                }
            }
        }
    }
}

/// A tile of up to six pixels; the compiler makes one loop for each height.
#[inline(always)]
unsafe fn tiles<V: Lanes, const N: usize>(tile: &Tile, height: usize) {
    unsafe {
        match height {
            6 => tile_of::<V, 6, N>(tile),
            5 => tile_of::<V, 5, N>(tile),
            4 => tile_of::<V, 4, N>(tile),
            3 => tile_of::<V, 3, N>(tile),
            2 => tile_of::<V, 2, N>(tile),
            _ => tile_of::<V, 1, N>(tile),
        }
    }
}

#[inline(always)]
unsafe fn tile_of<V: Lanes, const M: usize, const N: usize>(tile: &Tile) {
    let layer = tile.layer;
    unsafe {
        let mut sums = [[V::splat(0.0); N]; M];
        for n in 0..N {
            let bias = V::load(tile.after.bias.as_ptr().add(tile.channel + n * LANES));
            for sum in &mut sums {
                sum[n] = bias;
            }
        }
        let mut weights = tile.weights;
        for tap in 0..layer.taps {
            let source = tile.source.add(tap * layer.tap_step);
            for k in 0..layer.run {
                let mut w = [V::splat(0.0); N];
                for (n, w) in w.iter_mut().enumerate() {
                    *w = V::load(weights.add(n * LANES));
                }
                weights = weights.add(N * LANES);
                for (m, sum) in sums.iter_mut().enumerate() {
                    let x = V::splat(*source.add(m * layer.column_step + k));
                    for n in 0..N {
                        sum[n] = x.mul_add(w[n], sum[n]);
                    }
                }
            }
        }
        finish(tile, sums);
    }
}

/// Adds the residual, applies the activation and stores.
#[inline(always)]
unsafe fn finish<V: Lanes, const M: usize, const N: usize>(tile: &Tile, mut sums: [[V; N]; M]) {
    unsafe {
        for n in 0..N {
            let channel = tile.channel + n * LANES;
            if let Some(r) = tile.residual.filter(|r| channel < r.width) {
                for (m, sum) in sums.iter_mut().enumerate() {
                    let other = V::load(r.values.as_ptr().add((tile.pixel + m) * r.width + channel));
                    sum[n] = sum[n].add(other);
                }
            }
            let slope = match tile.after.act {
                Act::PRelu => V::load(tile.after.slopes.as_ptr().add(channel)),
                Act::None | Act::Relu | Act::HardSwish => V::splat(0.0),
            };
            for (m, sum) in sums.iter().enumerate() {
                let value = activate(sum[n], tile.after.act, slope);
                value.store(tile.target.add((tile.pixel + m) * tile.layer.width + channel));
            }
        }
    }
}
