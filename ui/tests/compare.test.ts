//! Would a changed screen be noticed, and another machine's smoothing not? The comparison of pictures on drawings of one and of two renderers.
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { compare, type Picture } from './pictures/compare.mjs';

const [WIDTH, HEIGHT] = [400, 200];
/** A panel with a button, a round mark, a slanted stroke and a hairline, in the colours of a theme. */
const screen = ({ x = 220, stop = false, panel = '#2c2c2c', line = '#474747', mark = '#63d58c' } = {}) => `
  <rect width="400" height="200" fill="#242424"/>
  <rect x="20" y="20" width="360" height="160" rx="10" fill="${panel}"/>
  <rect x="40" y="90" width="320" height="1" fill="${line}"/>
  <rect x="${x}" y="120" width="120" height="36" rx="6" fill="#ececec"/>
  <circle cx="70" cy="55" r="14.3" fill="none" stroke="${mark}" stroke-width="2.2"/>
  <path d="M110 70 L190 38" stroke="#f3f3f3" stroke-width="1.6"/>
  ${stop ? '<circle cx="200" cy="69.5" r="1.1" fill="#f3f3f3"/>' : ''}`;
const FINE = 4;
const svg = (inside: string, scale: number, how: string) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH * scale}" height="${HEIGHT * scale}" shape-rendering="${how}">${inside}</svg>`);
async function raster(image: Buffer): Promise<Picture> {
  const { data, info } = await sharp(image).removeAlpha().ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height };
}
/** As a renderer draws it that reckons how much of a pixel a shape covers. */
const drawn = (inside: string) => raster(svg(inside, 1, 'auto'));
/** As another one does, that looks at sixteen points of each pixel and takes their mean. */
async function sampled(inside: string): Promise<Picture> {
  const many = await raster(svg(inside, FINE, 'crispEdges'));
  const data = new Uint8Array(WIDTH * HEIGHT * 4);
  const points = Array.from({ length: FINE * FINE }, (_, i) => [i % FINE, Math.floor(i / FINE)] as const);
  for (let at = 0; at < data.length; at++) {
    const [x, y] = [((at >> 2) % WIDTH) * FINE, Math.floor((at >> 2) / WIDTH) * FINE];
    const sum = points.reduce((all, [dx, dy]) => all + (many.data[((y + dy) * many.width + x + dx) * 4 + (at % 4)] ?? 0), 0);
    data[at] = Math.round(sum / points.length);
  }
  return { data, width: WIDTH, height: HEIGHT };
}
const differs = async (change: Parameters<typeof screen>[0]) => compare(await drawn(screen()), await drawn(screen(change))).why;

test('the same picture is the same', async () => expect(await differs({})).toBeNull());

test('a button that moved is found, by eight pixels and by one', async () => {
  expect(await differs({ x: 228 })).toMatch(/pixels show something else/);
  expect(await differs({ x: 221 })).toMatch(/pixels show something else/);
});

test('a full stop more is found', async () => expect(await differs({ stop: true })).toMatch(/pixels show something else/));

test('another colour is found: a surface by two greys, a hairline, a mark', async () => {
  expect(await differs({ panel: '#2e2c2c' })).toMatch(/have another colour/);
  expect(await differs({ line: '#4a4a4a' })).toMatch(/have another colour/);
  expect(await differs({ mark: '#63d5b0' })).toMatch(/show something else/);
});

test('another size is found', async () => {
  const other = await drawn(screen());
  expect(compare(await drawn(screen()), { ...other, width: 200, height: 400 }).why).toBe('200×400 instead of 400×200');
});

test('edges that another renderer smooths are no difference', async () => {
  const [here, there] = [await drawn(screen()), await sampled(screen())];
  expect(here.data.some((value, at) => Math.abs(value - (there.data[at] ?? 0)) > 8), 'they are smoothed otherwise').toBe(true);
  expect(compare(here, there).why).toBeNull();
});
