//! How long until something may be asked for again? Counted down in whole seconds.
const SECOND_MS = 1000;

/** A countdown. */
export class Again {
  seconds = $state(0);
  #until = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Begins anew. */
  wait(ms: number) {
    this.stop();
    this.#until = performance.now() + ms;
    this.#count();
    this.#timer = setInterval(() => this.#count(), SECOND_MS / 4);
  }

  stop() {
    clearInterval(this.#timer);
    this.seconds = 0;
  }

  #count() {
    this.seconds = Math.max(Math.ceil((this.#until - performance.now()) / SECOND_MS), 0);
    if (this.seconds === 0) clearInterval(this.#timer);
  }
}
