//! How is a unit written after a number? Ids of `Unit` in `crates/domain/src/finding.rs`.
export const unit = {
  px: ['像素', 'px'],
  deg: ['°', '°'],
  ratio: ['', ''],
  score: ['', ''],
  dE00: ['ΔE', 'ΔE'],
  'L*': ['L*', 'L*'],
  KB: ['KB', 'KB'],
  dpi: ['dpi', 'dpi'],
  bit: ['位', 'bit'],
  count: ['个', ''],
} as const;
