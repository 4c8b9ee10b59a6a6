//! What does every screen of the console share? Who is logged in, the door, schools and campaigns, and what is said when something fails.
import { createContext } from 'svelte';
import { asCenterFault, CenterDoor, type Way } from '../host/center';
import { toasts } from '../kit/toasts.svelte';
import { asLanguage, t, words, type Language } from '../text/words.svelte';
import { may, screensOf, type ConsoleScreen, type Permission } from './may';
import type { Campaign, Me, School, StateCount } from './types';

const LANGUAGE = 'xueying.language';

/** The words of a center's refusal. */
export const sayProblem = (code: string) => words.of('problem', code);

/** The shared parts, made once. */
export class Console {
  me: Me | null = $state.raw(null);
  /** `opening` until the center has said whether a session is still good. */
  phase: 'opening' | 'out' | 'in' = $state('opening');
  /** The session ended by itself. */
  ended = $state(false);
  screen: ConsoleScreen = $state('orders');
  /** What follows the screen in the address, as an order's id. */
  detail: string | null = $state(null);
  schools: School[] = $state.raw([]);
  campaigns: Campaign[] = $state.raw([]);
  counts: StateCount[] = $state.raw([]);
  readonly door: CenterDoor;

  constructor(way: Way) {
    this.door = new CenterDoor(() => this.#out(true), way);
  }

  /** Takes up a session that is still good, and follows the address. */
  async open() {
    this.speak(asLanguage(localStorage.getItem(LANGUAGE) ?? navigator.language.slice(0, 2)));
    window.addEventListener('hashchange', () => this.#read());
    try {
      await this.#in(await this.door.get<Me>('/api/me'));
    } catch {
      this.phase = 'out';
    }
  }

  /** Comes in; answers with the refusal's code, or null. */
  async login(account: string, password: string): Promise<string | null> {
    try {
      await this.#in(await this.door.post<Me>('/api/login', { account, password }));
      return null;
    } catch (thrown) {
      return asCenterFault(thrown).code;
    }
  }

  async logout() {
    await this.ask(() => this.door.post('/api/logout'));
    this.#out(false);
  }

  may(permission: Permission): boolean {
    return this.me !== null && may(this.me.role, permission);
  }

  get screens(): ConsoleScreen[] {
    return this.me ? screensOf(this.me.role) : [];
  }

  go(screen: ConsoleScreen, detail?: string) {
    location.hash = `#/${screen}${detail ? `/${detail}` : ''}`;
  }

  /** Does something at the center; a refusal is said aloud. Answers null then. */
  async ask<T>(work: () => Promise<T>): Promise<{ answer: T } | null> {
    try {
      return { answer: await work() };
    } catch (thrown) {
      this.refuse(thrown);
      return null;
    }
  }

  /** Says why something was not done. */
  refuse(thrown: unknown) {
    const { code, detail } = asCenterFault(thrown);
    if (code === 'login_needed') return;
    toasts.say('bad', code === 'validation' && detail ? `${sayProblem(code)}: ${detail}` : sayProblem(code));
  }

  /** Keeps a file where a person finds it, and says where when the browser does not. */
  async keep(name: string, file: Blob) {
    const kept = await this.ask(() => this.door.way.keep(name, file));
    if (kept?.answer) toasts.say('good', t('figure.saved', { name: kept.answer }));
  }

  /** Fetches a file of the center to there; only where no link does. */
  async keepFile(target: string, name: string) {
    const kept = await this.ask(async () => (await this.door.way.keepFile?.(target, name)) ?? null);
    if (kept?.answer) toasts.say('good', t('figure.saved', { name: kept.answer }));
  }

  /** Counts of orders in each state; quiet when it fails, they are asked for again. */
  async count() {
    const answer = await this.door.get<{ states: StateCount[] }>('/api/counts').catch(() => null);
    if (answer) this.counts = answer.states;
  }

  /** Campaigns and schools, after one was changed. */
  async learn() {
    const [schools, campaigns] = await Promise.all([
      this.door.get<{ schools: School[] }>('/api/schools'),
      this.door.get<{ campaigns: Campaign[] }>('/api/campaigns'),
    ]);
    [this.schools, this.campaigns] = [schools.schools, campaigns.campaigns];
  }

  school(code: string): string {
    return this.schools.find((s) => s.code === code)?.name ?? code;
  }

  campaign(id: string): string {
    return this.campaigns.find((c) => c.id === id)?.title ?? id.slice(0, 8);
  }

  speak(language: Language) {
    words.language = language;
    document.documentElement.lang = language;
    localStorage.setItem(LANGUAGE, language);
  }

  async #in(me: Me) {
    this.door.token = me.csrf_token;
    this.me = me;
    this.ended = false;
    await Promise.all([this.learn().catch(() => undefined), this.count()]);
    this.phase = 'in';
    this.#read();
  }

  #out(ended: boolean) {
    this.door.token = null;
    [this.me, this.phase, this.ended] = [null, 'out', ended];
    [this.schools, this.campaigns, this.counts] = [[], [], []];
  }

  #read() {
    const [screen, detail] = location.hash.replace(/^#\//, '').split('/');
    const next = this.screens.find((s) => s === screen) ?? this.screens[0] ?? 'orders';
    this.screen = next;
    this.detail = next === screen && detail ? decodeURIComponent(detail) : null;
  }
}

export const [useConsole, provideConsole] = createContext<Console>();
