//! What stands where in a code? Sizes, fixed patterns, the order of the bytes and their blocks (ISO/IEC 18004:2015, clauses 6
//! and 7).

/// Check bytes of a block for levels L, M, Q, H and versions 1 to 40 (table 9).
const CHECKS: [[u8; 40]; 4] = [
    [
        7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30,
        30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28, 28,
        28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    ],
    [
        13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30, 28, 30, 30,
        30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30, 30, 30, 30,
        30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
];
/// Blocks for levels L, M, Q, H and versions 1 to 40 (table 9).
const BLOCKS: [[u8; 40]; 4] = [
    [
        1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18,
        19, 19, 20, 21, 22, 24, 25,
    ],
    [
        1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31,
        33, 35, 37, 38, 40, 43, 45, 47, 49,
    ],
    [
        1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38, 40,
        43, 45, 48, 51, 53, 56, 59, 62, 65, 68,
    ],
    [
        1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42, 45, 48,
        51, 54, 57, 60, 63, 66, 70, 74, 77, 81,
    ],
];
/// The level (as an index of the tables above) of each pair of format bits.
const LEVEL_OF_BITS: [usize; 4] = [1, 0, 3, 2];

/// Version 1 to 40.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Version(usize);

/// What a module is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Module {
    /// Part of a fixed pattern, dark.
    Dark,
    /// Part of a fixed pattern, light.
    Light,
    /// This bit of the format, 0 the lowest.
    Format(u8),
    /// A bit of the content.
    Content,
}

/// Level of error correction and mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Format {
    level: usize,
    mask: usize,
}

impl Format {
    /// The one with these five bits: level, then mask.
    pub(super) fn of(bits: u8) -> Self {
        Self {
            level: LEVEL_OF_BITS[usize::from(bits >> 3) & 3],
            mask: usize::from(bits & 7),
        }
    }

    /// The fifteen bits that stand in the code for these five.
    pub(super) fn drawn(bits: u8) -> u16 {
        let rest = (0..10).fold(u16::from(bits), |rest, _| (rest << 1) ^ ((rest >> 9) * 0x537));
        ((u16::from(bits) << 10) | (rest & 0x3FF)) ^ 0x5412
    }

    /// Whether the mask turns the module over.
    pub(super) fn turns(self, x: usize, y: usize) -> bool {
        let (sum, product) = (x + y, x * y);
        0 == match self.mask {
            0 => sum % 2,
            1 => y % 2,
            2 => x % 3,
            3 => sum % 3,
            4 => (x / 3 + y / 2) % 2,
            5 => product % 2 + product % 3,
            6 => (product % 2 + product % 3) % 2,
            _ => (sum % 2 + product % 3) % 2,
        }
    }
}

/// A block of bytes: where they stand in the order of the code, and how many of them are checks.
pub(super) struct Block {
    pub(super) places: Vec<usize>,
    pub(super) checks: usize,
}

impl Version {
    /// Absent outside 1 to 40.
    pub(super) fn new(number: usize) -> Option<Self> {
        (1..=40).contains(&number).then_some(Self(number))
    }

    /// The number, 1 to 40.
    pub(super) fn number(self) -> usize {
        self.0
    }

    /// Modules a side.
    pub(super) fn size(self) -> usize {
        17 + 4 * self.0
    }

    /// Middles of the alignment patterns along each axis.
    pub(super) fn alignments(self) -> Vec<usize> {
        if self.0 == 1 {
            return Vec::new();
        }
        let count = self.0 / 7 + 2;
        let step = (self.0 * 8 + count * 3 + 5) / (count * 4 - 4) * 2;
        let last = self.size() - 7;
        std::iter::once(6)
            .chain((0..count - 1).rev().map(|n| last - n * step))
            .collect()
    }

    /// The middles of the alignment patterns that are there: not where a finder pattern stands.
    pub(super) fn alignment_centres(self) -> Vec<(usize, usize)> {
        let along = self.alignments();
        let last = along.last().copied().unwrap_or(0);
        let corner = |x, y| (x, y) == (6, 6) || (x, y) == (6, last) || (x, y) == (last, 6);
        let all = along.iter().flat_map(|y| along.iter().map(move |x| (*x, *y)));
        all.filter(|(x, y)| !corner(*x, *y)).collect()
    }

