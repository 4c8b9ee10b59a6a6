//! Charts and sheets for people: an SVG is saved as it is; whole pages go to the printer, which also writes PDF.
import type { App } from './app.svelte';
import { standalone } from './kit/drawing';
import { printPages } from './kit/print';
import { toasts } from './kit/toasts.svelte';
import { t } from './text/words.svelte';

/** Saves or prints a chart. */
export async function takeChart(app: App, name: string, kind: 'svg' | 'pdf', drawing: SVGSVGElement) {
  const svg = standalone(drawing);
  if (kind === 'pdf') return printPages([svg]);
  try {
    toasts.say('good', t('figure.saved', { name: await app.host.keep(`${name}.svg`, new Blob([svg], { type: 'image/svg+xml' })) }));
  } catch {
    app.refuse('document');
  }
}
