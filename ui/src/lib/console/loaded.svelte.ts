//! A list that is read from the center when its screen opens: loading, there, or why not.
import { asCenterFault } from '../host/center';

export class Loaded<T> {
  value: T | null = $state.raw(null);
  trouble: string | null = $state(null);

  constructor(private readonly read: () => Promise<T>) {
    void this.load();
  }

  async load() {
    try {
      this.value = await this.read();
      this.trouble = null;
    } catch (thrown) {
      this.trouble = asCenterFault(thrown).code;
    }
  }
}
