//! Which bytes of a block are wrong? Reed–Solomon over GF(256) with erasures, as ISO/IEC 18004 uses it (x⁸+x⁴+x³+x²+1, first
//! root α⁰).

const POLYNOMIAL: u16 = 0x11D;
/// Most check bytes of a block (ISO/IEC 18004, table 9).
const MOST_CHECKS: usize = 30;

/// Powers of α, twice over so that a sum of two logarithms needs no remainder, and their logarithms.
struct Tables {
    power: [u8; 512],
    log: [u8; 256],
}

static TABLES: Tables = tables();

const fn tables() -> Tables {
    let (mut power, mut log) = ([0; 512], [0; 256]);
    let (mut value, mut i) = (1_u16, 0);
    while i < 255 {
        power[i] = value as u8;
        power[i + 255] = value as u8;
        log[value as usize] = i as u8;
        value <<= 1;
        if value & 0x100 != 0 {
            value ^= POLYNOMIAL;
        }
        i += 1;
    }
    Tables { power, log }
}

fn alpha(exponent: usize) -> u8 {
    TABLES.power[exponent % 255]
}

fn times(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        return 0;
    }
    TABLES.power[TABLES.log[a as usize] as usize + TABLES.log[b as usize] as usize]
}

/// The quotient; zero where `b` is zero, which no caller asks for.
fn over(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        return 0;
    }
    TABLES.power[TABLES.log[a as usize] as usize + 255 - TABLES.log[b as usize] as usize]
}

/// A polynomial, lowest power first.
type Poly = [u8; MOST_CHECKS + 2];

fn value_at(poly: &[u8], x: u8) -> u8 {
    poly.iter().rev().fold(0, |sum, c| times(sum, x) ^ c)
}

fn syndromes(block: &[u8], checks: usize) -> Poly {
    let mut s = [0; MOST_CHECKS + 2];
    for (i, s) in s.iter_mut().take(checks).enumerate() {
        let x = alpha(i);
        *s = block.iter().fold(0, |sum, c| times(sum, x) ^ c);
    }
    s
}

/// The product, powers of `limit` and above left out.
fn product(a: &[u8], b: &[u8], limit: usize) -> Poly {
    let mut out = [0; MOST_CHECKS + 2];
    for (i, a) in a.iter().enumerate().filter(|(_, a)| **a != 0) {
        for (j, b) in b.iter().enumerate().take(limit.saturating_sub(i)) {
            out[i + j] ^= times(*a, *b);
        }
    }
    out
}

/// Puts the block right in place and says how many bytes were wrong beside the `erased` ones (places in the block whose bytes are
/// not trusted). Absent, the block being as it was, when it cannot be.
pub(super) fn correct(block: &mut [u8], checks: usize, erased: &[usize]) -> Option<usize> {
    let length = block.len();
    if checks > MOST_CHECKS || length > 255 || erased.len() > checks {
        return None;
    }
    let s = syndromes(block, checks);
    if s.iter().all(|s| *s == 0) {
        return Some(0);
    }
    let mut known: Poly = [0; MOST_CHECKS + 2];
    known[0] = 1;
    for place in erased {
        known = product(&known, &[1, alpha(length - 1 - place)], checks + 1);
    }
    let shifted = product(&known, &s[..checks], checks);
    let (found, count) = shortest(&shifted[erased.len()..checks])?;
    let locator = product(&found, &known, checks + 1);
    let evaluator = product(&locator, &s[..checks], checks);
    let mut mended = block.to_vec();
    let mut roots = 0;
    for (place, byte) in mended.iter_mut().enumerate() {
        let exponent = length - 1 - place;
        let inverse = alpha(255 - exponent % 255);
        if value_at(&locator, inverse) != 0 {
            continue;
        }
        roots += 1;
        // The formal derivative: odd powers only.
        let slope = (1..locator.len()).step_by(2).fold(0, |sum, i| {
            sum ^ times(locator[i], alpha((255 - exponent % 255) * (i - 1)))
        });
        if slope == 0 {
            return None;
        }
        *byte ^= times(alpha(exponent), over(value_at(&evaluator, inverse), slope));
    }
    if roots != count + erased.len() || syndromes(&mended, checks).iter().any(|s| *s != 0) {
        return None;
    }
    block.copy_from_slice(&mended);
    Some(count)
}

/// The shortest recurrence that makes the sequence (Berlekamp and Massey), and its length; absent when it is too long to be the
/// locator of errors.
fn shortest(sequence: &[u8]) -> Option<(Poly, usize)> {
    let (mut now, mut before): (Poly, Poly) = ([0; MOST_CHECKS + 2], [0; MOST_CHECKS + 2]);
    (now[0], before[0]) = (1, 1);
    let (mut length, mut since, mut last) = (0_usize, 1_usize, 1_u8);
    for n in 0..sequence.len() {
        let gap = (1..=length).fold(sequence[n], |sum, i| sum ^ times(now[i], sequence[n - i]));
        if gap == 0 {
            since += 1;
            continue;
        }
        let kept = now;
        let factor = over(gap, last);
        for i in since..now.len() {
            now[i] ^= times(factor, before[i - since]);
        }
        if 2 * length <= n {
            length = n + 1 - length;
            (before, last, since) = (kept, gap, 1);
        } else {
            since += 1;
        }
    }
    (2 * length <= sequence.len()).then_some((now, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chance(state: &mut u64) -> usize {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (*state >> 33) as usize
    }

    /// A block of zeros is a block; so is any sum of multiples of the generator.
    fn valid(length: usize, checks: usize, state: &mut u64) -> Vec<u8> {
        let mut generator = vec![1_u8];
        for i in 0..checks {
            let mut next = vec![0; generator.len() + 1];
            for (j, g) in generator.iter().enumerate() {
                next[j] ^= *g;
                next[j + 1] ^= times(*g, alpha(i));
            }
            generator = next;
        }
        let mut block = vec![0; length];
        for start in 0..length - checks {
            let factor = chance(state) as u8;
            for (j, g) in generator.iter().enumerate() {
                block[start + j] ^= times(*g, factor);
            }
        }
        assert!(syndromes(&block, checks).iter().all(|s| *s == 0));
        block
    }

    #[test]
    fn as_many_errors_and_erasures_as_the_checks_allow_are_put_right() {
        let mut state = 7;
        for checks in [7, 10, 15, 18, 26, 30] {
            for erasures in 0..=checks {
                let errors = (checks - erasures) / 2;
                let block = valid(checks + 40, checks, &mut state);
                let mut spoilt = block.clone();
                let mut places: Vec<usize> = Vec::new();
                while places.len() < erasures + errors {
                    let place = chance(&mut state) % block.len();
                    if !places.contains(&place) {
                        places.push(place);
                        spoilt[place] ^= (chance(&mut state) % 255 + 1) as u8;
                    }
                }
                assert_eq!(correct(&mut spoilt, checks, &places[..erasures]), Some(errors));
                assert_eq!(spoilt, block);
            }
        }
    }

    #[test]
    fn too_many_errors_leave_the_block_as_it_was() {
        let mut state = 3;
        let mut refused = 0;
        for _ in 0..200 {
            let mut spoilt = valid(60, 18, &mut state);
            for place in 0..14 {
                spoilt[place * 4] ^= (chance(&mut state) % 255 + 1) as u8;
            }
            let before = spoilt.clone();
            if correct(&mut spoilt, 18, &[]).is_none() {
                refused += 1;
                assert_eq!(spoilt, before);
            }
        }
        assert!(refused >= 198, "{refused} of 200");
    }
}
