//! Does a turned frame lie where it belongs?
import { expect, test } from 'vitest';
import { turned, uprightSize } from '../src/lib/capture/turn';

const FRAME = { width: 1920, height: 1080 };
const place = (turns: number, x: number, y: number) => {
  const [a, b, c, d, e, f] = turned(turns, FRAME);
  return [a * x + c * y + e, b * x + d * y + f].map((v) => v + 0);
};

test('the top left corner goes round clockwise', () => {
  expect([0, 1, 2, 3].map((turns) => place(turns, 0, 0))).toEqual([[0, 0], [1080, 0], [1920, 1080], [0, 1920]]);
});
test('the frame fills its upright size exactly', () => {
  for (const turns of [0, 1, 2, 3]) {
    const { width, height } = uprightSize(turns, FRAME);
    const corners = [[0, 0], [1920, 0], [0, 1080], [1920, 1080]].map(([x = 0, y = 0]) => place(turns, x, y));
    expect(Math.min(...corners.map(([x = 0]) => x))).toBe(0);
    expect(Math.max(...corners.map(([x = 0]) => x))).toBe(width);
    expect(Math.min(...corners.map(([, y = 0]) => y))).toBe(0);
    expect(Math.max(...corners.map(([, y = 0]) => y))).toBe(height);
  }
});
test('four quarters are none, and what is not turned is drawn as it is', () => {
  expect(turned(4, FRAME)).toEqual(turned(0, FRAME));
  expect(turned(0, FRAME)).toEqual([1, 0, 0, 1, 0, 0]);
});
