//! The sign-off sheet and the absent list as pages of SVG: A4, in points, black on white.
import type { AbsentView } from '../ipc/AbsentView';
import type { EndOfDayView } from '../ipc/EndOfDayView';
import type { StatusView } from '../ipc/StatusView';
import { day, fullTime } from '../text/format';
import { t, words } from '../text/words.svelte';

const [W, H, MARGIN, LINE] = [595, 842, 48, 18];
const ROWS_A_PAGE = 36;

const escaped = (text: string) => text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);
const text = (x: number, y: number, words: string, more = '') => `<text x="${x}" y="${y}" ${more}>${escaped(words)}</text>`;
const rule = (y: number, from = MARGIN, to = W - MARGIN) => `<line x1="${from}" x2="${to}" y1="${y}" y2="${y}" stroke="#000" stroke-width="0.6"/>`;
/** Cuts what a column cannot hold: a Chinese character is as wide as the type is high. */
const fitted = (words: string, width: number, size: number) => {
  let used = 0;
  let kept = '';
  for (const c of words) {
    used += (c.charCodeAt(0) > 255 ? 1 : 0.56) * size;
    if (used > width) return `${kept.slice(0, -1)}…`;
    kept += c;
  }
  return kept;
};

function page(body: string[], foot: string): string {
  const lines = [...body, text(W / 2, H - 28, foot, 'text-anchor="middle" font-size="8" fill="#444"')].join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${W}" height="${H}" viewBox="0 0 ${W} ${H}" font-size="10.5" fill="#000"><rect width="${W}" height="${H}" fill="#fff"/>${lines}</svg>`;
}

function head(title: string, status: StatusView, end: EndOfDayView): string[] {
  const facts: [string, string][] = [
    [t('end.sheet_school'), status.campaign?.school_name ?? ''],
    [t('end.sheet_job'), status.campaign?.title ?? ''],
    [t('end.sheet_date'), day(end.from_ms)],
    [t('end.sheet_station'), status.station_name],
    [t('end.sheet_operator'), status.operator],
  ];
  return [
    text(W / 2, 72, title, 'text-anchor="middle" font-size="18"'),
    ...facts.flatMap(([name, value], i) => [text(MARGIN, 104 + i * LINE, name, 'fill="#444"'), text(MARGIN + 80, 104 + i * LINE, value)]),
  ];
}

const foot = (status: StatusView) => t('end.sheet_made', { version: status.app_version, time: fullTime(Date.now()) });

/** One page: the counts, what agrees, who is missing by class, and room for two signatures. */
export function signOffSheet(status: StatusView, end: EndOfDayView): string[] {
  const body = head(t('end.sheet_title'), status, end);
  let y = 104 + 5 * LINE + 10;
  body.push(rule(y - 12), text(MARGIN, y, t('end.counts'), 'font-size="12"'));
  for (const check of end.checks) {
    y += LINE;
    body.push(text(MARGIN, y, words.of('day_check', check.what)));
    body.push(text(360, y, `${check.left} / ${check.right}`, 'text-anchor="end"'));
    body.push(text(W - MARGIN, y, check.holds ? `✓ ${t('end.agrees')}` : `✕ ${t('end.differs')}`, 'text-anchor="end"'));
  }
  y += LINE;
  body.push(text(MARGIN, y, t('end.signed', { safe: end.photos_safe, total: end.photos_total })));
  body.push(text(W - MARGIN, y, end.safe_to_leave ? `✓ ${t('end.safe')}` : `✕ ${t('end.not_safe')}`, 'text-anchor="end"'));
  y += LINE * 1.6;
  body.push(rule(y - 14), text(MARGIN, y, t('end.fates'), 'font-size="12"'));
  const { counts } = end;
  const fates: [string, number][] = [
    [t('end.accepted'), counts.accepted],
    [t('end.retaken'), counts.retaken],
    [t('end.discarded'), counts.discarded],
    [t('end.orphan'), counts.orphan],
    [t('end.unconfirmed'), counts.unconfirmed],
    [t('end.recalls'), end.recalls],
  ];
  fates.forEach(([name, n], i) => body.push(text(MARGIN + (i % 3) * 170, y + LINE * (1 + Math.floor(i / 3)), `${name}  ${n}`)));
  y += LINE * 3.6;
  body.push(rule(y - 14), text(MARGIN, y, t('end.absent', { count: end.absent }), 'font-size="12"'));
  const missing = end.classes.filter((c) => c.people > c.collected);
  const room = Math.floor((H - 190 - y) / LINE) * 2;
  missing.slice(0, room).forEach((c, i) => {
    const line = t('end.class_line', { class: c.class ?? t('today.no_class'), absent: c.people - c.collected, people: c.people });
    body.push(text(MARGIN + (i % 2) * 250, y + LINE * (1 + Math.floor(i / 2)), fitted(line, 240, 10.5)));
  });
  if (missing.length > room) body.push(text(W - MARGIN, H - 170, `+ ${missing.length - room}`, 'text-anchor="end"'));
  body.push(text(MARGIN, H - 110, t('end.sheet_signature')), rule(H - 82, MARGIN, 270));
  body.push(text(325, H - 110, t('end.sheet_school_signature')), rule(H - 82, 325, W - MARGIN));
  return [page(body, foot(status))];
}

/** Everybody who is missing, class by class, 36 a page. Names are masked as on screen. */
export function absentList(status: StatusView, end: EndOfDayView, absent: AbsentView[]): string[] {
  const pages = Math.max(1, Math.ceil(absent.length / ROWS_A_PAGE));
  const columns: [number, number, string, (a: AbsentView) => string][] = [
    [MARGIN, 120, t('end.class'), (a) => a.class ?? t('today.no_class')],
    [180, 80, t('end.name'), (a) => a.name ?? '—'],
    [270, 110, t('end.student_number'), (a) => a.student_number ?? '—'],
    [390, 150, t('end.id_number'), (a) => a.id_masked ?? '—'],
  ];
  return Array.from({ length: pages }, (_, i) => {
    const body = head(t('end.absent_title'), status, end).slice(0, i === 0 ? undefined : 1);
    let y = i === 0 ? 104 + 5 * LINE + 6 : 100;
    const row = (cells: string[]) => cells.forEach((cell, k) => body.push(text(columns[k]?.[0] ?? 0, y, fitted(cell, columns[k]?.[1] ?? 0, 9.5), 'font-size="9.5"')));
    row(columns.map(([, , name]) => name));
    body.push(rule(y + 5));
    for (const one of absent.slice(i * ROWS_A_PAGE, (i + 1) * ROWS_A_PAGE)) {
      y += 16;
      row(columns.map(([, , , of]) => of(one)));
    }
    return page(body, `${t('end.page_of', { page: i + 1, pages })} · ${foot(status)}`);
  });
}
