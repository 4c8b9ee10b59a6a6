//! What does the camera see now? Pulls the newest frame, decodes it, draws it; nothing queues.
import type { Host } from '../host';
import { turned, uprightSize } from './turn';

/** After this long without a frame the picture on screen is no longer live. */
const STALE_MS = 1500;
const PAUSE_MS = 400;

/** The live picture on a canvas. */
export class Preview {
  /** Size of the upright frames in pixels; zero before the first. */
  width = $state(0);
  height = $state(0);
  /** The picture on screen is old. */
  stale = $state(true);
  #sequence = 0;
  #last_ms = -Infinity;

  constructor(
    private readonly host: Host,
    /** Sees each frame as it was drawn, upright. */
    private readonly seen: (frame: HTMLCanvasElement) => void = () => undefined,
  ) {}

  /** Draws onto the canvas until the signal ends. */
  async run(canvas: HTMLCanvasElement, stop: AbortSignal): Promise<void> {
    const watchdog = setInterval(() => (this.stale = performance.now() - this.#last_ms > STALE_MS), 250);
    stop.addEventListener('abort', () => clearInterval(watchdog), { once: true });
    while (!stop.aborted) {
      try {
        await this.#next(canvas, stop);
      } catch {
        // The station or the camera is away. Their state is shown elsewhere; here only the pace matters.
        if (!stop.aborted) await pause(PAUSE_MS);
      }
    }
  }

  async #next(canvas: HTMLCanvasElement, stop: AbortSignal) {
    if (document.hidden) return pause(PAUSE_MS);
    const frame = await this.host.frame(this.#sequence, stop);
    // A camera that came back may count from the start again.
    if (!frame) return void (this.#sequence = 0);
    // What the station says of how the camera stands is all there is to it.
    const bitmap = await (frame.turns ? createImageBitmap(frame.jpeg, { imageOrientation: 'none' }) : createImageBitmap(frame.jpeg));
    await new Promise(requestAnimationFrame);
    if (!stop.aborted) {
      this.#draw(canvas, bitmap, frame.turns);
      this.seen(canvas);
    }
    bitmap.close();
    this.#sequence = frame.sequence;
    this.#last_ms = performance.now();
    this.stale = false;
  }

  #draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap, turns: number) {
    const { width, height } = uprightSize(turns, bitmap);
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    if (this.width !== width || this.height !== height) [this.width, this.height] = [width, height];
    const context = canvas.getContext('2d', { alpha: false });
    context?.setTransform(...turned(turns, bitmap));
    context?.drawImage(bitmap, 0, 0);
  }
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
