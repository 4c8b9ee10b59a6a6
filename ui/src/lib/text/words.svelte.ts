//! How is a thing said in the language of this window? Lookup and formats; the words are in the files beside.
import * as areas from './areas';

/** The languages, the first is the default. */
export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

type Areas = typeof areas;
export type Area = keyof Areas;
/** A key as `capture.shoot`. */
export type Key = { [A in Area]: `${A}.${keyof Areas[A] & string}` }[Area];
export type Values = Record<string, string | number>;

class Words {
  language: Language = $state('zh-CN');

  /** The words of a key, with `{name}` replaced by its value. */
  t(key: Key, values?: Values): string {
    const [area, id] = key.split('.') as [Area, string];
    return this.find(area, id, values) ?? key;
  }

  /** The words of an id the station sent; of `unknown` in the same area, or the id itself, when there are none. */
  of(area: Area, id: string, values: Values = {}): string {
    return this.find(area, id, values) ?? this.find(area, 'unknown', { code: id, ...values }) ?? id;
  }

  private find(area: Area, id: string, values?: Values): string | undefined {
    const pairs: Record<string, readonly [string, string]> = areas[area];
    const text = Object.hasOwn(pairs, id) ? pairs[id]?.[LANGUAGES.indexOf(this.language)] : undefined;
    return text?.replace(/\{(\w+)\}/g, (hole, name: string) => String(values?.[name] ?? hole));
  }
}

/** The words of this window. */
export const words = new Words();
export const t = (key: Key, values?: Values) => words.t(key, values);

/** A language this window speaks; anything else is the default. */
export const asLanguage = (text: string): Language => LANGUAGES.find((l) => l === text) ?? LANGUAGES[0];
