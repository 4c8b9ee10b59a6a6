//! What does a key mean at this moment of the capture screen? Pure: the moment comes in, the action goes out.
import type { DeskView } from '../ipc/DeskView';
import type { Call } from '../ipc/Call';
import type { Key } from '../text/words.svelte';
import type { Stroke } from './wedge';

/** A second press of the same key or button within this time is not meant: pedals bounce. */
export const DEBOUNCE_MS = 250;
/** Override reasons by digit, as in `crates/domain/src/order.rs`. */
export const OVERRIDE_REASONS = ['religion_or_medicine', 'disability', 'check_wrong', 'best_of_several'] as const;

/** Keys that mean something here whatever is bound, and what: a pedal with one of them would never shoot, or do that as well. The
 * station refuses the same ones (`crates/station/src/prefs.rs`). Enter and blank are not among them: they answer a verdict, and shoot. */
export const RESERVED: Readonly<Record<string, Key>> = {
  Escape: 'keys.close',
  Tab: 'keys.walk',
  Slash: 'keys.search',
  NumpadDivide: 'keys.search',
  F2: 'keys.spare',
  Backspace: 'keys.undo',
  Delete: 'keys.retake',
  KeyR: 'keys.retake',
  KeyN: 'keys.skip',
  KeyL: 'keys.unlock',
  KeyK: 'keys.keep',
  KeyO: 'keys.tray',
  KeyT: 'keys.feature_code',
  KeyZ: 'keys.zebra',
  KeyF: 'keys.peaking',
  KeyH: 'keys.histogram',
  ...Object.fromEntries([1, 2, 3, 4].flatMap((n): [string, Key][] => [[`Digit${n}`, 'keys.override'], [`Numpad${n}`, 'keys.override']])),
};

/** What the window does after a key. */
export type Action =
  | { do: 'call'; call: Call }
  | { do: 'open'; panel: 'search' | 'help' | 'tray' | 'feature_code' }
  /** The key means something here, but not now: say no, and why, as a fault code. */
  | { do: 'refuse'; why: string }
  | { do: 'nothing' };

const NOTHING: Action = { do: 'nothing' };
const call = (call: Call): Action => ({ do: 'call', call });
const refuse = (why: string): Action => ({ do: 'refuse', why });

/** The meaning of a key. `shutter` are the codes that release it. */
export function meaning(stroke: Pick<Stroke, 'key' | 'code'>, desk: DeskView, shutter: readonly string[]): Action {
  const { code, key } = stroke;
  if (key === '?') return { do: 'open', panel: 'help' };
  switch (code) {
    case 'Slash':
    case 'NumpadDivide':
      return { do: 'open', panel: 'search' };
    case 'F2':
      return call({ call: 'swap_camera' });
    case 'KeyO':
      return desk.orphans > 0 ? { do: 'open', panel: 'tray' } : NOTHING;
    case 'KeyT':
      return desk.feature_code.needed ? { do: 'open', panel: 'feature_code' } : NOTHING;
    case 'Backspace':
      return undo(desk);
  }
  const [open] = desk.unconfirmed;
  if (open && !desk.current) return unconfirmed(code, open.id);
  return seated(code, desk, shutter);
}

/** Backspace stops a countdown, or takes back what came before; never that while another photo waits for its answer. */
function undo({ current, undo }: DeskView): Action {
  const counting = current?.stage === 'verdict' && current.accepts_in_ms !== null;
  const idle = !current || current.stage === 'ready' || current.stage === 'confirm';
  return counting || (idle && undo) ? call({ call: 'undo' }) : NOTHING;
}

/** A shot from before a restart waits: keep or discard; nothing else is due. */
function unconfirmed(code: string, shot_id: string): Action {
  if (code === 'KeyK' || isEnter(code)) return call({ call: 'keep_unconfirmed', args: { shot_id } });
  if (code === 'KeyR' || code === 'Delete') return call({ call: 'discard_shot', args: { shot_id } });
  return NOTHING;
}

function seated(code: string, desk: DeskView, shutter: readonly string[]): Action {
  const slot = desk.current;
  const isShutter = shutter.includes(code);
  if (slot && code === 'KeyN') return call({ call: 'skip' });
  switch (slot?.stage) {
    case 'confirm':
      if (isEnter(code)) return call({ call: 'choose_person', args: { key: slot.person.key } });
      return isShutter ? refuse('not_confirmed') : NOTHING;
    case 'taking':
    case 'checking':
    case 'saving':
      return isShutter ? refuse('busy') : NOTHING;
    case 'verdict':
      return answer(code, slot.verdict?.verdict ?? 'fail', slot.verdict?.crop != null, isShutter);
    default:
      if (slot?.locked) return locked(code, slot.person.key, isShutter);
      return isShutter ? call({ call: 'shoot' }) : NOTHING;
  }
}

/** Too many shots: the shutter stays shut until somebody says whose turn it is. */
function locked(code: string, key: string, isShutter: boolean): Action {
  if (code === 'KeyL') return call({ call: 'choose_person', args: { key } });
  return isShutter ? refuse('shot_limit') : NOTHING;
}

/** A verdict is answered; no key that answers it also shoots. */
function answer(code: string, verdict: string, hasCrop: boolean, isShutter: boolean): Action {
  if (code === 'KeyR' || code === 'Delete') return call({ call: 'retake' });
  if (verdict !== 'fail') return isEnter(code) || code === 'Space' || isShutter ? call({ call: 'accept' }) : NOTHING;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code)?.[1];
  const reason = digit ? OVERRIDE_REASONS[Number(digit) - 1] : undefined;
  if (reason) return hasCrop ? call({ call: 'override_check', args: { reason } }) : refuse('no_crop');
  return isEnter(code) || code === 'Space' || isShutter ? refuse('did_not_pass') : NOTHING;
}

const isEnter = (code: string) => code === 'Enter' || code === 'NumpadEnter';

/** Lets one press through and holds back its bounces. Each key and button bounces for itself: none holds back another. */
export class Debounce {
  #last_ms = new Map<string, number>();
  /** Whether a press of this key or button at this time counts. */
  passes(what: string, at_ms: number): boolean {
    if (at_ms - (this.#last_ms.get(what) ?? -Infinity) < DEBOUNCE_MS) return false;
    this.#last_ms.set(what, at_ms);
    return true;
  }
}
