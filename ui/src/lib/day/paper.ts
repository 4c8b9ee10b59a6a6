//! How is a printed sheet laid out? Pages of SVG: A4, in points, black on white.
import type { StatusView } from '../ipc/StatusView';
import { day, fullTime } from '../text/format';
import { t } from '../text/words.svelte';

export const [W, H, MARGIN, LINE] = [595, 842, 48, 18] as const;
/** Where the body begins below the head. */
export const BODY = 104 + 5 * LINE;

const escaped = (text: string) => text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);
export const text = (x: number, y: number, words: string, more = '') => `<text x="${x}" y="${y}" ${more}>${escaped(words)}</text>`;
export const rule = (y: number, from: number = MARGIN, to: number = W - MARGIN) => `<line x1="${from}" x2="${to}" y1="${y}" y2="${y}" stroke="#000" stroke-width="0.6"/>`;

/** Cuts what a column cannot hold: a Chinese character is as wide as the type is high. */
export const fitted = (words: string, width: number, size: number) => {
  let used = 0;
  let kept = '';
  for (const c of words) {
    used += (c.charCodeAt(0) > 255 ? 1 : 0.56) * size;
    if (used > width) return `${kept.slice(0, -1)}…`;
    kept += c;
  }
  return kept;
};

/** A page with what stands at its foot. */
export function page(body: string[], foot: string): string {
  const lines = [...body, text(W / 2, H - 28, foot, 'text-anchor="middle" font-size="8" fill="#444"')].join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${W}" height="${H}" viewBox="0 0 ${W} ${H}" font-size="10.5" fill="#000"><rect width="${W}" height="${H}" fill="#fff"/>${lines}</svg>`;
}

/** The title, and whose day it is. */
export function head(title: string, status: StatusView, at_ms: number): string[] {
  const facts: [string, string][] = [
    [t('end.sheet_school'), status.campaign?.school_name ?? ''],
    [t('end.sheet_job'), status.campaign?.title ?? ''],
    [t('end.sheet_date'), day(at_ms)],
    [t('end.sheet_station'), status.station_name],
    [t('end.sheet_operator'), status.operator],
  ];
  return [
    text(W / 2, 72, title, 'text-anchor="middle" font-size="18"'),
    ...facts.flatMap(([name, value], i) => [text(MARGIN, 104 + i * LINE, name, 'fill="#444"'), text(MARGIN + 80, 104 + i * LINE, value)]),
  ];
}

export const foot = (status: StatusView) => t('end.sheet_made', { version: status.app_version, time: fullTime(Date.now()) });
