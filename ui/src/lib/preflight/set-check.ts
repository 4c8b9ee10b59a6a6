//! What does an item of the set check say: the value that was measured, what would be right, and how it stands? Pure but for the words.
import type { SetCheckItem } from '../ipc/SetCheckItem';
import type { SetCheckView } from '../ipc/SetCheckView';
import { t, words, type Key } from '../text/words.svelte';
import type { State } from './checks';

/** Those measured on the picture, in the order they are looked at; the others have a line of their own on the screen. */
export const SEEN = ['backdrop_colour', 'backdrop_gradient', 'lamp_balance', 'exposure', 'sharpness'];
const STATES: Record<string, State> = { pass: 'good', warn: 'look', fail: 'bad' };
const SAYS: Record<string, Key> = { fps: 'set.fps', dE00: 'set.distance', s: 'set.seconds', shots: 'set.shots', min: 'set.minutes', '%': 'set.clipped' };
const VERDICTS: Record<string, Key> = { pass: 'set.pass', warn: 'set.warn', fail: 'set.fail', not_measured: 'set.not_measured' };

export const stateOf = (item: SetCheckItem): State => STATES[item.verdict] ?? 'open';
export const saysVerdict = (item: SetCheckItem) => t(VERDICTS[item.verdict] ?? 'set.not_measured');
const number = (value: number) => String(Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 10) / 10);

/** The value with its unit; a dash when there is none. */
export function saysValue({ id, value, unit }: SetCheckItem): string {
  if (value === null) return '—';
  if (id === 'lamp_balance') return t(value < 0 ? 'set.right_brighter' : 'set.left_brighter', { value: number(Math.abs(value)) });
  return t(SAYS[unit] ?? 'set.plain', { value: number(Math.abs(value)) });
}

/** What would be right. */
export function saysBound({ id, min, max, unit }: SetCheckItem): string {
  if (id === 'lamp_balance' && max !== null) return t('set.either_side', { bound: number(max) });
  if (unit === 'min' && max !== null) return t('set.within', { bound: number(max) });
  const say = (value: number) => (unit === '%' ? `${number(value)}%` : t(SAYS[unit] ?? 'set.plain', { value: number(value) }));
  if (max !== null) return t('set.at_most', { bound: say(max) });
  return min === null ? '' : t('set.at_least', { bound: say(min) });
}

/** What to do about it; nothing when it passes. */
export function saysToDo(item: SetCheckItem, unseen: string | null): string {
  if (item.verdict === 'pass') return '';
  if (item.verdict === 'not_measured' && unseen) return words.of('set_unseen', unseen);
  return words.of('set_do', item.id);
}

/** The items of the picture. */
export const seen = (check: SetCheckView) => SEEN.map((id) => check.items.find((i) => i.id === id)).filter((i) => i !== undefined);
