//! How do a campaign's values become fields of a form, and back?
import type { Campaign, FeatureCode } from './types';

const DAY_MS = 86_400_000;

/** A UUIDv7: the center orders by it. */
function newId(now_ms: number): string {
  const hex = now_ms.toString(16).padStart(12, '0');
  const random = crypto.randomUUID();
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${random.slice(15)}`;
}

/** An empty campaign with the usual values, for the month to come. */
export const fresh = (school_code: string, now_ms: number): Campaign => ({
  id: newId(now_ms),
  title: '',
  school_code,
  school_name: '',
  job: 'graduate',
  number_prefix: '',
  price_fen: 0,
  collective: true,
  picture_files: false,
  spec: 'chsi-graduate-2017',
  opens_at_ms: now_ms - (now_ms % 60_000),
  closes_at_ms: now_ms - (now_ms % 60_000) + 30 * DAY_MS,
  retake_tries: 3,
  retake_within_hours: 48,
  consent_version: '2027-01',
  feature_codes: [],
});

/** `2027-06-03T09:00`, by the clock of this computer. */
export function localTime(ms: number): string {
  const offset_ms = new Date(ms).getTimezoneOffset() * 60_000;
  return new Date(ms - offset_ms).toISOString().slice(0, 16);
}
export const timeOf = (text: string): number => new Date(text).getTime();

/** Codes typed with spaces or commas between; what was known of one stays. */
export function codesOf(text: string, known: FeatureCode[]): FeatureCode[] {
  const codes = text.toUpperCase().split(/[\s,，、;；]+/).filter(Boolean);
  return [...new Set(codes)].map((code) => known.find((k) => k.code === code) ?? { code });
}
