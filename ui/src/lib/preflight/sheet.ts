//! The ready sheet: what was measured before the first person sat down, as a page to print and keep.
import { BODY, fitted, foot, H, head, LINE, MARGIN, page, rule, text, W } from '../day/paper';
import { keyName } from '../capture/key-name';
import type { DeskView } from '../ipc/DeskView';
import type { SetCheckView } from '../ipc/SetCheckView';
import type { StatusView } from '../ipc/StatusView';
import { fullTime } from '../text/format';
import { t, words } from '../text/words.svelte';
import { saysBound, saysToDo, saysValue, saysVerdict } from './set-check';

const MARKS: Record<string, string> = { pass: '✓', warn: '△', fail: '×' };
const COLUMNS = { value: 200, bound: 310, verdict: W - MARGIN } as const;
const swatch = (x: number, y: number, colour: string) => `<rect x="${x}" y="${y - 9}" width="24" height="11" fill="${colour}" stroke="#000" stroke-width="0.5"/>`;
/** Only colours of the station's own form reach the drawing. */
const isColour = (text: string) => /^#[0-9a-f]{6}$/i.test(text);

/** One page: facts, each item with its value, bound and verdict, what is to be done, and room for a name. */
export function readySheet(status: StatusView, desk: DeskView, check: SetCheckView, shutter: readonly string[]): string[] {
  const body = head(t('set.sheet_title'), status, check.at_ms);
  const { camera } = status;
  const title = words.language === 'en' ? desk.spec?.title_en : desk.spec?.title_zh;
  const facts: [string, string][] = [
    [t('set.sheet_standard'), title ?? ''],
    [t('set.sheet_camera'), camera.name ? `${camera.name} · ${camera.width}×${camera.height} · ${camera.fps} fps` : ''],
    [t('set.sheet_keys'), shutter.map(keyName).join(' · ')],
    [t('set.sheet_measured_at'), fullTime(check.at_ms)],
  ];
  facts.forEach(([name, value], i) => body.push(text(MARGIN, BODY + i * LINE, name, 'fill="#444"'), text(MARGIN + 80, BODY + i * LINE, fitted(value, 400, 10.5))));
  let y = BODY + 4 * LINE;
  body.push(text(MARGIN, y, t('set.measured'), 'fill="#444"'));
  if (check.backdrop && isColour(check.backdrop)) body.push(swatch(MARGIN + 80, y, check.backdrop), text(MARGIN + 110, y, check.backdrop));
  body.push(text(COLUMNS.bound, y, t('set.wanted'), 'fill="#444"'));
  (desk.spec?.backgrounds ?? []).filter(isColour).slice(0, 5).forEach((colour, i) => body.push(swatch(COLUMNS.bound + 100 + i * 30, y, colour)));
  y += LINE * 1.6;
  body.push(rule(y - 14));
  body.push(text(MARGIN, y, t('set.sheet_item'), 'fill="#444"'), text(COLUMNS.value, y, t('set.sheet_value'), 'fill="#444"'));
  body.push(text(COLUMNS.bound, y, t('set.sheet_bound'), 'fill="#444"'), text(COLUMNS.verdict, y, t('set.sheet_verdict'), 'text-anchor="end" fill="#444"'));
  for (const item of check.items) {
    y += LINE;
    body.push(text(MARGIN, y, words.of('set_item', item.id)), text(COLUMNS.value, y, saysValue(item)), text(COLUMNS.bound, y, saysBound(item)));
    body.push(text(COLUMNS.verdict, y, `${MARKS[item.verdict] ?? '–'} ${saysVerdict(item)}`, 'text-anchor="end"'));
  }
  y += LINE * 1.6;
  body.push(rule(y - 14), text(MARGIN, y, check.ready ? `✓ ${t('set.sheet_ready')}` : `× ${t('set.sheet_not_ready')}`, 'font-size="14"'));
  const open = check.items.filter((item) => item.verdict !== 'pass');
  if (open.length > 0) {
    y += LINE * 1.4;
    body.push(text(MARGIN, y, t('set.sheet_to_do'), 'font-size="12"'));
    for (const item of open) {
      y += LINE;
      body.push(text(MARGIN, y, fitted(t('set.sheet_line', { item: words.of('set_item', item.id), what: saysToDo(item, check.unseen) }), W - 2 * MARGIN, 10.5)));
    }
  }
  body.push(text(MARGIN, H - 90, t('set.sheet_signature')), rule(H - 62, MARGIN, 270));
  return [page(body, foot(status))];
}
