//! How do pages drawn as SVG reach paper or a PDF? Through the system's print dialog, each on a page of its own.

const PLACE = 'print-pages';

/** Prints pages; the screen itself stays out of it (`base.css`). */
export function printPages(pages: string[]) {
  document.getElementById(PLACE)?.remove();
  const place = document.createElement('div');
  place.id = PLACE;
  place.setAttribute('aria-hidden', 'true');
  for (const page of pages) {
    const drawn = new DOMParser().parseFromString(page, 'image/svg+xml').documentElement;
    const sheet = document.createElement('div');
    sheet.append(document.importNode(drawn, true));
    place.append(sheet);
  }
  document.body.append(place);
  addEventListener('afterprint', () => place.remove(), { once: true });
  window.print();
}
