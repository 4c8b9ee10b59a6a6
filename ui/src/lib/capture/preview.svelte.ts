//! What does the camera see now? Pulls the newest frame, decodes it, draws it; nothing queues.
import type { Host } from '../host';

/** After this long without a frame the picture on screen is no longer live. */
const STALE_MS = 1500;
const PAUSE_MS = 400;

/** The live picture on a canvas. */
export class Preview {
  /** Size of the frames in pixels; zero before the first. */
  width = $state(0);
  height = $state(0);
  /** The picture on screen is old. */
  stale = $state(true);
  #sequence = 0;
  #last_ms = -Infinity;

  constructor(
    private readonly host: Host,
    /** Sees each frame as it is drawn. */
    private readonly seen: (frame: ImageBitmap) => void = () => undefined,
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
    const bitmap = await createImageBitmap(frame.jpeg);
    await new Promise(requestAnimationFrame);
    if (!stop.aborted) {
      this.#draw(canvas, bitmap);
      this.seen(bitmap);
    }
    bitmap.close();
    this.#sequence = frame.sequence;
    this.#last_ms = performance.now();
    this.stale = false;
  }

  #draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap) {
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
      [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
      [this.width, this.height] = [bitmap.width, bitmap.height];
    }
    if (this.width !== bitmap.width || this.height !== bitmap.height) {
      [this.width, this.height] = [bitmap.width, bitmap.height];
    }
    canvas.getContext('2d', { alpha: false })?.drawImage(bitmap, 0, 0);
  }
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
