//! What do keys mean on the review screen, and what does each role see of the console?
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codesOf, fresh, localTime, timeOf } from '../src/lib/console/campaign';
import { screensOf } from '../src/lib/console/may';
import { ROLES } from '../src/lib/console/types';
import { address } from '../src/lib/host/center';
import { byMeasure } from '../src/lib/review/feedback';
import { meaning, moved, PAGE, REASONS } from '../src/lib/review/keys';

const stroke = (code: string, more: Partial<KeyboardEvent> = {}) => ({ code, key: '', shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...more });
const rust = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');

test('keys are places: an input method in between changes nothing', () => {
  expect(meaning(stroke('KeyA', { key: 'Process' }))).toEqual({ does: 'approve' });
  expect(meaning(stroke('KeyA', { shiftKey: true }))).toEqual({ does: 'approve_page' });
  expect(meaning(stroke('Digit4'))).toEqual({ does: 'reject', reason: 'eyes' });
  expect(meaning(stroke('Numpad9'))).toEqual({ does: 'reject', reason: 'wrong_person' });
  expect(meaning(stroke('KeyA', { ctrlKey: true }))).toBeNull();
  expect(meaning(stroke('Digit0'))).toBeNull();
});
test('the digits are the reasons of the domain, in its order', () => {
  const all = [...rust('crates/domain/src/review.rs').matchAll(/Self::\w+ => "(\w+)"/g)].map((m) => m[1]);
  expect([...REASONS]).toEqual(all);
});
test('the cursor leaves a page nowhere', () => {
  expect([moved(0, -1, PAGE), moved(20, 1, PAGE), moved(3, -7, PAGE), moved(17, 7, PAGE), moved(3, 7, PAGE)]).toEqual([20, 0, 17, 3, 10]);
  // The last page has ten photos: seven and three.
  expect([moved(9, 1, 10), moved(2, 7, 10), moved(9, 7, 10), moved(5, 7, 10), moved(5, -7, 10)]).toEqual([0, 9, 2, 5, 5]);
  expect(moved(0, 1, 0)).toBe(0);
});
test('each role sees its screens', () => {
  expect(Object.fromEntries(ROLES.map((role) => [role, screensOf(role).join(' ')]))).toEqual({
    admin: 'review feedback orders refunds delivery campaigns stations accounts webhooks audit own',
    coordinator: 'review feedback orders refunds delivery campaigns stations own',
    reviewer: 'review feedback orders refunds campaigns stations own',
    lab: 'orders delivery campaigns stations own',
    auditor: 'orders refunds campaigns stations audit own',
  });
});
test('a query leaves out what is not asked', () => {
  expect(address('/api/orders', { state: 'paid', school: null, number: '', limit: 5 })).toBe('/api/orders?state=paid&limit=5');
  expect(address('/api/orders')).toBe('/api/orders');
});
test('a campaign goes into the form and back', () => {
  const made = fresh('10533', 1_812_070_800_000);
  expect(made.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(timeOf(localTime(made.opens_at_ms))).toBe(made.opens_at_ms);
  expect(codesOf('ab12cd, XYZ123 ab12cd', [{ code: 'XYZ123', until_ms: 5 }])).toEqual([{ code: 'AB12CD' }, { code: 'XYZ123', until_ms: 5 }]);
});

test('disagreement is summed over stations, what was missed first', () => {
  const row = (station_id: string, measure: string, missed: number, caught: number, approved_failed = 0, approved_warned = 0) => ({ station_id, measure, reason: 'eyes', missed, caught, approved_failed, approved_warned });
  const rows = [row('a', 'EyesOpen', 1, 5), row('b', 'EyesOpen', 2, 1), row('a', 'Gaze', 0, 9), row('b', 'GlassesGlare', 0, 0, 1, 4)];
  expect(byMeasure(rows, null).map((r) => [r.measure, r.missed, r.caught])).toEqual([['EyesOpen', 3, 6], ['GlassesGlare', 0, 0], ['Gaze', 0, 9]]);
  expect(byMeasure(rows, 'a').map((r) => r.measure)).toEqual(['EyesOpen', 'Gaze']);
  expect(byMeasure(rows, 'c')).toEqual([]);
});
