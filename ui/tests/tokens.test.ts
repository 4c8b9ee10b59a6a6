//! Can everything be read? Contrast of the text tokens on the grounds they stand on, in each theme (WCAG 2.2).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../src/tokens.css'), 'utf8');

function theme(name: string): Record<string, string> {
  const body = new RegExp(`\\[data-theme='${name}'\\] \\{([\\s\\S]*?)\\n\\}`).exec(css)?.[1] ?? '';
  return Object.fromEntries([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]));
}
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ['ground', 'chrome', 'stage', 'panel', 'raised'];
const PAIRS: [text: string, grounds: string[], least: number][] = [
  ['text', [...GROUNDS, 'hover', 'selected', 'good-ground', 'warn-ground', 'bad-ground', 'info-ground'], 7],
  ['text-soft', [...GROUNDS, 'good-ground', 'warn-ground', 'bad-ground', 'info-ground'], 4.5],
  ['text-faint', GROUNDS, 4.5],
  ['on-primary', ['primary', 'primary-hover'], 7],
  ['good', ['good-ground', 'panel', 'stage', 'chrome'], 4.5],
  ['warn', ['warn-ground', 'panel', 'raised', 'chrome'], 4.5],
  ['bad', ['bad-ground', 'panel', 'raised', 'chrome'], 4.5],
  ['info', ['info-ground', 'panel'], 4.5],
  ['focus', GROUNDS, 3],
  ['edge-strong', ['ground', 'panel'], 3],
];

/** Read by anybody, standing: every word of the kiosk at 7:1 at the least. */
const KIOSK: typeof PAIRS = PAIRS.map(([text, grounds, least]) => [text, grounds, text === 'focus' || text === 'edge-strong' ? least : 7]);
KIOSK.push(['primary', ['panel', 'selected', 'chrome'], 7], ['text-soft', ['selected'], 7], ['info', ['ground'], 7]);

describe.each([['studio', PAIRS], ['paper', PAIRS], ['kiosk', KIOSK]] as const)('%s', (name, pairs) => {
  const tokens = theme(name);
  for (const [text, grounds, least] of pairs) {
    for (const ground of grounds) {
      test(`${text} on ${ground} ≥ ${least}`, () => {
        expect(contrast(tokens[text] ?? '', tokens[ground] ?? '')).toBeGreaterThanOrEqual(least);
      });
    }
  }
});
test('near photos nothing has a hue', () => {
  const studio = theme('studio');
  for (const name of ['ground', 'chrome', 'stage', 'panel', 'raised', 'hover', 'edge', 'mat', 'text', 'primary']) {
    const hex = studio[name] ?? '';
    expect([hex.slice(1, 3), hex.slice(3, 5)], name).toEqual([hex.slice(3, 5), hex.slice(5, 7)]);
  }
});
