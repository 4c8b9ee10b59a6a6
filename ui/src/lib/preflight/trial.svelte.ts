//! Do scanner and pedal work? On the pre-flight screen a scan seats nobody and the shutter takes nothing; they are only heard.
import { keyName } from '../capture/key-name';
import type { Stroke } from '../capture/wedge';

/** Keys that move about on a screen; they are nobody's pedal. */
const MOVES = new Set(['Tab', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Escape', 'Home', 'End']);

/** What was heard since the window opened. */
export class Trial {
  /** Characters of the last code. */
  characters: number | null = $state(null);
  pedal: { name: string; isShutter: boolean } | null = $state(null);

  /** `tell` lets the station know: its set check asks for both. */
  constructor(private readonly tell: (what: 'scanner' | 'pedal') => void) {}

  scanned(text: string) {
    this.characters = [...text].length;
    this.tell('scanner');
  }

  /** A key. Returns whether it was taken. */
  key(stroke: Stroke, shutter: readonly string[]): boolean {
    const isShutter = shutter.includes(stroke.code);
    if (MOVES.has(stroke.code) && !isShutter) return false;
    this.pedal = { name: keyName(stroke.code), isShutter };
    if (isShutter) this.tell('pedal');
    return true;
  }
}
