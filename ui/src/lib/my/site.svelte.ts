//! What does the site's page remember? Who is in, and where they are; the rest is the kiosk's.
import { createContext } from 'svelte';
import { asCenterFault } from '../host/center';
import { SiteDoor } from '../host/site';
import { Kiosk } from '../kiosk/kiosk.svelte';
import { words } from '../text/words.svelte';

/** The site. */
export class Site {
  phase: 'opening' | 'out' | 'in' | 'away' = $state('opening');
  /** The session ended by itself. */
  ended = $state(false);
  login = $state(false);
  kiosk: Kiosk | null = $state.raw(null);
  readonly door = new SiteDoor(() => this.#out(true));

  /** Whoever came before on this page is still in. */
  async open() {
    try {
      const me = await this.door.resume();
      if (me) this.#come();
      else this.phase = 'out';
    } catch {
      this.phase = 'away';
    }
  }

  /** Comes in; answers why not, in words. */
  async enter(phone: string, code: string): Promise<string | null> {
    try {
      await this.door.login(phone, code);
      this.#come();
      return null;
    } catch (thrown) {
      return words.of('problem', asCenterFault(thrown).code);
    }
  }

  async leave() {
    this.kiosk?.stop();
    await this.door.logout().catch(() => undefined);
    this.#out(false);
  }

  #come() {
    const kiosk = new Kiosk(this.door.host(), true);
    kiosk.page = 'orders';
    this.kiosk = kiosk;
    this.ended = false;
    this.login = false;
    this.phase = 'in';
    void kiosk.watch();
  }

  #out(ended: boolean) {
    this.door.me = null;
    this.kiosk?.stop();
    this.kiosk = null;
    this.ended = ended;
    this.phase = 'out';
  }
}

export const [useSite, provideSite] = createContext<Site>();
