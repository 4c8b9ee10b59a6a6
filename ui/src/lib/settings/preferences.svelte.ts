//! What does the operator prefer? Kept by the station; the window follows.
import type { Host } from '../host';
import type { Preferences } from '../ipc/Preferences';
import { asLanguage, words } from '../text/words.svelte';

/** The preferences, with the station's defaults until they are known. */
export class PreferencesKeeper {
  now: Preferences = $state.raw({
    language: 'zh-CN',
    mirror_preview: true,
    shutter_keys: ['Space', 'Enter', 'PageDown', 'F8'],
    auto_accept: true,
    sounds: true,
    auto_shoot: false,
    countdown_s: 0,
    burst: 1,
    lan: true,
    compare_faces: true,
  });

  constructor(private readonly host: Host) {}

  async load() {
    this.#follow(await this.host.call({ call: 'preferences' }));
  }

  /** Changes some of them, at the station first. */
  async set(change: Partial<Preferences>) {
    const preferences = { ...this.now, ...change };
    this.#follow(await this.host.call({ call: 'set_preferences', args: { preferences } }));
  }

  #follow(preferences: Preferences) {
    this.now = preferences;
    words.language = asLanguage(preferences.language);
  }
}
