//! Who gets a key: the gun, the desk, or the control that has the focus? One listener for the whole window.
import { Wedge, type Stroke } from './wedge';

/** What the keyboard tells. */
export type Listener = {
  scanned(text: string, inverted: boolean): void;
  /** A code arrived in part; it has to be scanned again. */
  torn(): void;
  /** A person's key. Returns whether it meant something. */
  key(stroke: Stroke): boolean;
  /** Whether keys belong to the desk now: the capture screen without a panel above it. */
  isDesk(): boolean;
};

const EDITABLE = 'input, textarea, select, [contenteditable="true"]';

/** Listens until the signal ends. */
export function listen(target: Window, listener: Listener, stop: AbortSignal) {
  const wedge = new Wedge();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const settle = (now_ms: number) => {
    const settled = wedge.settle(now_ms);
    if (settled.kind === 'key') listener.key(settled.stroke);
    if (settled.kind === 'lost' && settled.characters >= 8) listener.torn();
  };
  const wait = () => {
    clearTimeout(timer);
    const due = wedge.due_ms;
    if (due === null) return;
    timer = setTimeout(() => {
      settle(performance.now());
      wait();
    }, Math.max(0, due - performance.now()) + 1);
  };

  const down = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const focused = event.target instanceof Element ? event.target : null;
    const editable = focused?.closest(EDITABLE) ?? null;
    // A field that takes scans (the search) still types; every other field keeps its keys to itself.
    if (editable && (event.isComposing || !editable.hasAttribute('data-scans'))) return;
    if (event.repeat) {
      if (!editable && listener.isDesk()) event.preventDefault();
      return;
    }
    const stroke: Stroke = { key: event.key, code: event.code, shiftKey: event.shiftKey, at_ms: performance.now() };
    settle(stroke.at_ms);
    const outcome = wedge.stroke(stroke);
    wait();
    if (outcome.kind === 'scan' || outcome.kind === 'torn') {
      event.preventDefault();
      event.stopPropagation();
      if (outcome.kind === 'scan') listener.scanned(outcome.text, outcome.inverted);
      else listener.torn();
      return;
    }
    if (editable) return;
    if (outcome.kind === 'key') {
      // A control reached with Tab is pressed with Enter or blank as everywhere.
      const isPress = event.code === 'Enter' || event.code === 'Space' || event.code === 'NumpadEnter';
      if (isPress && focused?.matches('button:focus-visible, a:focus-visible, summary:focus-visible')) return;
      if (listener.key(stroke)) event.preventDefault();
    } else if (listener.isDesk() && event.code !== 'Tab') {
      event.preventDefault();
    }
  };
  target.addEventListener('keydown', down, { capture: true, signal: stop });

  // The mouse must not leave the focus on a button: the next press of the shutter would press it again.
  const press = (event: MouseEvent) => {
    if (!listener.isDesk() || !(event.target instanceof Element)) return;
    if (event.target.closest('button') && !event.target.closest(EDITABLE)) event.preventDefault();
  };
  target.addEventListener('mousedown', press, { capture: true, signal: stop });
  stop.addEventListener('abort', () => clearTimeout(timer), { once: true });
}
