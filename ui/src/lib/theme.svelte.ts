//! Which of the themes does this window wear? Kept by the window itself, not by the station.
export const THEMES = ['studio', 'paper'] as const;
export type Theme = (typeof THEMES)[number];
const PLACE = 'xueying.theme';

class Wardrobe {
  theme: Theme = $state('studio');

  /** Puts on what was worn last. */
  restore() {
    const kept = localStorage.getItem(PLACE);
    this.wear(THEMES.find((t) => t === kept) ?? 'studio');
  }

  wear(theme: Theme) {
    this.theme = theme;
    document.documentElement.dataset['theme'] = theme;
    localStorage.setItem(PLACE, theme);
  }
}

export const wardrobe = new Wardrobe();
