//! Which orders of the center are on screen? Latest first, fetched page by page as one scrolls.
import type { Console } from '../console/console.svelte';
import type { CenterOrder, OrdersAnswer, StateCount } from '../console/types';

const PAGE = 100;

export type OrdersFilter = { state: string | null; school: string | null; campaign: string | null; number: string };

export class CenterOrders {
  filter: OrdersFilter = $state.raw({ state: null, school: null, campaign: null, number: '' });
  rows: CenterOrder[] = $state.raw([]);
  counts: StateCount[] = $state.raw([]);
  phase: 'loading' | 'ready' | 'failed' = $state('loading');
  trouble: unknown = $state.raw(null);
  #next: string | null = null;
  #turn = 0;
  #fetching = false;

  constructor(private readonly console: Console) {}

  readonly total = $derived(
    this.filter.number ? this.rows.length : this.counts.filter((c) => !this.filter.state || c.state === this.filter.state).reduce((sum, c) => sum + c.orders, 0),
  );

  /** Shows others, from the top. */
  async open(filter: OrdersFilter = this.filter) {
    this.#turn++;
    this.filter = filter;
    [this.#next, this.#fetching] = [null, false];
    if (this.rows.length === 0) this.phase = 'loading';
    await Promise.all([this.#fetch(true), this.#count()]);
  }

  /** The end of the list came near. */
  async further() {
    if (this.#next && !this.#fetching) await this.#fetch(false);
  }

  /** One order moved on. */
  async changed(id: string, state: string) {
    this.rows = this.rows.map((row) => (row.id === id ? { ...row, state } : row));
    await Promise.all([this.#count(), this.console.count()]);
  }

  async #count() {
    const { school, campaign } = this.filter;
    const answer = await this.console.door.get<{ states: StateCount[] }>('/api/counts', { school, campaign }).catch(() => null);
    if (answer) this.counts = answer.states;
  }

  async #fetch(anew: boolean) {
    const turn = this.#turn;
    this.#fetching = true;
    try {
      const { state, school, campaign, number } = this.filter;
      const query = { state, school, campaign, number: number.trim(), limit: PAGE, before: anew ? null : this.#next };
      const answer = await this.console.door.get<OrdersAnswer>('/api/orders', query);
      if (turn !== this.#turn) return;
      this.rows = anew ? answer.orders : [...this.rows, ...answer.orders];
      [this.#next, this.phase, this.trouble] = [answer.next, 'ready', null];
    } catch (thrown) {
      if (turn !== this.#turn) return;
      if (anew) [this.rows, this.phase, this.trouble] = [[], 'failed', thrown];
      else this.console.refuse(thrown);
    } finally {
      if (turn === this.#turn) this.#fetching = false;
    }
  }
}
