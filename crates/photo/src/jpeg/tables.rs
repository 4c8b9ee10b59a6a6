//! Which libjpeg quality do the quantisation tables come from?

/// Luma table of ITU-T T.81 Annex K.1 in zigzag order, the base of libjpeg's quality scale.
const ANNEX_K_LUMA: [u16; 64] = [
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61,
    60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113,
    121, 112, 100, 120, 92, 101, 103, 99,
];

/// The four quantisation tables a file may define, in zigzag order.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables([Option<[u16; 64]>; 4]);

impl Tables {
    /// Notes the payload of a DQT segment; `None` when it is cut short or names a fifth table.
    pub(super) fn note(&mut self, mut payload: &[u8]) -> Option<()> {
        while let Some((&kind, rest)) = payload.split_first() {
            let bytes_each = if kind >> 4 == 0 { 1 } else { 2 };
            let values = rest.get(..64 * bytes_each)?;
            let mut table = [0_u16; 64];
            for (slot, value) in table.iter_mut().zip(values.chunks_exact(bytes_each)) {
                *slot = value.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte));
            }
            *self.0.get_mut(usize::from(kind & 0x0F))? = Some(table);
            payload = &rest[64 * bytes_each..];
        }
        Some(())
    }

    /// Estimates the quality 1–100 of the table with this number: the libjpeg quality whose table lies nearest (sum of
    /// absolute differences; the higher quality of two equally near).
    pub(super) fn quality(&self, number: usize) -> Option<u8> {
        let table = self.0.get(number)?.as_ref()?;
        let distance = |quality: u8| -> u64 {
            let libjpeg = scaled(quality);
            table.iter().zip(libjpeg).map(|(a, b)| u64::from(a.abs_diff(b))).sum()
        };
        (1..=100).rev().min_by_key(|quality| distance(*quality))
    }
}

/// libjpeg's `jpeg_quality_scaling` and `jpeg_add_quant_table` for baseline files.
fn scaled(quality: u8) -> [u16; 64] {
    let quality = u16::from(quality);
    let percent = if quality < 50 {
        5000 / quality
    } else {
        200 - quality * 2
    };
    ANNEX_K_LUMA.map(|base| ((u32::from(base) * u32::from(percent) + 50) / 100).clamp(1, 255) as u16)
}
