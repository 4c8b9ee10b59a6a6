//! How many keys do 500 photos take? The review's own rules, with a center that answers at once, and every twentieth photo rejected.
import { expect, test } from 'vitest';
import type { Console } from '../src/lib/console/console.svelte';
import type { CenterOrder } from '../src/lib/console/types';
import { meaning, moved, PAGE } from '../src/lib/review/keys';
import { LOOK_MS, Review } from '../src/lib/review/review.svelte';

const PHOTOS = 500;
const order = (n: number) => ({ id: `o${n}`, number: String(n), state: 'pending_review', exception: n < 30, held_by: null, tries: 0, reasons: [] }) as unknown as CenterOrder;

function center() {
  const decided = new Map<string, string>();
  const door = {
    get: async (_: string, query: { after: string | null; limit: number }) => {
      const from = query.after ? Number(query.after) : 0;
      const orders = Array.from({ length: Math.min(query.limit, PHOTOS - from) }, (_, i) => order(from + i));
      return { orders, next: from + orders.length < PHOTOS ? String(from + orders.length) : null };
    },
    post: async (path: string) => {
      const [, id = '', does = ''] = /orders\/(\w+)\/(\w+)$/.exec(path) ?? [];
      if (id) decided.set(id, does);
      return { held: [], others: [] };
    },
    picture: () => new Promise(() => undefined),
    tell: () => undefined,
  };
  return { decided, console: { door, phase: 'in', count: async () => undefined, refuse: (e: unknown) => { throw e; } } as unknown as Console };
}

/** Fewest arrows from one place to another. */
function arrows(from: number, to: number, count: number): number[] {
  const seen = new Map<number, number[]>([[from, []]]);
  for (const [at, path] of seen) {
    if (at === to) return path;
    for (const by of [1, -1, 7, -7]) {
      const next = moved(at, by, count);
      if (!seen.has(next)) seen.set(next, [...path, by]);
    }
  }
  return [];
}

test('500 photos, 25 of them rejected, in at most 130 keys', async () => {
  const { decided, console } = center();
  const review = new Review(console);
  await review.open();
  // The exceptions come first, and so do most of the bad ones: 15 on the first two pages, the rest anywhere.
  const bad = new Set([...Array.from({ length: 15 }, (_, i) => i * 2 + 1), ...Array.from({ length: 10 }, (_, i) => 60 + i * 43)].map((n) => `o${n}`));
  let keys = 0;
  while (decided.size < PHOTOS) {
    for (let at = review.shown.findIndex((i) => bad.has(i.id) && i.fate === 'waiting'); at >= 0; at = review.shown.findIndex((i) => bad.has(i.id) && i.fate === 'waiting')) {
      for (const by of arrows(review.at, at, review.shown.length)) {
        review.move(by);
        keys++;
      }
      expect(meaning({ code: 'Digit4', key: '4', shiftKey: false, ctrlKey: false, altKey: false, metaKey: false })).toEqual({ does: 'reject', reason: 'eyes' });
      review.reject(['eyes']);
      keys++;
    }
    const waiting = review.waiting.length;
    review.approve_page();
    expect(review.waiting.length, 'not before every picture is there').toBe(waiting);
    for (const item of review.shown) item.looks = 'shown';
    review.approve_page();
    expect(review.waiting.length, 'not before it was looked at').toBe(waiting);
    review.tick(LOOK_MS);
    review.approve_page();
    keys += 1;
    await new Promise((done) => setTimeout(done, 5));
  }
  expect(Math.ceil(PHOTOS / PAGE)).toBe(24);
  expect([...decided.values()].filter((d) => d === 'reject')).toHaveLength(25);
  expect(keys).toBeLessThanOrEqual(130);
});

test('what was decided in a queue left behind is still taken back', async () => {
  const { decided, console } = center();
  const review = new Review(console);
  await review.open();
  for (const item of review.shown) item.looks = 'shown';
  review.approve();
  await review.open({ state: 'pending_review', school: '10533', campaign: null });
  await review.undo();
  expect([decided.get('o0'), review.page, review.shown.length]).toEqual(['undo', 0, PAGE]);
});

test('a failed decision comes back to the page', async () => {
  const { console } = center();
  const refused: unknown[] = [];
  Object.assign(console, { refuse: (e: unknown) => refused.push(e) });
  const review = new Review(console);
  await review.open();
  Object.assign(console.door, { post: async () => Promise.reject(new Error('held')) });
  for (const item of review.shown) item.looks = 'shown';
  review.approve();
  expect(review.items[0]?.fate).toBe('approved');
  await new Promise((done) => setTimeout(done, 5));
  expect([review.items[0]?.fate, refused.length]).toEqual(['waiting', 1]);
});
