//! What does the kiosk show and remember? Only what the station says of the one guest; all of it goes when they leave.
import { createContext } from 'svelte';
import { asFault, type Host } from '../host';
import type { CallOf } from '../host/host';
import type { CallName, CallResult } from '../host/results';
import type { KioskView } from '../ipc/KioskView';
import { fault } from '../text/areas';
import { words } from '../text/words.svelte';

export const PAGES = ['home', 'agree', 'enter', 'phone', 'orders', 'order', 'reprints', 'add', 'guide', 'booth', 'done', 'account', 'contact', 'exit'] as const;
export type Page = (typeof PAGES)[number];
export type Job = 'graduate' | 'freshman';

/** Nobody touched anything for this long: the kiosk asks. */
export const IDLE_MS = 40_000;
/** Then everything is wiped unless somebody says they are there. */
export const WARN_MS = 20_000;
const PAUSE_MS = 1000;
/** A photo under way is finished before its sitter can be let go: asked again this often, this many times. */
const LET_GO_MS = 400;
const LET_GO_TRIES = 50;

/** A line being written with the keyboard on the screen. */
export type Typing = { id: symbol; label: string; max: number; digits: boolean; get: () => string; set: (value: string) => void };

/** The kiosk. */
export class Kiosk {
  view: KioskView | null = $state.raw(null);
  away = $state(false);
  page: Page = $state('home');
  job: Job = $state('graduate');
  /** The order that is open, or was just made. */
  order: string | null = $state(null);
  /** The code of why something was not done; its words follow the language. */
  #refused: string | null = $state(null);
  /** A question with its answer. */
  question: { title: string; hint: string; yes: () => void } | null = $state.raw(null);
  /** What is being written. */
  typing: Typing | null = $state.raw(null);
  #stopped = new AbortController();

  /** `at_site`: the same screens at the center's web site, on the guest's own phone. */
  constructor(
    readonly host: Host,
    readonly at_site = false,
  ) {}

  /** Why something was not done, in words. */
  get refusal(): string | null {
    if (this.#refused === null) return null;
    return Object.hasOwn(fault, this.#refused) ? words.of('fault', this.#refused) : words.of('problem', this.#refused);
  }
  get guest() {
    return this.view?.guest ?? null;
  }
  get campaign() {
    return this.job === 'graduate' ? (this.view?.graduate ?? null) : (this.view?.freshman ?? null);
  }

  /** Follows the station until `stop`. */
  async watch() {
    while (!this.#stopped.signal.aborted) {
      try {
        const seen = this.away ? null : (this.view?.version ?? null);
        const had = this.guest !== null;
        this.view = await this.host.call({ call: 'kiosk_watch', args: { seen } }, this.#stopped.signal);
        this.away = false;
        this.#follow(had);
      } catch {
        if (this.#stopped.signal.aborted) return;
        this.away = true;
        await new Promise((done) => setTimeout(done, PAUSE_MS));
      }
    }
  }

  /** The guest came in by the camera, or was let go by the station. */
  #follow(had: boolean) {
    if (!this.guest && had && this.page !== 'home' && this.page !== 'done') this.go('home');
    if (this.guest && !had && this.page === 'enter') void this.welcome();
  }

  stop() {
    this.#stopped.abort();
  }

  go(page: Page) {
    this.page = page;
    this.#refused = null;
    this.question = null;
    this.typing = null;
  }

  /** Makes a call; a refusal is shown. Answers null then. */
  async ask<N extends CallName>(call: CallOf<N>): Promise<{ answer: CallResult<N> } | null> {
    this.#refused = null;
    try {
      return { answer: await this.host.call(call) };
    } catch (thrown) {
      this.refuse(asFault(thrown).code);
      return null;
    }
  }

  refuse(code: string) {
    this.#refused = code;
  }

  /** Somebody shows a code, types a number, or chose a picture of a code. */
  async enter(text: string, proof: string | null = null) {
    const came = await this.ask({ call: 'kiosk_enter', args: { job: this.job, text, proof } });
    if (came) await this.welcome();
  }

  /** The first page of a guest: their one photo when there is one, else their orders. */
  async welcome() {
    // The page follows the newest word of the station, not the one before the guest came.
    const view = await this.ask({ call: 'kiosk_watch', args: { seen: null } });
    if (!view?.answer.guest) return;
    this.view = view.answer;
    if (this.agreed) await this.consent();
    const [first, second] = view.answer.guest.orders;
    this.order = first && !second ? first.id : null;
    this.go(this.order ? 'order' : 'orders');
  }

  /** The agreement was ticked before the guest came in. */
  agreed = $state(false);

  async consent() {
    const version = this.campaign?.consent_version;
    if (version) await this.ask({ call: 'kiosk_consent', args: { version, language: words.language } });
  }

  /** Everything goes. */
  async leave() {
    this.agreed = false;
    this.order = null;
    this.go('home');
    for (let turn = 0; turn < LET_GO_TRIES && !this.#stopped.signal.aborted; turn++) {
      try {
        await this.host.call({ call: 'kiosk_leave' });
        return;
      } catch (thrown) {
        // Somebody else may be here by now.
        if (asFault(thrown).code !== 'busy' || this.page !== 'home') return;
        await new Promise((done) => setTimeout(done, LET_GO_MS));
      }
    }
  }
}

const [useKiosk, provideKiosk, hasKiosk] = createContext<Kiosk>();
export { provideKiosk, useKiosk };
/** The kiosk, where there is one already: nobody is in at the site's login. */
export const findKiosk = (): Kiosk | null => (hasKiosk() ? useKiosk() : null);
