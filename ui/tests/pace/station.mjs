//! How fast are the station's windows? `cargo xtask bench screens` starts a station with a roster of 20,000 and the replay camera:
//! search, first paint of each screen and kiosk page, frames while the live view runs, a head by one input. Prints one line of JSON.
import { launch } from '../browser.mjs';
import { station } from '../station/page.mjs';

const [url, sitter, heads] = process.argv.slice(2);
const ask = station(url);
const SCREENS = ['preflight', 'capture', 'today', 'orders', 'recall', 'roster', 'campaign', 'sync', 'end', 'standards', 'settings'];
const PAGES = ['我的订单', '账号信息', '在线客服'];
const SEARCHES = ['zxm', 'wl', 'lih', 'zhangw', '202600', '20260137', '8012', '443X', '张', '欧阳', '王晓', 'qqq'];
const LIVE_MS = 20_000;
const ROUNDS = 5;
const at = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
const figures = (values) => ({ p50: at(values, 0.5), p95: at(values, 0.95), most: Math.max(...values), count: values.length });
const pause = (ms) => new Promise((next) => setTimeout(next, ms));
const until = async (holds) => {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`never: ${holds}`);
    await pause(4);
  }
};
const out = {};

const { browser, page } = await launch({ width: 1366, height: 768 });
await page.goto(url);
await page.locator('canvas').waitFor();
const campaigns = await ask('campaigns');
const use = (job) => ask('choose_campaign', { id: campaigns.find((c) => c.job === job).id });
await use('freshman');
await page.waitForTimeout(1500);

/** From the wish to the first frame in which the screen's heading and no word of loading stands. */
const paint = (screen) =>
  page.evaluate(
    (screen) =>
      new Promise((done) => {
        const began = performance.now();
        location.hash = `#/${screen}`;
        const look = () => {
          const there = location.hash === `#/${screen}` && (screen === 'capture' ? document.querySelector('main canvas') : document.querySelector('main h1'));
          const loading = /正在读取|Loading/.test(document.querySelector('main')?.textContent ?? '');
          if (there && !loading) requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
    screen,
  );
out.screens = {};
for (const screen of SCREENS) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    await paint(screen === 'capture' ? 'recall' : 'capture');
    await page.waitForTimeout(250);
    times.push(await paint(screen));
    await page.waitForTimeout(150);
  }
  out.screens[screen] = figures(times);
}

// Search: from the key to the frame with its answer, in the window; the call alone beside it.
await paint('capture');
const calls = [];
for (const query of SEARCHES) {
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    await ask('search_people', { query, limit: 30 });
    calls.push(performance.now() - began);
  }
}
out.search_call = figures(calls);
await page.keyboard.press('/');
const input = page.locator('dialog input');
await input.waitFor();
const keys = [];
for (const query of SEARCHES.slice(0, 8)) {
  keys.push(
    await page.evaluate(
      ([query]) =>
        new Promise((done) => {
          const input = document.querySelector('dialog input');
          const before = document.querySelector('#found-people')?.textContent;
          const began = performance.now();
          input.value = query;
          input.dispatchEvent(new Event('input', { bubbles: true }));
          const look = () => {
            if (document.querySelector('#found-people')?.textContent !== before) requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
            else if (performance.now() - began > 3000) done(3000);
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        }),
      [query],
    ),
  );
  await page.waitForTimeout(200);
}
out.search_window = figures(keys);
await page.keyboard.press('Escape');

// Frames while the live view runs: gaps between them, and tasks that held the window up.
await use('graduate');
await ask('enter_feature_code', { code: 'xy2027' });
await ask('replay', { command: `show ${sitter}` });
await paint('capture');
await page.waitForTimeout(1500);
out.live = await page.evaluate(
  (ms) =>
    new Promise((done) => {
      const [gaps, tasks] = [[], []];
      new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => e.duration))).observe({ type: 'longtask' });
      let last = performance.now();
      const end = last + ms;
      const frame = (now) => {
        gaps.push(now - last);
        last = now;
        if (now < end) requestAnimationFrame(frame);
        else {
          const sorted = [...gaps].sort((a, b) => a - b);
          done({ frames: gaps.length, p50: sorted[gaps.length >> 1], p99: sorted[Math.floor(gaps.length * 0.99)], most: sorted.at(-1), over_50: gaps.filter((g) => g > 50).length, tasks_over_50: tasks.length, longest_task: Math.max(0, ...tasks) });
        }
      };
      requestAnimationFrame(frame);
    }),
  LIVE_MS,
);

