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

  scanned(text: string) {
    this.characters = [...text].length;
  }

  /** A key. Returns whether it was taken. */
  key(stroke: Stroke, shutter: readonly string[]): boolean {
    if (MOVES.has(stroke.code)) return false;
    this.pedal = { name: keyName(stroke.code), isShutter: shutter.includes(stroke.code) };
    return true;
  }
}
