//! What does the station say now? One long poll fills it; everything on screen reads from here.
import { asFault, type Host } from './host';
import type { Fault } from './ipc/Fault';
import type { Snapshot } from './ipc/Snapshot';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4000;
/** The station answers within 20 s even when nothing happened; later than this it hangs. */
const PATIENCE_MS = 30_000;

/** The newest snapshot and whether the station answers. */
export class Station {
  snapshot: Snapshot | null = $state.raw(null);
  /** Why the station does not answer; null while it does. */
  trouble: Fault | null = $state.raw(null);
  #stopped = new AbortController();

  constructor(private readonly host: Host) {}

  get status() {
    return this.snapshot?.status ?? null;
  }
  get desk() {
    return this.snapshot?.desk ?? null;
  }
  get slot() {
    return this.snapshot?.desk.current ?? null;
  }

  /** Polls until `stop`. Failures are shown and retried with growing pauses. */
  async watch(): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (!this.#stopped.signal.aborted) {
      try {
        const seen = this.trouble ? null : (this.snapshot?.version ?? null);
        this.snapshot = await this.#within((patience) => this.host.call({ call: 'watch', args: { seen } }, patience));
        this.trouble = null;
        pause = FIRST_PAUSE_MS;
      } catch (thrown) {
        if (this.#stopped.signal.aborted) return;
        this.trouble = asFault(thrown);
        await new Promise((done) => setTimeout(done, pause));
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  /** Ends with `stop`, or when the station takes too long. `AbortSignal.any` is missing in older webviews. */
  async #within<T>(work: (patience: AbortSignal) => Promise<T>): Promise<T> {
    const patience = new AbortController();
    const give_up = () => patience.abort();
    const timer = setTimeout(give_up, PATIENCE_MS);
    this.#stopped.signal.addEventListener('abort', give_up, { once: true });
    try {
      return await work(patience.signal);
    } finally {
      clearTimeout(timer);
      this.#stopped.signal.removeEventListener('abort', give_up);
    }
  }

  stop() {
    this.#stopped.abort();
  }
}
