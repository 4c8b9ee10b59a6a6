//! Do two pictures of a screen show the same? Edges may be smoothed otherwise by another machine; nothing may move, change its words or its colour.
import pixelmatch from 'pixelmatch';

/** How far a pixel at an edge may be off (of 1, in perceived colour; some 8 of 255 greys), unless it is the smoothing of that edge. */
const EDGE = 0.03;
/** How far even the smoothing of an edge may be off (some 38 of 255 greys). */
const SMOOTHED = 0.15;
/** How far a pixel amid its own colour may be off, in one channel of 255: rounding, and less than any two of our colours. */
const PLAIN = 1;
/** So many pixels in a row of one colour are a line or a surface, not a stroke of a letter. */
const LINE = 25;
/** Pixels of each kind that may be off. A full stop at 12 px has more. */
const STRAY = 2;

/** The pixels of a picture as one number each. */
const numbers = ({ data }) => new Uint32Array(data.slice().buffer);
const channels = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];

/** Whether the pixels from `from`, `step` apart, have one colour. */
function same(pixels, from, step, count) {
  for (let i = 1; i < count; i++) if (pixels[from + i * step] !== pixels[from]) return false;
  return true;
}

/** Whether the pixel at `x`, `y` lies amid its own colour, or on a line of it. */
function plain(pixels, width, height, x, y) {
  const at = y * width + x;
  const half = Math.floor(LINE / 2);
  if (x >= half && x < width - half && same(pixels, at - half, 1, LINE)) return true;
  if (y >= half && y < height - half && same(pixels, at - half * width, width, LINE)) return true;
  if (x < 1 || y < 1 || x >= width - 1 || y >= height - 1) return false;
  return [-width, 0, width].every((row) => pixels[at + row - 1] === pixels[at] && same(pixels, at + row - 1, 1, 3));
}

/** Plain pixels whose colour is another one; they are marked in the drawing. */
function recoloured(expected, actual, drawing) {
  const { width, height } = expected;
  const [before, after] = [numbers(expected), numbers(actual)];
  let found = 0;
  for (let at = 0; at < before.length; at++) {
    if (before[at] === after[at]) continue;
    const [a, b] = [channels(before[at]), channels(after[at])];
    if (!a.some((value, i) => Math.abs(value - b[i]) > PLAIN)) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    if (!plain(before, width, height, x, y) || !plain(after, width, height, x, y)) continue;
    found++;
    drawing.set([255, 0, 200, 255], at * 4);
  }
  return found;
}

/**
 * Compares two pictures of `{ data, width, height }`, four bytes a pixel. `why` is null when they show the same; `drawing` marks what
 * differs: red where something moved, pink where a plain colour changed, yellow where only an edge is smoothed otherwise.
 */
export function compare(expected, actual) {
  const { width, height } = expected;
  if (width !== actual.width || height !== actual.height) {
    return { why: `${actual.width}×${actual.height} instead of ${width}×${height}`, drawing: null };
  }
  const drawing = new Uint8Array(width * height * 4);
  const strong = pixelmatch(expected.data, actual.data, undefined, width, height, { threshold: SMOOTHED, includeAA: true });
  const edges = pixelmatch(expected.data, actual.data, drawing, width, height, { threshold: EDGE, includeAA: false, alpha: 0.15 });
  const moved = Math.max(strong, edges);
  const colours = recoloured(expected, actual, drawing);
  const said = [moved > STRAY && `${moved} pixels show something else`, colours > STRAY && `${colours} have another colour`].filter(Boolean);
  return { why: said.length ? said.join(', ') : null, moved, colours, drawing };
}
