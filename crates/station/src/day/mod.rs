//! The day in numbers, told from the store: how fast, how good, who is missing, and whether everything is accounted for.
mod end;
pub(crate) mod releases;
mod today;

pub(crate) use releases::Release;

use crate::core::Core;
use crate::view;
use domain::UtcMs;
use domain::time::UtcOffset;
use ipc::{RangeView, StandardView};

const DAY_MS: i64 = 86_400_000;

/// The moment a day began, by China's clocks: campus days do not follow the traveller's time zone.
pub(crate) fn day_began(now: UtcMs) -> UtcMs {
    let offset = i64::from(UtcOffset::CHINA.minutes) * 60_000;
    let local = now.0 + offset;
    UtcMs(local - local.rem_euclid(DAY_MS) - offset)
}

impl Core {
    /// The standards this station knows.
    pub fn standards(&self) -> Vec<StandardView> {
        let standard = |spec: &domain::PhotoSpec| StandardView {
            spec: view::spec_view(spec),
            version: spec.version.clone(),
            source: spec.size.source.clone(),
            dpi: u32::from(spec.dpi.value),
            file_kb: RangeView {
                min: spec.file_kb.value.min,
                max: spec.file_kb.value.max,
            },
        };
        self.specs.iter().map(standard).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_beijing() {
        // 2026-06-12 00:00:00 +08:00
        let midnight = UtcMs(1_781_193_600_000);
        assert_eq!(day_began(midnight), midnight);
        assert_eq!(day_began(midnight.plus(DAY_MS - 1)), midnight);
        assert_eq!(day_began(midnight.plus(-1)), midnight.plus(-DAY_MS));
    }
}
