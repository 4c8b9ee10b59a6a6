//! What was said in the last few seconds? Short messages, newest last, at most four.
import type { Tone } from './tone';

export type Toast = { id: number; tone: Tone; text: string };
const MOST = 4;
const STAY_MS: Record<Tone, number> = { plain: 2500, good: 1800, info: 3500, warn: 5000, bad: 7000 };

class Toasts {
  shown: Toast[] = $state([]);
  #next = 1;

  say(tone: Tone, text: string) {
    const id = this.#next++;
    // The same words again replace the ones on screen; a success ends the complaints before it.
    const stays = (t: Toast) => t.text !== text && !(tone === 'good' && t.tone === 'bad');
    this.shown = [...this.shown.filter(stays), { id, tone, text }].slice(-MOST);
    setTimeout(() => this.dismiss(id), STAY_MS[tone]);
  }

  dismiss(id: number) {
    this.shown = this.shown.filter((t) => t.id !== id);
  }
}

export const toasts = new Toasts();
