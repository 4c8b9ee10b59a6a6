//! What does the capture screen do with a key, a scan and a new snapshot?
import type { App } from '../app.svelte';
import type { Snapshot } from '../ipc/Snapshot';
import { toasts } from '../kit/toasts.svelte';
import type { Tone } from '../kit/tone';
import { words, t } from '../text/words.svelte';
import { aids } from './aids.svelte';
import { Debounce, meaning, type Action } from './keys';
import type { Stroke } from './wedge';

/** After a photo was answered the shutter waits this long: the press may have been meant for the photo. */
const GRACE_MS = 350;
const TONES: Record<string, Tone> = { info: 'info', warn: 'warn', error: 'bad' };

/** The desk's hands and ears. */
export class Desk {
  #debounce = new Debounce();
  #heard: number | null = null;
  #doubted: string | null = null;
  #judged: string | null = null;
  #answering = false;
  #answered_ms = -Infinity;

  constructor(private readonly app: App) {}

  /** A person's key. Returns whether it meant something. */
  key(stroke: Stroke): boolean {
    const desk = this.app.station.desk;
    if (!desk) return false;
    if (aids.key(stroke.code)) return true;
    const action = meaning(stroke, desk, this.app.preferences.now.shutter_keys);
    if (action.do !== 'nothing') this.act(action, stroke);
    return action.do !== 'nothing';
  }

  /** Does what a key, or without one a button, asks for. */
  act(action: Action, stroke?: Stroke) {
    const at_ms = stroke?.at_ms ?? performance.now();
    switch (action.do) {
      case 'open':
        this.app.panel = action.panel;
        return;
      case 'refuse':
        if (this.#debounce.passes(stroke?.code ?? action.why, at_ms)) this.app.refuse(action.why);
        return;
      case 'call':
        if (!this.#debounce.passes(stroke?.code ?? action.call.call, at_ms)) return;
        if (action.call.call === 'shoot' && at_ms - this.#answered_ms < GRACE_MS) return;
        void this.app.ask(action.call as never);
    }
  }

  /** A code came from the gun. */
  async scan(text: string, source: 'gun' | 'file', inverted: boolean) {
    if (inverted) toasts.say('warn', t('capture.caps_lock'));
    await this.app.ask({ call: 'scan', args: { text, source } });
  }

  /** Hears what is new in a snapshot: messages, and the moment of a verdict. */
  observe({ desk }: Snapshot) {
    this.#hear(desk.notices);
    const { current } = desk;
    const answering = current?.stage === 'verdict' || current?.stage === 'saving';
    if (this.#answering && !answering) this.#answered_ms = performance.now();
    this.#answering = answering;
    const verdict = current?.stage === 'verdict' ? current.verdict : null;
    if (verdict && verdict.shot_id !== this.#judged) {
      this.#judged = verdict.shot_id;
      if (verdict.verdict === 'warn') this.app.sounds.play('warn');
      if (verdict.verdict === 'fail') this.app.sounds.play('fail');
    }
    // It comes a moment after the verdict.
    const doubted = current?.doubt ? (verdict?.shot_id ?? null) : null;
    if (doubted && doubted !== this.#doubted) this.app.sounds.play('warn');
    this.#doubted = doubted;
  }

  #hear(notices: Snapshot['desk']['notices']) {
    const newest = notices[0]?.seq ?? 0;
    // What was said before this window opened is history; a restarted station counts anew.
    if (this.#heard === null || newest < this.#heard) this.#heard = newest;
    for (const notice of notices.filter((n) => n.seq > (this.#heard ?? 0)).reverse()) {
      const isSaved = notice.code === 'saved';
      toasts.say(isSaved ? 'good' : (TONES[notice.level] ?? 'info'), this.#say(notice.code, notice.values));
      if (isSaved) this.app.sounds.play('accept');
      else if (notice.level === 'warn') this.app.sounds.play('warn');
      else if (notice.level === 'error') this.app.sounds.play('fail');
    }
    this.#heard = newest;
  }

  #say(code: string, values: Record<string, string>) {
    const known = words.of('notice', code, values);
    return known === code ? words.of('fault', code, values) : known;
  }
}
