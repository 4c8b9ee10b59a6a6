//! How long does a coordinator take over 500 photos? `cargo xtask bench screens` fills a center with them; every page is looked at for
//! 1.5 s once it is complete, one photo in fifty is sent back. Prints one line of JSON.
import { launch } from '../browser.mjs';
import { api, enter } from '../console/page.mjs';

const [url, password, photos] = process.argv.slice(2);
const LOOK_MS = 1500;
const COLUMNS = 7;
/** Of these places on a page one is sent back on every second page or so: one photo in fifty. */
const EVERY = 50;
const { browser, page } = await launch({ width: 1366, height: 768 });
page.setDefaultTimeout(120_000);
let keys = 0;
const press = async (...all) => {
  for (const key of all) {
    keys += key.split('+').length;
    await page.keyboard.press(key);
  }
};
await enter(page, url, 'chief', password);
await page.locator('nav').waitFor();
const total = (await api(page, '/api/counts')).states.find((s) => s.state === 'pending_review')?.orders ?? 0;
if (total < Number(photos)) throw new Error(`only ${total} photos wait`);
await page.locator('.page.ready').waitFor();
/** Orders by state, once none waits for review. */
const decided = async () => {
  for (;;) {
    const states = Object.fromEntries((await api(page, '/api/counts')).states.map((s) => [s.state, s.orders]));
    if (!states.pending_review) return states;
    await page.waitForTimeout(100);
  }
};
const began = performance.now();
const painted = [];
let [seen, rejected, turned] = [0, 0, began];
while (seen < total) {
  await page.locator('.page.ready').waitFor();
  painted.push(performance.now() - turned);
  await page.waitForTimeout(LOOK_MS);
  const here = await page.locator('.cell').count();
  // The cursor is on the first; the one to send back is reached by rows and columns.
  const due = Math.floor((seen + here) / EVERY) > Math.floor(seen / EVERY);
  if (due) {
    const place = Math.min((rejected * 5) % 21, here - 1);
    for (let row = 0; row < Math.floor(place / COLUMNS); row++) await press('ArrowDown');
    for (let column = 0; column < place % COLUMNS; column++) await press('ArrowRight');
    await press('Digit4');
    rejected++;
    await page.waitForTimeout(60);
  }
  const label = await page.locator('.turn').innerText();
  await press('Shift+A');
  seen += here;
  turned = performance.now();
  if (seen < total) await page.waitForFunction((label) => document.querySelector('.turn')?.innerText !== label, label);
}
const states = await decided();
const wall_s = (performance.now() - began) / 1000;
painted.shift();
painted.sort((a, b) => a - b);
// First paint of every screen of the console: from the wish to the first frame with its heading and without a word of loading.
const SCREENS = ['review', 'feedback', 'orders', 'refunds', 'delivery', 'campaigns', 'stations', 'accounts', 'webhooks', 'audit', 'own'];
const ROUNDS = 5;
const paint = (screen) =>
  page.evaluate(
    (screen) =>
      new Promise((done) => {
        const began = performance.now();
        const before = document.querySelector('main h1');
        location.hash = `#/${screen}`;
        const look = () => {
          const main = document.querySelector('main');
          const there = main?.querySelector('h1') && main.querySelector('h1') !== before && !/正在读取|Loading/.test(main.textContent);
          if (there) requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
    screen,
  );
const screens = {};
for (let round = 0; round < ROUNDS; round++) {
  for (const screen of SCREENS) {
    if (round === 0 && screen === SCREENS[0]) await paint(SCREENS[1]);
    (screens[screen] ??= []).push(await paint(screen));
    await page.waitForTimeout(250);
  }
}
for (const [screen, times] of Object.entries(screens)) {
  times.sort((a, b) => a - b);
  screens[screen] = { p50: times[times.length >> 1], p95: times.at(-1), most: times.at(-1), count: times.length };
}
await browser.close();
console.log(JSON.stringify({ screens, photos: total, keys, wall_s, rejected: states.rejected ?? 0, approved: states.pending_production ?? 0, page_p50: painted[painted.length >> 1], page_most: painted.at(-1) }));
if ((states.rejected ?? 0) !== rejected || (states.pending_production ?? 0) !== total - rejected) process.exitCode = 1;
