//! Pictures of the capture screen in each state and of every other screen of the desk, in both languages, from a real station:
//! `cargo xtask screens` starts it in the demo and hands over its address and the folder the pictures belong in.
import { join } from 'node:path';
import { open, settled } from './browser.mjs';

const [address, folder] = process.argv.slice(2);
const { browser, page, complaints } = await open(1366, 768);

/** Invented people, as `assets/demo/people.csv` has them; who is photographed before the pictures are made, and who sits in them. */
const BEFORE = [
  ['cynthia-lummis', 'XYDEMO1|cynthia-lummis|苏**|430102********9045'],
  ['john-boozman', 'XYDEMO1|john-boozman|欧**|430102********9097'],
  ['cory-booker', 'XYDEMO1|cory-booker|顾**|430102********9056'],
];
const SITTER = ['rand-paul', 'XYDEMO1|rand-paul|温**|430102********915X'];
/** A portrait the standard takes with a warning, one it does not take, one with the head askew, and a backdrop without anybody. */
const SHOWN = { warns: 'john-boozman', fails: 'antonio-delgado', askew: 'richard-shelby', nobody: 'nobody' };

const call = (name, args) =>
  page.evaluate(async (body) => {
    const answer = await fetch('/call', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const said = await answer.json();
    if (!answer.ok) throw new Error(`${body.call}: ${said.code}`);
    return said;
  }, args ? { call: name, args } : { call: name });
const sees = (css, has = '') => page.locator(css).filter({ hasText: has }).first().waitFor();
const gone = (css) => page.locator(css).first().waitFor({ state: 'hidden' });
const show = (name) => call('replay', { command: `show ${name}` });
const scan = (text) => call('scan', { text, source: 'gun' });
const picture = async (of, name) => {
  await settled(of);
  await of.waitForTimeout(700);
  await of.screenshot({ path: join(folder, `${name}.jpg`), type: 'jpeg', quality: 88 });
};
const keep = (state, ending) => picture(page, `capture-${state}${ending}`);

async function morning() {
  for (const [frame, code] of BEFORE) {
    await show(frame);
    await scan(code);
    await page.waitForTimeout(1000);
    await call('shoot');
    await sees('.strip');
    const failed = (await page.locator('.strip.fail').count()) > 0;
    await (failed ? call('override_check', { reason: 'best_of_several' }) : call('accept'));
    await gone('.strip');
  }
}

/** Somebody whose code cannot be read is looked up. */
async function no_code(campaigns, ending) {
  await call('choose_campaign', { id: campaigns.find((c) => c.job === 'freshman').id });
  await show(SITTER[0]);
  await page.waitForTimeout(800);
  await page.keyboard.press('/');
  await sees('dialog input[role=combobox]');
  await page.fill('dialog input[role=combobox]', 'wsy');
  await sees('#found-people', '温');
  await keep('no-code', ending);
  await page.keyboard.press('Escape');
  await gone('dialog');
  await call('choose_campaign', { id: campaigns.find((c) => c.job === 'graduate').id });
}

/** Takes a photo of somebody and answers it by another try. */
async function shoot(portrait, strip, state, ending) {
  await show(portrait);
  await page.waitForTimeout(1000);
  await call('shoot');
  await strip();
  if (state) await keep(state, ending);
  await call('retake');
  await gone('.strip');
}

async function states(ending, preferences) {
  const compare = (compare_faces) => call('set_preferences', { preferences: { ...preferences, compare_faces } });
  await scan(SITTER[1]);
  await sees('.card h2');
  await show(SHOWN.nobody);
  await sees('.stage p.warn', /镜头前|Step into/);
  await keep('searching', ending);
  await show(SHOWN.askew);
  await sees('.stage p.warn', /摆正|head level/);
  await keep('hint', ending);
  await show(SITTER[0]);
  await sees('.stage p.good');
  await keep('green', ending);
  await compare(false);
  for (const [portrait, verdict, state] of [[SHOWN.warns, 'warn', 'amber'], [SHOWN.fails, 'fail', 'red']]) {
    await shoot(portrait, () => sees(`.strip.${verdict}`), state, ending);
  }
  // The sitter, and then somebody else in the same seat.
  await compare(true);
  await shoot(SITTER[0], () => sees('.strip'), null, ending);
  await shoot(SHOWN.warns, () => sees('.strip', /核对是谁|Check who sits/), 'doubt', ending);
  await show(SITTER[0]);
  await call('replay', { command: 'unplug' });
  await sees('.state h2', /没有相机|No camera/);
  await keep('disconnected', ending);
  await call('replay', { command: 'replug' });
  await gone('.state');
  await call('skip');
}

/** Every other screen of the desk. */
async function others(ending) {
  for (const screen of ['preflight', 'today', 'end', 'orders', 'recall', 'roster', 'campaign', 'sync', 'standards', 'settings']) {
    await page.evaluate((to) => { location.hash = `#/${to}`; }, screen);
    await sees('main h1');
    if (screen === 'preflight') {
      // The set check measures the empty set.
      await show(SHOWN.nobody);
      await sees('main section li strong', 'ΔE');
    }
    // What was said of the unplugged camera is over.
    await page.waitForFunction(() => document.querySelectorAll('.toasts button').length === 0);
    if (screen === 'recall') await sees('main ol > li figure img');
    await picture(page, `${screen}${ending}`);
    if (screen === 'preflight') await show(SITTER[0]);
  }
  await page.evaluate(() => { location.hash = '#/capture'; });
}

/** A range of orders whose photos are about to move by one. */
async function shift(ending) {
  await page.evaluate(() => { location.hash = '#/orders'; });
  await page.locator('[data-index="0"]').click();
  await page.getByRole('button', { name: /错位修复|Shift repair/ }).click();
  await sees('dialog ol li');
  await page.locator('dialog ol li button').first().click();
  await picture(page, `shift${ending}`);
  await page.keyboard.press('Escape');
  await gone('dialog');
  await page.evaluate(() => { location.hash = '#/capture'; });
}

page.setDefaultTimeout(30_000);
await page.goto(address);
await sees('main');
const preferences = { ...(await call('preferences')), auto_accept: false, sounds: false };
await call('set_preferences', { preferences });
const campaigns = await call('campaigns');
await morning();
// Before the demo's reviewer has approved anything.
for (const [language, ending] of [['zh-CN', ''], ['en', '-en']]) {
  await call('set_preferences', { preferences: { ...preferences, language } });
  await page.reload();
  await sees('main');
  await shift(ending);
}
// The demo's reviewer sends the second photo back; the pictures of the day show that.
await page.evaluate(() => { location.hash = '#/recall'; });
await page.locator('main ol > li').first().waitFor({ timeout: 120_000 });
await page.evaluate(() => { location.hash = '#/capture'; });
for (const [language, ending] of [['zh-CN', ''], ['en', '-en']]) {
  await call('set_preferences', { preferences: { ...preferences, language } });
  await page.reload();
  await sees('main');
  await no_code(campaigns, ending);
  await states(ending, { ...preferences, language });
  await others(ending);
}
await browser.close();
for (const complaint of new Set(complaints)) console.log(`console: ${complaint}`);
