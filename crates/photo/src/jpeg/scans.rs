//! Do the scans of a file add up to the whole picture?
//!
//! A decoder accepts a progressive file whose last passes are missing and shows a soft picture; this finds it from the scan
//! headers alone (ITU-T T.81, B.2.3 and G.1.1.1).

/// Coefficients of a block.
const COEFFICIENTS: usize = 64;
/// Most components of a frame we follow.
pub(super) const MAX_COMPONENTS: usize = 4;

/// Which bit planes of which coefficients have come.
#[derive(Debug, Clone)]
pub(super) struct Scans {
    components: Vec<u8>,
    /// Lowest bit plane seen for each component and coefficient.
    planes: Vec<[Option<u8>; COEFFICIENTS]>,
}

impl Scans {
    /// Starts with the component ids of the frame header.
    pub(super) fn new(components: Vec<u8>) -> Self {
        let planes = vec![[None; COEFFICIENTS]; components.len()];
        Self { components, planes }
    }

    /// Notes one scan by the payload of its SOS segment; `None` when the payload contradicts itself or the frame.
    pub(super) fn note(&mut self, payload: &[u8]) -> Option<()> {
        let count = usize::from(*payload.first()?);
        let rest = payload.get(1..)?;
        let [first, last, approximation] = *rest.get(count * 2..count * 2 + 3)? else {
            return None;
        };
        let low = approximation & 0x0F;
        if count == 0 || usize::from(last) >= COEFFICIENTS || first > last {
            return None;
        }
        for pair in rest[..count * 2].chunks_exact(2) {
            let index = self.components.iter().position(|id| *id == pair[0])?;
            for plane in &mut self.planes[index][usize::from(first)..=usize::from(last)] {
                *plane = Some(plane.map_or(low, |old| old.min(low)));
            }
        }
        Some(())
    }

    /// Whether every coefficient of every component has come down to its last bit.
    pub(super) fn complete(&self) -> bool {
        !self.planes.is_empty() && self.planes.iter().flatten().all(|plane| *plane == Some(0))
    }
}
