//! Which aids are on, and what do they show of the newest frame?
import { clipped, histogram, layer, WIDTH, type Shown } from './aids';

/** The layer is drawn at most so often; the eye needs no more and the preview needs the time. */
const EVERY_MS = 120;
/** The keys that switch them. */
export const KEYS = { KeyZ: 'zebra', KeyF: 'peaking', KeyH: 'histogram' } as const satisfies Record<string, keyof Shown>;

/** The aids of the live picture. */
export class Aids {
  shown: Shown = $state({ zebra: false, peaking: false, histogram: false });
  bars: number[] = $state.raw([]);
  /** Share of the picture that is clipped. */
  clipped = $state(0);
  readonly any = $derived(this.shown.zebra || this.shown.peaking || this.shown.histogram);
  #small: HTMLCanvasElement | null = null;
  #last_ms = -Infinity;

  /** Switches the aid of a key; says whether the key has one. */
  key(code: string): boolean {
    const aid = Object.hasOwn(KEYS, code) ? KEYS[code as keyof typeof KEYS] : undefined;
    if (aid) this.shown[aid] = !this.shown[aid];
    return aid !== undefined;
  }

  /** Looks at a frame and draws the layer over it. */
  look(frame: HTMLCanvasElement, over: HTMLCanvasElement | null) {
    const now_ms = performance.now();
    if (!this.any || now_ms - this.#last_ms < EVERY_MS) return;
    this.#last_ms = now_ms;
    this.#small ??= document.createElement('canvas');
    const height = Math.max(1, Math.round((frame.height * WIDTH) / frame.width));
    if (this.#small.height !== height || this.#small.width !== WIDTH) [this.#small.width, this.#small.height] = [WIDTH, height];
    const small = this.#small.getContext('2d', { willReadFrequently: true, alpha: false });
    if (!small) return;
    small.drawImage(frame, 0, 0, WIDTH, height);
    const picture = small.getImageData(0, 0, WIDTH, height);
    if (this.shown.histogram) this.bars = histogram(picture.data);
    this.clipped = clipped(picture.data);
    if (!over) return;
    if (over.height !== height || over.width !== WIDTH) [over.width, over.height] = [WIDTH, height];
    layer(picture.data, WIDTH, this.shown);
    over.getContext('2d')?.putImageData(picture, 0, 0);
  }
}

/** The aids of this window. */
export const aids = new Aids();
