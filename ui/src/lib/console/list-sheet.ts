//! A list of a delivery as pages of SVG: A4, in points, black on white. Names stand in full: it is what a class teacher works through.
import { fullTime } from '../text/format';
import { t, words } from '../text/words.svelte';
import type { ListLine } from './types';

const [W, H, MARGIN, TOP, ROW] = [595, 842, 40, 118, 17];
export const ROWS_A_PAGE = 38;

const escaped = (text: string) => text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);
const text = (x: number, y: number, said: string, more = '') => `<text x="${x}" y="${y}" ${more}>${escaped(said)}</text>`;
const rule = (y: number) => `<line x1="${MARGIN}" x2="${W - MARGIN}" y1="${y}" y2="${y}" stroke="#000" stroke-width="0.5"/>`;

/** Cuts what a column cannot hold: a Chinese letter is as wide as the type is high. */
function fitted(said: string, width: number, size: number): string {
  let used = 0;
  let kept = '';
  for (const c of said) {
    used += (c.charCodeAt(0) > 255 ? 1 : 0.56) * size;
    if (used > width) return `${kept.slice(0, -1)}…`;
    kept += c;
  }
  return kept;
}

/** The words of a row's reasons: a rejection's, a state's or ours. */
export const reasons = (codes: string) =>
  codes
    .split(' ')
    .filter((code) => code !== '')
    .map((code) => [words.of('reject', code), words.of('order_state', code), words.of('list_reason', code)].find((said) => said !== code) ?? code)
    .join(words.language === 'en' ? ', ' : '、');

/** What is known of the person, the best of several fields first. */
const known = (line: ListLine, ...fields: string[]) => fields.map((f) => line[f]).find((v) => v) ?? '';

/** All rows, with a heading on each page. */
export function listSheet(list: string, campaign: string, school: string, rows: ListLine[], now_ms: number): string[] {
  const pages = Math.max(1, Math.ceil(rows.length / ROWS_A_PAGE));
  const columns: [number, number, string, (line: ListLine, n: number) => string][] = [
    [MARGIN, 24, t('packages.sheet_number'), (_, n) => String(n)],
    [68, 84, t('packages.class'), (l) => known(l, 'class')],
    [156, 64, t('end.name'), (l) => known(l, 'name', 'masked_name')],
    [224, 122, t('end.student_number'), (l) => known(l, 'student_number', 'id_number', 'masked_id', 'order_number', 'code_hash')],
    [350, 205, t('packages.sheet_reason'), (l) => reasons(known(l, 'reason'))],
  ];
  return Array.from({ length: pages }, (_, page) => {
    const body = [text(W / 2, 62, t('packages.sheet_title', { list }), 'text-anchor="middle" font-size="17"')];
    body.push(text(W / 2, 86, `${school} · ${campaign}`, 'text-anchor="middle" font-size="10.5" fill="#444"'));
    const cells = (y: number, said: string[]) =>
      said.forEach((cell, k) => body.push(text(columns[k]?.[0] ?? 0, y, fitted(cell, columns[k]?.[1] ?? 0, 9.5), 'font-size="9.5"')));
    cells(TOP, columns.map(([, , name]) => name));
    body.push(rule(TOP + 5));
    rows.slice(page * ROWS_A_PAGE, (page + 1) * ROWS_A_PAGE).forEach((line, i) => {
      cells(TOP + ROW * (i + 1) + 2, columns.map(([, , , of]) => of(line, page * ROWS_A_PAGE + i + 1)));
    });
    const foot = t('packages.sheet_foot', { page: page + 1, pages, count: rows.length, time: fullTime(now_ms) });
    body.push(text(W / 2, H - 26, foot, 'text-anchor="middle" font-size="8" fill="#444"'));
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${W}" height="${H}" viewBox="0 0 ${W} ${H}" fill="#000"><rect width="${W}" height="${H}" fill="#fff"/>${body.join('')}</svg>`;
  });
}
