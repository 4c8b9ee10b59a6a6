//! Is this burst of keys a scanner gun, a person, or too early to tell? Pure: times come with the events.
//! Guns are keyboards: at least 8 characters at a mean gap of at most 35 ms, ended by Enter or Tab. There is no total cap:
//! a code of 300 characters takes 6 s.

/** Slowest gun: mean time between two keys. */
export const MEAN_GAP_MS = 35;
/** Shortest code. */
export const MIN_CHARACTERS = 8;
/** Keys after the suffix belong to the gun, as a second line end does. */
export const SWALLOW_MS = 50;
/** A single key waits this long for a second one before it counts as a person's. */
export const HOLD_MS = 60;
/** A burst that pauses longer than this has ended without its suffix. */
export const SILENCE_MS = 400;
/** A code that begins this soon after a lone key, or after a lost burst, has lost its beginning. */
export const TORN_AFTER_KEY_MS = 200;
export const TORN_AFTER_LOSS_MS = 1500;

/** What the wedge looks at; a part of `KeyboardEvent`. */
export type Stroke = { key: string; code: string; shiftKey: boolean; at_ms: number };

/** What a stroke led to. */
export type Outcome =
  /** Not the gun's; handle it as a key. */
  | { kind: 'key' }
  /** Kept back; ask `settle` later. */
  | { kind: 'held' }
  /** The gun's; nobody else may see it. */
  | { kind: 'swallowed' }
  /** A whole code. `inverted`: Caps Lock was on and letter case was put right. */
  | { kind: 'scan'; text: string; inverted: boolean }
  /** The end of a code whose beginning went astray. Half a code names another person: it must be scanned again. */
  | { kind: 'torn' };

/** What became of held strokes when time passed. */
export type Settled = { kind: 'none' } | { kind: 'key'; stroke: Stroke } | { kind: 'lost'; characters: number };

/** The buffer between the keyboard and everything else. */
export class Wedge {
  #strokes: Stroke[] = [];
  #swallow_until = -Infinity;
  #torn_until = -Infinity;

  /** Takes one key down. Modifier keys alone change nothing. */
  stroke(stroke: Stroke): Outcome {
    if (MODIFIERS.has(stroke.code)) return { kind: 'swallowed' };
    if (stroke.at_ms < this.#swallow_until) return { kind: 'swallowed' };
    if (stroke.code === 'Enter' || stroke.code === 'NumpadEnter' || stroke.code === 'Tab') return this.#suffix(stroke);
    if (characterOf(stroke) === null) return { kind: 'key' };
    // A blank starts no code, and the shutter must not wait to find out.
    if (this.#strokes.length === 0 && stroke.code === 'Space') return { kind: 'key' };
    this.#strokes.push(stroke);
    return this.#strokes.length === 1 ? { kind: 'held' } : { kind: 'swallowed' };
  }

  /** Looks at the clock: a lone key is a person's after 60 ms, a burst without its suffix is lost after 400 ms. */
  settle(now_ms: number): Settled {
    const [first] = this.#strokes;
    const last = this.#strokes.at(-1);
    if (!first || !last) return { kind: 'none' };
    const silence = now_ms - last.at_ms;
    if (this.#strokes.length === 1 && silence >= HOLD_MS) {
      this.#strokes = [];
      this.#torn_until = first.at_ms + TORN_AFTER_KEY_MS;
      return { kind: 'key', stroke: first };
    }
    if (silence < SILENCE_MS) return { kind: 'none' };
    const characters = this.#strokes.length;
    this.#strokes = [];
    this.#torn_until = last.at_ms + TORN_AFTER_LOSS_MS;
    return { kind: 'lost', characters };
  }

  /** When `settle` should be asked next; null when nothing is held. */
  get due_ms(): number | null {
    const last = this.#strokes.at(-1);
    if (!last) return null;
    return last.at_ms + (this.#strokes.length === 1 ? HOLD_MS : SILENCE_MS);
  }

  #suffix(stroke: Stroke): Outcome {
    const strokes = this.#strokes;
    this.#strokes = [];
    const [first] = strokes;
    if (!first) return { kind: 'key' };
    const mean = (stroke.at_ms - first.at_ms) / strokes.length;
    if (strokes.length < MIN_CHARACTERS || mean > MEAN_GAP_MS) {
      // Too short or too slow for a gun: a person's Enter counts, what came before it does not.
      return mean > MEAN_GAP_MS ? { kind: 'key' } : { kind: 'swallowed' };
    }
    this.#swallow_until = stroke.at_ms + SWALLOW_MS;
    if (first.at_ms < this.#torn_until) return { kind: 'torn' };
    return { kind: 'scan', ...textOf(strokes) };
  }
}

const MODIFIERS = new Set(
  ['Shift', 'Control', 'Alt', 'Meta'].flatMap((m) => [`${m}Left`, `${m}Right`]).concat('CapsLock', 'NumLock'),
);

/** The text of a burst. With Caps Lock on the case of letters contradicts the shift key: then shift decides. */
function textOf(strokes: Stroke[]): { text: string; inverted: boolean } {
  const characters = strokes.map((s) => characterOf(s) ?? '');
  const isLetter = (c: string) => /^[a-z]$/i.test(c);
  const inverted = strokes.some((s, i) => {
    const c = characters[i] ?? '';
    return isLetter(c) && (c === c.toUpperCase()) !== s.shiftKey;
  });
  if (!inverted) return { text: characters.join(''), inverted };
  const put = (c: string, s: Stroke | undefined) => (isLetter(c) ? (s?.shiftKey ? c.toUpperCase() : c.toLowerCase()) : c);
  return { text: characters.map((c, i) => put(c, strokes[i])).join(''), inverted };
}

/** The character a stroke types; by its place on the keyboard where an input method hides it. */
export function characterOf(stroke: Pick<Stroke, 'key' | 'code' | 'shiftKey'>): string | null {
  const { key, code, shiftKey } = stroke;
  const point = key.codePointAt(0) ?? 0;
  // Full-width forms, as a Chinese input method types them, stand for the ASCII ones.
  if ([...key].length === 1) return point >= 0xff01 && point <= 0xff5e ? String.fromCodePoint(point - 0xfee0) : key;
  if (key !== 'Process' && key !== 'Unidentified') return null;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return shiftKey ? letter : letter.toLowerCase();
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  if (digit) return shiftKey && code.startsWith('Digit') ? (')!@#$%^&*('[Number(digit)] ?? null) : digit;
  return PLACES[code]?.[shiftKey ? 1 : 0] ?? null;
}

const PLACES: Record<string, string> = {
  Space: '  ', Minus: '-_', Equal: '=+', BracketLeft: '[{', BracketRight: ']}', Backslash: '\\|',
  Semicolon: ';:', Quote: '\'"', Backquote: '`~', Comma: ',<', Period: '.>', Slash: '/?',
};
