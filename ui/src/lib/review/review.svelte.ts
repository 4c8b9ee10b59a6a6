//! What is on the review screen, what was decided, and may the page be approved? Decisions are shown at once and sent beside.
import type { Console } from '../console/console.svelte';
import type { CenterOrder, OrdersAnswer } from '../console/types';
import { toasts } from '../kit/toasts.svelte';
import { t } from '../text/words.svelte';
import { Item } from './item.svelte';
import { moved, PAGE } from './keys';
import { Pictures } from './pictures';

/** A page must have been looked at for this long, complete, before it may be approved as a whole. */
export const LOOK_MS = 1500;
/** A page that was seen before must be in view for this long. */
const AGAIN_MS = 600;
/** Photos asked for at once. */
const FETCH = 84;
/** Decisions on their way at once. */
const AT_ONCE = 4;
/** Pages whose pictures are kept, before and after the one in view. */
const NEAR = 2;
/** Decisions that can be taken back one after the other. */
const MOST_UNDO = 100;

export type ReviewFilter = { state: string; school: string | null; campaign: string | null };
type Decision = { does: 'approve' } | { does: 'reject'; reasons: string[]; note: string | null };

/** The queue of one reviewer. */
export class Review {
  filter: ReviewFilter = $state.raw({ state: 'pending_review', school: null, campaign: null });
  items: Item[] = $state.raw([]);
  page = $state(0);
  /** The cursor on the page. */
  at = $state(0);
  phase: 'loading' | 'ready' | 'failed' = $state('loading');
  trouble: unknown = $state.raw(null);
  /** How long the page in view has been looked at, complete. */
  looked_ms = $state(0);
  #next: string | null = $state(null);
  #looked = new Map<number, number>();
  #done: { page: number; items: Item[] }[] = [];
  #turn = 0;
  readonly #pictures: Pictures;

  constructor(private readonly console: Console) {
    this.#pictures = new Pictures(console.door);
  }

