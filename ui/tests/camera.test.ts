//! What do the settings say of knobs, a failed camera, a folder, and the set?
import { beforeEach, describe, expect, test } from 'vitest';
import { stateOf, toDo } from '../src/lib/capture/camera-said';
import type { CameraKnob } from '../src/lib/ipc/CameraKnob';
import type { SetCheckItem } from '../src/lib/ipc/SetCheckItem';
import { saysBound, saysToDo, saysValue, stateOf as stateOfItem } from '../src/lib/preflight/set-check';
import { folderAlarm, pastedPath } from '../src/lib/settings/folder';
import { groups, isAuto, isUsual, saysKnob } from '../src/lib/settings/knobs';
import { words } from '../src/lib/text/words.svelte';

beforeEach(() => {
  words.language = 'en';
});
const knob = (knob: string, usual: number, now: number): CameraKnob => ({ knob, least: 0, most: 5000, step: 1, usual, now });

describe('knobs', () => {
  const [exposure, focus, zoom] = groups([knob('zoom', 100, 100), knob('focus_auto', 1, 0), knob('exposure_auto', 1, 1), knob('exposure', 250, 99)]);

  test('come in their order, each with its switch, and only those there are', () => {
    expect([exposure?.id, focus?.id, zoom?.id]).toEqual(['exposure', 'focus', 'zoom']);
    expect([exposure?.auto?.now, focus?.knob, zoom?.auto]).toEqual([1, null, null]);
  });
  test('what the camera chooses itself is as usual, a locked focus is not', () => {
    expect([exposure, focus, zoom].map((g) => g && [isAuto(g), isUsual(g)])).toEqual([[true, true], [false, false], [false, true]]);
  });
  test('an exposure is a part of a second, or seconds', () => {
    if (!exposure || !zoom) throw new Error('they are there');
    expect([125, 1, 10_000, 25_000].map((v) => saysKnob(exposure, v))).toEqual(['1/80 s', '1/10000 s', '1 s', '2.5 s']);
    expect(saysKnob(zoom, 140)).toBe('140');
  });
});

test('a failed camera says why and what to do; a reason nobody knows says at least that it failed', () => {
  const how = (state: string, reason: string | null, holder: string | null = null) => ({ state, reason, holder });
  for (const reason of ['access_denied', 'no_usable_mode', 'no_library', 'driver', 'pictures', 'thread']) {
    expect(stateOf(how('failed', reason)), reason).not.toBe(stateOf(how('failed', null)));
    expect(toDo(how('failed', reason)), reason).not.toContain('failed_');
  }
  expect(stateOf(how('failed', 'never_heard_of'))).toBe(stateOf(how('failed', null)));
  expect(toDo(how('busy', null, 'obs'))).toContain('obs');
  expect(toDo(how('busy', null))).toContain('Another program');
});

test('the folder calls for somebody when it is gone or files are stuck, and names them', () => {
  const folder = { name: 'today', is_there: true, taken: 3, waiting: 1, stuck: 0, stuck_names: [] as string[] };
  expect(folderAlarm(folder)).toBeNull();
  expect(folderAlarm({ ...folder, is_there: false })).toContain('today');
  const many = folderAlarm({ ...folder, stuck: 7, stuck_names: ['A.JPG', 'B.JPG'] }) ?? '';
  expect(many).toContain('A.JPG, B.JPG and 5 more');
});

test('a path is understood as file managers copy it', () => {
  expect(['/home/photo/a b', ' "D:\\today" ', 'file:///home/photo/%E6%8B%8D%E6%91%84', 'file:///D:/today', 'file://%'].map(pastedPath)).toEqual([
    '/home/photo/a b', 'D:\\today', '/home/photo/拍摄', 'D:/today', 'file://%',
  ]);
});

describe('the set check', () => {
  const item = (id: string, verdict: string, value: number | null, unit: string, min: number | null, max: number | null): SetCheckItem => ({ id, verdict, value, unit, min, max });

  test('says values and bounds with their units', () => {
    const balance = item('lamp_balance', 'fail', -21.5, '%', null, 12);
    expect([saysValue(balance), saysBound(balance)]).toEqual(['right +21.5%', 'at most 12% apart']);
    const colour = item('backdrop_colour', 'pass', 3.44, 'dE00', null, 10);
    expect([saysValue(colour), saysBound(colour)]).toEqual(['ΔE 3.4', 'at most ΔE 10']);
    const scanner = item('scanner', 'warn', null, 'min', null, 60);
    expect([saysValue(scanner), saysBound(scanner)]).toEqual(['—', 'within 60 min']);
  });
  test('what was not measured says why, what passes asks for nothing', () => {
    const unseen = item('exposure', 'not_measured', null, '%', null, 1);
    expect(stateOfItem(unseen)).toBe('open');
    expect(saysToDo(unseen, 'somebody')).toContain('clear the seat');
    expect(saysToDo(item('exposure', 'pass', 0, '%', null, 1), null)).toBe('');
    expect(saysToDo(item('exposure', 'fail', 9, '%', null, 1), null)).toContain('lamps down');
  });
});
