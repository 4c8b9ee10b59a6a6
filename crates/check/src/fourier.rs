//! Which waves are in a block of the view? A radix-2 transform of 64 × 64 values.
use std::f32::consts::TAU;

/// Side of a block.
pub(crate) const SIDE: usize = 64;

/// Energy of each wave: `[row][column]` counts cycles down and across the block, the second half for negative ones.
pub(crate) fn energy(block: &[(f32, f32)]) -> Vec<f32> {
    let mut data = block.to_vec();
    for row in data.chunks_exact_mut(SIDE) {
        transform(row);
    }
    let mut column = [(0.0, 0.0); SIDE];
    for x in 0..SIDE {
        for (y, c) in column.iter_mut().enumerate() {
            *c = data[y * SIDE + x];
        }
        transform(&mut column);
        for (y, c) in column.iter().enumerate() {
            data[y * SIDE + x] = *c;
        }
    }
    data.iter().map(|(re, im)| re * re + im * im).collect()
}

fn transform(line: &mut [(f32, f32)]) {
    let n = line.len();
    let bits = n.trailing_zeros();
    for i in 0..n {
        let j = i.reverse_bits() >> (usize::BITS - bits);
        if j > i {
            line.swap(i, j);
        }
    }
    let mut length = 2;
    while length <= n {
        let turns: Vec<(f32, f32)> = (0..length / 2)
            .map(|k| {
                let (sin, cos) = (-TAU * k as f32 / length as f32).sin_cos();
                (cos, sin)
            })
            .collect();
        for chunk in line.chunks_exact_mut(length) {
            let (low, high) = chunk.split_at_mut(length / 2);
            for ((a, b), (c, s)) in low.iter_mut().zip(high).zip(&turns) {
                let turned = (b.0 * c - b.1 * s, b.0 * s + b.1 * c);
                *b = (a.0 - turned.0, a.1 - turned.1);
                *a = (a.0 + turned.0, a.1 + turned.1);
            }
        }
        length *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wave_shows_at_its_cycles() {
        let block: Vec<(f32, f32)> = (0..SIDE * SIDE)
            .map(|i| {
                (
                    (TAU * (5.0 * (i % SIDE) as f32 + 3.0 * (i / SIDE) as f32) / SIDE as f32).cos(),
                    0.0,
                )
            })
            .collect();
        let energy = energy(&block);
        let peak = energy
            .iter()
            .enumerate()
            .max_by(|a, b| a.1.total_cmp(b.1))
            .map(|(i, _)| (i / SIDE, i % SIDE));
        assert!(matches!(peak, Some((3, 5) | (61, 59))));
        let rest: f32 = energy.iter().sum::<f32>() - energy[3 * SIDE + 5] - energy[61 * SIDE + 59];
        assert!(rest < 1e-3 * energy[3 * SIDE + 5]);
    }
}
