//! Which screen is open? The part of the address after `#/`; nothing is loaded from anywhere.
export const SCREENS = ['preflight', 'capture', 'today', 'orders', 'recall', 'roster', 'campaign', 'sync', 'end', 'settings'] as const;
/** Screens one reaches from another. */
export const MORE = ['standards'] as const;
export type Screen = (typeof SCREENS)[number] | (typeof MORE)[number];

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
    const next = [...SCREENS, ...MORE].find((s) => s === screen) ?? 'capture';
    // The link that led here must not keep the keys: the next press is meant for the screen, the shutter above all.
    if (next !== this.screen && document.activeElement instanceof HTMLElement) document.activeElement.blur();
    this.screen = next;
    this.detail = detail ? decodeURIComponent(detail) : null;
  }
}

export const router = new Router();
