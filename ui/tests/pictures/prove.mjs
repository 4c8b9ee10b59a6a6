//! Would these pictures notice? One thing of a real screen is changed, and has to be found; drawn as another machine would, nothing may be.
import { launch, settled } from '../browser.mjs';
import { NOW } from '../fake/scenes.mjs';
import { start } from '../fake/server.mjs';
import { go, JOURNEYS } from '../journeys.mjs';
import { pixels, quiet } from './album.mjs';
import { compare } from './compare.mjs';
import { still } from './still.mjs';

const SCREENS = ['capture-warn', 'settings'];
/** In the page: a rule laid over its own. */
const style = (rule) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rule);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
};
/** In the page: the first text that has these words gets others. */
const write = ([from, to]) => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    if (!walk.currentNode.nodeValue.includes(from)) continue;
    walk.currentNode.nodeValue = walk.currentNode.nodeValue.replace(from, to);
    return;
  }
  throw new Error(`nothing says ${from}`);
};
const button = (page, shift) => page.locator('main button').first().evaluate((it, px) => { it.style.transform = `translateX(${px}px)`; }, shift);
const CHANGES = {
  'a button moved by 8 px': (page) => button(page, -8),
  'a button moved by 1 px': (page) => button(page, -1),
  'one character is another': (page) => page.evaluate(write, ['设置', '设直']),
  'a full stop more': (page) => page.evaluate(write, ['F8', 'F8.']),
  'the colour of panels is another by two greys': (page) => page.evaluate(style, ':root { --panel: #2e2e2e !important }'),
  'the colour of lines is another by three greys': (page) => page.evaluate(style, ':root { --edge: #4a4a4a !important }'),
  'the colour of small print is another': (page) => page.evaluate(style, ':root { --text-faint: #a0a0a0 !important }'),
};

/** A browser at a screen, and its picture. */
async function at(station, name, more = {}) {
  const { browser, page } = await launch({ width: 1366, height: 768 }, { reducedMotion: 'reduce', ...more });
  await page.clock.setFixedTime(NOW);
  await go(page, station, JOURNEYS.find((j) => j.name === name), 'zh-CN');
  await settled(page);
  const shot = async () => pixels(await still(page, [], () => quiet(page)));
  return { browser, page, shot };
}

/** Runs the proof; what failed, as lines, and how much was tried. */
export async function prove() {
  const station = await start();
  const wrong = [];
  const here = await at(station, 'settings');
  const before = await here.shot();
  for (const [what, change] of Object.entries(CHANGES)) {
    await change(here.page);
    const { why } = compare(before, await here.shot());
    if (!why) wrong.push(`not noticed: ${what}`);
    await here.page.reload();
    await here.page.locator('main h1').waitFor();
    await settled(here.page);
  }
  await here.browser.close();
  for (const name of SCREENS) {
    const [one, other] = [await at(station, name), await at(station, name, { flags: [] })];
    const { why } = compare(await one.shot(), await other.shot());
    if (why) wrong.push(`another smoothing of letters on ${name}: ${why}`);
    await Promise.all([one.browser.close(), other.browser.close()]);
  }
  await station.stop();
  return { tried: Object.keys(CHANGES).length + SCREENS.length, wrong };
}
