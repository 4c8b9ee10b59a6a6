//! Which photo was just kept? Shown for a few seconds after its sitter got up, then nobody's face stays on the display.
import type { DeskView } from '../ipc/DeskView';

const STAY_MS = 4000;

/** The photo of the one who just left. */
export class Last {
  shot: string | null = $state(null);
  #judged: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Hears a new snapshot: a judged shot that became an accepted one while the chair is free is shown once more. */
  observe({ current, filmstrip }: DeskView) {
    const judged = current?.verdict?.shot_id ?? null;
    const left = this.#judged !== null && judged !== this.#judged ? this.#judged : null;
    if (current) this.#hide();
    else if (left && filmstrip.find((s) => s.id === left)?.fate === 'accepted') this.#show(left);
    this.#judged = judged;
  }

  #show(shot: string) {
    this.shot = shot;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#hide(), STAY_MS);
  }
  #hide() {
    this.shot = null;
    clearTimeout(this.#timer);
  }
}
