//! Does each key mean the right thing at each moment of the capture screen?
import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEYS } from '../src/lib/capture/aids.svelte';
import { Debounce, meaning, RESERVED } from '../src/lib/capture/keys';
import type { DeskView } from '../src/lib/ipc/DeskView';
import type { PersonCard } from '../src/lib/ipc/PersonCard';
import type { SlotView } from '../src/lib/ipc/SlotView';

const SHUTTER = ['Space', 'Enter', 'PageDown', 'F8'];
const person: PersonCard = {
  key: 'roster:1', name: '张*明', id_masked: null, student_number: null, faculty: null, major: null, class: null,
  code_short: null, namesake: false, collected: null, recall: null, temporary: false,
};
const empty: DeskView = {
  spec: null, current: null, shutter_in_ms: null, on_deck: [], running_order: [], filmstrip: [], choosable: [], orphans: 0, unconfirmed: [], undo: null, notices: [],
  live: { sequence: 1, hint: null, reason: null, ready: true, crop: null, roll_deg: null },
  feature_code: { needed: false, entered: null },
};

/** The desk with somebody in the chair, at a stage as `ready`, `verdict:warn`, `locked`, `nobody`. */
function at(moment: string): DeskView {
  if (moment === 'nobody') return empty;
  const [stage, verdict] = moment.split(':');
  const current: SlotView = {
    person, stage: stage === 'locked' ? 'ready' : (stage ?? ''), shots: 0, locked: stage === 'locked', doubt: null, accepts_in_ms: null,
    verdict: verdict
      ? { shot_id: 's', verdict: verdict.replace('-uncropped', ''), findings: [], check_ms: 1, crop: verdict.endsWith('uncropped') ? null : { x: 0, y: 0, width: 3, height: 4 } }
      : null,
  };
  return { ...empty, current };
}

/** What a key does, in one word. */
function does(code: string, desk: DeskView): string {
  const key = code === 'Slash' ? '/' : code;
  const action = meaning({ key, code }, desk, SHUTTER);
  switch (action.do) {
    case 'call':
      return 'args' in action.call ? `${action.call.call}(${Object.values(action.call.args).join()})` : action.call.call;
    case 'open':
      return `open ${action.panel}`;
    case 'refuse':
      return `no: ${action.why}`;
    case 'nothing':
      return '·';
  }
}

describe('keys by moment', () => {
  const codes = ['Space', 'Enter', 'PageDown', 'Backspace', 'KeyR', 'Delete', 'Digit1', 'Numpad4', 'Digit7', 'KeyN', 'KeyL', 'Slash'];
  const moments = ['nobody', 'confirm', 'ready', 'locked', 'taking', 'checking', 'verdict:pass', 'verdict:warn', 'verdict:fail', 'verdict:fail-uncropped', 'saving'];
  for (const moment of moments) {
    test(moment, () => {
      const desk = at(moment);
      expect(codes.map((code) => `${code} → ${does(code, desk)}`).filter((line) => !line.endsWith('·'))).toMatchSnapshot();
    });
  }
});

test('no key that answers a verdict also shoots', () => {
  for (const verdict of ['pass', 'warn', 'fail', 'fail-uncropped']) {
    for (const code of SHUTTER) expect(does(code, at(`verdict:${verdict}`))).not.toBe('shoot');
  }
});

test('Backspace stops a countdown or takes back what came before, and nothing while a photo waits', () => {
  const undo = { what: 'accept', person: null };
  const counting = at('verdict:pass');
  if (counting.current) counting.current.accepts_in_ms = 500;
  const moments = [counting, { ...at('verdict:fail'), undo }, { ...at('ready'), undo }, { ...empty, undo }, at('ready')];
  expect(moments.map((desk) => does('Backspace', desk))).toEqual(['undo', '·', 'undo', 'undo', '·']);
});

test('after a restart the open shot is answered first', () => {
  const desk: DeskView = { ...empty, unconfirmed: [{ id: 'x', person: null, at_ms: 0, fate: 'unconfirmed', verdict: null }] };
  expect(['Enter', 'KeyR', 'Space', 'Slash'].map((c) => does(c, desk))).toEqual([
    'keep_unconfirmed(x)', 'discard_shot(x)', '·', 'open search',
  ]);
});

test('the tray and the feature code open only when there is one', () => {
  expect([does('KeyO', empty), does('KeyT', empty)]).toEqual(['·', '·']);
  const desk = { ...empty, orphans: 2, feature_code: { needed: true, entered: null } };
  expect([does('KeyO', desk), does('KeyT', desk)]).toEqual(['open tray', 'open feature_code']);
});

/** Every key a keyboard, a pedal or a presenter may send. */
const ALL = [
  ...[...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `Key${letter}`),
  ...Array.from({ length: 10 }, (_, n) => [`Digit${n}`, `Numpad${n}`]).flat(),
  ...Array.from({ length: 24 }, (_, n) => `F${n + 1}`),
  ...['Space', 'Enter', 'NumpadEnter', 'Backspace', 'Delete', 'Insert', 'Home', 'End', 'PageUp', 'PageDown', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'],
  ...['Slash', 'Backslash', 'Period', 'Comma', 'Semicolon', 'Quote', 'Minus', 'Equal', 'BracketLeft', 'BracketRight', 'Backquote', 'NumpadAdd', 'NumpadSubtract', 'NumpadMultiply', 'NumpadDivide', 'NumpadDecimal'],
];
const ANSWERS = ['Space', 'Enter', 'NumpadEnter'];

test('what means something whatever is bound is reserved, and nothing else is', () => {
  const undo = { what: 'accept', person: null };
  const desks = [
    ...['nobody', 'confirm', 'ready', 'locked', 'taking', 'checking', 'verdict:pass', 'verdict:fail', 'saving'].map(at),
    { ...empty, undo, orphans: 1, feature_code: { needed: true, entered: null } },
    { ...empty, unconfirmed: [{ id: 'x', person: null, at_ms: 0, fate: 'unconfirmed', verdict: null }] },
  ];
  const means = ALL.filter((code) => Object.hasOwn(KEYS, code) || desks.some((desk) => meaning({ key: code, code }, desk, []).do !== 'nothing'));
  const reserved = Object.keys(RESERVED).filter((code) => code !== 'Escape' && code !== 'Tab');
  expect(means.filter((code) => !ANSWERS.includes(code)).sort()).toEqual(reserved.sort());
});

test('a bound key that is not reserved shoots', () => {
  for (const code of ALL.filter((c) => !Object.hasOwn(RESERVED, c))) {
    expect(meaning({ key: code, code }, at('ready'), [code]), code).toEqual({ do: 'call', call: { call: 'shoot' } });
  }
});

test('the station refuses the same keys', () => {
  const rust = readFileSync(join(import.meta.dirname, '../../crates/station/src/prefs.rs'), 'utf8');
  const list = /const RESERVED[^=]*= \[([\s\S]*?)\];/.exec(rust)?.[1] ?? '';
  expect([...list.matchAll(/"(\w+)"/g)].map((m) => m[1]).sort()).toEqual(Object.keys(RESERVED).sort());
});

test('a pedal that bounces shoots once', () => {
  const debounce = new Debounce();
  expect([0, 40, 240, 260, 400, 520].map((ms) => debounce.passes('F8', ms))).toEqual([true, false, false, true, false, true]);
});

test('the verdict may be answered as soon as it shows: a bounce holds back no other key', () => {
  const debounce = new Debounce();
  expect([debounce.passes('F8', 0), debounce.passes('accept', 90), debounce.passes('F8', 110), debounce.passes('Enter', 120)])
    .toEqual([true, true, false, true]);
});
