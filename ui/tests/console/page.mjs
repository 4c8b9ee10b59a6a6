//! What the journeys through the console share: coming in, looking, pressing, and what axe finds.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Waits for words on the screen. */
export const says = (page, text) => page.getByText(text).first().waitFor({ timeout: 15_000 });

/** Comes in as somebody; whoever was here goes first. */
export async function enter(page, url, account, password) {
  await page.context().clearCookies();
  await page.goto('about:blank');
  await page.goto(url);
  await page.fill('input[name=account]', account);
  await page.fill('input[name=password]', password);
  await page.keyboard.press('Enter');
}

/** Asks the center as the page that is open does. */
export const api = (page, path) => page.evaluate(async (path) => (await fetch(path)).json(), path);

/** Opens a screen of the rail. */
export async function screen(page, name) {
  await page.evaluate((to) => { location.hash = `#/${to}`; }, name);
  await page.locator('main h1').waitFor();
  await page.waitForTimeout(400);
}

/** Changes the language, also behind an open question. */
export async function speak(page, language) {
  await page.evaluate((to) => [...document.querySelectorAll('button[lang]')].find((b) => b.lang === to)?.click(), language);
  await page.locator(`html[lang=${language}]`).waitFor();
}

/** Serious things axe finds on what is shown, as lines. */
export async function findings(page, where) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules }), RULES);
  if (passes.length < 5) throw new Error(`axe saw nothing on ${where}`);
  return violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map(({ id, impact, nodes }) => `${where}: ${impact} ${id} ×${nodes.length}: ${nodes[0]?.target.join(' ')} ${nodes[0]?.any[0]?.message ?? ''}`);
}
