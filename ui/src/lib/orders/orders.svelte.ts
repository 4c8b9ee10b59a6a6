//! Which orders are on screen? Pages are fetched as they come into view and again when the station reports a change.
import type { App } from '../app.svelte';
import type { OrderDetail } from '../ipc/OrderDetail';
import type { OrderRow } from '../ipc/OrderRow';
import type { StateCount } from '../ipc/StateCount';

const PAGE = 60;
/** Rows kept; farther pages are forgotten and fetched again. */
const MOST_PAGES = 20;

/** The orders that fit the filter, page by page. */
export class Orders {
  state: string | null = $state(null);
  text = $state('');
  total = $state(0);
  counts: StateCount[] = $state.raw([]);
  pages: Record<number, OrderRow[]> = $state.raw({});
  phase: 'loading' | 'ready' | 'failed' = $state('loading');
  detail: OrderDetail | null = $state.raw(null);
  #first = 0;
  #last = 0;
  #turn = 0;

  constructor(private readonly app: App) {}

  /** A row, when its page is here. */
  row(index: number): OrderRow | undefined {
    return this.pages[Math.floor(index / PAGE)]?.[index % PAGE];
  }

  /** Shows other orders: another filter, from the top. */
  async filter(state: string | null, text: string) {
    [this.state, this.text] = [state, text];
    [this.#first, this.#last] = [0, 0];
    this.#turn++;
    await this.#fetch(0, true);
  }

  /** These rows came into view. */
  async show(first: number, last: number) {
    [this.#first, this.#last] = [Math.floor(first / PAGE), Math.floor(last / PAGE)];
    for (let page = this.#first; page <= this.#last; page++) if (!this.pages[page]) await this.#fetch(page, false);
  }

  /** Something changed at the station: what is in view is asked for again. */
  async refresh() {
    for (let page = this.#first; page <= this.#last; page++) await this.#fetch(page, false);
    if (this.detail) await this.open(this.detail.row.id);
  }

  async open(id: string | null) {
    if (id === null) this.detail = null;
    else this.detail = (await this.app.ask({ call: 'order', args: { id } }))?.answer ?? this.detail;
  }

  async #fetch(page: number, alone: boolean) {
    const turn = this.#turn;
    const args = { state: this.state, text: this.text.trim() || null, offset: page * PAGE, limit: PAGE };
    try {
      const answer = await this.app.host.call({ call: 'orders', args });
      if (turn !== this.#turn) return;
      const near = Object.entries(this.pages).filter(([p]) => Math.abs(Number(p) - page) < MOST_PAGES);
      this.pages = alone ? { [page]: answer.rows } : { ...Object.fromEntries(near), [page]: answer.rows };
      [this.total, this.counts, this.phase] = [answer.total, answer.counts, 'ready'];
    } catch {
      if (turn === this.#turn && this.total === 0) this.phase = 'failed';
    }
  }
}