    /// What each module is for, row by row.
    pub(super) fn modules(self) -> Vec<Module> {
        let size = self.size();
        let mut out = vec![Module::Content; size * size];
        let fixed = |dark| if dark { Module::Dark } else { Module::Light };
        for i in 0..size {
            out[6 * size + i] = fixed(i % 2 == 0);
            out[i * size + 6] = fixed(i % 2 == 0);
        }
        for (cx, cy) in self.alignment_centres() {
            for y in cy - 2..=cy + 2 {
                for x in cx - 2..=cx + 2 {
                    out[y * size + x] = fixed(x.abs_diff(cx).max(y.abs_diff(cy)) != 1);
                }
            }
        }
        for (cx, cy) in [(3, 3), (size - 4, 3), (3, size - 4)] {
            for y in cy.saturating_sub(4)..(cy + 5).min(size) {
                for x in cx.saturating_sub(4)..(cx + 5).min(size) {
                    out[y * size + x] = fixed(!matches!(x.abs_diff(cx).max(y.abs_diff(cy)), 2 | 4));
                }
            }
        }
        self.write_format(&mut out);
        self.write_version(&mut out);
        out
    }

    fn write_format(self, out: &mut [Module]) {
        let size = self.size();
        for bit in 0..15_u8 {
            let i = usize::from(bit);
            let (x, y) = match i {
                0..=5 => (8, i),
                6 => (8, 7),
                7 => (8, 8),
                8 => (7, 8),
                _ => (14 - i, 8),
            };
            out[y * size + x] = Module::Format(bit);
            let (x, y) = if i < 8 { (size - 1 - i, 8) } else { (8, size - 15 + i) };
            out[y * size + x] = Module::Format(bit);
        }
        out[(size - 8) * size + 8] = Module::Dark;
    }

    fn write_version(self, out: &mut [Module]) {
        if self.0 < 7 {
            return;
        }
        let size = self.size();
        let rest = (0..12).fold(self.0, |rest, _| (rest << 1) ^ ((rest >> 11) * 0x1F25));
        let bits = (self.0 << 12) | (rest & 0xFFF);
        for bit in 0..18 {
            let module = if bits >> bit & 1 == 1 {
                Module::Dark
            } else {
                Module::Light
            };
            let (far, near) = (size - 11 + bit % 3, bit / 3);
            out[near * size + far] = module;
            out[far * size + near] = module;
        }
    }

    /// Places (row-major) of the content's bits, in order; what is left after the last whole byte is cut off.
    pub(super) fn content(self, modules: &[Module]) -> Vec<usize> {
        let size = self.size();
        let mut places = Vec::with_capacity(size * size);
        for pair in 0..(size - 1) / 2 {
            let mut right = size - 1 - 2 * pair;
            // The column of the timing pattern belongs to no pair.
            if right <= 6 {
                right -= 1;
            }
            for step in 0..size {
                let y = if pair % 2 == 0 { size - 1 - step } else { step };
                places.extend([right, right - 1].map(|x| y * size + x));
            }
        }
        places.retain(|place| modules[*place] == Module::Content);
        places.truncate(places.len() / 8 * 8);
        places
    }

    /// The blocks of so many bytes in all.
    pub(super) fn blocks(self, format: Format, bytes: usize) -> Vec<Block> {
        let count = usize::from(BLOCKS[format.level][self.0 - 1]);
        let checks = usize::from(CHECKS[format.level][self.0 - 1]);
        let short = bytes / count - checks;
        let shorts = count - bytes % count;
        let data = bytes - count * checks;
        let block = |nth: usize| {
            let mut places: Vec<usize> = (0..short).map(|i| i * count + nth).collect();
            if nth >= shorts {
                places.push(short * count + nth - shorts);
            }
            places.extend((0..checks).map(|i| data + i * count + nth));
            Block { places, checks }
        };
        (0..count).map(block).collect()
    }
}