// Heads: the next is on deck before the one before is photographed; one press each, passes accept themselves after 0.7 s.
const preferences = await ask('preferences');
await ask('set_preferences', { preferences: { ...preferences, auto_accept: true, sounds: false } });
const view = async () => (await ask('watch', { seen: null })).desk;
const code = (n) => `XYBENCH|${String(n).padStart(5, '0')}|张**|430102********${String(1000 + n)}`;
await ask('scan', { text: code(0), source: 'gun' });
const machine = [];
let inputs = 0;
for (let n = 0; n < Number(heads); n++) {
  await until(async () => (await view()).current?.stage === 'ready');
  await ask('scan', { text: code(n + 1), source: 'gun' });
  await page.waitForTimeout(400);
  const sits = (await view()).current.person.key;
  const began = performance.now();
  await page.keyboard.press('Space');
  inputs++;
  let counted = 0;
  await until(async () => {
    const { current } = await view();
    if (current?.stage === 'verdict' && current.accepts_in_ms === null && current.person.key === sits) {
      await page.keyboard.press('Enter');
      inputs++;
    }
    if (current?.stage === 'verdict' && current.accepts_in_ms !== null) counted = 700;
    return current && current.person.key !== sits;
  });
  machine.push(performance.now() - began - counted);
}
out.heads = { ...figures(machine), inputs };

// The kiosk: its window, its pages, and a self-check from the scan to the photo, by finger.
await browser.close();
const booth = await launch({ width: 1080, height: 1920 }, { hasTouch: true });
const kiosk = booth.page;
await kiosk.addInitScript(() => {
  globalThis.touches = 0;
  addEventListener('pointerdown', () => globalThis.touches++, true);
});
await kiosk.goto(`${url}&window=kiosk`);
await kiosk.getByText('请选择要办理的业务').waitFor();
out.kiosk_start = await kiosk.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null);
const [checks, touches, pages] = [[], [], {}];
/** The scanner gun beside the kiosk. */
const gun = (text) =>
  kiosk.evaluate((text) => {
    for (const key of [...text, 'Enter']) {
      const code = key === 'Enter' ? 'Enter' : key === '|' ? 'Backslash' : key === '*' ? 'Digit8' : /\d/.test(key) ? `Digit${key}` : `Key${key.toUpperCase()}`;
      document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, code, shiftKey: key.length === 1 && /[A-Z|*]/.test(key), bubbles: true, cancelable: true }));
    }
  }, text);
const touched = () => kiosk.evaluate(() => globalThis.touches);
for (let n = 0; n < ROUNDS; n++) {
  const began = performance.now();
  await gun(code(n));
  await kiosk.locator('figure img').waitFor();
  await kiosk.waitForFunction(() => document.querySelector('figure img')?.naturalWidth > 100);
  checks.push(performance.now() - began);
  for (const name of PAGES) {
    const times = (pages[name] ??= []);
    times.push(
      await kiosk.getByRole('button', { name, exact: true }).last().evaluate(
        (button, name) =>
          new Promise((done) => {
            const began = performance.now();
            button.click();
            const look = () => {
              if (document.querySelector('main h1')?.textContent === name) requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
              else requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
          }),
        name,
      ),
    );
  }
  // The self-check: a scan, a look, and it is right.
  await gun(code(n));
  await kiosk.getByRole('button', { name: '确认无误' }).waitFor();
  const looked = await touched();
  await kiosk.getByRole('button', { name: '确认无误' }).tap();
  await kiosk.getByText('请选择要办理的业务').waitFor();
  touches.push((await touched()) - looked);
}
[out.kiosk_check, out.kiosk_touches] = [figures(checks), Math.max(...touches)];
out.kiosk_pages = Object.fromEntries(Object.entries(pages).map(([name, times]) => [name, figures(times)]));
await booth.browser.close();
console.log(JSON.stringify(out));
