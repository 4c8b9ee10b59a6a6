//! What do the photographer's aids say about a picture? Over-exposed stripes, edges in focus, the spread of brightness. Pure.

/** Which aids are on. */
export type Shown = { zebra: boolean; peaking: boolean; histogram: boolean };
/** Brightness in this many steps. */
export const STEPS = 64;
/** From here on the sensor shows no difference any more: 98 % of full. */
const CLIPPED = 250;
/** Smallest step between neighbours that counts as an edge in focus, in steps of 255, on a picture of `WIDTH`. */
const EDGE = 36;
/** Pictures are looked at in this width: enough for the eye, a fraction of the price. */
export const WIDTH = 480;
const STRIPE = 8;

/** BT.601. */
const brightness = (data: Uint8ClampedArray, at: number) => (77 * (data[at] ?? 0) + 150 * (data[at + 1] ?? 0) + 29 * (data[at + 2] ?? 0)) >> 8;

/** Counts how many pixels are how bright, from dark to bright, as shares of the largest count. */
export function histogram(data: Uint8ClampedArray): number[] {
  const counts = new Array<number>(STEPS).fill(0);
  for (let at = 0; at < data.length; at += 4) {
    const step = (brightness(data, at) * STEPS) >> 8;
    counts[step] = (counts[step] ?? 0) + 1;
  }
  const most = Math.max(1, ...counts);
  return counts.map((count) => count / most);
}

/** The share of pixels that are clipped. */
export function clipped(data: Uint8ClampedArray): number {
  let count = 0;
  for (let at = 0; at < data.length; at += 4) if (isClipped(data, at)) count += 1;
  return data.length === 0 ? 0 : count / (data.length / 4);
}

const isClipped = (data: Uint8ClampedArray, at: number) =>
  (data[at] ?? 0) >= CLIPPED && (data[at + 1] ?? 0) >= CLIPPED && (data[at + 2] ?? 0) >= CLIPPED;

/** Turns a picture into the layer that is drawn over it, in place: stripes where it is clipped, red where it is sharp, else clear. */
export function layer(data: Uint8ClampedArray, width: number, shown: Shown): void {
  const height = data.length / 4 / width;
  // An edge looks at the next row, so rows above may already be overwritten.
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      const striped = shown.zebra && isClipped(data, at) && (x + y) % STRIPE < STRIPE / 2;
      const sharp = !striped && shown.peaking && isEdge(data, at, x, y, width, height);
      data.set(striped ? BLACK : sharp ? RED : CLEAR, at);
    }
  }
}

const BLACK = [0, 0, 0, 255];
const RED = [255, 64, 64, 255];
const CLEAR = [0, 0, 0, 0];

function isEdge(data: Uint8ClampedArray, at: number, x: number, y: number, width: number, height: number): boolean {
  if (x + 1 >= width || y + 1 >= height) return false;
  const here = brightness(data, at);
  return Math.abs(here - brightness(data, at + 4)) >= EDGE || Math.abs(here - brightness(data, at + width * 4)) >= EDGE;
}
