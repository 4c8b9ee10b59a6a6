//! The sign-off sheet and the absent list, as pages.
import type { AbsentView } from '../ipc/AbsentView';
import type { EndOfDayView } from '../ipc/EndOfDayView';
import type { StatusView } from '../ipc/StatusView';
import { t, words } from '../text/words.svelte';
import { BODY, fitted, foot, H, head, LINE, MARGIN, page, rule, text, W } from './paper';

const ROWS_A_PAGE = 36;

/** One page: the counts, what agrees, who is missing by class, and room for two signatures. */
export function signOffSheet(status: StatusView, end: EndOfDayView): string[] {
  const body = head(t('end.sheet_title'), status, end.from_ms);
  let y = BODY + 10;
  body.push(rule(y - 12), text(MARGIN, y, t('end.counts'), 'font-size="12"'));
  for (const check of end.checks) {
    y += LINE;
    body.push(text(MARGIN, y, words.of('day_check', check.what)));
    body.push(text(360, y, `${check.left} / ${check.right}`, 'text-anchor="end"'));
    body.push(text(W - MARGIN, y, check.holds ? `✓ ${t('end.agrees')}` : `× ${t('end.differs')}`, 'text-anchor="end"'));
  }
  y += LINE;
  body.push(text(MARGIN, y, t('end.signed', { safe: end.photos_safe, total: end.photos_total })));
  body.push(text(W - MARGIN, y, end.safe_to_leave ? `✓ ${t('end.safe')}` : `× ${t('end.not_safe')}`, 'text-anchor="end"'));
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
    const body = head(t('end.absent_title'), status, end.from_ms).slice(0, i === 0 ? undefined : 1);
    let y = i === 0 ? BODY + 6 : 100;
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
