//! How does the set look now? Asked again and again while the screen is open: a lamp is moved, and the number follows.
import type { Host } from '../host';
import type { SetCheckView } from '../ipc/SetCheckView';

const EVERY_MS = 2000;

/** The set check of one screen. */
export class SetWatch {
  now: SetCheckView | null = $state.raw(null);

  constructor(
    private readonly host: Host,
    /** Without a campaign there is no standard to measure by. */
    private readonly can: () => boolean,
  ) {}

  /** Asks until the signal ends. */
  async run(stop: AbortSignal) {
    while (!stop.aborted) {
      if (!this.can()) this.now = null;
      else if (!document.hidden) this.now = await this.host.call({ call: 'set_check' }, stop).catch(() => null);
      await new Promise((next) => setTimeout(next, EVERY_MS));
    }
  }
}
