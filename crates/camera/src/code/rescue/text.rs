//! What do the modules say, given how sure each is? Format, blocks, errors put right; nothing is said that the check bytes do not
//! prove.
use super::field;
use super::layout::{Format, Module, Version};

/// What a block's check bytes must prove, in bits: a random block passes once in 2²⁴ at most, and a frame gives it some hundred
/// tries.
const LEAST_PROOF: f64 = 24.0;
/// Formats tried, the likeliest first.
const FORMATS: usize = 2;

/// What was made of the modules.
pub(super) enum Reading {
    /// Every block is right: which modules are dark, row by row.
    Whole(Vec<bool>),
    /// Some blocks are: 1 dark, −1 light, 0 still unknown.
    Part(Vec<f32>),
    /// None is.
    Nothing,
}

/// Reads the modules, of which positive ones are dark and those far from zero sure.
pub(super) fn read(version: Version, modules: &[Module], soft: &[f32]) -> Reading {
    let mut part = Reading::Nothing;
    for bits in formats(modules, soft) {
        match read_as(version, modules, soft, bits) {
            Reading::Whole(dark) => return Reading::Whole(dark),
            Reading::Part(known) => part = Reading::Part(known),
            Reading::Nothing => {}
        }
    }
    part
}

/// The formats likeliest to stand there, as five bits.
fn formats(modules: &[Module], soft: &[f32]) -> Vec<u8> {
    let mut bits = [0.0_f32; 15];
    let most = typical(soft) * 2.0;
    for (module, soft) in modules.iter().zip(soft) {
        if let Module::Format(bit) = module {
            bits[usize::from(*bit)] += soft.clamp(-most, most);
        }
    }
    let agrees = |format: u8| -> f32 {
        let drawn = Format::drawn(format);
        let sign = |i: usize| if drawn >> i & 1 == 1 { 1.0 } else { -1.0 };
        bits.iter().enumerate().map(|(i, v)| sign(i) * v).sum()
    };
    let mut all: Vec<(f32, u8)> = (0..32).map(|f| (agrees(f), f)).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.into_iter().take(FORMATS).map(|(_, f)| f).collect()
}

fn typical(soft: &[f32]) -> f32 {
    let mut sizes: Vec<f32> = soft.iter().map(|s| s.abs()).collect();
    sizes.sort_by(f32::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(0.0)
}

fn read_as(version: Version, modules: &[Module], soft: &[f32], bits: u8) -> Reading {
    let (size, format) = (version.size(), Format::of(bits));
    let places = version.content(modules);
    let turned = |place: usize| format.turns(place % size, place / size);
    let count = places.len() / 8;
    let (mut bytes, mut sure) = (vec![0_u8; count], vec![f32::MAX; count]);
    for (nth, place) in places.iter().enumerate() {
        let dark = soft[*place] > 0.0;
        bytes[nth / 8] = (bytes[nth / 8] << 1) | u8::from(dark != turned(*place));
        sure[nth / 8] = sure[nth / 8].min(soft[*place].abs());
    }
    let mut right = vec![false; count];
    let mut content = Vec::new();
    let blocks = version.blocks(format, count);
    let mut whole = true;
    for block in &blocks {
        let mut held: Vec<u8> = block.places.iter().map(|p| bytes[*p]).collect();
        let sure: Vec<f32> = block.places.iter().map(|p| sure[*p]).collect();
        if mended(&mut held, &sure, block.checks) {
            for (place, byte) in block.places.iter().zip(&held) {
                (bytes[*place], right[*place]) = (*byte, true);
            }
            content.extend(&held[..held.len() - block.checks]);
        } else {
            whole = false;
        }
    }
    if !right.contains(&true) || (whole && !is_content(&content, version)) {
        return Reading::Nothing;
    }
    let mut known = super::equal::known(version, modules);
    let drawn = Format::drawn(bits);
    for (known, module) in known.iter_mut().zip(modules) {
        if let Module::Format(bit) = module {
            *known = if drawn >> bit & 1 == 1 { 1.0 } else { -1.0 };
        }
    }
    for (nth, place) in places.iter().enumerate().filter(|(nth, _)| right[nth / 8]) {
        let bit = bytes[nth / 8] >> (7 - nth % 8) & 1 == 1;
        known[*place] = if bit != turned(*place) { 1.0 } else { -1.0 };
    }
    if !whole {
        return Reading::Part(known);
    }
    // The bits left over after the last byte are zero before the mask.
    let dark = |(place, known): (usize, &f32)| if *known == 0.0 { turned(place) } else { *known > 0.0 };
    Reading::Whole(known.iter().enumerate().map(dark).collect())
}

/// Puts a block right, giving up more and more of the least sure bytes; only when the rest of the check bytes proves it.
fn mended(block: &mut [u8], sure: &[f32], checks: usize) -> bool {
    let mut order: Vec<usize> = (0..block.len()).collect();
    order.sort_by(|a, b| sure[*a].total_cmp(&sure[*b]));
    let most = checks.min(block.len());
    (0..=most).step_by(2).any(|erased| {
        let mut tried = block.to_vec();
        let Some(errors) = field::correct(&mut tried, checks, &order[..erased]) else {
            return false;
        };
        let proved = proof(block.len(), checks, erased, errors) >= LEAST_PROOF;
        if proved {
            block.copy_from_slice(&tried);
        }
        proved
    })
}

/// How unlikely it is, in bits, that a random block comes within so many errors of a valid one.
fn proof(length: usize, checks: usize, erased: usize, errors: usize) -> f64 {
    let ways = |n: usize, k: usize| -> f64 { (0..k).map(|i| ((n - i) as f64 / (i + 1) as f64).log2()).sum() };
    8.0 * (checks - erased) as f64 - 8.0 * errors as f64 - ways(length - erased, errors)
}

/// Bits of a stream, first bit first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn left(&self) -> usize {
        self.bytes.len() * 8 - self.at
    }

    fn take(&mut self, count: usize) -> Option<usize> {
        if count > self.left() {
            return None;
        }
        let mut value = 0;
        for at in self.at..self.at + count {
            value = value << 1 | usize::from(self.bytes[at / 8] >> (7 - at % 8) & 1);
        }
        self.at += count;
        Some(value)
    }
}

