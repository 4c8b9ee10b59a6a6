//! What do the rows of all stations, or of one, come to for each measure?
import type { MeasureFeedback } from '../console/types';

export const COUNTS = ['missed', 'caught', 'approved_failed', 'approved_warned'] as const;
export type MeasureRow = Omit<MeasureFeedback, 'station_id'>;

/** One row a measure, the most disagreement first. */
export function byMeasure(rows: MeasureFeedback[], station: string | null): MeasureRow[] {
  const found = new Map<string, MeasureRow>();
  for (const row of rows) {
    if (station !== null && row.station_id !== station) continue;
    const sum = found.get(row.measure) ?? { measure: row.measure, reason: row.reason, missed: 0, caught: 0, approved_failed: 0, approved_warned: 0 };
    for (const count of COUNTS) sum[count] += row[count];
    found.set(row.measure, sum);
  }
  const apart = (row: MeasureRow) => row.missed + row.approved_failed + row.approved_warned;
  return [...found.values()].sort((a, b) => apart(b) - apart(a) || b.caught - a.caught);
}
