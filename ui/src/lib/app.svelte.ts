//! What does every screen share? The door, the station's state, the preferences, and what they say to the operator.
import { createContext } from 'svelte';
import { asFault, type Host } from './host';
import type { CallOf } from './host/host';
import type { CallName, CallResult } from './host/results';
import { toasts } from './kit/toasts.svelte';
import { Sounds } from './capture/sounds';
import { PreferencesKeeper } from './settings/preferences.svelte';
import { Station } from './station.svelte';
import { fault, problem } from './text/areas';
import { words } from './text/words.svelte';

/** Panels above the screens; at most one is open. */
export type Panel = 'search' | 'help' | 'tray' | 'feature_code' | 'temporary' | null;

/** The words of a fault; the center's own codes are among the problems. */
export const sayFault = (code: string) => words.of(Object.hasOwn(problem, code) && !Object.hasOwn(fault, code) ? 'problem' : 'fault', code);

/** The shared parts, made once. */
export class App {
  readonly station: Station;
  readonly preferences: PreferencesKeeper;
  readonly sounds = new Sounds();
  panel: Panel = $state(null);

  constructor(readonly host: Host) {
    this.station = new Station(host);
    this.preferences = new PreferencesKeeper(host);
  }

  /** Makes a call; a refusal is said aloud. Answers null then. */
  async ask<N extends CallName>(call: CallOf<N>): Promise<{ answer: CallResult<N> } | null> {
    try {
      return { answer: await this.host.call(call) };
    } catch (thrown) {
      this.refuse(asFault(thrown).code);
      return null;
    }
  }

  /** Says why something was not done. */
  refuse(code: string) {
    this.sounds.play('fail');
    toasts.say('bad', sayFault(code));
  }
}

export const [useApp, provideApp] = createContext<App>();