/// Whether the bytes are segments, an end and the padding the standard asks for (ISO/IEC 18004, clauses 7.4.3 to 7.4.10): one
/// more proof that nothing was misread.
fn is_content(bytes: &[u8], version: Version) -> bool {
    let mut bits = Bits { bytes, at: 0 };
    let mut segments = 0;
    while bits.left() >= 4 {
        let Some(mode) = bits.take(4) else { return false };
        if mode == 0 {
            return segments > 0 && is_padding(&mut bits);
        }
        if segment(&mut bits, mode, version).is_none() {
            return false;
        }
        segments += 1;
    }
    let left = bits.left();
    segments > 0 && bits.take(left) == Some(0)
}

fn is_padding(bits: &mut Bits<'_>) -> bool {
    let rest = bits.left() % 8;
    if bits.take(rest) != Some(0) {
        return false;
    }
    let pads = &bits.bytes[bits.at / 8..];
    pads.iter().enumerate().all(|(nth, pad)| *pad == [0xEC, 0x11][nth % 2])
}

/// Passes over a segment; absent when there is none of the kind or not all of it.
fn segment(bits: &mut Bits<'_>, mode: usize, version: Version) -> Option<()> {
    let kind = match version.number() {
        0..=9 => 0,
        10..=26 => 1,
        _ => 2,
    };
    let length = match mode {
        // Numbers: ten bits for three digits.
        1 => {
            let count = bits.take([10, 12, 14][kind])?;
            count / 3 * 10 + [0, 4, 7][count % 3]
        }
        2 => {
            let count = bits.take([9, 11, 13][kind])?;
            count / 2 * 11 + count % 2 * 6
        }
        // Structured append.
        3 => 16,
        4 => bits.take([8, 16, 16][kind])? * 8,
        // FNC1, in first and second position.
        5 => 0,
        7 => match bits.take(8)? {
            0..=0x7F => 0,
            0x80..=0xBF => 8,
            _ => 16,
        },
        8 => bits.take([8, 10, 12][kind])? * 13,
        9 => 8,
        // GB/T 18284: Chinese characters.
        13 => {
            bits.take(4)?;
            bits.take([8, 10, 12][kind])? * 13
        }
        _ => return None,
    };
    if length > bits.left() {
        return None;
    }
    bits.at += length;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::equal;
    use super::*;
    use fast_qr::{ECL, QRBuilder, Version as Drawn};

    fn soft(code: &fast_qr::QRCode) -> Vec<f32> {
        let value = |y: usize, x: usize| if code[y][x].value() { 1.0 } else { -1.0 };
        (0..code.size)
            .flat_map(|y| (0..code.size).map(move |x| value(y, x)))
            .collect()
    }

    /// Every version and level, as another program draws them: fixed patterns, order of bytes, blocks and masks agree.
    #[test]
    fn what_another_program_draws_is_read() {
        let versions = [
            Drawn::V01,
            Drawn::V02,
            Drawn::V03,
            Drawn::V04,
            Drawn::V05,
            Drawn::V06,
            Drawn::V07,
            Drawn::V08,
            Drawn::V09,
            Drawn::V10,
            Drawn::V11,
            Drawn::V12,
            Drawn::V13,
            Drawn::V14,
            Drawn::V15,
            Drawn::V16,
            Drawn::V17,
            Drawn::V18,
            Drawn::V19,
            Drawn::V20,
            Drawn::V21,
            Drawn::V22,
            Drawn::V23,
            Drawn::V24,
            Drawn::V25,
            Drawn::V26,
            Drawn::V27,
            Drawn::V28,
            Drawn::V29,
            Drawn::V30,
            Drawn::V31,
            Drawn::V32,
            Drawn::V33,
            Drawn::V34,
            Drawn::V35,
            Drawn::V36,
            Drawn::V37,
            Drawn::V38,
            Drawn::V39,
            Drawn::V40,
        ];
        for (number, drawn) in (1..).zip(versions) {
            for level in [ECL::L, ECL::M, ECL::Q, ECL::H] {
                let code = QRBuilder::new("7UNI").ecl(level).version(drawn).build().unwrap();
                let version = Version::new(number).unwrap();
                let (modules, soft) = (version.modules(), soft(&code));
                let known = equal::known(version, &modules);
                assert!(
                    known.iter().zip(&soft).all(|(k, s)| *k == 0.0 || k == s),
                    "{number} {level:?}"
                );
                let Reading::Whole(dark) = read(version, &modules, &soft) else {
                    // Seven check bytes prove nothing once the block is not taken as it stands.
                    panic!("{number} {level:?}")
                };
                assert!(
                    dark.iter().zip(&soft).all(|(d, s)| *d == (*s > 0.0)),
                    "{number} {level:?}"
                );
            }
        }
    }

    #[test]
    fn unsure_modules_are_given_up_and_surely_wrong_ones_found() {
        let code = QRBuilder::new("https://collect.example.cn/t/0123456789abcdef0123456789")
            .ecl(ECL::M)
            .build()
            .unwrap();
        let version = Version::new((code.size - 17) / 4).unwrap();
        let (modules, right) = (version.modules(), soft(&code));
        let mut spoilt = right.clone();
        for (nth, place) in version.content(&modules).into_iter().enumerate() {
            // One bit in each seventh byte is wrong and unsure, one in each fiftieth wrong and sure.
            if nth % 400 == 100 {
                spoilt[place] *= -1.0;
            } else if nth % 56 == 3 {
                spoilt[place] *= -0.1;
            }
        }
        let Reading::Whole(dark) = read(version, &modules, &spoilt) else {
            panic!("not read")
        };
        assert!(dark.iter().zip(&right).all(|(d, r)| *d == (*r > 0.0)));
    }

    #[test]
    fn noise_says_nothing() {
        let version = Version::new(6).unwrap();
        let modules = version.modules();
        let mut state = 5_u64;
        for _ in 0..40 {
            let noise: Vec<f32> = (0..version.size() * version.size())
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (state >> 40) as f32 / (1_u64 << 24) as f32 - 0.5
                })
                .collect();
            assert!(matches!(read(version, &modules, &noise), Reading::Nothing));
        }
    }

    #[test]
    fn what_is_no_content_is_refused() {
        let version = Version::new(3).unwrap();
        // Four bytes of text, the end, padding.
        let good = [0x40, 0x43, 0x75, 0x54, 0xE4, 0x90, 0xEC, 0x11, 0xEC];
        assert!(is_content(&good, version));
        for (at, byte) in [(6, 0xED), (0, 0xF0), (1, 0xF3), (8, 0x11)] {
            let mut bad = good;
            bad[at] = byte;
            assert!(!is_content(&bad, version), "{at}");
        }
    }
}
