//! Is everything said in both languages, nothing said twice, and is there a word for each id of the Rust side?
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as areas from '../src/lib/text/areas';
import { asLanguage, words, type Area } from '../src/lib/text/words.svelte';

const root = join(import.meta.dirname, '../..');
const source = join(import.meta.dirname, '../src');
const rust = (path: string) => readFileSync(join(root, path), 'utf8');
const pairs = Object.entries(areas).flatMap(([area, ids]) =>
  Object.entries(ids).map(([id, pair]) => ({ key: `${area}.${id}`, pair: pair as readonly [string, string] })),
);
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
const screens = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((f) => /\.(svelte|ts)$/.test(f) && !f.includes('text/'))
  .map((f) => readFileSync(join(source, f), 'utf8'))
  .join('\n');

/** Areas whose ids come from the station; the rest is looked up by whole keys in the source. */
const BY_ID: Partial<Record<Area, RegExp>> = {
  nav: /nav\.\$\{/,
  console_nav: /console_nav\.\$\{/,
  verdict: /verdict\.\$\{/,
  // `sayFault` in lib/app.svelte.ts chooses between the two.
  fault: /sayFault/,
  problem: /sayFault/,
};
const asked = new Set([...screens.matchAll(/\bof\('(\w+)'/g)].map((m) => m[1]));
const isById = (area: string) => area in BY_ID || asked.has(area);
const quoted = new Set([...screens.matchAll(/'(\w+\.\w+)'/g)].map((m) => m[1]));

test('both languages say something, with the same values', () => {
  for (const { key, pair } of pairs) {
    expect(pair, key).toHaveLength(2);
    if (!key.startsWith('unit.')) expect(pair.every((text) => text.trim() !== ''), key).toBe(true);
    expect(holes(pair[0]), key).toEqual(holes(pair[1]));
  }
});
test('Chinese is Chinese, and English is not', () => {
  for (const { key, pair } of pairs) expect(/[\u4e00-\u9fff]/.test(pair[1]), key).toBe(false);
});
test('every word is used', () => {
  const unused = pairs.filter(({ key }) => {
    const [area = '', id = ''] = key.split('.');
    if (isById(area) && !(area === 'camera')) return false;
    if (area === 'camera' && id !== 'choose' && id !== 'another_program') return false;
    if (key.startsWith('settings.theme_')) return false;
    return !quoted.has(key);
  });
  expect(unused.map((p) => p.key)).toEqual([]);
});

/** Names of a `named!` list. */
function named(name: string): string[] {
  const body = new RegExp(`\\b${name} \\{([\\s\\S]*?)\\n    \\}`).exec(rust('crates/domain/src/finding.rs'))?.[1] ?? '';
  return body.replace(/\/\/\/.*/g, '').match(/\w+/g) ?? [];
}
/** The ids a Rust enum's `id()` gives. */
function ids(path: string, name: string): string[] {
  const body = new RegExp(`impl ${name} \\{[\\s\\S]*?fn (?:id|code)\\([\\s\\S]*?\\n    \\}`).exec(rust(path))?.[0] ?? '';
  return [...body.matchAll(/=> "(\w+)"/g)].map((m) => m[1] ?? '');
}
/** Codes of `trouble.rs`, which are written as strings. */
function troubles(): string[] {
  const text = rust('crates/station/src/trouble.rs');
  const codes = text.slice(text.indexOf('fn code(&self)'));
  return [...new Set([...codes.matchAll(/"([a-z_]+)"/g)].map((m) => m[1] ?? ''))];
}
/** Codes a station tells by itself. */
function notices(): string[] {
  const folder = join(root, 'crates/station/src');
  const text = readdirSync(folder).filter((f) => f.endsWith('.rs')).map((f) => readFileSync(join(folder, f), 'utf8')).join('\n');
  return [...text.matchAll(/notify\(\s*"\w+",\s*"(\w+)"/g)].map((m) => m[1] ?? '');
}
const wireCodes = () =>
  (/pub enum Code \{([\s\S]*?)\n\}/.exec(rust('crates/wire/src/problem.rs'))?.[1] ?? '')
    .replace(/\/\/\/.*|#\[.*?\]/g, '')
    .match(/\w+/g)
    ?.map((n) => n.replace(/(?!^)([A-Z])/g, '_$1').toLowerCase()) ?? [];

describe('a word for each id', () => {
  const same: [Area, string[]][] = [
    ['measure', named('Measure')],
    ['reason', named('Reason')],
    ['remedy', named('Remedy')],
    ['order_state', ids('crates/domain/src/order.rs', 'OrderState')],
    ['delivery', ids('crates/domain/src/order.rs', 'Delivery')],
    ['override', ids('crates/domain/src/order.rs', 'OverrideReason')],
    ['link_kind', ids('crates/domain/src/order.rs', 'LinkKind')],
    ['reject', ids('crates/domain/src/review.rs', 'RejectReason')],
    ['reject_remedy', ids('crates/domain/src/review.rs', 'RejectReason')],
    ['roster_field', ids('crates/roster/src/field.rs', 'Field')],
  ];
  for (const [area, expected] of same) {
    test(area, () => {
      expect(expected.length).toBeGreaterThan(1);
      expect(Object.keys(areas[area])).toEqual(expected);
    });
  }
  const among: [Area, () => string[]][] = [
    ['fault', troubles],
    ['notice', notices],
    ['problem', wireCodes],
    ['problem', () => ids('crates/sync/src/failure.rs', 'Trouble')],
    ['roster_problem', () => ids('crates/roster/src/problem.rs', 'Problem')],
  ];
  for (const [area, expected] of among) {
    test(`${area}, at least`, () => {
      const codes = expected();
      expect(codes.length).toBeGreaterThan(2);
      expect(codes.filter((code) => !Object.hasOwn(areas[area], code))).toEqual([]);
    });
  }
  test('the nine states are verbatim', () => {
    expect(Object.values(areas.order_state).map((p) => p[0]).join(' · ')).toBe(
      '待支付 · 已支付 · 待审核 · 被驳回 · 待制作 · 制作中 · 已完成 · 订单关闭 · 已退款',
    );
  });
});

test('words are looked up in the window’s language', () => {
  words.language = 'zh-CN';
  expect(words.t('bar.shots_left', { count: 12 })).toBe('还可拍 12 张');
  expect(words.of('fault', 'never_heard_of')).toBe('出错了（never_heard_of）。');
  words.language = asLanguage('en');
  expect(words.t('bar.shots_left', { count: 12 })).toBe('12 shots left');
  expect(asLanguage('fr')).toBe('zh-CN');
});
