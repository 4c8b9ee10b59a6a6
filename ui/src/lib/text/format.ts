//! How are numbers, times and money written? In the window's language, 24 hours, local time.
import { words } from './words.svelte';

const made = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = words.language + JSON.stringify(options);
  const known = made.get(key) ?? new Intl.DateTimeFormat(words.language === 'en' ? 'en-GB' : words.language, options);
  made.set(key, known);
  return known;
}

/** 14:05:09 */
export const clock = (ms: number) => format({ hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(ms);
/** 06/12 14:05 */
export const dayTime = (ms: number) =>
  format({ month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }).format(ms);
/** 2026/06/12 14:05:09 */
export const fullTime = (ms: number) =>
  format({ dateStyle: 'medium', timeStyle: 'medium' }).format(ms);
/** 14:05 */
export const hourMinute = (ms: number) => format({ hour: '2-digit', minute: '2-digit' }).format(ms);
/** 2026-06-12 in China, for file names. */
export const isoDay = (ms: number) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(ms);
/** 2026/06/12 */
export const day = (ms: number) => format({ dateStyle: 'medium' }).format(ms);
/** ¥30.00 from whole fen */
export const money = (fen: number) => `¥${Math.trunc(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
/** 12,345 */
export const count = (n: number) => n.toLocaleString(words.language);
/** A measured value without trailing zeros: whole from 100 on, one decimal from 10, two from 1, three below. */
export function measured(value: number): string {
  const size = Math.abs(value);
  const decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return String(Number(value.toFixed(decimals))).replace('-', '−');
}
/** 12.3 GB */
export const size = (bytes: number) => `${(bytes / 1e9).toFixed(bytes < 1e10 ? 1 : 0)} GB`;

/** Length of a file people fetch. */
export const fileSize = (bytes: number) =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : size(bytes);

/** How far away a moment is, in the largest fitting units: `1 天 3 小时`. Negative time counts as none. */
export function span(ms: number): { days: number; hours: number; minutes: number } {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  return { days: Math.floor(minutes / 1440), hours: Math.floor((minutes % 1440) / 60), minutes: minutes % 60 };
}
