//! When does the kiosk take the photo by itself? When all has been right for a moment, after a countdown that any fault stops.
export const STEADY_MS = 600;
export const COUNT_S = 2;

/** Counts down while the sitter holds still. */
export class AutoShoot {
  /** Seconds left; null while nothing counts. */
  left: number | null = $state(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly shoot: () => void) {}

  /** Whether everything is right now. */
  observe(ready: boolean) {
    if (!ready) return this.stop();
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#count(COUNT_S), STEADY_MS);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.left = null;
  }

  #count(seconds: number) {
    this.left = seconds === 0 ? null : seconds;
    if (seconds > 0) {
      this.#timer = setTimeout(() => this.#count(seconds - 1), 1000);
      return;
    }
    this.#timer = undefined;
    this.shoot();
  }
}
