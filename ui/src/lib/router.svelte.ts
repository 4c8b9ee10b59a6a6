//! Which screen is open? The part of the address after `#/`; nothing is loaded from anywhere.
export const SCREENS = ['capture', 'orders', 'recall', 'sync', 'roster', 'campaign', 'settings'] as const;
export type Screen = (typeof SCREENS)[number];

class Router {
  screen: Screen = $state('capture');
  /** What follows the screen, as an order's id. */
  detail: string | null = $state(null);

  /** Follows the address from now on. */
  start() {
    window.addEventListener('hashchange', () => this.#read());
    this.#read();
  }

  go(screen: Screen, detail?: string) {
    location.hash = `#/${screen}${detail ? `/${detail}` : ''}`;
  }

  #read() {
    const [screen, detail] = location.hash.replace(/^#\//, '').split('/');
    this.screen = SCREENS.find((s) => s === screen) ?? 'capture';
    this.detail = detail ? decodeURIComponent(detail) : null;
  }
}

export const router = new Router();
