//! A list that is read from the center when its screen opens: loading, there, or why not.
import { asCenterFault } from '../host/center';

export class Loaded<T> {
  value: T | null = $state.raw(null);
  trouble: string | null = $state(null);
  #turn = 0;

  constructor(private readonly read: () => Promise<T>) {
    void this.load();
  }

  async load() {
    const turn = ++this.#turn;
    try {
      const value = await this.read();
      // What was asked for last is shown, whatever comes last.
      if (turn === this.#turn) [this.value, this.trouble] = [value, null];
    } catch (thrown) {
      if (turn === this.#turn) this.trouble = asCenterFault(thrown).code;
    }
  }
}
