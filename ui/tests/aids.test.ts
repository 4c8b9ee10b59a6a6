//! Do the aids say what the picture holds?
import { expect, test } from 'vitest';
import { clipped, histogram, layer, STEPS } from '../src/lib/capture/aids';

/** A grey picture from its brightness values. */
const picture = (values: number[]) => new Uint8ClampedArray(values.flatMap((v) => [v, v, v, 255]));
const alphas = (data: Uint8ClampedArray) => [...data].filter((_, at) => at % 4 === 3).map((alpha) => alpha > 0);

test('the histogram counts from dark to bright', () => {
  const bars = histogram(picture([0, 0, 255, 128]));
  expect(bars).toHaveLength(STEPS);
  expect([bars[0], bars[STEPS - 1], bars[STEPS / 2], bars[1]]).toEqual([1, 0.5, 0.5, 0]);
});

test('only what is bright in every colour is clipped', () => {
  expect(clipped(picture([255, 250, 249, 0]))).toBe(0.5);
  expect(clipped(new Uint8ClampedArray([255, 255, 20, 255]))).toBe(0);
});

test('stripes lie on the clipped part alone', () => {
  const data = picture(Array.from({ length: 16 }, (_, x) => (x < 8 ? 255 : 100)));
  layer(data, 16, { zebra: true, peaking: false, histogram: false });
  expect(alphas(data)).toEqual([true, true, true, true, ...new Array<boolean>(12).fill(false)]);
});

test('edges are drawn where brightness steps, to the right and below', () => {
  const data = picture([0, 0, 90, 90, 0, 0, 90, 90, 90, 90, 90, 90]);
  layer(data, 4, { zebra: false, peaking: true, histogram: false });
  expect(alphas(data)).toEqual([false, true, false, false, true, true, false, false, false, false, false, false]);
});

test('with nothing switched on nothing is drawn', () => {
  const data = picture([255, 0, 255, 0]);
  layer(data, 2, { zebra: false, peaking: false, histogram: true });
  expect(alphas(data)).toEqual([false, false, false, false]);
});
