//! Is anybody still there? Counts from the last touch; asks, then says that nobody is.
import { IDLE_MS, WARN_MS } from './kiosk.svelte';

const LOOK_MS = 250;

/** The kiosk's patience. */
export class Idle {
  /** Seconds left before everything is wiped; null while somebody is there. */
  left: number | null = $state(null);
  #touched_ms = performance.now();

  touch() {
    this.#touched_ms = performance.now();
    this.left = null;
  }

  /** Counts until the signal ends; `gone` runs when nobody answered, and `counts` says whether anything is to be wiped. */
  run(counts: () => boolean, gone: () => void, stop: AbortSignal) {
    const timer = setInterval(() => {
      if (!counts()) return this.touch();
      const quiet = performance.now() - this.#touched_ms;
      this.left = quiet < IDLE_MS ? null : Math.max(0, Math.ceil((IDLE_MS + WARN_MS - quiet) / 1000));
      if (quiet >= IDLE_MS + WARN_MS) {
        this.touch();
        gone();
      }
    }, LOOK_MS);
    stop.addEventListener('abort', () => clearInterval(timer), { once: true });
  }
}
