//! Does the wedge tell a gun from a person, whatever the code, the pace and the keyboard's state?
import { describe, expect, test } from 'vitest';
import { characterOf, SILENCE_MS, Wedge, type Outcome, type Stroke } from '../src/lib/capture/wedge';

type Options = { gap_ms?: number; start_ms?: number; caps?: boolean; suffix?: string; ime?: boolean };

function codeOf(character: string): string {
  if (/[a-z]/i.test(character)) return `Key${character.toUpperCase()}`;
  return /\d/.test(character) ? `Digit${character}` : 'Minus';
}

/** Types a text as a gun does; answers what came out. */
function type(wedge: Wedge, text: string, { gap_ms = 10, start_ms = 1000, caps = false, suffix = 'Enter', ime = false }: Options = {}) {
  let at_ms = start_ms;
  const outcomes: Outcome[] = [];
  for (const character of text) {
    const shiftKey = /[A-Z]/.test(character);
    const seen = caps && /[a-z]/i.test(character) ? (shiftKey ? character.toLowerCase() : character.toUpperCase()) : character;
    wedge.settle(at_ms);
    outcomes.push(wedge.stroke({ key: ime ? 'Process' : seen, code: codeOf(character), shiftKey, at_ms }));
    at_ms += gap_ms;
  }
  if (suffix) outcomes.push(wedge.stroke({ key: suffix, code: suffix, shiftKey: false, at_ms }));
  return { outcomes, end: outcomes.at(-1), at_ms };
}
const press = (key: string, code: string, at_ms: number): Stroke => ({ key, code, shiftKey: false, at_ms });

describe('a gun', () => {
  test('types a code and Enter', () => {
    expect(type(new Wedge(), 'XJTU-8842abc').end).toEqual({ kind: 'scan', text: 'XJTU-8842abc', inverted: false });
  });
  test('may end with Tab', () => {
    expect(type(new Wedge(), '2022013045', { suffix: 'Tab' }).end).toMatchObject({ kind: 'scan', text: '2022013045' });
  });
  test('may take six seconds for 300 characters', () => {
    const text = 'a1B2-'.repeat(60);
    expect(type(new Wedge(), text, { gap_ms: 20 }).end).toMatchObject({ kind: 'scan', text });
  });
  test('may hesitate once within a long code', () => {
    const wedge = new Wedge();
    const { at_ms } = type(wedge, '20220130', { suffix: '' });
    expect(type(wedge, '4512345678', { start_ms: at_ms + 200 }).end).toMatchObject({ kind: 'scan', text: '202201304512345678' });
  });
  test('with Caps Lock on is put right and told', () => {
    expect(type(new Wedge(), 'abcDEFgh12', { caps: true }).end).toEqual({ kind: 'scan', text: 'abcDEFgh12', inverted: true });
  });
  test('is read by place under a Chinese input method', () => {
    expect(type(new Wedge(), 'abCD1234-x', { ime: true }).end).toMatchObject({ kind: 'scan', text: 'abCD1234-x' });
  });
  test('nothing of a code reaches the desk, and keys after the suffix belong to the gun', () => {
    const wedge = new Wedge();
    const { outcomes, at_ms } = type(wedge, 'RRRRNNNN12');
    expect(new Set(outcomes.slice(0, -1).map((o) => o.kind))).toEqual(new Set(['held', 'swallowed']));
    expect(wedge.stroke(press('Enter', 'Enter', at_ms + 30))).toEqual({ kind: 'swallowed' });
    expect(wedge.stroke(press('Enter', 'Enter', at_ms + 60))).toEqual({ kind: 'key' });
  });
  test('that stops without its suffix is lost, and the rest of the code is torn', () => {
    const wedge = new Wedge();
    const { at_ms } = type(wedge, '2022013045', { suffix: '' });
    expect(wedge.settle(at_ms + SILENCE_MS)).toEqual({ kind: 'lost', characters: 10 });
    expect(type(wedge, '12345678', { start_ms: at_ms + 600 }).end).toEqual({ kind: 'torn' });
    expect(type(wedge, '2022013045', { start_ms: at_ms + 5000 }).end).toMatchObject({ kind: 'scan' });
  });
  test('whose first character was taken for a key is torn, never half a code', () => {
    const wedge = new Wedge();
    wedge.stroke(press('2', 'Digit2', 1000));
    expect(type(wedge, '022013045', { start_ms: 1090 }).end).toEqual({ kind: 'torn' });
  });
});

describe('a person', () => {
  test('presses one key; it counts after 60 ms', () => {
    const wedge = new Wedge();
    expect(wedge.stroke(press('r', 'KeyR', 0))).toEqual({ kind: 'held' });
    expect(wedge.settle(40)).toEqual({ kind: 'none' });
    expect(wedge.due_ms).toBe(60);
    expect(wedge.settle(61)).toMatchObject({ kind: 'key', stroke: { code: 'KeyR' } });
  });
  test('presses the shutter; it counts at once', () => {
    const wedge = new Wedge();
    for (const code of ['Space', 'Enter', 'PageDown', 'F8']) {
      expect(wedge.stroke(press(code === 'Space' ? ' ' : code, code, 0))).toEqual({ kind: 'key' });
    }
  });
  test('types slowly; nothing becomes a scan', () => {
    const wedge = new Wedge();
    expect(type(wedge, '2022013045', { gap_ms: 120 }).outcomes.some((o) => o.kind === 'scan')).toBe(false);
  });
});

test('full-width forms stand for ASCII', () => {
  expect(characterOf({ key: 'Ａ', code: 'KeyA', shiftKey: true })).toBe('A');
  expect(characterOf({ key: 'ArrowUp', code: 'ArrowUp', shiftKey: false })).toBe(null);
});
