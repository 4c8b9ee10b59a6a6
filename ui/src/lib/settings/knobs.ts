//! Which knobs belong together, and how is a value said? Ids of `Knob` in `crates/camera/src/controls.rs`.
import type { CameraKnob } from '../ipc/CameraKnob';
import { t, type Key } from '../text/words.svelte';

/** A group: the switch that lets the camera choose, and the knob it governs. Either may be missing. */
export type Group = { id: 'exposure' | 'white_balance' | 'focus' | 'zoom'; auto: CameraKnob | null; knob: CameraKnob | null };

const GROUPS = ['exposure', 'white_balance', 'focus', 'zoom'] as const;

/** What the switch of a group is called, and its slider. */
export const NAMES: Record<Group['id'], { auto: Key; knob: Key }> = {
  exposure: { auto: 'settings.exposure_auto', knob: 'settings.exposure' },
  white_balance: { auto: 'settings.white_balance_auto', knob: 'settings.white_balance' },
  focus: { auto: 'settings.focus_auto', knob: 'settings.focus' },
  zoom: { auto: 'settings.knob_auto', knob: 'settings.zoom' },
};

/** The groups a camera has. */
export function groups(knobs: readonly CameraKnob[]): Group[] {
  const of = (id: string) => knobs.find((k) => k.knob === id) ?? null;
  return GROUPS.map((id) => ({ id, auto: of(`${id}_auto`), knob: of(id) })).filter((g) => g.auto !== null || g.knob !== null);
}

/** Whether the camera chooses by itself now. */
export const isAuto = ({ auto }: Group) => auto !== null && auto.now !== 0;

/** Whether a group stands as on a camera nobody touched; what the camera chooses itself is not looked at. */
export const isUsual = (group: Group) => (group.auto === null || group.auto.now === group.auto.usual) && (isAuto(group) || group.knob === null || group.knob.now === group.knob.usual);

/** A value with its unit: exposure comes in units of 100 µs, white balance in kelvin, the rest in the camera's own. */
export function saysKnob({ id }: Group, value: number): string {
  if (id === 'white_balance') return `${value} K`;
  if (id !== 'exposure') return String(value);
  return value < 10_000 && value > 0 ? t('settings.exposure_part', { part: Math.max(1, Math.round(10_000 / value)) }) : t('settings.exposure_s', { seconds: value / 10_000 });
}
