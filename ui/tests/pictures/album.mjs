//! Does a screen look as it did? Takes its picture, compares it with the kept one beside this file, and lays what differs into target/pictures.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { compare } from './compare.mjs';
import { still } from './still.mjs';

const KEPT = join(import.meta.dirname, 'kept');
const FOUND = join(import.meta.dirname, '../../../target/pictures');
/** Two pictures in a row have to be the same before one counts; so often it is tried. */
const TRIES = 20;
const BREATH_MS = 80;

/** The pixels of an encoded picture. */
export const pixels = async (bytes) => {
  const { data, info } = await sharp(bytes).removeAlpha().ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), width: info.width, height: info.height };
};
const png = ({ data, width, height }) => sharp(data, { raw: { width, height, channels: 4 } }).png().toBuffer();

/** The picture of a page once nothing on it moves any more; the last one when it never rests, which will differ. */
export async function quiet(page) {
  let before = null;
  for (let turn = 0; turn < TRIES; turn++) {
    const now = await page.screenshot({ animations: 'disabled' });
    if (before?.equals(now)) return now;
    before = now;
    await page.waitForTimeout(BREATH_MS);
  }
  return before;
}

/**
 * Opens the album of one part of the product (`desk`, `kiosk`, …). `varies` are the texts that are lawfully others each time (still.mjs).
 * `look` compares one screen, `close` answers with what was wrong and says so; a whole run also misses kept pictures nobody took.
 */
export function album(part, varies = []) {
  mkdirSync(FOUND, { recursive: true });
  for (const old of readdirSync(FOUND)) if (old.startsWith(`${part}-`)) rmSync(join(FOUND, old));
  const [seen, wrong] = [new Set(), []];
  const found = (name, what, bytes) => writeFileSync(join(FOUND, `${name}.${what}`), bytes);
  const differs = async (name, bytes, why) => {
    wrong.push(`${name}: ${why}`);
    found(name, 'actual.png', bytes);
    found(name, 'new.webp', await sharp(bytes).removeAlpha().webp({ lossless: true, effort: 6 }).toBuffer());
  };
  return {
    async look(page, screen, language) {
      const name = `${part}-${screen.replaceAll(' ', '-')}${language === 'en' ? '-en' : ''}`;
      if (seen.has(name)) throw new Error(`two pictures are called ${name}`);
      seen.add(name);
      const bytes = await still(page, varies, () => quiet(page));
      const kept = join(KEPT, `${name}.webp`);
      if (!existsSync(kept)) return differs(name, bytes, 'no picture is kept of it');
      const expected = await pixels(kept);
      const { why, drawing } = compare(expected, await pixels(bytes));
      if (!why) return undefined;
      await differs(name, bytes, why);
      found(name, 'expected.png', await png(expected));
      if (drawing) found(name, 'difference.png', await png({ ...expected, data: drawing }));
      return undefined;
    },
    close({ whole }) {
      const passed = seen.size - wrong.length;
      const nobody = readdirSync(KEPT).map((file) => file.replace(/\.webp$/, '')).filter((name) => name.startsWith(`${part}-`) && !seen.has(name));
      for (const name of whole ? nobody : []) {
        wrong.push(`${name}: kept, but no screen shows it any more`);
        found(name, 'gone', '');
      }
      for (const line of wrong) console.log(`picture ${line}`);
      if (wrong.length) console.log(`look at target/pictures; accept what is meant to look so: cargo xtask screens --accept SCREEN (or ${part}, or all)`);
      return { passed, wrong };
    },
  };
}
