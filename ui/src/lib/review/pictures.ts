//! Which pictures are fetched next? Those in view first, then the page after; few at once, for each is made anew at the center.
import type { CenterDoor } from '../host/center';
import type { Item } from './item.svelte';

/** Requests at once. */
const AT_ONCE = 3;
/** Tries of one picture; a busy center says no now and then. */
const TRIES = 3;
const PAUSE_MS = 800;

export class Pictures {
  #wanted: Item[] = [];
  #running = 0;
  #tries = new Map<string, number>();
  #stop = new AbortController();

  constructor(private readonly door: CenterDoor) {}

  /** Fetches these, the first ones first; what waited before and is not among them is left. */
  want(items: Item[]) {
    this.#wanted = items.filter((i) => i.looks === 'none');
    while (this.#running < AT_ONCE && this.#wanted.length > 0) void this.#next();
  }

  /** Tries once more what did not come. */
  again(items: Item[]) {
    for (const item of items.filter((i) => i.looks === 'missing')) {
      item.looks = 'none';
      this.#tries.delete(item.id);
    }
  }

  close() {
    this.#wanted = [];
    this.#stop.abort();
  }

  async #next() {
    const item = this.#wanted.shift();
    if (!item || item.looks !== 'none') return;
    this.#running++;
    item.looks = 'loading';
    try {
      const picture = await this.door.picture(item.id, 'finished', this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      item.picture = URL.createObjectURL(picture);
      item.looks = 'here';
    } catch {
      await this.#failed(item);
    } finally {
      this.#running--;
      if (this.#wanted.length > 0) void this.#next();
    }
  }

  async #failed(item: Item) {
    const tries = (this.#tries.get(item.id) ?? 0) + 1;
    this.#tries.set(item.id, tries);
    if (this.#stop.signal.aborted || tries >= TRIES) {
      item.looks = 'missing';
      return;
    }
    await new Promise((done) => setTimeout(done, PAUSE_MS * tries));
    item.looks = 'none';
    this.#wanted.push(item);
  }
}