  readonly shown = $derived(this.items.slice(this.page * PAGE, (this.page + 1) * PAGE));
  readonly waiting = $derived(this.shown.filter((i) => i.fate === 'waiting'));
  readonly current: Item | undefined = $derived(this.shown[this.at]);
  readonly pages = $derived(Math.ceil(this.items.length / PAGE));
  readonly more = $derived(this.#next !== null || this.page + 1 < this.pages);
  /** Pictures of the page that have not been drawn yet. */
  readonly missing = $derived(this.waiting.filter((i) => i.looks !== 'shown').length);
  readonly decides = $derived(this.filter.state === 'pending_review');
  readonly may_approve_page = $derived(this.decides && this.waiting.length > 0 && this.missing === 0 && this.looked_ms >= LOOK_MS);
  /** Everything that was fetched is decided, and there is no more. */
  readonly finished = $derived(this.phase === 'ready' && this.decides && !this.#next && this.items.every((i) => i.fate !== 'waiting'));

  /** Shows another queue, or the same one anew. */
  async open(filter: ReviewFilter = this.filter) {
    const turn = ++this.#turn;
    this.release();
    this.#forget(this.items);
    this.filter = filter;
    [this.items, this.page, this.at, this.#next, this.phase] = [[], 0, 0, null, 'loading'];
    this.#looked.clear();
    this.#fetching = null;
    await this.#fetch(turn);
    if (turn === this.#turn && this.items.length > 0) this.#arrive(0);
  }

  /** The clock of the page: counts while it is whole and in view. */
  tick(ms: number) {
    if (this.missing > 0 || this.waiting.length === 0) return;
    this.looked_ms += ms;
    this.#looked.set(this.page, this.looked_ms);
  }

  move(by: number) {
    this.at = moved(this.at, by, this.shown.length);
  }

  async turn(by: 1 | -1) {
    const page = this.page + by;
    if (page < 0) return;
    if (page >= this.pages && this.#next) await this.#fetch(this.#turn);
    if (page < this.pages) this.#arrive(page);
  }

  /** Accepts the photo under the cursor. */
  approve() {
    const item = this.#decidable();
    if (!item) return;
    if (item.looks !== 'shown') return toasts.say('warn', t('review.not_shown'));
    this.#decide([item], { does: 'approve' });
    this.#advance();
  }

  /** Accepts what is left of the page, once it has been looked at. */
  approve_page() {
    if (!this.decides || this.waiting.length === 0) return;
    if (this.missing > 0) return toasts.say('warn', t('review.not_all_shown', { count: this.missing }));
    if (this.looked_ms < LOOK_MS) return toasts.say('warn', t('review.look_first'));
    this.#decide(this.waiting, { does: 'approve' });
    this.#advance();
  }

  reject(reasons: string[], note: string | null = null) {
    const item = this.#decidable();
    if (!item || reasons.length === 0) return;
    item.reasons = reasons;
    this.#decide([item], { does: 'reject', reasons, note });
    this.#advance();
  }

  /** Takes the latest decision back: a photo, or a whole page. */
  async undo() {
    const batch = this.#done.pop();
    if (!batch) return toasts.say('info', t('review.nothing_to_undo'));
    // Another queue may have been opened since; then only the photos themselves come back.
    const here = batch.items.every((i) => this.items.includes(i));
    if (here && batch.page !== this.page) this.#arrive(batch.page);
    const first = this.shown.findIndex((i) => i === batch.items[0]);
    if (first >= 0) this.at = first;
    const undone = await each(batch.items, async (item) => {
      // What never arrived at the center needs no taking back.
      if (item.work && !(await item.work)) return false;
      await this.console.door.post(`/api/orders/${item.id}/undo`);
      [item.fate, item.reasons] = ['waiting', []];
      return true;
    });
    this.#told(undone);
    if (undone.count > 0) toasts.say('good', t('review.undone', { count: undone.count }));
    void this.console.count();
    if (here) await this.hold();
    else await this.open();
  }

  /** Asks once more for pictures that did not come. */
  again() {
    this.#pictures.again(this.shown);
    this.#load();
  }

  /** Lets the photos of the page go. */
  release() {
    const held = this.waiting.map((i) => i.id);
    if (this.decides && held.length > 0 && this.console.phase === 'in') this.console.door.tell('/api/review/hold', { release: held });
  }

  /** Takes the page for this reviewer, or renews that. */
  async hold(release: Item[] = []) {
    if (!this.decides || this.shown.length === 0) return;
    const [items, ids] = [this.shown, this.waiting.map((i) => i.id)];
    const body = { orders: ids, release: release.filter((i) => i.fate === 'waiting' && !i.work).map((i) => i.id) };
    const answer = await this.console.door.post<{ held: string[]; others: CenterOrder[] }>('/api/review/hold', body).catch(() => null);
    for (const other of answer?.others ?? []) {
      const item = items.find((i) => i.id === other.id);
      if (item?.fate !== 'waiting' || item.work) continue;
      item.order = other;
      item.fate = other.state === 'pending_review' ? 'other' : 'gone';
    }
    const taken = this.current?.fate === 'other' || this.current?.fate === 'gone';
    if (taken && this.shown === items && this.waiting.length > 0) this.#advance();
  }

  close() {
    this.release();
    this.#turn++;
    this.#pictures.close();
    this.#forget(this.items);
  }

  /** Whether decisions are still on their way. */
  get busy() {
    return this.items.some((i) => i.work !== null);
  }

  #decidable(): Item | null {
    const item = this.current;
    return this.decides && item?.fate === 'waiting' ? item : null;
  }

  #decide(items: Item[], decision: Decision) {
    this.#done = [...this.#done, { page: this.page, items }].slice(-MOST_UNDO);
    const { does, ...body } = decision;
    const waits: (() => Promise<void>)[] = [];
    for (const item of items) {
      item.fate = does === 'approve' ? 'approved' : 'rejected';
      let say: (arrived: boolean) => void = () => undefined;
      item.work = new Promise<boolean>((done) => (say = done));
      waits.push(async () => {
        const arrived = await this.#send(item, does, body);
        item.work = null;
        say(arrived);
      });
    }
    void each(waits, async (send) => {
      await send();
      return true;
    }).then(() => this.console.count());
  }

  async #send(item: Item, does: string, body: object): Promise<boolean> {
    try {
      await this.console.door.post(`/api/orders/${item.id}/${does}`, body);
      return true;
    } catch (thrown) {
      [item.fate, item.reasons] = ['waiting', []];
      this.console.refuse(thrown);
      return false;
    }
  }

  /** To the next photo that waits, on this page or the next. */
  #advance() {
    const after = this.shown.findIndex((i, at) => at > this.at && i.fate === 'waiting');
    const next = after >= 0 ? after : this.shown.findIndex((i) => i.fate === 'waiting');
    if (next >= 0) this.at = next;
    else if (this.more) void this.turn(1);
  }

  #arrive(page: number) {
    const left = page === this.page ? [] : this.shown;
    this.page = page;
    this.at = Math.max(0, this.shown.findIndex((i) => i.fate === 'waiting'));
    // Looked at before or not: a page that comes into view must be seen before it can be approved.
    this.looked_ms = Math.min(this.#looked.get(page) ?? 0, LOOK_MS - AGAIN_MS);
    this.#load();
    void this.hold(left);
    if (page + NEAR >= this.pages && this.#next) void this.#fetch(this.#turn).then(() => this.#load());
  }

  #load() {
    const from = (page: number) => Math.max(0, page) * PAGE;
    const near = this.items.slice(from(this.page - NEAR), from(this.page + NEAR + 1));
    this.#forget(this.items.filter((i) => !near.includes(i)));
    this.#pictures.want([...this.shown, ...this.items.slice(from(this.page + 1), from(this.page + 2))]);
  }

  #forget(items: Item[]) {
    for (const item of items) item.drop();
  }

  #fetching: Promise<void> | null = null;
  /** The next orders of the queue; one request at a time. */
  #fetch(turn: number): Promise<void> {
    if (this.#fetching) return this.#fetching;
    const fetching: Promise<void> = this.#more(turn).finally(() => {
      if (this.#fetching === fetching) this.#fetching = null;
    });
    this.#fetching = fetching;
    return fetching;
  }

  async #more(turn: number) {
    const { state, school, campaign } = this.filter;
    const query = { state: state === 'pending_review' ? null : state, school, campaign, after: this.#next, limit: FETCH };
    try {
      const answer = await this.console.door.get<OrdersAnswer>('/api/review', query);
      if (turn !== this.#turn) return;
      const known = new Set(this.items.map((i) => i.id));
      this.items = [...this.items, ...answer.orders.filter((o) => !known.has(o.id)).map((o) => new Item(o))];
      [this.#next, this.phase, this.trouble] = [answer.next, 'ready', null];
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.trouble = thrown;
      if (this.items.length === 0) this.phase = 'failed';
      else this.console.refuse(thrown);
    }
  }

  #told(undone: { refused: unknown[] }) {
    const [first] = undone.refused;
    if (first !== undefined) this.console.refuse(first);
  }
}

/** Does something with each, a few at once; what failed stops none of the rest. */
async function each<T>(all: T[], work: (one: T) => Promise<boolean>): Promise<{ count: number; refused: unknown[] }> {
  const left = [...all];
  const answer = { count: 0, refused: [] as unknown[] };
  const hand = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      try {
        if (await work(one)) answer.count++;
      } catch (thrown) {
        answer.refused.push(thrown);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, hand));
  return answer;
}
