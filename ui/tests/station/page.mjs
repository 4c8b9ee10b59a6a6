//! What the journeys through the station's windows share: touching, asking the station, wishing for something at the center, and axe.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PATIENCE_MS = 30_000;

/** Waits for words on the screen. */
export const says = (page, text) => page.getByText(text).first().waitFor({ timeout: PATIENCE_MS });

/** Waits until something holds. */
export async function until(what, holds) {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    if (await holds()) return;
    await new Promise((next) => setTimeout(next, 60));
  }
  throw new Error(`never: ${what}`);
}

/** Calls the station beside the windows, as the desk would. */
export function station(url) {
  const { origin, searchParams } = new URL(url);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${searchParams.get('token')}` };
  return async (call, args) => {
    const answer = await fetch(`${origin}/call`, { method: 'POST', headers, body: JSON.stringify(args ? { call, args } : { call }) });
    const said = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(`${call}: ${said.code}`), { code: said.code });
    return said;
  };
}

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
/** Wishes for something outside the window: the test that started this grants it. */
export async function world(...words) {
  console.log(`@${words.join(' ')}`);
  return (await answers.next()).value;
}
/** Nothing more is wished for. */
export const farewell = () => process.stdin.destroy();

/** Serious things axe finds on what is shown, as lines. */
export async function findings(page, where) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules }), RULES);
  if (passes.length < 5) throw new Error(`axe saw nothing on ${where}`);
  return violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map(({ id, impact, nodes }) => `${where}: ${impact} ${id} ×${nodes.length}: ${nodes[0]?.target.join(' ')} ${nodes[0]?.any[0]?.message ?? ''}`);
}

/** Runs named steps in their order; all of them, and says how many held. */
export async function run(steps, page, name) {
  let failed = 0;
  for (const [step, act] of Object.entries(steps)) {
    const began = Date.now();
    try {
      await act();
      console.log(`ok   ${step} (${Date.now() - began} ms)`);
    } catch (error) {
      failed++;
      console.log(`FAIL ${step}\n     ${String(error).split('\n').slice(0, 14).join('\n     ')}`);
      await page.screenshot({ path: `/tmp/${name}-fail-${failed}.png` });
    }
  }
  console.log(`${Object.keys(steps).length - failed} passed, ${failed} failed`);
  return failed;
}
