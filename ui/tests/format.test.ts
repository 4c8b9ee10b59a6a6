//! Are numbers, money and spans written as a person would?
import { expect, test } from 'vitest';
import { measured, money, span } from '../src/lib/text/format';

test('measured values', () => {
  expect([0.0477, 0.05, 1.8, -4.48, 34.21, 262, 0].map(measured)).toEqual(['0.048', '0.05', '1.8', '−4.48', '34.2', '262', '0']);
});
test('money is whole fen', () => {
  expect([0, 5, 1500, 3001].map(money)).toEqual(['¥0.00', '¥0.05', '¥15.00', '¥30.01']);
});
test('spans', () => {
  expect([-5, 59_000, 3_600_000, 90_000_000].map(span)).toEqual([
    { days: 0, hours: 0, minutes: 0 }, { days: 0, hours: 0, minutes: 0 }, { days: 0, hours: 1, minutes: 0 }, { days: 1, hours: 1, minutes: 0 },
  ]);
});
